"""Initiatives, and the municipality's side of the table: departments and staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa

from velfaerd_sim.curves import clip
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.population.schema import GROUP
from velfaerd_sim.randomness import INCIDENT, STAFF_LEAVING, STRAIN, uniform

from . import rules

if TYPE_CHECKING:
    from .citizens import Participation, Volunteer
    from .town import Municipality


def total(numbers: Iterable[float]) -> float:
    """The sum, taken from left to right (Python's own corrects itself from 3.12 on)."""
    result = 0.0
    for number in numbers:
        result += number
    return result


class Initiative(mesa.Agent):
    """A running initiative. `place` is its place in the municipality and keys its draws."""

    def __init__(self, department: Department, route: int, place: int) -> None:
        """Open it under an agreement that is fresh; who takes part comes later."""
        super().__init__(department.model)
        self.town = department.town
        self.department = department
        self.route = route
        self.place = place
        self.form = GROUP
        self.affiliated = False
        self.age_months = 0
        self.idle_months = 0
        self.team: list[Volunteer] = []
        self.participations: list[Participation] = []
        self.company = 0.0
        self.company_wish = 0.0
        self.contact_hours = 0.0
        self.clarity = department.role_clarity
        self.fit = self.model.p.fit_at_start
        self.influence = self.promised = self.own_say
        self.authorship = self.influence
        self.leeway = 1.0
        self.substitution = 0.0
        self.strain = 0.0
        self.backing = self.model.p.backing_at_start
        self.quality = self.model.p.quality_at_start
        self.overload = 0.0
        self.left = 0
        self.left_before = 0

    @property
    def effective_clarity(self) -> float:
        """Clarity on paper, as far as the agreement fits the work."""
        return self.clarity * self.fit

    @property
    def hours_needed(self) -> float:
        """Volunteer hours a month that one participant takes."""
        return rules.traits.hours_needed(self.form, self.model.p)

    def wants_volunteer(self) -> bool:
        """Whether there is a place for one more volunteer."""
        return len(self.team) < rules.traits.volunteer_places(self.backing, self.model.p)

    def has_room(self) -> bool:
        """Whether the volunteers have the hours for one more participant."""
        return len(self.team) > 0 and self.hours_left(1, self.company, self.hours_needed) >= 0.0

    def hours_left(self, more: int, company: float, needed: float) -> float:
        """Contact hours beyond what participants, so many more and company need."""
        participants = len(self.participations) + float(more)
        return rules.traits.hours_left(participants, company, needed, self.contact_hours)

    def keep_company(self, shock: SimpleNamespace) -> None:
        """Let company come or leave; where contact is suspended so are the hours it needs."""
        needed = self.hours_needed * shock.contact_factor
        if needed > 0.0:
            room = self.hours_left(0, self.company, needed) / needed
            change = rules.matching.company_change
            self.company += change(self.company, self.company_wish, room, self.model.p)

    def companion_to_be(self) -> Volunteer:
        """Choose the volunteer with the fewest companions; among equals the newest in the team."""
        return min(self.team, key=lambda volunteer: len(volunteer.pairs))

    def welcome(self, volunteer: Volunteer) -> None:
        """Take a volunteer into the team, the newest first, with what was told and heard."""
        volunteer.initiative = self
        volunteer.expected = rules.traits.newcomer_expectation(
            self.promised, self.influence, self.model.p
        )
        self.team.insert(0, volunteer)

    @property
    def own_say(self) -> float:
        """Say that the route of origin leaves the volunteers under the department's rules."""
        p = self.model.p
        base = rules.traits.route_influence(self.route, p)
        return rules.traits.own_say(base, self.department.rigidity, p)

    @property
    def dialogue_hours(self) -> float:
        """Staff hours a month that dialogue and the announced say ask for."""
        p, dep = self.model.p, self.department
        announced = dep.influence * rules.traits.influence_phase(self.age_months, p)
        hours = p.dialogue_hours_asked * dep.dialogue * (1.0 - dep.espoused_gap)
        return hours + rules.staff_hours.influence_hours(
            announced, self.own_say, dep.espoused_gap, p
        )

    def share_influence(self, announced: float, said: float, held: float) -> None:
        """Move what is promised and what is lived, by the talks that were said and held."""
        p, dep, pace = self.model.p, self.department, rules.traits.influence_pace
        reached = rules.agreements.influence_target(self.own_say, announced, dep.promise_kept)
        self.promised += pace(said, p) * (announced - self.promised)
        self.influence += pace(held, p) * (reached - self.influence)

    def write_roles(self) -> None:
        """Write the roles before the first month of work, after the talks held before it."""
        p, dep, rule = self.model.p, self.department, rules.agreements
        dialogue = dep.enacted_dialogue
        announced = dep.influence * p.influence_at_definition
        self.authorship = rule.influence_target(self.own_say, announced, dep.promise_kept)
        self.fit = rule.fit_of_roles(self.authorship, p)
        target = rule.clarity_target(dep.role_clarity, self.town.capacity, dialogue, p)
        for _ in range(int(12 * p.dialogue_before_start_share + 0.5)):
            self.fit = clip(self.fit + rule.fit_change(self.fit, dialogue, self.clarity, 0.0, p))
            self.clarity += p.clarity_rate * (target - self.clarity)
            self.share_influence(announced, dep.dialogue, dialogue)

    def renew_agreement(self, month: int, shock: SimpleNamespace) -> None:
        """Move clarity, fit, influence, substitution, backing, load and strain by a month."""
        p, town, dep, rule = self.model.p, self.town, self.department, rules.agreements
        self.left_before, self.left = self.left, 0
        if self.age_months == 0:
            self.write_roles()
        dialogue = rules.traits.dialogue_at_work(dep.enacted_dialogue, self.age_months, p)
        change = rule.fit_change(self.fit, dialogue, self.clarity, p.drift_rate, p)
        self.fit = clip(self.fit + change)
        target = rule.clarity_target(dep.role_clarity, town.capacity, dialogue, p)
        self.clarity += p.clarity_rate * (target - self.clarity)
        said = rules.traits.dialogue_at_work(dep.dialogue, self.age_months, p)
        self.share_influence(dep.influence * p.influence_at_delivery, said, dialogue)
        self.authorship += p.roles_rewritten_rate * (self.influence - self.authorship)
        self.leeway = rule.leeway_left(self.clarity, self.authorship, dep.rigidity, p)
        self.substitution = rule.substitution_level(
            town.pressure, dep.boundary_protection, self.effective_clarity
        )
        self.backing = rule.backing_given(town.served_first, dep.attention, dep.recognition, p)
        needed = self.hours_needed * shock.contact_factor
        self.overload = rule.overload_level(
            len(self.participations) + self.company,
            needed,
            self.contact_hours,
            self.substitution,
            p,
        )
        chance = rule.strain_probability(
            self.effective_clarity, self.substitution, town.mean_concern, dialogue, p
        )
        happened = uniform(town.key, STRAIN, month, self.place) < chance
        self.strain = rule.strain_memory(self.strain, happened, p)

    def develop(self, month: int, tally: Counter[str]) -> None:
        """Move quality by a month; there may be a professional incident."""
        p, rule, size = self.model.p, rules.initiatives, max(1, len(self.team))
        target = rule.quality_target(
            total(volunteer.ownership for volunteer in self.team) / size,
            total(volunteer.motivation for volunteer in self.team) / size,
            self.effective_clarity,
            self.authorship,
            self.strain,
            self.substitution,
            p,
        )
        self.quality += p.quality_rate * (target - self.quality)
        self.age_months += 1
        self.idle_months = 0 if self.team else self.idle_months + 1
        chance = rule.incident_probability(self.substitution, self.effective_clarity, p)
        if uniform(self.town.key, INCIDENT, month, self.place) < chance:
            tally["incidents"] += 1
            self.strain = 1.0

    def chance_to_close(self) -> float:
        """Chance to close this month; so many months without volunteers are the end."""
        if self.idle_months >= self.model.p.idle_months_to_closing:
            return 1.0
        return rules.initiatives.closing_probability(
            self.backing, self.quality, self.strain, not self.team, self.model.p
        )


class Department(mesa.Agent):
    """A department: the instruments in force in it, and its chief's bent for each route."""

    def __init__(self, town: Municipality, number: int) -> None:
        super().__init__(town.model)
        self.town = town
        self.number = number
        self.attitude = [1.0] * 6
        self.starts: Counter[tuple[int, int]] = Counter()
        self.promise_kept = 0.0
        self.enacted_dialogue = 0.0
        self.administration = 0.0
        self.felt_bureaucracy = 0.0
        self.attention = 0.0

    def take_up(self, names: tuple[str, ...], values: list[float]) -> None:
        """Put instruments in force, and what follows from them."""
        for name, value in zip(names, values, strict=True):
            setattr(self, name, value)
        rule, p = rules.staff_hours, self.model.p
        self.administration = rule.administration_share(self.rigidity, p)
        self.felt_bureaucracy = rule.felt_bureaucracy_share(self.rigidity, p)
        self.attention = rule.contact_attention(self.rigidity, self.role_clarity, self.dialogue)

    def keep_promises(self, served: float, skill: float) -> None:
        """Keep what is promised as far as it is meant, served and done with skill."""
        rule, p = rules.staff_hours.promise_kept, self.model.p
        self.promise_kept = rule(self.espoused_gap, served, skill, p)
        self.enacted_dialogue = self.dialogue * self.promise_kept


class StaffMember(mesa.Agent):
    """A post and who holds it; `number` keys the draws."""

    def __init__(self, department: Department, number: int) -> None:
        super().__init__(department.model)
        self.town = department.town
        self.department = department
        self.number = number
        self.is_chief = False
        self.skill = 0.0
        self.concern = 0.0
        self.satisfaction = 0.0
        self.tenure_months = 0
        self.vacant_months = 0

    @property
    def in_post(self) -> bool:
        """Whether somebody holds the post."""
        return self.vacant_months == 0

    def leave(self) -> None:
        """Leave; a newcomer takes the post after some months."""
        p = self.model.p
        self.skill, self.concern = p.entry_skill, p.concern_base
        self.satisfaction = p.entry_satisfaction
        self.tenure_months = 0
        self.vacant_months = int(p.vacancy_months)

    def work(self, month: int, tally: Counter[str]) -> None:
        """Move skill, concern and satisfaction by a month; perhaps leave."""
        if not self.in_post:
            self.vacant_months -= 1
            return
        p, town, dep, rule = self.model.p, self.town, self.department, rules.staff
        self.skill += rule.skill_change(self.skill, dep.training, dep.enacted_dialogue, p)
        target = rule.concern_target(
            town.mean_substitution,
            town.mean_strain,
            dep.boundary_protection,
            dep.enacted_dialogue,
            p,
        )
        self.concern += p.concern_rate * (target - self.concern)
        target = rule.satisfaction_target(
            town.capacity, town.mean_strain, self.concern, self.skill, p
        )
        self.satisfaction += p.satisfaction_rate * (target - self.satisfaction)
        self.tenure_months += 1
        chance = rule.staff_leaving_probability(self.satisfaction, p)
        if uniform(town.key, STAFF_LEAVING, month, self.number) < chance:
            tally["staff_left"] += 1
            self.leave()


def spread(departments: list[Department]) -> float:
    """How differently departments are governed: mean distance of the instruments of two."""
    return mean(
        total(abs(getattr(a, name) - getattr(b, name)) for name in INSTRUMENTS) / 8.0
        for a, b in combinations(departments, 2)
    )


def mean(numbers: Iterable[float]) -> float:
    """The mean of some numbers, 0 where there are none."""
    values = list(numbers)
    return total(values) / max(1, len(values))


def served(hours: float, asked: float) -> float:
    """The share of the hours asked for that is served."""
    return min(1.0, hours / asked) if asked > 0.0 else 1.0
