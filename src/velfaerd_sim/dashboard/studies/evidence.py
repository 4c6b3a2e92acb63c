"""What calibrations, validations, tests of robustness and recovery found, as rows for the page.

The tables come from the results folder and are looked at like any input: a table without the
columns that the command writes is a StorageError, a missing one an empty list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.dashboard.parts.sheets import Row
from velfaerd_sim.dashboard.parts.units import measure_of
from velfaerd_sim.dashboard.studies.folder import LARGEST_TABLE_BYTES
from velfaerd_sim.dashboard.studies.results import regime_label
from velfaerd_sim.errors import StorageError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures.specifications import Scale
from velfaerd_sim.telling.words import Words

MOST_ROWS = 20_000
SMALLEST = 1e-6
"""Figures nearer to zero are written as zero."""
SIX_ROUTES = "T9"
GOOD, BAD = ("#dcebf5", "#0b3c5d"), ("#f6e0d0", "#7a3100")
WEAK = ("#f3f4f6", "#1f2328")
_LABELS = {target.id: (target.label_en, target.label_da) for target in TARGETS}
_TARGETS = ("unit", "low", "high", "inside", "role", "group")


@dataclass(frozen=True)
class Fit:
    """A published figure with the model's answers: median and the middle nine tenths of them."""

    id: str
    label: str
    group: str
    role: str
    unit: str
    low: float
    high: float
    median: float
    least: float
    most: float
    defaults: float
    inside: bool

    def ruled(self, value: float) -> float:
        """A value on a ruler on which the published interval goes from -1 to 1."""
        half = (self.high - self.low) / 2.0
        return (value - (self.high + self.low) / 2.0) / half if half > 0.0 else math.nan


