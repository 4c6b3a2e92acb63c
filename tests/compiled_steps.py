"""Entrances from Python to the kernels that tests drive one by one.

Kernels have no entrance of their own. These are compiled once and kept on disk with the engine.
"""

import numpy as np

from velfaerd_sim import randomness
from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.measures import loneliness_scale
from velfaerd_sim.population import membership, traits
from velfaerd_sim.population.bundles import Counts, Instruments, Now, Office, People, Search
from velfaerd_sim.population.schema import TOWN_TYPE
from velfaerd_sim.processes import (
    agreements,
    loneliness,
    matching,
    policy_review,
    shocks,
    staff_hours,
    volunteering,
)
from velfaerd_sim.processes import (
    initiatives as initiative_process,
)
from velfaerd_sim.processes import (
    staff as staff_process,
)


@entry
def fill_lanes(lanes, key, process, month, first, count):
    randomness.fill(lanes, key, process, month, first, count)


@entry
def uniforms(key, process, month, first, out):
    for i in range(len(out)):
        out[i] = randomness.uniform(key, process, month, first + i)


@entry
def uniforms_by_month(key, process, first_month, agent, out):
    for i in range(len(out)):
        out[i] = randomness.uniform(key, process, first_month + i, agent)


@entry
def centred_numbers(key, process, month, lane, out):
    for i in range(len(out)):
        out[i] = randomness.centred(randomness.words(key, process, month, i)[lane])


@entry
def weights_of(key, first, entered, parameters, out):
    for i in range(len(out)):
        out[i, 0], out[i, 1], out[i, 2] = traits.need_weights(
            key, first + i, entered, parameters[0]
        )
        out[i, 3] = traits.tolerance_rank(key, first + i, entered)


NOBODY = np.zeros(0)


@kernel
def office_of(departments=None, staff=None, route_starts=None, attitude=None, policy_shift=None):
    """The municipal side; what a kernel does not use is left out."""
    return Office(departments, staff, route_starts, attitude, policy_shift)


@kernel
def people_of(initiatives=None, volunteers=None, participations=None, citizens=None):
    """The civil side; what a kernel does not use is left out."""
    return People(initiatives, volunteers, participations, citizens)


@kernel
def filled(town, volunteers, participations):
    """Let the municipality have all rows of volunteers and participations in use."""
    town.volunteer_rows = max(town.volunteer_rows, len(volunteers))
    town.participation_rows = max(town.participation_rows, len(participations))


@entry
def enrol(towns, volunteers, initiatives, citizens, key, person, k, parameters):
    people = people_of(initiatives, volunteers, citizens=citizens)
    return membership.enrol(towns[0], people, key, person, k, parameters[0])


@entry
def discharge(towns, volunteers, initiatives, citizens, row):
    people = people_of(initiatives, volunteers, citizens=citizens)
    membership.discharge(towns[0], people, row)


@entry
def move(volunteers, initiatives, row, k):
    people = people_of(initiatives, volunteers)
    membership.leave_team(people, row)
    membership.join_team(people, row, k)


@entry
def admit(towns, participations, volunteers, initiatives, citizens, person, k):
    people = people_of(initiatives, volunteers, participations, citizens)
    return membership.admit(towns[0], people, person, k)


@entry
def dismiss(towns, participations, volunteers, initiatives, citizens, row):
    people = people_of(initiatives, volunteers, participations, citizens)
    membership.dismiss(towns[0], people, row)


@entry
def places(initiatives, key, process, month, people, parameters, for_volunteers, out):
    for i in range(people):
        if for_volunteers:
            out[i] = membership.volunteer_place(initiatives, key, process, month, i, parameters[0])
        else:
            out[i] = membership.participant_place(
                initiatives, key, process, month, i, parameters[0]
            )


@entry
def staff_hours_step(
    towns, departments, staff, initiatives, announced, status_quo, shift, shocks, parameters
):
    office = office_of(departments=departments, staff=staff, policy_shift=shift)
    at = Now(shocks[0], None, None, parameters[0])
    staff_hours.step(towns[0], office, initiatives, Instruments(announced, status_quo), at)


@entry
def agreements_step(towns, departments, initiatives, shocks, key, month, parameters):
    agreements.step(towns[0], departments, initiatives, Now(shocks[0], key, month, parameters[0]))


