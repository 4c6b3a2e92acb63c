"""Regimes: governance as a point in the space of eight instruments, and timelines of them.

Every instrument lies in [0, 1]. ``espoused_gap`` is the share of what is promised that is not
done; a regime without one takes the gap from the parameters. The form of a file with an own
regime stands in :func:`load_timeline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import MISSING, InputError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.toml_files import read_toml

INSTRUMENTS = (
    "rigidity",
    "role_clarity",
    "dialogue",
    "influence",
    "recognition",
    "boundary_protection",
    "openness",
    "training",
)
DEPARTMENTS = (
    "social",
    "elder_and_health",
    "children_and_school",
    "culture_and_leisure",
    "employment",
)
(
    RIGIDITY,
    ROLE_CLARITY,
    DIALOGUE,
    INFLUENCE,
    RECOGNITION,
    BOUNDARY_PROTECTION,
    OPENNESS,
    TRAINING,
) = range(len(INSTRUMENTS))
STATUS_QUO = "municipal_baton"
YEAR = 12
"""Months."""
LAST_MONTH = 1200
"""The latest month that a phase, a shock or a run may reach."""

_WORDS = ("label_en", "label_da", "summary_en", "summary_da", "source")


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A way of governing the collaboration: eight instruments in [0, 1], and its words.

    Raises InputError when a value is not a number in [0, 1].
    """

    name: str
    rigidity: float
    role_clarity: float
    dialogue: float
    influence: float
    recognition: float
    boundary_protection: float
    openness: float
    training: float
    espoused_gap: float | None = None
    label_en: str = ""
    label_da: str = ""
    summary_en: str = ""
    summary_da: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        checks.word(self.name, "name")
        for instrument in INSTRUMENTS:
            value = checks.number(getattr(self, instrument), instrument, 0.0, 1.0)
            object.__setattr__(self, instrument, value)
        if self.espoused_gap is not None:
            gap = checks.number(self.espoused_gap, "espoused_gap", 0.0, 1.0)
            object.__setattr__(self, "espoused_gap", gap)
        for key in _WORDS:
            checks.text(getattr(self, key), key)

    @property
    def instruments(self) -> tuple[float, ...]:
        """The eight instruments in the order of INSTRUMENTS."""
        return tuple(getattr(self, instrument) for instrument in INSTRUMENTS)

    def label(self, language: str = "en") -> str:
        """Return the label in ``en`` or ``da``, or the name where there is none."""
        return (self.label_da if language == "da" else self.label_en) or self.name

    def row(self, default_gap: float) -> NDArray[np.float64]:
        """Return the eight instruments and the espoused gap, shape (9,)."""
        gap = default_gap if self.espoused_gap is None else self.espoused_gap
        return np.array([*self.instruments, gap])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; what is empty is left out."""
        result: dict[str, Any] = {"name": self.name}
        result |= dict(zip(INSTRUMENTS, self.instruments, strict=True))
        if self.espoused_gap is not None:
            result["espoused_gap"] = self.espoused_gap
        return result | {key: getattr(self, key) for key in _WORDS if getattr(self, key)}


def _named_regimes() -> dict[str, Regime]:
    content = read_toml(Path(__file__).with_name("data") / "regimes.toml")
    return {name: Regime(name=name, **values) for name, values in content.items()}


REGIMES: dict[str, Regime] = _named_regimes()
"""The ten named regimes, by name."""


def blend(
    first: Regime,
    second: Regime,
    weight: float,
    name: str | None = None,
    espoused_gap: float | None = None,
) -> Regime:
    """Return the regime that lies ``weight`` of the way from the first to the second.

    The espoused gap is blended where both have one. Where only one has, it must be given here,
    since the other's is a parameter that a regime does not know; InputError is raised otherwise.
    """
    share = checks.number(weight, "weight", 0.0, 1.0)
    gap = espoused_gap
    if gap is None and first.espoused_gap is not None and second.espoused_gap is not None:
        gap = (1.0 - share) * first.espoused_gap + share * second.espoused_gap
    elif gap is None and (first.espoused_gap is None) != (second.espoused_gap is None):
        raise InputError(
            "espoused_gap", MISSING, "a number from 0 to 1, as only one of the two regimes has one"
        )
    points = zip(INSTRUMENTS, first.instruments, second.instruments, strict=True)
    values: dict[str, Any] = {
        key: min(1.0, max(0.0, a + share * (b - a))) if share < 1.0 else b for key, a, b in points
    }
    return Regime(
        name=name or f"{first.name}+{second.name}",
        espoused_gap=gap,
        label_en=f"{first.label('en')} + {second.label('en')} ({share:.0%})",
        label_da=f"{first.label('da')} + {second.label('da')} ({share:.0%})",
        **values,
    )


@dataclass(frozen=True)
class Phase:
    """From ``first_month`` a regime is in force, or is moved to over ``ramp_months``.

    With a ramp the instruments in force at ``first_month`` are moved on a straight line, and the
    regime is fully in force ``ramp_months`` months later. In files ``first_month`` is ``month``.
    """

    first_month: int
    regime: Regime
    ramp_months: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "first_month", checks.whole(self.first_month, "month", 0, LAST_MONTH)
        )
        object.__setattr__(
            self, "ramp_months", checks.whole(self.ramp_months, "ramp_months", 0, LAST_MONTH)
        )
        if not isinstance(self.regime, Regime):
            raise InputError("regime", self.regime, "a regime")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "month": self.first_month,
            "ramp_months": self.ramp_months,
            "regime": self.regime.to_dict(),
        }


@dataclass(frozen=True)
class Timeline:
    """Governance over time: phases in order, the first at month 0.

    ``departments`` holds own phases for departments that are governed otherwise than the rest.
    Raises InputError when phases go backwards, repeat a month or do not start at month 0, and for
    an unknown or doubled department.
    """

    name: str
    phases: tuple[Phase, ...]
    departments: tuple[tuple[str, tuple[Phase, ...]], ...] = ()
    label_en: str = ""
    label_da: str = ""

    def __post_init__(self) -> None:
        checks.word(self.name, "name")
        checks.text(self.label_en, "label_en")
        checks.text(self.label_da, "label_da")
        object.__setattr__(self, "phases", _checked_phases(self.phases, "phase"))
        own: dict[str, tuple[Phase, ...]] = {}
        for department, phases in self.departments:
            checks.one_of(department, "departments", DEPARTMENTS)
            if department in own:
                raise InputError("departments", department, "each department once")
            own[department] = _checked_phases(phases, f"departments.{department}")
        ordered = tuple((name, own[name]) for name in DEPARTMENTS if name in own)
        object.__setattr__(self, "departments", ordered)

    @classmethod
    def of(cls, regime: Regime) -> Timeline:
        """Return the timeline in which one regime is in force all the time."""
        return cls(regime.name, (Phase(0, regime),))

    def single(self) -> Regime | None:
        """Return the regime when it is one and the same at all times, else None."""
        plain = len(self.phases) == 1 and not self.phases[0].ramp_months and not self.departments
        return self.phases[0].regime if plain else None

    def label(self, language: str = "en") -> str:
        """Return the label in ``en`` or ``da``; that of the regime where there is only one."""
        own = self.label_da if language == "da" else self.label_en
        regime = self.single()
        return own or (regime.label(language) if regime else self.name)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``timeline_from_table`` makes the same timeline."""
        result: dict[str, Any] = {"name": self.name}
        result |= {k: getattr(self, k) for k in ("label_en", "label_da") if getattr(self, k)}
        result["phase"] = [phase.to_dict() for phase in self.phases]
        if self.departments:
            result["departments"] = {
                name: [phase.to_dict() for phase in phases] for name, phases in self.departments
            }
        return result


