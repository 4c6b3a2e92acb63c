"""Conditions and their runs: what they change, the same luck, and folders that go on."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine import rows as engine_rows
from velfaerd_sim.engine import session
from velfaerd_sim.engine.parts import read_rows
from velfaerd_sim.errors import StudyError, VerificationError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.theories import load_theories
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments import conditions as kinds
from velfaerd_sim.instruments.conditions import Condition, arrows, conditions
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.robustness import plan as robustness
from velfaerd_sim.studies.robustness.plan import OUTCOMES, RobustnessPlan, run_robustness
from velfaerd_sim.studies.robustness.work import run_draw
from velfaerd_sim.studies.verification import verify

REGIMES = ["municipal_baton", "rigid_rules", "facilitative_dialogue"]


def base(**changes):
    return load_scenario("baseline").with_(adults=600, months=14, **changes)


def test_arrows_are_the_uncertainties_that_may_be_zero():
    found = arrows()
    names = [name for group in found.values() for name in group]
    assert len(names) == len(set(names)) > 80
    for name in names:
        assert BY_NAME[name].low <= 0.0 <= BY_NAME[name].high
        assert BY_NAME[name].role == "uncertainty"
    assert {"promise_weight", "influence_pace_from_dialogue", "companion_loss_effect"} < set(names)
    left_out = {"contagion_strength", "opening_dialogue", "answer_blind_share", "need_rate"}
    assert not left_out & set(names)


def test_every_kind_is_there_and_names_are_unique():
    worlds = Worlds.load("prior:3")
    rivals = load_theories("all")
    found = conditions(base(), worlds=(worlds,), theories=rivals, repeats=2, world_repeats=2)
    assert [each.label for each in found if each.kind == kinds.THEORY] == [
        theory.label_en for theory in rivals
    ]
    assert {each.kind for each in found} == {kinds.DEFAULTS, *kinds.KINDS}
    assert len({each.name for each in found}) == len(found)
    assert [each.draws for each in found if each.kind == kinds.WORLDS_KIND] == [6]
    only = conditions(base(), kinds=(kinds.SIZE,))
    assert [each.name for each in only] == ["defaults", "half_the_adults", "twice_the_adults"]
    small = conditions(load_scenario("baseline").with_(adults=60), kinds=(kinds.SIZE,))
    assert [each.name for each in small] == ["defaults", "twice_the_adults"]
    large = conditions(load_scenario("baseline").with_(adults=3_000_001), kinds=(kinds.SIZE,))
    assert [each.name for each in large] == ["defaults", "half_the_adults"]


def test_more_staff_a_person_in_a_small_town_is_said():
    for adults, words in (
        (5000, "half the adults"),
        (2500, "half the adults (staff a person +100%)"),
    ):
        scenario = load_scenario("baseline").with_(
            adults=adults, parameters={"adults_per_staff": 1200}
        )
        labels = [each.label for each in conditions(scenario, kinds=(kinds.SIZE,))]
        assert labels == ["defaults", words, "twice the adults"]


def test_a_condition_changes_what_it_says():
    worlds = Worlds.load("prior:2")
    condition = Condition("prior", kinds.WORLDS_KIND, "prior", worlds=worlds, repeats=3)
    made = [condition.scenario(base(), draw).parameter_values() for draw in range(6)]
    for draw, values in enumerate(made):
        expected = worlds[draw // 3].parameters
        assert {name: values[name] for name in expected} == pytest.approx(dict(expected))
    twice = Condition("twice", kinds.SIZE, "twice", adults=2.0)
    assert twice.scenario(base(), 0).adults == 1200


def test_the_defaults_are_those_of_a_comparison(tmp_path):
    """The same seeds, regimes and reading as `compare`, to the last digit but rounding."""
    found = run_robustness(conditions(base(), repeats=3, kinds=()), REGIMES, base(), workers=2)
    other = compare(REGIMES, adults=600, months=14, replicates=3, workers=1)
    levels = other.levels.set_index(["outcome", "regime"])
    values = found.values["defaults"]
    assert values.shape == (3, 3, len(OUTCOMES))
    for k, outcome in enumerate(OUTCOMES):
        for r, regime in enumerate(REGIMES):
            mean = levels.loc[(outcome, regime), "mean"]
            assert values[:, r, k].mean() == pytest.approx(mean, rel=1e-9)


def tried():
    worlds = Worlds.load("prior:2")
    some = (kinds.STEP, kinds.NETWORK, kinds.WORLDS_KIND)
    return conditions(base(), worlds=(worlds,), repeats=2, world_repeats=2, kinds=some)


def test_worlds_leave_what_the_scenario_sets_and_count_by_their_weights():
    given = base(parameters={"contagion_strength": 0.0})
    worlds = Worlds.load("prior:3")
    weighted = Worlds("own", tuple(replace(one, weight=float(one.number == 2)) for one in worlds))
    for each, numbers in ((worlds, {1, 2, 3}), (weighted, {2})):
        (found,) = (c for c in conditions(given, worlds=(each,)) if c.worlds is not None)
        assert found.scenario(given, 0).parameter_values()["contagion_strength"] == 0.0
        assert {one.number for one in found.worlds} == numbers


def test_results_do_not_depend_on_workers_or_interruption(tmp_path, monkeypatch):
    whole = run_robustness(tried(), REGIMES, base(), workers=2)
    monkeypatch.setattr(engine_rows, "FLUSH_SECONDS", 0.0)
    calls = []

    def stop(advance):
        calls.append(advance)
        if advance.runs_done > 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_robustness(tried(), REGIMES, base(), workers=1, out=tmp_path / "out", progress=stop)
    done = read_rows(tmp_path / "out", "run").num_rows
    planned = sum(each.draws for each in tried()) * len(REGIMES)
    assert 9 < done < planned
    record = tmp_path / "out" / "study.json"
    stopped = json.loads(record.read_text("utf-8"))
    stopped["times"] |= {"started": "2026-01-01T00:00:00Z", "seconds": 1000.0}
    record.write_text(records.text(stopped), "utf-8")
    ran = []
    monkeypatch.setattr(RobustnessPlan, "work", _counted(run_draw, ran))
    again = run_robustness(tried(), REGIMES, base(), workers=1, out=tmp_path / "out")
    assert len(ran) * len(REGIMES) == planned - done
    for name, values in whole.values.items():
        assert np.array_equal(values, again.values[name], equal_nan=True)
    assert again.study["status"] == "complete"
    assert again.study["times"]["started"] == "2026-01-01T00:00:00Z"
    assert again.study["times"]["seconds"] > 1000.0
    assert again.fingerprint


def _counted(run, ran):
    def counted(draw, context):
        ran.append(draw)
        return run(draw, context)

    return counted


def test_conditions_may_be_added_and_not_changed(tmp_path, monkeypatch):
    whole = run_robustness(tried(), REGIMES, base(), workers=2)
    run_robustness(tried()[:2], REGIMES, base(), workers=1, out=tmp_path / "out")
    ran = []
    monkeypatch.setattr(RobustnessPlan, "work", _counted(run_draw, ran))
    more = run_robustness(tried(), REGIMES, base(), workers=1, out=tmp_path / "out")
    assert len(ran) == sum(each.draws for each in tried()[2:])
    for name, values in whole.values.items():
        assert np.array_equal(values, more.values[name], equal_nan=True)
    with pytest.raises(StudyError, match="conditions"):
        run_robustness(tried()[:2], REGIMES, base(), out=tmp_path / "out")
    other = conditions(base(), repeats=3, kinds=(kinds.STEP,))
    with pytest.raises(StudyError, match="conditions"):
        run_robustness(other, REGIMES, base(), out=tmp_path / "out")


def test_runs_of_two_versions_of_the_asking_code_do_not_mix(tmp_path, monkeypatch):
    out = tmp_path / "out"
    run_robustness(tried()[:2], REGIMES, base(), workers=1, out=out)
    monkeypatch.setattr(session, "asking_digest", lambda _: "another version")
    before = (out / "study.json").read_bytes()
    with pytest.raises(StudyError, match=r"another version of the code that asks .*overwritten"):
        run_robustness(tried(), REGIMES, base(), workers=1, out=out)
    assert (out / "study.json").read_bytes() == before
    again = run_robustness(tried()[:2], REGIMES, base(), workers=1, out=out)
    assert again.fingerprint == json.loads(before)["fingerprint"]
    more = run_robustness(tried(), REGIMES, base(), workers=1, out=out, overwrite=True)
    assert more.study["asking_digest"] == "another version"


def test_a_finished_study_that_does_not_tell_who_asked_opens_and_is_not_added_to(tmp_path):
    out = tmp_path / "out"
    run_robustness(tried()[:2], REGIMES, base(), workers=1, out=out)
    old = json.loads((out / "study.json").read_text("utf-8"))
    del old["asking_digest"]
    (out / "study.json").write_text(records.text(old), "utf-8")
    assert robustness.load_robustness(out).fingerprint == old["fingerprint"]
    assert run_robustness(tried()[:2], REGIMES, base(), out=out).fingerprint == old["fingerprint"]
    with pytest.raises(StudyError, match="another version of the code that asks"):
        run_robustness(tried(), REGIMES, base(), workers=1, out=out)


def test_a_changed_table_is_found_and_made_again(tmp_path):
    first = run_robustness(tried()[:2], REGIMES, base(), workers=1, out=tmp_path / "out")
    path = tmp_path / "out" / robustness.RUNS
    frame = pd.read_parquet(path)
    frame.loc[0, "lonely_share"] += 0.01
    frame.to_parquet(path)
    with pytest.raises(VerificationError, match=r"runs\.parquet was changed"):
        verify(tmp_path / "out", sample=1)
    again = run_robustness(tried()[:2], REGIMES, base(), workers=1, out=tmp_path / "out")
    assert np.array_equal(first.values["defaults"], again.values["defaults"])
    assert verify(tmp_path / "out").runs == sum(c.draws for c in tried()[:2]) * len(REGIMES)


def test_levels_are_means_by_condition_and_regime():
    found = run_robustness(tried()[:2], REGIMES, base(), workers=2)
    frame = robustness.levels(found).set_index(["condition", "regime"])
    assert len(frame) == 2 * len(REGIMES)
    values = found.values["defaults"][:, 1, 2]
    assert frame.loc[("defaults", REGIMES[1]), OUTCOMES[2]] == pytest.approx(values.mean())
