"""The ranking of the map's page: all municipalities, sorted by what the map shows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import solara

from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.map.labels import (
    interval_text,
    kind_label,
    outcome_of,
    regime_label,
    time_of,
    unclear_ink,
)
from velfaerd_sim.dashboard.map.pooling import WIDTH
from velfaerd_sim.dashboard.map.view import Curves, MapView, Rank
from velfaerd_sim.dashboard.parts.controls import Text
from velfaerd_sim.dashboard.parts.options import rounded
from velfaerd_sim.dashboard.parts.sheets import Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.parts.units import measure_of
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.precision import each_alone
from velfaerd_sim.telling.words import Words

Change = partial[None]


@solara.component
def Ranking(view: MapView, curves: Curves, words: Words, change: Change) -> None:
    """All municipalities, sorted by what the map shows."""
    outcome = outcome_of(view)
    columns = (
        SheetColumn(words("place"), right=True, width="72px", title=words("place_title")),
        SheetColumn(words("municipality")),
        SheetColumn(words("type")),
        SheetColumn(words("region")),
        SheetColumn(words("inhabitants"), right=True),
        SheetColumn("A", right=True, title=regime_label(view.a, words)),
        SheetColumn("B", right=True, title=regime_label(view.b, words)),
        SheetColumn(words("difference"), right=True, title=words("pooled_title")),
        SheetColumn(words("interval_head"), right=True, sort=False, title=words("interval_title")),
    )
    rows = _ranked(view, curves, words)
    when = time_of(view.month, words)
    with solara.Div(classes=["vf-heading"]):
        Text("h2", words("ranking"))
        Text(
            "span",
            words("ranking_what", outcome=outcome.label(words.language), when=when),
            classes=["vf-soft", "vf-small"],
        )
    with solara.Div(classes=["vf-ranking"]):
        Sheet(
            words("ranking"),
            columns,
            rows,
            words,
            by=0,
            search=words("search_town"),
            empty=words("nothing_found"),
            counted=words("counted", shown="{shown}", all="{all}"),
            height="420px",
            name=1,
            chosen=str(view.town or ""),
            on_pick=lambda code: change(town=int(code)),
        )
    apart = bool(curves.pooled.apart[view.month])
    if apart:
        Text("p", words("pooled_help"), classes=["vf-small", "vf-soft"])
    if lost := int(curves.lost[:, view.month].sum()):
        over = OUTCOMES[INDEX[view.outcome]].over
        Text("p", words.count(lost, f"lost_{over}"), classes=["vf-small", "vf-soft"])
    if any(row.grounds for row in rows):
        Text(
            "p",
            f"{words('grey_unclear')} {each_alone(words, len(rows))}",
            classes=["vf-small", "vf-soft"],
        )


def _rank_text(each: Rank, words: Words) -> str:
    """A rank, or the ranks that its interval holds; nothing where none can be told."""
    if each.ranks is None:
        return ""
    first, last = (words.number(rank) for rank in each.ranks)
    return first if first == last else f"{first}–{last}"


def _ranked(view: MapView, curves: Curves, words: Words) -> list[SheetRow]:
    """The rows of the ranking; a difference that may be chance is grey.

    Differences are pooled ones; a rank is an interval, and left out where none can be told.
    """
    outcome = outcome_of(view)
    level, gap = measure_of(outcome, words), measure_of(outcome, words, difference=True)
    rows = []
    bare = replace(gap, scale=replace(gap.scale, suffix=""))
    doubtful = curves.pooled.unclear[:, view.month]
    for each in map_view.ranking(view, curves):
        town = each.municipality
        numbers = (each.a, each.b, each.value)
        cells = (
            _rank_text(each, words),
            town.name,
            kind_label(town, words),
            town.region,
            words.number(town.population),
            level.text(each.a, words),
            level.text(each.b, words),
            gap.text(each.value, words),
            interval_text(each.value, WIDTH * each.error, bare, words),
        )
        keys: dict[int, float | str | None] = {0: each.row, 4: town.population}
        keys |= dict(zip((5, 6, 7), rounded(numbers, 9), strict=True))
        unclear = bool(doubtful[map_view.place_of(town.code)])
        rows.append(SheetRow(str(town.code), cells, keys, unclear_ink(unclear, 7, 8)))
    return rows