def table_of(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """A table with these columns at least; empty where there is none. Raises StorageError."""
    path = folder / name
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    try:
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise StorageError(f"{name} is too large to be shown")
        frame = pd.read_csv(path, nrows=MOST_ROWS)
    except (OSError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0][:200]
        raise StorageError(f"cannot read {name}: {reason}") from None
    if missing := [column for column in columns if column not in frame.columns]:
        raise StorageError(f"{name} has no column {missing[0]}: it is not what the command writes")
    return frame


def fits_of(folder: Path, name: str, language: str) -> list[Fit]:
    """The published figures of a calibration or validation, those that are missed first.

    Raises StorageError where the table is not what the command writes.
    """
    known = {"id": "target", "median": "posterior_50", "from_": "posterior_05"}
    known |= {"to": "posterior_95", "at_defaults": "defaults"}
    if name == "targets.csv":
        known = {key: key for key in known}
    frame = table_of(folder, name, (*_TARGETS, *known.values()))
    found = []
    for row in frame.to_dict("records"):
        id = str(row[known["id"]])
        own = str(row.get(f"label_{language}", row.get("label", id)))[:200]
        label = _LABELS[id][language == "da"] if id in _LABELS else own
        low, high = _number(row["low"]), _number(row["high"])
        places = {"median": "median", "least": "from_", "most": "to", "defaults": "at_defaults"}
        numbers = {name: _number(row[known[key]]) for name, key in places.items()}
        role, group = str(row["role"]), str(row["group"])
        inside = str(row["inside"]) == "True"
        unit = str(row["unit"])
        found.append(Fit(id, label, group, role, unit, low, high, **numbers, inside=inside))
    return sorted(found, key=lambda one: (one.inside, -abs(one.ruled(one.median) or 0.0)))


def _number(value: object) -> float:
    with suppress(TypeError, ValueError):
        return float(value)  # type: ignore[arg-type]
    return math.nan


def is_share(unit: str) -> bool:
    """Whether figures of a unit are written in per cent."""
    return unit.startswith("share") or unit in ("a year", "per year")


def figure_text(value: float, unit: str, words: Words) -> str:
    """A figure in its unit: shares in per cent, others with three digits that count."""
    if is_share(unit):
        return words.percent(value, 1)
    if not math.isfinite(value) or abs(value) < SMALLEST:
        return words.number(value)
    return words.number(value, max(0, min(6, 2 - math.floor(math.log10(abs(value))))))


def interval_text(low: float, high: float, unit: str, words: Words) -> str:
    """An interval of figures."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{figure_text(low, unit, words)} … {figure_text(high, unit, words)}"


def unit_text(unit: str, words: Words) -> str:
    """The unit of a published figure as it stands in a table."""
    if unit in ("a year", "per year"):
        return words("percent_year")
    if unit == "share":
        return words("percent")
    label = words.unit(unit)
    return words("percent_of", unit=label) if is_share(unit) else label


def fit_rows(fits: list[Fit], words: Words) -> list[Row]:
    """Rows: figure, published, median, middle nine tenths, defaults, inside, used for, unit."""
    rows = []
    for one in fits:
        cells = (
            one.label,
            interval_text(one.low, one.high, one.unit, words),
            figure_text(one.median, one.unit, words),
            interval_text(one.least, one.most, one.unit, words),
            figure_text(one.defaults, one.unit, words),
            words("yes" if one.inside else "no"),
            words(f"role_{one.role}") if words.has(f"role_{one.role}") else one.role,
            unit_text(one.unit, words),
        )
        keys = {1: one.low, 2: one.median, 3: one.least, 4: one.defaults, 5: float(one.inside)}
        grounds = {5: GOOD if one.inside else BAD}
        rows.append(Row(one.id, cells, _known(keys), grounds, also=one.id))
    return rows


def _known(keys: Mapping[int, float]) -> dict[int, float | str | None]:
    return {place: key if math.isfinite(key) else None for place, key in keys.items()}


def parameter_rows(frame: pd.DataFrame, words: Words) -> list[Row]:
    """Rows of the parameters that figures narrow: label, default, median, interval, spread."""
    rows = []
    for row in frame.to_dict("records"):
        standing, unit = str(row["standing"]), str(row["unit"])
        if not words.has(f"standing_{standing}"):
            continue
        low, high, middle = (_number(row[f"posterior_{at}"]) for at in ("05", "95", "50"))
        default, spread = _number(row["default"]), _number(row["spread"])
        cells = (
            str(row.get(f"label_{words.language}", row["parameter"]))[:200],
            plain_text(default, words),
            plain_text(middle, words),
            f"{plain_text(low, words)} … {plain_text(high, words)}",
            words.number(spread, 2),
            words(f"standing_{standing}"),
            words.unit(unit),
        )
        name = str(row["parameter"])
        keys = _known({1: default, 2: middle, 3: low, 4: spread})
        rows.append(Row(name, cells, keys, also=name))
    return rows


def plain_text(value: float, words: Words) -> str:
    """A parameter's value with three digits that count."""
    if not math.isfinite(value) or value == 0.0:
        return words.number(value)
    return words.number(value, max(0, min(5, 2 - math.floor(math.log10(abs(value))))))


def _pattern_name(id: str, words: Words) -> str:
    """What a held-out pattern or a target is called; '' where it is unknown."""
    names = (words.name(kind, id) for kind in ("pattern", "target"))
    return next((name for name in names if name != id), "")


def pattern_rows(frame: pd.DataFrame, words: Words) -> list[Row]:
    """Rows of held-out patterns: label, published, median, middle nine tenths, verdict, unit."""
    rows = []
    for row in frame.to_dict("records"):
        id, unit, verdict = str(row["id"]), str(row["unit"]), str(row["verdict"])
        label = _pattern_name(id, words)
        low, middle, high = (_number(row[key]) for key in ("from_", "median", "to"))
        key = f"verdict_{verdict.replace(' ', '_')}"
        cells = (
            label or str(row["label"])[:200],
            published_text(str(row["figure"]), words),
            figure_text(middle, unit, words),
            interval_text(low, high, unit, words),
            words(key) if words.has(key) else verdict,
            unit_text(unit, words),
        )
        ground = {"inside": GOOD, "outside": BAD}.get(verdict, WEAK)
        keys = _known({2: middle, 3: low})
        rows.append(Row(id, cells, keys, {4: ground}, also=id))
    return rows


def published_text(figure: str, words: Words) -> str:
    """What was published of a pattern; '' where nothing was found."""
    if figure.startswith("no figure"):
        return ""
    if figure in ("negative", "positive"):
        return words(f"sign_{figure}")
    if figure.endswith("more than half"):
        return words("most_way")
    low, _, high = figure.partition(" to ")
    if math.isfinite(_number(low)) and math.isfinite(_number(high)):
        return " … ".join(plain_text(_number(end), words) for end in (low, high))
    return figure[:200]


def condition_name(condition: str, label: str, words: Words) -> str:
    """What a condition of a test of robustness is called."""
    if (own := words.name("condition", condition)) != condition:
        return own
    if condition.startswith("none_of."):
        group = condition.removeprefix("none_of.")
        own = words.name("group", group)
        return words("condition_none_of", name=own)
    name = condition.removeprefix("no.")
    if name in BY_NAME:
        return words("condition_no", name=BY_NAME[name].label(words.language))
    own = words(f"set_{condition}") if words.has(f"set_{condition}") else label
    return words("condition_worlds", name=own[:120])


def conclusion_rows(
    frame: pd.DataFrame, names: Mapping[str, str], conditions: Mapping[str, str], words: Words
) -> list[Row]:
    """Rows of conclusions: sentence, difference, interval, unit, survives, weakens, turns, worst.

    names: labels of regimes; conditions: names of conditions by the label of the table.
    """
    rows = []
    for number, row in enumerate(frame.to_dict("records")):
        name = str(row["outcome"])
        if name not in INDEX:
            continue
        outcome = OUTCOMES[INDEX[name]]
        measure = measure_of(outcome, words, difference=True)
        ends = (names.get(str(row[key]), str(row[key])) for key in ("first", "second"))
        a, b = (words("quoted", name=end) for end in ends)
        size, low, high = (_number(row[key]) for key in ("size", "low", "high"))
        key = f"says_{name}" if words.has(f"says_{name}") else "says_other"
        counts = [int(_number(row[v])) for v in ("survives", "weakens", "turns")]
        worst = str(row["worst"])
        cells = (
            words(key, a=a, b=b, outcome=outcome.label(words.language)),
            write(size, measure.scale, words),
            f"{write(low, measure.scale, words)} … {write(high, measure.scale, words)}",
            measure.name,
            *(words.number(count) for count in counts),
            conditions.get(worst, worst[:160]),
        )
        keys = _known({1: size, 2: low, **{4 + k: float(c) for k, c in enumerate(counts)}})
        rows.append(Row(str(number), cells, keys, _turned(counts), also=name))
    return rows


def write(value: float, scale: Scale, words: Words) -> str:
    """A difference as a number, whose unit stands beside it."""
    return words.number(scale.factor * value, scale.decimals, signed=True)


def _turned(counts: list[int]) -> dict[int, tuple[str, str]]:
    return {6: BAD} if counts[2] else {5: WEAK} if counts[1] else {4: GOOD}


def condition_rows(frame: pd.DataFrame, words: Words) -> list[Row]:
    """Rows of conditions, the hardest first: name, how many survive, weaken, turn."""
    rows = []
    ordered = frame.sort_values(["turns", "weakens"], ascending=False, kind="stable")
    for row in ordered.to_dict("records"):
        counts = [int(_number(row[v])) for v in ("survives", "weakens", "turns")]
        name = condition_name(str(row["condition"]), str(row["label"]), words)
        keys = _known({1 + k: float(count) for k, count in enumerate(counts)})
        grounds = {place - 3: ground for place, ground in _turned(counts).items()}
        cells = (name, *(words.number(count) for count in counts))
        rows.append(Row(str(row["condition"]), cells, keys, grounds, also=str(row["label"])))
    return rows


def recovery_rows(record: Mapping[str, Any], words: Words) -> list[Row]:
    """Rows of a test of recovery: which parameters, what intervals say, what they hold."""
    coverage = record.get("coverage")
    rows = []
    for number, one in enumerate(coverage if isinstance(coverage, list) else []):
        if not isinstance(one, Mapping):
            continue
        level, share, error = (_number(one.get(key)) for key in ("level", "coverage", "error"))
        count, truths = (_number(one.get(key)) for key in ("intervals", "truths"))
        which = f"recovery_{one.get('which')}"
        cells = (
            words(which) if words.has(which) else str(one.get("which"))[:60],
            words.percent(level, 0),
            f"{words.percent(share, 0)} ± {words.number(100.0 * error)}",
            words.number(count),
            words.number(truths),
        )
        rows.append(Row(str(number), cells, _known({1: level, 2: share, 3: count, 4: truths})))
    return rows


def names_of(regimes: tuple[Mapping[str, Any], ...], language: str) -> dict[str, str]:
    """Labels of regimes by name."""
    return {str(each.get("name", "")): regime_label(each, language) for each in regimes}
