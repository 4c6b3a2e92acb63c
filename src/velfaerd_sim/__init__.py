"""How municipal governance of volunteering shapes loneliness: an agent-based model.

The public names are loaded on first use, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velfaerd_sim.errors import VelfaerdError
    from velfaerd_sim.inputs.regimes import Regime
    from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
    from velfaerd_sim.model.model import WelfareModel
    from velfaerd_sim.reporting.pages.report import write_report
    from velfaerd_sim.studies.compare.comparison import compare
    from velfaerd_sim.studies.loading import load_study
    from velfaerd_sim.studies.sweep.sweeping import sweep
    from velfaerd_sim.studies.verification import verify

__version__ = "0.1.0"

_HOME_OF: dict[str, str] = {
    "Regime": "velfaerd_sim.inputs.regimes",
    "Scenario": "velfaerd_sim.inputs.scenarios",
    "VelfaerdError": "velfaerd_sim.errors",
    "WelfareModel": "velfaerd_sim.model.model",
    "compare": "velfaerd_sim.studies.compare.comparison",
    "load_scenario": "velfaerd_sim.inputs.scenarios",
    "load_study": "velfaerd_sim.studies.loading",
    "sweep": "velfaerd_sim.studies.sweep.sweeping",
    "verify": "velfaerd_sim.studies.verification",
    "write_report": "velfaerd_sim.reporting.pages.report",
}
"""Public name -> the module that defines it."""

__all__ = [
    "Regime",
    "Scenario",
    "VelfaerdError",
    "WelfareModel",
    "__version__",
    "compare",
    "load_scenario",
    "load_study",
    "sweep",
    "verify",
    "write_report",
]


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
