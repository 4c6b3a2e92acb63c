"""Studies as work: seeds, tasks, names of runs, reading, going on."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.engine.plan import Outlook
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.inputs.regimes import REGIMES, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments.replicates import measured, run_replicate
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.compare.design import checked_design
from velfaerd_sim.studies.sweep.continuation import continuation_faults
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.studies.sweep.tasks import RunNames, replicate_task, tasks

BASELINE = load_scenario("baseline")
RIGID, TALK = (Timeline.of(REGIMES[name]) for name in ("rigid_rules", "facilitative_dialogue"))
FACTORS = (Factor.of("hours_per_1000"), Factor.of("espoused_gap"))
STUDY = SweepStudy(
    name="test",
    scenario=BASELINE.with_(adults=300, months=24, seed=7),
    regimes=(RIGID, TALK),
    factors=FACTORS,
    design=Design(kind="sobol", size=4),
    replicates=3,
    outcomes=("retention_12m", "lonely_share", "joins"),
    read_months=(6, 12),
)
RIGIDITY = STUDY.with_(
    factors=(Factor.of("instrument.rigidity"), Factor.of("instrument.dialogue.rigid_rules")),
    design=Design(levels=2),
)


def test_every_point_and_regime_has_the_seeds_of_compare():
    found = list(tasks(STUDY))
    assert len(found) == 12
    assert [task.replicate for task in found] == [0] * 4 + [1] * 4 + [2] * 4
    ids = STUDY.points.ids
    assert [task.point.point_id for task in found] == list(ids) * 3
    assert [task.key for task in found[:2]] == [(ids[0], 0), (ids[1], 0)]
    plan = checked_design(["rigid_rules", "facilitative_dialogue"], STUDY.scenario, replicates=3)
    seeds = tuple(plan.task(number).scenario.seed for number in range(3))
    assert seeds[0] == 7
    assert {(task.replicate, task.seed) for task in found} == set(enumerate(seeds))
    for task in found:
        scenario = replicate_task(STUDY, task).scenario
        assert scenario.seed == task.seed
        values = scenario.parameter_values()
        assert all(values[name] == value for name, value in task.point.values)


def test_tasks_come_in_the_same_order_again():
    assert list(tasks(STUDY)) == list(tasks(SweepStudy.from_dict(STUDY.to_dict())))
    assert pickle.loads(pickle.dumps(next(tasks(STUDY)))) == next(tasks(STUDY))


def test_points_that_come_up_twice_are_one_task():
    study = STUDY.with_(design=Design(kind="points", rows=((8, 0), (9, 0), (8, 0))))
    assert len(study.points.ids) == 3
    assert [task.point.index for task in tasks(study)] == [0, 1] * 3
    plan = SweepPlan(study)
    months = STUDY.scenario.burn_in_months + 2 * 24
    assert plan.outlook(RowStore(plan, None)) == Outlook(12, 6 * 300 * months, 6)


def test_instruments_change_the_regimes_they_name():
    (task,) = [
        t
        for t in tasks(RIGIDITY)
        if dict(t.point.values) == {"instrument.rigidity": 1, "instrument.dialogue.rigid_rules": 0}
        and t.replicate == 0
    ]
    rigid, talk = replicate_task(RIGIDITY, task).timelines
    assert (rigid.name, talk.name) == ("rigid_rules", "facilitative_dialogue")
    assert (rigid.single().rigidity, rigid.single().dialogue) == (1, 0)
    assert talk.single().rigidity == 1
    assert talk.single().dialogue == REGIMES["facilitative_dialogue"].dialogue


def test_one_at_a_time_starts_from_the_regimes_as_they_are():
    study = RIGIDITY.with_(design=Design(kind="one_at_a_time", levels=2))
    first = next(tasks(study))
    assert first.point.values == ()
    assert replicate_task(study, first).timelines == study.regimes
    assert len(list(tasks(study))) == 5 * 3


def test_runs_have_names_of_their_own():
    names = RunNames(STUDY)
    found = [name for task in tasks(STUDY) for name in names.of(task)]
    assert len(set(found)) == len(found) == 24
    assert all(len(name) == 32 for name in found)
    assert found == [name for task in tasks(STUDY) for name in RunNames(STUDY).of(task)]


def test_names_of_runs_stay_when_a_study_grows():
    def names(study):
        found = RunNames(study)
        return {task.key: found.of(task) for task in tasks(study)}

    small = names(STUDY)
    for study in (STUDY.with_(replicates=5), STUDY.with_(size=16), STUDY.with_(name="other")):
        large = names(study)
        assert {key: large[key] for key in small} == small
    reverse = names(STUDY.with_(regimes=(TALK, RIGID)))
    assert {key: name[::-1] for key, name in reverse.items()} == small


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 8},
        {"months": 25},
        {"adults": 301},
        {"parameters": {"drift_rate": 0.01}},
        {"scenario": replace(STUDY.scenario, policy_review=True)},
        {"regimes": (Timeline.of(replace(REGIMES["rigid_rules"], training=0.9)),)},
    ],
    ids=["seed", "months", "adults", "parameter", "scenario", "regime"],
)
def test_what_counts_changes_names_and_digest(changes):
    other = STUDY.with_(**changes)
    first = next(tasks(STUDY))
    seed = changes.get("seed", 7)
    again = replace(first, seed=seed)
    assert RunNames(other).of(again)[0] != RunNames(STUDY).of(first)[0]
    assert other.digest() != STUDY.digest()
    assert continuation_faults(STUDY, other)


def test_instruments_and_the_model_change_names():
    names = RunNames(RIGIDITY)
    found = [name for task in tasks(RIGIDITY) for name in names.of(task)]
    assert len(set(found)) == len(found) == 3 * 4 * 2
    first = next(tasks(STUDY))
    assert RunNames(STUDY, "another model").of(first) != RunNames(STUDY).of(first)


def test_the_digest_does_not_read_titles():
    same = STUDY.with_(title_en="A title", question_da="Hvad?")
    assert same.digest() == STUDY.digest()
    assert same != STUDY
    assert (same.title("en"), same.title("da")) == ("A title", "test")
    others = [
        STUDY.with_(replicates=4),
        STUDY.with_(size=8),
        STUDY.with_(outcomes=("joins",)),
        STUDY.with_(read_months=()),
        STUDY.with_(regimes=(TALK, RIGID)),
        STUDY.with_(factors=FACTORS[::-1]),
    ]
    digests = [study.digest() for study in (STUDY, *others)]
    assert len(set(digests)) == len(digests)


# --- reading


def test_outcomes_are_read_as_if_the_run_ended_there():
    series = np.random.default_rng(1).random((2, 25, len(NAMES)))
    found = STUDY.read(series)
    assert found.shape == (2, 9)
    columns = [reading.column for reading in STUDY.readings]
    assert columns[:3] == ["outcome.retention_12m", "outcome.lonely_share", "outcome.joins"]
    assert columns[-1] == "outcome.joins.month_12"
    for reading, values in zip(STUDY.readings, found.T, strict=True):
        month = 24 if reading.month is None else reading.month
        column = series[:, :, INDEX[reading.outcome]]
        window = OUTCOMES[INDEX[reading.outcome]].kind in ("window", "cumulative")
        from_ = max(1, month - 11)
        expected = column[:, month] if window else column[:, from_ : month + 1].mean(axis=1)
        np.testing.assert_allclose(values, expected)


def test_a_task_gives_what_a_run_by_hand_gives():
    task = list(tasks(STUDY))[-1]
    found = STUDY.read(run_replicate(replicate_task(STUDY, task)).series[:, 0])
    scenario = STUDY.scenario.with_(seed=task.seed, parameters=dict(task.point.values))
    twin = Simulation(scenario).fork("facilitative_dialogue")
    twin.run(24)
    expected = summarise(measured(twin)[0])[[INDEX[name] for name in STUDY.outcomes]]
    np.testing.assert_array_equal(found[1, :3], expected)


# --- changing and going on


def test_studies_are_changed_with_checks():
    small = STUDY.with_(size=2, adults=100, months=13, parameters={"drift_rate": 0.01})
    assert (len(small.points.ids), small.adults, small.months) == (2, 100, 13)
    assert small.scenario.parameter_values()["drift_rate"] == 0.01
    for changes, message in [
        ({"size": 3}, "design.size: 3"),
        ({"month": 3}, "did you mean 'months'"),
        ({"months": 12}, r"read_months\[2\]: 12"),
        ({"factors": (*FACTORS, FACTORS[0])}, "each factor once"),
        ({"regimes": ("rigid_rules",)}, r"regimes\[1\]: 'rigid_rules'"),
        ({"design": Design(kind="points", rows=((1, 2, 3),))}, r"design.rows\[1\]"),
        ({"design": Design(kind="points")}, "design.rows: nothing is given"),
        ({"design": Design(kind="points", rows=((5, 7),))}, "espoused_gap: 7"),
    ]:
        with pytest.raises(InputError, match=message):
            STUDY.with_(**changes)


def test_more_replicates_and_points_go_on():
    for study in (STUDY, STUDY.with_(replicates=9), STUDY.with_(size=64), STUDY.with_(name="x")):
        assert continuation_faults(STUDY, study) == ()
    grid = STUDY.with_(design=Design(levels=3))
    finer = STUDY.with_(design=Design(levels=5))
    assert continuation_faults(grid, finer) == ()
    assert "points became" in continuation_faults(finer, grid)[0]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"replicates": 2}, "3 replicates became 2"),
        ({"regimes": (TALK, RIGID)}, "the regimes are others, or in another order"),
        ({"seed": 3}, "the scenario, its seed or a fixed parameter is another"),
        ({"factors": FACTORS[::-1]}, "other factors vary, or in another order"),
        ({"read_months": (6,)}, "other outcomes are kept"),
        ({"size": 2}, "4 points became 2"),
    ],
)
def test_other_studies_do_not_go_on(changes, fault):
    assert fault in continuation_faults(STUDY, STUDY.with_(**changes))[0]


def test_a_latin_hypercube_does_not_go_on_and_says_why():
    cube = STUDY.with_(design=Design(kind="latin_hypercube", size=8))
    (fault,) = continuation_faults(cube, cube.with_(size=16))
    assert "a Sobol sequence can be extended" in fault
