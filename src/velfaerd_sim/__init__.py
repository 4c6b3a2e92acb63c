"""How municipal governance of volunteering shapes loneliness: an agent-based model.

The public names are loaded on first use, so that importing the package costs next to nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOME_OF: dict[str, str] = {}
"""Public name -> the module that defines it."""

__all__ = ["__version__"]


def __getattr__(name: str) -> object:
    """Load a public name from its home the first time it is asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
