"""Observation: what is counted and summed at the end of a municipality's month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .town import Municipality

OF_TOWN = ("capacity", "hours_contact", "hours_rules", "hours_agreements", "hours_dialogue")
OF_VOLUNTEERS = (
    "motivation",
    "autonomy",
    "competence",
    "relatedness",
    "controlled_motivation",
    "ownership",
    "exhaustion",
    "felt_bureaucracy",
    "contact_hours",
)
OF_INITIATIVES = (
    "effective_clarity",
    "fit",
    "influence",
    "substitution",
    "quality",
    "leeway",
    "overload",
)
OF_STAFF = ("skill", "concern", "satisfaction")


def observe(town: Municipality, tally: Counter[str]) -> None:
    """Add the month's stocks to the tally; events and answers were counted as they came."""
    tally["adults"] = len(town.citizens)
    tally["volunteers"] = len(town.volunteers)
    tally["participants"] = len(town.participations)
    tally["initiatives"] = len(town.initiatives)
    for name in OF_TOWN:
        tally[name] = getattr(town, name)
    for one in town.volunteers:
        tally["motivation_squares"] += one.motivation * one.motivation
        tally["expectation_gap"] += max(0.0, one.expected - one.initiative.influence)
        tally["affiliated_volunteers"] += one.initiative.affiliated
        tally["volunteers_over_12_months"] += one.tenure_months >= 12
        for name in OF_VOLUNTEERS:
            tally[name] += getattr(one, name)
    for initiative in town.initiatives:
        tally["influence_gap"] += max(0.0, initiative.promised - initiative.influence)
        tally["strained"] += initiative.strain >= 0.5
        tally["company"] += initiative.company
        tally["with_room"] += initiative.has_room()
        left = initiative.hours_left(0, initiative.company_wish, initiative.hours_needed)
        tally["hours_short"] += max(0.0, -left)
        tally["dialogue_enacted"] += initiative.department.enacted_dialogue
        for name in OF_INITIATIVES:
            tally[name] += getattr(initiative, name)
    for one in town.staff:
        if one.in_post:
            tally["posts"] += 1
            for name in OF_STAFF:
                tally[name] += getattr(one, name)
