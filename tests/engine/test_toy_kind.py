"""A kind of study that is one short plan: what stands in its folder, and what is found there."""

from pathlib import Path

import pytest

from engine import toy
from engine.toy import Squares
from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import StorageError, StudyError

SQUARES = {0: 0.0, 1: 1.0, 2: 4.0, 3: 9.0, 4: 16.0, 31: 961.0}


def squares(path):
    table = parts.read_rows(path, "name").to_pydict()
    return dict(zip(table["number"], table["square"], strict=True))


def check(path, sample=None):
    found = PlanCheck(Squares(5), path, store.read_record(path), sample, 1, None)
    found.run()
    return found


def test_it_is_short():
    lines = Path(toy.__file__).read_text(encoding="utf-8").splitlines()
    plan = lines[next(i for i, line in enumerate(lines) if line.startswith("class Squares")) :]
    assert len([line for line in plan if line.strip()]) < 60


@pytest.mark.parametrize("processes", [False, True])
def test_it_runs_by_stages_and_verifies(tmp_path, processes):
    done = carry_out(Squares(5, processes=processes), tmp_path / "s", Options(workers=2))
    assert squares(tmp_path / "s") == SQUARES
    assert done.record["counts"] == {"planned": 6, "done": 6, "failed": 0}
    assert done.record["status"] == "complete"
    found = check(tmp_path / "s")
    assert (found.faults, found.runs, found.of_runs) == ([], 6, 6)
    assert check(tmp_path / "s", sample=2).runs == 2


def test_a_damaged_part_is_set_aside_and_found_by_verification(tmp_path):
    carry_out(Squares(5), tmp_path / "s")
    name = parts.part_names(tmp_path / "s")[0]
    content = (tmp_path / "s" / name).read_bytes()
    (tmp_path / "s" / name).write_bytes(content[:-9] + b"x" + content[-8:])
    assert check(tmp_path / "s").faults == [f"{name} was changed after it was written"]
    done = carry_out(Squares(5), tmp_path / "s")
    assert "set aside" in done.notes[0]
    assert squares(tmp_path / "s") == SQUARES
    assert check(tmp_path / "s").faults == []


def test_verification_finds_a_row_and_a_table_that_the_work_does_not_give(tmp_path):
    done = carry_out(Squares(5), tmp_path / "s")
    table = parts.read_rows(tmp_path / "s", "name")
    wrong = table.set_column(4, "square", [[0.0, 1.0, 4.5, 9.0, 16.0, 961.0]])
    with store.opened(tmp_path / "s", done.record) as (folder, _), folder.transaction() as work:
        work.part(parts.stem(9), wrong)
    folder.remove(parts.part_names(tmp_path / "s")[:1])
    faults = " | ".join(check(tmp_path / "s").faults)
    assert "are not the 6 that were written" in faults
    assert "squares.parquet: row 2" in faults
    assert "column square: 4.5 is recorded, 4.0 comes out" in faults


def test_it_may_grow_and_refuses_another_study_and_a_full_disk(tmp_path, monkeypatch):
    carry_out(Squares(3), tmp_path / "s")
    assert carry_out(Squares(5), tmp_path / "s").new == 3
    with pytest.raises(StudyError, match=r"design\.of is 'numbers' there and 'other' here"):
        carry_out(Other(5), tmp_path / "s")
    monkeypatch.setattr(Squares, "bytes_per_row", lambda _: 1e18)
    with pytest.raises(StorageError, match="not enough room"):
        carry_out(Squares(5), tmp_path / "t")


def test_a_folder_without_its_rows_does_not_verify(tmp_path):
    path = tmp_path / "s"
    carry_out(Squares(3), path)
    for name in parts.part_names(path):
        (path / name).unlink()
    assert check(path).faults == ["the 4 rows that were written are missing"]


class Other(Squares):
    def record(self, command):
        record = super().record(command)
        record["design"]["of"] = "other"
        return record
