"""Figures of claims: effects over worlds, in smallest effects that matter; the table of routes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from velfaerd_sim.analysis.claims import ClaimConclusion
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.studies.claims.claims import ClaimCriterion
from velfaerd_sim.studies.claims.results import ClaimResults, JudgedClaim
from velfaerd_sim.studies.claims.verdicts import FAILS, HOLDS
from velfaerd_sim.telling.claims_words import ClaimWords

COLOURS = ("#0072b2", "#8a9099", "#b07900", "#aa3b88")
SHARES = "shares"
"""The figure of all claims."""
FARTHEST = 12.0
"""Smallest effects from zero beyond which effects are drawn at the edge."""


def draw_claim(
    each: ClaimConclusion, results: ClaimResults, words: ClaimWords, fingerprint: str
) -> Drawn:
    """Draw the figure of a claim."""
    with style.styled():
        made = _table(each, words) if each.cells else _effects(each, results, words)
        note = words.text("table_note") if each.cells else words.text("figure_note")
        style.small_print(made, f"{note} · {fingerprint[:16]}")
        style.localise(made, words.words)
        alt = f"{each.claim.id}: {words.verdict(each)}"
        return rendered(made, each.claim.id, alt)


def _effects(each: ClaimConclusion, results: ClaimResults, words: ClaimWords) -> Figure:
    claim = each.claim
    criteria = sorted(
        (one for one in claim.criteria if one.how != "table"),
        key=lambda one: one.name not in claim.deciding,
    )
    found = [judged for one in each.sets if (judged := results.of(claim, one.set)) is not None]
    height = 0.87 + 0.42 * len(criteria)
    made = style.figure(height)
    axes = style.grid(made, 1, 1, style.Margins(2.9, 0.6, 0.28, 0.59))[0]
    for row, criterion in enumerate(criteria):
        for number, judged in enumerate(found):
            offset = (number - (len(found) - 1) / 2.0) * 0.26
            _row(axes, row + offset, judged, criterion, COLOURS[number % len(COLOURS)], words)
    labels = ["\n".join(textwrap.wrap(words.criterion(claim, one), 58)[:3]) for one in criteria]
    axes.set_yticks(range(len(criteria)), labels, fontsize=5.8)
    for label, criterion in zip(axes.get_yticklabels(), criteria, strict=True):
        label.set_color(style.INK if criterion.name in claim.deciding else style.UNCLEAR)
    axes.set_ylim(len(criteria) - 0.5, -0.5)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, -1.6), max(high, 1.9))
    style.rule_x(axes)
    axes.axvline(0.0, color=style.FAINT, lw=0.8, zorder=0)
    axes.set_xlabel(words.text("axis"))
    for number, judged in enumerate(found):
        made.text(
            0.04 / style.FULL_WIDTH + number * 0.3,
            1.0 - 0.16 / height,
            f"{words.worlds(judged.set)} ({len(judged)})",
            color=COLOURS[number % len(COLOURS)],
            fontsize=7.0,
            fontweight="bold",
        )
    return made


def _row(
    axes: Axes,
    y: float,
    judged: JudgedClaim,
    criterion: ClaimCriterion,
    colour: str,
    words: ClaimWords,
) -> None:
    place = judged.claim.criteria.index(criterion)
    way = 1.0 if criterion.upward else -1.0
    values = way * judged.effect[:, place] / (criterion.least or 1.0)
    values = np.clip(values[np.isfinite(values)], -FARTHEST, FARTHEST)
    bound = 1.0 if criterion.sign in ("up", "down") else -1.0
    axes.plot([bound, bound], [y - 0.22, y + 0.22], color=style.WORSE, lw=1.0, zorder=1)
    if len(values):
        ends = np.percentile(values, (5.0, 25.0, 50.0, 75.0, 95.0))
        axes.plot(ends[[0, 4]], [y, y], color=colour, lw=0.8)
        axes.plot(ends[[1, 3]], [y, y], color=colour, lw=3.0)
        axes.plot([ends[2]], [y], "o", color=colour, ms=4.2, mec="white", mew=0.6)
    holds = [criterion.holds(value) for value in judged.effect[:, place]]
    share = words.percent(float(np.mean(holds))) if holds else ""
    axes.annotate(
        share,
        (1.0, y),
        (4.0, 0.0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=6.2,
        color=colour,
        va="center",
        annotation_clip=False,
    )


def _table(each: ClaimConclusion, words: ClaimWords) -> Figure:
    """Published against simulated per cents: a panel an answer, a row a route."""
    answers = list(dict.fromkeys(cell.answer for cell in each.cells))
    routes = list(dict.fromkeys(cell.route for cell in each.cells))
    made = style.figure(2.6)
    panels = style.grid(made, 1, len(answers), style.Margins(1.75, 0.15, 0.42, 0.42, 0.12))
    for panel, answer in zip(panels, answers, strict=True):
        cells = [cell for cell in each.cells if cell.answer == answer]
        for row, cell in enumerate(cells):
            colour = COLOURS[0] if cell.reproduced else style.WORSE
            panel.plot([cell.low, cell.high], [row - 0.15] * 2, color=style.INK, lw=2.6, alpha=0.35)
            panel.plot([cell.published], [row - 0.15], "D", color=style.INK, ms=3.0)
            panel.plot(cell.spread, [row + 0.15] * 2, color=colour, lw=1.0)
            panel.plot([cell.median], [row + 0.15], "o", color=colour, ms=4.0)
        panel.set_title(words.words.name("answer", answer), fontsize=7.0)
        panel.set_ylim(len(routes) - 0.5, -0.5)
        panel.set_xlim(0.0, max(62.0, *(cell.spread[1] + 4.0 for cell in each.cells)))
        style.rule_x(panel)
        panel.set_yticks([])
    labels = ["\n".join(textwrap.wrap(words.words.name("route", route), 30)) for route in routes]
    panels[0].set_yticks(range(len(routes)), labels, fontsize=6.0)
    return made


def draw_claims(
    conclusions: Sequence[ClaimConclusion],
    results: ClaimResults,
    words: ClaimWords,
    fingerprint: str,
) -> list[Drawn]:
    """Draw the figure of all claims and that of each."""
    each_own = [draw_claim(each, results, words, fingerprint) for each in conclusions]
    return [draw_shares(conclusions, words, fingerprint), *each_own]


def draw_shares(
    conclusions: Sequence[ClaimConclusion], words: ClaimWords, fingerprint: str
) -> Drawn:
    """Draw the share of worlds in which readings are met: a row a claim, a dot a reading."""
    with style.styled():
        made = style.figure(0.95 + 0.25 * len(conclusions))
        axes = style.grid(made, 1, 1, style.Margins(2.9, 1.75, 0.2, 0.62))[0]
        for low, high in ((HOLDS, 1.0), (0.0, FAILS)):
            axes.axvspan(100.0 * low, 100.0 * high, color=style.FAINT, alpha=0.18, lw=0.0)
        for row, each in enumerate(conclusions):
            _dots(axes, row, each)
            axes.annotate(
                words.word(each.verdict.word),
                (1.0, row),
                (5.0, 0.0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                fontsize=6.2,
                va="center",
                annotation_clip=False,
            )
        labels = [
            textwrap.shorten(f"{c.claim.id} {c.claim.statement.of(words.language)}", 64,
                             placeholder="…")
            for c in conclusions
        ]  # fmt: skip
        axes.set_yticks(range(len(labels)), labels, fontsize=5.8)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xlim(-2.0, 102.0)
        style.rule_x(axes)
        axes.set_xlabel(f"{words.text('shares_axis')} (%)")
        style.small_print(made, f"{words.text('shares_note')} · {fingerprint[:16]}")
        style.localise(made, words.words)
        return rendered(made, SHARES, words.text("shares_title"))


def _dots(axes: Axes, row: int, each: ClaimConclusion) -> None:
    readings = each.decisive.readings
    for place, one in enumerate(readings):
        if not np.isfinite(one.share):
            continue
        y = row + 0.6 * ((place + 0.5) / len(readings) - 0.5)
        colour = COLOURS[0] if one.counts else style.UNCLEAR
        axes.plot([100.0 * one.low, 100.0 * one.high], [y, y], color=colour, lw=0.7)
        face = colour if one.counts else "white"
        axes.plot([100.0 * one.share], [y], "o", color=colour, mfc=face, ms=2.6, mew=0.6)
