"""Conclusions on planted values: what is one, and when it survives, weakens or turns."""

import numpy as np
import pytest

from velfaerd_sim.analysis import conclusions as c
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments import conditions as kinds
from velfaerd_sim.instruments.conditions import Condition
from velfaerd_sim.reporting.figures.conclusions import matrix
from velfaerd_sim.reporting.figures.style import styled
from velfaerd_sim.studies.robustness.plan import OUTCOMES, Robustness
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words

TELL = Teller(Words("en", "findings"))

REGIMES = ("base", "good", "same")
DRAWS = 12
RETENTION, LONELY = OUTCOMES.index("retention_12m"), OUTCOMES.index("lonely_share")


def values(retention, lonely=0.0, draws=DRAWS, noise=0.01):
    """Plant the lead of `good` over the two others in retention and in lonely share."""
    generator = np.random.default_rng(7)
    found = np.zeros((draws, 3, len(OUTCOMES)))
    found += generator.normal(0.0, 1.0, (draws, 1, 1))  # luck of the draw, shared by regimes
    for outcome, lead in ((RETENTION, retention), (LONELY, lonely)):
        chance = generator.normal(size=draws)
        found[:, 1, outcome] += lead + noise * (chance - chance.mean())
    return found


def robustness(**others):
    """Give a study with the defaults (a lead of 0.1) and other conditions of planted values."""
    made = {"defaults": values(0.1)} | others
    conditions = [
        Condition(name, kinds.DEFAULTS if name == "defaults" else kinds.SIZE, name, repeats=DRAWS)
        for name in made
    ]
    return Robustness({"fingerprint": "x"}, REGIMES, tuple(conditions), made)


def judged(study):
    return c.verdicts(study, c.conclusions(study))


def test_a_clear_difference_is_a_conclusion_and_chance_is_none():
    found = c.conclusions(robustness())
    assert {(each.outcome, each.first, each.second) for each in found} == {
        ("retention_12m", "good", "base"),
        ("retention_12m", "good", "same"),
    }
    for each in found:
        assert each.low < 0.1 < each.high
        assert each.size == pytest.approx(0.1)
    assert TELL.fact(found[0].statement) == "good keeps more of its new volunteers than base"


def test_a_clear_difference_too_small_to_matter_is_none():
    study = robustness(defaults=values(0.015, noise=0.0001))
    assert not c.conclusions(study)


def test_fewer_lonely_citizens_is_what_the_statement_says():
    study = robustness(defaults=values(0.0, lonely=-0.05))
    found = [each for each in c.conclusions(study) if each.outcome == "lonely_share"]
    assert {each.first for each in found} == {"good"}
    assert found[0].size == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("lead", "verdict"),
    [
        (0.1, c.SURVIVES),
        (0.06, c.SURVIVES),
        (0.03, c.WEAKENS),
        (0.0, c.WEAKENS),
        (-0.001, c.WEAKENS),
        (-0.05, c.TURNS),
    ],
)
def test_verdicts(lead, verdict):
    table = judged(robustness(other=values(lead)))
    assert set(table["verdict"]) == {verdict}
    assert table["share_of_default"].to_numpy() == pytest.approx(lead / 0.1)


def test_a_lead_that_is_not_clear_weakens():
    table = judged(robustness(other=values(0.1, noise=1.0)))
    assert set(table["verdict"]) == {c.WEAKENS}


@pytest.mark.parametrize(("holds", "verdict"), [(19, c.SURVIVES), (14, c.WEAKENS), (8, c.TURNS)])
def test_worlds_are_counted(holds, verdict):
    """A conclusion holds in so many of twenty worlds; each is the mean of its repeats."""
    lead = np.where(np.arange(20) < holds, 0.1, -0.1)
    drawn = np.zeros((40, 3, len(OUTCOMES)))
    drawn[:, 1, RETENTION] = np.repeat(lead, 2) + np.tile([0.01, -0.01], 20)
    worlds = Worlds("prior", tuple(World(k, 0.05, {}) for k in range(20)))
    condition = Condition("prior", kinds.WORLDS_KIND, "prior", worlds=worlds, repeats=2)
    study = robustness()
    study = Robustness(
        study.study, REGIMES, (*study.conditions, condition), {**study.values, "prior": drawn}
    )
    table = judged(study)
    assert set(table["verdict"]) == {verdict}
    assert table["holds_in"].to_numpy() == pytest.approx(holds / 20)


