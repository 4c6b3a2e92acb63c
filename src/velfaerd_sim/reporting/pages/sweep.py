"""The report of a sweep: question, design, answers, figures, and what cannot be told, in one file.

The answers are made anew, as the last `analyse` was asked for, or else as the design allows; so
the report and the files in `analysis/` say the same.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.analysis.arrays.facts import Fact
from velfaerd_sim.analysis.sweep.answers import (
    Answer,
    Answers,
    analyse,
    reasons,
    what_it_cannot_tell,
)
from velfaerd_sim.engine.runner import Progress
from velfaerd_sim.reporting.figures import comparison as drawing
from velfaerd_sim.reporting.figures.of_sweep import Shown, draw_sweep
from velfaerd_sim.reporting.files import figures_path, report_path, write_whole
from velfaerd_sim.reporting.pages.answer_files import asked_before, write_answers
from velfaerd_sim.studies.sweep.study import Study
from velfaerd_sim.telling.in_worlds import limits
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.texts import named

_TEMPLATES = Path(__file__).with_name("templates")
MOST_FAILURES = 10

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
"""Methods whose first facts stand in the answer at the top, in this order."""
SHORT = {"contrasts": 3, "map": 2, "response": 2, "worlds": 2}
"""How many facts stand there, where it is not one."""
MAIN_OF_A_BOX = ("mostly_where", "box_stable", "box_unstable")
SUFFICES = ("suffices", "suffices_partly", "suffices_not")


@dataclass(frozen=True)
class Block:
    """A block of a section: its heading, figures, main sentences, and those folded away."""

    heading: str
    figures: tuple[dict[str, Any], ...]
    sentences: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]


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
    shown = draw_sweep(answers, labels, small_print(answers, language))
    text = render_sweep(answers, shown, labels, command)
    write_answers(answers, folder, command)
    drawing.save([one.drawn for one in shown], figures_path(folder, language))
    target = report_path(folder, language)
    write_whole(target, text.encode())
    return target


def small_print(answers: Answers, language: str = "en") -> str:
    """The line at the foot of every figure."""
    study, record = answers.study, answers.record
    labels = Labels.of(answers, language)
    write = labels.numerals.whole
    unfinished = labels.text(
        "sweep_unfinished", done=write(answers.done), planned=write(answers.planned)
    )
    return labels.text(
        "sweep_small_print",
        version=record["package"]["version"],
        name=study.name,
        points=labels.counted(len(study.points.distinct), "point"),
        worlds=_worlds(study, labels),
        replicates=labels.counted(study.replicates, "replicate"),
        unfinished=unfinished if answers.missing else "",
        fingerprint=str(record["fingerprint"])[:16],
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
    tell = labels.teller(markup=True)
    sections = [
        (key, labels.texts[f"part_{key}"], _blocks(key, answers, ordered, labels, numbered))
        for key in SECTIONS
        if any(answers.of(method) for method in SECTIONS[key])
    ]
    language = labels.language
    question = study.question_da if language == "da" else study.question_en
    regimes = [labels.regime(name) for name in labels.regimes]
    setting = {
        "world": study.scenario.title(language),
        "regimes": ", ".join(regimes),
        "baseline": regimes[0],
        "outcomes": ", ".join(labels.outcome(name) for name in answers.wanted.outcomes),
    }
    return {
        "t": labels.texts,
        "say": partial(_say, labels),
        "version": record["package"]["version"],
        "fingerprint": record["fingerprint"],
        "title": study.title(language),
        "question": question or _question(labels),
        "meta": _meta(answers, labels),
        "state": tell.sentence(*answers.state()),
        "answers": _top(answers, labels),
        "sections": sections,
        "design": labels.texts[_design_key(study)],
        "setting": _say(labels, "sweep_setting", **setting),
        "factors": _factor_rows(answers, labels),
        "worlds": _worlds_in_words(study, labels),
        "fixed": ", ".join(
            f"{name} = {labels.numerals.plain(value)}" for name, value in study.scenario.parameters
        ),
        "failures": _failures(answers, labels),
        "failed": labels.numerals.whole(answers.failed),
        "failed_key": "sweep_failed_first" if answers.failed > MOST_FAILURES else "sweep_failed",
        "not_done": [tell.sentence(fact) for fact in reasons(answers.not_done)],
        "cannot": [tell.sentence(fact) for fact in what_it_cannot_tell(study)],
        "weak": _weak(answers, labels),
        "limits": limits(study.worlds is not None and len(study.worlds) > 1, language),
        "commands": [text for text in (record.get("command"), command) if text],
        "facts": _facts(answers, labels),
    }


def _say(labels: Labels, key: str, **values: object) -> Markup:
    """Fill a text; what is filled in is escaped."""
    return Markup(labels.texts[key]).format(**values)


def _design_key(study: Study) -> str:
    if study.factors:
        return f"design_{study.design.kind}"
    return "sweep_one_point_worlds" if study.worlds else "sweep_one_point"


def _worlds_in_words(study: Study, labels: Labels) -> str:
    """Which worlds every point was run in; empty where there are none."""
    found = study.worlds
    if found is None:
        return ""
    counts = {"count": len(found), "parameters": len(found.names)}
    return labels.text("sweep_worlds", name=found.name, **counts)


def _question(labels: Labels) -> str:
    names = [labels.regime(name) for name in labels.regimes]
    if len(names) < 2:
        return labels.text("sweep_question_one", regime=names[0])
    return labels.text("sweep_question", others=", ".join(names[1:]), baseline=names[0])


def _meta(answers: Answers, labels: Labels) -> list[str]:
    study, write = answers.study, labels.numerals.whole
    return [
        labels.text("sweep_size", adults=write(study.adults), months=study.months),
        labels.text(
            "sweep_runs",
            points=labels.counted(len(study.points.distinct), "point"),
            worlds=_worlds(study, labels),
            replicates=labels.counted(study.replicates, "replicate"),
            regimes=labels.counted(len(study.regimes), "regime"),
        ),
        labels.text("sweep_done", done=write(answers.done), planned=write(answers.planned)),
        labels.text("meta_id", fingerprint=str(answers.record["fingerprint"])[:16]),
    ]


def _worlds(study: Study, labels: Labels) -> str:
    return "" if study.worlds is None else labels.text("worlds_times", count=len(study.worlds))


def _top(answers: Answers, labels: Labels) -> list[tuple[str, str]]:
    """The answers in short: one per method and outcome, of the first regime compared."""
    found: list[tuple[str, str]] = []
    tell = labels.teller(markup=True)
    for outcome in answers.wanted.outcomes:
        for method in SHORT_ANSWERS:
            candidates = _first_pairs(answers.of(method, outcome))
            if method == "response" and answers.of("map", outcome):
                continue
            for one in candidates[:1]:
                found.append((labels.outcome(outcome), tell.sentence(*_shortened(one))))
    return found


def _first_pairs(found: Sequence[Answer]) -> list[Answer]:
    """Differences first; of events the one whose box is surest."""
    paired = [one for one in found if one.against] or list(found)
    if paired and paired[0].method == "prim":
        with_box = [one for one in paired if len(one.finding.table)]
        return sorted(with_box, key=lambda one: not one.finding.sufficient)
    return paired


def _shortened(answer: Answer) -> tuple[Fact, ...]:
    """The first facts of an answer, without what only specialists need."""
    facts = answer.finding.facts
    if answer.method == "prim":
        return (answer.finding.about, *(fact for fact in facts if fact.key in MAIN_OF_A_BOX))
    if answer.method == "sobol":
        return (facts[0], *(fact for fact in facts[1:] if fact.key in SUFFICES))
    return facts[: SHORT.get(answer.method, 1)]


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
                heading = labels.texts["sweep_all_outcomes"]
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


def _sentences(found: Sequence[Answer], labels: Labels) -> tuple[tuple[str, str], ...]:
    tell = labels.teller(markup=True)
    return tuple(
        (labels.texts[f"method_{one.method}"], tell.sentence(*one.finding.facts)) for one in found
    )


def _factor_rows(answers: Answers, labels: Labels) -> list[dict[str, str]]:
    rows, write = [], labels.numerals
    for factor in answers.study.factors:
        if factor.values:
            ranges = write.apart.join(write.plain(value) for value in factor.values)
        else:
            ranges = write.range(factor.low, factor.high)
        shape = "values" if factor.values else factor.distribution
        rows.append(
            {
                "name": factor.name,
                "label": labels.factor(factor.name),
                "unit": labels.unit(factor.name),
                "range": ranges,
                "shape": named(labels.texts, "distribution", shape),
                "role": named(labels.texts, "role", factor.role),
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
    names: dict[str, list[Fact]] = {}
    for one in answers.answers:
        if one.finding.sufficient is False and not (
            one.method == "prim" and not len(one.finding.table)
        ):
            names.setdefault(one.method, []).append(one.finding.about)
    tell = labels.teller(markup=True)
    return [
        Markup("{}: {}").format(
            labels.texts[f"method_{method}"], tell.fact(Fact("each_of", parts=tuple(about))) + "."
        )
        for method, about in names.items()
    ]


def _facts(answers: Answers, labels: Labels) -> list[tuple[str, str]]:
    record, texts = answers.record, labels.texts
    versions = ", ".join(f"{name} {number}" for name, number in record["dependencies"].items())
    finished = str((record.get("times") or {}).get("finished") or texts["not_finished"])
    rows = [
        (texts["k_version"], f"velfaerd_sim {record['package']['version']}"),
        (texts["k_model_digest"], str(record["package"].get("model_digest", ""))),
        (texts["k_fingerprint"], str(record["fingerprint"])),
        (texts["k_study_digest"], str(record.get("study_digest", ""))),
        (texts["k_seed_points"], str(answers.study.seed)),
        (texts["k_seed_resampling"], str(answers.wanted.seed)),
        (texts["k_dependencies"], versions),
        (texts["k_finished"], labels.numerals.day(finished)),
        (texts["k_files"], texts["sweep_files"]),
    ]
    return [(name, value) for name, value in rows if value]
