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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.analysis.claims import ClaimConclusion, InSet, conclude
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.reporting.figures.claims import draw_claims
from velfaerd_sim.reporting.figures.comparison import Drawn, save
from velfaerd_sim.reporting.files import FIGURES_FOLDER, figures_path, write_whole
from velfaerd_sim.reporting.pages.claims_ledger import (
    claim_words,
    ledger,
    shares_text,
    summary,
)
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.results import ClaimResults, read_results
from velfaerd_sim.studies.claims.sets import WorldSet, recorded_set
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
    conclusions = conclude(results, worlds, tuple(made.get("theories", {})))
    return Concluded(results, tuple(conclusions), made)


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
        "runs": record["counts"]["done"],
        "sets": record["design"]["sets"],
        "theories": record["design"]["theories"],
        "files": {name: files[name] for name in sorted(files)},
    }


def conclude_study(folder: str | Path) -> Concluded:
    """Conclude from a study folder."""
    path = Path(folder)
    return concluded(path, path / TABLES, path / CLAIMS_FILE)


def write_ledger(folder: str | Path, found: Concluded | None = None) -> Ledger:
    """Write ledger, summary, conclusions and figures of a study of claims into its folder.

    found: what was concluded, where that was done already. Raises InputError where no world of a
    claim was run.
    """
    path = Path(folder)
    found = found or conclude_study(path)
    if not found.conclusions:
        raise InputError("folder", str(path), refusal("a_claim_run"))
    for name, text in texts(found).items():
        write_whole(path / name, text.encode())
    write_whole(path / TABLES / CONCLUSIONS, conclusions_json(found).encode())
    drawn = {language: tuple(draw(found, language)) for language in LANGUAGES}
    for language, figures in drawn.items():
        save(figures, figures_path(path, language))
    return Ledger(path / LEDGER, _lines(found), drawn)


def draw(found: Concluded, language: str = "en") -> list[Drawn]:
    """Draw all figures."""
    words = claim_words(found.results.file, found.made_from, language)
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
        SUMMARY: summary(found.conclusions, file, made, "en")
        + "\n---\n\n"
        + summary(found.conclusions, file, made, "da"),
    }


def publish(folder: str | Path, repository: str | Path) -> list[Path]:
    """Put tables and worlds of a finished study into `experiments/claims`, the ledger into `docs`.

    Of a set only the worlds that were run are put there. Raises InputError where the claims were
    changed since.
    """
    path, root = Path(folder), Path(repository)
    home = root / "experiments" / "claims"
    written = root / "experiments" / CLAIMS_FILE
    if written.read_bytes() != (path / CLAIMS_FILE).read_bytes():
        raise InputError("folder", str(folder), f"a study of {written} as it is now")
    made = made_from(path)
    tables = sorted((path / TABLES).glob("*.csv"))
    content = {table.name: table.read_text("utf-8") for table in tables}
    kept = {name: _run_worlds(path, tables, name, each) for name, each in made["sets"].items()}
    content |= {each.file: each.text for each in kept.values()}
    for name, each in kept.items():
        made["sets"][name] |= {"worlds": len(each.worlds), "digest": each.digest}
    content[MADE_FROM] = json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    paths = [_write(home / name, text) for name, text in content.items()]
    found = concluded(home, home, written)
    for name, text in texts(found, "claims").items():
        paths.append(_write(root / "docs" / name, text))
    for language, figures in (("en", "claims"), ("da", "claims.da")):
        for drawn in draw(found, language):
            paths.append(_write(root / "docs" / figures / f"{drawn.key}.svg", drawn.svg))
    return paths


def _run_worlds(
    folder: Path, tables: Iterable[Path], name: str, entry: Mapping[str, Any]
) -> WorldSet:
    """The worlds of a set up to the last one that stands in a table."""
    whole = recorded_set(folder, name, entry)
    rows = pd.concat([pd.read_csv(table, usecols=_is_place) for table in tables])
    count = int(rows.loc[rows["set"] == name, "place"].max()) + 1
    return replace(whole, worlds=replace(whole.worlds, worlds=whole.worlds.worlds[:count]))


def _is_place(column: str) -> bool:
    return column in ("set", "place")


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
    words = claim_words(found.results.file, found.made_from, "en")
    lines = {}
    for each in found.conclusions:
        shares = shares_text(each, words)
        told = words.word(each.verdict.word) + (f" ({shares})" if shares else "")
        lines[each.claim.id] = (
            f"{each.claim.id} {each.claim.statement.of(words.language)}\n     {told}"
        )
    return lines


def conclusions_json(found: Concluded) -> str:
    """All conclusions as plain values, with the sentences in both languages."""
    made: dict[str, Any] = {"made_from": dict(found.made_from), "claims": []}
    file = found.results.file
    both = [claim_words(file, found.made_from, language) for language in LANGUAGES]
    for each in found.conclusions:
        claim = each.claim
        made["claims"].append(
            {
                "id": claim.id,
                "source": claim.source,
                "kinds": list(claim.kinds),
                "statement": asdict(claim.statement),
                "overturn": asdict(claim.overturn),
                "word": each.verdict.word,
                "telling": each.telling,
                "theories": list(each.theories),
                "sets": [_set(one) for one in each.sets],
                "conditions": asdict(each.conditions),
                "leanings": [asdict(one) for one in each.leanings],
                "best": [asdict(one) for one in each.best],
                "robustness": [asdict(one) | {"turned": one.turned} for one in each.moved],
                "cut": None if each.cut is None else asdict(each.cut),
                "fragile_on": list(each.fragile_on),
                "cells": [asdict(one) | {"reproduced": one.reproduced} for one in each.cells],
                "sentences": {words.language: _sentences(each, words) for words in both},
            }
        )
    return json.dumps(_plain(made), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _set(one: InSet) -> dict[str, Any]:
    return {
        "set": one.set,
        "worlds": one.worlds,
        "replicates": one.replicates,
        "word": one.verdict.word,
        "readings": [
            {
                "name": found.reading.name,
                "says": asdict(found.reading.says),
                "share": found.share,
                "low": found.low,
                "high": found.high,
                "by_theory": one.verdict.by_theory[:, place].tolist(),
                "counts": found.counts,
                "noisy": list(found.noisy),
                "lever_moved": found.moved,
            }
            for place, found in enumerate(one.readings)
        ],
        "criteria": [
            {
                "name": found.criterion.name,
                "measure": found.criterion.measure,
                "unit": found.criterion.unit,
                "least": found.criterion.threshold,
                "median": found.median,
                "low": found.low,
                "high": found.high,
                "sign": found.sign,
                "size": found.size,
                "noise": found.noise,
            }
            for found in one.criteria
        ],
    }


def _sentences(each: ClaimConclusion, words: ClaimWords) -> dict[str, Any]:
    table = each.claim.is_table
    return {
        "word": words.word(each.verdict.word),
        "verdict": words.verdict(each),
        "readings": [words.reading(each.claim, one) for one in each.decisive.readings],
        "conditions": "" if table else words.conditions(each),
        "best": words.best(each),
        "leanings": "" if table else words.leanings(each),
        "arrow": words.arrow(each),
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
