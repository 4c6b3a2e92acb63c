"""Citizens, and the two things they can be besides: volunteers and participants.

A citizen's loneliness and what moves it are kept in single precision, as in the engine: `single`
rounds a number when it is stored. All else is a plain Python number.
"""

from __future__ import annotations

from collections import Counter, deque
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mesa
import numpy as np

from velfaerd_sim.curves import clip
from velfaerd_sim.population.levels import STEPS
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import GROUP
from velfaerd_sim.processes.loneliness import UNITS
from velfaerd_sim.processes.renewal import AGES, LEAVES, STAYS
from velfaerd_sim.randomness import ENTERING, MOOD, centred, unit, words

from . import rules

if TYPE_CHECKING:
    from .collaboration import Initiative
    from .town import Municipality

YEAR = 12
LAST_AGE_BAND = 7


def single(value: float) -> float:
    """Round to single precision."""
    return float(np.float32(value))


class Citizen(mesa.Agent):
    """An adult. `number` counts from 0 within the municipality and keys the person's draws."""

    def __init__(self, town: Municipality, number: int) -> None:
        super().__init__(town.model)
        self.town = town
        self.number = number
        self.age_band = 0
        self.loneliness = 0.0
        self.loneliness_last_month = 0.0
        self.set_point = 0.0
        self.ties_gained = 0.0
        self.push = 0.0
        self.known = False
        self.recovered = False
        self.waiting = False
        self.ties: list[Citizen] = []
        self.heard = 0.0
        self.volunteering: Volunteer | None = None
        self.participation: Participation | None = None
        self.lonely_months: deque[bool] = deque([False] * YEAR, maxlen=YEAR)
        self.score_sum = 0
        self.entered_month = 0
        self.luck = (0, 0, 0, 0)

    @property
    def is_lonely(self) -> bool:
        """Whether the last answer to the scale counts as lonely."""
        return self.lonely_months[-1]

    @property
    def is_free(self) -> bool:
        """Whether the person neither volunteers nor takes part in an initiative."""
        return self.volunteering is None and self.participation is None

    def begin_month(self, month: int) -> None:
        """Note last month's loneliness; four draws: mood, life event, recruitment, referral."""
        self.loneliness_last_month = self.loneliness
        self.heard = 0.0
        self.luck = words(self.town.key, MOOD, month, self.number)

    def hurt(self, amount: float) -> None:
        """Have something wait that raises (or lowers) loneliness when the month's is worked out."""
        self.push = single(self.push + amount)

    def age(self) -> None:
        """Move one age band up; the rank in level among people of the age stays."""
        levels = self.town.levels
        here, above = levels[self.age_band], levels[self.age_band + 1]
        self.age_band += 1
        self.set_point = single(rules.levels.level_kept(self.set_point, here, above))

    def renew(self, month: int, flows: list[list[float]], first: Citizen, next_: Citizen) -> bool:
        """Grow older, or leave for someone new to take the place; whether someone new came.

        first: of those who grow older together; next_: the neighbour whose age a mover has.
        """
        leave, leave_or_move, age, enter = flows
        band, draws = self.age_band, (unit(self.luck[1]), unit(first.luck[1]))
        chances = leave[band], leave_or_move[band], max(leave_or_move), age[band]
        what = rules.renewal.fate(*draws, *chances)
        if what == AGES:
            self.age()
        if what in (STAYS, AGES):
            return False
        four = words(self.town.key, ENTERING, month, self.number)
        self.age_band = next_.age_band
        if what == LEAVES:
            self.age_band = min(LAST_AGE_BAND, sum(unit(four[0]) >= share for share in enter))
        self.begin_life(month, *four[1:])
        return True

    def begin_life(self, month: int, level: int, mood: int, known: int) -> None:
        """Be someone new, of the age band that is set, tied as the one before was."""
        rule, start = rules.stationary, self.model.stationary
        at = rules.levels.level_at(self.town.levels[self.age_band], unit(level) * STEPS)
        self.set_point = single(at)
        level_now = rule.first_loneliness(start, at, unit(mood))
        self.loneliness = single(level_now)
        lonely = rules.scale.is_lonely(self.loneliness)
        self.known = rule.first_known(start, at, level_now, unit(known))
        self.recovered = False
        self.waiting = False
        self.volunteering = self.participation = None
        self.ties_gained = self.push = 0.0
        self.lonely_months = deque([lonely] * YEAR, maxlen=YEAR)
        self.score_sum = 0
        self.entered_month = month

    def seek(self, month: int, shock: SimpleNamespace) -> None:
        """Be referred or found, look for a place as a volunteer, become known or be forgotten.

        All three are decided by how things stood before the person acts. Whoever acts first gets
        the place: citizens in the order of their numbers.
        """
        town, p = self.town, self.model.p
        luck = unit(self.luck[3])
        found = town.referral_chance
        if not self.known:
            found = rules.matching.outreach_probability(self.heard, town.open_door, p.outreach_rate)
        looks = rules.matching.recruitment_chance(
            town.recruitment_base,
            self.heard,
            self.loneliness_last_month,
            p.asking_effect,
            p.lonely_stay_away,
        )
        if self.recovered:
            looks *= p.peer_factor
        asks = rules.matching.asks_for_place(self.waiting, luck, found, p.giving_up_rate)
        is_found = self.is_free and self.is_lonely and asks
        is_looking = self.is_free and unit(self.luck[2]) < looks
        changes = rules.matching.known_change(
            self.known,
            self.is_lonely,
            luck,
            p.known_rate_lonely * shock.demand_factor,
            p.known_rate_others,
            p.forgotten_rate,
        )
        if self.waiting and not is_found:
            self.waiting = False
            town.tally["gave_up"] += self.is_lonely
        if is_found:
            town.tally["referrals"] += not self.waiting
            town.offer_participation(self, month)
            self.waiting = self.participation is None
        if is_looking and self.participation is None:
            town.offer_volunteering(self, month)
            self.waiting = self.waiting and self.volunteering is None
        if changes:
            self.known = not self.known

    def mean_of_ties(self) -> float:
        """Mean loneliness of the ties last month; the municipality's where there are none.

        Summed in whole units, as in the engine, so that the sum has no order.
        """
        if not self.ties:
            return single(self.town.mean_over_ties)
        total = sum(int(other.loneliness_last_month * UNITS) for other in self.ties)
        return single(total / (UNITS * len(self.ties)))

    def feel(self, shock: SimpleNamespace) -> None:
        """Move loneliness by a month; everyone sees last month's loneliness of the others."""
        p, was = self.model.p, self.loneliness_last_month
        change = rules.loneliness.pull_to_set_point(
            was, self.set_point, self.ties_gained, p.set_point_rate
        )
        change += rules.loneliness.pull_of_ties(
            self.mean_of_ties(), self.town.mean_over_ties, p.contagion_strength
        )
        change += p.loneliness_noise * centred(self.luck[0])
        if unit(self.luck[1]) < p.life_event_probability:
            change += p.life_event_size
        self.loneliness = single(clip(was + change + shock.loneliness_push + self.push))
        self.push = 0.0
        self.ties_gained = single(self.ties_gained * (1.0 - p.ties_decay_rate))

    def answer(self, tally: Counter[str]) -> None:
        """Answer the Three-Item Loneliness Scale, and be counted."""
        score = rules.scale.tils_score(self.loneliness)
        lonely, a_year_ago = score >= LONELY_FROM, self.lonely_months[0]
        self.lonely_months.append(lonely)
        self.score_sum += score
        tally["loneliness"] += int(self.loneliness * 2.0**30) * 2.0**-30
        tally["score"] += score
        tally["known"] += self.known
        tally["lonely_a_year_ago"] += a_year_ago
        tally["onsets"] += lonely and not a_year_ago
        tally["recoveries"] += a_year_ago and not lonely
        tally[f"adults_band_{self.age_band}"] += 1
        if lonely:
            tally["lonely"] += 1
            tally["lonely_known"] += self.known
            tally["lonely_reached"] += self.participation is not None
            tally["waiting"] += self.waiting
            tally[f"lonely_band_{self.age_band}"] += 1


