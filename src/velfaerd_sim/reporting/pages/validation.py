"""The page of validation: what does not fit first, then targets, held-out patterns, scales."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import Thing
from velfaerd_sim.analysis.fit import (
    facts,
    groups_table,
    held_out_table,
    scale_table,
    targets_table,
)
from velfaerd_sim.instruments.time_steps import STAYS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import fit as plots_fit
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.pages.pages import PageTable, write_page
from velfaerd_sim.studies.validate.validating import Validation
from velfaerd_sim.telling import formats
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words


def write_validation(study: Validation, folder: str | Path) -> tuple[Path, list[str]]:
    """Write the page, the figures and the tables of a study; gives the page and its sentences.

    Files: targets.csv, groups.csv, held_out.csv, scale.csv, report.html, figures/. Raises
    StorageError where the disk fails.
    """
    targets, held_out, scale = targets_table(study), held_out_table(study), scale_table(study)
    groups = groups_table(targets)
    worlds = 0 if study.worlds is None else len(study.worlds)
    labels = {str(row["id"]): str(row["label"]) for row in held_out.to_dict("records")}
    tell = Teller(Words("en", "findings"), partial(_called, labels))
    told = [tell.sentence(fact) for fact in facts(targets, held_out, scale, worlds)]
    frames = {"targets": targets, "groups": groups, "held_out": held_out, "scale": scale}
    record = study.study
    where = f"{worlds} worlds ({study.worlds.name})" if study.worlds else "the defaults only"
    meta = [where, f"{formats.whole(record['counts']['done'])} readings of the model"]
    tables = [_targets(targets, worlds), _held_out(held_out), _scale(scale)]
    title = "What fits and what does not"
    drawn = _figures(study, targets, held_out)
    path = write_page(folder, record, title, "Validation", meta, told, tables, drawn, frames)
    return path, told


def _called(labels: Mapping[str, str], thing: Thing) -> str:
    """What a target, a held-out figure, an outcome or a condition is called."""
    words = Words("en")
    if thing.kind == "figure":
        return labels.get(thing.name) or words.name("target", thing.name)
    if thing.kind == "outcome":
        return words.name("outcome", thing.name).lower()
    return words.unit(thing.name) if thing.kind == "unit" else thing.name.replace("_", " ")


def number(value: float) -> str:
    """A figure as text, with a true minus sign."""
    return Teller(Words("en", "findings")).number(value)


def _targets(table: pd.DataFrame, worlds: int) -> PageTable:
    head = ("target", "figure", "published", "defaults", "median", "90% of worlds", "inside", "off")
    if not worlds:
        head = (*head[:5], "90% of seeds", *head[6:])
    words = Words("en")
    rows = []
    for _, row in table.iterrows():
        published = f"{number(row['low'])} to {number(row['high'])}"
        rows.append(
            (
                not row["inside"],
                (
                    f"{row['group']} ({row['role']})",
                    row["label"],
                    published,
                    number(row["at_defaults"]),
                    number(row["median"]),
                    f"{number(row['from_'])} to {number(row['to'])}",
                    "yes" if row["inside"] else "no",
                    words.number(row["distance"], 1, signed=True),
                ),
            )
        )
    note = (
        "What is outside stands first. 'off' is the distance of the median to the middle of the"
        " published interval in standard errors of observation (1.96 is its end). Figures marked"
        " fit were used in calibration; validation and dependent ones were not."
    )
    return PageTable("Targets", head, rows, note, head[2:6] + head[7:])


def _held_out(table: pd.DataFrame) -> PageTable:
    head = ("pattern", "unit", "published", "median", "middle 90%", "verdict")
    rows = [
        (
            row["verdict"] == "outside",
            (
                row["label"],
                row["unit"],
                row["figure"] + (f" ({row['source']})" if row["source"] else ""),
                number(row["median"]),
                f"{number(row['from_'])} to {number(row['to'])}",
                row["verdict"],
            ),
        )
        for _, row in table.iterrows()
    ]
    note = (
        "Nothing here was used to choose a parameter. Patterns without a figure are for judgement."
    )
    return PageTable("Held out", head, rows, note, head[3:5])


def _scale(table: pd.DataFrame) -> PageTable:
    head = ("outcome", "scale", "level", "difference", "95% interval", "relative")
    words = Words("en")
    rows = [
        (
            bool(row["notable"]),
            (
                OUTCOMES[INDEX[row["outcome"]]].label_en,
                row["condition"].replace("_", " "),
                number(row["level"]),
                number(row["difference"]),
                f"{number(row['low'])} to {number(row['high'])}",
                words.percent(row["relative"], 1, signed=True),
            ),
        )
        for _, row in table.iterrows()
        if row["notable"] or abs(row["relative"]) > 0.02
    ]
    note = (
        "Levels that should be the same in towns half and twice as large, and with steps of half a"
        " month and two months. Marked: clear and above 3% of the level. Left out: below 2%. What"
        f" the conversion of time steps leaves as it is: {'; '.join(STAYS)}."
    )
    return PageTable("Other sizes and time steps", head, rows, note, head[2:])


def _figures(study: Validation, targets: pd.DataFrame, held_out: pd.DataFrame) -> list[Drawn]:
    version = study.study["package"]["version"]
    small = f"velfaerd_sim {version} · fingerprint {study.fingerprint[:16]}"
    captions = {
        "targets": "Targets: the band is the published interval, the dot the median over worlds"
        " (orange: outside), the line the middle nine tenths, the ring the defaults.",
        "held_out": "Held-out patterns: medians over worlds and the middle nine tenths. No"
        " published figure was found for these; they are shown for judgement.",
    }
    drawn = []
    with style.styled():
        for key, made in (
            ("targets", plots_fit.targets(targets)),
            ("held_out", plots_fit.held_out(held_out)),
        ):
            style.small_print(made, small)
            drawn.append(rendered(made, key, captions[key]))
    return drawn
