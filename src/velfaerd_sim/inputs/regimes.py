"""Regimes: governance as a point in the space of eight instruments, and timelines of them.

Every instrument lies in [0, 1]. ``espoused_gap`` is the share of what is promised that is not
done; a regime without one takes the gap from the parameters. Files with regimes are read in
`regime_files`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import MISSING, InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.toml_files import read_toml, toml_text

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

TEXTS = ("label_en", "label_da", "summary_en", "summary_da", "source")


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
        for key in TEXTS:
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
        return result | {key: getattr(self, key) for key in TEXTS if getattr(self, key)}

    def to_toml(self) -> str:
        """Return the text of a regime file that is read as this regime."""
        return toml_text(self.to_dict())

    def to_table(self) -> str | dict[str, Any]:
        """Return the name of a packaged regime, or plain values: what stands in other files."""
        return self.name if REGIMES.get(self.name) == self else self.to_dict()


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
        object.__setattr__(self, "phases", checked_phases(self.phases, "phase"))
        own: dict[str, tuple[Phase, ...]] = {}
        for department, phases in self.departments:
            checks.one_of(department, "departments", DEPARTMENTS)
            if department in own:
                raise InputError("departments", department, "each department once")
            own[department] = checked_phases(phases, f"departments.{department}")
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

    def to_table(self) -> str | dict[str, Any]:
        """Return what stands for it in other files, with packaged regimes by their names."""
        regime = self.single()
        if regime is not None and self == Timeline.of(regime):
            return regime.to_table()
        result = self.to_dict()
        paths = [(result["phase"], self.phases)]
        paths += [(result["departments"][name], phases) for name, phases in self.departments]
        for tables, phases in paths:
            for table, phase in zip(tables, phases, strict=True):
                table["regime"] = phase.regime.to_table()
        return result

    def to_toml(self) -> str:
        """Return the text of a file that :func:`load_timeline` reads as this timeline."""
        regime = self.single()
        found = self.to_table()
        if isinstance(found, str):
            assert regime is not None
            return regime.to_toml()
        return toml_text(found)


def checked_phases(phases: object, place: str, count_from: int = 1) -> tuple[Phase, ...]:
    """Phases in order, the first at month 0; count_from: number of the first in a message.

    Raises InputError for anything else.
    """
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
