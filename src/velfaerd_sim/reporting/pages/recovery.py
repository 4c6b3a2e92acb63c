"""The page of a test of recovery: does the method find what is true, as surely as it says."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.analysis.recovery import facts
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Note,
    Page,
    Section,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.frame import again, answer, made_with, page_of, section
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.recovery.recovering import FOLDER, KIND
from velfaerd_sim.telling.facts import told
from velfaerd_sim.telling.short.evidence import of_recovery
from velfaerd_sim.telling.words import Words


def write_recovery_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the page of a test of recovery; gives its path. It takes no time to be told of.

    Raises InputError where the test is not done, StorageError where the disk fails.
    """
    record = read_record(Path(folder))
    if record["kind"] != KIND or record["status"] != COMPLETE:
        raise InputError("folder", str(folder), "a test of recovery that is done")
    return write_page(Path(folder), page(record, language), [], brief)


def beside(folder: Path, words: Words) -> Section | None:
    """What the test of recovery beside a calibration found, if there is one that is done."""
    path = folder / FOLDER
    if not (path / RECORD).is_file():
        return None
    record = read_record(path)
    return found(record, words) if record["status"] == COMPLETE else None


def found(record: Mapping[str, Any], words: Words) -> Section:
    """What a test of recovery found: in sentences, and as a table."""
    coverage = [dict(each) for each in record["coverage"] if each["intervals"]]
    heads = ("recovery_of", "recovery_says", "recovery_holds", "recovery_count", "recovery_truths")
    rows = tuple(
        row(
            words(f"recovery_{each['which']}"),
            Cell(words.percent(each["level"]), key=float(each["level"])),
            f"{words.percent(each['coverage'])} ± {words.number(100.0 * each['error'])}",
            Cell(words.number(each["intervals"]), key=float(each["intervals"])),
            words.number(each["truths"]),
            id=str(place),
        )
        for place, each in enumerate(coverage)
    )
    heading = words("recovery_head")
    table = Table(
        heading, columns([words(head) for head in heads], range(1, 5)), rows, words("recovery_note")
    )
    what = Note(words("recovery_what"))
    return section("recovery", heading, what, listed(told(facts(record), words.language)), table)


def page(record: Mapping[str, Any], language: str = "en") -> Page:
    """The page of a test of recovery, from its record."""
    words = Words(language, "evidence")
    wanted = record["calibration"]
    name = str(wanted["name"]).partition(":")[0]
    meta = [
        words.count(wanted["truths"], "truths_of"),
        words.count(record["counts"]["done"], "readings_of"),
    ]
    command = str(record.get("command") or "") or shlex.join(["velfaerd", "calibrate"])
    end = again(words, [command], words("again_workers"), made_with(words, record))
    title, eyebrow = words("recovery_title", name=name), words("recovery_eyebrow")
    return page_of(
        words,
        record,
        title,
        eyebrow,
        meta,
        [answer(words, of_recovery(words, record)), found(record, words), end],
        words("cal_conditional"),
    )
