"""Another theory of leaving: people stay out of habit, and leave when life changes.

In the packaged rule motivation, exhaustion and strain decide who leaves. Here the chance is the
same for all who began at the same time: it falls as the habit grows, and nothing that the
municipality does moves it. It is the plainest rival there is, and shows what rests on the packaged
rule.
"""

import math

from velfaerd_sim.plugins import parameter, rule

parameter(
    "habit_first_chance",
    0.06,
    unit="per month",
    low=0.0,
    high=0.5,
    source="assumption",
    label_en="Chance of leaving in the first month, by habit",
    label_da="Sandsynlighed for at stoppe i den første måned, efter vane",
)
parameter(
    "habit_months",
    12.0,
    unit="months",
    low=1.0,
    high=120.0,
    source="assumption",
    label_en="Months in which the habit grows",
    label_da="Måneder, som vanen vokser i",
)
parameter(
    "habit_last_chance",
    0.02,
    unit="per month",
    low=0.0,
    high=0.5,
    source="assumption",
    label_en="Chance of leaving when the habit is whole",
    label_da="Sandsynlighed for at stoppe, når vanen er fuldt udviklet",
)


@rule("volunteering.leaving_probability")
def leaving_probability(
    motivation,
    controlled,
    exhaustion,
    ownership,
    strain,
    felt_bureaucracy,
    tenure_months,
    friends,
    left,
    rigidity,
    training,
    p,
):
    """Monthly chance that a volunteer leaves: it falls with time alone."""
    habit = math.exp(-tenure_months / p.habit_months)
    return p.habit_last_chance + (p.habit_first_chance - p.habit_last_chance) * habit
