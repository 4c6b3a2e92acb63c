"""One town under two governances: frames, events against the tallies, lives."""

from collections import Counter

import numpy as np
import pytest

from velfaerd_sim.dashboard.watch.events import (
    CLOSED,
    CLOSED_INITIATIVE,
    DEPARTED,
    ENDED,
    EVERYDAY,
    JOINED,
    LEFT,
    MATCHED,
    MOVED,
    OPENED,
    leaving_terms,
    why_left,
)
from velfaerd_sim.dashboard.watch.frames import NOBODY, PARTICIPANT_BIT, SCORE_BITS, VOLUNTEER_BIT
from velfaerd_sim.dashboard.watch.lives import PARTICIPANT, VOLUNTEER
from velfaerd_sim.dashboard.watch.town import MOST_ADULTS, SERIES, WatchTown
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, VOLUNTEER_TYPE

SCENARIO = load_scenario("baseline").with_(adults=1200, months=60, seed=1)


@pytest.fixture(scope="module")
def town() -> WatchTown:
    made = WatchTown(SCENARIO, ("municipal_baton", "facilitative_dialogue"))
    made.reach(48)
    return made


def test_a_and_b_start_as_the_same_town(town: WatchTown) -> None:
    one, two = (side.frames[0] for side in town.sides)
    assert np.array_equal(one.status, two.status)
    assert np.array_equal(one.volunteers, two.volunteers)
    assert np.array_equal(one.initiatives, two.initiatives)
    assert not np.array_equal(town.sides[0].frames[48].status, town.sides[1].frames[48].status)


def test_the_same_governance_gives_the_same_pictures() -> None:
    twins = WatchTown(SCENARIO, ("rigid_rules", "rigid_rules"))
    twins.reach(12)
    one, two = (side.frames[12] for side in twins.sides)
    assert all(np.array_equal(a, b) for a, b in zip(one[:4], two[:4], strict=True))
    assert one.events == two.events


def test_months_in_steps_are_months_at_once(town: WatchTown) -> None:
    steps = WatchTown(SCENARIO, ("municipal_baton", "facilitative_dialogue"))
    for month in range(1, 25):
        steps.reach(month)
    for side, other in zip(town.sides, steps.sides, strict=True):
        assert side.frames[24].events == other.frames[24].events
        assert np.array_equal(side.frames[24].volunteers, other.frames[24].volunteers)
    straight = Simulation(SCENARIO).fork("facilitative_dialogue")
    straight.run(24)
    scores = tils_scores(straight.population.citizens.loneliness) - 3
    assert np.array_equal(town.sides[1].frames[24].status & SCORE_BITS, scores)


def test_going_back_runs_nothing(town: WatchTown) -> None:
    kept = town.sides[0].frames[10]
    town.reach(10)
    assert town.reached == 48
    assert town.sides[0].frames[10] is kept


def test_the_horizon_is_kept() -> None:
    short = WatchTown(SCENARIO.with_(months=5), ("hands_off", "rigid_rules"))
    short.reach(100)
    assert short.reached == 5


@pytest.mark.parametrize("which", [0, 1])
def test_events_agree_with_the_tallies(town: WatchTown, which: int) -> None:
    side = town.sides[which]
    start = SCENARIO.burn_in_months
    departures = 0
    for month in range(1, town.reached + 1):
        frame, former = side.frames[month], side.frames[month - 1]
        seen = Counter(event.kind for event in frame.events)
        tally = side.simulation.tallies[0, start + month]
        assert seen[OPENED] == tally["opened"]
        assert seen[CLOSED] == tally["closed"]
        # Who comes and goes within one month is not seen from its two ends.
        ghosts = tally["joins"] - seen[JOINED]
        assert tally["leaves"] + tally["volunteers_departed"] - seen[LEFT] == ghosts >= 0
        gone = [e for e in frame.events if e.kind == LEFT and e.reason == DEPARTED]
        assert tally["volunteers_departed"] - ghosts <= len(gone)
        assert {event.citizen for event in gone} <= frame.entered
        assert len(frame.entered) == tally["arrivals"]
        departures += len(gone)
        assert seen[MATCHED] <= tally["matches"]
        assert len(frame.volunteers) == len(former.volunteers) + seen[JOINED] - seen[LEFT]
        assert len(frame.participants) == len(former.participants) + seen[MATCHED] - seen[ENDED]
    assert departures > 0


