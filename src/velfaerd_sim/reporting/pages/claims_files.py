"""The ledger of a study of claims on disk, and what is shipped of it.

`DIR/claims.md` and `DIR/claims.da.md` are the ledger in English and Danish,
`DIR/claims_summary.md` the one page in both, `DIR/claims/conclusions.json` everything that was
concluded as plain values, `DIR/figures/` a figure a claim, in Danish `DIR/figures.da/`. `publish`
puts the tables and the ledger into the repository.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.analysis.claims import ClaimConclusion, conclude
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError
from velfaerd_sim.reporting.figures.claims import draw_claims
from velfaerd_sim.reporting.figures.comparison import Drawn, save
from velfaerd_sim.reporting.files import FIGURES_FOLDER, figures_path, write_whole
from velfaerd_sim.reporting.pages.claims_ledger import ledger, overview_cells, summary
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.results import ClaimResults, read_results
from velfaerd_sim.studies.claims.sets import recorded_set
from velfaerd_sim.studies.claims.study import CLAIMS_FILE, KIND
from velfaerd_sim.studies.claims.tables import TABLES
from velfaerd_sim.telling.claims_words import ClaimWords

LEDGER, LEDGER_DA, SUMMARY = "claims.md", "claims.da.md", "claims_summary.md"
CONCLUSIONS, MADE_FROM = "conclusions.json", "made_from.json"
LANGUAGES = ("en", "da")


@dataclass(frozen=True)
class Ledger:
    """A ledger that was written: its path, its overview by claim, its figures by language."""

    path: Path
    lines: Mapping[str, str]
    drawn: Mapping[str, tuple[Drawn, ...]]


@dataclass(frozen=True)
class Concluded:
    """Results, conclusions, and what they were made from."""

    results: ClaimResults
    conclusions: tuple[ClaimConclusion, ...]
    made_from: Mapping[str, Any]


def concluded(folder: str | Path, tables: str | Path, file: str | Path) -> Concluded:
    """Conclude from the tables in a folder; `folder` holds what they were made from.

    Raises InputError where the folder holds neither a record of claims nor `made_from.json`.
    """
    made = made_from(Path(folder))
    results = read_results(tables, load_claims(file))
    sets = made["sets"].items()
    worlds = {name: recorded_set(Path(folder), name, entry).worlds for name, entry in sets}
    return Concluded(results, tuple(conclude(results, worlds)), made)


def made_from(folder: Path) -> dict[str, Any]:
    """What the tables of a study folder, or of a shipped one, were made from."""
    shipped = folder / MADE_FROM
    if shipped.is_file():
        content: dict[str, Any] = json.loads(shipped.read_text("utf-8"))
        return content
    record = read_record(folder)
    if record["kind"] != KIND:
        raise InputError("folder", str(folder), "a folder made by `velfaerd claims`")
    files = {Path(name).name: entry["sha256"] for name, entry in record["files"].items()}
    return {
        "version": record["package"]["version"],
        "model_digest": record["package"]["model_digest"],
        "fingerprint": record["fingerprint"],
        "status": record["status"],
        "worlds": record["counts"]["done"],
        "sets": record["design"]["sets"],
        "files": {name: files[name] for name in sorted(files)},
    }


def conclude_study(folder: str | Path) -> Concluded:
    """Conclude from a study folder."""
    path = Path(folder)
    return concluded(path, path / TABLES, path / CLAIMS_FILE)


def write_ledger(folder: str | Path, found: Concluded | None = None) -> Ledger:
    """Write ledger, summary, conclusions and figures of a study of claims into its folder.

    found: what was concluded, where that was done already.
    """
    path = Path(folder)
    found = found or conclude_study(path)
    for name, text in texts(found).items():
        write_whole(path / name, text.encode())
    write_whole(path / TABLES / CONCLUSIONS, conclusions_json(found).encode())
    drawn = {language: tuple(draw(found, language)) for language in LANGUAGES}
    for language, figures in drawn.items():
        save(figures, figures_path(path, language))
    return Ledger(path / LEDGER, _lines(found), drawn)


def draw(found: Concluded, language: str = "en") -> list[Drawn]:
    """Draw all figures."""
    words = ClaimWords(found.results.file, language)
    fingerprint = str(found.made_from["fingerprint"])
    return draw_claims(found.conclusions, found.results, words, fingerprint)


def texts(found: Concluded, figures: str = FIGURES_FOLDER) -> dict[str, str]:
    """The ledger in both languages and the page in both: name of the file -> text.

    figures: the folder of the English figures, seen from the ledger; '.da' is added for the Danish.
    """
    file, made = found.results.file, found.made_from
    return {
        LEDGER: ledger(found.conclusions, file, made, "en", figures),
        LEDGER_DA: ledger(found.conclusions, file, made, "da", f"{figures}.da"),
        SUMMARY: summary(found.conclusions, file, "en")
        + "\n---\n\n"
        + summary(found.conclusions, file, "da"),
    }


def publish(folder: str | Path, repository: str | Path) -> list[Path]:
    """Put the tables of a finished study into `experiments/claims`, the ledger into `docs`.

    Raises InputError where the claims were changed since.
    """
    path, root = Path(folder), Path(repository)
    home = root / "experiments" / "claims"
    written = root / "experiments" / CLAIMS_FILE
    if written.read_bytes() != (path / CLAIMS_FILE).read_bytes():
        raise InputError("folder", str(folder), f"a study of {written} as it is now")
    made = made_from(path)
    content = {MADE_FROM: json.dumps(made, indent=1, ensure_ascii=False) + "\n"}
    for table in sorted((path / TABLES).glob("*.csv")):
        content[table.name] = table.read_text("utf-8")
    paths = [_write(home / name, text) for name, text in content.items()]
    found = concluded(home, home, written)
    for name, text in texts(found, "claims").items():
        paths.append(_write(root / "docs" / name, text))
    for language, figures in (("en", "claims"), ("da", "claims.da")):
        for each in draw(found, language):
            paths.append(_write(root / "docs" / figures / f"{each.key}.svg", each.svg))
    return paths


def _write(path: Path, text: str) -> Path:
    write_whole(path, text.encode())
    return path


def damaged(home: Path) -> list[str]:
    """Names of shipped tables that are not as they were written."""
    files = made_from(home)["files"]
    return [
        name
        for name, digest in files.items()
        if name.endswith(".csv")
        and hashlib.sha256((home / name).read_bytes()).hexdigest() != digest
    ]


def _lines(found: Concluded) -> dict[str, str]:
    """The verdict of each claim in two lines, by the claim's id."""
    words = ClaimWords(found.results.file)
    lines = {}
    for each in found.conclusions:
        _, _, word, share, own, _ = overview_cells(each, words)
        prior = f"; prior {own}" if own else ""
        statement = each.claim.statement.of(words.language)
        lines[each.claim.id] = f"{each.claim.id} {statement}\n     {word}: {share}{prior}"
    return lines


