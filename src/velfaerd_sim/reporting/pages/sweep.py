"""The report of a sweep: question, design, answers, figures, and what cannot be told, in one file.

The answers are made anew, as the last `analyse` was asked for, or else as the design allows; so
the report and the files in `analysis/` say the same.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from velfaerd_sim.analysis.arrays.facts import Fact
from velfaerd_sim.analysis.sweep.answers import (
    AnalysisAnswer,
    Answers,
    analyse,
    reasons,
    what_it_cannot_tell,
)
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.reporting.figures.of_sweep import (
    caption_of,
    draw_sweep,
    figure_key,
    wanted_figures,
)
from velfaerd_sim.reporting.pages.answer_files import asked_before, write_answers
from velfaerd_sim.reporting.pages.blocks import (
    Block,
    Cell,
    Figure,
    Fold,
    Heading,
    Note,
    Page,
    Section,
    Sentences,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.frame import again, answer, made_with, page_of, section
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.sweep.study import SweepStudy
from velfaerd_sim.telling.in_worlds import limits
from velfaerd_sim.telling.short.evidence import of_sweep
from velfaerd_sim.telling.sweep_words import Labels

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


def write_sweep_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Analyse a sweep and write its report, figures and answers; gives the report's path.

    Raises as `analyse`, and StorageError where the folder cannot be written.
    """
    before = asked_before(folder)
    wanted, command = before if before else (None, "")
    command = command or shlex.join(["velfaerd", "analyse", str(folder)])
    answers = analyse(folder, wanted, progress)
    labels = Labels.of(answers, language)
    drawn = [one.drawn for one in draw_sweep(answers, labels, small_print(answers, language))]
    write_answers(answers, folder, command)
    return write_page(folder, page(answers, labels, command), drawn, brief)


def small_print(answers: Answers, language: str = "en") -> str:
    """The line at the foot of every figure."""
    study, record = answers.study, answers.record
    labels = Labels.of(answers, language)
    write = labels.words.number
    unfinished = labels.text("unfinished", done=write(answers.done), planned=write(answers.planned))
    return labels.text(
        "small_print",
        version=record["package"]["version"],
        name=study.name,
        points=labels.counted(len(study.points.distinct), "point"),
        worlds=_worlds(study, labels),
        replicates=labels.counted(study.replicates, "replicate"),
        unfinished=unfinished if answers.missing else "",
        fingerprint=str(record["fingerprint"])[:16],
    )


def page(answers: Answers, labels: Labels, command: str) -> Page:
    """The page of a sweep."""
    study, record, language = answers.study, answers.record, labels.language
    asked = (study.question_da if language == "da" else study.question_en) or _question(labels)
    sections = [
        answer(labels.words, of_sweep(answers, labels)),
        _answer(answers, labels),
        _design(answers, labels, asked),
        *(
            Section(key, labels.text(f"part_{key}"), tuple(_part(key, answers, labels)))
            for key in SECTIONS
            if any(answers.of(method) for method in SECTIONS[key])
        ),
        _cannot(answers, labels),
        _failures(answers, labels),
        _again(answers, labels, command),
    ]
    eyebrow = labels.text("eyebrow", design=labels.text(_design_key(study)))
    made = page_of(
        labels.words,
        record,
        study.title(language),
        eyebrow,
        _meta(answers, labels),
        sections,
        labels.text("conditional"),
    )
    return replace(made, state=labels.teller(markup=True).sentence(*answers.state()))


def _answer(answers: Answers, labels: Labels) -> Section:
    """The answers in short: one per method and outcome, of the first regime compared."""
    blocks: list[Block] = []
    for outcome in answers.wanted.outcomes:
        if told := short_answers(answers, labels, outcome):
            blocks += [Heading(labels.outcome(outcome)), listed(told)]
    return section("more", labels.text("answer"), *blocks)


def short_answers(answers: Answers, labels: Labels, outcome: str) -> list[str]:
    """What a sweep says of an outcome in short: one answer a method."""
    tell = labels.teller(markup=True)
    told: list[str] = []
    for method in SHORT_ANSWERS:
        if method == "response" and answers.of("map", outcome):
            continue
        found = _first_pairs(answers.of(method, outcome))[:1]
        told += [tell.sentence(*_shortened(one)) for one in found]
    return told


