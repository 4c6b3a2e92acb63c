"""Running claims: pairs, order, resuming, extending, and verification of what is on disk."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from studies.claims.small import FILE, IDS, drawn, small_file, tables
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.errors import StudyError, VerificationError
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims import study as claim_study
from velfaerd_sim.studies.claims.claims import BASE
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.plan import ClaimsStudy
from velfaerd_sim.studies.claims.readings import ArmReading, readings
from velfaerd_sim.studies.claims.results import read_results
from velfaerd_sim.studies.claims.running import run_claims
from velfaerd_sim.studies.claims.study import plan_claims
from velfaerd_sim.studies.claims.worker import (
    NOWHERE,
    ClaimTask,
    arm_scenario,
    run_unit,
    scenario_of,
    seed_of,
)
from velfaerd_sim.studies.verification import verify


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_file(tmp_path_factory.mktemp("claims"))


def study(small, out, ids=IDS, worlds=3, robustness=2, workers=2):
    plan = plan_claims(ids, file=small, sets=["prior"], worlds=worlds, robustness=robustness)
    with ThreadPoolExecutor(workers) as pool:
        return run_claims(plan, out, executor=pool)


@pytest.fixture(scope="module")
def done(small, tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    return study(small, out)


def world(number=0):
    return Worlds.load("prior:240", 1)[number].parameters


def claim_of(name, **changes):
    claim = next(each for each in load_claims(FILE).claims if each.id == name)
    return replace(claim, adults=400, months=12, replicates=1, **changes)


def test_two_arms_alike_differ_by_exactly_nothing():
    claim = claim_of("C14")
    alike = tuple(replace(arm, regime="municipal_baton") for arm in claim.arms)
    criteria = tuple(replace(each, window=(7, 12)) for each in claim.criteria)
    claim = replace(claim, arms=alike, criteria=criteria)
    values = run_unit(ClaimTask(claim, BASE, 0, world()))[0]
    by_measure = {}
    for reading, value in zip(readings(claim), values, strict=True):
        by_measure.setdefault(reading.measure, set()).add(value)
    assert all(len(found) == 1 for found in by_measure.values())


def test_a_unit_gives_the_same_again_and_another_world_gives_other_numbers():
    claim = claim_of(
        "C26", criteria=tuple(replace(c, window=(7, 12)) for c in claim_of("C26").criteria)
    )
    one = run_unit(ClaimTask(claim, BASE, 0, world()))
    assert np.array_equal(one, run_unit(ClaimTask(claim, BASE, 0, world())))
    assert not np.array_equal(one, run_unit(ClaimTask(claim, BASE, 1, world(1))))


def test_without_referral_nobody_known_comes_in():
    claim = replace(claim_of("C06"), adults=3000)
    claim = replace(claim, months=36)
    wanted = [
        ArmReading("", arm, "cohort_loneliness", 25, 36) for arm in ("referral", "no_referral")
    ]
    unit = ClaimTask(claim, BASE, 0, world())
    found = dict(zip(readings(claim), run_unit(unit)[0], strict=True))
    assert all(np.isfinite(found[reading]) for reading in wanted)
    start = scenario_of(unit, seed_of(unit, 0), NOWHERE, claim.arms[1])
    assert arm_scenario(start, claim.arms[1]).parameter_values()["referral_rate"] == 0.0
    assert start.parameter_values()["referral_rate"] > 0.0


def test_a_scale_multiplies_the_worlds_own_value_within_its_range():
    claim = claim_of("C04")
    unit = ClaimTask(claim, BASE, 0, {"opening_users": 0.5, "opening_local_actors": 1.8})
    arm = next(arm for arm in claim.arms if arm.name == "outside")
    values = arm_scenario(scenario_of(unit, 1, NOWHERE, arm), arm).parameter_values()
    assert values["opening_users"] == pytest.approx(0.125)
    assert values["opening_local_actors"] == 2.0


def test_variants_change_what_they_say(small):
    file = load_claims(small)
    claim = file.claims[1]
    plain = ClaimTask(claim, BASE, 0, {})
    base = scenario_of(plain, 1, NOWHERE, claim.arms[0])
    changed = {}
    for variant in file.variants:
        unit = ClaimTask(claim, variant, 0, {})
        changed[variant.name] = scenario_of(unit, seed_of(unit, 0), NOWHERE, claim.arms[0])
        if variant.name != "seeds":
            assert seed_of(unit, 0) == seed_of(plain, 0)
    assert changed["seeds"].seed != seed_of(plain, 0)
    assert (changed["half"].adults, changed["double"].adults) == (200, 800)
    assert changed["relabelled"].towns[0].code != base.towns[0].code
    assert changed["no_contagion"].parameter_values()["contagion_strength"] == 0.0
    ties = [
        changed[name].parameter_values()["long_tie_share"] for name in ("neighbours", "random_ties")
    ]
    assert ties == [0.0, 1.0]


def test_tables_hold_every_world_and_read_back(done, small):
    results = read_results(done.folder / "claims", load_claims(small))
    assert [claim.id for claim in results.claims] == list(IDS)
    for claim in results.claims:
        assert len(results.of(claim, "prior")) == 3
        names = results.variants(claim, "prior")
        assert "counter" in names
        assert len(names) == 8
        for name in names:
            assert len(results.of(claim, "prior", name)) == 2


def test_the_same_study_comes_from_any_number_of_workers(done, small, tmp_path):
    again = study(small, tmp_path / "one", workers=1)
    assert tables(again.folder) == tables(done.folder)


def test_a_study_goes_on_where_it_was_stopped_and_mends_what_is_damaged(done, small, tmp_path):
    out = tmp_path / "stopped"
    first = study(small, out, robustness=0)
    assert first.new == 6
    parts = sorted((out / "runs").glob("*.parquet"))
    parts[0].write_bytes(b"damaged")
    again = study(small, out)
    assert any("run again" in note for note in again.notes)
    assert again.new == 6 + 2 * 8 * 2
    assert tables(out) == tables(done.folder)
    assert study(small, out).new == 0


def test_more_claims_and_worlds_extend_a_study(small, tmp_path):
    out = tmp_path / "grown"
    study(small, out, ids=("C02",), worlds=2, robustness=0)
    grown = study(small, out, ids=IDS, worlds=2, robustness=0)
    assert grown.new == 2


@pytest.fixture
def quick(monkeypatch):
    """Nothing is simulated."""
    monkeypatch.setattr(ClaimsStudy, "work", drawn)


def test_a_study_that_began_with_few_worlds_is_the_same_in_the_end(quick, small, tmp_path):
    grown = tmp_path / "grown"
    for worlds in (5, 17, 30):
        study(small, grown, ids=("C14",), worlds=worlds, robustness=2)
        verify(grown, sample=1, workers=1)
    assert study(small, grown, ids=("C14",), worlds=30, robustness=2).new == 0
    fresh = study(small, tmp_path / "fresh", ids=("C14",), worlds=30, robustness=2)
    assert tables(grown) == tables(fresh.folder)


def test_tables_of_a_study_that_was_overwritten_are_gone(quick, small, tmp_path):
    out = tmp_path / "out"
    study(small, out)
    text = small.read_text("utf-8").replace("dialogue = 0.7 }", "dialogue = 0.8 }", 1)
    other = tmp_path / "other.toml"
    other.write_text(text, encoding="utf-8")
    plan = plan_claims(("C02",), file=other, sets=["prior"], worlds=3, robustness=0)
    with ThreadPoolExecutor(1) as pool:
        run_claims(plan, out, executor=pool, overwrite=True)
    assert set(tables(out)) == {"C02.csv", "winners.csv"}


def test_another_study_is_refused(done, small, tmp_path):
    text = small.read_text("utf-8").replace("dialogue = 0.7 }", "dialogue = 0.8 }", 1)
    other = tmp_path / "other.toml"
    other.write_text(text, encoding="utf-8")
    before = tables(done.folder)
    with pytest.raises(StudyError, match="C02 is another there"):
        study(other, done.folder)
    assert tables(done.folder) == before


def test_another_variant_and_other_defaults_are_another_study(quick, small, tmp_path, monkeypatch):
    out = tmp_path / "out"
    study(small, out, ids=("C14",))
    other = tmp_path / "other.toml"
    other.write_text(small.read_text("utf-8").replace("seed = 1000003", "seed = 7"), "utf-8")
    with pytest.raises(StudyError, match="seeds is another there"):
        study(other, out, ids=("C14",))
    monkeypatch.setattr(claim_study, "model_digest", lambda: "other defaults")
    monkeypatch.setattr(claim_study, "new_record", moved_defaults)
    assert study(small, out, ids=("C14",)).new == 0
    few = tmp_path / "few.csv"
    few.write_text("contagion_strength\n0.01\n0.02\n", "utf-8")
    plan = plan_claims(("C14",), file=small, sets=[str(few)], worlds=2, robustness=0)
    assert plan.design()["model"] == "other defaults"


def moved_defaults(*given):
    """A record as of a version of the model in which defaults of uncertainties are others."""
    record = new_record(*given)
    record["package"]["model_digest"] = "other defaults"
    return record


def test_weights_count_in_worlds_that_are_given(small):
    worlds = tuple(
        replace(one, weight=float(place == 0)) for place, one in enumerate(Worlds.load("prior:6"))
    )
    plan = plan_claims(("C14",), file=small, sets=[Worlds("own", worlds)], worlds=4, robustness=0)
    assert {one.number for one in plan.sets[0].worlds} == {1}


def test_verify_finds_runs_and_tables_as_they_were(done):
    found = verify(done.folder, sample=3, workers=1)
    assert found.runs == 3
    assert found.of_runs == 2 * (3 + 8 * 2)


def test_verify_finds_a_changed_table_and_a_forged_one(small, tmp_path):
    out = tmp_path / "forged"
    study(small, out, robustness=0)
    table = out / "claims" / "C02.csv"
    table.write_text(
        table.read_text("utf-8").replace("prior,base,0,1,", "prior,base,0,9,"), "utf-8"
    )
    with pytest.raises(VerificationError, match=r"C02\.csv"):
        verify(out, sample=1, workers=1)


def test_the_record_tells_worlds_claims_and_status(done):
    record = json.loads((done.folder / "study.json").read_text("utf-8"))
    assert record["kind"] == "claims"
    assert record["status"] == "complete"
    assert set(record["design"]["claims"]) == set(IDS)
    assert record["design"]["sets"]["prior"]["worlds"] == 240
    assert "claims/C02.csv" in record["files"]
