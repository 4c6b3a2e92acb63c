"""What must hold of the state of a simulation in every month, and from one month to the next."""

import numpy as np

from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.population.schema import (
    CITIZEN,
    FREE,
    GROUP,
    INITIATIVE,
    ONE_TO_ONE,
    PARTICIPATING,
    PARTICIPATION,
    STAFF,
    TOWN,
    VOLUNTEER,
    VOLUNTEERING,
    WAITING,
)

SHARES = {"0-1", "share"}
ROUNDING = 1e-9


def within_unit(values):
    return bool(np.all((values >= -ROUNDING) & (values <= 1.0 + ROUNDING)))


def chain(first, following):
    """Rows from a first one along a column of next rows, each once."""
    rows = []
    row = int(first)
    while row != FREE:
        rows.append(row)
        assert len(rows) <= len(following), "a chain that runs in a circle"
        row = int(following[row])
    assert len(set(rows)) == len(rows)
    return rows


class TownRows:
    """The rows of one municipality in the tables of a population."""

    def __init__(self, population, m):
        self.town = town = population.towns[m]
        self.citizens = {}
        for name, column in population.citizens._asdict().items():
            first = town["first_citizen"]
            self.citizens[name] = column[first : first + town["adults"]]
        for name, size in (
            ("initiative", "initiative_slots"),
            ("volunteer", "volunteer_slots"),
            ("participation", "participation_slots"),
        ):
            first = town[f"first_{name}"]
            table = getattr(population, f"{name}s")
            setattr(self, f"{name}s", table[first : first + town[size]])
        self.staff = population.staff[town["first_staff"] : town["first_staff"] + town["staff"]]
        self.departments = population.departments[5 * m : 5 * m + 5]


def check_volunteers(rows):
    """Rows, chains of teams, chain of free rows, counts and flags agree."""
    volunteers, initiatives, town = rows.volunteers, rows.initiatives, rows.town
    taken = np.flatnonzero(volunteers["citizen"] != FREE)
    free = chain(town["free_volunteer"], volunteers["initiative"])
    assert sorted([*taken, *free]) == list(range(len(volunteers)))
    assert len(taken) == town["volunteers"]
    assert np.all(taken < town["volunteer_rows"])
    people = volunteers["citizen"][taken]
    assert len(set(people)) == len(people)
    flagged = np.flatnonzero(rows.citizens["flags"] & VOLUNTEERING)
    assert sorted(people) == list(flagged)
    for k, ini in enumerate(initiatives):
        team = chain(ini["first_volunteer"], volunteers["next_in_team"])
        assert len(team) == ini["volunteers"]
        assert sorted(team) == list(taken[volunteers["initiative"][taken] == k])
        assert ini["running"] == 1 or not team


def check_participations(rows):
    """Rows, chain of free rows, companions, counts and flags agree."""
    parts, initiatives, town = rows.participations, rows.initiatives, rows.town
    volunteers = rows.volunteers
    taken = np.flatnonzero(parts["citizen"] != FREE)
    free = chain(town["free_participation"], parts["initiative"])
    assert sorted([*taken, *free]) == list(range(len(parts)))
    assert len(taken) == town["participants"]
    assert np.all(taken < town["participation_rows"])
    people = parts["citizen"][taken]
    assert len(set(people)) == len(people)
    flagged = np.flatnonzero(rows.citizens["flags"] & PARTICIPATING)
    assert sorted(people) == list(flagged)
    assert not np.any(rows.citizens["flags"][people] & VOLUNTEERING)
    waiting = rows.citizens["flags"] & WAITING > 0
    assert not np.any(rows.citizens["flags"][waiting] & (PARTICIPATING | VOLUNTEERING))
    assert np.all(initiatives["company"] >= 0.0)
    assert np.all(initiatives["company"] <= initiatives["company_wish"] + ROUNDING)
    count = np.bincount(parts["initiative"][taken], minlength=len(initiatives))
    assert np.array_equal(count, initiatives["participants"])
    assert np.all(initiatives["running"][parts["initiative"][taken]] == 1)
    form = initiatives["format"][parts["initiative"][taken]]
    companions = parts["companion"][taken]
    assert np.all((companions == FREE) == (form == GROUP))
    paired = companions[form == ONE_TO_ONE]
    count = np.bincount(paired, minlength=len(volunteers))
    own = volunteers["citizen"] != FREE
    assert np.array_equal(count[own], volunteers["companions"][own])
    assert np.all(own[paired])
    where = parts["initiative"][taken][form == ONE_TO_ONE]
    assert np.array_equal(volunteers["initiative"][paired], where)


