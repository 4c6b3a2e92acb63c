"""Regimes and timelines from files and tables: what a user may write, and how it is read.

The form of a file stands in :func:`load_timeline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.errors import MISSING, InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import (
    DEPARTMENTS,
    INSTRUMENTS,
    LAST_MONTH,
    REGIMES,
    TEXTS,
    Phase,
    Regime,
    Timeline,
    blend,
    checked_phases,
)
from velfaerd_sim.inputs.toml_files import read_toml


def load_timeline(regime: str | Path | Regime | Timeline, place: str = "regime") -> Timeline:
    """Return governance over time from a name, a TOML file, a regime or a timeline.

    A text is a named regime or a file; a Path is always a file. A file holds one own regime::

        name = "our_agreement"            # the file's name where it is left out
        label_en = "Our agreement"        # also label_da, summary_en, summary_da, source
        based_on = "clear_agreements"     # a name or a file; without it all eight are needed
        # blend = {first = "rigid_rules", second = "our.toml", weight = 0.25}   # or so
        dialogue = 0.6
        espoused_gap = 0.1                # without it the parameter of that name holds

    or governance that changes over time or between departments::

        name = "talk_first"
        regime = "municipal_baton"        # in force from month 0; or a phase at month 0
        phase = [
            {month = 12, regime = "facilitative_dialogue", ramp_months = 6},
            {month = 36, regime = {based_on = "facilitative_dialogue", dialogue = 0.4}},
        ]
        [departments]                     # those governed otherwise: a regime, or own phases
        social = "clear_agreements"

    Raises InputError, with its place inside ``place``, for everything that is not of this form.
    """
    if isinstance(regime, Timeline):
        return regime
    if isinstance(regime, Regime):
        return Timeline.of(regime)
    if not isinstance(regime, str | Path):
        raise InputError(place, regime, "the name of a regime or a TOML file")
    return resolve_timeline(regime, place, Path())


def resolve_timeline(
    reference: object, place: str, folder: Path | None, trail: tuple[Path, ...] = ()
) -> Timeline:
    """Return the timeline that a name, a file relative to ``folder`` or a table stands for.

    Without a folder no files are read. ``trail`` holds the files that are being read.
    """
    if isinstance(reference, Mapping):
        with located(place, "."):
            return timeline_from_table(reference, folder, trail=trail)
    if isinstance(reference, str) and reference in REGIMES:
        return Timeline.of(REGIMES[reference])
    path = None if folder is None else file_of(reference, folder)
    if path is None:
        names = "one of " + ", ".join(REGIMES) + ("" if folder is None else ", or a TOML file")
        raise InputError(place, reference, names, nearest(reference, REGIMES))
    if path.resolve() in trail:
        raise InputError(place, reference, "a file that does not build on itself")
    with located(place):
        content = read_toml(path)
        with located(path.name):
            return timeline_from_table(content, path.parent, path.stem, (*trail, path.resolve()))


def file_of(reference: object, folder: Path) -> Path | None:
    """Return the file meant by a Path or by a text that looks like one or is one, else None."""
    if isinstance(reference, Path):
        return folder / reference
    if not isinstance(reference, str) or not reference or "\0" in reference:
        return None
    path = folder / reference
    if reference.endswith(".toml") or "/" in reference or "\\" in reference:
        return path
    try:
        return path if path.is_file() else None
    except OSError:  # such as a name too long for a file
        return None


REGIME_KEYS = ("name", *TEXTS, "based_on", "blend", *INSTRUMENTS, "espoused_gap")
TIMELINE_KEYS = ("name", "label_en", "label_da", "regime", "phase", "departments")


def timeline_from_table(
    content: Mapping[str, Any],
    folder: Path | None = None,
    default_name: str | None = None,
    trail: tuple[Path, ...] = (),
) -> Timeline:
    """Return the timeline in a table of the form shown at :func:`load_timeline`."""
    if not any(key in content for key in ("regime", "phase", "departments")):
        return Timeline.of(_regime_from_table(content, folder, default_name, trail))
    keys = checks.table(content, "", TIMELINE_KEYS)
    phases: list[Phase] = []
    if "regime" in keys:
        phases.append(Phase(0, _one_regime(keys["regime"], "regime", folder, trail)))
    later = keys.get("phase", [])
    phases += _phases_from_tables(later, "phase", folder, trail)
    if not phases:
        raise InputError("regime", MISSING, "a regime or phases, beside the departments")
    checked = checked_phases(phases, "phase", count_from=0 if "regime" in keys else 1)
    own: list[tuple[str, tuple[Phase, ...]]] = []
    for department, value in checks.table(
        keys.get("departments", {}), "departments", DEPARTMENTS
    ).items():
        place = f"departments.{department}"
        if isinstance(value, list):
            tables = _phases_from_tables(value, place, folder, trail)
            own.append((department, checked_phases(tables, place)))
        else:
            timeline = resolve_timeline(value, place, folder, trail)
            if timeline.departments:
                raise InputError(place, timeline.name, "a regime or phases for one department")
            own.append((department, timeline.phases))
    regimes = dict.fromkeys(phase.regime.name for phase in checked)
    generic = "_then_".join(regimes) + ("_mixed" if own else "")
    name = keys.get("name", default_name or generic[:80])
    labels = (keys.get("label_en", ""), keys.get("label_da", ""))
    return Timeline(name, checked, tuple(own), *labels)


def _phases_from_tables(
    tables: object, place: str, folder: Path | None, trail: tuple[Path, ...]
) -> list[Phase]:
    phases = []
    allowed = "a list of tables with month, regime and ramp_months"
    for number, entry in enumerate(checks.items(tables, place, allowed), start=1):
        with located(f"{place}[{number}]", "."):
            keys = checks.table(entry, "", ("month", "regime", "ramp_months"))
            month = checks.needed(keys, "month", refusal("whole_between", low=0, high=LAST_MONTH))
            reference = checks.needed(keys, "regime", "a regime")
            regime = _one_regime(reference, "regime", folder, trail)
            phases.append(Phase(month, regime, keys.get("ramp_months", 0)))
    return phases


def _one_regime(
    reference: object, place: str, folder: Path | None, trail: tuple[Path, ...]
) -> Regime:
    timeline = resolve_timeline(reference, place, folder, trail)
    regime = timeline.single()
    if regime is None:
        raise InputError(place, timeline.name, "one regime, not several over time")
    return regime


def _regime_from_table(
    content: Mapping[str, Any],
    folder: Path | None,
    default_name: str | None,
    trail: tuple[Path, ...],
) -> Regime:
    keys = checks.table(content, "", REGIME_KEYS)
    start: dict[str, Any] = {}
    generic = "own_regime"
    if "based_on" in keys and "blend" in keys:
        raise InputError("blend", keys["blend"], "either based_on or blend")
    if "based_on" in keys:
        base = _one_regime(keys.pop("based_on"), "based_on", folder, trail)
        start, generic = base.to_dict(), f"{base.name}_changed"
    elif "blend" in keys:
        with located("blend", "."):
            parts = checks.table(keys.pop("blend"), "", ("first", "second", "weight"))
            allowed = "first, second and weight"
            first, second = (
                _one_regime(checks.needed(parts, key, allowed), key, folder, trail)
                for key in ("first", "second")
            )
            weight = checks.needed(parts, "weight", refusal("number_between", low=0, high=1))
            gap = keys.get("espoused_gap")
            mixed = blend(first, second, weight, generic, espoused_gap=gap)
        start, generic = mixed.to_dict(), f"{first.name}+{second.name}"
    start = {key: start[key] for key in (*INSTRUMENTS, "espoused_gap") if key in start}
    values = start | keys
    for instrument in INSTRUMENTS:
        checks.needed(values, instrument, refusal("number_between", low=0, high=1))
    values["name"] = values.get("name", default_name or generic[:80])
    regime = Regime(**values)
    named = REGIMES.get(regime.name)
    if (
        folder is not None
        and named is not None
        and not np.array_equal(named.row(-1.0), regime.row(-1.0))
    ):
        raise InputError(
            "name", regime.name, "a name of its own, as a packaged regime has this one"
        )
    return regime
