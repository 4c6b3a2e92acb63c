"""The report of a study of claims: the page for policy, the overview, and every claim."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from velfaerd_sim.analysis.claims import ClaimConclusion
from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.reporting.files import report_path, write_whole
from velfaerd_sim.reporting.pages.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Note,
    Page,
    Row,
    Section,
    Sentences,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.claims_files import Concluded, conclude_study, write_ledger
from velfaerd_sim.reporting.pages.claims_ledger import (
    criteria_parts,
    evidence_lines,
    made_line,
    overview_cells,
    summary_parts,
    table_cells,
    verdict_lines,
)
from velfaerd_sim.reporting.pages.frame import again, page_of
from velfaerd_sim.reporting.pages.writing import html
from velfaerd_sim.telling.claims_words import ClaimWords
from velfaerd_sim.telling.tables_of_inputs import ARTICLES


def write_claims_report(
    folder: Path, progress: Progress | None = None, language: str = "en"
) -> Path:
    """Write report, ledger and figures of a study of claims into its folder; gives the report.

    Raises InputError where the folder holds no tables of claims, StorageError where it cannot be
    written.
    """
    found = conclude_study(folder)
    if progress is not None:
        progress(Advance(1.0, 3.0, 0, 0))
    drawn = write_ledger(folder, found).drawn[language]
    if progress is not None:
        progress(Advance(2.0, 3.0, 0, 0))
    target = report_path(folder, language)
    made = page(found, read_record(folder), folder, language)
    write_whole(target, html(made, drawn).encode())
    return target


def page(found: Concluded, record: Mapping[str, Any], folder: Path, language: str) -> Page:
    """The page of a study of claims; the English one has the page for policy in both languages."""
    words = ClaimWords(found.results.file, language)
    commands = [
        str(record.get("command") or shlex.join(["velfaerd", "claims", "--out", str(folder)])),
        shlex.join(["velfaerd", "verify", str(folder)]),
    ]
    languages = ("en", "da") if language == "en" else (language,)
    sections = [
        *(_policy(found, each, "" if each == language else each) for each in languages),
        _overview(found, words),
        *(_claim(each, words) for each in found.conclusions),
        again(words.words, commands, made_line(found.made_from, words), []),
    ]
    meta = [f"velfaerd_sim {record['package']['version']}", words.text(str(record["status"]))]
    text = words.text
    conditional = text("conditional")
    return page_of(words.words, record, text("title"), text("eyebrow"), meta, sections, conditional)


def _policy(found: Concluded, language: str, marked: str) -> Section:
    """The page for those who decide; marked: its language where it is not that of the report."""
    words = ClaimWords(found.results.file, language)
    count = words.words.number(len(found.conclusions))
    blocks: list[Block] = [Note(words.text("summary_intro", count=count))]
    for heading, lines in summary_parts(found.conclusions, words):
        blocks += [Heading(heading), listed(lines)]
    id = f"summary-{language}"
    heading = words.text("summary_title")
    return Section(id, heading, tuple(blocks), "answer", listed=False, language=marked)


def _overview(found: Concluded, words: ClaimWords) -> Section:
    heads = words.words.lines("head")
    rows = tuple(_overview_row(each, words) for each in found.conclusions)
    sources = "; ".join(f"{code}: {words.words.name('source', code)}" for code in ARTICLES) + "."
    heading = words.text("overview")
    table = Table(heading, columns(heads), rows, sources)
    return Section("overview", heading, (Note(words.text("intro")), table))


def _overview_row(each: ClaimConclusion, words: ClaimWords) -> Row:
    cells = overview_cells(each, words)
    claim, verdict = each.claim, each.decisive.verdict
    share, prior = (text.partition(" (") for text in cells[3:5])
    return row(
        Cell(claim.statement.of(words.language), link=claim.id),
        *cells[:2],
        Cell(cells[2], look=f"word {verdict.word}"),
        *(Cell(text, small=(mark + rest).strip()) for text, mark, rest in (share, prior)),
        cells[5],
        id=claim.id,
    )


def _claim(each: ClaimConclusion, words: ClaimWords) -> Section:
    claim, language = each.claim, words.language
    first, *rest = verdict_lines(each, words)
    word = Markup('<span class="{}">{}</span>').format(each.decisive.verdict.word, first)
    sources = ", ".join(
        words.words.name("source", name.strip()) for name in claim.source.split(",")
    )
    blocks: list[Block] = [
        Note(f"{sources}; {words.kind(claim)}", "small"),
        Sentences(((word, ""), *(("", line) for line in rest))),
        Note(words.text("reading", text=claim.reading.of(language))),
        Figure(claim.id, f"{words.text('figure')}: {claim.id}"),
    ]
    for heading, lines in criteria_parts(each, words):
        blocks += [Heading(heading), listed(lines)]
    if each.cells:
        heads = tuple(Column(head) for head in words.words.lines("table_head"))
        rows = tuple(row(*cells) for cells in table_cells(each, words))
        blocks.append(Table(words.measure("route_table"), heads, rows))
    blocks.append(listed(evidence_lines(each, words)))
    heading = f"{claim.id}. {claim.statement.of(language)}"
    return Section(claim.id, heading, tuple(blocks), listed=False)
