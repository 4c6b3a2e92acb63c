"""Who recovered for good, and what did it: recoveries that last, falls that add up."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.dashboard.watch.frames import PARTICIPANT_BIT, TownFrame
from velfaerd_sim.dashboard.watch.messages import life_message, recovered_message
from velfaerd_sim.dashboard.watch.recovery import (
    CAUSES,
    COMPANION,
    DRIFT,
    GROUP,
    LASTING,
    TIES,
    VOLUNTEERING,
    Recovery,
    chosen,
    explained,
    recoveries,
)
from velfaerd_sim.dashboard.watch.town import WatchTown
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.scale import LONELY_FROM, LOWEST
from velfaerd_sim.telling.words import Words

REGIMES = ("municipal_baton", "facilitative_dialogue")


def scenario(**parameters: float) -> Simulation:
    found = load_scenario("baseline").with_(adults=800, months=60, seed=3)
    return Simulation(found.with_(parameters=parameters) if parameters else found)


@pytest.fixture(scope="module")
def town() -> WatchTown:
    made = WatchTown(scenario(), REGIMES)
    made.reach(60)
    return made


def frames(lonely: str, entered: int | None = None, part: int | None = None) -> list[TownFrame]:
    """Months of one citizen: x lonely, . not; entered: when another person moves in."""
    empty = np.empty((0, 3), np.uint16)
    found = []
    for month, each in enumerate(lonely):
        status = LONELY_FROM - LOWEST if each == "x" else 0
        status |= PARTICIPANT_BIT if month == part else 0
        new = frozenset({0} if month == entered else ())
        table = np.array([status], np.uint8)
        found.append(TownFrame(table, empty, empty, empty, (), 0, 0, new))
    return found


def test_only_what_lasts_a_year_is_a_recovery() -> None:
    year = "x" * 12
    assert recoveries(frames(year + "." * 12), 23) == (Recovery(0, 12, 12, helped=False),)
    assert recoveries(frames(year + "." * 12), 22) == (), "not before the year is over"
    assert recoveries(frames(year + "." * 6 + "x" + "." * 11), 29) == ()
    relapsed = frames(year + "." * 12 + "x")
    assert recoveries(relapsed, 23) != ()
    assert recoveries(relapsed, 24) == (), "lonely again"
    assert recoveries(relapsed, 24, still=False) == recoveries(relapsed, 23)
    assert recoveries(frames("." * 11 + "x" + "." * 12), 23) == (), "one month is no loneliness"
    assert recoveries(frames(year + "." * 12, entered=15), 23) == (), "another person"
    assert recoveries(frames(year + "." * 12, part=4), 23)[0].helped


def test_those_who_took_part_are_shown_first_and_all_in_turn() -> None:
    a, b, c = Recovery(5, 12, 9, False), Recovery(7, 20, 9, True), Recovery(9, 30, 9, False)
    sides = ((a, b), (b, c))
    assert chosen(sides) == b
    assert [chosen(sides, shown) for shown in (7, 5, 9, 1)] == [a, c, b, b]
    assert chosen(((), ())) is None


def test_the_parts_of_a_fall_add_up(town: WatchTown) -> None:
    sides = town.recoveries(60)
    assert min(map(len, sides)) > 3
    for which, side in enumerate(sides):
        for found in side[:8]:
            why = town.why(which, found)
            assert set(why.parts) == set(CAUSES)
            assert sum(why.parts.values()) == pytest.approx(why.after - why.before, abs=1e-9)
            scores = town.life(found.citizen, 60).sides[which].scores
            for month, level in ((why.first, why.before), (why.last, why.after)):
                assert int(scores[month]) == int(level), "the same levels as those that are drawn"
            assert why.last == found.month + LASTING - 1


def test_a_cause_that_is_cut_explains_nothing() -> None:
    """Without contagion, ties can only take loneliness off, and without benefit, volunteering 0."""
    made = WatchTown(scenario(contagion_strength=0.0, own_benefit=0.0), REGIMES)
    made.reach(60)
    found = [(s, each) for s, side in enumerate(made.recoveries(60)) for each in side]
    assert found
    for which, each in found[:8]:
        parts = made.why(which, each).parts
        assert parts[TIES] <= 1e-9
        assert parts[VOLUNTEERING] == 0.0
        assert parts[DRIFT] != 0.0


def test_company_is_told_by_its_kind() -> None:
    """A participant's comfort is found again, month by month, as company of one kind."""
    start = scenario()
    part = start.population.participations
    row = int(np.flatnonzero(part["citizen"] >= 0)[0])
    citizen = int(part["citizen"][row])
    form = int(start.population.initiatives["format"][part["initiative"][row]])
    twin = start.fork(REGIMES[1])
    why = explained(twin, Recovery(citizen, 12, 12, helped=True))
    kind, other = (COMPANION, GROUP) if form == 0 else (GROUP, COMPANION)
    assert why.parts[kind] <= 0.0
    assert why.parts[kind] < why.parts[other] or why.parts[kind] == 0.0


@pytest.mark.parametrize("language", ["en", "da"])
def test_it_is_told_in_sentences(town: WatchTown, language: str) -> None:
    words = Words(language, "watch")
    message = recovered_message(town, words, 60, None)
    assert "{" not in message["said"]
    life = life_message(town, words, message["citizen"])
    told = [text for side in life["recovered"] for _, text in side]
    assert told
    for text in told:
        assert "{" not in text
        assert any(words(key)[:12] in text for key in ("recovery_down", "recovery_up"))
    nobody = recovered_message(town, words, 5, None)
    assert nobody["citizen"] is None
    assert nobody["said"] == words("recovered_nobody", month=5, after="12")
