"""The held-out patterns: what nothing is fitted to, and what is published of it.

Where a published figure is known it says what counts as inside: a range, or a sign. Where none is,
the reading is shown for judgement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

YEARS_LATER = (1, 5, 10)
"""Years after month 0 at which the same citizens are looked at again."""
NONE = "no figure found: shown for judgement"


@dataclass(frozen=True)
class Pattern:
    """A pattern that is held out.

    figure: what is published, or that nothing is; low, high: what counts as inside, where it is a
    number or an order.
    """

    id: str
    label: str
    unit: str
    question: str
    figure: str = NONE
    source: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def group(self) -> str:
        """The group of the pattern, H1 to H8."""
        return self.id.partition(".")[0]


def _of_years(stem: str, label: str, unit: str, question: str, **more: Any) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(f"{stem}_{y}y", f"{label}, {y} year{'s' * (y > 1)} apart", unit, question, **more)
        for y in YEARS_LATER
    )


def _of_distances(stem: str, label: str, unit: str, question: str) -> tuple[Pattern, ...]:
    contested = "Cacioppo, Fowler & Christakis 2009: spread along ties, contested; zero allowed"
    return tuple(
        Pattern(f"{stem}_{d}", f"{label}, distance {d}", unit, question, NONE, contested)
        for d in (1, 2, 3)
    )


_STABLE = "Mund et al. 2020 (doi 10.1177/1088868319850738): stable, as personality is; sign only"

_STIRLING = "Stirling, Kilpatrick & Orpin 2011, doi 10.1080/13678868.2011.585066"
_NEEDS = "IJERPH 2021 18(24) 13229, n = 803"


def _signed(name: str, label: str, unit: str, sign: int, question: str, source: str) -> Pattern:
    low, high = (0.0, math.inf) if sign > 0 else (-math.inf, 0.0)
    words = "positive" if sign > 0 else "negative"
    return Pattern(f"H8.{name}", label, unit, question, words, source, low, high)


PATTERNS: tuple[Pattern, ...] = (
    *_of_years(
        "H1.rank",
        "Rank stability of loneliness",
        "rank correlation",
        "Spearman's correlation of T-ILS scores of the same citizens",
        source=_STABLE,
    ),
    *_of_years(
        "H1.still_lonely",
        "Still lonely of the lonely",
        "share",
        "T-ILS of 7 or more at both looks, of those with it at the first (one year: fitted by T4)",
    ),
    *_of_years(
        "H1.newly_lonely",
        "Lonely of those who were not",
        "share",
        "T-ILS of 7 or more at the second look only (one year: fitted by T4)",
    ),
    *_of_distances(
        "H2.correlation",
        "Loneliness along ties",
        "correlation",
        "Correlation of loneliness over pairs of citizens at that distance in the network",
    ),
    *_of_distances(
        "H2.by_age",
        "The same by age alone",
        "correlation",
        "Mean correlation when loneliness is exchanged at random within age bands",
    ),
    *_of_distances(
        "H2.risk",
        "Lonely beside a lonely person",
        "relative risk",
        "Chance to be lonely when a person at that distance is, over that when the person is not",
    ),
    *_of_distances(
        "H2.risk_by_age",
        "The same by age alone",
        "relative risk",
        "Mean relative risk when loneliness is exchanged at random within age bands",
    ),
    Pattern("H3.lonely_sd", "Lonely adults between municipalities", "standard deviation",
            "Standard deviation of the share of lonely adults over 98 municipalities"),
    Pattern("H3.lonely_by_number", "Of that by small numbers alone", "standard deviation",
            "The same if the share were equal everywhere and only counting differed"),
    Pattern("H3.volunteers_low", "Volunteers, first decile of municipalities", "per 1000 adults",
            "A tenth of the municipalities have fewer"),
    Pattern("H3.volunteers_high", "Volunteers, ninth decile of municipalities", "per 1000 adults",
            "A tenth of the municipalities have more"),
    Pattern("H4.under_a_year", "Spells of volunteering under a year", "share",
            "One minus the Kaplan-Meier share after twelve months, over ten years (the first year "
            "is fitted by T7)"),
    Pattern("H4.median_months", "Median spell of volunteering", "months",
            "Months until half of those who begin have stopped"),
    Pattern("H4.over_three_years", "Spells of more than three years", "share",
            "Kaplan-Meier share after 36 months"),
    Pattern("H5.exhaustion", "Exhaustion of long-stayers less that of newcomers", "0-1",
            "Mean of those with two years and more less that of the first six months"),
    Pattern("H5.ownership", "Ownership of long-stayers less that of newcomers", "0-1",
            "The same for ownership of the work, the model's word for identity as a volunteer"),
    Pattern("H5.motivation", "Motivation of long-stayers less that of newcomers", "0-1",
            "The same for autonomous motivation"),
    Pattern("H6.peak", "A year of isolation: most lonely adults more", "share",
            "Largest excess of the share of lonely adults over the same town without the crisis"),
    Pattern("H6.half_life", "A year of isolation: half-life of the return", "months",
            "Months after the year until half of the largest excess is left"),
    Pattern("H6.left_12", "A year of isolation: left after a year", "share of the peak",
            "Excess twelve months after the year over the largest"),
    Pattern("H6.left_24", "A year of isolation: left after two years", "share of the peak",
            "Excess 24 months after the year over the largest"),
    Pattern("H7.asked", "Newcomers who came by being asked", "share",
            "Share of those who look for a place who would not have without being asked by ties",
            "the most frequent way in: more than half", "VIVE 2020 (secondary)", 0.5, 1.0),
    _signed("rules_leaving", "Leaving under more rules", "per month", 1,
            "Change of the monthly chance to leave with 0.3 more rigidity", _STIRLING),
    _signed("rules_joining", "Joining under more rules", "per 1000 adults and month", -1,
            "Change of joins with 0.3 more rigidity", _STIRLING),
    _signed("rules_satisfaction", "Job satisfaction of staff under more rules", "0-1", -1,
            "Change with 0.3 more rigidity", "George et al. 2021, doi 10.1111/puar.13327"),
    _signed("clarity_exhaustion", "Exhaustion with clearer roles", "0-1", -1,
            "Change with 0.3 more role clarity", "Allen & Mueller 2013"),
    _signed("recognition_leaving", "Leaving with more recognition", "per month", -1,
            "Change with 0.3 more recognition", "Hager & Brudney 2004"),
    _signed("training_leaving", "Leaving with more training", "per month", -1,
            "Change with 0.3 more training",
            "Hager & Brudney 2004; none on average: Walk et al. 2019"),
    _signed("say_quality", "Say of volunteers and quality of the work", "correlation", 1,
            "Correlation over initiatives",
            "Mertins & Walter 2020, doi 10.1007/s10683-020-09686-4"),
    _signed("gap_leaving", "Leaving with more broken promises", "per month", 1,
            "Change with 0.3 more of what is promised not done",
            "Vantilborgh 2014, doi 10.1007/s11266-014-9441-6"),
    _signed("motivation_hours", "Motivation and hours given", "correlation", 1,
            "Correlation over volunteers", "Bidee et al. 2013, doi 10.1007/s11266-012-9269-x"),
    _signed("competence_staying", "Competence tells who stays", "slope", 1,
            "Standardised slope of staying a year on the need, the two others held", _NEEDS),
    _signed("relatedness_staying", "Relatedness tells who stays", "slope", 1,
            "Standardised slope of staying a year on the need, the two others held", _NEEDS),
    _signed("autonomy_staying", "Autonomy less the weaker of the two", "slope", -1,
            "Standardised slope on autonomy less the smaller of the two others", _NEEDS),
)  # fmt: skip
BY_ID = {pattern.id: pattern for pattern in PATTERNS}