def test_chance_in_a_world_is_not_taken_for_worlds():
    """All worlds have the same lead; chance alone turns it in some runs."""
    generator = np.random.default_rng(2)
    drawn = np.zeros((200, 3, len(OUTCOMES)))
    drawn[:, 1, RETENTION] = 0.1 + 0.1 * generator.normal(size=200)
    worlds = Worlds("prior", tuple(World(k, 0.02, {}) for k in range(50)))
    condition = Condition("prior", kinds.WORLDS_KIND, "prior", worlds=worlds, repeats=4)
    study = robustness()
    study = Robustness(
        study.study, REGIMES, (*study.conditions, condition), {**study.values, "prior": drawn}
    )
    assert np.mean(drawn[:, 1, RETENTION] > 0.0) < 0.9
    table = judged(study)
    assert table["holds_in"].min() > 0.97
    assert set(table["verdict"]) == {c.SURVIVES}


def test_the_fragile_come_first():
    study = robustness(defaults=values(0.1), turned=values(-0.1), weak=values(0.02))
    table = c.by_conclusion(c.conclusions(study), judged(study))
    assert list(table[c.TURNS]) == [1, 1]
    assert list(table["turns_under"]) == ["turned", "turned"]
    assert list(table["weakens_under"]) == ["weak", "weak"]
    assert list(table["worst"]) == ["turned", "turned"]
    told = list(map(TELL.sentence, c.facts(table, judged(study))))
    assert told[0].startswith("2 of 2 conclusions turn")
    assert "the hardest: turned (2 turn, 0 weaken)" in told[1]


def test_conditions_are_counted():
    study = robustness(turned=values(-0.1), same_again=values(0.1))
    table = c.by_condition(judged(study)).set_index("condition")
    assert list(table.loc["turned", list(c.VERDICTS)]) == [0, 0, 2]
    assert table.loc["same_again", "share_surviving"] == 1.0


def test_without_conclusions_nothing_falls():
    study = robustness(defaults=values(0.0), other=values(0.0))
    found = c.conclusions(study)
    table = c.by_conclusion(found, c.verdicts(study, found))
    assert list(map(TELL.sentence, c.facts(table, c.verdicts(study, found)))) == [
        "No difference between two regimes is clear under the defaults."
    ]


def test_agreement_is_kendalls():
    one = np.array([1.0, 2.0, 3.0, 4.0])
    assert c.agreement(one, one) == 1.0
    assert c.agreement(one, -one) == -1.0
    assert c.agreement(one, np.array([2.0, 1.0, 3.0, 4.0])) == pytest.approx(4 / 6)
    ranks = c.ranking(robustness(turned=values(-0.1)))
    own = ranks[ranks["outcome"] == "retention_12m"].set_index("condition")
    assert list(own.loc["defaults", list(REGIMES)]) == [2, 1, 3]
    assert own.loc["turned", "good"] == 3
    assert own.loc["defaults", "tau"] > own.loc["turned", "tau"]


NAMED = {"base": "Status quo", "good": "Clear agreements"}
CONDITIONS = {"no.promise_tolerance": "Patience at zero"}


def drawn_words():
    made = {"defaults": values(0.1), "no.promise_tolerance": values(0.01)}
    conditions = (
        Condition("defaults", kinds.DEFAULTS, "defaults", repeats=DRAWS),
        Condition(
            "no.promise_tolerance",
            kinds.ARROW,
            "governance: promise_tolerance at zero",
            parameters={"promise_tolerance": 0.0},
            repeats=DRAWS,
        ),
    )
    study = Robustness({"fingerprint": "x"}, REGIMES, conditions, made)
    found = c.conclusions(study)
    table = c.by_conclusion(found, c.verdicts(study, found))
    words = Words("en", "evidence")
    with styled():
        axes = matrix(table, c.verdicts(study, found), NAMED, CONDITIONS, words).axes[0]
        rows = [label.get_text() for label in axes.get_yticklabels()]
        return rows, [label.get_text() for label in axes.get_xticklabels()]


def test_the_figure_calls_regimes_and_parameters_by_their_labels():
    rows, heads = drawn_words()
    assert "Clear agreements > Status quo" in rows
    assert heads == ["Patience at zero"]
    assert not [text for text in rows + heads if "_" in text or "“" in text]
