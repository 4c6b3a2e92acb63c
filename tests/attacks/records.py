"""Attacks on what a study folder holds: changed at random, it is read or told of in a sentence."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from attacks.folders import files_of, harm, verified, whole
from attacks.inputs import changed, is_sentence
from engine.faulty import Study
from faults.records import mutated
from velfaerd_sim.analysis.sweep.answers import read_sweep
from velfaerd_sim.dashboard.studies import folder as listing
from velfaerd_sim.engine import cost, store
from velfaerd_sim.engine.record import RECORD
from velfaerd_sim.errors import StudyError, VelfaerdError
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.kinds import kind_of
from velfaerd_sim.studies.loading import load_study


def plan(study: Study) -> None:
    record = store.read_record(study.path)
    kind_of(record, study.path).plan_of(record, study.path)


def page(study: Study) -> None:
    """What the dashboard says of the folder."""
    listing.entry_of(study.faults, study.path.name)
    listing.facts_of(store.read_record(study.path))
    for name in listing.tables_in(study.path)[:2]:
        listing.table_of(study.path, name)


def frame(study: Study) -> None:
    load_study(study.path)


def answers(study: Study) -> None:
    read_sweep(study.path)


def dry_run(study: Study) -> None:
    cost.missing_rows(study.case.on(study.path, study.faults), study.path)


def same_command(study: Study) -> None:
    study.run(workers=1)


def report(study: Study) -> None:
    write_report(study.path)


READERS: dict[Callable[[Study], None], int] = {
    plan: 8,
    page: 8,
    frame: 6,
    answers: 3,
    dry_run: 6,
    same_command: 3,
    verified: 2,
    report: 1,
}
"""Whoever reads a folder, and how often in comparison: reports take longest."""


@cache
def record_of(kind: str) -> Any:
    return json.loads((whole(kind)[0] / RECORD).read_text(encoding="utf-8"))


def linked(kind: str, folder: Path) -> Study:
    """A study of its own with the files of the finished one, none of which is written to."""
    shutil.copytree(whole(kind)[0], folder / "s", copy_function=os.link)
    return Study(kind, folder)


def put(path: Path, content: bytes) -> None:
    """Give a file another content, and not the file that it is linked with."""
    path.unlink()
    path.write_bytes(content)


def told(study: Study, draws: random.Random) -> str:
    """What is wrong with how a reader tells of a folder; '' where it is read or it says why not."""
    (reader,) = draws.choices(list(READERS), list(READERS.values()))
    try:
        reader(study)
    except VelfaerdError as error:
        if not is_sentence(str(error)):
            return f"{reader.__name__}: not a sentence: {str(error)[:200]!r}"
    except Exception as error:  # noqa: BLE001  what a user would see as an unexpected error
        return f"{reader.__name__}: {type(error).__name__}: {error}"
    return ""


def replaced(study: Study) -> str:
    """Whether the study can be overwritten; '' where nothing of it is gone on with."""
    with store.opened(study.path, {}, overwrite=True, check=another) as (_, old):
        return "it could not be replaced" if old is not None else ""


def another(*_: Any) -> None:
    raise StudyError("another study")


def a_record(draws: random.Random, folder: Path, kind: str) -> str:
    """A changed record of a kind is read or told of in a sentence, and can always be replaced."""
    study = linked(kind, folder)
    put(study.path / RECORD, mutated(record_of(kind), draws).encode("utf-8", "surrogatepass"))
    return told(study, draws) or replaced(study)


def a_file_of_a_study(draws: random.Random, folder: Path, kind: str) -> str:
    """The same for a part, a table, or a file of claims, worlds or a plan."""
    study = linked(kind, folder)
    path = draws.choice([each for each in files_of(study.path) if each.name != RECORD])
    content = path.read_bytes()
    if path.suffix in (".parquet", ".png") or draws.random() < 0.3:
        put(path, content)
        way = harm(path, draws)
    else:
        way = "changed"
        put(path, changed(content.decode("utf-8", "replace"), draws))
    said = told(study, draws) or replaced(study)
    return f"{kind}: {path.name}, {way}: {said}" if said else ""
