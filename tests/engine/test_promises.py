"""Every kind of study keeps every promise of the engine: one matrix, with a stand-in model."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.faulty import Deadly, Study
from engine.stand_ins import CASES, tasks_of
from engine.toy import Squares
from velfaerd_sim.engine import dispatch, parts, rows, session, store
from velfaerd_sim.engine.cost import cost_of, missing_rows
from velfaerd_sim.engine.process import WorkerDiffersError
from velfaerd_sim.engine.session import Done, Options, carry_out
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import StorageError, StudyError, VelfaerdError
from velfaerd_sim.studies.kinds import KINDS

every_kind = pytest.mark.parametrize("kind", CASES)
SINGLE = "run"
"""The kind that is one task: it is done or not."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Done]:
    """A study of each kind that was carried out in one go."""
    done: dict[str, Done] = {}

    def of(kind: str) -> Done:
        if kind not in done:
            path = tmp_path_factory.mktemp(kind)
            done[kind] = carry_out(CASES[kind].on(path / "s", path), path / "s", Options(workers=2))
        return done[kind]

    return of


@pytest.fixture
def study(kind: str, tmp_path: Path) -> Study:
    return Study(kind, tmp_path)


def alike(one: Done, other: Done) -> None:
    """The same tables and counts, whatever way they were come to.

    Rows of another way stay where a failure is an answer that others follow from.
    """
    assert one.record["status"] == other.record["status"] == "complete"
    rest = () if one.rows.plan.takes_failures else ("table", "fingerprint")
    for key in ("counts", "failures", "files", "seeds", *rest):
        assert one.record.get(key) == other.record.get(key), key


def test_every_kind_is_here() -> None:
    assert set(CASES) == {*KINDS, "squares"}


