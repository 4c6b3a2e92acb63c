"""Initiatives, and the municipality's side of the table: departments and staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa

from velfaerd_sim.curves import clip
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
        self.contact_hours = 0.0
        self.clarity = department.role_clarity
        self.fit = self.model.p.fit_at_start
        self.influence = rules.traits.route_influence(route, self.model.p)
        self.promised = department.influence
        self.authorship = self.influence
        self.leeway = 1.0
        self.substitution = 0.0
        self.strain = 0.0
        self.backing = self.model.p.backing_at_start
        self.quality = self.model.p.quality_at_start
        self.overload = 0.0

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
        hours = (len(self.participations) + 1.0) * self.hours_needed
        return len(self.team) > 0 and hours <= self.contact_hours

    def companion_to_be(self) -> Volunteer:
        """Choose the volunteer with the fewest companions; among equals the newest in the team."""
        return min(self.team, key=lambda volunteer: len(volunteer.pairs))

    def welcome(self, volunteer: Volunteer) -> None:
        """Take a volunteer into the team, the newest first."""
        volunteer.initiative = self
        self.team.insert(0, volunteer)

    def influence_now(self, dialogue: float, phase: float) -> float:
        """Say that is reached when so much of what is announced is offered."""
        p, dep = self.model.p, self.department
        return rules.agreements.influence_target(
            rules.traits.route_influence(self.route, p),
            dep.influence * phase,
            dep.espoused_gap,
            dialogue,
            dep.rigidity,
            p,
        )

    def write_roles(self) -> None:
        """Write the roles before the first month of work, after the talks held before it."""
        p, dep, rule = self.model.p, self.department, rules.agreements
        dialogue = dep.enacted_dialogue
        self.authorship = self.influence_now(dialogue, p.influence_at_definition)
        self.fit = rule.fit_of_roles(self.authorship, p)
        self.promised = dep.influence * p.influence_at_definition
        target = rule.clarity_target(dep.role_clarity, self.town.capacity, dialogue, p)
        for _ in range(int(12 * p.dialogue_before_start_share + 0.5)):
            self.fit = clip(self.fit + rule.fit_change(self.fit, dialogue, self.clarity, 0.0, p))
            self.clarity += p.clarity_rate * (target - self.clarity)
            self.influence += p.influence_rate * (self.authorship - self.influence)

    def renew_agreement(self, month: int, shock: SimpleNamespace) -> None:
        """Move clarity, fit, influence, substitution, backing, load and strain by a month."""
        p, town, dep, rule = self.model.p, self.town, self.department, rules.agreements
        if self.age_months == 0:
            self.write_roles()
        dialogue = rule.dialogue_at_work(dep.enacted_dialogue, self.age_months, p)
        change = rule.fit_change(self.fit, dialogue, self.clarity, p.drift_rate, p)
        self.fit = clip(self.fit + change)
        target = rule.clarity_target(dep.role_clarity, town.capacity, dialogue, p)
        self.clarity += p.clarity_rate * (target - self.clarity)
        target = self.influence_now(dialogue, p.influence_at_delivery)
        self.influence += p.influence_rate * (target - self.influence)
        offered = dep.influence * p.influence_at_delivery
        self.promised += p.influence_rate * (offered - self.promised)
        self.authorship += p.roles_rewritten_rate * (self.influence - self.authorship)
        self.leeway = rule.leeway_left(self.clarity, self.authorship, dep.rigidity, p)
        self.substitution = rule.substitution_level(
            town.pressure, dep.boundary_protection, self.effective_clarity
        )
        self.backing = rule.backing_given(town.served_first, dep.attention, dep.recognition, p)
        needed = self.hours_needed * shock.contact_factor
        self.overload = rule.overload_level(
            len(self.participations), needed, self.contact_hours, self.substitution, p
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


def mean(numbers: Iterable[float]) -> float:
    """The mean of some numbers, 0 where there are none."""
    values = list(numbers)
    return total(values) / max(1, len(values))


def served(hours: float, asked: float) -> float:
    """The share of the hours asked for that is served."""
    return min(1.0, hours / asked) if asked > 0.0 else 1.0