def _design(answers: Answers, labels: Labels, asked: str) -> Section:
    """What was asked, in which worlds, and what varies."""
    study, words = answers.study, labels.words
    regimes = [labels.regime(name) for name in labels.regimes]
    setting = labels.text(
        "setting",
        world=study.scenario.title(labels.language),
        regimes=", ".join(regimes),
        baseline=regimes[0],
        outcomes=", ".join(labels.outcome(name) for name in answers.wanted.outcomes),
    )
    fixed = ", ".join(f"{name} = {words.plain(v)}" for name, v in study.scenario.parameters)
    worlds = _worlds_in_words(study, labels)
    heading = labels.text("design")
    return section(
        "design",
        heading,
        Note(asked),
        Note(setting),
        _factors(study, labels) if study.factors else None,
        Note(worlds) if worlds else None,
        Note(labels.text("fixed", values=fixed), "small") if fixed else None,
    )


def _factors(study: SweepStudy, labels: Labels) -> Table:
    words = labels.words
    rows = []
    for factor in study.factors:
        ranges = words.range(factor.low, factor.high)
        if factor.values:
            ranges = "; ".join(words.plain(value) for value in factor.values)
        shape = "values" if factor.values else factor.distribution
        rows.append(
            row(
                Cell(labels.factor(factor.name), name=factor.name),
                ranges,
                labels.unit(factor.name),
                words.name("distribution", shape),
                words.name("role", factor.role),
                id=factor.name,
            )
        )
    heads = [words(head) for head in ("factor", "range", "report.p_unit", "distribution", "role")]
    note = labels.text("varies", design=labels.text(_design_key(study)))
    return Table(labels.text("design"), columns(heads), tuple(rows), note)


def _design_key(study: SweepStudy) -> str:
    if study.factors:
        return f"design_{study.design.kind}"
    return "one_point_worlds" if study.worlds else "one_point"


def _worlds_in_words(study: SweepStudy, labels: Labels) -> str:
    """Which worlds every parameter set was run in; empty where there are none."""
    found = study.worlds
    if found is None:
        return ""
    count, parameters = (labels.words.number(len(each)) for each in (found, found.names))
    return labels.text("worlds", name=found.name, count=count, parameters=parameters)


def _question(labels: Labels) -> str:
    names = [labels.regime(name) for name in labels.regimes]
    if len(names) < 2:
        return labels.text("question_one", regime=names[0])
    return labels.text("question", others=", ".join(names[1:]), baseline=names[0])


def _meta(answers: Answers, labels: Labels) -> list[str]:
    study, write = answers.study, labels.words.number
    return [
        labels.text("size", adults=write(study.adults), months=write(study.months)),
        labels.text(
            "runs",
            points=labels.counted(len(study.points.distinct), "point"),
            worlds=_worlds(study, labels),
            replicates=labels.counted(study.replicates, "replicate"),
            regimes=labels.counted(len(study.regimes), "regime"),
        ),
        labels.text("done", done=write(answers.done), planned=write(answers.planned)),
    ]


def _worlds(study: SweepStudy, labels: Labels) -> str:
    if study.worlds is None:
        return ""
    return labels.text("worlds_times", count=labels.words.number(len(study.worlds)))


def _first_pairs(found: Sequence[AnalysisAnswer]) -> list[AnalysisAnswer]:
    """Differences first; of events the one whose box is surest."""
    paired = [one for one in found if one.against] or list(found)
    if paired and paired[0].method == "prim":
        with_box = [one for one in paired if len(one.finding.table)]
        return sorted(with_box, key=lambda one: not one.finding.sufficient)
    return paired


def _shortened(answer: AnalysisAnswer) -> tuple[Fact, ...]:
    """The first facts of an answer, without what only specialists need."""
    facts = answer.finding.facts
    if answer.method == "prim":
        return (answer.finding.about, *(fact for fact in facts if fact.key in MAIN_OF_A_BOX))
    if answer.method == "sobol":
        return (facts[0], *(fact for fact in facts[1:] if fact.key in SUFFICES))
    return facts[: SHORT.get(answer.method, 1)]


