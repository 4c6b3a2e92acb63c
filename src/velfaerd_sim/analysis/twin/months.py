"""The twin: the same rules without persons, without ties and without chance.

One initiative stands for all that began by the same route, one volunteer for all in these, one
staff member for all. Their states move by the kernels and rules of the model; what the model draws
is taken at its mean. The twin takes some hundredths of a second. It checks the code, and says what
of a conclusion needs persons: what it finds as well does not.

What it leaves out: that people differ (in what they need, expect and give), that teams are small,
that some are asked by friends and others are not, that bad luck spreads in a team.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.analysis.twin.state import INITIATIVE, Twin, start
from velfaerd_sim.analysis.twin.volunteers import filled, volunteer
from velfaerd_sim.compiled import entry, kernel
from velfaerd_sim.inputs.evidence import age_shares
from velfaerd_sim.inputs.parameters import as_record
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import INSTRUMENTS, STATUS_QUO, YEAR
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.population.bundles import Instruments
from velfaerd_sim.population.levels import LEAVE_OR_MOVE, flows_of
from velfaerd_sim.population.schema import INSTRUMENT_COUNT, ROUTE_COUNT
from velfaerd_sim.population.traits import (
    opening_rate,
    own_say,
    route_influence,
    volunteer_places,
)
from velfaerd_sim.processes import agreements, initiatives, staff, staff_hours

OUTCOMES = (
    *("motivation_mean", "retention_12m", "volunteers_per_1000", "ownership_mean"),
    *("exhaustion_mean", "initiatives_per_1000", "strain_share", "staff_hours_per_1000"),
)
SETTLING = 600
"""Months under the status quo before the first month that is shown."""


@kernel
def begin(ini: Any, route: float, dep: Any, p: Any) -> None:
    """An initiative as it is opened: see `initiatives.open_one`."""
    ini.running = 1.0
    ini.route = route
    ini.age_months = 0.0
    ini.clarity = dep.role_clarity
    ini.fit = p.fit_at_start
    ini.effective_clarity = ini.clarity * ini.fit
    ini.influence = own_say(route_influence(int(route), p), dep.rigidity, p)
    ini.promised = ini.influence
    ini.authorship = ini.influence
    ini.leeway = 1.0
    ini.backing = p.backing_at_start
    ini.quality = p.quality_at_start


@kernel
def hours_asked(twin: Twin, p: Any) -> tuple[float, float]:
    """Staff hours that initiatives ask for: first contact, rules and agreements; then dialogue."""
    dep = twin.department[0]
    first, dialogue = 0.0, 0.0
    for r in range(ROUTE_COUNT):
        own = own_say(route_influence(r, p), dep.rigidity, p)
        each = p.contact_hours_asked * dep.attention + p.rules_hours_asked * dep.rigidity
        first += twin.running[r] * (each + p.agreement_hours_asked * dep.role_clarity)
        talks = p.dialogue_hours_asked * dep.dialogue * (1.0 - dep.espoused_gap)
        offered = dep.influence * p.influence_at_delivery
        talks += staff_hours.influence_hours(offered, own, dep.espoused_gap, p)
        dialogue += twin.running[r] * talks
    return first, dialogue


@kernel
def serve(twin: Twin, instruments: Instruments, shift: Any, p: Any) -> None:
    """Put instruments in force, and serve staff hours: see `staff_hours.step`."""
    town, dep, one = twin.town[0], twin.department[0], twin.staff[0]
    staff_hours.announce(twin.department, shift, instruments, p)
    first, dialogue = hours_asked(twin, p)
    chance = staff.staff_leaving_probability(one.satisfaction, p)
    filled = 1.0 / (1.0 + chance * p.vacancy_months)
    relief = 1.0 + staff_hours.relief_share(town.mean_substitution, p)
    hours = staff_hours.hours_of_staff(filled, 1000, p) * relief
    town.served_first = min(1.0, hours / first) if first > 0.0 else 1.0
    left = max(0.0, hours - first)
    town.served_dialogue = min(1.0, left / dialogue) if dialogue > 0.0 else 1.0
    town.capacity = min(1.0, hours / (first + dialogue)) if first + dialogue > 0.0 else 1.0
    town.hours_contact = first * town.served_first + dialogue * town.served_dialogue
    town.pressure = staff_hours.resource_pressure(
        p.base_pressure, 1.0, town.capacity, p.capacity_pressure
    )
    dep.promise_kept = staff_hours.promise_kept(
        dep.espoused_gap, town.served_dialogue, one.skill, p
    )
    dep.enacted_dialogue = dep.dialogue * dep.promise_kept


@kernel
def collaborate(twin: Twin, p: Any) -> None:
    """Move agreements by a month; strain as its expected share: see `agreements.step`."""
    town, dep = twin.town[0], twin.department[0]
    substitution, strain, count = 0.0, 0.0, 0.0
    for r in range(ROUTE_COUNT):
        ini = twin.initiatives[r]
        ini.age_months = 2.0 * YEAR
        agreements.renew(town, dep, ini, 1.0, p)
        chance = agreements.strain_probability(
            ini.effective_clarity, ini.substitution, town.mean_concern, dep.enacted_dialogue, p
        )
        ini.strain = chance + (1.0 - chance) * p.strain_persistence * ini.strain
        substitution += twin.running[r] * ini.substitution
        strain += twin.running[r] * ini.strain
        count += twin.running[r]
    town.mean_substitution = substitution / max(1e-9, count)
    town.mean_strain = strain / max(1e-9, count)


@kernel
def come_and_go(twin: Twin, fresh: Any, slots: float, away: float, p: Any) -> None:
    """Initiatives close and open; those that open mix into the mean one of their route.

    fresh: a record for a new initiative, scratch; away: share of adults who move away or die.
    Volunteers of an initiative that closes move on or leave.
    """
    dep, town = twin.department[0], twin.town[0]
    count, ownership, members = 0.0, 0.0, 0.0
    for r in range(ROUTE_COUNT):
        count += twin.running[r]
        members += twin.members[r]
        ownership += twin.members[r] * twin.volunteers[r].ownership
    moving = p.affiliated_share * p.transfer_affiliated
    moving += (1.0 - p.affiliated_share) * p.transfer_informal
    for r in range(ROUTE_COUNT):
        ini = twin.initiatives[r]
        places = max(1.0, volunteer_places(ini.backing, p))
        empty = (1.0 - filled(twin, r, p)) ** places
        closing = 0.0
        for none in range(2):
            share = empty if none == 1 else 1.0 - empty
            closing += share * initiatives.closing_probability(
                ini.backing, ini.quality, ini.strain, none == 1, p
            )
        factor = initiatives.opening_factor(
            r,
            town.capacity,
            dep.enacted_dialogue,
            dep.openness,
            dep.rigidity,
            ownership / max(1e-9, members),
            p,
        )
        opened = max(0.0, 1.0 - count / slots) / YEAR * opening_rate(r, p) * factor
        twin.closed[r] = 1.0 - (1.0 - closing * (1.0 - moving)) * (1.0 - away)
        twin.members[r] *= 1.0 - twin.closed[r]
        twin.running[r] = twin.running[r] * (1.0 - closing) + opened
        begin(fresh[0], 1.0 * r, dep, p)
        agreements.write_roles(town, dep, fresh[0], p)
        mix(ini, fresh[0], opened / max(1e-9, twin.running[r]))


@kernel
def mix(ini: Any, new: Any, share: float) -> None:
    """Mix a share of new initiatives into the mean one."""
    ini.clarity += share * (new.clarity - ini.clarity)
    ini.fit += share * (new.fit - ini.fit)
    ini.influence += share * (new.influence - ini.influence)
    ini.promised += share * (new.promised - ini.promised)
    ini.authorship += share * (new.authorship - ini.authorship)
    ini.quality += share * (new.quality - ini.quality)
    ini.strain += share * (0.0 - ini.strain)


@kernel
def employ(twin: Twin, p: Any) -> None:
    """Move the mean member of staff by a month: see `staff.step`."""
    town, dep, one = twin.town[0], twin.department[0], twin.staff[0]
    one.skill += staff.skill_change(one.skill, dep.training, dep.enacted_dialogue, p)
    aim = staff.concern_target(
        town.mean_substitution,
        town.mean_strain,
        dep.boundary_protection,
        dep.enacted_dialogue,
        p,
    )
    one.concern += p.concern_rate * (aim - one.concern)
    aim = staff.satisfaction_target(town.capacity, town.mean_strain, one.concern, one.skill, p)
    one.satisfaction += p.satisfaction_rate * (aim - one.satisfaction)
    chance = staff.staff_leaving_probability(one.satisfaction, p)
    one.skill += chance * (p.entry_skill - one.skill)
    one.concern += chance * (p.concern_base - one.concern)
    one.satisfaction += chance * (p.entry_satisfaction - one.satisfaction)
    town.mean_skill = one.skill
    town.mean_concern = one.concern


@kernel
def note(twin: Twin, stays: float, row: Any) -> None:
    """Write the month's outcomes, in the order of OUTCOMES."""
    members, running = 0.0, 0.0
    row[:] = 0.0
    for r in range(ROUTE_COUNT):
        vol, n = twin.volunteers[r], twin.members[r]
        row[0] += n * vol.motivation
        row[3] += n * vol.ownership
        row[4] += n * vol.exhaustion
        members += n
        running += twin.running[r]
    row[0] /= max(1e-9, members)
    row[3] /= max(1e-9, members)
    row[4] /= max(1e-9, members)
    row[1] = stays
    row[2] = members
    row[5] = running
    row[6] = twin.town[0].mean_strain
    row[7] = twin.town[0].hours_contact


