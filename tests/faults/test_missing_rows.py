"""What is told as complete is what is there: rows that vanish, and rows of others."""

import json
import shutil

import pytest

from engine.faulty import Study
from engine.toy import Squares
from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.session import Options, carry_out
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.errors import StorageError, VerificationError
from velfaerd_sim.studies.compare.plan import ComparisonPlan
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.studies.verification import verify


def faults_of(path):
    found = PlanCheck(Squares(5), path, store.read_record(path), None, 1, None)
    found.run()
    return found.faults


def test_rows_that_vanish_while_a_study_runs_are_named_and_run_again(tmp_path):
    """H3."""
    out = tmp_path / "s"

    gone = []

    def vanish(rows):
        if not gone:
            rows.flush()
            gone.append(len(rows))
            shutil.rmtree(out)

    with pytest.raises(StorageError, match="rows that were written are gone from the folder"):
        carry_out(Squares(5), out, Options(workers=1), after_task=vanish)
    record = store.read_record(out)
    assert record["status"] == "incomplete"
    assert record["counts"] == {"planned": 6, "done": 6 - gone[0], "failed": 0}
    assert carry_out(Squares(5), out, Options(workers=1)).record["counts"]["done"] == 6
    assert faults_of(out) == []


def shorten(folder):
    for name in parts.part_names(folder):
        path = folder / name
        path.write_bytes(path.read_bytes()[:-20])


def change(folder):
    for name in parts.part_names(folder):
        path = folder / name
        content = path.read_bytes()
        path.write_bytes(content[:9] + bytes([content[9] ^ 1]) + content[10:])


@pytest.mark.parametrize("loss", [shutil.rmtree, shorten, change])
@pytest.mark.parametrize("kind", ["run", "compare", "sweep", "calibration", "advise"])
def test_no_kind_takes_rows_for_done_that_were_lost_or_damaged(kind, loss, tmp_path):
    """H3: also where the rows stand in the tables alone in the end (a comparison ended in an
    unexpected error, and all its rows were lost)."""
    study = Study(kind, tmp_path)
    gone = []

    def lose(rows):
        if not gone:
            rows.flush()
            gone.append(len(rows))
            loss(study.path)

    with pytest.raises(StorageError, match=r"are gone from the folder|is damaged"):
        study.run(after_task=lose, workers=1)
    record = store.read_record(study.path)
    assert record["status"] == "incomplete"
    kept = record["counts"]["done"] + record["counts"]["failed"]
    done = study.run(workers=1)
    assert (done.record["status"], done.new) == ("complete", len(done.rows) - kept)
    assert study.check().faults == []


def test_a_part_of_another_study_is_neither_read_nor_verified(tmp_path):
    """M1."""
    carry_out(Squares(5), tmp_path / "s", Options(workers=1))
    carry_out(Squares(7), tmp_path / "other", Options(workers=1))
    (name,) = parts.part_names(tmp_path / "other")
    copy = name.replace("part-", "part-9")
    shutil.copy(tmp_path / "other" / name, tmp_path / "s" / copy)
    with pytest.raises(StorageError, match="is not of this study: its record does not name it"):
        parts.read_rows(tmp_path / "s", "name")
    assert any("its record does not name it" in fault for fault in faults_of(tmp_path / "s"))
    carry_out(Squares(5), tmp_path / "s", Options(workers=1))


def test_a_stop_while_tables_are_made_loses_no_row(tmp_path, monkeypatch):
    """L4: found by attack; rows of a comparison stand in its tables alone, once these are there."""
    study = Study("compare", tmp_path)

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ComparisonPlan, "tables", stopped)
        with pytest.raises(KeyboardInterrupt):
            study.run(workers=1)
    assert study.kept() == 12
    done = study.run(workers=1)
    assert (done.new, done.record["status"]) == (0, "complete")


@pytest.mark.parametrize("status", ["complete", "incomplete"])
def test_a_sweep_goes_on_with_no_part_of_another_seed(status, tmp_path):
    """M1: such rows have a place in the study, and drove its own out again and again."""
    files, paths = [tmp_path / "0.toml", tmp_path / "1.toml"], [tmp_path / "own", tmp_path / "x"]
    for seed, (file, path) in enumerate(zip(files, paths, strict=True)):
        file.write_text(
            f'name = "st"\nregimes = ["rigid_rules", "hands_off"]\nmonths = 2\nadults = 200\n'
            f"seed = {seed}\nreplicates = 2\n"
        )
        sweep(file, path, workers=1)
    (own,), (foreign,) = map(parts.part_names, paths)
    (paths[0] / own).unlink()
    shutil.copy(paths[1] / foreign, paths[0] / foreign)
    record = store.read_record(paths[0])
    changed = {**record, "status": status}
    changed["fingerprint"] = records.fingerprint(changed)
    (paths[0] / "study.json").write_text(json.dumps(changed))
    with pytest.raises(VerificationError, match=r"is not of this study"):
        verify(paths[0])
    sweep(files[0], paths[0], workers=1)
    assert (paths[0] / f"{foreign}.damaged").exists()
    assert store.read_record(paths[0])["table"] == record["table"]
    assert len(verify(paths[0]).files) == 2
