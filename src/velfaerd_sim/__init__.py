"""How municipal governance of volunteering shapes loneliness: an agent-based model.

The public names are loaded on first use, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from velfaerd_sim.shown import show_with

if TYPE_CHECKING:
    from velfaerd_sim.errors import VelfaerdError
    from velfaerd_sim.inputs.factors import Factor
    from velfaerd_sim.inputs.regimes import Phase, Regime, Timeline
    from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
    from velfaerd_sim.inputs.towns import Town
    from velfaerd_sim.model.model import WelfareModel
    from velfaerd_sim.model.plugged import plugin
    from velfaerd_sim.reporting.pages.report import write_report
    from velfaerd_sim.studies.advise.advising import advise
    from velfaerd_sim.studies.compare.comparison import compare
    from velfaerd_sim.studies.loading import load_study
    from velfaerd_sim.studies.place.place import place
    from velfaerd_sim.studies.sweep.designs import Design
    from velfaerd_sim.studies.sweep.study import SweepStudy
    from velfaerd_sim.studies.sweep.sweeping import sweep
    from velfaerd_sim.studies.trial.plan import trial
    from velfaerd_sim.studies.value.valuing import value
    from velfaerd_sim.studies.verification import verify

__version__ = "0.1.0"

_HOME_OF: dict[str, str] = {
    "Timeline": "velfaerd_sim.inputs.regimes",
    "Phase": "velfaerd_sim.inputs.regimes",
    "Town": "velfaerd_sim.inputs.towns",
    "SweepStudy": "velfaerd_sim.studies.sweep.study",
    "Factor": "velfaerd_sim.inputs.factors",
    "Design": "velfaerd_sim.studies.sweep.designs",
    "Regime": "velfaerd_sim.inputs.regimes",
    "Scenario": "velfaerd_sim.inputs.scenarios",
    "VelfaerdError": "velfaerd_sim.errors",
    "WelfareModel": "velfaerd_sim.model.model",
    "advise": "velfaerd_sim.studies.advise.advising",
    "compare": "velfaerd_sim.studies.compare.comparison",
    "load_scenario": "velfaerd_sim.inputs.scenarios",
    "load_study": "velfaerd_sim.studies.loading",
    "place": "velfaerd_sim.studies.place.place",
    "plugin": "velfaerd_sim.model.plugged",
    "sweep": "velfaerd_sim.studies.sweep.sweeping",
    "trial": "velfaerd_sim.studies.trial.plan",
    "value": "velfaerd_sim.studies.value.valuing",
    "verify": "velfaerd_sim.studies.verification",
    "write_report": "velfaerd_sim.reporting.pages.report",
}
"""Public name -> the module that defines it."""

__all__ = [
    "Design",
    "Factor",
    "Phase",
    "Regime",
    "Scenario",
    "SweepStudy",
    "Timeline",
    "Town",
    "VelfaerdError",
    "WelfareModel",
    "__version__",
    "advise",
    "compare",
    "load_scenario",
    "load_study",
    "place",
    "plugin",
    "sweep",
    "trial",
    "value",
    "verify",
    "write_report",
]


def __getattr__(name: str) -> object:
    """Load a public name from its home the first time it is asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)


def _view(result: object, language: str) -> str:
    """What a notebook shows of a result; loads the reports only then."""
    found: str = import_module("velfaerd_sim.reporting.pages.inline").shown(result, language)
    return found


show_with(_view)
