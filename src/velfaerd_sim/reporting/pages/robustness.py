"""The page of robustness: which conclusions survive what, the fragile ones first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import Fact, Thing
from velfaerd_sim.analysis.conclusions import (
    CLEAR,
    LEAST_SHARE,
    MOST_WORLDS,
    SMALLEST,
    SURVIVES,
    TURNS,
    WEAKENS,
    by_conclusion,
    by_condition,
    conclusions,
    facts,
    ranking,
    statement,
    verdicts,
)
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.instruments.conditions import ARROW
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.conclusions import matrix
from velfaerd_sim.reporting.pages.pages import PageTable, write_page
from velfaerd_sim.studies.robustness.standing import Standing, levels
from velfaerd_sim.telling import formats
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.words import Words

MOST_SHOWN = 60
"""Conclusions in the table of the page; all stand in the CSV files."""

_MEANINGS = (
    "Under a condition a conclusion survives where the difference is still clear (95%) and at least"
    f" {LEAST_SHARE:g} of that under the defaults; it turns where the opposite is clear; otherwise"
    " it weakens. Under a set of worlds it survives where it holds in at least"
    f" {MOST_WORLDS:.0%} of them and turns where it holds in fewer than half; the interval is then"
    " the middle nine tenths of the worlds with chance taken out, else 95% of the mean."
)


def write_robustness(standing: Standing, folder: str | Path) -> tuple[Path, list[str]]:
    """Write the page, the figure and the tables of a study; gives the page and its sentences.

    Files: conclusions.csv (a row a conclusion), verdicts.csv (a row a conclusion and condition),
    conditions.csv, ranking.csv, levels.csv (means by condition and regime), report.html, figures/.
    Raises StorageError where the disk fails.
    """
    found = conclusions(standing)
    judged = verdicts(standing, found)
    table = by_conclusion(found, judged)
    labels = labels_of(standing)
    called = _conditions_of(judged, labels)
    tell = Teller(Words("en", "findings"), partial(_called, labels | called))
    told = [tell.sentence(fact) for fact in facts(table, judged)]
    frames = {"ranking": ranking(standing), "levels": levels(standing)}
    tables: list[PageTable] = []
    figures: list[Drawn] = []
    if not table.empty:
        conditions = by_condition(judged)
        plain = judged.drop(columns=["kind", "label"])
        table.insert(0, "statement", list(map(Teller(Words("en", "findings")).fact, _said(table))))
        frames |= {"conclusions": table, "verdicts": plain, "conditions": conditions}
        tables = [
            _fragile(table, tell, called),
            _conditions(conditions, called),
            _ranks(frames["ranking"], labels),
        ]
        figures = [_figure(standing, table, judged, labels)]
    record = standing.study
    meta = [
        f"{len(standing.regimes)} regimes, baseline {labels[standing.regimes[0]]}",
        f"{formats.whole(record['scenario']['town'][0]['adults'])} adults",
        f"{record['scenario']['months']} months",
        f"{formats.whole(record['counts']['done'])} runs",
    ]
    title = "Which conclusions survive what"
    path = write_page(folder, record, title, "Robustness", meta, told, tables, figures, frames)
    return path, told


def labels_of(standing: Standing) -> dict[str, str]:
    """What regimes and parameters are called on the page, by name."""
    regimes = {
        name: f"“{words_of(name, content, 'en').short}”"
        for name, content in zip(standing.regimes, standing.study["regimes"], strict=True)
    }
    return regimes | {one.name: f"“{one.label_en}”" for one in PARAMETERS}


def _conditions_of(judged: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, str]:
    """What every condition is called, parameters by their labels; by its name and by its label."""
    found: dict[str, str] = {}
    for row in judged.to_dict("records"):
        parameter = row["condition"].removeprefix("no.")
        called = row["label"]
        if row["kind"] == ARROW:
            called = called.replace(parameter, labels.get(parameter, parameter))
        found |= {row["condition"]: called, row["label"]: called}
    return found


def _called(labels: Mapping[str, str], thing: Thing) -> str:
    return labels.get(thing.name, thing.name)


def _said(table: pd.DataFrame) -> list[Fact]:
    """The statements of a table of conclusions."""
    columns = (table["outcome"], table["first"], table["second"])
    return [statement(*each) for each in zip(*columns, strict=True)]


def shown(outcome: str, value: float, low: float, high: float) -> tuple[str, str]:
    """A difference and its interval as text, in the unit of the outcome."""
    form = formats.of_unit(OUTCOMES[INDEX[outcome]].unit).for_widths((), [(high - low) / 2])
    return form.difference(value), form.difference_interval(low, high)


def _fragile(table: pd.DataFrame, tell: Teller, called: Mapping[str, str]) -> PageTable:
    rows = []
    said = map(tell.fact, _said(table.head(MOST_SHOWN)))
    for text, row in zip(said, table.head(MOST_SHOWN).to_dict("records"), strict=True):
        size = "{} ({})".format(*shown(row["outcome"], row["size"], row["low"], row["high"]))
        least = (row["outcome"], row["worst_size"], row["worst_low"], row["worst_high"])
        counts = [str(row[verdict]) for verdict in (SURVIVES, WEAKENS, TURNS)]
        falls = row["turns_under"] or row["weakens_under"] or "-"
        under = "; ".join(called.get(label, label) for label in falls.split("; "))
        worst = "{}: {} ({})".format(called[row["worst"]], *shown(*least))
        rows.append((row[TURNS] > 0, (text, size, *counts, under, worst)))
    head = ("conclusion", "difference", SURVIVES, WEAKENS, TURNS, "falls under", "least is left")
    note = (
        f"{_MEANINGS} A conclusion is a difference that is clear under the defaults ({CLEAR:.0%})"
        f" and not too small ({_smallest()}). The most fragile stand first"
        + (
            f"; {len(table) - MOST_SHOWN} more in conclusions.csv."
            if len(table) > MOST_SHOWN
            else "."
        )
    )
    return PageTable("Conclusions, the fragile ones first", head, rows, note, head[2:5])


def _smallest() -> str:
    parts = [f"{OUTCOMES[INDEX[n]].label_en.lower()} {v:g}" for n, v in SMALLEST.items()]
    return ", ".join(parts)


def _conditions(table: pd.DataFrame, called: Mapping[str, str]) -> PageTable:
    """All conditions, but of single arrows only those under which something falls."""
    ordered = table.sort_values("share_surviving", kind="stable")
    falls = (ordered["kind"] != ARROW) | (ordered["share_surviving"] < 1.0)
    head = ("condition", SURVIVES, WEAKENS, TURNS, "share surviving")
    rows = [
        (
            row[TURNS] > 0,
            (
                called[row["label"]],
                *(str(row[v]) for v in head[1:4]),
                f"{row['share_surviving']:.0%}",
            ),
        )
        for _, row in ordered[falls].iterrows()
    ]
    left_out = int((~falls).sum())
    note = f"Under {left_out} more single arrows at zero every conclusion survives."
    return PageTable(
        "Conditions, the hardest first", head, rows, note if left_out else "", head[1:]
    )


def _ranks(table: pd.DataFrame, labels: Mapping[str, str]) -> PageTable:
    own = table[table["kind"] != ARROW]
    outcomes = list(dict.fromkeys(own["outcome"]))
    rows = []
    for label in dict.fromkeys(own["label"]):
        cells = [label]
        for outcome in outcomes:
            (row,) = own[(own["label"] == label) & (own["outcome"] == outcome)].to_dict("records")
            first = labels.get(row["first_place"], row["first_place"])
            cells.append(f"{first} ({row['tau']:.2f})")
        rows.append((False, cells))
    head = ("condition", *(OUTCOMES[INDEX[outcome]].label_en for outcome in outcomes))
    note = (
        "The regime with most of each (of lonely adults the fewest), and in brackets how the order"
        " of all regimes agrees with that under the defaults (Kendall's tau: 1 is the same order)."
    )
    return PageTable("Who comes first", head, rows, note)


def _figure(
    standing: Standing, table: pd.DataFrame, judged: pd.DataFrame, labels: Mapping[str, str]
) -> Drawn:
    baseline = standing.regimes[0]
    own = table[(table["first"] == baseline) | (table["second"] == baseline)]
    caption = (
        f"Conclusions about {labels[baseline]} (rows) under other conditions (columns): survives,"
        " weakens or turns. Of single arrows at zero the worst of each group is shown."
    )
    if own.empty:
        own = table
    with style.styled():
        made = matrix(own.reset_index(drop=True), judged, labels)
        style.small_print(made, _small_print(standing))
        return rendered(made, "conclusions", caption)


def _small_print(standing: Standing) -> str:
    version = standing.study["package"]["version"]
    return f"velfaerd_sim {version} · fingerprint {standing.fingerprint[:16]}"
