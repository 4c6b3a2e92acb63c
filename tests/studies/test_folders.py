"""Study folders: what is kept when work stops, and what a failing disk leaves."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from studies.small import HOURS, REGIMES, SMALL, compared, digests, three_towns
from velfaerd_sim.engine import parts, rows, store
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.engine.record import fingerprint, new_record
from velfaerd_sim.errors import InputError, StorageError, StudyError, VelfaerdError
from velfaerd_sim.instruments.replicates import ReplicateTask
from velfaerd_sim.studies.compare import work
from velfaerd_sim.studies.compare.comparison import compare, load_comparison
from velfaerd_sim.studies.loading import load_study
from velfaerd_sim.studies.run.single import load_run, run_single


@pytest.fixture
def parts_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a part as soon as four replicates wait."""
    monkeypatch.setattr(rows, "FLUSH_ROWS", 12)


def kept_in(folder: Path) -> set[int]:
    """The replicates in the parts of a folder, but for those at other staff hours."""
    table = parts.read_rows(folder, "run")
    if table is None:
        return set()
    frame = table.select(["replicate", "hours_per_1000"]).to_pandas()
    return set(frame[frame["hours_per_1000"].isna()]["replicate"])


def record_in(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    return content


def stop_after(runs: int) -> Callable[[Advance], None]:
    def progress(advance: Advance) -> None:
        if advance.runs_done >= runs:
            raise KeyboardInterrupt

    return progress


def interrupted(folder: Path, runs: int, **changes: Any) -> dict[str, Any]:
    with pytest.raises(KeyboardInterrupt):
        compared(folder, workers=1, progress=stop_after(runs), **HOURS, **changes)
    return record_in(folder)


@pytest.mark.usefixtures("parts_of_four")
@pytest.mark.parametrize("runs", [0, 6, 18, 30, 36, 42])
def test_an_interrupted_comparison_goes_on_to_the_same_files(
    runs: int, whole: Path, tmp_path: Path, ran: list[int]
) -> None:
    record = interrupted(tmp_path / "study", runs)
    assert record["status"] == "incomplete"
    assert record["fingerprint"] == fingerprint(record)
    kept = kept_in(tmp_path / "study")
    table = parts.read_rows(tmp_path / "study", "run")
    assert record["counts"]["done"] == (0 if table is None else len(table)) >= runs
    ran.clear()
    found = compared(tmp_path / "study", **HOURS)
    assert not (set(ran) & kept)
    assert sorted({*ran, *kept}) == list(range(10))
    assert digests(tmp_path / "study") == digests(whole)
    assert found.fingerprint == record_in(whole)["fingerprint"]
    assert found.notes == ()


@pytest.mark.usefixtures("parts_of_four")
def test_a_finished_comparison_is_not_run_again(whole: Path, ran: list[int]) -> None:
    before = digests(whole, ())
    compared(whole, **HOURS)
    assert ran == []
    assert digests(whole, ()) == before


@pytest.mark.usefixtures("parts_of_four")
def test_runs_of_another_version_with_the_same_model_are_kept(
    whole: Path, tmp_path: Path, ran: list[int]
) -> None:
    shutil.copytree(whole, tmp_path / "study")
    path = tmp_path / "study" / "study.json"
    digest = record_in(whole)["package"]["source_digest"]
    path.write_text(path.read_text(encoding="utf-8").replace(digest, "0" * 64), encoding="utf-8")
    (tmp_path / "study" / "effects.parquet").write_bytes(b"as another version wrote it")
    compared(tmp_path / "study", **HOURS)
    assert ran == []
    assert digests(tmp_path / "study") == digests(whole)
    assert record_in(tmp_path / "study")["package"]["source_digest"] == digest


@pytest.mark.usefixtures("parts_of_four")
@pytest.mark.parametrize("in_memory", [8, 0])
def test_more_replicates_extend(
    in_memory: int, whole: Path, tmp_path: Path, ran: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the rows of the first do not fit into memory."""
    monkeypatch.setattr(rows, "_BLOCKS_IN_MEMORY", in_memory)
    compared(tmp_path / "study", replicates=6)
    ran.clear()
    compared(tmp_path / "study", **HOURS)
    assert sorted(ran) == [6, 7, 8, 9]
    assert digests(tmp_path / "study") == digests(whole)


def test_more_regimes_extend(tmp_path: Path, ran: list[int]) -> None:
    """The others and the first are as they were, so only the first is run again beside the new."""
    compared(tmp_path / "study", regimes=REGIMES[:2])
    compared(tmp_path / "study", **HOURS)
    assert sorted(ran) == sorted([*range(10)] * 2)
    compared(tmp_path / "whole", **HOURS)
    assert digests(tmp_path / "study") == digests(tmp_path / "whole")


@pytest.mark.usefixtures("parts_of_four")
def test_a_damaged_part_is_named_and_done_again(
    whole: Path, tmp_path: Path, ran: list[int]
) -> None:
    interrupted(tmp_path / "study", 24)
    name = parts.part_names(tmp_path / "study")[1]
    part = tmp_path / "study" / name
    lost = set(pd.read_parquet(part)["replicate"])
    part.write_bytes(part.read_bytes()[:-200])
    ran.clear()
    found = compared(tmp_path / "study", **HOURS)
    assert f"{name} is damaged or of another study: it was set aside" in found.notes[0]
    assert set(ran) >= lost > set()
    assert 0 not in ran
    left = digests(tmp_path / "study")
    assert left.pop(f"{name}.damaged")
    assert left == digests(whole)


@pytest.mark.parametrize("name", ["series.parquet", "effects.parquet", "staff_hours_runs.parquet"])
@pytest.mark.usefixtures("parts_of_four")
def test_a_damaged_result_is_made_again(name: str, whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "study")
    (tmp_path / "study" / name).write_bytes(b"PAR1 nothing PAR1")
    found = compared(tmp_path / "study", **HOURS)
    assert bool(found.notes) == (name != "effects.parquet")
    assert digests(tmp_path / "study") == digests(whole)


@pytest.mark.usefixtures("parts_of_four")
def test_a_failed_replicate_is_a_row_and_is_tried_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = work.run_replicate

    def failing(task: ReplicateTask, advance: Any = None) -> Any:
        if task.replicate == 3:
            raise ZeroDivisionError("on purpose")
        return plain(task, advance)

    with monkeypatch.context() as patch:
        patch.setattr(work, "run_replicate", failing)
        found = compared(tmp_path / "study", **HOURS)
    (failure,) = found.failures
    assert failure == {
        "replicate": 3,
        "seed": failure["seed"],
        "message": "ZeroDivisionError: on purpose",
    }
    assert found.study["counts"] == {"planned": 48, "done": 45, "failed": 3}
    assert found.study["status"] == "incomplete"
    assert found.effects["replicates"].max() == 9
    assert failure["seed"] not in found.study["seeds"]
    assert len(compared(tmp_path / "study", **HOURS).failures) == 1
    again = compared(tmp_path / "study", **HOURS, retry_failed=True)
    assert again.failures == []
    assert digests(tmp_path / "study") == digests(whole)


@pytest.mark.usefixtures("parts_of_four")
def test_a_failed_level_of_staff_hours_is_a_row_and_is_tried_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = work.run_replicate

    def failing(task: ReplicateTask, advance: Any = None) -> Any:
        if task.replicate == 1 and task.scenario.parameter_values()["hours_per_1000"] == 4:
            raise ZeroDivisionError("on purpose")
        return plain(task, advance)

    with monkeypatch.context() as patch:
        patch.setattr(work, "run_replicate", failing)
        found = compared(tmp_path / "study", **HOURS)
    (failure,) = found.failures
    assert (failure["replicate"], failure["hours_per_1000"]) == (1, 4.0)
    assert found.study["counts"] == {"planned": 48, "done": 45, "failed": 3}
    assert found.staff_hours is not None
    lonely = found.staff_hours[found.staff_hours["outcome"] == "lonely_share"]
    assert lonely["replicates"].tolist() == [2] * 3 + [3] * 3
    assert compared(tmp_path / "study", **HOURS, retry_failed=True).failures == []
    assert digests(tmp_path / "study") == digests(whole)


def test_when_every_replicate_fails_the_first_message_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(task: ReplicateTask, advance: Any = None) -> Any:
        raise ZeroDivisionError(f"replicate {task.replicate}")

    monkeypatch.setattr(work, "run_replicate", failing)
    with pytest.raises(VelfaerdError, match="ZeroDivisionError: replicate 0") as caught:
        compared(tmp_path / "study")
    assert caught.value.exit_code == 1


@pytest.mark.usefixtures("parts_of_four")
@pytest.mark.parametrize("after", [1, 2, 5, 9])
def test_a_disk_that_fills_up_leaves_no_half_files(
    after: int, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, calls = os.fsync, [0]

    def full(handle: int) -> None:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(handle)

    with monkeypatch.context() as patch:
        patch.setattr(store.os, "fsync", full)
        with pytest.raises(StorageError, match="No space left on device") as caught:
            compared(tmp_path / "study", **HOURS)
    assert caught.value.exit_code == 1
    left = list((tmp_path / "study").rglob("*"))
    assert not [path for path in left if path.name.endswith(".tmp")]
    assert not [path for path in left if path.name.startswith("effects")]
    compared(tmp_path / "study", **HOURS)
    assert digests(tmp_path / "study") == digests(whole)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked on Windows")
def test_two_processes_are_kept_apart(tmp_path: Path) -> None:
    scenario = three_towns()
    record = new_record("compare", scenario, [scenario.timeline], {"replicates": 1}, "")
    with (
        store.opened(tmp_path / "study", record),
        pytest.raises(StorageError, match="another process is writing"),
    ):
        compared(tmp_path / "study")
    compared(tmp_path / "study", replicates=1, months=1)


SCRIPT = """
import os, sys
from velfaerd_sim.studies.compare.comparison import compare
def progress(advance):
    print(advance.runs_done, flush=True)
try:
    compare({regimes!r}, adults=2000, replicates=3000, out=sys.argv[1], progress=progress)
except KeyboardInterrupt:
    os._exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_process_leaves_a_folder_to_go_on_with(
    how: signal.Signals, tmp_path: Path
) -> None:
    script = SCRIPT.format(regimes=REGIMES)
    folder = tmp_path / "study"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) > 3 * 70 and (how == signal.SIGINT or kept_in(folder)):
                break
        started = time.monotonic()
        process.send_signal(how)
        process.stdout.read()
        process.wait(10)
    assert time.monotonic() - started < 10.0
    record = record_in(folder)
    assert record["status"] == "incomplete"
    kept = kept_in(folder)
    assert kept  # without a warning, what came in during the last seconds stood in memory only
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert 3 * len(kept) == record["counts"]["done"] > 3 * 70
    assert not list(folder.rglob("*.tmp"))


def test_a_single_run_and_its_folder(tmp_path: Path) -> None:
    options = dict(SMALL)
    run = run_single(regime="hands_off", out=tmp_path / "run", **options)
    assert set(digests(tmp_path / "run", ())) == {"series.parquet", "study.json"}
    assert run.study["counts"] == {"planned": 1, "done": 1, "failed": 0}
    assert run.study["seeds"] == [7]
    assert run.study["parameters"]["governance_strength"] == 1.0
    again = load_run(tmp_path / "run")
    pd.testing.assert_frame_equal(again.series, run.series)
    pd.testing.assert_frame_equal(load_study(tmp_path / "run"), run.series)
    before = digests(tmp_path / "run")
    assert (
        run_single(regime="hands_off", out=tmp_path / "run", **options).study["fingerprint"]
        == (run.study["fingerprint"])
    )
    assert digests(tmp_path / "run") == before
    with pytest.raises(StudyError, match=r"scenario\.seed"):
        run_single(regime="hands_off", out=tmp_path / "run", **(options | {"seed": 8}))
    with pytest.raises(StudyError, match="a study of another kind, 'run'; choose another folder"):
        compared(tmp_path / "run")
    with pytest.raises(InputError, match="a folder made by a comparison"):
        load_comparison(tmp_path / "run")
    with pytest.raises(InputError, match="a folder with a study"):
        load_study(tmp_path)


def test_a_run_of_several_municipalities(tmp_path: Path) -> None:
    run = run_single(three_towns(), out=tmp_path / "run")
    assert run.series["municipality"].unique().tolist() == [0, 101, 102, 103]
    assert len(run.series) == 4 * 15
    one = compare(REGIMES[:2], three_towns(), replicates=1).series
    mine = one[one["regime"] == REGIMES[0]].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, run.series, check_exact=True)


def test_an_unfinished_study_cannot_be_loaded(tmp_path: Path) -> None:
    interrupted(tmp_path / "study", 3)
    for load in (load_study, load_comparison):
        with pytest.raises(InputError, match="goes on with it"):
            load(tmp_path / "study")
