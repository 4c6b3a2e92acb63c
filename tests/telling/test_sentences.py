"""The answer in words: never more than the interval allows."""

from dataclasses import replace

import pytest
from markupsafe import Markup

from reporting.made import THREE, Differences, by_hours, made
from velfaerd_sim.telling.precision import decided, each_alone, failed, pairing, sure
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.sentences import Writer
from velfaerd_sim.telling.turning import turn_in_short, turn_sentence, turns
from velfaerd_sim.telling.words import Words

BASE, DIALOGUE, NONE = THREE
CLEAR: Differences = {
    ("retention_12m", DIALOGUE): (0.10, 0.02),
    ("retention_12m", NONE): (-0.12, 0.03),
    ("motivation_mean", DIALOGUE): (0.11, 0.01),
    ("motivation_mean", NONE): (-0.01, 0.02),
    ("lonely_share", DIALOGUE): (-0.006, 0.001),
    ("lonely_share", NONE): (0.004, 0.001),
    ("lonely_years_averted_per_1000", DIALOGUE): (35.0, 3.0),
    ("staff_hours_per_1000", DIALOGUE): (0.1, 0.3),
    ("staff_hours_per_1000", NONE): (-19.0, 0.4),
}


def plain(text: Markup | str) -> str:
    return Markup(text).striptags().replace("\u00a0", " ")


def points(results: Results) -> dict[str, str]:
    return {point.catchword: plain(point.text) for point in Writer(results).points()}


def test_a_clear_answer() -> None:
    results = made(CLEAR, noise=0.001)
    assert plain(Writer(results).headline()) == (
        "In the model Facilitating dialogue keeps volunteers longest, keeps volunteers most "
        "motivated and leaves the fewest adults lonely."
    )
    found = points(results)
    assert found["Staying"] == (
        "Under Facilitating dialogue the share still volunteering after twelve months is highest: "
        "80.0% against 70.0% under the status quo, a difference of +10.0 pp (95% interval +8.0 to "
        "+12.0). It is clearly ahead of every other regime. Under Hands off it is lowest: 58.0% "
        "(−12.0 pp, −15.0 to −9.0)."
    )
    assert "35.0 lonely person-years fewer per 1,000 adults" in found["Loneliness"]
    assert "and 8.4% remain lonely under the best" in found["Loneliness"]
    assert found["Persons"].startswith(
        "Under Facilitating dialogue 6.0 in 1,000 citizens (5.0–7.0)"
    )
    assert "2.0 in 1,000 (1.0–3.0)" in found["Persons"]


def test_hours_of_those_who_lead_and_of_the_one_with_the_fewest() -> None:
    assert points(made(CLEAR))["Staff hours"] == (
        "Facilitating dialogue uses about as many staff hours as the status quo (22.0 h a month "
        "per 1,000 adults): no clear difference. Hands off uses the fewest hours, 3.0 h (−19.0 h); "
        "it does clearly worse than the status quo in how long volunteers stay and how many adults "
        "are lonely."
    )


def test_an_unclear_answer_says_so() -> None:
    results = made(
        {("retention_12m", DIALOGUE): (0.05, 0.06), ("retention_12m", NONE): (0.0, 0.04)}
    )
    assert plain(Writer(results).headline()) == (
        "In the model no regime differs clearly from the status quo in how long volunteers stay, "
        "how motivated they are or how many adults are lonely."
    )
    found = points(results)["Staying"]
    assert found.startswith("No clear difference.")
    assert "(70.0%) includes zero; all of them lie between −4.0 pp and +11.0 pp." in found
    assert "highest" not in found


def test_with_one_other_regime_its_interval_is_told() -> None:
    results = made({("retention_12m", DIALOGUE): (0.05, 0.06)}, regimes=(BASE, DIALOGUE))
    assert points(results)["Staying"] == (
        "No clear difference. Under Facilitating dialogue it is 75.0%, under the status quo 70.0%: "
        "a difference of +5.0 pp, and the interval (−1.0 to +11.0) includes zero."
    )


def test_the_baseline_may_be_the_answer() -> None:
    results = made({("retention_12m", NONE): (-0.1, 0.02)})
    headline = plain(Writer(results).headline())
    assert "no regime keeps volunteers clearly better than the status quo" in headline
    assert "there is no clear difference in how motivated they are or how many" in headline
    assert points(results)["Staying"].endswith("Hands off does clearly worse.")


def test_who_is_level_is_named() -> None:
    differences = dict(CLEAR) | {("retention_12m", NONE): (0.09, 0.02)}
    results = made(differences, noise=0.1)
    headline = plain(Writer(results).headline())
    assert "keeps volunteers longest (not clearly ahead of " in headline
    found = points(results)["Staying"]
    assert "With all comparisons judged at once it cannot be told apart from " in found


def test_what_is_clear_and_what_is_not_stand_in_one_list() -> None:
    differences = dict(CLEAR) | {("lonely_share", NONE): (-0.0059, 0.001)}
    assert plain(Writer(made(differences, noise=0.001)).headline()) == (
        "In the model Facilitating dialogue keeps volunteers longest, keeps volunteers most "
        "motivated and leaves the fewest adults lonely (not clearly ahead of Hands off)."
    )


def test_equal_regimes_give_no_difference_at_all() -> None:
    names = ("retention_12m", "motivation_mean", "lonely_share")
    results = made({(name, regime): (0.0, 0.0) for name in names for regime in THREE[1:]})
    assert points(results)["Staying"].startswith("No difference at all")


