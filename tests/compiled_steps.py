"""Entrances from Python to the kernels that tests drive one by one.

Kernels have no entrance of their own. These are compiled once and kept on disk with the engine.
"""

from velfaerd_sim import randomness
from velfaerd_sim.compiled import entry


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
