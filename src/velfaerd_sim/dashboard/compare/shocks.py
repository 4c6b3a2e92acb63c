"""Shocks in a view of Compare: those of packaged scenarios by name, others in full."""

from __future__ import annotations

from functools import cache

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.shocks import Shock, value_fields

SHOCKS: tuple[str, ...] = ("crisis", "austerity", "ageing")
"""The packaged scenarios whose shocks may be switched on."""


@cache
def packaged_shocks(name: str) -> tuple[Shock, ...]:
    """The shocks of a packaged scenario."""
    return load_scenario(name).shocks


def packaged_among(shocks: tuple[Shock, ...]) -> tuple[str, ...]:
    """The packaged scenarios whose shocks are all there."""
    return tuple(name for name in SHOCKS if all(shock in shocks for shock in packaged_shocks(name)))


def in_order(shocks: tuple[Shock, ...]) -> tuple[Shock, ...]:
    """Shocks by month, those of a month always in the same order."""
    return tuple(sorted(shocks, key=lambda shock: (shock.month, shock.kind, str(shock.to_dict()))))


def shock_texts(shocks: tuple[Shock, ...]) -> list[str]:
    """Shocks as they stand in a link: names of packaged scenarios, then the others in full."""
    names = packaged_among(shocks)
    known = [shock for name in names for shock in packaged_shocks(name)]
    own = [shock for shock in shocks if shock not in known]
    texts = [
        ",".join(
            [
                shock.kind,
                *(f"{f.name}:{getattr(shock, f.name)!r}" for f in value_fields(type(shock))),
            ]
        )
        for shock in own
    ]
    return [*names, *texts]
