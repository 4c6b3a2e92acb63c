"""A calibration in the page Studies: how many parameter sets are plausible, and how they fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.dashboard.controls import Text
from velfaerd_sim.dashboard.sheets import Number
from velfaerd_sim.dashboard.study_folder import Facts, tables_in
from velfaerd_sim.dashboard.study_parts import NothingYet, OneTable
from velfaerd_sim.dashboard.texts import Words

TARGETS = "tables/targets.parquet"
SHOWN = ("members", "plausible", "effective", "inside_medoid")
"""Numbers of a calibration that are shown large, where its record has them."""


def numbers_of(record: dict[str, Any]) -> dict[str, float]:
    """The numbers of a calibration's record that are shown large, as far as they are numbers."""
    result = record.get("result")
    found: dict[str, float] = {}
    content = result if isinstance(result, dict) else {}
    for key in SHOWN:
        value = content.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = float(value)
    return found


def unreachable_of(record: dict[str, Any]) -> list[str]:
    """The targets that no parameter set reaches, by id."""
    result = record.get("result")
    missed = result.get("unreachable") if isinstance(result, dict) else None
    entries = missed if isinstance(missed, list) else []
    return [str(one["target"])[:80] for one in entries if isinstance(one, dict) and "target" in one]


@solara.component
def Calibrated(folder: Path, facts: Facts, record: dict[str, Any], words: Words) -> None:
    """A calibration."""
    numbers = numbers_of(record)
    if not numbers:
        NothingYet(facts, words)
        return
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("calibration_head"))
        with solara.Div(classes=["vf-figures", "vf-figures-many"]):
            for key, value in numbers.items():
                digits = 0 if value.is_integer() else 1
                Number(words(f"result_{key}"), words.number(value, digits))
        missed = unreachable_of(record)
        if missed:
            Text("p", words("unreachable", names=words.listed(missed)), classes=["vf-soft"])
    if TARGETS in tables_in(folder):
        with solara.Div(classes=["vf-card"]):
            Text("h2", words("fit_head"))
            OneTable(folder, TARGETS, words)