def test_frames_agree_with_the_state(town: WatchTown) -> None:
    for side in town.sides:
        frame = side.frames[-1]
        volunteers = np.flatnonzero(frame.status & VOLUNTEER_BIT)
        participants = np.flatnonzero(frame.status & PARTICIPANT_BIT)
        assert np.array_equal(np.sort(frame.volunteers[:, 0]), volunteers)
        assert np.array_equal(np.sort(frame.participants[:, 0]), participants)
        numbers = set(frame.initiatives[:, 0].tolist())
        assert set(frame.volunteers[:, 1].tolist()) <= numbers
        teams = Counter(frame.volunteers[:, 1].tolist())
        assert {int(row[0]): int(row[4]) for row in frame.initiatives if row[4]} == teams
        companions = frame.participants[:, 1]
        assert set(companions[companions != NOBODY].tolist()) <= set(volunteers.tolist())


def test_volunteers_stay_where_they_are(town: WatchTown) -> None:
    """Who stays in an initiative keeps the place; nobody stands on another."""
    for side in town.sides:
        for former, frame in zip(side.frames, side.frames[1:], strict=False):
            was = {tuple(row[:2]): tuple(row[2:4]) for row in former.volunteers.tolist()}
            is_ = {tuple(row[:2]): tuple(row[2:4]) for row in frame.volunteers.tolist()}
            assert all(is_[key] == was[key] for key in is_.keys() & was.keys())
            assert len(set(is_.values())) == len(is_)
            hubs = [tuple(row[2:4]) for row in frame.initiatives.tolist()]
            assert len(set(hubs)) == len(hubs)


def test_closing_is_the_reason_only_where_something_closed(town: WatchTown) -> None:
    closures = 0
    for side in town.sides:
        for frame in side.frames:
            closed = {event.initiative for event in frame.events if event.kind == CLOSED}
            blamed = {e.initiative for e in frame.events if e.reason == CLOSED_INITIATIVE}
            moved = {event.other for event in frame.events if event.kind == MOVED}
            assert blamed | moved <= closed
            closures += len(closed)
    assert closures > 0


def volunteer(**values: float) -> np.void:
    record = np.zeros(1, VOLUNTEER_TYPE)
    at_ease = {"motivation": 0.5, "controlled_motivation": 0.3, "ownership": 0.3}
    for name, value in ({"tenure_months": 30} | at_ease | values).items():
        record[name] = value
    return record[0]


def setting(strain: float) -> dict[str, float]:
    return {"strain": strain, "left": 0.0, "rigidity": 0.5, "training": 0.3}


def test_the_reason_is_the_largest_term_of_the_rule() -> None:
    p = defaults() | {
        "leaving_motivation": 4.4,
        "leaving_exhaustion": 1.2,
        "leaving_strain": 0.5,
        "leaving_newcomer": 0.5,
    }
    terms = leaving_terms(volunteer(motivation=0.3, exhaustion=0.5), setting(0.4), p)
    assert terms["motivation"] == pytest.approx(0.2 * p["leaving_motivation"])
    assert terms["exhaustion"] == pytest.approx(0.5 * p["leaving_exhaustion"])
    assert terms["strain"] == pytest.approx(0.4 * p["leaving_strain"])
    assert terms["ownership"] == pytest.approx(0.0)
    reason, odds = why_left(volunteer(motivation=0.3, exhaustion=0.5), setting(0.4), p)
    assert reason == "motivation"
    assert odds == pytest.approx(np.exp(0.2 * p["leaving_motivation"]))
    assert why_left(volunteer(exhaustion=0.9), setting(0.0), p)[0] == "exhaustion"
    assert why_left(volunteer(tenure_months=2), setting(0.0), p)[0] == "tenure_months"
    assert why_left(volunteer(motivation=0.9), setting(0.0), p) == (EVERYDAY, 1.0)


