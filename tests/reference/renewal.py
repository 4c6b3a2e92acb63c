"""Renewal of a municipality's people: they grow older, leave and enter, and their roles end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velfaerd_sim.processes.renewal import TOGETHER

if TYPE_CHECKING:
    from .citizens import Citizen
    from .town import Municipality


def renew(town: Municipality, month: int) -> set[Citizen]:
    """Let people grow older, and leave for someone new; the citizens who are new."""
    if town.model.p.renewal <= 0.0:
        return set()
    flows = town.model.flows[month][town.kind]
    new = set()
    for start in range(0, len(town.citizens), TOGETHER):
        group = town.citizens[start : start + TOGETHER]
        for citizen, other in zip(group, [*group[1:], group[0]], strict=True):
            if citizen.renew(month, flows, group[0], other):
                new.add(citizen)
    town.tally["arrivals"] += len(new)
    return new


def end_roles(town: Municipality, new: set[Citizen]) -> None:
    """End what those who left did here; participants who lose their companion are hurt by it."""
    for part in list(town.participations):
        if part.citizen in new:
            town.tally["participants_departed"] += 1
            town.dismiss(part)
        elif part.companion is not None and part.companion.citizen in new:
            part.citizen.hurt(town.model.p.companion_loss_effect * part.bond)
            town.tally["pairs_broken"] += 1
            town.dismiss(part)
    for volunteer in list(town.volunteers):
        if volunteer.citizen in new:
            volunteer.count_ending(town.at_risk, town.ended)
            town.discharge(volunteer, "volunteers_departed")
