"""Study folders: what is refused, overwritten on request, or cannot be written."""

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from studies.small import HOURS, REGIMES, compared, digests, three_towns
from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import check_same_study, differences, new_record
from velfaerd_sim.errors import InputError, StorageError, StudyError
from velfaerd_sim.studies.loading import load_study

OTHERS = [
    ({"seed": 8}, "scenario.seed is 7 there and 8 here"),
    ({"regimes": REGIMES[:2]}, "regimes"),
    ({"regimes": (REGIMES[1], REGIMES[0], REGIMES[2])}, "regimes"),
    ({"adults": 400}, "scenario.town"),
    ({"months": 12}, "scenario.months is 18 there and 12 here"),
    ({"parameters": {"contagion_strength": 0.05}}, "contagion_strength"),
    ({"replicates": 9}, "design.replicates is 10 there and 9 here"),
    ({"replicates": None, "precision": 0.5}, "design.precision"),
]


@pytest.mark.parametrize(("change", "words"), OTHERS)
def test_a_folder_with_another_study_is_refused(
    change: dict[str, Any], words: str, whole: Path
) -> None:
    before = digests(whole, ())
    with pytest.raises(StudyError, match="holds another study") as caught:
        compared(whole, **HOURS, **change)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2
    assert digests(whole, ()) == before


def test_another_version_of_the_model_is_refused_in_words() -> None:
    scenario = three_towns()
    new = new_record("compare", scenario, [scenario.timeline], {"replicates": 4}, "")
    old = json.loads(json.dumps(new))
    check_same_study(old, new, "folder")
    old["package"]["source_digest"] = "0" * 64  # such as a new text in the report
    check_same_study(old, new, "folder")
    old["package"]["model_digest"] = "0" * 64
    with pytest.raises(StudyError, match="made by another version of the model"):
        check_same_study(old, new, "folder")


def test_a_folder_of_another_format_is_refused_and_kept(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    record = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    (folder / "study.json").write_text(json.dumps(record | {"format": 99}), encoding="utf-8")
    before = digests(folder, ())
    with pytest.raises(StudyError, match="format 99"):
        compared(folder, **HOURS)
    assert digests(folder, ()) == before


def test_differences_name_the_place() -> None:
    found = list(differences({"a": [1, {"b": 2}], "c": 0}, {"a": [1, {"b": 3}, 4], "d": 1}))
    assert [place for place, _, _ in found] == ["a[2].b", "a[3]", "c", "d"]
    assert not list(differences({"a": 1.0, "b": None}, {"b": None, "a": 1.0}))


def test_another_study_is_overwritten_on_request_and_other_files_stay(
    whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    found = compared(folder, overwrite=True, replicates=2, seed=8)
    assert found.study["scenario"]["seed"] == 8
    assert not (folder / "staff_hours.parquet").exists()
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_files_is_refused_also_on_request(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it", encoding="utf-8")
    for overwrite in (False, True):
        with pytest.raises(StudyError, match=r"thesis\.txt"):
            compared(tmp_path, overwrite=overwrite)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unreadable_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="not the record of a study"):
        compared(tmp_path)
    with pytest.raises(StudyError, match="not the record of a study"):
        load_study(tmp_path)
    (tmp_path / "study.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(StudyError, match="not the record of a study"):
        compared(tmp_path)


def test_an_empty_folder_and_leftovers_of_the_system_are_fine(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / ".series.parquet.123.tmp").write_bytes(b"half")
    compared(tmp_path, replicates=1, months=1)
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.parametrize("inside", [(), ("deeper",), ("deeper", "still")])
def test_a_file_in_the_place_of_the_folder_is_wrong_input(
    inside: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="out: "):
        compared(tmp_path.joinpath("file", *inside))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_name_that_is_no_path_is_wrong_input(name: str) -> None:
    with pytest.raises(InputError, match="out: "):
        compared(name)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_made_or_written_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(StorageError, match=r"cannot make the folder .*: Permission denied"):
            compared(tmp_path / "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(StorageError, match="cannot write in the folder") as caught:
            compared(tmp_path / "new" / "deeper")
    assert caught.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ran: list[int]
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _: usage._replace(free=20_000_000))
    with pytest.raises(StorageError, match=r"it needs about .* MB, 20 MB are free"):
        compared(tmp_path / "new", replicates=100)
    assert ran == []
    assert list(tmp_path.iterdir()) == []