def over_all_ties(citizens: list[Citizen], otherwise: float) -> float:
    """Mean loneliness last month over all ties; otherwise where nobody has ties."""
    count = sum(len(one.ties) for one in citizens)
    total = sum(int(one.loneliness_last_month * UNITS) * len(one.ties) for one in citizens)
    return total / (UNITS * count) if count else otherwise


class Volunteer(mesa.Agent):
    """The role of a citizen who volunteers; it ends when the person leaves."""

    def __init__(self, citizen: Citizen, initiative: Initiative) -> None:
        """Start at what volunteers of the municipality tell about: their mean needs."""
        super().__init__(citizen.model)
        town = citizen.town
        self.citizen = citizen
        self.initiative = initiative
        self.tenure_months = 0
        self.pairs: list[Participation] = []
        person = town.key, citizen.number, citizen.entered_month
        self.weights = rules.traits.need_weights(*person, self.model.p)
        self.tolerance = rules.traits.tolerance_rank(*person)
        self.traits = rules.traits.need_traits(*person)
        self.hours_factor = rules.traits.hours_trait(*person, self.model.p.hours_spread)
        self.friends = 0
        self.autonomy = town.mean_autonomy
        self.competence = town.mean_competence
        self.relatedness = town.mean_relatedness
        self.motivation = self.weighted_needs()
        self.controlled_motivation = self.model.p.controlled_base
        self.ownership = self.model.p.newcomer_ownership_share * initiative.influence
        self.expected = 0.0
        self.exhaustion = 0.0
        self.contact_hours = 0.0
        self.felt_bureaucracy = False
        citizen.volunteering = self

    def weighted_needs(self) -> float:
        """Weigh the satisfaction of the three needs as the person weighs them."""
        autonomy, competence, relatedness = self.weights
        return (
            autonomy * self.autonomy + competence * self.competence + relatedness * self.relatedness
        )

    def work(self, shock: SimpleNamespace) -> None:
        """Move needs, motivation, ownership and exhaustion by a month."""
        p, ini, dep = self.model.p, self.initiative, self.initiative.department
        rule = rules.volunteering
        served = len(ini.participations) + ini.company
        a_participant_each = clip(served / max(1.0, len(ini.team)))
        contact = a_participant_each * shock.contact_factor
        team = rule.team_felt(len(ini.team), p)
        self.friends = sum(other.volunteering is not None for other in self.citizen.ties)
        friends = rule.friends_felt(self.friends, p)

        target = rule.autonomy_target(ini.influence, dep.rigidity, ini.clarity, ini.authorship, p)
        own = rule.own_target(target, self.traits[0], p)
        self.autonomy += p.need_rate * (own - self.autonomy)
        target = rule.competence_target(
            ini.effective_clarity, dep.training, ini.quality, ini.overload, p
        )
        own = rule.own_target(target, self.traits[1], p)
        self.competence += p.need_rate * (own - self.competence)
        target = rule.relatedness_target(dep.recognition, contact, team, friends, ini.strain, p)
        own = rule.own_target(target, self.traits[2], p)
        self.relatedness += p.need_rate * (own - self.relatedness)

        said = rules.traits.dialogue_at_work(dep.dialogue, ini.age_months, p)
        pace = rules.traits.influence_pace(said, p)
        announced = dep.influence * p.influence_at_delivery
        self.expected = rule.expectation(self.expected, announced, pace, ini.influence, p)
        breach = rule.broken_promise(self.expected, ini.influence, p.promise_tolerance)
        crowding = rule.motivation_crowding(dep.recognition, self.controlled_motivation, p)
        target = clip(self.weighted_needs() - p.promise_weight * breach + crowding)
        self.motivation += p.motivation_rate * (target - self.motivation)
        target = rule.controlled_target(dep.rigidity, ini.substitution, p)
        self.controlled_motivation += p.motivation_rate * (target - self.controlled_motivation)
        target = rule.exhaustion_target(ini.overload, dep.administration, ini.strain, p)
        target = clip(target + rule.exhaustion_of_service(self.tenure_months, p))
        self.exhaustion += p.exhaustion_rate * (target - self.exhaustion)
        self.ownership += p.ownership_rate * (ini.influence - self.ownership)

        hours = rule.hours_given(self.motivation, self.hours_factor, p)
        with_people = rule.hours_with_people(hours, dep.administration, p)
        self.contact_hours = with_people * shock.contact_factor
        self.felt_bureaucracy = self.tolerance < dep.felt_bureaucracy

    def chance_to_leave(self) -> float:
        """Chance to leave this month."""
        return rules.volunteering.leaving_probability(
            self.motivation,
            self.controlled_motivation,
            self.exhaustion,
            self.ownership,
            self.initiative.strain,
            self.felt_bureaucracy,
            self.tenure_months,
            rules.volunteering.friends_felt(self.friends, self.model.p),
            self.initiative.left_before,
            self.initiative.department.rigidity,
            self.initiative.department.training,
            self.model.p,
        )

    def count_ending(self, at_risk: list[int], ended: list[int]) -> None:
        """Note that the spell ended late in the month: at risk at the tenure it began with."""
        if self.tenure_months == 0:
            at_risk[0] += 1
        ended[min(max(0, self.tenure_months - 1), len(ended) - 1)] += 1


