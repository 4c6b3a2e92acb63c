"""Which command answers which question: what `velfaerd` alone shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

QUESTIONS: dict[str, tuple[str, ...]] = {
    "compare": (
        "Which way of governing is better, for whom, and how sure is that?",
        "velfaerd compare municipal_baton facilitative_dialogue --out results/first",
    ),
    "place": (
        "And in my municipality, from what we know of it?",
        "velfaerd place --example > town.toml",
        "velfaerd place town.toml --out results/town",
    ),
    "run": (
        "What happens in a town under one way of governing?",
        "velfaerd run --regime facilitative_dialogue --out results/one",
    ),
    "advise": (
        "What is best with the staff hours there are?",
        "velfaerd advise --hours-at-most 20 --out results/advice",
    ),
    "sweep": (
        "How does the answer change with what I vary?",
        "velfaerd sweep --example > study.toml",
        "velfaerd sweep study.toml --out results/study",
    ),
    "analyse": (
        "What decides in a sweep, and where does the ranking turn?",
        "velfaerd analyse results/study",
    ),
    "value": (
        "What is worth measuring before we choose?",
        "velfaerd compare municipal_baton facilitative_dialogue --worlds plausible:200 "
        "--out results/worlds",
        "velfaerd value results/worlds",
    ),
    "trial": (
        "What would a trial of it find, and cost?",
        "velfaerd trial --example > trial.toml",
        "velfaerd trial trial.toml --out results/trial",
    ),
    "claims": (
        "Which claims about it follow from the model?",
        "velfaerd claims --out results/claims",
    ),
    "robustness": (
        "Which conclusions survive other assumptions?",
        "velfaerd robustness --out results/robust",
    ),
    "validate": (
        "Where does the model not fit the published figures?",
        "velfaerd validate --out results/valid",
    ),
    "calibrate": (
        "Which parameters fit the published figures?",
        "velfaerd calibrate --out results/calibrated",
    ),
    "twin": ("What follows from the rules alone, without persons?", "velfaerd twin"),
    "dashboard": ("What if I move this slider?", "velfaerd dashboard"),
    "report": ("How do I pass the answer on?", "velfaerd report results/first"),
    "verify": ("Are these numbers what the model gives?", "velfaerd verify results/first"),
    "regimes": ("Which ways of governing are there?", "velfaerd regimes"),
    "parameters": ("What can be set, and where is it from?", "velfaerd parameters"),
    "outcomes": ("What is measured?", "velfaerd outcomes"),
    "theories": ("Which rival theories are there?", "velfaerd theories"),
}
"""A question for every command, and the lines that answer it; a folder is made by a line above."""


def lines(known: Mapping[str, str]) -> Iterator[str]:
    """The questions with their commands, as lines. known: commands with what they do."""
    yield "What do you want to know?"
    shown = [QUESTIONS[name] for name in QUESTIONS if name in known]
    shown += [
        (text, f"velfaerd {name} --help") for name, text in known.items() if name not in QUESTIONS
    ]
    for question, *commands in shown:
        yield "\n".join((f"\n  {question}", *(f"      {each}" for each in commands)))
    yield "\nEvery command explains itself: velfaerd COMMAND --help. All options: velfaerd --help."
