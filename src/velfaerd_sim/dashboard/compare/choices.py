"""Governances as options of a menu: the named regimes, and the one on show where it is none."""

from __future__ import annotations

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.telling.words import Words


def governance_options(shown: str, words: Words) -> list[tuple[str, str]]:
    """Governances as they stand in links, with their labels; the one that is shown among them."""
    options = [(name, regime.label(words.language)) for name, regime in REGIMES.items()]
    if shown not in REGIMES:
        options.append((shown, Governance.from_text(shown).as_regime("b").label(words.language)))
    return options
