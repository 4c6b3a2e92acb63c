"""Entrances from Python to the kernels that tests drive one by one.

Kernels have no entrance of their own. These are compiled once and kept on disk with the engine.
"""

import numpy as np

from velfaerd_sim import randomness
from velfaerd_sim.compiled import entry
from velfaerd_sim.measures import loneliness_scale
from velfaerd_sim.population import membership, traits
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
def weights_of(key, first, out):
    for i in range(len(out)):
        out[i, 0], out[i, 1], out[i, 2] = traits.need_weights(key, first + i)
        out[i, 3] = traits.tolerance_rank(key, first + i)


@entry
def enrol(towns, volunteers, initiatives, citizens, key, person, k, parameters):
    return membership.enrol(
        towns[0], volunteers, initiatives, citizens, key, person, k, parameters[0]
    )


@entry
def discharge(towns, volunteers, initiatives, citizens, row):
    membership.discharge(towns[0], volunteers, initiatives, citizens, row)


@entry
def move(volunteers, initiatives, row, k):
    membership.leave_team(volunteers, initiatives, row)
    membership.join_team(volunteers, initiatives, row, k)


@entry
def admit(towns, participations, volunteers, initiatives, citizens, person, k):
    return membership.admit(towns[0], participations, volunteers, initiatives, citizens, person, k)


@entry
def dismiss(towns, participations, volunteers, initiatives, citizens, row):
    membership.dismiss(towns[0], participations, volunteers, initiatives, citizens, row)


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
    towns, departments, staff, initiatives, announced, status_quo, shift, rows, parameters
):
    staff_hours.step(
        towns[0],
        departments,
        staff,
        initiatives,
        announced,
        status_quo,
        shift,
        rows[0],
        parameters[0],
    )


@entry
def agreements_step(towns, departments, initiatives, rows, key, month, parameters):
    agreements.step(towns[0], departments, initiatives, rows[0], key, month, parameters[0])


@entry
def volunteering_step(
    towns,
    departments,
    initiatives,
    volunteers,
    citizens,
    rows,
    key,
    month,
    parameters,
    tallies,
    at_risk,
    ended,
):
    volunteering.step(
        towns[0],
        departments,
        initiatives,
        volunteers,
        citizens,
        rows[0],
        key,
        month,
        parameters[0],
        tallies[0],
        at_risk,
        ended,
    )


@entry
def spread_word(volunteers, ties, asked, parameters):
    matching.spread_word(volunteers, ties, asked, parameters[0])


@entry
def break_pairs(towns, participations, volunteers, initiatives, citizens, parameters, tallies):
    matching.break_pairs(
        towns[0], participations, volunteers, initiatives, citizens, parameters[0], tallies[0]
    )


@entry
def end_participations(
    towns, participations, volunteers, initiatives, citizens, key, month, parameters, tallies
):
    matching.end_participations(
        towns[0],
        participations,
        volunteers,
        initiatives,
        citizens,
        key,
        month,
        parameters[0],
        tallies[0],
    )


@entry
def choose_block(
    citizens, before, asked, lanes, count, base, referral, open_door, demand, parameters, chosen
):
    matching.choose_block(
        citizens,
        before,
        asked,
        lanes,
        0,
        count,
        base,
        referral,
        open_door,
        demand,
        parameters[0],
        chosen,
    )


@entry
def contact(initiatives, participations, citizens, parameters):
    loneliness.contact(initiatives, participations, citizens, parameters[0])


@entry
def own_benefit(volunteers, citizens, parameters):
    loneliness.own_benefit(volunteers, citizens, parameters[0])


@entry
def mean_of_ties(ties, before, town_mean, first, count, means):
    levels = np.empty(len(before), np.int32)
    sums = np.empty(len(ties.neighbours) + 1, np.int64)
    loneliness.as_whole_numbers(before, levels)
    loneliness.mean_of_ties_block(ties, levels, town_mean, first, count, sums, means)


@entry
def update_loneliness(towns, citizens, before, means, lanes, rows, parameters):
    loneliness.update_block(
        towns[0], citizens, before, means, lanes, 0, len(before), rows[0], parameters[0]
    )


@entry
def develop(towns, volunteers, initiatives, key, month, parameters, tallies):
    initiative_process.develop(
        towns[0], volunteers, initiatives, key, month, parameters[0], tallies[0]
    )


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
    initiative_process.close(
        towns[0],
        volunteers,
        participations,
        initiatives,
        citizens,
        closing,
        key,
        month,
        parameters[0],
        tallies[0],
        at_risk,
        ended,
    )


@entry
def open_new(
    towns, departments, initiatives, attitude, starts, rows, key, month, parameters, tallies
):
    initiative_process.open_new(
        towns[0],
        departments,
        initiatives,
        attitude,
        starts,
        rows[0],
        key,
        month,
        parameters[0],
        tallies[0],
    )


@entry
def staff_step(towns, departments, staff, key, month, parameters, tallies):
    staff_process.step(towns[0], departments, staff, key, month, parameters[0], tallies[0])


@entry
def best_peer(towns, figures, own, key, month, parameters):
    return policy_review.best_peer(towns, figures, own, key, month, parameters[0])


@entry
def shocks_step(staff, citizens, rows, key, month, parameters, tally):
    shocks.step(staff, citizens, rows[0], key, month, parameters[0], tally[0])


@entry
def observe_block(citizens, first, count, tallies):
    return loneliness_scale.observe_block(citizens, first, count, tallies[0])


@entry
def count_bands(citizens, bands):
    loneliness_scale.count_bands(citizens, bands)
