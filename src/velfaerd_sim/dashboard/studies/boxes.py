"""Parts of the page of studies: the boxes that a sweep discovered, and its analyses in full."""

from __future__ import annotations

import math

import solara

from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers, reasons
from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.dashboard.studies.answers import SweepWords
from velfaerd_sim.dashboard.studies.blocks import rich
from velfaerd_sim.telling.words import Words

MOST_BOXES = 8


def axis_label(name: str, teller: SweepWords) -> str:
    """A factor's label with its unit."""
    label, unit = teller.labels.factor(name), teller.labels.unit(name)
    return f"{label} ({unit})" if unit else label


@solara.component
def Boxes(answers: Answers, teller: SweepWords, words: Words) -> None:
    """The discovered boxes: sentences, and the part of each range they hold."""
    Text("h2", words("boxes"))
    Text("p", words("boxes_what"), classes=["vf-small", "vf-soft"])
    found = sorted(answers.of("prim"), key=lambda one: not len(one.finding.table))
    for answer in found[:MOST_BOXES]:
        weak = [] if answer.finding.sufficient else ["vf-told-weak"]
        text = teller.teller.sentence(*answer.finding.facts)
        with solara.Div(classes=["vf-tight"], style={"margin-top": "12px"}):
            rich("p", text, ["vf-told-one", *weak])
            if len(answer.finding.table):
                Ranges(answer, teller, words)


@solara.component
def Ranges(answer: AnalysisAnswer, teller: SweepWords, words: Words) -> None:
    """The part of each parameter's range that lies in a box."""
    Text("p", words("box_ranges"), classes=["vf-small", "vf-soft"])
    with solara.Div(classes=["vf-ranges"]):
        for row in answer.finding.table.to_dict("records"):
            first, last = float(row["range_low"]), float(row["range_high"])
            width = (last - first) or 1.0
            start, end = (100.0 * (float(row[key]) - first) / width for key in ("low", "high"))
            Text("span", axis_label(str(row["parameter"]), teller))
            with solara.Div():
                with solara.Div(classes=["vf-range"]):
                    Text("i", "", attributes={"style": f"left:{start:.2f}%;right:{100 - end:.2f}%"})
                with solara.Div(classes=["vf-range-ends"]):
                    digits = max(0, 1 - math.floor(math.log10(width)))
                    Text("span", words.number(first, digits))
                    Text("span", words.number(last, digits))


@solara.component
def More(answers: Answers, teller: SweepWords, words: Words) -> None:
    """All analyses in full, folded away."""
    shown, set_shown = solara.use_state(False)
    with solara.Div(classes=["vf-heading"]):
        Text("h2", words("more_answers"))
        Button(words("fold" if shown else "unfold"), lambda: set_shown(not shown))
    if not shown:
        return
    tell = teller.teller
    for one in answers.answers:
        Text("h3", f"{words.name('method', one.method)} · {teller.about(one)}")
        rich("p", tell.sentence(*one.finding.facts), ["vf-intro"])
    for reason in reasons(answers.not_done):
        rich("p", tell.sentence(reason), ["vf-soft"])