class Participation:
    """A citizen in an initiative, paired with a companion in one-to-one formats."""

    def __init__(self, citizen: Citizen, initiative: Initiative) -> None:
        self.citizen = citizen
        self.initiative = initiative
        self.companion: Volunteer | None = None
        self.months = 0
        self.bond = 0.0
        self.comfort = 0.0
        initiative.participations.append(self)
        citizen.participation = self

    def pair_with(self, volunteer: Volunteer) -> None:
        """Take a volunteer as companion."""
        self.companion = volunteer
        volunteer.pairs.append(self)

    def meet(self) -> None:
        """Spend the month's hours together: comfort, lasting ties, a stronger bond."""
        citizen, ini = self.citizen, self.initiative
        p, rule, group = citizen.model.p, rules.loneliness, ini.form == GROUP
        hours_asked = (len(ini.participations) + ini.company) * ini.hours_needed
        share = clip(ini.contact_hours / hours_asked)
        gained = citizen.ties_gained
        room = rule.room_left(self.comfort + gained, p.contact_ceiling)
        hours = rule.regular_hours(share, p.comfort_from_regularity)
        comfort = rule.comfort_of_contact(self.bond, hours, ini.leeway, room, group, p)
        citizen.hurt(-comfort)
        self.comfort += comfort - p.set_point_rate * self.comfort
        room = min(room, rule.room_left(gained, p.ties_ceiling))
        ties = rule.ties_growth(self.bond, share, ini.leeway, room, group, p)
        citizen.ties_gained = single(clip(gained + ties))
        self.bond += rule.bond_growth(self.bond, share, group, p)

    def end(self) -> None:
        """Take the participant out of the initiative."""
        if self.companion is not None:
            self.companion.pairs.remove(self)
        self.initiative.participations.remove(self)
        self.citizen.participation = None
