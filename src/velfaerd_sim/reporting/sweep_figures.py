"""The figures of a sweep: which its answers call for, with captions, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from velfaerd_sim.analysis.answers import Answer, Answers
from velfaerd_sim.reporting import plots_sweep, plots_sweep_space, style
from velfaerd_sim.reporting.figures import Drawn, rendered
from velfaerd_sim.reporting.sweep_words import Labels

MOST_PANELS = 9
"""Panels of a figure, at most; the rest is in the tables."""

CAPTIONS = {
    "contrasts": (
        "Difference to {baseline}: dots are means over the points with 95% intervals, pale bars the"
        " middle nine tenths of the points. Blue is clearly better, orange clearly worse, grey not"
        " clear."
    ),
    "sobol": (
        "Share of the variance between points that stays when all other parameters are known"
        " (total index, filled) and that goes when this one is known (first order, open), with 95%"
        " intervals. Blue parameters decide; the grey band holds what is negligible. Indices are"
        " estimates and may fall below zero by chance."
    ),
    "morris": (
        "Mean size of the effect of a parameter over its range (filled, with 95% interval; blue"
        " where it matters), its standard deviation over the trajectories (open: the larger, the"
        " more the effect depends on the other parameters), and what chance alone would give"
        " (orange tick)."
    ),
    "pawn": (
        "PAWN index: how far the distribution moves when a parameter is known, with 95% intervals."
        " Beyond the dashed line, which an idle parameter does not pass in 95 % of shuffles, the"
        " parameter is influential (blue)."
    ),
    "one_at_a_time": (
        "Effect of going from the low to the high end of a factor's range, all others where they"
        " are, with 95% intervals. Blue is clearly better, orange clearly worse."
    ),
    "lines": (
        "Left: the outcome under each regime; right: differences to {baseline}; means with 95%"
        " intervals from the replicates, over all values of the other factors. A ring marks where"
        " the ranking turns, the bar through it its interval where there is one turn."
    ),
    "maps": (
        "Difference to {baseline} in every cell of the grid, blue where the regime is better,"
        " orange where it is worse; a cross where chance may explain the difference. The ranking"
        " turns at the solid line; the true line lies between the dashed ones where there are any."
    ),
    "boxes": (
        "Scenario discovery: the part of each parameter's range (grey) in which the event mostly"
        " happens (blue); parameters that are not shown are not restricted."
    ),
    "choice": (
        "Left: share of worlds in which each regime is the best, with 95% interval; dark where it"
        " is clearly ahead of the second. Right: how far it stays behind the best regime of the"
        " world: mean with 95% interval, nine worlds of ten (tick), largest (pale bar)."
    ),
    "satisficing": "Share of worlds in which each regime meets all criteria, with 95% intervals.",
    "front": (
        "Benefit against staff hours used, means over the worlds with 95% intervals. The line joins"
        " the regimes that no other beats on both; those beaten are grey."
    ),
    "chance": (
        "Shares of the variance between single runs; the line is the 95% interval of the"
        " parameters' share."
    ),
    "worlds": (
        "Shares of the variance between single runs: what the design's factors bring, what the"
        " parameters of the worlds bring, and chance; the line is the 95% interval of the worlds'"
        " share."
    ),
}


@dataclass(frozen=True)
class Shown:
    """A figure that was drawn, its kind, its outcome ('' for all) and its caption."""

    kind: str
    outcome: str
    drawn: Drawn
    caption: str


Draw = Callable[[], Figure]


def wanted_figures(answers: Answers, labels: Labels) -> Iterator[tuple[str, str, Draw]]:
    """Give (kind, outcome, how to draw it) of every figure that the answers call for."""
    compared = [one for one in answers.of("contrasts") if len(one.finding.table) > 1]
    if compared:
        yield "contrasts", "", lambda: plots_sweep.contrasts(compared, labels)
    for outcome in answers.wanted.outcomes:
        yield from _of_outcome(answers, outcome, labels)
    fronts = answers.of("front")
    if fronts:
        yield "front", "", lambda: plots_sweep.front(fronts, labels)
    for one in answers.of("satisficing"):
        yield "satisficing", "", lambda one=one: plots_sweep.satisficing(one, labels)  # type: ignore[misc]
    split = [one for one in answers.of("variance") if one.finding.table["share"].notna().all()]
    if split:
        yield "chance", "", lambda: plots_sweep.chance(split, labels)
    apart = [one for one in answers.of("worlds") if one.finding.table["share"].notna().all()]
    if apart:
        yield "worlds", "", lambda: plots_sweep.worlds(apart, labels)


def _of_outcome(answers: Answers, outcome: str, labels: Labels) -> Iterator[tuple[str, str, Draw]]:
    for method in plots_sweep.SIZES:
        found = _paired(answers.of(method, outcome))
        if found:
            yield method, outcome, lambda found=found: plots_sweep.sensitivity(found, labels)  # type: ignore[misc]
    lines = answers.of("response", outcome)
    if lines:
        yield "lines", outcome, lambda: plots_sweep_space.lines(lines, labels)
    maps = answers.of("map", outcome)[:MOST_PANELS]
    if maps:
        yield "maps", outcome, lambda: plots_sweep_space.maps(maps, labels)
    boxes = [one for one in answers.of("prim", outcome) if len(one.finding.table)][:MOST_PANELS]
    if boxes:
        yield "boxes", outcome, lambda: plots_sweep_space.boxes(boxes, labels)
    best, regret = answers.of("best_regimes", outcome), answers.of("regret", outcome)
    if best and regret:
        yield "choice", outcome, lambda: plots_sweep.choice(best[0], regret[0], labels)


def _paired(found: Sequence[Answer]) -> list[Answer]:
    """Differences where there are any, else the outcomes alone."""
    return ([one for one in found if one.against] or list(found))[:MOST_PANELS]


def draw_sweep(answers: Answers, labels: Labels, small_print: str) -> list[Shown]:
    """Draw all figures of a sweep."""
    baseline = labels.regime(labels.regimes[0])
    found = []
    for kind, outcome, draw in wanted_figures(answers, labels):
        caption = CAPTIONS[kind].format(baseline=baseline)
        key = f"{kind}-{outcome}".replace(".", "-") if outcome else kind
        topic = f"{_topic(answers, kind, outcome, labels)}. " if outcome else ""
        with style.styled():
            made = draw()
            head = f"{labels.outcome(outcome)} · " if outcome else ""
            style.small_print(made, head + small_print)
            drawn = rendered(made, key, f"{topic}{caption}")
        found.append(Shown(kind, outcome, drawn, f"{topic}{caption}"))
    return found


def _topic(answers: Answers, kind: str, outcome: str, labels: Labels) -> str:
    """What a figure is about: the outcome, or the difference in it to the baseline."""
    label = labels.outcome(outcome)
    if kind not in plots_sweep.SIZES or not any(one.against for one in answers.of(kind, outcome)):
        return label
    return f"{label}, difference to {labels.regime(labels.regimes[0])}"
