"""What advice may be asked for, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.studies.advise.design import FRESH, SEARCH, Size, checked_design, design_of
from velfaerd_sim.studies.advise.goals import Goals, checked_goals
from velfaerd_sim.studies.advise.plan import AdvicePlan
from velfaerd_sim.studies.advise.search import paths
from velfaerd_sim.studies.advise.space import HOURS, NAMES, space_of
from velfaerd_sim.studies.advise.work import Candidate

SMALL = Size(16, first=2, worlds=4, contenders=4, fresh=3, batch=4)


@pytest.mark.parametrize(
    ("asked", "place", "words"),
    [
        ({"hours_at_most": 1.0}, "hours_at_most", "above 2 and at most 80"),
        ({"hours_at_most": 2.0}, "hours_at_most", "above 2"),
        ({"hours_at_most": "many"}, "hours_at_most", "hours a month per 1000 adults"),
        ({"goal": "lonely_shar"}, "goal", "did you mean 'lonely_share'"),
        ({"goal": "staff_hours_contact_per_1000"}, "goal", ""),
        ({"goal": ["lonely_share=-1"]}, "goal: lonely_share", "a number from"),
        ({"goal": ["lonely_share", "lonely_share"]}, "goal", "each outcome once"),
        ({"fix": {"rigidity": 1.5}}, "fix: rigidity", "a number from 0 to 1"),
        ({"fix": {"rigidty": 0.5}}, "fix", "did you mean 'rigidity'"),
        ({"fix": {"hours_per_1000": 30.0}}, "fix: hours_per_1000", "2 to 20"),
        ({"bounds": {"training": [0.6, 0.4]}}, "bounds: training", "low end below"),
        ({"bounds": {"training": [0.4]}}, "bounds: training", "a low and a high end"),
        ({"fix": dict.fromkeys(NAMES, 0.5) | {"hours_per_1000": 9.0}}, "fix", "at least one"),
        ({"size": Size(evaluations=3)}, "evaluations", "16 to"),
        ({"worlds": "plausibel"}, "worlds", "did you mean 'plausible'"),
    ],
)
def test_what_cannot_be_is_refused(asked: dict, place: str, words: str) -> None:
    given = {"hours_at_most": 20.0, "worlds": "none", "size": SMALL} | asked
    with pytest.raises(InputError) as error:
        checked_design("baseline", **given)
    assert error.value.place == place
    assert words in str(error.value)


def test_an_instrument_that_is_fixed_has_no_bounds() -> None:
    with pytest.raises(InputError, match="not fixed"):
        space_of(20.0, {"dialogue": 0.5}, {"dialogue": [0.2, 0.4]})


def test_points_lie_in_the_space_and_come_back() -> None:
    space = space_of(12.0, {"rigidity": 0.5}, {"training": [0.2, 0.6]})
    unit = np.random.default_rng(1).random((50, int(space.free.sum())))
    points = space.points(unit)
    assert space.holds(points).all()
    assert (points[:, 0] == 0.5).all()
    assert points[:, HOURS].max() <= 12.0
    assert np.allclose(space.points(space.unit(points)), points)
    assert type(space).from_dict(space.to_dict()) == space


def test_goals_are_weighed_with_their_direction_and_nobody_left_is_worst() -> None:
    goals = checked_goals(["lonely_share=100", "retention_12m=10"])
    # 100 x (- 0.09) + 10 x 0.8, and retention without volunteers counts 0.
    values = goals.value(np.array([[0.09, 0.8], [0.09, np.nan]]))
    assert values == pytest.approx([-1.0, -9.0])
    assert checked_goals({"lonely_share": 7.0}) == Goals((("lonely_share", 1.0),))


def test_worlds_of_the_search_and_fresh_ones_are_apart() -> None:
    size = Size(16, first=3, worlds=6, fresh=9)
    design = checked_design("baseline", hours_at_most=20.0, size=size)
    seen = {world.number for world in design.searched}
    assert seen.isdisjoint({world.number for world in design.fresh})
    assert design.new_worlds == 9
    seeds = {design.world(k, SEARCH).seed for k in range(6)}
    assert seeds.isdisjoint({design.world(k, FRESH).seed for k in range(9)})


def test_theories_come_up_in_turn() -> None:
    worlds = Worlds("own", tuple(World(n, 0.25, {"contact_effect": 0.1}) for n in range(4)))
    design = checked_design(
        "baseline",
        hours_at_most=20.0,
        worlds=worlds,
        theories="harmless_rules,crowding_out",
        size=Size(16, first=3, worlds=6, fresh=3),
    )
    names = [world.theory for world in design.searched]
    assert names == ["", "harmless_rules", "crowding_out"] * 2


def test_the_folder_of_a_place_gives_its_scenario_worlds_and_governance(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text('based_on = "baseline"\nadults = 900\n')
    (tmp_path / "worlds.csv").write_text("world,weight,contact_effect\n4,1,0.02\n5,3,0.03\n")
    (tmp_path / "today.toml").write_text(
        'based_on = "rigid_rules"\nname = "ours"\ndialogue = 0.3\n'
    )
    design = checked_design(tmp_path, hours_at_most=20.0, size=SMALL)
    assert design.scenario.adults == 900
    assert {world.number for world in (*design.searched, *design.fresh)} == {4, 5}
    assert design.today.point[INSTRUMENTS.index("dialogue")] == 0.3
    assert design.scenario.timeline.name == "ours"
    plan = AdvicePlan(design)
    again = design_of(plan.record(""))
    assert again.to_dict() == design.to_dict()
    assert again.today == design.today


def test_a_folder_that_is_no_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder of a place"):
        checked_design(tmp_path, hours_at_most=20.0)


def test_governance_that_changes_over_time_has_no_point() -> None:
    design = checked_design(load_scenario("crisis"), hours_at_most=20.0, worlds="none", size=SMALL)
    single = design.scenario.timeline.single()
    assert np.isfinite(design.today.point).all() == (single is not None)
    assert set(REGIMES) >= {design.scenario.timeline.name} or single is None


def test_a_path_takes_its_steps_one_after_the_other() -> None:
    today = load_scenario("baseline").timeline
    point = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 12.0)
    path = Candidate("path best_first 12 rigidity+dialogue training", point).timeline(today)
    (start,) = today.phases
    first, last = (phase.regime for phase in path.phases)
    assert [phase.first_month for phase in path.phases] == [0, 12]
    assert (first.rigidity, first.dialogue, last.training) == (0.1, 0.3, 0.8)
    assert (first.training, last.openness) == (start.regime.training, start.regime.openness)


def test_paths_begin_with_what_gives_most_by_itself() -> None:
    design = checked_design("baseline", hours_at_most=20.0, worlds="none", size=SMALL)
    best = np.array(design.today.point)
    best[:4] = 0.9, 0.9, 0.9, 0.42
    alone = dict.fromkeys(INSTRUMENTS, 0.0) | {"dialogue": 3.0, "rigidity": 2.0}
    today, at_once, own, other = paths(design, best, alone)
    assert today.role == "today"
    assert at_once.role == "path at_once 1 dialogue+rigidity+role_clarity+influence"
    assert own.role == "path best_first 12 dialogue rigidity role_clarity+influence"
    assert other.role == "path best_last 12 role_clarity rigidity dialogue+influence"
    assert paths(design, np.array(design.today.point), alone) == []
