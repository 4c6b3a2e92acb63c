"""Nothing of the user's is removed, and no link is followed."""

import os
import shutil
from pathlib import Path

import pytest

from faults.records import made, written
from velfaerd_sim.cli.main import main
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import store
from velfaerd_sim.errors import StudyError
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.sweep.sweeping import branch_folder

DIGEST = "0123456789abcdef"


def run_into(folder: Path) -> int:
    return main(["run", "--adults", "300", "--months", "3", "--out", str(folder)])


def test_a_foreign_file_among_the_parts_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H1."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "thesis.docx").write_text("mine")
    assert run_into(tmp_path) == 2
    assert "holds other files, such as 'parts/thesis.docx'" in capsys.readouterr().err
    assert (tmp_path / "parts" / "thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("name", [".editor.swap.tmp", ".tmp", ".notes.12a.tmp"])
def test_a_temporary_file_of_another_program_stays(name: str, tmp_path: Path) -> None:
    """H1."""
    (tmp_path / name).write_text("mine")
    assert run_into(tmp_path) == 2
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["parts", "runs", "branches"])
def test_a_link_in_the_place_of_a_folder_is_refused(name: str, tmp_path: Path) -> None:
    """H1, H2: whatever the link leads to stays."""
    other = tmp_path / "other"
    other.mkdir()
    kept = other / f"part-000001-{DIGEST}.parquet"
    kept.write_text("mine")
    out = written(tmp_path / "study", made())
    (out / name).symlink_to(other)
    with pytest.raises(StudyError, match="is a link to another folder"), store.opened(out, made()):
        pass
    (out / "study.json").unlink()
    assert run_into(out) == 2
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("name", ["branches", "branches/new"])
def test_a_branch_is_written_through_no_link(name: str, tmp_path: Path) -> None:
    """H2."""
    (tmp_path / "other").mkdir()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to(tmp_path / "other")
    with pytest.raises(StudyError, match="is a link to another folder"):
        branch_folder(tmp_path, "new")


def test_a_file_in_the_place_of_the_runs_is_named(tmp_path: Path) -> None:
    """L7."""
    out = written(tmp_path / "study", made())
    (out / "runs").write_text("mine")
    with pytest.raises(StudyError, match="is a file"), store.opened(out, made()):
        pass
    assert (out / "runs").read_text() == "mine"


def test_a_linked_folder_is_neither_written_nor_emptied(tmp_path: Path) -> None:
    """H2: also where the link appears while a study is running."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.parquet").write_text("mine")
    out = tmp_path / "study"
    with store.opened(out, made()) as (folder, _):
        (out / "runs").symlink_to(other)
        folder.remove(["runs/mine.parquet", "../other/mine.parquet"])
        with pytest.raises(StudyError, match="is a link"), folder.transaction() as work:
            work.text("runs/new.txt", "a run")
        (out / f".study.json.{os.getpid()}.tmp").symlink_to(other / "mine.parquet")
        with folder.transaction() as work:
            work.text("study.json", "{}")
    assert [path.name for path in other.iterdir()] == ["mine.parquet"]
    assert (other / "mine.parquet").read_text() == "mine"


@pytest.mark.parametrize("studies", [0, 1])
def test_a_report_is_written_through_no_link(studies: int, tmp_path: Path) -> None:
    """H1: neither into a linked folder, whatever it holds, nor through a temporary name."""
    other, out = tmp_path / "other", tmp_path / "study"
    for folder in [other, out][1 - studies :]:
        run_single(adults=300, months=3, out=folder)
    other.mkdir(exist_ok=True)
    (other / "time.png").write_text("mine")
    before = {path.name: path.read_bytes() for path in other.iterdir()}
    (out / "figures").symlink_to(other)
    assert main(["report", str(out)]) == 2
    (out / "figures").unlink()
    (out / f".report.html.{os.getpid()}.tmp").symlink_to(other / "time.png")
    (out / f".probe.{os.getpid()}.tmp").symlink_to(other / "time.png")
    run_single(adults=300, months=3, out=out)
    assert main(["report", str(out)]) == 0
    assert {path.name: path.read_bytes() for path in other.iterdir()} == before


def test_parts_of_our_own_are_removed_and_others_stay(tmp_path: Path) -> None:
    """H1: with a study in the folder."""
    out = written(tmp_path / "study", made())
    (out / "parts").mkdir()
    ours = ["series-00000.parquet", f"readings-000000-{DIGEST}.parquet", ".series.7.tmp"]
    for name in [*ours, "thesis.docx", ".editor.swap.tmp"]:
        (out / "parts" / name).write_text("x")
    with store.opened(out, made()) as (folder, _):
        folder.remove_parts()
    left = {path.name for path in (out / "parts").iterdir()}
    assert left == {"thesis.docx", ".editor.swap.tmp"}


def test_overwriting_follows_no_name_out_of_the_folder(tmp_path: Path) -> None:
    """H1: a record that names files elsewhere."""
    (tmp_path / "mine.parquet").write_text("mine")
    record = made()
    record["files"]["../mine.parquet"] = {"sha256": "0" * 64}
    out = written(tmp_path / "study", record)
    run_single(adults=300, months=3, out=out, overwrite=True)
    assert (tmp_path / "mine.parquet").read_text() == "mine"
    shutil.rmtree(out)


def test_overwriting_removes_only_names_of_our_own(tmp_path: Path) -> None:
    """H1: whatever a record names; a changed record is believed only where digests fit."""
    record = made()
    named = [
        "thesis.docx",
        "Data.csv",
        "notes.md",
        "own/table.parquet",
        ".bashrc",
        "effects.parquet",
    ]
    for name in named:
        record["files"][name] = {"sha256": "0" * 64}
    record["fingerprint"] = records.fingerprint(record)
    out = written(tmp_path / "study", record)
    (out / "own").mkdir()
    for name in named:
        (out / name).write_text("mine")
    with store.opened(out, made("run"), overwrite=True):
        pass
    left = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert left == set(named) - {"effects.parquet"}
    record["files"]["levels.parquet"] = {"sha256": store.sha256(out / "thesis.docx")}
    record["fingerprint"] = "0" * 64
    written(out, record)
    for name in ("effects.parquet", "levels.parquet"):
        (out / name).write_text("mine")
    with store.opened(out, made("run"), overwrite=True):
        pass
    assert (out / "effects.parquet").exists()
    assert not (out / "levels.parquet").exists()


def test_empty_folders_that_a_full_disk_left_are_no_hindrance(tmp_path: Path) -> None:
    """Found by attack: a study whose first files did not fit could not be begun there again."""
    for name in ("sets", "claims", "runs"):
        (tmp_path / name).mkdir()
    (tmp_path / "sets" / ".prior.json.123.tmp").write_text("half")
    with store.opened(tmp_path, made("claims")) as (_, old):
        assert old is None
    (tmp_path / "sets" / "deep").mkdir()
    (tmp_path / "sets" / "deep" / "thesis.docx").write_text("mine")
    with (
        pytest.raises(StudyError, match=r"such as 'sets/deep/thesis\.docx'"),
        store.opened(tmp_path, made("claims"), overwrite=True),
    ):
        pass
