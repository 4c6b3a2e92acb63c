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
from velfaerd_sim.analysis.claims import MovedShare, conclude_one, margin, misjudged
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


def judged(claim, effect, variant="base", error=None, met=None, set_name="prior"):
    effect = np.asarray(effect, float)
    count = len(effect)
    holds = np.array(
        [[c.holds(v) for c, v in zip(claim.criteria, row, strict=True)] for row in effect]
    )
    counting = [place for place, c in enumerate(claim.criteria) if c.counts]
    found = holds[:, counting].all(axis=1) if met is None else np.asarray(met)
    error = np.full(effect.shape, np.nan) if error is None else np.asarray(error, float)
    places = np.arange(count)
    return JudgedClaim(
        claim, set_name, variant, places, places + 1, effect, error, found, np.empty((count, 0))
    )


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


def test_the_margin_is_that_of_the_criterion_that_decides():
    claim = claim_of("C14")  # controlled motivation up by 0.02, retention down by 0.02
    found = judged(claim, [[0.06, -0.03, 0.0], [0.06, 0.01, 0.0]])
    assert margin(found) == pytest.approx([0.5, -1.5])
    assert (margin(found) >= 0.0).tolist() == found.met.tolist()


def test_worlds_near_the_line_may_be_misjudged_and_others_not():
    claim = claim_of("C14")
    near = [[0.5, -0.02, 0.0]] * 10
    far = [[0.5, -0.5, 0.0]] * 10
    error = [[0.01, 0.01, 0.01]] * 10
    assert misjudged(judged(claim, near, error=error)) == pytest.approx(0.5)
    assert misjudged(judged(claim, far, error=error)) == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(misjudged(judged(claim, far)))


def test_a_change_between_the_same_worlds_counts_when_chance_does_not_explain_it():
    assert concluding._sign_test(5, 0) == pytest.approx(2.0 / 2**5)
    assert concluding._sign_test(8, 0) == pytest.approx(2.0 / 2**8)
    assert concluding._sign_test(3, 3) == 1.0
    assert concluding._sign_test(0, 0) == 1.0
    assert MovedShare("x", 12, 0.95, 0.4, 0.01).turned
    assert MovedShare("x", 12, 0.95, 0.4, 0.01).overturned
    assert not MovedShare("x", 12, 0.95, 0.85, 0.2).turned
    assert not MovedShare("x", 12, 0.95, 0.75, 0.01).overturned


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


def test_a_conclusion_brings_sets_variants_and_counter_together():
    claim = claim_of("C14")
    good, bad = [0.06, -0.05, 0.0], [0.06, 0.05, 0.0]
    found = {
        ("C14", "prior", "base"): judged(claim, [good] * 40),
        ("C14", "prior", "seeds"): judged(claim, [good] * 12, "seeds"),
        ("C14", "prior", "half"): judged(claim, [bad] * 12, "half"),
        ("C14", "prior", "counter"): judged(claim, [bad] * 12, "counter"),
    }
    conclusion = conclude_one(ClaimResults(FILE, (claim,), found), claim, {"prior": worlds_of(40)})
    assert conclusion.decisive.verdict.share == 1.0
    assert conclusion.fragile_on == ("half",)
    assert conclusion.counter is not None
    assert conclusion.counter.overturned
    retention = conclusion.decisive.criteria[1]
    assert (retention.median, retention.share) == (-0.05, 1.0)


def test_sets_of_worlds_may_name_their_parameters_in_any_order():
    claim, worlds, own = claim_of("C14"), worlds_of(60), worlds_of(60, "own")
    turned = Worlds(
        "own",
        tuple(
            replace(one, parameters=dict(reversed([("other", 1.0), *one.parameters.items()])))
            for one in own
        ),
    )
    decides = [
        np.array([one.parameters[worlds.names[2]] for one in each]) - 0.5 for each in (worlds, own)
    ]
    found = {
        (claim.id, name, "base"): judged(
            claim,
            np.tile(values[:, None], (1, len(claim.criteria))),
            met=values > 0.0,
            set_name=name,
        )
        for name, values in zip(("prior", "own"), decides, strict=True)
    }
    results = ClaimResults(FILE, (claim,), found)
    plain = conclude_one(results, claim, {"prior": worlds, "own": own})
    again = conclude_one(results, claim, {"prior": worlds, "own": turned})
    assert plain.conditions.limits
    assert repr(again) == repr(plain)
    others = Worlds("own", tuple(replace(one, parameters={"other": 1.0}) for one in own))
    nothing = conclude_one(results, claim, {"prior": worlds, "own": others})
    assert (nothing.leanings, nothing.conditions.limits) == ((), ())


def test_the_table_is_judged_cell_by_cell():
    claim = claim_of("C16")
    published = np.array([row.percent for row in kora_table()]).ravel()
    base = judged(claim, np.full((9, len(claim.criteria)), np.nan), met=np.zeros(9, bool))
    cells = np.tile(published, (9, 1))
    cells[:, 1] += 20.0  # the first route, sometimes
    found = {("C16", "prior", "base"): replace(base, cells=cells)}
    conclusion = conclude_one(ClaimResults(FILE, (claim,), found), claim, {"prior": worlds_of(9)})
    assert len(conclusion.cells) == 30
    assert conclusion.decisive.verdict.met == 23
    assert conclusion.decisive.verdict.worlds == 24
    wrong = [cell for cell in conclusion.cells if not cell.reproduced]
    assert [(cell.route, cell.answer) for cell in wrong] == [(kora_table()[0].route, ANSWERS[1])]
