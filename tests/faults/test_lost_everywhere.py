"""Where nobody is left counts as the worst there can be: in every kind of study, on every page."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.analysis import conclusions, fit
from velfaerd_sim.dashboard.compare import results
from velfaerd_sim.dashboard.compare.runs import Track
from velfaerd_sim.dashboard.map.national_runs import Outcomes
from velfaerd_sim.dashboard.map.view import A, Curves, MapView
from velfaerd_sim.engine.rows import DONE
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments import conditions as kinds
from velfaerd_sim.instruments.claim_measures import StartFacts
from velfaerd_sim.instruments.conditions import Condition
from velfaerd_sim.instruments.losses import counted, nobody_left
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.instruments.replicates import CELLS, GAINS
from velfaerd_sim.measures.outcomes import INDEX, NAMES, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE
from velfaerd_sim.reporting.pages import robustness as pages
from velfaerd_sim.studies.claims.arms import Measured
from velfaerd_sim.studies.claims.worker import run_arm
from velfaerd_sim.studies.place.plan import ON_PLACE, PlacePlan, key_of
from velfaerd_sim.studies.robustness.plan import OUTCOMES, RobustnessPlan, levels
from velfaerd_sim.studies.trial.drawing import Draws
from velfaerd_sim.studies.trial.lives import QUESTIONS, VALUES, VOLUNTEERS, Survey, _Reader
from velfaerd_sim.studies.validate.validating import Validation
from velfaerd_sim.studies.value.decision import _losses_as_worst
from velfaerd_sim.telling.words import Words

NUMBER, MOTIVATION, RETENTION = (
    INDEX[name] for name in ("volunteers_per_1000", "motivation_mean", "retention_12m")
)
TINY = load_scenario("baseline").with_(adults=100, regime="hands_off", months=36)


@pytest.fixture(scope="module")
def empty() -> Simulation:
    """A town of 100 adults in which no volunteer was left for the last year, and its scenario."""
    for seed in range(60):
        found = Simulation(TINY.with_(seed=seed))
        found.run(36)
        if not found.measured(("volunteers_per_1000",))[0, -12:].any():
            return found
    raise AssertionError("all towns kept their volunteers, so this tests nothing")


def test_what_is_missing_for_another_reason_stays_missing() -> None:
    values, none = np.array([np.nan, np.nan, 0.4]), np.array([0.0, 20.0, 20.0])
    assert counted("motivation_mean", values, none)[[0, 2]].tolist() == [0.0, 0.4]
    assert np.isnan(counted("motivation_mean", values, none)[1])
    assert counted("exhaustion_mean", values).tolist() == [1.0, 1.0, 0.4]
    assert np.isnan(counted("lonely_share", values)[0]), "it speaks of everybody"
    left = nobody_left(np.array([[np.nan, np.nan], [0.5, np.nan]]), OUTCOMES[:2])
    assert left.tolist() == [[True, True], [False, False]], "motivation tells of retention"


def test_claims_read_the_worst_in_a_town_that_all_have_left(empty: Simulation) -> None:
    wanted = [
        Measured(name, 25, 36)
        for name in ("motivation_mean", "exhaustion_mean", "retention_12m", "lonely_share")
    ]
    start = Simulation(empty.scenario)
    found = run_arm(start, wanted, StartFacts.at_start(start))
    assert found[:3].tolist() == [0.0, 1.0, 0.0]
    assert 0.0 <= found[3] < 1.0


def test_robustness_counts_and_tells_runs_without_volunteers() -> None:
    """A regime under which half of the draws lose all volunteers keeps less motivation."""
    draws, names = 6, ("defaults", "half_the_adults")
    given = (kinds.DEFAULTS, kinds.SIZE)
    asked = tuple(
        Condition(name, kind, name, repeats=draws) for name, kind in zip(names, given, strict=True)
    )
    regimes = ("municipal_baton", "hands_off")
    plan = RobustnessPlan(asked, tuple(map(_timeline, regimes)), TINY)
    rows = pd.DataFrame(
        [
            {"condition": name, "draw": draw, "regime": regime, "status": DONE}
            | dict.fromkeys(OUTCOMES, 0.5)
            for name in names
            for draw in range(draws)
            for regime in regimes
        ]
    )
    lost = (rows["condition"] != "defaults") & (rows["regime"] == "hands_off") & (rows["draw"] < 3)
    rows.loc[lost, ["motivation_mean", "retention_12m"]] = np.nan
    found = plan.result({}, _arrow(rows))
    gap = conclusions.sizes(found, asked[1], "motivation_mean", 0, 1)
    assert conclusions.interval(gap)[0] == pytest.approx(0.25)
    means = levels(found).set_index(["condition", "regime"])
    assert means.loc[("half_the_adults", "hands_off"), "motivation_mean"] == pytest.approx(0.25)
    assert pages.lost_in(levels(found)) == {"half_the_adults": (3, 12)}
    ranks = conclusions.ranking(found).set_index(["condition", "outcome"])
    assert ranks.loc[("half_the_adults", "motivation_mean"), "first_place"] == "municipal_baton"


def _timeline(name: str) -> Any:
    return TINY.with_(regime=name).timeline


def _arrow(frame: pd.DataFrame) -> Any:
    return __import__("pyarrow").Table.from_pandas(frame, preserve_index=False)


@pytest.mark.parametrize(("missing", "inside"), [(1, True), (2, False), (4, False)])
def test_a_world_with_nobody_to_ask_meets_no_target(missing: int, inside: bool) -> None:
    id = "T7.retention"
    rows = [
        (part, "", draw, target.id, np.nan if gone and draw < missing else target.value)
        for part in ("defaults", "targets")
        for draw in range(4)
        for target in TARGETS
        for gone in [target.id == id]
    ]
    rows += [("held out", "", draw, pattern.id, 0.1) for draw in range(4) for pattern in PATTERNS]
    for condition in ("defaults", "half_the_adults"):
        for draw in range(4):
            gone = condition != "defaults" and draw == 0
            rows.append(("scale", condition, draw, "volunteers_per_1000", 0.0 if gone else 10.0))
            rows.append(("scale", condition, draw, "motivation_mean", np.nan if gone else 0.5))
    frame = pd.DataFrame(rows, columns=["part", "condition", "draw", "id", "value"])
    study = Validation({}, frame, Worlds("four", tuple(World(k, 0.25, {}) for k in range(4))))
    row = fit.targets_table(study).set_index("id").loc[id]
    assert row["missing"] == missing
    assert row["share_inside"] == pytest.approx(1.0 - missing / 4.0)
    assert (bool(row["inside"]), bool(row["defaults_inside"])) == (inside, inside)
    scale = fit.scale_table(study).set_index("outcome")
    assert scale.loc["motivation_mean", "difference"] == pytest.approx(-0.125)


def test_the_value_of_knowing_counts_them() -> None:
    runs = pd.DataFrame(
        {"outcome.motivation_mean": [np.nan, 0.5], "outcome.volunteers_per_1000": [0.0, 20.0]}
    )
    assert _losses_as_worst(runs, "motivation_mean")["outcome.motivation_mean"].tolist() == [0, 0.5]


@pytest.mark.parametrize("question", QUESTIONS[VOLUNTEERS])
def test_a_town_without_volunteers_gives_the_worst_answer_in_a_trial(question: str) -> None:
    simulation = Simulation(TINY)
    reader = _Reader(Survey(VOLUNTEERS, question, 0.5), simulation)
    simulation.population.volunteers["citizen"] = FREE
    asked = dict(zip(VALUES, reader.asked(simulation), strict=False))
    worst = 1.0 if question in ("controlled_motivation", "exhaustion") else 0.0
    assert (asked["truth"], asked["seen"], asked["persons"]) == (worst, worst, 0.0)


def test_a_trial_does_not_drop_a_town_that_loses_its_volunteers() -> None:
    """What makes volunteers leave would else look harmless: only towns that kept some count."""
    from studies.trial.test_drawing import STUDY, store

    study = STUDY.with_(imitation=0.0)
    lives, half = store(study), 49
    place = {name: k for k, name in enumerate(VALUES)}
    treated = [k for k, path in enumerate(study.lives) if any(dose > 0.0 for _, dose in path)]
    for life in treated:
        for name, value in (("truth", 0.0), ("seen", 0.0), ("within", 0.0), ("persons", 0.0)):
            lives.values[:, :half, life, place[name], 1:] = value
    draws = Draws(study, study.points[0], lives)
    assert draws.usable().all()
    assert (draws.truths() < -0.15).all()
    assert 0.0 < draws.lost() <= 0.5
    lives.values[:, :half, :, place["persons"], 0] = 0.0
    assert not draws.usable()[:, :half].any(), "nobody could ever be asked there"


def test_a_place_counts_them() -> None:
    class Held:
        message = ""

        def __init__(self) -> None:
            summary = np.full((2, len(NAMES)), 0.5)
            summary[1, [NUMBER, MOTIVATION]] = 0.0, np.nan
            self.values = summary.ravel(), [1.0, 1.0], np.zeros(CELLS * len(GAINS))

    class Design:
        regimes, most = ("a", "b"), 1

    rows = {key_of(ON_PLACE, 0): Held()}
    found = PlacePlan.summaries(PlacePlan.__new__(PlacePlan), rows, ON_PLACE, Design())  # type: ignore[arg-type]
    assert found.values[0, :, MOTIVATION].tolist() == [0.5, 0.0]


def _outcomes(number: float, motivation: float) -> Outcomes:
    towns = np.full((98, 121, len(NAMES)), 0.5, np.float32)
    towns[0, 60:, NUMBER], towns[0, 60:, MOTIVATION] = number, motivation
    return Outcomes(towns, towns.mean(axis=0))


@pytest.mark.parametrize("yearly", [True, False])
def test_the_map_counts_a_municipality_that_all_have_left_in_one_run(yearly: bool) -> None:
    view = MapView(outcome="motivation_mean", yearly=yearly, runs=4, shown=A)
    kept, gone = _outcomes(20.0, 0.5), _outcomes(0.0, np.nan)
    runs = [{view.a: kept, view.b: gone if number == 0 else kept} for number in range(4)]
    found = Curves.of(view, *runs)
    assert found.b[0, -1] == pytest.approx(0.375)
    assert np.isfinite(found.pooled.values[:, -1]).all()
    assert found.lost[:, -1].tolist() == [True] + [False] * 97
    assert not found.lost[:, 59].any()
    assert gone.last_year("motivation_mean")[0] == 0.0
    said = Words("en", "map").count(int(found.lost[:, -1].sum()), "lost_volunteers")
    assert "1 municipality no volunteer is left" in said


def _track(scenario: Scenario, lost: bool) -> Track:
    series = np.full((25, len(NAMES)), 0.5)
    if lost:
        series[13:, [NUMBER, MOTIVATION]] = 0.0, np.nan
    none = np.zeros(scenario.adults, np.uint8)
    return Track(series, summarise(series), none.astype(np.int16), none + np.uint8(12), none)


def test_compare_draws_and_counts_them() -> None:
    kept, gone = _track(TINY, False), _track(TINY, True)
    found = results.result_of({0: kept, 1: kept}, {0: kept, 1: gone}, 2, False)
    assert found is not None
    finding = found.findings["motivation_mean"]
    assert (finding.b_level, finding.lost, finding.missing) == (0.25, 1, 0)
    assert finding.b.mean[[12, 13, 24]].tolist() == [0.5, 0.25, 0.25]
    assert finding.gap.mean[24] == -0.25