@entry
def run_twin(
    twin: Twin,
    announced: Any,
    status_quo: Any,
    fresh: Any,
    away: float,
    parameters: Any,
    out: Any,
) -> None:
    """Run the twin for the months of `announced`, records (months, 1); writes out (months, k)."""
    p = parameters[0]
    shift = np.zeros(INSTRUMENT_COUNT)
    slots = max(1e-9, p.initiative_slots_per_1000)
    for month in range(len(announced)):
        serve(twin, Instruments(announced[month], status_quo), shift, p)
        collaborate(twin, p)
        stays = volunteer(twin, slots, p)
        come_and_go(twin, fresh, slots, away, p)
        employ(twin, p)
        note(twin, stays, out[month])


_ANNOUNCED = np.dtype([(name, "f8") for name in (*INSTRUMENTS, "espoused_gap")])


def twin_of(scenario: Scenario, months: int | None = None) -> np.ndarray[Any, Any]:
    """Outcomes of the twin month by month, float64 (months, OUTCOMES).

    scenario: its regime, months and parameters count; shocks, places and people do not. The twin
    settles under the status quo first. Raises InputError as the scenario does.
    """
    values = scenario.parameter_values()
    scenario = scenario.with_(months=months or scenario.months)
    first = scenario.burn_in_months + 1
    rows = scenario.announced()[first : first + scenario.months].mean(axis=1)
    usual = scenario.with_(regime=load_timeline(STATUS_QUO)).announced()[0].mean(axis=0)
    table = np.vstack([np.tile(usual, (SETTLING, 1)), rows])
    announced = np.ascontiguousarray(table).view(_ANNOUNCED)
    status_quo = np.ascontiguousarray(usual[None]).view(_ANNOUNCED)[:, 0]
    out = np.empty((len(announced), len(OUTCOMES)))
    away = float(
        np.array(age_shares())
        @ flows_of(np.array(age_shares()), values["moving_rate"])[LEAVE_OR_MOVE]
    )
    run_twin(
        start(values),
        announced,
        status_quo,
        np.zeros(1, INITIATIVE),
        away * values["renewal"],
        as_record(values),
        out,
    )
    return out[SETTLING:]
