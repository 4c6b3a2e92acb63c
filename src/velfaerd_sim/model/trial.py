"""A randomised trial inside the model: lonely citizens are offered company, or not.

The same question that trials of befriending ask (Siette, Cassidy & Priebe 2017): how much less
lonely are those who were given a companion than those who were not, after some months, in standard
deviations. Everyone in the treated arm is also followed without the offer, with the same draws, so
that the effect is seen without the chance of who was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import entry
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.bundles import rows_of
from velfaerd_sim.population.membership import admit
from velfaerd_sim.population.schema import FORMATS, FREE, PARTICIPATING, VOLUNTEERING, Population
from velfaerd_sim.population.traits import hours_needed
from velfaerd_sim.randomness import TRIAL, key_of, uniforms


@dataclass(frozen=True)
class Trial:
    """What a trial found; a positive effect means less lonely.

    effect_sd: mean difference in loneliness over those offered company, in standard deviations of
    the loneliness of all eligible without the offer; standard_error: of effect_sd, over citizens;
    treated, controls: persons in the arms who still live in the municipality.
    """

    effect_sd: float
    standard_error: float
    treated: int
    controls: int


@entry
def give_company(
    population: Population, m: int, persons: Any, form: int, parameters: Any, placed: Any
) -> None:
    """Place persons of municipality m with the initiatives of a format that have most hours left.

    persons: int64, rows within the municipality; placed: uint8 (persons,), written, 1 where there
    was an initiative. Who is offered company gets it, also where hours are short: the trial brings
    no hours of its own, so that more participants share those that there are.
    """
    town, p = population.towns[m], parameters[0]
    people = rows_of(population, m).people
    own = people.initiatives
    for n in range(len(persons)):
        best, most = FREE, 0.0
        for k in range(len(own)):
            if own[k].running == 1 and own[k].format == form and own[k].volunteers > 0:
                served = own[k].participants + own[k].company + 1.0
                needed = served * hours_needed(form, p)
                share = own[k].contact_hours / needed
                if best == FREE or share > most:
                    best, most = k, share
        placed[n] = 0
        if best != FREE and town.free_participation != FREE:
            admit(town, people, persons[n], best)
            placed[n] = 1


def eligible(simulation: Simulation) -> NDArray[np.bool_]:
    """Citizens whom a trial takes in: lonely, in no initiative and not volunteering; (adults,)."""
    citizens = simulation.population.citizens
    free = (citizens.flags & (PARTICIPATING | VOLUNTEERING)) == 0
    lonely = (citizens.lonely_history & 1) == 1
    return np.asarray(lonely & free, dtype=np.bool_)


def randomised_referral(
    simulation: Simulation,
    form: str = "one_to_one",
    months: int = 12,
    share: float = 0.2,
    usual: Simulation | None = None,
) -> Trial:
    """Offer company at random to a share of the eligible and compare after some months.

    simulation: left as it is; form: a name in FORMATS; share: of the eligible, at most 0.5; usual:
    a fork that has run the months without the offer, where there is one already. Those not drawn,
    and the twins, go on as usual. Participants may drop out (intention to treat).
    Raises InputError for an unknown form or share, and where nobody can be placed.
    """
    if form not in FORMATS:
        raise InputError("form", form, refusal("one_of", names=", ".join(FORMATS)))
    if not 0.0 < share <= 0.5:
        raise InputError("share", share, "a share above 0 and up to 0.5")
    takes_part = eligible(simulation)
    trial = simulation.fork()
    drawn = np.zeros(len(takes_part), bool)
    state, row = trial.population, trial.scenario.burn_in_months + trial.month
    for m in range(len(state.towns)):
        first = int(state.towns["first_citizen"][m])
        last = first + int(state.towns["adults"][m])
        key = key_of(trial.scenario.seed, int(state.towns["code"][m]))
        persons = np.flatnonzero(takes_part[first:last])
        offered = persons[uniforms(key, TRIAL, row, persons) < share].astype(np.int64)
        placed = np.zeros(len(offered), np.uint8)
        give_company(state, m, offered, FORMATS.index(form), trial._parameters, placed)
        drawn[first + offered[placed == 1]] = True
    if drawn.any():
        trial.run(months)
    stayed = ~trial.entered_since(simulation.month)
    drawn, takes_part = drawn & stayed, takes_part & stayed
    if drawn.sum() < 2:
        raise InputError("form", form, "a format with running initiatives and eligible citizens")
    if usual is None:
        usual = simulation.fork()
        usual.run(months)
    without = usual.population.citizens.loneliness.astype(np.float64)
    given = trial.population.citizens.loneliness.astype(np.float64)
    spread = float(np.std(without[takes_part]))
    gained = (without[drawn] - given[drawn]) / spread
    return Trial(
        effect_sd=float(gained.mean()),
        standard_error=float(gained.std(ddof=1) / np.sqrt(len(gained))),
        treated=int(drawn.sum()),
        controls=int((takes_part & ~drawn).sum()),
    )
