"""A municipality and its month, from top to bottom."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import mesa

from velfaerd_sim.population.schema import GROUP, ONE_TO_ONE, ROUTES
from velfaerd_sim.population.tallies import TENURES
from velfaerd_sim.randomness import (
    AGEING,
    CLOSING,
    ENDING,
    LEAVING,
    OPENING,
    OPENING_AFFILIATION,
    OPENING_COMPANY,
    OPENING_FORMAT,
    OPENING_SLOT,
    PARTICIPANT_PROBE,
    TRANSFER,
    TRANSFER_PROBE,
    VOLUNTEER_PROBE,
    key_of,
    uniform,
    unit,
    words,
)

from . import rules
from .citizens import LAST_AGE_BAND, Citizen, Participation, Volunteer, over_all_ties, single
from .collaboration import Department, Initiative, StaffMember, mean, served, spread, total
from .observation import observe
from .renewal import end_roles, renew

MUNICIPAL_ROUTES = (0, 1, 3)


class Municipality(mesa.Agent):
    """A municipality: its people, its initiatives, and what it knows of them as means.

    Initiatives stand in a fixed number of places (None where none runs). `shift` is the
    municipality's own deviation from the announced instruments; `trial` the part on trial.
    """

    def __init__(self, model: mesa.Model, code: int, kind: int) -> None:
        super().__init__(model)
        self.code = code
        self.kind = kind
        self.key = key_of(model.seed_of_draws, code)
        self.citizens: list[Citizen] = []
        self.volunteers: list[Volunteer] = []
        self.participations: list[Participation] = []
        self.most_participations = 0
        self.places: list[Initiative | None] = []
        self.departments: list[Department] = []
        self.staff: list[StaffMember] = []
        self.shift = [0.0] * 8
        self.trial = [0.0] * 8
        self.memory = (0.0, 0.0, 0, 0)
        # What the town knows of itself; last month's until the month's own is worked out.
        self.mean_loneliness = 0.0
        self.mean_over_ties = 0.0
        self.mean_autonomy = self.mean_competence = self.mean_relatedness = 0.0
        self.mean_ownership = self.mean_skill = self.mean_concern = 0.0
        self.mean_substitution = self.mean_strain = self.mean_clarity = 0.0

    @property
    def initiatives(self) -> list[Initiative]:
        """The running initiatives, in the order of their places."""
        return [initiative for initiative in self.places if initiative is not None]

    def month(self, month: int, announced: list[list[float]], shock: SimpleNamespace) -> None:
        """Live through one month; `tally`, `at_risk` and `ended` say what happened."""
        self.tally: Counter[str] = Counter()
        self.at_risk, self.ended = [0] * TENURES, [0] * TENURES

        self.meet_events(month, shock)
        self.govern(announced)
        self.spend_staff_hours(shock)
        self.renew_agreements(month, shock)
        self.volunteers_work(shock)
        self.volunteers_leave(month)
        self.break_pairs()
        self.end_participations(month)
        self.people_meet(shock)
        self.citizens_month(month, shock)
        self.develop_initiatives(month)
        self.close_initiatives(month)
        self.open_initiatives(month, shock)
        self.staff_work(month)
        observe(self, self.tally)

    # 1 scenario events

    def meet_events(self, month: int, shock: SimpleNamespace) -> None:
        """Lose the most skilled consultants; let some people age."""
        for _ in range(int(shock.consultants_lost)):
            consultants = [one for one in self.staff if one.in_post and not one.is_chief]
            if consultants:
                max(consultants, key=lambda one: one.skill).leave()
                self.tally["staff_left"] += 1
        if shock.ageing_probability > 0.0:
            for citizen in self.citizens:
                u = uniform(self.key, AGEING, month, citizen.number)
                if citizen.age_band < LAST_AGE_BAND and u < shock.ageing_probability:
                    citizen.age()

    # 2 staff hours and enacted instruments

    def govern(self, announced: list[list[float]]) -> None:
        """Put the announced instruments in force; one row a department."""
        names, strength = self.model.instruments, self.model.p.governance_strength
        for department in self.departments:
            rows = zip(
                self.model.status_quo, announced[department.number], [*self.shift, 0.0], strict=True
            )
            department.take_up(names, [rules.staff_hours.in_force(*row, strength) for row in rows])

    def spend_staff_hours(self, shock: SimpleNamespace) -> None:
        """Serve contact, rules and agreements first; dialogue gets what is left."""
        p = self.model.p
        navigation = rules.staff_hours.navigation_hours(spread(self.departments), p)
        contact = paperwork = agreements = dialogue = 0.0
        for initiative in self.initiatives:
            dep = initiative.department
            contact += p.contact_hours_asked * dep.attention
            paperwork += p.rules_hours_asked * dep.rigidity
            agreements += p.agreement_hours_asked * dep.role_clarity + navigation
            dialogue += initiative.dialogue_hours
        filled = mean(one.in_post for one in self.staff)
        hours = rules.staff_hours.hours_of_staff(filled, len(self.citizens), p)
        hours *= self.hours_level
        hours *= shock.hours_factor
        hours *= 1.0 + rules.staff_hours.relief_share(self.mean_substitution, p)
        first = contact + paperwork + agreements
        left = max(0.0, hours - first)
        self.served_first = served(hours, first)
        self.served_dialogue = served(left, dialogue)
        self.capacity = served(hours, first + dialogue)
        self.hours_contact = contact * self.served_first
        self.hours_rules = paperwork * self.served_first
        self.hours_agreements = agreements * self.served_first
        self.hours_dialogue = dialogue * self.served_dialogue
        self.pressure = rules.staff_hours.resource_pressure(
            p.base_pressure, shock.demand_factor, self.capacity, p.capacity_pressure
        )
        for dep in self.departments:
            dep.keep_promises(self.served_dialogue, self.mean_skill)
        self.entry_barrier = mean(dep.rigidity for dep in self.departments)
        self.open_door = mean(
            dep.openness * (1.0 - p.door_closed_by_rules * dep.rigidity) for dep in self.departments
        )

    # 3 initiatives: clarity, fit, influence, strain

    def renew_agreements(self, month: int, shock: SimpleNamespace) -> None:
        """Move every agreement by a month."""
        running = self.initiatives
        for initiative in running:
            initiative.renew_agreement(month, shock)
        self.mean_substitution = mean(initiative.substitution for initiative in running)
        self.mean_strain = mean(initiative.strain for initiative in running)
        self.mean_clarity = mean(initiative.effective_clarity for initiative in running)

    # 4 volunteers: needs, motivation, exhaustion, leaving

    def volunteers_work(self, shock: SimpleNamespace) -> None:
        """Move every volunteer by a month; all see the teams as they were."""
        for volunteer in self.volunteers:
            volunteer.work(shock)

    def volunteers_leave(self, month: int) -> None:
        """Some leave; the hours of those who stay are what reaches people."""
        for volunteer in list(self.volunteers):
            tenure = min(volunteer.tenure_months, TENURES - 1)
            self.at_risk[tenure] += 1
            u = uniform(self.key, LEAVING, month, volunteer.citizen.number)
            if u < volunteer.chance_to_leave():
                self.ended[tenure] += 1
                volunteer.initiative.left += 1
                self.discharge(volunteer)
            else:
                volunteer.tenure_months += 1
        for initiative in self.initiatives:
            initiative.contact_hours = total(one.contact_hours for one in initiative.team)
        if self.volunteers:
            self.mean_ownership = mean(one.ownership for one in self.volunteers)
            self.mean_autonomy = mean(one.autonomy for one in self.volunteers)
            self.mean_competence = mean(one.competence for one in self.volunteers)
            self.mean_relatedness = mean(one.relatedness for one in self.volunteers)

    def discharge(self, volunteer: Volunteer, reason: str = "leaves") -> None:
        """End a person's volunteering."""
        self.tally[reason] += 1
        volunteer.initiative.team.remove(volunteer)
        volunteer.citizen.volunteering = None
        self.volunteers.remove(volunteer)
        volunteer.remove()

    # 5 pairs broken by leaving; participations that end

    def break_pairs(self) -> None:
        """End the participations whose companion has left; the loss hurts by the bond."""
        for part in list(self.participations):
            companion = part.companion
            if companion is not None and companion.citizen.volunteering is not companion:
                part.citizen.hurt(self.model.p.companion_loss_effect * part.bond)
                self.tally["pairs_broken"] += 1
                self.dismiss(part)

    def end_participations(self, month: int) -> None:
        """Participants drop out or, no longer lonely, go on without the initiative."""
        p = self.model.p
        for part in list(self.participations):
            u = uniform(self.key, ENDING, month, part.citizen.number)
            recovered = rules.matching.recovery_ending(part.citizen.is_lonely, p)
            if u < recovered:
                part.citizen.recovered = True
                self.tally["recovered"] += 1
                self.dismiss(part)
            elif u < recovered + p.dropout_rate:
                self.tally["dropped_out"] += 1
                self.dismiss(part)
            else:
                part.months += 1

    def dismiss(self, part: Participation) -> None:
        """End a participation."""
        part.end()
        self.participations.remove(part)

    # 6 and 7 contact; then matching and loneliness, citizen by citizen

    def people_meet(self, shock: SimpleNamespace) -> None:
        """Company comes, participants meet, and volunteering does volunteers themselves good."""
        for initiative in self.initiatives:
            initiative.keep_company(shock)
        for part in self.participations:
            part.meet()
        for volunteer in self.volunteers:
            volunteer.citizen.hurt(-self.model.p.own_benefit * volunteer.relatedness)

    def citizens_month(self, month: int, shock: SimpleNamespace) -> None:
        """Word spreads, citizens seek and find, and everybody's loneliness moves."""
        p = self.model.p
        self.recruitment_base = rules.matching.recruitment_base(
            self.entry_barrier, shock.recruitment_factor * self.volunteering_tradition, p
        )
        self.referral_chance = rules.matching.referral_probability(
            self.capacity, self.mean_clarity, p
        )
        for citizen in self.citizens:
            citizen.begin_month(month)
        for volunteer in self.volunteers:
            word = single(rules.matching.asking(volunteer.motivation, p))
            for citizen in volunteer.citizen.ties:
                citizen.heard = single(citizen.heard + word)
        for citizen in self.citizens if month % 2 == 0 else reversed(self.citizens):
            citizen.seek(month, shock)
        self.mean_over_ties = over_all_ties(self.citizens, self.mean_loneliness)
        for citizen in self.citizens:
            citizen.feel(shock)
        new = renew(self, month)
        for citizen in self.citizens:
            citizen.answer(self.tally)
        end_roles(self, new)
        self.mean_loneliness = self.tally["loneliness"] / len(self.citizens)

    def looked_at(self, citizen: Citizen, process: int, month: int) -> list[Initiative]:
        """The initiatives in the places that a person looks at; some places are empty."""
        p = self.model.p
        most = p.places_offered if process == PARTICIPANT_PROBE else p.places_looked_at
        four = words(self.key, process, month, citizen.number)[: int(most)]
        found = [self.places[int(unit(word) * len(self.places))] for word in four]
        return [initiative for initiative in found if initiative is not None]

    def offer_participation(self, citizen: Citizen, month: int) -> None:
        """Admit a person to the first initiative with room among those looked at."""
        if len(self.participations) == self.most_participations:
            return
        for initiative in self.looked_at(citizen, PARTICIPANT_PROBE, month):
            if initiative.has_room():
                part = Participation(citizen, initiative)
                if initiative.form == ONE_TO_ONE:
                    part.pair_with(initiative.companion_to_be())
                self.participations.append(part)
                self.tally["matches"] += 1
                return

    def offer_volunteering(self, citizen: Citizen, month: int) -> None:
        """Let a person join the first initiative that wants a volunteer among those looked at."""
        for initiative in self.looked_at(citizen, VOLUNTEER_PROBE, month):
            if initiative.wants_volunteer():
                volunteer = Volunteer(citizen, initiative)
                initiative.welcome(volunteer)
                self.volunteers.append(volunteer)
                self.tally["joins"] += 1
                return

    # 8 initiatives: quality and incidents; they close and open

    def develop_initiatives(self, month: int) -> None:
        """Move the quality of every initiative by a month."""
        for initiative in self.initiatives:
            initiative.develop(month, self.tally)

    def close_initiatives(self, month: int) -> None:
        """Close initiatives; participants lose their bond, volunteers move on or leave."""
        closing = [
            initiative
            for initiative in self.initiatives
            if uniform(self.key, CLOSING, month, initiative.place) < initiative.chance_to_close()
        ]
        for initiative in closing:
            pain = self.model.p.group_loss_share if initiative.form == GROUP else 1.0
            for part in list(initiative.participations):
                part.citizen.hurt(pain * self.model.p.companion_loss_effect * part.bond)
                self.tally["pairs_broken"] += 1
                self.dismiss(part)
            self.places[initiative.place] = None
            self.tally["closed"] += 1
        for initiative in closing:
            for volunteer in list(initiative.team):
                self.move_on(volunteer, month)
            initiative.remove()

    def move_on(self, volunteer: Volunteer, month: int) -> None:
        """Move to another initiative, more often so within an association, or leave."""
        p, left, citizen = self.model.p, volunteer.initiative, volunteer.citizen
        stays = p.transfer_affiliated if left.affiliated else p.transfer_informal
        if uniform(self.key, TRANSFER, month, citizen.number) < stays:
            for initiative in self.looked_at(citizen, TRANSFER_PROBE, month):
                if initiative.wants_volunteer():
                    left.team.remove(volunteer)
                    initiative.welcome(volunteer)
                    volunteer.ownership *= p.transfer_ownership_kept
                    self.tally["transfers"] += 1
                    return
        volunteer.count_ending(self.at_risk, self.ended)
        self.discharge(volunteer)

    def open_initiatives(self, month: int, shock: SimpleNamespace) -> None:
        """Start initiatives by the six routes in every department."""
        p, rule = self.model.p, rules.initiatives
        room = 1.0 - len(self.initiatives) / len(self.places)
        a_month = len(self.citizens) / 1000.0 / 12.0
        scale = a_month / len(self.departments) * room * shock.demand_factor
        for dep in self.departments:
            for route in range(len(ROUTES)):
                factor = rule.opening_factor(
                    route,
                    self.capacity,
                    dep.enacted_dialogue,
                    dep.openness,
                    dep.rigidity,
                    self.mean_ownership,
                    p,
                )
                rate = rules.traits.opening_rate(route, p)
                expected = scale * rate * factor * dep.attitude[route]
                u = uniform(self.key, OPENING, month, 6 * dep.number + route)
                for n in range(rule.poisson(u, expected)):
                    self.open_initiative(dep, route, n, month)

    def open_initiative(self, dep: Department, route: int, n: int, month: int) -> None:
        """Open the month's n-th initiative of a route in the first empty place from one drawn."""
        agent = 6 * dep.number + route + 30 * n
        slots = len(self.places)
        start = int(uniform(self.key, OPENING_SLOT, month, agent) * slots)
        empty = [k % slots for k in range(start, start + slots) if self.places[k % slots] is None]
        if not empty:
            return
        p, initiative = self.model.p, Initiative(dep, route, empty[0])
        if uniform(self.key, OPENING_FORMAT, month, agent) < p.one_to_one_share:
            initiative.form = ONE_TO_ONE
        affiliation = uniform(self.key, OPENING_AFFILIATION, month, agent)
        initiative.affiliated = affiliation < p.affiliated_share
        u = uniform(self.key, OPENING_COMPANY, month, agent)
        initiative.company_wish = rules.traits.company_wish(u, p)
        self.places[empty[0]] = initiative
        dep.starts[month, route] += 1
        self.tally["opened"] += 1
        self.tally["opened_by_municipality"] += route in MUNICIPAL_ROUTES

    # 9 staff: skill, concern, satisfaction, turnover

    def staff_work(self, month: int) -> None:
        """Move every staff member by a month; the means are over those in post."""
        for one in self.staff:
            one.work(month, self.tally)
        in_post = [one for one in self.staff if one.in_post]
        if in_post:
            self.mean_skill = mean(one.skill for one in in_post)
            self.mean_concern = mean(one.concern for one in in_post)
