"""The report of a sweep: question, design, answers, figures, and what cannot be told, in one file.

The answers are made anew, as the last `analyse` was asked for, or else as the design allows; so
the report and the files in `analysis/` say the same.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.analysis.answers import (
    NAMES_OF_METHODS,
    Answer,
    Answers,
    analyse,
    reasons,
    what_it_cannot_tell,
)
from velfaerd_sim.reporting import figures as drawing
from velfaerd_sim.reporting.answer_files import asked_before, write_answers
from velfaerd_sim.reporting.files import write_whole
from velfaerd_sim.reporting.formats import plain, whole
from velfaerd_sim.reporting.in_worlds import limits
from velfaerd_sim.reporting.sweep_figures import Shown, draw_sweep
from velfaerd_sim.reporting.sweep_words import Labels
from velfaerd_sim.studies import designs
from velfaerd_sim.studies.runner import Progress
from velfaerd_sim.studies.study import Study

REPORT, FIGURES_FOLDER = "report.html", "figures"
_TEMPLATES = Path(__file__).with_name("templates")
MOST_FAILURES = 10

DESIGNS = {
    designs.GRID: "a grid: every value with every other",
    designs.ONE_AT_A_TIME: "one factor at a time, all others where they are",
    designs.LATIN_HYPERCUBE: "a Latin hypercube: a random sample, even in each factor",
    designs.SOBOL: "a Sobol sequence: an even sample of the whole space",
    designs.SALTELLI: "a Saltelli sample, made for Sobol indices",
    designs.MORRIS: "Morris trajectories, made for screening",
    designs.POINTS: "points from a file",
}
HEADINGS = {
    "contrasts": "The regimes side by side",
    "decides": "What decides",
    "turns": "Where the ranking turns",
    "discovery": "In which worlds",
    "choice": "Which regime is safe to choose",
    "chance": "Parameters and chance",
}
SECTIONS = {
    "contrasts": ("contrasts",),
    "decides": ("sobol", "morris", "one_at_a_time", "pawn"),
    "turns": ("map", "response"),
    "discovery": ("prim", "cart"),
    "choice": ("best_regimes", "regret", "front", "satisficing"),
    "chance": ("variance", "worlds"),
}
FIGURES_OF = {
    "contrasts": ("contrasts",),
    "decides": ("sobol", "morris", "one_at_a_time", "pawn"),
    "turns": ("maps", "lines"),
    "discovery": ("boxes",),
    "choice": ("choice", "front", "satisficing"),
    "chance": ("chance", "worlds"),
}
SHORT_ANSWERS = (
    "contrasts",
    "sobol",
    "morris",
    "one_at_a_time",
    "map",
    "response",
    "prim",
    "regret",
    "worlds",
)
"""Methods whose first sentence stands in the answer at the top, in this order."""


@dataclass(frozen=True)
class Block:
    """A block of a section: its heading, figures, main sentences, and those folded away."""

    heading: str
    figures: tuple[dict[str, Any], ...]
    sentences: tuple[tuple[str, Markup], ...]
    more: tuple[tuple[str, Markup], ...]


def write_sweep_report(
    folder: Path, progress: Progress | None = None, language: str = "en"
) -> Path:
    """Analyse a sweep and write its report, figures and answers; gives the report's path.

    Raises as `analyse`, and StorageError where the folder cannot be written.
    """
    before = asked_before(folder)
    wanted, command = before if before else (None, "")
    command = command or shlex.join(["velfaerd", "analyse", str(folder)])
    answers = analyse(folder, wanted, progress)
    labels = Labels.of(answers, language)
    shown = draw_sweep(answers, labels, small_print(answers))
    text = render_sweep(answers, shown, labels, command)
    write_answers(answers, folder, command)
    drawing.save([one.drawn for one in shown], folder / FIGURES_FOLDER)
    target = folder / REPORT
    write_whole(target, text.encode())
    return target


def small_print(answers: Answers) -> str:
    """The line at the foot of every figure."""
    study, record = answers.study, answers.record
    points = len(study.points.distinct)
    replicates = f"{study.replicates} replicate{'s' if study.replicates > 1 else ''}"
    replicates = f"{_worlds(study)}{replicates}"
    unfinished = f" · {answers.done} of {answers.planned} runs" if answers.missing else ""
    return (
        f"velfaerd_sim {record['package']['version']} · {study.name} · {whole(points)} points ×"
        f" {replicates}{unfinished} · fingerprint {str(record['fingerprint'])[:16]}"
    )


def render_sweep(answers: Answers, shown: Sequence[Shown], labels: Labels, command: str) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("sweep.html").render(_context(answers, shown, labels, command))


def _context(
    answers: Answers, shown: Sequence[Shown], labels: Labels, command: str
) -> dict[str, Any]:
    study, record = answers.study, answers.record
    ordered = sorted(shown, key=lambda one: _place(one, answers))
    numbered = {one.drawn.key: str(number) for number, one in enumerate(ordered, 1)}
    sections = [
        (key, HEADINGS[key], _blocks(key, answers, ordered, labels, numbered))
        for key in SECTIONS
        if any(answers.of(method) for method in SECTIONS[key])
    ]
    language = labels.language
    question = study.question_da if language == "da" else study.question_en
    return {
        "language": language,
        "version": record["package"]["version"],
        "fingerprint": record["fingerprint"],
        "title": study.title(language),
        "question": question or _question(answers, labels),
        "meta": _meta(answers),
        "state": answers.state(),
        "answers": _top(answers, labels),
        "sections": sections,
        "design": DESIGNS[study.design.kind] if study.factors else _one_point(study),
        "regimes": [labels.regime(name) for name in labels.regimes],
        "world": study.scenario.title(language),
        "factors": _factor_rows(answers, labels),
        "worlds": _worlds_in_words(study),
        "fixed": [(name, plain(value)) for name, value in study.scenario.parameters],
        "outcomes": [labels.outcome(name) for name in answers.wanted.outcomes],
        "failures": _failures(answers, labels),
        "failed": answers.failed,
        "not_done": [labels.marked(text) for text in reasons(answers.not_done)],
        "cannot": what_it_cannot_tell(study),
        "weak": _weak(answers, labels),
        "limits": limits(study.worlds is not None and len(study.worlds) > 1, language),
        "commands": [text for text in (record.get("command"), command) if text],
        "facts": _facts(answers),
    }


def _one_point(study: Study) -> str:
    return f"one point: only {'worlds and chance vary' if study.worlds else 'chance varies'}"


def _worlds_in_words(study: Study) -> str:
    """Which worlds every point was run in; empty where there are none."""
    found = study.worlds
    if found is None:
        return ""
    return (
        f"Every point and every regime is run in the same {len(found)} worlds ({found.name}), sets"
        f" of values for {len(found.names)} parameters that are not factors, each with people and"
        " luck of its own."
    )


def _question(answers: Answers, labels: Labels) -> str:
    names = [labels.regime(name) for name in labels.regimes]
    if len(names) < 2:
        return f"What does {names[0]} lead to, and what does that depend on?"
    return f"How do {', '.join(names[1:])} compare with {names[0]}, and what decides?"


def _meta(answers: Answers) -> list[str]:
    study = answers.study
    points = len(study.points.distinct)
    return [
        f"{whole(study.adults)} adults, {study.months} months",
        f"{whole(points)} point{'s' if points != 1 else ''} × {_worlds(study)}{study.replicates}"
        " replicate"
        f"{'s' if study.replicates != 1 else ''} × {len(study.regimes)} regime"
        f"{'s' if len(study.regimes) != 1 else ''}",
        f"{whole(answers.done)} runs done of {whole(answers.planned)}",
        f"fingerprint {str(answers.record['fingerprint'])[:16]}",
    ]


def _worlds(study: Study) -> str:
    return "" if study.worlds is None else f"{len(study.worlds)} worlds × "


def _top(answers: Answers, labels: Labels) -> list[tuple[str, Markup]]:
    """The answers in short: one per method and outcome, of the first regime compared."""
    found: list[tuple[str, Markup]] = []
    for outcome in answers.wanted.outcomes:
        for method in SHORT_ANSWERS:
            candidates = _first_pairs(answers.of(method, outcome))
            if method == "response" and answers.of("map", outcome):
                continue
            for one in candidates[:1]:
                found.append((labels.outcome(outcome), labels.marked(_shortened(one))))
    return found


def _first_pairs(found: Sequence[Answer]) -> list[Answer]:
    """Differences first; of events the one whose box is surest."""
    paired = [one for one in found if one.against] or list(found)
    if paired and paired[0].method == "prim":
        with_box = [one for one in paired if len(one.finding.table)]
        return sorted(with_box, key=lambda one: not one.finding.sufficient)
    return paired


def _shortened(answer: Answer) -> str:
    """The first sentences of an answer, without what only specialists need."""
    sentences = answer.finding.sentence.split(". ")
    if answer.method == "prim":
        picked = [text for text in sentences if "mostly where" in text or "resamples" in text]
        start = str(answer.finding.about)
        text = ". ".join([start, *picked])
    elif answer.method == "contrasts":
        text = ". ".join(sentences[:3])
    elif answer.method == "sobol":
        verdict = [text for text in sentences[1:] if text.startswith("The sample")]
        text = ". ".join([sentences[0], *verdict])
    else:
        text = sentences[0]
        if answer.method in ("map", "response", "worlds"):
            text = ". ".join(sentences[:2])
    return text if text.endswith(".") else f"{text}."


def _blocks(
    section: str,
    answers: Answers,
    shown: Sequence[Shown],
    labels: Labels,
    numbered: dict[str, str],
) -> list[Block]:
    """Blocks of a section: by outcome, then what belongs to all of them."""
    blocks = []
    per_outcome = section not in ("contrasts", "chance")
    for outcome in (*answers.wanted.outcomes, "") if per_outcome else ("",):
        of_outcome = [
            one
            for method in SECTIONS[section]
            for one in answers.of(method)
            if one.outcome == outcome or not per_outcome
        ]
        pictures = tuple(
            {
                "svg": Markup(one.drawn.svg),
                "number": numbered[one.drawn.key],
                "key": one.drawn.key,
                "caption": one.caption,
            }
            for one in shown
            if one.kind in FIGURES_OF[section] and (one.outcome == outcome)
        )
        main = [one for one in of_outcome if _is_main(one)]
        rest = [one for one in of_outcome if not _is_main(one)]
        if of_outcome or pictures:
            heading = labels.outcome(outcome) if outcome else ""
            if per_outcome and not outcome:
                heading = "All outcomes together"
            blocks.append(
                Block(heading, pictures, _sentences(main, labels), _sentences(rest, labels))
            )
    return blocks


def _is_main(answer: Answer) -> bool:
    """Whether an answer is read without unfolding: differences, and what is of all regimes."""
    if answer.method in ("contrasts", "cart", "variance", "pawn", "response"):
        return False
    if answer.method == "prim" and "box" not in answer.finding.data:
        return False  # it is nearly always or never so
    return answer.against is not None or answer.regime is None


def _place(one: Shown, answers: Answers) -> tuple[int, int, int]:
    """Where a figure stands: its section, its outcome, its kind."""
    sections = list(FIGURES_OF.values())
    section = next(k for k, kinds in enumerate(sections) if one.kind in kinds)
    outcomes = (*answers.wanted.outcomes, "")
    return section, outcomes.index(one.outcome), sections[section].index(one.kind)


def _sentences(found: Sequence[Answer], labels: Labels) -> tuple[tuple[str, Markup], ...]:
    return tuple(
        (NAMES_OF_METHODS[one.method], labels.marked(one.finding.sentence)) for one in found
    )


def _factor_rows(answers: Answers, labels: Labels) -> list[dict[str, str]]:
    rows = []
    for factor in answers.study.factors:
        if factor.values:
            ranges = ", ".join(plain(value) for value in factor.values)
            shape = "values"
        else:
            ranges = f"{plain(factor.low)} to {plain(factor.high)}"
            shape = factor.distribution.replace("_", " ")
        rows.append(
            {
                "name": factor.name,
                "label": labels.factor(factor.name),
                "unit": factor.unit,
                "range": ranges,
                "shape": shape,
                "role": factor.role,
            }
        )
    return rows


def _failures(answers: Answers, labels: Labels) -> list[dict[str, str]]:
    frame = answers.frame
    failed = frame[~frame["status"].isin(("done", "ok"))].head(MOST_FAILURES)
    return [
        {
            "regime": labels.regime(str(row["regime"])),
            "point": str(row["point_id"]),
            "replicate": str(row["replicate"]),
            "seed": str(row["seed"]),
            "message": str(row.get("message") or ""),
        }
        for row in failed.to_dict("records")
    ]


def _weak(answers: Answers, labels: Labels) -> list[Markup]:
    """Answers for which the sample was too small to be relied on, or whose box is not stable."""
    names: dict[str, list[str]] = {}
    for one in answers.answers:
        if one.finding.sufficient is False and not (
            one.method == "prim" and not len(one.finding.table)
        ):
            names.setdefault(one.method, []).append(one.finding.about)
    return [
        labels.marked(f"{NAMES_OF_METHODS[method]}: {'; '.join(about)}.")
        for method, about in names.items()
    ]


def _facts(answers: Answers) -> list[tuple[str, str]]:
    record = answers.record
    versions = ", ".join(f"{name} {number}" for name, number in record["dependencies"].items())
    rows = [
        ("Version", f"velfaerd_sim {record['package']['version']}"),
        ("Model digest", str(record["package"].get("model_digest", ""))),
        ("Fingerprint", str(record["fingerprint"])),
        ("Study digest", str(record.get("study_digest", ""))),
        ("Seed of points and replicates", str(answers.study.seed)),
        ("Seed of resampling", str(answers.wanted.seed)),
        ("Versions of dependencies", versions),
        ("Finished", str((record.get("times") or {}).get("finished") or "not finished")),
        (
            "Data beside this report",
            "runs/ (one row a run), analysis/ (a table an answer as Parquet and CSV, answers.json),"
            " figures/ (SVG and PNG), study.json",
        ),
    ]
    return [(name, value) for name, value in rows if value]