def test_onsets_and_recoveries_balance(town: WatchTown) -> None:
    for side in town.sides:
        lonely = [int(((frame.status & SCORE_BITS) >= 4).sum()) for frame in side.frames]
        change = [frame.onsets - frame.recoveries for frame in side.frames[1:]]
        assert np.array_equal(np.diff(lonely), change)


def test_series_are_the_outcomes_of_the_runs(town: WatchTown) -> None:
    values = town.series(24)
    assert values.shape == (2, 25, len(SERIES))
    side = town.sides[1].simulation
    whole = outcomes.measure(side.tallies, side.at_risk, side.ended, SCENARIO.burn_in_months)[0]
    lonely = whole[:25, outcomes.INDEX["lonely_share"]]
    assert np.array_equal(values[1, :, SERIES.index("lonely_share")], lonely)


def test_a_life_tells_roles_and_events(town: WatchTown) -> None:
    side = town.sides[0]
    month, event = next(
        (m, e) for m, f in enumerate(side.frames) for e in f.events if e.kind == LEFT
    )
    life = town.life(event.citizen, town.reached)
    own = life.sides[0]
    assert (month, event) in own.events
    spell = next(s for s in own.spells if s.role == VOLUNTEER and s.last == month - 1)
    assert spell.initiative == event.initiative
    assert len(own.scores) == town.reached + 1
    assert own.scores[month] == (side.frames[month].status[event.citizen] & SCORE_BITS) + 3
    assert town.life(event.citizen, month - 1).sides[0].spells[-1].last == month - 1


def test_a_companion_is_named_from_both_ends(town: WatchTown) -> None:
    side = town.sides[0]
    citizen, companion, number = next(
        row for f in side.frames for row in f.participants.tolist() if row[1] != NOBODY
    )
    taking = town.life(citizen, town.reached).sides[0].spells
    giving = town.life(companion, town.reached).sides[0].spells
    assert any(
        s.role == PARTICIPANT and s.initiative == number and companion in s.companions
        for s in taking
    )
    assert any(s.role == VOLUNTEER and citizen in s.companions for s in giving)


def test_an_initiative_that_starts_alike_has_the_same_number(town: WatchTown) -> None:
    first = {int(row[0]) for row in town.sides[0].frames[0].initiatives}
    assert first == set(range(1, len(first) + 1))
    assert all(town.initiatives[number].opened <= town.reached for number in town.initiatives)
    used = {int(r[0]) for s in town.sides for f in s.frames for r in f.initiatives}
    assert used == set(town.initiatives)


def test_memory_is_bounded() -> None:
    town = WatchTown(
        load_scenario("baseline").with_(adults=2000, months=24), ("hands_off", "rigid_rules")
    )
    town.reach(24)
    assert town.kept_bytes() / 25 / 2 < 6_000


def test_wrong_towns_are_refused() -> None:
    pair = ("rigid_rules", "hands_off")
    with pytest.raises(InputError, match="adults"):
        WatchTown(SCENARIO.with_(adults=MOST_ADULTS + 1), pair)
    with pytest.raises(InputError, match="one municipality"):
        WatchTown(load_scenario("denmark"), pair)
    started = Simulation(SCENARIO)
    started.run(1)
    with pytest.raises(InputError, match="month"):
        WatchTown(started, pair)


def test_a_citizen_who_is_not_there_is_refused(town: WatchTown) -> None:
    with pytest.raises(InputError, match=f"0 to {SCENARIO.adults - 1}"):
        town.life(SCENARIO.adults, 3)
    with pytest.raises(InputError):
        town.life(FREE, 3)
