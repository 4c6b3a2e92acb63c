"""Folders of claims: they keep all that they were asked for, with the worlds it was run in."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studies.claims.small import IDS, drawn, small_file, tables
from velfaerd_sim.engine import session
from velfaerd_sim.engine.record import text as text_of
from velfaerd_sim.errors import StudyError, VerificationError
from velfaerd_sim.studies.claims import study as claim_study
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.plan import ClaimsStudy
from velfaerd_sim.studies.claims.results import read_results
from velfaerd_sim.studies.claims.running import run_claims
from velfaerd_sim.studies.claims.study import plan_claims
from velfaerd_sim.studies.verification import verify


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_file(tmp_path_factory.mktemp("claims"))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nothing is simulated."""
    monkeypatch.setattr(ClaimsStudy, "work", drawn)


def recorded(folder):
    return json.loads((Path(folder) / "study.json").read_text("utf-8"))


def whole_folder(folder):
    """All files of results, with what they hold, and what the record says of the study."""
    record = recorded(folder)
    told = {key: record[key] for key in ("status", "design", "counts", "files", "jobs")}
    return tables(folder), {path.name for path in Path(folder).glob("runs/*")}, told


@pytest.mark.parametrize(
    "fewer",
    [
        {"ids": ("C14",)},
        {"robustness": 0},
        {"worlds": 1, "robustness": 1},
        {"ids": ("C02",), "sets": ("prior",), "worlds": 2, "robustness": 0},
    ],
    ids=["claims", "robustness", "worlds", "sets"],
)
def test_asking_for_fewer_keeps_all_that_is_there(fewer, small, tmp_path):
    out = tmp_path / "out"
    everything = {"ids": IDS, "sets": ("plausible", "prior"), "worlds": 3, "robustness": 2}
    asked_for(small, out, **everything)
    before = whole_folder(out)
    assert before[2]["status"] == "complete"
    done = asked_for(small, out, **(everything | fewer))
    assert done.new == 0
    assert done.asked == fewer.get("ids", IDS)
    assert whole_folder(out) == before
    verify(out, sample=1, workers=1)


def asked_for(small, out, ids, sets, worlds, robustness, **more):
    plan = plan_claims(ids, file=small, sets=list(sets), worlds=worlds, robustness=robustness)
    with ThreadPoolExecutor(1) as pool:
        return run_claims(plan, out, executor=pool, **more)


def test_a_study_grows_by_claims_sets_and_variants_in_any_order(small, tmp_path):
    out, at_once = tmp_path / "grown", tmp_path / "whole"
    asked_for(small, out, ("C14",), ("prior",), 2, 0)
    asked_for(small, out, ("C02",), ("plausible", "prior"), 3, 2)
    assert recorded(out)["status"] == "complete"
    verify(out, sample=1, workers=1)
    found = read_results(out / "claims", load_claims(small))
    first, second = found.claims
    assert found.sets(first) == ["plausible", "prior"]
    assert found.sets(second) == ["prior"]
    asked_for(small, out, IDS, ("plausible", "prior"), 3, 2)
    asked_for(small, at_once, IDS, ("plausible", "prior"), 3, 2)
    assert tables(out) == tables(at_once)
    assert recorded(out)["fingerprint"] == recorded(at_once)["fingerprint"]


def test_the_folders_first_set_decides_unless_all_are_asked_for_in_another_order(small, tmp_path):
    out = tmp_path / "out"
    asked_for(small, out, ("C14",), ("plausible", "prior"), 2, 1)
    done = asked_for(small, out, ("C14",), ("prior",), 3, 2)
    assert done.notes == ("The set plausible decides, as it does in the folder.",)
    found = read_results(out / "claims", load_claims(small))
    assert found.sets(found.claims[0]) == ["plausible", "prior"]
    assert not found.variants(found.claims[0], "prior")
    asked_for(small, out, ("C14",), ("prior", "plausible"), 3, 2)
    found = read_results(out / "claims", load_claims(small))
    assert found.sets(found.claims[0]) == ["prior", "plausible"]
    assert len(found.of(found.claims[0], "plausible", "cut")) == 2
    verify(out, sample=1, workers=1)


def test_what_is_not_done_yet_of_earlier_times_stays_told_and_is_not_run(small, tmp_path):
    out = tmp_path / "out"
    asked_for(small, out, IDS, ("prior",), 3, 0, minutes=0.0)
    done = asked_for(small, out, ("C14",), ("prior",), 2, 0)
    assert done.new == 2 * 3 * 2  # worlds, arms, replicates
    assert not done.stopped
    assert recorded(out)["status"] == "incomplete"
    assert recorded(out)["counts"]["planned"] == 3 * 8 * 2
    (note,) = verify(out, sample=1, workers=1).notes
    assert note.startswith("the study did not run to its end")
    assert asked_for(small, out, IDS, ("prior",), 3, 0).new == 3 * 8 * 2 - 12
    assert recorded(out)["status"] == "complete"


