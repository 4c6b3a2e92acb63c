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
from velfaerd_sim.population.scale import LONELY_FROM
from velfaerd_sim.population.schema import GROUP
from velfaerd_sim.processes.loneliness import UNITS
from velfaerd_sim.randomness import MOOD, centred, unit, words

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
        self.ties: list[Citizen] = []
        self.heard = 0.0
        self.volunteering: Volunteer | None = None
        self.participation: Participation | None = None
        self.lonely_months: deque[bool] = deque([False] * YEAR, maxlen=YEAR)
        self.score_sum = 0
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

    def age(self, p: SimpleNamespace) -> None:
        """Move one age band up, and take that band's change in the loneliness set point."""
        mean = rules.traits.set_point_mean
        step_up = mean(self.age_band + 1, p) - mean(self.age_band, p)
        self.age_band += 1
        self.set_point = single(clip(self.set_point + step_up))

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
        is_found = self.is_free and self.is_lonely and luck < found
        is_looking = self.is_free and unit(self.luck[2]) < looks
        changes = rules.matching.known_change(
            self.known,
            self.is_lonely,
            luck,
            p.known_rate_lonely * shock.demand_factor,
            p.known_rate_others,
            p.forgotten_rate,
        )
        if is_found:
            town.offer_participation(self, month)
        if is_looking and self.participation is None:
            town.offer_volunteering(self, month)
        if changes:
            self.known = not self.known

    def mean_of_ties(self) -> float:
        """Mean loneliness of the ties last month; the municipality's where there are none.

        Summed in whole units, as in the engine, so that the sum has no order.
        """
        if not self.ties:
            return single(self.town.mean_loneliness)
        total = sum(int(other.loneliness_last_month * UNITS) for other in self.ties)
        return single(total / (UNITS * len(self.ties)))

    def feel(self, shock: SimpleNamespace) -> None:
        """Move loneliness by a month; everyone sees last month's loneliness of the others."""
        p, was = self.model.p, self.loneliness_last_month
        change = rules.loneliness.pull_to_set_point(
            was, self.set_point, self.ties_gained, p.set_point_rate
        )
        change += rules.loneliness.pull_of_ties(
            self.mean_of_ties(), self.town.mean_loneliness, p.contagion_strength
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
            tally[f"lonely_band_{self.age_band}"] += 1


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
        self.weights = rules.traits.need_weights(town.key, citizen.number)
        self.tolerance = rules.traits.tolerance_rank(town.key, citizen.number)
        self.autonomy = town.mean_autonomy
        self.competence = town.mean_competence
        self.relatedness = town.mean_relatedness
        self.motivation = self.weighted_needs()
        self.controlled_motivation = self.model.p.controlled_base
        self.ownership = self.model.p.newcomer_ownership_share * initiative.influence
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
        a_participant_each = clip(len(ini.participations) / max(1.0, len(ini.team)))
        contact = a_participant_each * shock.contact_factor
        team = rule.team_felt(len(ini.team), p)

        target = rule.autonomy_target(ini.influence, dep.rigidity, ini.clarity, ini.authorship, p)
        self.autonomy += p.need_rate * (target - self.autonomy)
        target = rule.competence_target(
            ini.effective_clarity, dep.training, ini.quality, ini.overload, p
        )
        self.competence += p.need_rate * (target - self.competence)
        target = rule.relatedness_target(dep.recognition, contact, team, ini.strain, p)
        self.relatedness += p.need_rate * (target - self.relatedness)

        breach = rule.broken_promise(ini.promised, ini.influence, p.promise_tolerance)
        target = clip(self.weighted_needs() - p.promise_weight * breach)
        self.motivation += p.motivation_rate * (target - self.motivation)
        target = rule.controlled_target(dep.rigidity, ini.substitution, p)
        self.controlled_motivation += p.motivation_rate * (target - self.controlled_motivation)
        target = rule.exhaustion_target(ini.overload, dep.administration, ini.strain, p)
        self.exhaustion += p.exhaustion_rate * (target - self.exhaustion)
        self.ownership += p.ownership_rate * (ini.influence - self.ownership)

        hours = rule.hours_given(self.motivation, p)
        self.contact_hours = hours * (1.0 - dep.administration) * shock.contact_factor
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
            self.model.p,
        )


class Participation:
    """A citizen in an initiative, paired with a companion in one-to-one formats."""

    def __init__(self, citizen: Citizen, initiative: Initiative) -> None:
        self.citizen = citizen
        self.initiative = initiative
        self.companion: Volunteer | None = None
        self.months = 0
        self.bond = 0.0
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
        hours_asked = len(ini.participations) * ini.hours_needed
        share = clip(ini.contact_hours / hours_asked)
        citizen.hurt(-rule.comfort_of_contact(self.bond, share, ini.leeway, group, p))
        ties = rule.ties_growth(self.bond, share, ini.leeway, group, p)
        citizen.ties_gained = single(clip(citizen.ties_gained + ties))
        self.bond += rule.bond_growth(self.bond, share, group, p)

    def end(self) -> None:
        """Take the participant out of the initiative."""
        if self.companion is not None:
            self.companion.pairs.remove(self)
        self.initiative.participations.remove(self)
        self.citizen.participation = None