@every_kind
def test_it_goes_on_after_a_stop(study: Study, kind: str, whole: Callable[[str], Done]) -> None:
    def stop(there: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.run(workers=1, after_task=stop)
    assert store.read_record(study.path)["status"] == ("incomplete")
    kept = study.kept()
    assert kept > 0
    done = study.run()
    assert done.new == len(whole(kind).rows) - kept
    alike(done, whole(kind))


class Interrupted(list[Any]):
    """Rows that wait; the process is interrupted right after the next were put there."""

    def __iadd__(self, other: Any) -> Any:
        super().__iadd__(other)
        raise KeyboardInterrupt


@every_kind
def test_what_it_counts_after_an_interruption_is_what_is_there(
    study: Study, kind: str, whole: Callable[[str], Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = rows.RowStore.restore

    def restore(self: rows.RowStore, retry_failed: bool = False) -> None:
        plain(self, retry_failed)
        self._waiting = Interrupted()

    with monkeypatch.context() as patch:
        patch.setattr(rows.RowStore, "restore", restore)
        with pytest.raises(KeyboardInterrupt):
            study.run(workers=1)
    assert store.read_record(study.path)["counts"]["done"] == study.kept() > 0
    alike(study.run(), whole(kind))


def carried_out_side_by_side(folder: str) -> None:
    """In a process of its own: a study of every kind, each row written as soon as it is there."""
    rows.FLUSH_ROWS, rows.FLUSH_SECONDS, dispatch.CHUNK_SECONDS = 1, 0.0, 0.01
    with ThreadPoolExecutor(len(CASES)) as pool:
        list(pool.map(lambda kind: Study(kind, Path(folder) / kind).run(workers=1), CASES))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """A study of each kind whose process was killed in the middle of a task."""
    folder = tmp_path_factory.mktemp("killed")
    studies = {kind: Study(kind, folder / kind) for kind in CASES}
    for study in studies.values():
        study.faults.mkdir()
        (study.faults / "slow").touch()
        study.fault("hang", 3)
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=carried_out_side_by_side, args=(str(folder),))
    process.start()
    deadline = time.monotonic() + 120

    def begun(kind: str) -> bool:
        path = studies[kind].path
        return bool(parts.part_names(path)) or (kind == SINGLE and (path / "study.json").exists())

    while not all(map(begun, CASES)):
        assert process.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return studies


@every_kind
def test_it_goes_on_after_it_was_killed(
    killed: dict[str, Study], kind: str, whole: Callable[[str], Done]
) -> None:
    study = killed[kind]
    study.mend()
    kept = study.kept()
    assert kept > 0 or kind == SINGLE
    done = study.run()
    assert done.new == len(whole(kind).rows) - kept > 0
    alike(done, whole(kind))


@every_kind
def test_a_task_that_kills_its_worker_is_failed_rows_and_may_be_tried_again(
    study: Study, kind: str, whole: Callable[[str], Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    study.fault("kill")
    monkeypatch.setattr(dispatch.time, "sleep", lambda _: None)
    with ThreadPoolExecutor(2) as pool, monkeypatch.context() as patch:
        deadly = Deadly(pool, study.faults)
        patch.setattr(session, "threads_of", lambda *_: nullcontext(deadly))
        done = study.run()
    assert done.rows.failed > 0
    assert "the worker died 5 times" in done.rows.failures()[0]["message"]
    assert done.rows.done > 0 or kind == SINGLE
    study.mend()
    alike(study.run(retry_failed=True), whole(kind))


def test_workers_that_fail_whatever_they_are_given_end_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study("squares", tmp_path)
    for place in range(9):
        study.fault("kill", place)
    monkeypatch.setattr(dispatch.time, "sleep", lambda _: None)
    monkeypatch.setattr(dispatch, "LAST", 100)
    with ThreadPoolExecutor(2) as pool:
        deadly = Deadly(pool, tmp_path)
        monkeypatch.setattr(session, "threads_of", lambda *_: nullcontext(deadly))
        with pytest.raises(VelfaerdError, match="the folder is kept"):
            study.run()


@every_kind
def test_an_exception_is_failed_rows_and_may_be_tried_again(
    study: Study, kind: str, whole: Callable[[str], Done]
) -> None:
    study.fault("fail")
    done = study.run()
    plan = study.case.on(study.path, study.faults)
    assert done.rows.failed == len(tasks_of(plan)[0].keys)
    assert done.rows.done > 0 or kind == SINGLE
    assert done.rows.failures()[0]["message"] == "ValueError: no luck"
    counts = done.record["counts"]
    assert counts["failed"] > 0
    assert done.record["status"] == ("complete" if plan.takes_failures else "incomplete")
    study.mend()
    assert study.run().new == 0
    alike(study.run(retry_failed=True), whole(kind))


@every_kind
def test_fail_fast_stops_and_keeps_the_others(
    study: Study, kind: str, whole: Callable[[str], Done]
) -> None:
    study.fault("fail")
    with pytest.raises(VelfaerdError, match=r"a run failed: ValueError: no luck \(.+\); the other"):
        study.run(workers=1, fail_fast=True)
    assert study.kept() > 0
    study.mend()
    alike(study.run(retry_failed=True), whole(kind))


@every_kind
def test_a_dry_run_tells_rows_time_and_room_and_writes_nothing(study: Study, kind: str) -> None:
    (study.faults / "slow").touch()
    plan = study.case.on(study.path, study.faults)
    cost = cost_of(plan, workers=1, patience=0.2)
    assert cost.rows >= cost.tasks > 0
    assert cost.seconds is not None
    assert 0.005 * cost.tasks < cost.seconds < 1.0 * cost.tasks  # a busy machine takes longer
    assert cost.bytes > 0
    assert missing_rows(plan, study.path) == cost.rows
    assert not study.path.exists()


@every_kind
def test_a_time_budget_ends_well_and_the_same_call_goes_on(
    study: Study, kind: str, whole: Callable[[str], Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    (study.faults / "slow").touch()
    monkeypatch.setattr(dispatch, "CHUNK_SECONDS", 0.01)
    done = study.run(workers=1, minutes=0.0 if kind == SINGLE else 0.06 / 60)
    assert done.late
    assert done.record["status"] == "incomplete"
    assert done.new < len(whole(kind).rows)
    assert missing_rows(study.case.on(study.path, study.faults), study.path) > 0
    study.mend()
    again = study.run()
    assert not again.late
    assert again.new == len(whole(kind).rows) - done.new
    alike(again, whole(kind))


@every_kind
def test_any_executor_and_no_folder_give_the_same(
    study: Study, kind: str, whole: Callable[[str], Done]
) -> None:
    with ThreadPoolExecutor(2) as pool:
        alike(study.run(executor=pool), whole(kind))
    in_memory = carry_out(study.case.on(study.path, study.faults), None, Options(workers=1))
    assert in_memory.record["counts"] == whole(kind).record["counts"]
    assert in_memory.record.get("table") == whole(kind).record.get("table")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
    ) as cluster:
        yield cluster.scheduler_address


@every_kind
def test_a_cluster_gives_the_same(
    study: Study, kind: str, whole: Callable[[str], Done], scheduler: str
) -> None:
    alike(study.run(scheduler=scheduler), whole(kind))


@every_kind
def test_the_room_on_the_disk_is_asked_first(
    study: Study, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = store.shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(store.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(StorageError, match="not enough room"):
        study.run()
    assert not study.path.exists()


@every_kind
def test_more_is_added_to_what_is_there(
    study: Study, kind: str, whole: Callable[[str], Done], tmp_path_factory: Any
) -> None:
    first = study.run()
    if not study.case.grows:
        assert study.run(size=1).new == 0
        return
    more = study.run(size=1)
    other = Study(kind, study.faults, "at_once")
    at_once = other.run(size=1)
    assert 0 < more.new < len(at_once.rows)
    assert more.record["counts"]["done"] > first.record["counts"]["done"]
    alike(more, at_once)


@every_kind
def test_progress_rises_to_its_end(study: Study, kind: str) -> None:
    told: list[Any] = []
    done = study.run(workers=1, progress=told.append)
    last = told[-1]
    assert last.runs_done == last.runs_total == len(done.rows)
    assert last.done == last.total > 0
    assert all(one.runs_done <= other.runs_done for one, other in pairwise(told))
    assert all(each.done <= each.total for each in told)


@every_kind
def test_verification_runs_a_sample_again_and_finds_what_differs(study: Study, kind: str) -> None:
    study.run()
    found = study.check()
    assert found.faults == []
    assert found.runs > 0
    assert found.of_runs == store.read_record(study.path)["counts"]["done"]
    (study.faults / "other").touch()
    assert "is recorded" in " ".join(study.check().faults)


@every_kind
def test_workers_of_another_version_are_refused(
    study: Study, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "versions", lambda _: (("model", "0" * 64),))
    with pytest.raises(WorkerDiffersError, match="instead of 000000000000"):
        study.run()


@every_kind
def test_another_study_is_refused(study: Study, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    study.run()
    before = store.read_record(study.path)
    record = type(study.case.on(study.path, study.faults)).record

    def other(plan: Any, command: str) -> Any:
        made = record(plan, command)
        made["package"]["model_digest"] = "0" * 64
        made["design"] |= {"model": "another"} if "model" in made["design"] else {}
        return made

    plan = study.case.on(study.path, study.faults)
    monkeypatch.setattr(type(plan), "record", other)
    with pytest.raises(StudyError, match="another version of the model"):
        carry_out(plan, study.path)
    assert store.read_record(study.path) == before


@pytest.mark.slow
@every_kind
def test_the_model_in_processes_keeps_them_too(kind: str, tmp_path: Path) -> None:
    def stop(there: Any) -> None:
        raise KeyboardInterrupt

    def plan(name: str) -> Any:
        made = CASES[kind].real(tmp_path / name)
        made.processes = True
        return made

    with pytest.raises(KeyboardInterrupt):
        carry_out(plan("s"), tmp_path / "s", Options(workers=2), after_task=stop)
    done = carry_out(plan("s"), tmp_path / "s", Options(workers=2))
    with ThreadPoolExecutor(2) as pool:
        whole = carry_out(plan("whole"), tmp_path / "whole", Options(executor=pool))
    assert 0 < done.new < len(whole.rows) or kind == SINGLE
    alike(done, whole)
    found = PlanCheck(plan("s"), tmp_path / "s", done.record, 2, 2, None)
    found.run()
    assert (found.faults, found.runs > 0) == ([], True)


@pytest.mark.slow
def test_a_process_that_dies_is_failed_rows(tmp_path: Path) -> None:
    (tmp_path / "kill 2").touch()
    plan = Squares(5, str(tmp_path), processes=True)
    done = carry_out(plan, tmp_path / "s", Options(workers=2))
    assert done.rows.failed == 1
    assert "the worker died 5 times" in done.record["failures"][0]["message"]
