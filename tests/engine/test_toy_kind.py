"""A kind of study that is one short plan gets every promise of the engine."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from engine import toy
from engine.toy import Squares
from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.cost import cost_of, missing_rows
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import StorageError, StudyError, VelfaerdError

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


def test_any_executor_and_none_at_all_give_the_same_rows(tmp_path):
    with ThreadPoolExecutor(2) as executor:
        carry_out(Squares(5), tmp_path / "s", Options(executor=executor))
    in_memory = carry_out(Squares(5), None, Options(workers=1)).rows.table()
    columns = ["name", "number", "square"]
    assert in_memory.select(columns).to_pydict() == {
        name: parts.read_rows(tmp_path / "s", "name").to_pydict()[name] for name in columns
    }


def test_failed_rows_stand_beside_the_others_and_are_tried_again_on_request(tmp_path):
    (tmp_path / "fail 3").touch()
    plan = Squares(5, str(tmp_path))
    done = carry_out(plan, tmp_path / "s", Options(workers=1))
    assert done.record["status"] == "incomplete"
    assert done.record["counts"] == {"planned": 6, "done": 5, "failed": 1}
    assert done.record["failures"] == [
        {"name": "n3", "number": 3, "message": "ValueError: no square of 3"}
    ]
    (tmp_path / "fail 3").unlink()
    assert carry_out(plan, tmp_path / "s", Options(workers=1)).new == 0
    again = carry_out(plan, tmp_path / "s", Options(workers=1, retry_failed=True))
    assert again.record["counts"]["failed"] == 0
    assert squares(tmp_path / "s") == SQUARES | {22: 484.0}


def test_fail_fast_stops_and_keeps_what_is_done(tmp_path):
    (tmp_path / "fail 1").touch()
    with pytest.raises(VelfaerdError, match=r"no square of 1 \(name n1, number 1\)"):
        carry_out(Squares(5, str(tmp_path)), tmp_path / "s", Options(workers=1, fail_fast=True))
    assert squares(tmp_path / "s")[1] is None


@pytest.mark.slow
def test_a_task_that_kills_its_worker_is_a_failed_row(tmp_path):
    (tmp_path / "kill 2").touch()
    done = carry_out(Squares(5, str(tmp_path), processes=True), tmp_path / "s", Options(workers=2))
    assert done.record["counts"]["failed"] == 1
    assert "the worker died 5 times" in done.record["failures"][0]["message"]
    assert {number for number in squares(tmp_path / "s") if number < 5} == set(range(5))


def test_a_deadline_ends_well_and_the_next_session_goes_on(tmp_path):
    (tmp_path / "slow").touch()
    plan = Squares(9, str(tmp_path))
    done = carry_out(plan, tmp_path / "s", Options(workers=1, minutes=0.5 / 60))
    assert done.late
    assert 0 < done.new < 9
    assert done.record["status"] == "incomplete"
    assert missing_rows(plan, tmp_path / "s") == 9 - done.new
    (tmp_path / "slow").unlink()
    assert not carry_out(plan, tmp_path / "s").late
    assert squares(tmp_path / "s") == {number: number**2 for number in (*range(9), 205)}


def test_it_goes_on_after_it_was_killed(tmp_path):
    (tmp_path / "slow").touch()
    code = "import sys; from engine.toy import Squares; from velfaerd_sim.engine import rows\n"
    code += "from velfaerd_sim.engine.session import *; rows.FLUSH_ROWS = 1\n"
    code += "carry_out(Squares(50, sys.argv[1]), sys.argv[1] + '/s', Options(workers=1))"
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], env={**os.environ, "PYTHONPATH": path}
    )
    while len(parts.part_names(tmp_path / "s")) < 3:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (tmp_path / "slow").unlink()
    before = len(squares(tmp_path / "s"))
    done = carry_out(Squares(50, str(tmp_path)), tmp_path / "s")
    assert done.new == 51 - before
    assert check_whole(tmp_path / "s")


def check_whole(path):
    found = squares(path)
    return all(found[number] == number**2 for number in range(50)) and len(found) == 51


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


def test_a_dry_run_tells_rows_time_and_room(tmp_path):
    (tmp_path / "slow").touch()
    cost = cost_of(Squares(5, str(tmp_path)), workers=1)
    assert (cost.rows, cost.tasks, cost.workers) == (5, 5, 1)
    assert cost.seconds == pytest.approx(1.0, rel=0.5)
    assert cost.bytes == 5 * round(Squares(5).bytes_per_row())
    assert missing_rows(Squares(5), tmp_path / "none") == 5
    assert not (tmp_path / "none").exists()


def test_progress_tells_how_far_it_is(tmp_path):
    told = []
    carry_out(Squares(5), tmp_path / "s", Options(workers=1, progress=told.append))
    assert (told[-1].runs_done, told[-1].runs_total, told[-1].done) == (6, 6, told[-1].total)
    assert all(one.runs_done <= other.runs_done for one, other in pairwise(told))
