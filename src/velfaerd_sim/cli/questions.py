"""Which command answers which question: what `velfaerd` alone shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

QUESTIONS = {
    "compare": (
        "Which way of governing is better, for whom, and how sure is that?",
        "velfaerd compare municipal_baton facilitative_dialogue --out results/first",
    ),
    "run": (
        "What happens in a town under one way of governing?",
        "velfaerd run --regime facilitative_dialogue --out results/one",
    ),
    "place": (
        "What of my municipality's own figures does the answer depend on?",
        "velfaerd place --example > town.toml",
    ),
    "advise": (
        "What is best with the staff hours there are?",
        "velfaerd advise --hours-at-most 20 --out results/advice",
    ),
    "sweep": (
        "How does the answer change with what I vary?",
        "velfaerd sweep --example > study.toml",
    ),
    "analyse": (
        "What decides in a sweep, and where do ranks turn?",
        "velfaerd analyse results/hours",
    ),
    "value": ("What is worth measuring before we choose?", "velfaerd value results/worlds"),
    "trial": ("What would a trial of it find, and cost?", "velfaerd trial --example > trial.toml"),
    "claims": (
        "Which claims about it follow from the model?",
        "velfaerd claims --out results/claims",
    ),
    "robustness": ("Which conclusions survive what?", "velfaerd robustness --out results/robust"),
    "validate": ("Where does the model not fit?", "velfaerd validate --out results/valid"),
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


def lines(known: Mapping[str, str]) -> Iterator[str]:
    """The questions with their commands, as lines. known: commands with what they do."""
    yield "What do you want to know?"
    shown = [(*QUESTIONS[name], name) for name in QUESTIONS if name in known]
    shown += [
        (text, f"velfaerd {name} --help", name)
        for name, text in known.items()
        if name not in QUESTIONS
    ]
    for question, command, _ in shown:
        yield f"\n  {question}\n      {command}"
    yield "\nEvery command explains itself: velfaerd COMMAND --help. All options: velfaerd --help."
