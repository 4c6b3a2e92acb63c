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
from velfaerd_sim.reporting.figures.claims import SHARES
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
    advised,
    changes,
    claim_words,
    evidence_lines,
    evidence_parts,
    intro,
    made_line,
    overview_cells,
    summary_intro,
    summary_parts,
    table_cells,
    verdict_lines,
)
from velfaerd_sim.reporting.pages.frame import again, answer, page_of
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.telling.claims_words import ClaimWords
from velfaerd_sim.telling.short.evidence import of_claims
from velfaerd_sim.telling.tables_of_inputs import ARTICLES


def write_claims_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
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
    made = page(found, read_record(folder), folder, language)
    return write_page(folder, made, drawn, brief, figures=False)


def page(found: Concluded, record: Mapping[str, Any], folder: Path, language: str) -> Page:
    """The page of a study of claims; the English one has the page for policy in both languages."""
    words = claim_words(found.results.file, found.made_from, language)
    commands = [
        str(record.get("command") or shlex.join(["velfaerd", "claims", "--out", str(folder)])),
        shlex.join(["velfaerd", "verify", str(folder)]),
    ]
    languages = ("en", "da") if language == "en" else (language,)
    sections = [
        answer(
            words.words,
            of_claims(words.words, found.conclusions, advised(found.conclusions, words)),
        ),
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
    words = claim_words(found.results.file, found.made_from, language)
    blocks: list[Block] = [Note(summary_intro(found.conclusions, words))]
    for heading, lines in summary_parts(found.conclusions, words):
        blocks += [Heading(heading), listed(lines)]
    id = f"summary-{language}"
    heading = words.text("summary_title")
    return Section(id, heading, tuple(blocks), listed=False, language=marked)


def _overview(found: Concluded, words: ClaimWords) -> Section:
    heads = words.words.lines("head")
    rows = tuple(_overview_row(each, words) for each in found.conclusions)
    sources = "; ".join(f"{code}: {words.words.name('source', code)}" for code in ARTICLES) + "."
    heading = words.text("overview")
    table = Table(heading, columns(heads), rows, sources)
    notes = [Note(text) for text in (intro(found.conclusions, words), *changes(words)) if text]
    figure = Figure(SHARES, words.text("shares_title"))
    return Section("overview", heading, (*notes, figure, table))


def _overview_row(each: ClaimConclusion, words: ClaimWords) -> Row:
    cells = overview_cells(each, words)
    claim = each.claim
    return row(
        Cell(claim.statement.of(words.language), link=claim.id),
        *cells[:2],
        Cell(cells[2], look=f"word {each.verdict.word}"),
        *cells[3:],
        id=claim.id,
    )


def _claim(each: ClaimConclusion, words: ClaimWords) -> Section:
    claim, language = each.claim, words.language
    first, *rest = verdict_lines(each, words)
    word = Markup('<span class="{}">{}</span>').format(each.verdict.word, first)
    sources = ", ".join(
        words.words.name("source", name.strip()) for name in claim.source.split(",")
    )
    blocks: list[Block] = [
        Note(f"{sources}; {words.kind(claim)}", "small"),
        Sentences(((word, ""), *(("", line) for line in rest))),
        Figure(claim.id, f"{words.text('figure')}: {claim.id}"),
    ]
    for heading, lines in evidence_parts(each, words):
        blocks += [Heading(heading), listed(lines)]
    if each.cells:
        heads = tuple(Column(head) for head in words.words.lines("table_head"))
        rows = tuple(row(*cells) for cells in table_cells(each, words))
        blocks.append(Table(words.measure("route_table"), heads, rows))
    blocks.append(listed(evidence_lines(each, words)))
    heading = f"{claim.id}. {claim.statement.of(language)}"
    return Section(claim.id, heading, tuple(blocks), listed=False)
