"""What the parts of the map's page call things: outcomes, regimes, times, intervals."""

from __future__ import annotations

import math
from dataclasses import replace

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.map.view import MapView
from velfaerd_sim.dashboard.parts.units import Measure
from velfaerd_sim.inputs.evidence import MunicipalityFigures
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES, Outcome
from velfaerd_sim.telling.words import Words


def outcome_of(view: MapView) -> Outcome:
    """The outcome that a view shows."""
    return OUTCOMES[INDEX[view.outcome]]


def regime_label(name: str, words: Words) -> str:
    """The label of a governance as it stands in links."""
    return Governance.from_text(name).as_regime("b").label(words.language)


def kind_label(municipality: MunicipalityFigures, words: Words) -> str:
    """What type of municipality it is."""
    return words(f"kind_{municipality.kind}")


def time_of(month: int, words: Words) -> str:
    """Say how long after the start a month is."""
    return words("after", time=words.duration(month)) if month else words("at_start")


def interval_text(gap: float, margin: float, measure: Measure, words: Words) -> str:
    """An interval as '−0.6 to −0.2 pp'; '' where there is none, or nothing scatters."""
    if not (math.isfinite(gap) and margin > 0.0):
        return ""
    low = replace(measure, scale=replace(measure.scale, suffix="")).text(gap - margin, words)
    return words("interval", low=low, high=measure.text(gap + margin, words))


def unclear_ink(unclear: bool, *places: int) -> dict[int, tuple[str, str]]:
    """Cells of a difference that may be chance are grey, on no ground of their own."""
    return dict.fromkeys(places, ("transparent", COLOURS["unclear"])) if unclear else {}