def test_one_replicate_ranks_nothing() -> None:
    results = made(CLEAR, replicates=1)
    assert "cannot tell a difference" in plain(Writer(results).headline())
    found = points(results)
    assert "one replicate shows no more than one course" in found["Staying"]
    assert found["How sure"].startswith("One replicate carries no uncertainty")
    assert not any("95%" in text for text in found.values())


def test_crisis_mode_is_never_praised_without_its_note() -> None:
    regimes = (BASE, "crisis_mode")
    results = made({("retention_12m", "crisis_mode"): (0.1, 0.02)}, regimes=regimes)
    assert points(results)["Note"] == "Crisis mode is meant for months, not for years."


def turned(lead: dict[float, tuple[float, float]], name: str = "motivation_mean") -> Results:
    return made({}, hours=by_hours(lead, name))


def sentence(results: Results) -> str:
    (found,) = turns(results)
    return plain(turn_sentence(Writer(results), found))


def test_a_turn_says_between_which_hours() -> None:
    results = turned({4.0: (-0.1, 0.02), 8.0: (-0.1, 0.02), 16.0: (0.0, 0.02), 32.0: (0.1, 0.02)})
    assert sentence(results).startswith(
        "Motivation: Hands off is clearly better than Facilitating dialogue at 4 and 8 hours a "
        "month per 1,000 adults; at 32 hours it is clearly the other way round. The ranking turns "
        "between 8 and 32 hours"
    )
    assert "The ranking depends on staff hours." in plain(turn_in_short(Writer(results)))


def test_for_loneliness_less_is_ahead() -> None:
    lead = {4.0: (0.1, 0.02), 32.0: (-0.1, 0.02)}
    assert sentence(turned(lead, "lonely_share")).startswith(
        "Lonely adults: Hands off is clearly better than Facilitating dialogue at 4 hours"
    )


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (
            {4.0: (-0.1, 0.02), 32.0: (0.02, 0.03)},
            "that Facilitating dialogue is better there is not",
        ),
        ({4.0: (-0.02, 0.03), 32.0: (0.1, 0.02)}, "With fewer hours the curves cross"),
        ({4.0: (0.1, 0.02), 32.0: (0.2, 0.02)}, "at all hours studied (4 to 32 a month"),
        ({4.0: (0.1, 0.2), 32.0: (0.2, 0.02)}, "at 32 hours, and clearly behind at none"),
        ({4.0: (-0.1, 0.2), 32.0: (0.1, 0.2)}, "cannot be told apart at any number of hours"),
    ],
)
def test_without_a_clear_turn_none_is_claimed(
    lead: dict[float, tuple[float, float]], words: str
) -> None:
    results = turned(lead)
    assert words in sentence(results)
    assert "ranking turns between" not in sentence(results)
    assert "No pair looked at changes its order clearly" in plain(turn_in_short(Writer(results)))


def test_how_sure_and_what_pairing_saved() -> None:
    writer = Writer(made(CLEAR))
    assert "no regime has a measured effect in Denmark" in plain(sure(writer))
    assert "would have to be 4.0 times as many for how long volunteers stay" in plain(
        pairing(writer)
    )
    assert plain(failed(writer)) == ""
    assert plain(decided(writer)) == ""


def test_what_many_intervals_say_together() -> None:
    together = each_alone(Words("en"), 400)
    assert "not all 400 together" in together
    assert "about 20 would be marked as clear" in together
    assert "omkring 4 blive markeret" in each_alone(Words("da"), 400, confidence=0.99)
    assert "of twenty effects" in each_alone(Words("en"), 19)


@pytest.mark.parametrize("reached", [True, False])
def test_what_decided_when_to_stop(reached: bool) -> None:
    stopping = {
        "reached": reached,
        "precision": 0.25,
        "outcome": "retention_12m",
        "regime": NONE,
        "replicates": 48,
    }
    writer = Writer(made(CLEAR, stopping=stopping, sequential=True, failed=2))
    text = plain(decided(writer))
    assert "Retention, 12 months under Hands off" in text
    assert ("was not reached" in text) != reached
    assert "their widths decided when to stop" in plain(sure(writer))
    assert plain(failed(writer)) == "2 runs failed and are left out."


def test_names_of_users_are_escaped() -> None:
    regime = {"name": "own", "label_en": "<b>Ours</b> & {x}"}
    results = made({("retention_12m", "own"): (0.1, 0.02)}, regimes=(BASE, "own"))
    content = {"name": "own", "phase": [{"month": 0, "regime": regime}]}
    words = dict(results.words) | {"own": words_of("own", content)}
    named = replace(results, spoken={"en": words})
    assert "&lt;b&gt;Ours&lt;/b&gt; &amp; {x}" in str(Writer(named).headline())


def test_a_timeline_says_what_is_in_force_when() -> None:
    content = {
        "name": "later",
        "phase": [
            {"month": 0, "regime": {"name": "a", "label_en": "First"}},
            {"month": 24, "ramp_months": 6, "regime": {"name": "b", "label_en": "Then"}},
        ],
        "departments": {"social": []},
    }
    words = words_of("later", content)
    assert words.summary == (
        "from month 0: First; from month 24: Then, reached over 6 months; 1 departments are "
        "governed otherwise"
    )
    assert words.instruments == ()