def _part(key: str, answers: Answers, labels: Labels) -> Iterator[Block]:
    """The blocks of a part: by outcome, then what belongs to all of them."""
    whole = key in ("contrasts", "chance")
    figures = list(wanted_figures(answers, labels))
    for outcome in ("",) if whole else (*answers.wanted.outcomes, ""):
        found = [
            one
            for method in SECTIONS[key]
            for one in answers.of(method)
            if whole or one.outcome == outcome
        ]
        drawn = [kind for kind, of, _ in figures if kind in FIGURES_OF[key] and of == outcome]
        if not (found or drawn):
            continue
        if not whole:
            name = labels.outcome(outcome) if outcome else labels.text("all_outcomes")
            yield Heading(name)
        for kind in sorted(drawn, key=FIGURES_OF[key].index):
            caption = caption_of(answers, kind, outcome, labels)
            yield Figure(figure_key(kind, outcome), caption)
        main = [one for one in found if _is_main(one)]
        rest = [one for one in found if not _is_main(one)]
        if main:
            yield _said(main, labels)
        if rest:
            count = labels.words.number(len(rest))
            yield Fold(labels.text("more", count=count), (_said(rest, labels),))


def _is_main(answer: AnalysisAnswer) -> bool:
    """Whether an answer is read without unfolding: differences, and what is of all regimes."""
    if answer.method in ("contrasts", "cart", "variance", "pawn", "response"):
        return False
    if answer.method == "prim" and "box" not in answer.finding.data:
        return False  # it is nearly always or never so
    return answer.against is not None or answer.regime is None


def _said(found: Sequence[AnalysisAnswer], labels: Labels) -> Sentences:
    tell, name = labels.teller(markup=True), labels.words.name
    items = ((f"{name('method', one.method)}.", tell.sentence(*one.finding.facts)) for one in found)
    return Sentences(tuple(items), "said")


def _cannot(answers: Answers, labels: Labels) -> Section:
    """What the design leaves open, what the sample is too small for, what holds for all reports."""
    study, tell, words = answers.study, labels.teller(markup=True), labels.words
    blocks: list[Block] = [listed((tell.sentence(f) for f in what_it_cannot_tell(study)), "limits")]
    weak = _weak(answers, labels)
    not_done = [tell.sentence(fact) for fact in reasons(answers.not_done)]
    for key, told in (("weak", weak), ("not_done", not_done)):
        if told:
            blocks += [Note(words.markup(key)), listed(told)]
    several = study.worlds is not None and len(study.worlds) > 1
    blocks.append(Sentences(limits(several, labels.language), "limits"))
    return Section("cannot", labels.text("cannot"), tuple(blocks))


def _failures(answers: Answers, labels: Labels) -> Section:
    """The runs that failed."""
    frame, words = answers.frame, labels.words
    failed = frame[~frame["status"].isin(("done", "ok"))].head(MOST_FAILURES)
    heading = labels.text("failures")
    if not len(failed):
        return section("failures", heading, Note(labels.text("none_failed")))
    key = "failed_first" if answers.failed > MOST_FAILURES else "failed"
    heads = [words(h) for h in ("report.table_regime", "point", "replicate", "seed", "message")]
    rows = tuple(
        row(
            labels.regime(str(each["regime"])),
            Cell(name=str(each["point_id"])),
            str(each["replicate"]),
            str(each["seed"]),
            str(each.get("message") or ""),
        )
        for each in failed.to_dict("records")
    )
    count = words.number(answers.failed)
    table = Table(heading, columns(heads, (2, 3)), rows)
    return section("failures", heading, Note(words(key, count=count)), table)


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
            labels.words.name("method", method),
            tell.fact(Fact("each_of", parts=tuple(about))) + ".",
        )
        for method, about in names.items()
    ]


def _again(answers: Answers, labels: Labels, command: str) -> Section:
    record, words = answers.record, labels.words
    finished = str((record.get("times") or {}).get("finished") or "")
    facts = [
        *made_with(words, record),
        (words("k_study_digest"), str(record.get("study_digest", ""))),
        (words("k_seed_points"), str(answers.study.seed)),
        (words("k_seed_resampling"), str(answers.wanted.seed)),
        (
            words("report.k_finished"),
            words.moment(finished) if finished else words("not_finished"),
        ),
        (words("report.k_files"), words("files")),
    ]
    return again(words, [str(record.get("command") or ""), command], words("same_numbers"), facts)
