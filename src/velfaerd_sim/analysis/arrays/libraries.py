"""The libraries that the analyses rest on, loaded when first needed.

SALib (sensitivity) and the EMA Workbench (scenario discovery) take a second to import and belong
to the optional dependencies, so that running the model needs neither.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from types import ModuleType
from typing import Any

from velfaerd_sim.errors import VelfaerdError


def load(module: str) -> Any:
    """Import a module of an optional library.

    Raises VelfaerdError that says how to install it where it is missing.
    """
    library = module.partition(".")[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # notes on extras of theirs that are not installed
            loaded: ModuleType = importlib.import_module(module)
    except ImportError as error:
        message = (
            f"this analysis needs the library {library}, which cannot be imported ({error}); "
            "install the package with its extra: velfaerd-sim[analysis]"
        )
        raise VelfaerdError(message) from None
    return loaded


def accepts(function: Any, keyword: str) -> bool:
    """Whether a function or class takes a keyword: how versions of a library are told apart."""
    return keyword in inspect.signature(function).parameters