def conclusions_json(found: Concluded) -> str:
    """All conclusions as plain values, with the sentences in both languages."""
    made: dict[str, Any] = {"made_from": dict(found.made_from), "claims": []}
    both = [ClaimWords(found.results.file, language) for language in LANGUAGES]
    for each in found.conclusions:
        claim, verdict = each.claim, each.decisive.verdict
        made["claims"].append(
            {
                "id": claim.id,
                "source": claim.source,
                "kinds": list(claim.kinds),
                "statement": asdict(claim.statement),
                "reading": asdict(claim.reading),
                "overturn": asdict(claim.overturn),
                "word": verdict.word,
                "settled": verdict.settled,
                "share": verdict.share,
                "sets": [_set(one) for one in each.sets],
                "conditions": asdict(each.conditions),
                "leanings": [asdict(one) for one in each.leanings],
                "best": [asdict(one) for one in each.best],
                "robustness": [asdict(one) | {"turned": one.turned} for one in each.moved],
                "counter": None if each.counter is None else asdict(each.counter),
                "fragile_on": list(each.fragile_on),
                "cells": [asdict(one) | {"reproduced": one.reproduced} for one in each.cells],
                "sentences": {words.language: _sentences(each, words) for words in both},
            }
        )
    return json.dumps(_plain(made), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _set(one: Any) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "set": one.set,
        "worlds": verdict.worlds,
        "met": verdict.met,
        "share": verdict.share,
        "low": verdict.low,
        "high": verdict.high,
        "word": verdict.word,
        "settled": verdict.settled,
        "wrong": one.wrong,
        "criteria": [
            {
                "name": found.criterion.name,
                "measure": found.criterion.measure,
                "unit": found.criterion.unit,
                "counts": found.criterion.counts,
                "least": found.criterion.threshold,
                "median": found.median,
                "low": found.low,
                "high": found.high,
                "share": found.share,
            }
            for found in one.criteria
        ],
    }


def _sentences(each: ClaimConclusion, words: ClaimWords) -> dict[str, Any]:
    return {
        "word": words.word(each.decisive.verdict.word),
        "verdict": words.verdict(each.claim, each.decisive),
        "conditions": "" if each.claim.is_table else words.conditions(each),
        "best": words.best(each),
        "leanings": words.leanings(each),
        "counter": words.counter(each),
        "robustness": words.robustness(each),
        "criteria": [words.found(each.claim, one) for one in each.decisive.criteria],
    }


def _plain(value: Any) -> Any:
    """Plain values of JSON: numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
