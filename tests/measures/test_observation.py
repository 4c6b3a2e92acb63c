"""The tallies of a month are what the rows of the population add up to."""

import numpy as np
import pytest

from invariants import TownRows
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.scale import tils_score
from velfaerd_sim.population.schema import FREE, KNOWN, ONE_TO_ONE, PARTICIPATING, WAITING
from velfaerd_sim.population.tallies import EVENTS, STOCKS, TALLY_TYPE, TENURES
from worlds import several_towns

# Flows and windows over the year; the rest can be read off the rows at the end of the month.
OVER_TIME = {"lonely_a_year_ago", "onsets", "recoveries"}


def totals(population, m, p):
    """Every stock of a month, from the rows."""
    rows, town = TownRows(population, m), population.towns[m]
    vol = rows.volunteers[rows.volunteers["citizen"] != FREE]
    run = rows.initiatives[rows.initiatives["running"] == 1]
    post = rows.staff[rows.staff["vacant_months"] == 0]
    needed = np.where(
        run["format"] == ONE_TO_ONE, p["hours_per_companion"], p["hours_per_group_member"]
    )
    asked = (run["participants"] + run["company_wish"]) * needed
    left = run["contact_hours"] - (run["participants"] + 1.0 + run["company"]) * needed
    level, flags = rows.citizens["loneliness"].astype(float), rows.citizens["flags"]
    band = rows.citizens["age_band"]
    score = np.array([tils_score(x) for x in level])
    lonely = score >= 7
    found = {
        "adults": len(level),
        "volunteers": len(vol),
        "volunteers_over_12_months": np.sum(vol["tenure_months"] >= 12),
        "affiliated_volunteers": np.sum(rows.initiatives["affiliated"][vol["initiative"]]),
        "motivation_squares": np.sum(vol["motivation"] ** 2),
        "company": run["company"].sum(),
        "with_room": np.sum((run["volunteers"] > 0) & (left >= 0.0)),
        "hours_short": np.sum(np.maximum(0.0, asked - run["contact_hours"])),
        "participants": np.sum(rows.participations["citizen"] != FREE),
        "initiatives": len(run),
        "expectation_gap": np.sum(
            np.maximum(0, vol["expected"] - rows.initiatives["influence"][vol["initiative"]])
        ),
        "influence_gap": np.sum(np.maximum(0, run["promised"] - run["influence"])),
        "strained": np.sum(run["strain"] >= 0.5),
        "dialogue_enacted": np.sum(rows.departments["enacted_dialogue"][run["department"]]),
        "posts": len(post),
        "loneliness": level.sum(),
        "score": score.sum(),
        "lonely": lonely.sum(),
        "lonely_known": np.sum(lonely & ((flags & KNOWN) > 0)),
        "lonely_reached": np.sum(lonely & ((flags & PARTICIPATING) > 0)),
        "waiting": np.sum(lonely & ((flags & WAITING) > 0)),
        "known": np.sum((flags & KNOWN) > 0),
    }
    for name in ("motivation", "autonomy", "competence", "relatedness", "controlled_motivation"):
        found[name] = vol[name].sum()
    for name in ("ownership", "exhaustion", "felt_bureaucracy", "contact_hours"):
        found[name] = vol[name].sum()
    for name in ("effective_clarity", "fit", "influence", "substitution", "quality"):
        found[name] = run[name].sum()
    for name in ("leeway", "overload"):
        found[name] = run[name].sum()
    for name in ("skill", "concern", "satisfaction"):
        found[name] = post[name].sum()
    for name in ("capacity", "hours_contact", "hours_rules", "hours_agreements", "hours_dialogue"):
        found[name] = town[name]
    for n in range(8):
        found[f"adults_band_{n}"] = np.sum(band == n)
        found[f"lonely_band_{n}"] = np.sum(lonely & (band == n))
    return found


@pytest.mark.parametrize("months", [0, 1, 7, 20])
def test_stocks_are_the_sums_of_the_rows(months):
    simulation = Simulation(several_towns(), burn_in=False)
    simulation.run(months)
    for m in range(4):
        found = totals(simulation.population, m, simulation.parameters)
        assert set(found) == set(STOCKS) - OVER_TIME
        row = simulation.tallies[m, months]
        for name, value in found.items():
            if months == 0 and name == "dialogue_enacted":
                continue  # nothing was announced yet
            tolerance = 1e-6 if name == "loneliness" else 1e-12
            assert row[name] == pytest.approx(value, rel=tolerance, abs=1e-12), name


def test_onsets_and_recoveries_compare_with_a_year_ago():
    simulation = Simulation(several_towns(), burn_in=False)
    people, towns = simulation.population.citizens, simulation.population.towns
    # The year before the first month is drawn with the person: some were not as they are now.
    lonely = [people.lonely_history >> months & 1 for months in range(12, -1, -1)]
    assert np.any(lonely[0] != lonely[12])
    for month in range(1, 17):
        simulation.run(1)
        now = people.lonely_history & 1
        new = people.entered_month == month
        for past in lonely:
            past[new] = now[new]  # who enters is taken to have been as in the month of entry
        lonely.append(now)
        then = lonely[month]
        for m, town in enumerate(towns):
            mine = slice(town["first_citizen"], town["first_citizen"] + town["adults"])
            row = simulation.tallies[m, month]
            assert row["lonely_a_year_ago"] == then[mine].sum()
            assert row["onsets"] == np.sum(now[mine] & ~then[mine] & 1)
            assert row["recoveries"] == np.sum(then[mine] & ~now[mine] & 1)
    assert np.sum(people.entered_month > 0) > 50


def test_tallies_are_declared_once():
    assert TALLY_TYPE.names == EVENTS + STOCKS
    assert len(set(TALLY_TYPE.names)) == len(TALLY_TYPE.names)
    assert all(TALLY_TYPE[name] == np.float64 for name in TALLY_TYPE.names)
    assert TALLY_TYPE.itemsize == 8 * len(TALLY_TYPE.names)
    assert TENURES > 12
