"""Entrances from Python to the kernels that tests drive one by one.

Kernels have no entrance of their own. These are compiled once and kept on disk with the engine.
"""

from velfaerd_sim import randomness
from velfaerd_sim.compiled import entry
from velfaerd_sim.population import membership, traits


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
def enrol(towns, volunteers, initiatives, citizens, key, person, k):
    return membership.enrol(towns[0], volunteers, initiatives, citizens, key, person, k)


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
