"""A damaged record is told in one sentence, and can be replaced on request."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attacks.folders import copied
from faults.records import KINDS, made, mutated, written
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.errors import InputError, StudyError, VelfaerdError
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies import kinds
from velfaerd_sim.studies.run.single import run_single

REMOVED = ["design", "status", "failures", "counts", "package", "files", "times", "seeds"]


def without(key: str) -> Any:
    return {name: value for name, value in made().items() if name != key}


DAMAGED: dict[str, Callable[[], Any]] = {
    **{f"without {key}": (lambda key=key: without(key)) for key in REMOVED},
    "package null": lambda: made() | {"package": None},
    "package a number": lambda: made() | {"package": 3},
    "package a list": lambda: made() | {"package": []},
    "seeds not numbers": lambda: made() | {"seeds": [None]},
    "files a list": lambda: made() | {"files": ["series.parquet"]},
    "a huge number": lambda: made() | {"seeds": [10**40]},
    "NaN": lambda: json.dumps(made()).replace('"planned": 2', '"planned": NaN'),
    "infinite": lambda: json.dumps(made()).replace('"planned": 2', '"planned": 1e999'),
    "deep": lambda: "[" * 100_000 + "]" * 100_000,
    "deep inside": lambda: json.dumps(made())[:-1] + ', "x": ' + "[" * 90 + "]" * 90 + "}",
    "half a character": lambda: json.dumps(made()).replace("a test", "\\ud800"),
    "digits": lambda: json.dumps(made()).replace("[1, 2]", "[" + "1" * 5000 + "]"),
    "nothing": lambda: "",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_record_is_one_sentence_and_can_be_replaced(name: str, tmp_path: Path) -> None:
    """M4."""
    folder = written(tmp_path / "study", DAMAGED[name]())
    with pytest.raises(StudyError, match="is not the record of a study") as caught:
        store.read_record(folder)
    assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(StudyError), store.opened(folder, made()):
        pass
    with store.opened(folder, made(), overwrite=True) as (_, old):
        assert old is None
    assert not (folder / "study.json").exists()


def test_a_record_that_is_no_text_or_far_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M4: the size is looked at before anything is parsed."""
    folder = written(tmp_path / "study", made())
    (folder / "study.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match="is not the record"):
        store.read_record(folder)
    monkeypatch.setattr("velfaerd_sim.engine.reading.LARGEST_RECORD_BYTES", 2)
    with pytest.raises(InputError, match="at most 0 MB"):
        store.read_record(folder)


def test_damage_inside_of_a_design_can_be_replaced(tmp_path: Path) -> None:
    """M4: what only the study itself can tell."""
    folder = written(tmp_path / "study", made("run") | {"design": {"replicates": {"a": [1]}}})
    with pytest.raises(StudyError):
        run_single(adults=300, months=3, out=folder)
    run = run_single(adults=300, months=3, out=folder, overwrite=True)
    assert run.study["status"] == records.COMPLETE


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_gives_no_plan_any_more_is_told(kind: str, tmp_path: Path) -> None:
    """M4: found by attack; whatever is missing, nothing else than a sentence comes."""
    path, told = copied(kind, tmp_path).path, 0
    record = store.read_record(path)
    for within in (record, record["design"], record["scenario"]):
        for key in [*within]:
            value = within.pop(key)
            try:
                kinds.KINDS[kind].plan_of(record, path)
            except VelfaerdError:
                told += 1
            within[key] = value
    assert told > 0


def test_a_table_that_was_changed_is_named_by_the_report(tmp_path: Path) -> None:
    """M4: found by attack; a table of another study in the place of a study's own."""
    path = copied("compare", tmp_path).path
    shutil.copy(path / "levels.parquet", path / "effects.parquet")
    with pytest.raises(StudyError, match=r"effects\.parquet was changed after it was written"):
        write_report(path)


def test_a_record_with_nan_is_never_written() -> None:
    """P."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        records.text(made() | {"design": {"half_width": float("nan")}})


def refusal(folder: Path, new: dict[str, Any]) -> str:
    """What is said where a study does not go on in a folder; empty where it does."""
    try:
        with store.opened(folder, new):
            return ""
    except VelfaerdError as error:
        return str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_records_of_each_kind_give_a_sentence_each(kind: str, tmp_path: Path) -> None:
    """M4: and each can be replaced."""
    draws, record = random.Random(kind), made(kind)
    told = []
    for _ in range(150):
        folder = written(tmp_path / "study", mutated(record, draws))
        told.append(refusal(folder, record))
        if told[-1]:
            with store.opened(folder, record, overwrite=True) as (_, old):
                assert old is None
    assert sum(map(bool, told)) > 60
    assert max(map(len, told)) < 1000
    assert all(len(each.splitlines()) <= 1 for each in told)
