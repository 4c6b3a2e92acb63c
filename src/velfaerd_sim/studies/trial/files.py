"""Trial files: TRIAL.toml read as a study, with errors that name file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from velfaerd_sim import in_force
from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regime_files import file_of, resolve_timeline
from velfaerd_sim.inputs.regimes import STATUS_QUO, Regime
from velfaerd_sim.inputs.scenarios import SCENARIOS, Scenario, load_scenario
from velfaerd_sim.inputs.toml_files import read_text, read_toml
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.trial.lives import VOLUNTEERS, Survey
from velfaerd_sim.studies.trial.schedules import Timing
from velfaerd_sim.studies.trial.study import NO_LIMIT, USUAL_TIMING, Budget, TrialStudy

_PLAIN = ("title_en", "title_da", "imitation", "analysis", "growing", "trials", "populations")
TRIAL_KEYS = (
    *("name", "scenario", "adults", "seed", "places", "towns", "control", "intervention", "worlds"),
    *_PLAIN,
    *("parameters", "design", "survey", "budget", "plugins"),
)
_LISTS = {"kinds": "designs", "municipalities": "municipalities", "months": "months"}
USUAL_WORLDS = "plausible:10"
EXAMPLE = Path(__file__).with_name("example.toml")


def example() -> str:
    """The text of a trial file to start from; it names every key."""
    return read_text(EXAMPLE)


def load_trial(path: str | Path) -> TrialStudy:
    """The study in a TOML file; :func:`example` shows all its keys.

    Only `intervention` is needed. Raises InputError for everything that is not of this form.
    """
    given: object = path
    if not isinstance(given, str | Path) or not str(given) or "\0" in str(given):
        raise InputError("trial", given, "a TOML file with a trial")
    file = Path(given)
    content = read_toml(file)
    with located(file.name):
        return _study(content, file.parent, file.stem)


def _study(content: Mapping[str, Any], folder: Path, default_name: str) -> TrialStudy:
    keys = checks.table(content, "", TRIAL_KEYS)
    in_force.named_in(keys, folder)
    values: dict[str, Any] = {key: keys[key] for key in _PLAIN if key in keys}
    scenario, adults = _scenario(keys, folder)
    intervention = checks.needed(keys, "intervention", "the name of a regime or a TOML file")
    worlds = checks.text(keys.get("worlds", USUAL_WORLDS), "worlds")
    return TrialStudy(
        name=keys.get("name", default_name),
        scenario=scenario,
        adults=adults,
        control=_regime(keys.get("control", STATUS_QUO), "control", folder),
        intervention=_regime(intervention, "intervention", folder),
        worlds=worlds_of(worlds, scenario, folder),
        **values,
        **_design(keys.get("design", {})),
        **_survey(keys.get("survey", {})),
        budget=_budget(keys.get("budget", {})),
    )


def worlds_of(reference: str, scenario: Scenario, folder: Path = Path()) -> Worlds:
    """Worlds by name or from a CSV file, relative to a folder. Raises InputError.

    What the scenario sets holds in all of them.
    """
    return Worlds.drawn(reference, scenario.seed, folder).without(dict(scenario.parameters))


def _regime(reference: object, place: str, folder: Path) -> Regime:
    timeline = resolve_timeline(reference, place, folder)
    regime = timeline.single()
    if regime is None:
        raise InputError(place, timeline.name, "one regime, not several over time")
    return regime


def _scenario(
    keys: Mapping[str, Any], folder: Path
) -> tuple[Scenario, tuple[tuple[int, int], ...]]:
    """The scenario with the towns that may take part, and how many adults these have in truth."""
    reference = keys.get("scenario", "denmark")
    file = None if reference in SCENARIOS else file_of(reference, folder)
    scenario = load_scenario(reference if file is None else file)
    if "places" in keys:
        scenario = scenario.with_(towns=_placed(keys["places"], scenario.towns, folder))
    if "towns" in keys:
        scenario = scenario.with_(towns=_chosen(keys["towns"], scenario.towns))
    adults = tuple((town.code, town.adults) for town in scenario.towns)
    changes = {key: keys[key] for key in ("adults", "seed", "parameters") if key in keys}
    if not isinstance(changes.get("parameters", {}), Mapping):
        raise InputError("parameters", changes["parameters"], "a table of names and values")
    return scenario.with_(**changes), adults


def _placed(places: object, towns: tuple[Town, ...], folder: Path) -> tuple[Town, ...]:
    """The towns of a scenario with those that folders of places know more of in their stead."""
    found = {town.code: town for town in towns}
    for number, each in enumerate(checks.items(places, "places", "a list of folders"), 1):
        if not isinstance(each, str) or not each or "\0" in each:
            raise InputError(f"places[{number}]", each, "a folder made by velfaerd place")
        file = folder / each / "scenario.toml"
        with located(f"places[{number}]"):
            content = read_toml(file)
        if "plugins" in content:
            raise InputError(f"places[{number}]", each, "a folder whose scenario names no plugins")
        own = load_scenario(file, f"places[{number}]").towns
        found |= {town.code: town for town in own}
    return tuple(found.values())


def _chosen(wanted: object, towns: tuple[Town, ...]) -> tuple[Town, ...]:
    """The towns of a scenario by name or code. Raises InputError with the nearest name."""
    known: dict[object, Town] = {town.name: town for town in towns}
    known |= {town.code: town for town in towns}
    found = []
    for number, each in enumerate(checks.items(wanted, "towns", "a list of names or codes"), 1):
        if isinstance(each, bool) or not isinstance(each, str | int) or each not in known:
            allowed = "the name or the code of a municipality of the scenario"
            names = [town.name for town in towns]
            raise InputError(f"towns[{number}]", each, allowed, nearest(each, names))
        found.append(known[each])
    if not found:
        raise InputError("towns", MISSING, "at least one municipality")
    return tuple(found)


def _several(value: object, place: str) -> tuple[Any, ...]:
    """A value, or several in a list, each once."""
    found = tuple(value) if isinstance(value, list) else (value,)
    if not found or len({repr(each) for each in found}) < len(found):
        raise InputError(place, value, "one value, or a list in which each stands once")
    return found


def _design(content: object) -> dict[str, Any]:
    usual = asdict(USUAL_TIMING)
    keys = checks.table(content, "design", (*_LISTS, *usual))
    found = {
        own: _several(keys[key], f"design.{key}") for key, own in _LISTS.items() if key in keys
    }
    return found | {"timing": Timing(**(usual | {key: keys[key] for key in usual if key in keys}))}


def _survey(content: object) -> dict[str, Any]:
    keys = checks.table(content, "survey", ("of", "question", "invited", "response", "response_by"))
    by = keys.get("response_by", {})
    if not isinstance(by, Mapping):
        raise InputError("survey.response_by", by, "a table of traits and log odds")
    survey = Survey(
        keys.get("of", VOLUNTEERS),
        keys.get("question", "motivation"),
        keys.get("response", 1.0),
        tuple(sorted(by.items())),
    )
    found: dict[str, Any] = {"survey": survey}
    if "invited" in keys:
        found["invited"] = _several(keys["invited"], "survey.invited")
    return found


def _budget(content: object) -> Budget:
    keys = checks.table(content, "budget", tuple(asdict(NO_LIMIT)))
    with located("budget", "."):
        return Budget(**keys)
