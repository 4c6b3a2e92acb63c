"""Running claims: pairs, order, resuming, extending, and verification of what is on disk."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from studies.claims.small import FILE, IDS, drawn, small_file, tables
from velfaerd_sim.analysis.claims import conclude_one
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.task import Answer
from velfaerd_sim.errors import InputError, StudyError, VerificationError
from velfaerd_sim.inputs.theories import Theory
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims import study as claim_study
from velfaerd_sim.studies.claims.arms import Arms
from velfaerd_sim.studies.claims.claims import BASE
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.plan import ClaimsStudy
from velfaerd_sim.studies.claims.results import read_results
from velfaerd_sim.studies.claims.running import run_claims
from velfaerd_sim.studies.claims.study import plan_claims
from velfaerd_sim.studies.claims.worker import (
    BurnIn,
    course_scenario,
    run_burn_in,
    scenario_of,
    seed_of,
)
from velfaerd_sim.studies.verification import verify

ARMS, REPLICATES = 8, 2
"""Arms of the two claims, and replicates of a pilot of few worlds."""
BASE_ROWS = 3 * ARMS * REPLICATES


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
    window = changes.pop("window", (7, 12))
    criteria = tuple(replace(each, window=window) for each in claim.criteria)
    return replace(claim, adults=400, months=window[1], criteria=criteria, **changes)


def works_of(claim, change=BASE):
    """The arms of a claim that stands alone, by name."""
    file = replace(load_claims(FILE), claims=(claim,))
    return {name: work for (_, name), work in Arms(file).of(claim, change).items()}


def burn_in(works, place=0, **changes):
    arms = tuple(works.values())
    start = arms[0].start
    months = max(each.months for each in arms)
    return replace(BurnIn(start, seed_of(start, place, 0), world(place), months, arms), **changes)


def read(work):
    """What each arm of a burn-in gives, by its key."""
    return {
        arm.key: answer.values[0]
        for arm, answer in zip(work.arms, run_burn_in(work, None), strict=True)
    }


def test_two_arms_alike_differ_by_exactly_nothing():
    claim = claim_of("C14")
    works = works_of(claim)
    one, other = works["status_quo"], works["tasks_only"]
    alike = replace(other, course=one.course)
    first, second = run_burn_in(burn_in({"a": one, "b": alike}), None)
    by_measure = dict(zip(one.measured, first.values[0], strict=True))
    again = dict(zip(alike.measured, second.values[0], strict=True))
    shared = set(by_measure) & set(again)
    assert shared
    assert all(by_measure[each] == again[each] for each in shared)


def test_an_arm_gives_the_same_whatever_runs_beside_it_and_for_how_long():
    works = works_of(replace(claim_of("C26"), adults=3000))
    together = read(burn_in(works))
    for name, work in works.items():
        alone = read(burn_in({name: work}))
        assert np.array_equal(alone[work.key], together[work.key])
    longer = read(burn_in(works, months=30))
    assert all(np.array_equal(longer[key], values) for key, values in together.items())
    other = read(burn_in(works, place=1))
    assert not any(np.array_equal(other[key], values) for key, values in together.items())


def test_without_referral_nobody_known_comes_in():
    claim = replace(claim_of("C06", window=(25, 36)), adults=3000)
    works = works_of(claim)
    work = burn_in(works)
    found = read(work)
    for arm in works.values():
        place = next(k for k, r in enumerate(arm.measured) if r.measure == "cohort_loneliness")
        assert np.isfinite(found[arm.key][place])
    start = scenario_of(work)
    course = course_scenario(start, works["no_referral"].course)
    assert course.parameter_values()["referral_rate"] == 0.0
    assert start.parameter_values()["referral_rate"] > 0.0


def test_a_scale_multiplies_the_worlds_own_value():
    works = works_of(claim_of("C04"))
    course = replace(works["outside"].course, parameters=(), scale=(("opening_users", 0.25),))
    start = scenario_of(burn_in(works, parameters={"opening_users": 0.5}))
    assert course_scenario(start, course).parameter_values()["opening_users"] == 0.125


def test_variants_change_what_they_say():
    file, claim = load_claims(FILE), claim_of("C14")
    base = scenario_of(burn_in(works_of(claim)))
    changed = {
        variant.name: scenario_of(burn_in(works_of(claim, variant), parameters={}))
        for variant in file.variants
    }
    assert {name for name, one in changed.items() if one.seed != base.seed} == {"seeds"}
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
        assert "cut" in names
        assert len(names) == 8
        for name in names:
            assert len(results.of(claim, "prior", name)) == 2


def test_the_same_study_comes_from_any_number_of_workers(done, small, tmp_path):
    again = study(small, tmp_path / "one", workers=1)
    assert tables(again.folder) == tables(done.folder)


def test_a_study_goes_on_where_it_was_stopped_and_mends_what_is_damaged(done, small, tmp_path):
    out = tmp_path / "stopped"
    first = study(small, out, robustness=0)
    assert first.new == BASE_ROWS
    parts = sorted((out / "runs").glob("*.parquet"))
    parts[0].write_bytes(b"damaged")
    again = study(small, out)
    assert any("set aside" in note for note in again.notes)
    assert again.new == BASE_ROWS + 2 * 8 * ARMS * REPLICATES
    assert tables(out) == tables(done.folder)
    assert study(small, out).new == 0


def test_more_claims_and_worlds_extend_a_study(small, tmp_path):
    out = tmp_path / "grown"
    study(small, out, ids=("C02",), worlds=2, robustness=0)
    grown = study(small, out, ids=IDS, worlds=2, robustness=0)
    assert grown.new == 2 * 3 * REPLICATES


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


def test_a_noisy_claim_is_run_more_often_after_its_pilot(quick, small, tmp_path):
    out = tmp_path / "out"
    done = study(small, out, ids=("C14",), worlds=30, robustness=0)
    found = read_results(out / "claims", load_claims(small))
    (claim,) = found.claims
    judged = found.of(claim, "prior")
    assert judged.replicates == 2  # pure chance: no number of replicates would do
    assert done.record["counts"]["done"] == 30 * 3 * 2
    conclusion = conclude_one(found, claim, {"prior": Worlds.load("prior:240")})
    assert conclusion.verdict.word == "cannot_tell"
    assert all(one.noisy for one in conclusion.decisive.readings)


def test_a_signal_with_some_chance_gets_the_replicates_it_needs(monkeypatch, small, tmp_path):
    monkeypatch.setattr(ClaimsStudy, "work", mostly_signal)
    done = study(small, tmp_path / "out", ids=("C14",), worlds=30, robustness=0)
    found = read_results(tmp_path / "out" / "claims", load_claims(small))
    judged = found.of(found.claims[0], "prior")
    assert 2 < judged.replicates <= 6
    assert done.record["counts"]["done"] == 30 * 3 * judged.replicates
    assert study(small, tmp_path / "out", ids=("C14",), worlds=30, robustness=0).new == 0


def mostly_signal(work, context):
    """Stand-in: an effect of the world, and chance of the replicate, on the arms but one."""
    world_draws = np.random.default_rng(round(1e9 * work.parameters["contagion_strength"]))
    signal = world_draws.normal()
    answers = []
    for arm in work.arms:
        chance = np.random.default_rng([work.seed, int(arm.key, 16)]).normal(size=1)
        own = 0.0 if arm.course.timeline.name == "municipal_baton" else signal
        answers.append(Answer((np.full(len(arm.measured), own + 0.7 * chance[0]),)))
    return answers


def test_a_theory_is_a_rival_of_the_model_as_written(quick, small, tmp_path):
    rival = Theory("trait", "A trait", "Et træk", "made up", {"contact_effect": (0.0, 0.01)})
    out = tmp_path / "out"
    plan = plan_claims(
        ("C14",), file=small, sets=["prior"], worlds=30, robustness=12, theories=(rival,)
    )
    with ThreadPoolExecutor(1) as pool:
        run_claims(plan, out, executor=pool)
    found = read_results(out / "claims", load_claims(small))
    (claim,) = found.claims
    assert len(found.of(claim, "prior", "trait")) == 12
    conclusion = conclude_one(found, claim, {"prior": Worlds.load("prior:240")}, ("trait",))
    assert conclusion.theories == ("base", "trait")
    assert conclusion.verdict.by_theory.shape == (2, len(claim.readings))
    assert "trait" not in [each.variant for each in conclusion.moved]
    verify(out, sample=1, workers=1)
    again = plan_claims(("C14",), file=small, sets=["prior"], worlds=30, robustness=12)
    with ThreadPoolExecutor(1) as pool:
        assert run_claims(again, out, executor=pool).new == 0
    assert plan.theories[0].world == (("contact_effect", 0.005),)
    other = replace(plan, theories=(replace(plan.theories[0], world=(("contact_effect", 0.0),)),))
    with pytest.raises(StudyError, match="trait is another there"):
        run_claims(other, out)


def test_a_theory_with_the_name_of_a_variant_is_refused(small):
    rival = Theory("seeds", "Seeds", "Frø", "made up", {"contact_effect": (0.0, 0.0)})
    with pytest.raises(InputError, match="theories"):
        plan_claims(("C14",), file=small, sets=["prior"], worlds=2, theories=(rival,))


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
    assert found.of_runs == BASE_ROWS + 2 * 8 * ARMS * REPLICATES
    assert 3 * 2 <= found.runs <= 3 * ARMS


def test_verify_finds_a_changed_table_and_a_forged_one(small, tmp_path):
    out = tmp_path / "forged"
    study(small, out, robustness=0)
    table = out / "claims" / "C02.csv"
    table.write_text(
        table.read_text("utf-8").replace("prior,base,0,1,2,", "prior,base,0,9,2,"), "utf-8"
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