@entry
def volunteering_step(
    towns,
    departments,
    initiatives,
    volunteers,
    citizens,
    ties,
    shocks,
    key,
    month,
    parameters,
    tallies,
    at_risk,
    ended,
):
    people = people_of(initiatives, volunteers, citizens=citizens)
    filled(towns[0], volunteers, NOBODY)
    counts = Counts(tallies[0], at_risk, ended)
    at = Now(shocks[0], key, month, parameters[0])
    volunteering.step(towns[0], departments, people, ties, at, counts)


@entry
def spread_word(volunteers, ties, asked, parameters):
    towns = np.zeros(1, TOWN_TYPE)
    filled(towns[0], volunteers, NOBODY)
    matching.spread_word(towns[0], volunteers, ties, asked, parameters[0])


@entry
def break_pairs(towns, participations, volunteers, initiatives, citizens, parameters, tallies):
    people = people_of(initiatives, volunteers, participations, citizens)
    filled(towns[0], NOBODY, participations)
    matching.break_pairs(towns[0], people, parameters[0], tallies[0])


@entry
def end_participations(
    towns, participations, volunteers, initiatives, citizens, key, month, parameters, tallies
):
    people = people_of(initiatives, volunteers, participations, citizens)
    filled(towns[0], NOBODY, participations)
    at = Now(None, key, month, parameters[0])
    matching.end_participations(towns[0], people, at, tallies[0])


@entry
def choose_block(
    citizens, before, asked, lanes, count, base, referral, open_door, demand, parameters, chosen
):
    search = Search(before, asked, lanes, chosen)
    chances = matching.Chances(base, referral, open_door, demand)
    matching.choose_block(citizens, search, 0, count, chances, parameters[0])


@entry
def contact(initiatives, participations, citizens, parameters):
    towns = np.zeros(1, TOWN_TYPE)
    filled(towns[0], NOBODY, participations)
    people = people_of(initiatives, participations=participations, citizens=citizens)
    loneliness.contact(towns[0], people, parameters[0])


@entry
def own_benefit(volunteers, citizens, parameters):
    towns = np.zeros(1, TOWN_TYPE)
    filled(towns[0], volunteers, NOBODY)
    people = people_of(volunteers=volunteers, citizens=citizens)
    loneliness.own_benefit(towns[0], people, parameters[0])


@entry
def mean_of_ties(ties, before, town_mean, first, count, means):
    levels = np.empty(len(before), np.int32)
    sums = np.empty(len(ties.neighbours) + 1, np.int64)
    loneliness.as_whole_numbers(before, levels)
    loneliness.mean_of_ties_block(town_mean, ties, levels, sums, means, first, count)


@entry
def update_loneliness(towns, citizens, before, means, lanes, shocks, parameters):
    at = Now(shocks[0], None, None, parameters[0])
    loneliness.update_block(
        towns[0].mean_loneliness, citizens, at, before, means, lanes, 0, len(before)
    )


@entry
def develop(volunteers, initiatives, key, month, parameters, tallies):
    at = Now(None, key, month, parameters[0])
    initiative_process.develop(initiatives, volunteers, at, tallies[0])


@entry
def close(
    towns,
    volunteers,
    participations,
    initiatives,
    citizens,
    closing,
    key,
    month,
    parameters,
    tallies,
    at_risk,
    ended,
):
    people = people_of(initiatives, volunteers, participations, citizens)
    filled(towns[0], NOBODY, participations)
    at = Now(None, key, month, parameters[0])
    counts = Counts(tallies[0], at_risk, ended)
    initiative_process.close(towns[0], people, at, counts, closing)


@entry
def open_new(
    towns, departments, initiatives, attitude, starts, shocks, key, month, parameters, tallies
):
    office = office_of(departments=departments, route_starts=starts, attitude=attitude)
    at = Now(shocks[0], key, month, parameters[0])
    initiative_process.open_new(towns[0], office, initiatives, at, tallies[0])


@entry
def staff_step(towns, departments, staff, key, month, parameters, tallies):
    at = Now(None, key, month, parameters[0])
    staff_process.step(towns[0], office_of(departments, staff), at, tallies[0])


@entry
def best_peer(towns, figures, own, key, month, parameters):
    return policy_review.best_peer(towns, figures, own, key, month, parameters[0])


@entry
def shocks_step(staff, citizens, table, key, month, parameters, quantiles, tally):
    now = Now(table[0], key, month, parameters[0])
    shocks.step(staff, citizens, now, quantiles, tally[0])


@entry
def observe_block(citizens, first, count, tallies):
    return loneliness_scale.observe_block(citizens, first, count, tallies[0])


@entry
def count_bands(citizens, bands):
    loneliness_scale.count_bands(citizens, bands)
