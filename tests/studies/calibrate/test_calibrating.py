"""Calibrations of a stand-in: their files, that they resume, budgets, failures, refusals."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studies.calibrate.stand_in import FREE, TARGETS, load_toml, read, read_or_fail, small
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import session, store
from velfaerd_sim.engine.cost import cost_of, missing_rows
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import InputError, StudyError, VelfaerdError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.calibrate import calibrating, rounds
from velfaerd_sim.studies.calibrate.calibrating import Calibrated, calibrate, calibration_of
from velfaerd_sim.studies.calibrate.plan import Budget
from velfaerd_sim.studies.calibrate.steps import SPECIAL_WORLDS

RESULTS = ("readings.parquet", "ensembles.parquet", "members.csv", "worlds.csv", "defaults.toml")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def run(folder: Path, threads: ThreadPoolExecutor, **changes: Any) -> Calibrated:
    return calibrate(small(**changes), folder, read, executor=threads)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in RESULTS}


WHOLE = 3 * 150 + 6 + 120 + len(SPECIAL_WORLDS)
"""Readings of the small calibration."""


def test_a_calibration_finds_sets_that_fit(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    done = run(tmp_path / "out", threads)
    result = done.study["result"]
    assert result["members"] == 120
    assert result["nearness"] > 0.7
    assert result["unreachable"] == []
    spread = result["spread"]
    assert all(spread[name] < 0.6 for name in FREE[:5])
    assert all(spread[name] > 0.75 for name in FREE[5:])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*RESULTS, "runs", "study.json"}
    for name, entry in done.study["files"].items():
        assert store.sha256(tmp_path / "out" / name) == entry["sha256"]
    assert done.study["counts"]["failed"] == 0


def test_worlds_are_real_runs_and_read_as_worlds(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    done = run(tmp_path / "out", threads)
    worlds = Worlds.load(tmp_path / "out" / "worlds.csv")
    assert len(worlds) == done.study["result"]["members"]
    uncertain = [name for name, one in BY_NAME.items() if one.role == "uncertainty"]
    assert list(worlds.names) == uncertain
    last = done.stages[-1]
    for world in worlds.worlds[:5]:
        row = last.members.tolist().index(world.number)
        seed = done.calibration.seed_of(last.number, "final", world.number)
        found = read(world.parameters, adults=200, replicates=4, seed=seed, months=24)
        assert [found[name] for name in TARGETS] == last.readings[row].tolist()


def test_suggested_defaults_are_the_median_where_figures_say_something(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    done = run(tmp_path / "out", threads)
    special = done.study["special"]
    assert list(special) == list(SPECIAL_WORLDS)
    suggested, median = (special[name]["parameters"] for name in ("suggested", "median"))
    for name, value in suggested.items():
        if name in FREE[:5]:
            assert value == pytest.approx(median[name], rel=5.1e-3)
        else:
            assert value == BY_NAME[name].default
    inside = [
        target.inside(special["suggested"]["readings"][target.id])
        for target in done.calibration.targets
    ]
    assert all(inside)


def test_workers_and_stops_change_nothing(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    done = run(tmp_path / "whole", threads)
    parts = small(budget=Budget(readings=100))
    sessions = []
    while not sessions or sessions[-1].late:
        with ThreadPoolExecutor(3) as pool:
            sessions.append(calibrate(parts, tmp_path / "parts", read, executor=pool))
    assert len(sessions) >= 5
    assert {each.new for each in sessions[:-1]} == {100}
    assert sessions[0].study["status"] == "incomplete"
    with pytest.raises(StudyError, match="the calibration is not done"):
        sessions[0].judged  # noqa: B018
    assert contents(tmp_path / "whole") == contents(tmp_path / "parts")
    assert done.study["fingerprint"] == sessions[-1].study["fingerprint"]


def test_a_finished_calibration_that_is_asked_again_and_stopped_keeps_its_readings(
    tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    first = run(tmp_path / "out", threads)
    with monkeypatch.context() as patch:
        patch.setattr(calibrating, "calibrated", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "out", threads)
    again = run(tmp_path / "out", threads)
    assert again.new == 0
    assert again.notes == ()
    assert again.study["fingerprint"] == first.study["fingerprint"]


def test_a_damaged_part_is_read_again(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    assert run(tmp_path / "out", threads, budget=Budget(readings=60)).late
    (part, *_) = (tmp_path / "out" / "runs").iterdir()
    part.write_bytes(part.read_bytes()[:-7])
    again = run(tmp_path / "out", threads)
    assert len(again.notes) == 1
    assert "damaged" in again.notes[0]
    run(tmp_path / "other", threads)
    assert contents(tmp_path / "out") == contents(tmp_path / "other")


def test_failed_readings_are_counted_and_left_out(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    done = calibrate(small(), tmp_path / "out", read_or_fail, executor=threads)
    assert done.study["result"]["failed"][0] >= 10
    assert done.study["counts"]["failed"] >= 4
    assert done.study["failures"][0]["message"] == "ZeroDivisionError: no volunteers"
    assert done.study["result"]["members"] > 60


def test_an_impossible_target_is_told_with_the_closest(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    asked = load_toml(
        tmp_path,
        f"targets = {json.dumps(TARGETS)}\nfree = {json.dumps(FREE)}\nmembers = 100\n"
        "rounds = 2\nround_members = 150\nadults = 200\nreplicates = 1\n"
        '[own."T6.hours"]\nlow = 90\nhigh = 95\n',
    )
    done = calibrate(asked, tmp_path / "out", read, executor=threads)
    (told,) = done.study["result"]["unreachable"]
    assert told["target"] == "T6.hours"
    assert (told["low"], told["high"]) == (90.0, 95.0)
    stage = done.stages[told["stage"]]
    row = stage.members.tolist().index(told["member"])
    column = list(TARGETS).index("T6.hours")
    assert stage.readings[row, column] == told["closest"]
    assert told["closest"] == max(each.readings[:, column].max() for each in done.stages)


def test_another_calibration_is_refused(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    run(tmp_path / "out", threads)
    with pytest.raises(StudyError, match="round_members is 150 there and 100 here"):
        run(tmp_path / "out", threads, round_members=100)
    asked = small(round_members=100, members=60)
    done = calibrate(asked, tmp_path / "out", read, executor=threads, overwrite=True)
    assert done.study["result"]["members"] == 60


def test_a_record_holds_its_calibration(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    done = run(tmp_path / "out", threads)
    found = calibration_of(store.read_record(tmp_path / "out"))
    assert found == replace(done.calibration, budget=Budget())
    assert found.digest() == done.study["calibration_digest"]


def test_nothing_is_written_for_wrong_input(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        calibrate(tmp_path / "missing.toml", tmp_path / "out", read)
    assert not (tmp_path / "out").exists()


def test_worlds_csv_has_a_row_a_member(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    done = run(tmp_path / "out", threads)
    rows = list(csv.DictReader((tmp_path / "out" / "members.csv").read_text().splitlines()))
    assert len(rows) == 120
    worlds = list(csv.DictReader((tmp_path / "out" / "worlds.csv").read_text().splitlines()))
    assert [row["world"] for row in worlds] == [row["member"] for row in rows]
    assert len(rows) == done.study["result"]["members"]


def test_a_reader_that_always_fails_is_told(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with pytest.raises(VelfaerdError, match="20 of 20 readings of stage 0 failed"):
        calibrate(small(round_members=20), tmp_path / "out", _never, executor=threads)
    assert store.read_record(tmp_path / "out")["failures"][0]["message"] == "ValueError: never"


def test_what_cannot_be_learnt_ends_the_session_and_keeps_the_readings(
    tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("no such matrix")

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "fitted", fail)
        for _ in range(2):
            with pytest.raises(ValueError, match="no such matrix"):
                run(tmp_path / "out", threads)
            assert store.read_record(tmp_path / "out")["counts"]["done"] == 150
    assert run(tmp_path / "out", threads).study["status"] == "complete"


def _never(parameters: Any, **size: Any) -> dict[str, float]:
    raise ValueError("never")


def test_failed_readings_can_be_tried_again(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    first = calibrate(small(), tmp_path / "out", read_or_fail, executor=threads)
    failed = first.study["counts"]["failed"]
    assert failed > 0
    assert first.study["status"] == "complete"
    assert run(tmp_path / "out", threads).new == 0
    with ThreadPoolExecutor(2) as pool:
        again = calibrate(small(), tmp_path / "out", read, executor=pool, retry_failed=True)
    assert again.new >= failed
    assert again.study["counts"]["failed"] == 0
    result = again.study["result"]  # a reading without a number is an answer, and stays
    assert 0 < result["failed"][0] < first.study["result"]["failed"][0]
    plan = calibrating.CalibrationPlan(small(), read)
    check = PlanCheck(plan, tmp_path / "out", again.study, 0, 1, None)
    check.run()
    assert check.faults == []


def test_the_first_failed_reading_may_end_the_session(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pytest.raises(VelfaerdError, match=r"a run failed: ZeroDivisionError.*stage 0, design"):
        calibrate(small(), tmp_path / "out", read_or_fail, executor=threads, fail_fast=True)
    assert run(tmp_path / "out", threads, budget=Budget(readings=1)).late


def test_more_worlds_may_be_asked_of_a_folder(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    before = run(tmp_path / "out", threads, members=60).study["counts"]["done"]
    grown = run(tmp_path / "out", threads)
    whole = run(tmp_path / "whole", threads)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert grown.new < whole.new < grown.new + before
    assert grown.study["counts"] == whole.study["counts"]
    with pytest.raises(StudyError, match="members is 120 there and 60 here"):
        run(tmp_path / "out", threads, members=60)


def test_more_rounds_begin_with_the_readings_that_are_there(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    before = run(tmp_path / "out", threads)
    grown = run(tmp_path / "out", threads, rounds=4)
    assert grown.new == 150 + 6 + 120 + len(SPECIAL_WORLDS)
    assert len(grown.stages) == len(before.stages) + 1
    whole = run(tmp_path / "whole", threads, rounds=4)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert grown.study["counts"] == whole.study["counts"]


def test_what_it_will_cost_is_told_and_nothing_written(tmp_path: Path) -> None:
    plan = calibrating.CalibrationPlan(small(), read)
    cost = cost_of(plan, workers=1)
    assert cost.rows == WHOLE
    assert cost.seconds is not None
    assert 0.0 < cost.seconds < 60.0
    assert missing_rows(plan, tmp_path / "out") == cost.rows
    assert not (tmp_path / "out").exists()


def test_the_name_of_a_calibration_decides_nothing(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    run(tmp_path / "out", threads)
    again = run(tmp_path / "out", threads, name="another_name")
    assert again.new == 0
    assert store.read_record(tmp_path / "out")["calibration"]["name"] == "another_name"


def test_the_progress_ends_whole(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    seen: list[Any] = []
    done = calibrate(small(), tmp_path / "out", read, executor=threads, progress=seen.append)
    assert {one.runs_total for one in seen} == {WHOLE}
    assert all(one.runs_done <= one.runs_total for one in seen)
    assert done.new == WHOLE


def other_asking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(session, "asking_digest", lambda _: "another version")


def test_readings_of_two_versions_of_the_asking_code_do_not_mix(
    tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert run(out, threads, budget=Budget(readings=50)).late
    with monkeypatch.context() as patch:
        other_asking(patch)
        before = contents_of_parts(out)
        with pytest.raises(StudyError, match=r"another version of the code that asks.*overwritten"):
            run(out, threads)
        assert contents_of_parts(out) == before
    first = run(out, threads)
    other_asking(monkeypatch)
    again = run(out, threads)
    assert again.new == 0
    assert again.study["fingerprint"] == first.study["fingerprint"]


def contents_of_parts(folder: Path) -> dict[str, bytes]:
    paths = [*folder.glob("runs/*"), folder / "study.json"]
    return {path.name: path.read_bytes() for path in paths}


def test_a_finished_calibration_that_does_not_tell_who_asked_is_taken_as_it_is(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    first = run(tmp_path / "out", threads)
    path = tmp_path / "out" / "study.json"
    old = json.loads(path.read_text("utf-8"))
    del old["asking_digest"]
    path.write_text(records.text(old), "utf-8")
    again = run(tmp_path / "out", threads)
    assert again.new == 0
    assert "asking_digest" not in store.read_record(tmp_path / "out")
    assert contents(tmp_path / "out")
    assert first.study["asking_digest"]
    with pytest.raises(StudyError, match="another study"):
        run(tmp_path / "out", threads, round_members=60)