def _checked_phases(phases: object, place: str, count_from: int = 1) -> tuple[Phase, ...]:
    found = checks.items(phases, place, "a list of phases")
    if not found:
        raise InputError(place, MISSING, "at least one phase")
    last = -1
    for number, phase in enumerate(found, start=count_from):
        if not isinstance(phase, Phase):
            raise InputError(f"{place}[{number}]", phase, "a phase")
        month, here = phase.first_month, f"{place}[{number}].month"
        if last < 0 and month != 0:
            raise InputError(here, month, "0, where the first phase starts")
        if month <= last:
            raise InputError(here, month, f"a month after {last}, where the phase before starts")
        last = month
    return tuple(found)


def announced(timeline: Timeline, months: int, default_gap: float) -> NDArray[np.float64]:
    """Return what is announced in each month 0..months, shape (months + 1, 5 departments, 9).

    The last axis holds the eight instruments in the order of INSTRUMENTS and then the espoused
    gap, which is ``default_gap`` for regimes without an own one. A ramp in the first phase starts
    from the status quo.
    """
    result = np.empty((months + 1, len(DEPARTMENTS), len(INSTRUMENTS) + 1))
    result[:] = _path(timeline.phases, months, default_gap)[:, None, :]
    for department, phases in timeline.departments:
        result[:, DEPARTMENTS.index(department)] = _path(phases, months, default_gap)
    return result


def _path(phases: tuple[Phase, ...], months: int, default_gap: float) -> NDArray[np.float64]:
    path = np.empty((months + 1, len(INSTRUMENTS) + 1))
    path[:] = REGIMES[STATUS_QUO].row(default_gap)
    for phase in phases:
        first = phase.first_month
        if first > months:
            break
        before, after = path[first].copy(), phase.regime.row(default_gap)
        path[first:] = after
        end = min(first + phase.ramp_months, months + 1)
        share = (np.arange(first, end) - first) / max(1, phase.ramp_months)
        path[first:end] = np.clip(before + share[:, None] * (after - before), 0.0, 1.0)
    return path


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


_POINT_KEYS = ("name", *_WORDS, "based_on", "blend", *INSTRUMENTS, "espoused_gap")
_TIMELINE_KEYS = ("name", "label_en", "label_da", "regime", "phase", "departments")


def timeline_from_table(
    content: Mapping[str, Any],
    folder: Path | None = None,
    default_name: str | None = None,
    trail: tuple[Path, ...] = (),
) -> Timeline:
    """Return the timeline in a table of the form shown at :func:`load_timeline`."""
    if not any(key in content for key in ("regime", "phase", "departments")):
        return Timeline.of(_regime_from_table(content, folder, default_name, trail))
    keys = checks.table(content, "", _TIMELINE_KEYS)
    phases: list[Phase] = []
    if "regime" in keys:
        phases.append(Phase(0, _one_regime(keys["regime"], "regime", folder, trail)))
    later = keys.get("phase", [])
    phases += _phases_from_tables(later, "phase", folder, trail)
    if not phases:
        raise InputError("regime", MISSING, "a regime or phases, beside the departments")
    checked = _checked_phases(phases, "phase", count_from=0 if "regime" in keys else 1)
    own: list[tuple[str, tuple[Phase, ...]]] = []
    for department, value in checks.table(
        keys.get("departments", {}), "departments", DEPARTMENTS
    ).items():
        place = f"departments.{department}"
        if isinstance(value, list):
            tables = _phases_from_tables(value, place, folder, trail)
            own.append((department, _checked_phases(tables, place)))
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
    keys = checks.table(content, "", _POINT_KEYS)
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
