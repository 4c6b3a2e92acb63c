"""The part of Compare's page that tells the last year in numbers."""

from __future__ import annotations

import solara

from velfaerd_sim.dashboard.compare.results import SHOWN, Finding, Result
from velfaerd_sim.dashboard.compare.words import (
    COST,
    difference_text,
    kroner_row,
    missing_text,
    written,
)
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.words import Words


def tone_of(name: str, finding: Finding) -> str:
    """The class of a difference: better, worse, neither, or not clear."""
    if not finding.clear:
        return "vf-open"
    direction = OUTCOMES[INDEX[name]].direction * finding.difference
    return "vf-neutral" if direction == 0.0 else "vf-better" if direction > 0.0 else "vf-worse"


@solara.component_vue("../widgets/numbers.vue")
def NumberTable(caption: str, heads: list[str], rows: list[list[str]], note: str) -> None:
    """A small table of texts."""


@solara.component
def Numbers(result: Result | None, price: float | None, words: Words) -> None:
    """The same in numbers: both sides and the difference with its interval."""
    rows = []
    for name in SHOWN if result is not None else ():
        assert result is not None
        finding = result.findings[name]
        level, _ = written(name, words, finding)
        difference, interval = difference_text(name, finding, words)
        a, b = level.text(finding.a_level, words), level.text(finding.b_level, words)
        known = ", ".join(filter(None, (interval, missing_text(finding, words))))
        rows.append([words.name("outcome", name), a, b, difference, known, tone_of(name, finding)])
    if result is not None and price is not None:
        rows.append(kroner_row(result.findings[COST], price, words))
    bands = f"{words('levels_help')} {words('each_alone')}"
    if result is not None and result.worlds:
        bands = words("worlds_help")
    with solara.Div(classes=["vf-card"]):
        NumberTable(
            caption=words("numbers"),
            heads=[words("outcome"), "A", "B", words("minus")],
            rows=rows,
            note=f"{bands} {words('unlike_map')}",
        )
