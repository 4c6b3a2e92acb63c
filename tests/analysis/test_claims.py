"""What is concluded of claims, on planted worlds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.analysis import claims as concluding
from velfaerd_sim.analysis.claim_conditions import (
    CANDIDATES,
    conditions,
    leanings,
    rank_correlations,
)
from velfaerd_sim.analysis.claims import MovedShare, conclude_one
from velfaerd_sim.inputs.evidence import ANSWERS, kora_table
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.results import ClaimResults, JudgedClaim

FILE = load_claims(Path(__file__).resolve().parents[2] / "experiments" / "claims.toml")
NAMES = tuple(f"p{number}" for number in range(30))


def claim_of(name):
    return next(each for each in FILE.claims if each.id == name)


def planted(worlds=120, seed=1):
    return np.random.default_rng(seed).random((worlds, len(NAMES)))


def judged(claim, effect, variant="base", error=None, set_name="prior"):
    effect = np.asarray(effect, float)
    count = len(effect)
    error = np.zeros(effect.shape) if error is None else np.asarray(error, float)
    places = np.arange(count)
    return JudgedClaim(
        claim, set_name, variant, places, places + 1, 4, effect, error, np.empty((count, 0))
    )


def effects(claim, worlds=40, **values):
    """Effects of a claim, the same in all worlds or one a world, by criterion; 0 for the rest."""
    columns = [np.broadcast_to(values.get(c.name, 0.0), worlds) for c in claim.criteria]
    return np.stack(columns, axis=1)


def test_the_box_that_was_planted_is_found():
    x = planted()
    met = ~((x[:, 3] > 0.6) & (x[:, 7] < 0.7))
    found = conditions(x, met, NAMES, seed=1)
    assert found.fails
    assert {limit.parameter for limit in found.limits} == {"p3", "p7"}
    above = next(limit for limit in found.limits if limit.parameter == "p3")
    assert above.low == pytest.approx(0.6, abs=0.06)
    assert np.isnan(above.high)
    assert found.density > 0.9
    assert found.coverage > 0.85
    assert found.new_density > 0.7


def test_chance_gives_no_box_that_is_relied_on():
    generator = np.random.default_rng(2)
    stable = 0
    for seed in range(5):
        found = conditions(planted(80, seed + 10), generator.random(80) < 0.6, NAMES, seed)
        stable += bool(found.limits) and found.stable
    assert stable == 0


def test_the_rarer_side_is_described_and_too_few_are_not():
    x = planted()
    rare = x[:, 5] > 0.8
    found = conditions(x, rare, NAMES, seed=1)
    assert not found.fails
    assert [limit.parameter for limit in found.limits] == ["p5"]
    few = np.zeros(120, bool)
    few[:3] = True
    assert conditions(x, few, NAMES, seed=1).limits == ()
    assert conditions(x, few, NAMES, seed=1).cases == 3


def test_what_a_margin_leans_on_comes_first_and_clear_of_chance():
    x = planted()
    noise = np.random.default_rng(3).normal(size=120)
    found = leanings([x], [3.0 * x[:, 4] - 1.5 * x[:, 9] + 0.3 * noise], NAMES)
    assert [each.parameter for each in found[:2]] == ["p4", "p9"]
    assert found[0].clear
    assert found[1].clear
    assert found[0].low < found[0].correlation < found[0].high
    assert not found[4].clear
    assert leanings([x[:5]], [noise[:5]], NAMES) == ()


def test_a_difference_between_sets_is_no_leaning():
    one, other = planted(60, 5), planted(60, 6)
    other[:, 8] += 1.0  # higher in the other set, where all margins are higher too
    margins = [one[:, 2], other[:, 2] + 10.0]
    found = leanings([one, other], margins, NAMES)
    assert found[0].parameter == "p2"
    assert "p8" not in [each.parameter for each in found if each.clear]


def test_rank_correlation_is_one_for_any_rising_function():
    x = np.random.default_rng(1).random((40, 2))
    found = rank_correlations(x, np.exp(5.0 * x[:, 0]))
    assert found[0] == pytest.approx(1.0)
    assert CANDIDATES > 1


def test_a_change_between_the_same_worlds_counts_when_chance_does_not_explain_it():
    assert concluding._sign_test(5, 0) == pytest.approx(2.0 / 2**5)
    assert concluding._sign_test(8, 0) == pytest.approx(2.0 / 2**8)
    assert concluding._sign_test(3, 3) == 1.0
    assert concluding._sign_test(0, 0) == 1.0
    assert MovedShare("x", 12, 0.95, 0.4, 0.01).turned
    assert not MovedShare("x", 12, 0.95, 0.4, 0.2).turned
    assert not MovedShare("x", 12, 0.95, 0.75, 0.01).turned


def worlds_of(count, name="prior"):
    generator = np.random.default_rng(4)
    worlds = [
        World(
            number + 1,
            1.0 / count,
            dict(zip(NAMES, generator.random(len(NAMES)).tolist(), strict=True)),
        )
        for number in range(count)
    ]
    return Worlds(name, tuple(worlds))


GOOD = {
    "controlled": 0.06,
    "motivation": -0.05,
    "retention": -0.05,
    "retention_by_tasks": -0.05,
    "lever": 0.3,
    "tasks_lever": 0.1,
}
"""Effects under which every reading of C14 is met."""


def concluded(claim, theories=(), worlds=40, **tables):
    """The conclusion from effects by variant."""
    found = {
        (claim.id, "prior", variant): judged(claim, effect, variant)
        for variant, effect in tables.items()
    }
    results = ClaimResults(FILE, (claim,), found)
    return conclude_one(results, claim, {"prior": worlds_of(worlds)}, theories)


def test_a_conclusion_brings_readings_cut_and_variants_together():
    claim = claim_of("C14")
    conclusion = concluded(
        claim,
        base=effects(claim, **GOOD),
        seeds=effects(claim, 12, **GOOD),
        half=effects(claim, 12, lever=0.3, tasks_lever=0.1),
        cut=effects(claim, 12, lever=0.3, tasks_lever=0.1),
    )
    assert conclusion.verdict.word == "by_construction"
    assert (conclusion.cut.before, conclusion.cut.after) == (1.0, 0.0)
    assert conclusion.fragile_on == ("half",)
    retention = next(
        one for one in conclusion.decisive.criteria if one.criterion.name == "retention"
    )
    assert (retention.median, retention.sign, retention.size, retention.noise) == (-0.05, 1, 1, 0)
    uncut = concluded(claim, base=effects(claim, **GOOD))
    assert (uncut.verdict.word, uncut.cut) == ("holds", None)


def test_sign_and_size_are_told_apart():
    claim = claim_of("C14")
    small = GOOD | {"retention": -0.001}
    found = concluded(claim, base=effects(claim, **small)).decisive
    retention = next(one for one in found.criteria if one.criterion.name == "retention")
    assert (retention.sign, retention.size) == (1.0, 0.0)


def test_a_lever_that_moves_nothing_takes_its_readings_out():
    claim = claim_of("C14")
    still = concluded(claim, base=effects(claim, **(GOOD | {"tasks_lever": 0.001})))
    by_name = {one.reading.name: one for one in still.decisive.readings}
    assert by_name["tasks_alone_drive_away"].still
    assert not by_name["tasks_alone_drive_away"].counts
    assert still.verdict.word == "holds"
    nothing = concluded(claim, base=effects(claim, **(GOOD | {"tasks_lever": 0.0, "lever": 0.0})))
    assert nothing.verdict.word == "cannot_tell"
    back = concluded(claim, base=effects(claim, **(GOOD | {"lever": -0.3})))
    assert all(one.counts for one in back.decisive.readings)


def test_a_criterion_that_drowns_in_chance_takes_its_readings_out():
    claim = claim_of("C14")
    draws = np.random.default_rng(1).normal(scale=0.02, size=40)
    effect = effects(claim, **(GOOD | {"retention": -0.05 + draws}))
    error = np.zeros(effect.shape)
    place = [one.name for one in claim.criteria].index("retention")
    for size, drowned in ((0.5, True), (0.3, False)):
        error[:, place] = size * np.std(draws, ddof=1)
        results = ClaimResults(
            FILE, (claim,), {("C14", "prior", "base"): judged(claim, effect, error=error)}
        )
        found = conclude_one(results, claim, {"prior": worlds_of(40)}).decisive
        one = next(each for each in found.readings if each.reading.name == "they_leave")
        assert one.noisy == (("retention",) if drowned else ())
        assert found.criteria[place].noise == pytest.approx(size**2)


def test_a_theory_counts_as_much_as_the_model_as_written():
    claim = claim_of("C14")
    conclusion = concluded(
        claim,
        ("rules_protect",),
        base=effects(claim, **GOOD),
        rules_protect=effects(claim, 10, lever=0.3, tasks_lever=0.1),
    )
    assert conclusion.theories == ("base", "rules_protect")
    assert (conclusion.verdict.word, conclusion.verdict.theory) == ("on_world", 1)
    assert conclusion.verdict.shares == pytest.approx(0.5)
    assert conclusion.moved == ()


def test_the_parameter_that_tells_most_is_named():
    claim, worlds = claim_of("C14"), worlds_of(80)
    decides = np.array([one.parameters["p7"] for one in worlds])
    fails = np.where(decides > 0.5, GOOD["retention"], 0.05)
    values = GOOD | {"retention": fails, "retention_by_tasks": fails}
    conclusion = concluded(claim, worlds=80, base=effects(claim, 80, **values))
    assert conclusion.verdict.word == "on_reading"
    assert conclusion.telling == "p7"
    assert conclusion.leanings[0].correlation > 0.5


def test_sets_of_worlds_may_name_their_parameters_in_any_order():
    claim, worlds, own = claim_of("C14"), worlds_of(60), worlds_of(60, "own")
    turned = Worlds(
        "own",
        tuple(
            replace(one, parameters=dict(reversed([("other", 1.0), *one.parameters.items()])))
            for one in own
        ),
    )
    found = {}
    for name, each in (("prior", worlds), ("own", own)):
        met = np.array([one.parameters[worlds.names[2]] for one in each]) > 0.5
        values = {k: np.where(met | ("lever" in k), v, 0.0) for k, v in GOOD.items()}
        found[claim.id, name, "base"] = judged(claim, effects(claim, 60, **values), set_name=name)
    results = ClaimResults(FILE, (claim,), found)
    plain = conclude_one(results, claim, {"prior": worlds, "own": own})
    again = conclude_one(results, claim, {"prior": worlds, "own": turned})
    assert plain.conditions.limits
    assert repr((again.conditions, again.leanings)) == repr((plain.conditions, plain.leanings))
    others = Worlds("own", tuple(replace(one, parameters={"other": 1.0}) for one in own))
    nothing = conclude_one(results, claim, {"prior": worlds, "own": others})
    assert (nothing.leanings, nothing.conditions.limits) == ((), ())


def test_the_table_is_judged_cell_by_cell():
    claim = claim_of("C16")
    published = np.array([row.percent for row in kora_table()]).ravel()
    base = judged(claim, effects(claim, 9, municipal_starts=0.2, clearly_municipal=0.2))
    cells = np.tile(published, (9, 1))
    cells[:, 1] += 20.0  # the first route, sometimes
    found = {("C16", "prior", "base"): replace(base, cells=cells)}
    conclusion = conclude_one(ClaimResults(FILE, (claim,), found), claim, {"prior": worlds_of(9)})
    assert len(conclusion.cells) == 30
    assert conclusion.verdict.shares == pytest.approx([23 / 24, 1.0, 1.0])
    assert conclusion.verdict.word == "by_construction"
    wrong = [cell for cell in conclusion.cells if not cell.reproduced]
    assert [(cell.route, cell.answer) for cell in wrong] == [(kora_table()[0].route, ANSWERS[1])]
