"""The figures of a sweep: which its answers call for, with captions, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures import sweep as plots_sweep
from velfaerd_sim.reporting.figures import sweep_space as plots_sweep_space
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.telling.sweep_words import Labels

MOST_PANELS = 9
"""Panels of a figure, at most; the rest is in the tables."""


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


MARKED = ("contrasts", "sobol", "morris", "one_at_a_time", "lines", "maps")
"""Figures that mark which of many effects are clear, each by an interval of its own."""


def _paired(found: Sequence[AnalysisAnswer]) -> list[AnalysisAnswer]:
    """Differences where there are any, else the outcomes alone."""
    return ([one for one in found if one.against] or list(found))[:MOST_PANELS]


def draw_sweep(answers: Answers, labels: Labels, small_print: str) -> list[Shown]:
    """Draw all figures of a sweep."""
    found = []
    for kind, outcome, draw in wanted_figures(answers, labels):
        caption = caption_of(answers, kind, outcome, labels)
        with style.styled():
            made = draw()
            head = f"{labels.outcome(outcome)} · " if outcome else ""
            style.small_print(made, head + small_print)
            style.localise(made, labels.words)
            drawn = rendered(made, figure_key(kind, outcome), caption)
        found.append(Shown(kind, outcome, drawn, caption))
    return found


def figure_key(kind: str, outcome: str) -> str:
    """The key of a figure, which names its files."""
    return f"{kind}-{outcome}".replace(".", "-") if outcome else kind


def caption_of(answers: Answers, kind: str, outcome: str, labels: Labels) -> str:
    """The text below a figure."""
    caption = labels.text(f"caption_{kind}", baseline=labels.regime(labels.regimes[0]))
    if kind in MARKED:
        caption += " " + labels.text("each_alone")
    return f"{_topic(answers, kind, outcome, labels)}. {caption}" if outcome else caption


def _topic(answers: Answers, kind: str, outcome: str, labels: Labels) -> str:
    """What a figure is about: the outcome, or the difference in it to the baseline."""
    label = labels.outcome(outcome)
    if kind not in plots_sweep.SIZES or not any(one.against for one in answers.of(kind, outcome)):
        return label
    return labels.text("caption_difference", label=label, baseline=labels.regime(labels.regimes[0]))
