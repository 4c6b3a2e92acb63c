"""The report of a study of claims: one HTML file with the page for policy, ledger and figures."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.analysis.claims import Conclusion
from velfaerd_sim.engine.record import COMPLETE, INCOMPLETE
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.reporting.figures.comparison import Drawn
from velfaerd_sim.reporting.files import report_path, write_whole
from velfaerd_sim.reporting.pages.claims_files import Concluded, conclude_study, write_ledger
from velfaerd_sim.reporting.pages.claims_ledger import (
    criteria_parts,
    evidence_lines,
    overview_row,
    summary_parts,
    table,
    verdict_lines,
)
from velfaerd_sim.telling.claims_words import ClaimWords
from velfaerd_sim.telling.tables_of_inputs import ARTICLES

_PER_CENT = re.compile(r"(?<=\d) %")
"""A per cent that must not be parted from its number at the end of a line."""
_TEMPLATES = Path(__file__).with_name("templates")
_ONLY = {
    "en": "Results of a model under stated assumptions, not a forecast.",
    "da": "Resultater af en model under nævnte antagelser, ikke en forudsigelse.",
}
_EYEBROW = {"en": "Claims", "da": "Påstande"}
_STATUS = {
    "en": {COMPLETE: "complete", INCOMPLETE: "incomplete"},
    "da": {COMPLETE: "færdig", INCOMPLETE: "ikke færdig"},
}
_AGAIN = {"en": "How to get these numbers again", "da": "Sådan fås tallene igen"}


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
    write_whole(target, render(found, drawn, read_record(folder), folder, language).encode())
    return target


def render(
    found: Concluded, drawn: Sequence[Drawn], record: dict[str, Any], folder: Path, language: str
) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words = ClaimWords(found.results.file, language)
    made = words.text(
        "made",
        worlds=found.made_from["worlds"],
        model=str(found.made_from["model_digest"])[:12],
        fingerprint=str(found.made_from["fingerprint"])[:12],
    )
    languages = ("en", "da") if language == "en" else (language,)
    text = environment.get_template("claims.html").render(
        language=language,
        version=record["package"]["version"],
        fingerprint=record["fingerprint"],
        title=words.text("title"),
        eyebrow=_EYEBROW[language],
        conditional=_ONLY[language],
        meta=[f"velfaerd_sim {record['package']['version']}", _STATUS[language][record["status"]]],
        pages=[_page(found, each) for each in languages],
        intro=words.text("intro"),
        overview_title=words.text("overview"),
        head=words.words.lines("head"),
        sources="; ".join(f"{code}: {words.words.name('source', code)}" for code in ARTICLES) + ".",
        overview=[_overview(each, words) for each in found.conclusions],
        figure=words.text("figure"),
        claims=[
            _claim(each, words, one.svg) for each, one in zip(found.conclusions, drawn, strict=True)
        ],
        again=_AGAIN[language],
        commands=[
            record.get("command") or shlex.join(["velfaerd", "claims", "--out", str(folder)]),
            shlex.join(["velfaerd", "verify", str(folder)]),
        ],
        made=made,
    )
    return _PER_CENT.sub("\u00a0%", text)


def _page(found: Concluded, language: str) -> dict[str, Any]:
    words = ClaimWords(found.results.file, language)
    return {
        "language": language,
        "title": words.text("summary_title"),
        "intro": words.text("summary_intro", count=len(found.conclusions)),
        "parts": summary_parts(found.conclusions, words),
    }


def _overview(each: Conclusion, words: ClaimWords) -> dict[str, str]:
    row = [cell.replace("**", "") for cell in overview_row(each, words)]
    return {
        "id": each.claim.id,
        "statement": each.claim.statement.of(words.language),
        "source": row[1],
        "kind": row[2],
        "says": row[3],
        "share": row[4],
        "prior": row[5],
        "fragile": row[6],
        "word": each.decisive.verdict.word,
    }


def _claim(each: Conclusion, words: ClaimWords, svg: str) -> dict[str, Any]:
    claim = each.claim
    rows = [line.strip("| ").split(" | ") for line in table(each, words)] if each.cells else []
    sources = ", ".join(
        words.words.name("source", name.strip()) for name in claim.source.split(",")
    )
    return {
        "id": claim.id,
        "statement": claim.statement.of(words.language),
        "source": f"{sources}; {words.kind(claim)}",
        "word": each.decisive.verdict.word,
        "verdict": [line.replace("**", "") for line in verdict_lines(each, words)],
        "reading": words.text("reading", text=claim.reading.of(words.language)),
        "svg": Markup(svg),
        "criteria": criteria_parts(each, words),
        "table": [row for number, row in enumerate(rows) if number != 1],
        "evidence": evidence_lines(each, words),
    }