def check_ranges(rows):
    """Every state is finite and in the range of its unit."""
    tables = (
        (TOWN, rows.town.reshape(1)),
        (STAFF, rows.staff),
        (INITIATIVE, rows.initiatives),
        (VOLUNTEER, rows.volunteers),
        (PARTICIPATION, rows.participations),
    )
    for columns, table in tables:
        for column in columns:
            values = table[column.name]
            assert np.all(np.isfinite(values)), column
            if column.unit in SHARES and column.dtype == "f8":
                assert within_unit(values), column
            if column.unit in {"hours", "months", "persons", "number"}:
                assert np.all(values >= 0), column
    for column in CITIZEN:
        values = rows.citizens[column.name]
        assert np.all(np.isfinite(values)), column
        if column.name in {"loneliness", "set_point", "ties_gained"}:
            assert np.all((values >= 0.0) & (values <= 1.0)), column
    assert np.all(rows.citizens["age_band"] < 8)
    for name in (*INSTRUMENTS, "espoused_gap", "enacted_dialogue", "administration", "attention"):
        assert within_unit(rows.departments[name]), name
    weights = [rows.volunteers[f"weight_{need}"] for need in ("autonomy", "competence")]
    weights.append(rows.volunteers["weight_relatedness"])
    ever = rows.volunteers["citizen"] != FREE
    assert np.allclose(sum(weights)[ever], 1.0)


def check_state(simulation):
    """Check the rows of every municipality."""
    for m in range(len(simulation.population.towns)):
        rows = TownRows(simulation.population, m)
        assert np.sum(rows.initiatives["running"]) == rows.town["initiatives"]
        check_volunteers(rows)
        check_participations(rows)
        check_ranges(rows)


def check_balance(simulation):
    """What was there, plus what came, minus what went, is there: in every month so far."""
    last = simulation.month + simulation.scenario.burn_in_months
    tallies = simulation.tallies[:, : last + 1]
    for stock, comes, goes in (
        ("volunteers", ("joins",), ("leaves", "volunteers_departed")),
        (
            "participants",
            ("matches",),
            ("pairs_broken", "recovered", "dropped_out", "participants_departed"),
        ),
        ("initiatives", ("opened",), ("closed",)),
    ):
        change = sum(tallies[name] for name in comes) - sum(tallies[name] for name in goes)
        assert np.array_equal(np.diff(tallies[stock]), change[:, 1:]), stock
    for name in tallies.dtype.names:
        assert np.all(np.isfinite(tallies[name])), name
        assert np.all(tallies[name] >= 0.0), name
    assert np.array_equal(
        sum(tallies[f"adults_band_{band}"] for band in range(8))[:, 1:], tallies["adults"][:, 1:]
    )
    assert np.array_equal(
        sum(tallies[f"lonely_band_{band}"] for band in range(8))[:, 1:], tallies["lonely"][:, 1:]
    )
    # The ledgers of tenure hold everyone who volunteered at the end of the month before, and those
    # who joined in the month and lost their initiative, or left the municipality, in it.
    ended = simulation.ended[:, : last + 1].sum(axis=2)
    at_risk = simulation.at_risk[:, : last + 1].sum(axis=2)
    gone = tallies["leaves"] + tallies["volunteers_departed"]
    assert np.array_equal(ended[:, 1:], gone[:, 1:])
    within_month = at_risk[:, 1:] - tallies["volunteers"][:, :-1]
    assert np.all(within_month >= 0)
    assert np.all(within_month <= tallies["joins"][:, 1:])
    assert np.all(simulation.ended <= simulation.at_risk)