def test_a_claim_of_the_folder_that_is_another_now_is_refused_also_when_not_asked_for(
    small, tmp_path
):
    out = tmp_path / "out"
    asked_for(small, out, IDS, ("prior",), 2, 0)
    text = small.read_text("utf-8").replace("dialogue = 0.7 }", "dialogue = 0.8 }", 1)
    other = tmp_path / "other.toml"
    other.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="C02 is another there"):
        asked_for(other, out, ("C14",), ("prior",), 2, 0)
    start = text.index('[[claim]]\nid = "C02"')
    gone = text[:start] + text[text.index("[[claim]]", start + 5) :]
    other.write_text(gone, encoding="utf-8")
    with pytest.raises(StudyError, match="C02 is there and not in the file of claims"):
        asked_for(other, out, ("C14",), ("prior",), 2, 0)


def test_worlds_of_a_file_stand_in_the_folder(small, tmp_path, monkeypatch):
    start, elsewhere = tmp_path / "start", tmp_path / "elsewhere"
    start.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(start)
    Path("few.csv").write_text("contagion_strength\n0.01\n0.02\n", "utf-8")
    out = tmp_path / "out"
    asked_for(small, out, ("C14",), ("few.csv",), 2, 0)
    monkeypatch.chdir(elsewhere)
    verify(out, sample=1, workers=1)
    before = tables(out)
    assert asked_for(small, out, ("C14",), ("prior",), 2, 0).new == 2 * 3 * 2
    found = read_results(out / "claims", load_claims(small))
    assert found.sets(found.claims[0]) == ["few_csv", "prior"]
    assert tables(out) != before
    kept = out / "sets" / "few_csv.json"
    kept.write_text(kept.read_text("utf-8").replace("0.01", "0.03"), "utf-8")
    with pytest.raises(VerificationError, match=r"sets/few_csv\.json was changed"):
        verify(out, sample=1, workers=1)


def test_a_folder_without_its_worlds_names_the_file_and_how_to_give_it(
    small, tmp_path, monkeypatch
):
    start = tmp_path / "start"
    start.mkdir()
    monkeypatch.chdir(start)
    Path("few.csv").write_text("contagion_strength\n0.01\n0.02\n", "utf-8")
    out = tmp_path / "out"
    asked_for(small, out, ("C14",), ("few.csv",), 2, 0)
    older = recorded(out)
    del older["files"]["sets/few_csv.json"], older["asking_digest"]
    (out / "sets" / "few_csv.json").unlink()
    (out / "study.json").write_text(text_of(older), "utf-8")
    verify(out, sample=1, workers=1)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VerificationError, match=r"the file 'few\.csv' is not here; give the comma"):
        verify(out, sample=1, workers=1)
    with pytest.raises(StudyError, match=r"the file 'few\.csv' is not here; .* overwritten"):
        asked_for(small, out, ("C14",), ("prior",), 2, 0)


def test_runs_of_two_versions_of_the_asking_code_do_not_mix(small, tmp_path, monkeypatch):
    out = tmp_path / "out"
    asked_for(small, out, ("C14",), ("prior",), 2, 0)
    for module in (claim_study, session):
        monkeypatch.setattr(module, "asking_digest", lambda _: "another version")
    before = whole_folder(out)
    assert asked_for(small, out, ("C14",), ("prior",), 1, 0).new == 0
    assert whole_folder(out) == before
    with pytest.raises(StudyError, match="another version of the code that asks"):
        asked_for(small, out, IDS, ("prior",), 2, 0)
    assert whole_folder(out) == before
    done = asked_for(small, out, IDS, ("prior",), 2, 0, overwrite=True)
    assert done.new == 2 * 8 * 2
    assert recorded(out)["asking_digest"] == "another version"


def test_a_finished_study_that_does_not_tell_who_asked_opens_and_is_not_added_to(small, tmp_path):
    out = tmp_path / "out"
    asked_for(small, out, ("C14",), ("prior",), 2, 1)
    older = recorded(out)
    del older["asking_digest"]
    (out / "study.json").write_text(text_of(older), "utf-8")
    verify(out, sample=1, workers=1)
    assert asked_for(small, out, ("C14",), ("prior",), 2, 0).new == 0
    assert "asking_digest" not in recorded(out)
    with pytest.raises(StudyError, match="another version of the code that asks"):
        asked_for(small, out, ("C14",), ("prior",), 3, 1)
    next((out / "runs").glob("*.parquet")).write_bytes(b"damaged")
    with pytest.raises(StudyError, match="another version of the code that asks"):
        asked_for(small, out, ("C14",), ("prior",), 2, 1)
