"""What a notebook shows of a result: the answer of its report, the first figure and table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from velfaerd_sim import in_force
from velfaerd_sim.inputs.checks import one_of
from velfaerd_sim.reporting.figures import comparison as drawing
from velfaerd_sim.reporting.figures.comparison import Drawn
from velfaerd_sim.reporting.pages import comparison
from velfaerd_sim.reporting.pages.blocks import (
    Block,
    Code,
    Figure,
    Fold,
    Note,
    Page,
    Section,
    Table,
    columns,
    row,
)
from velfaerd_sim.reporting.pages.decisions import advice, place, trial, value
from velfaerd_sim.reporting.pages.frame import page_of, section
from velfaerd_sim.reporting.pages.writing import html
from velfaerd_sim.studies.advise.advising import Advice
from velfaerd_sim.studies.compare.comparison import Comparison
from velfaerd_sim.studies.place.place import PlaceStudy
from velfaerd_sim.studies.run.single import Run
from velfaerd_sim.studies.sweep.plan import study_of
from velfaerd_sim.studies.sweep.sweeping import Sweep
from velfaerd_sim.studies.trial.plan import Trials
from velfaerd_sim.studies.value.valuing import Valuation
from velfaerd_sim.telling.advice import AdviceWords
from velfaerd_sim.telling.place.words import place_words
from velfaerd_sim.telling.reading import results_of
from velfaerd_sim.telling.trial_words import TrialWords
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import LANGUAGES, Words

Whole = tuple[Page, Callable[[str], Iterable[Drawn]]]
"""The page of a result, and what draws a figure of it by its key."""

_MOST_ROWS, _MOST_OUTCOMES = 12, 4
TEMPLATE = "inline.html"


def shown(result: Any, language: str = "en") -> str:
    """A result as HTML for a notebook. Raises InputError for an unknown language."""
    one_of(language, "language", LANGUAGES)
    with in_force.reading(result.study):
        page, draw = _VIEWS[type(result)](result, language)
        page = _short(page)
        return html(page, [each for key in page.figures for each in draw(key)], TEMPLATE)


def _short(page: Page) -> Page:
    """A page with its answer, its first figure and its first table."""
    answer = [part for part in page.sections if part.id == "answer"]
    blocks = [block for part in page.sections if part not in answer for block in _flat(part.blocks)]
    figures = [block for block in blocks if isinstance(block, Figure)]
    tables = [block for block in blocks if isinstance(block, Table)]
    kept: list[Block] = [*figures[:1]]
    kept += [replace(each, most=_MOST_ROWS) for each in tables[:1]]
    return replace(page, sections=(*answer, section("shown", "", *kept)))


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Fold):
            yield from _flat(block.blocks)
        else:
            yield block


def _compared(found: Comparison, language: str) -> Whole:
    names = ("series", "levels", "effects", "bands", "groups", "staff_hours", "worlds", "theories")
    frames = {name: getattr(found, name) for name in names}
    results = results_of(found.study, frames, language)
    return comparison.page(results), lambda key: [drawing.draw(results, key)]


def _ran(found: Run, language: str) -> Whole:
    results = results_of(found.study, {"series": found.series}, language)
    return comparison.page(results), lambda key: [drawing.draw(results, key)]


def _placed(found: PlaceStudy, language: str) -> Whole:
    if found.moves.empty:
        return _unfinished(found.study, language)
    words = place_words(language)
    return place.page(found, words), lambda _: place.drawn(found, words)


def _advised(found: Advice, language: str) -> Whole:
    if not found.complete:
        return _unfinished(found.study, language)
    told = AdviceWords(found, language)
    return advice.page(told), lambda _: [advice.drawn(told)]


def _valued(found: Valuation, language: str) -> Whole:
    if not found.complete:
        return _unfinished(found.study, language)
    tell = ValueTeller(found, Words(language, *value.FILES))
    return value.page(found, language), lambda _: value.drawn(tell)


def _tried(found: Trials, language: str) -> Whole:
    if found.power is None:
        return _unfinished(found.study, language)
    told = TrialWords(found.asked, found.power, Words(language, *trial.FILES))
    return trial.page(found.study, told), lambda _: [trial.drawn(found, told)]


def _swept(found: Sweep, language: str) -> Whole:
    """A sweep before it is analysed: how much is there, and the mean of each regime."""
    words = Words(language, "sweep")
    counts = [words("shown_runs", done=words.number(found.done), new=words.number(found.new))]
    if found.failed:
        counts.append(words("shown_failed", count=words.number(found.failed)))
    table = _means(found.frame(), words)
    following = Code((f"velfaerd analyse {found.folder}", f"velfaerd report {found.folder}"))
    sections = [section("answer", "", Note(words("shown_next")), following)]
    sections.append(section("means", words("shown_means"), table))
    title = study_of(found.study).title(language)
    page = page_of(
        words, found.study, title, words("shown_eyebrow"), counts, sections, words("conditional")
    )
    return page, lambda _: ()


def _means(runs: pd.DataFrame, words: Words) -> Table | None:
    """The mean of the first outcomes over all runs that were done, by regime."""
    done = runs[runs["status"] == "done"]
    names = [name for name in map(str, runs) if name.startswith("outcome.")]
    names = [name for name in names if name.count(".") == 1]
    names = names[:_MOST_OUTCOMES]
    if done.empty or not names:
        return None
    means = done.groupby("regime", sort=False, observed=True)[names].mean()
    rows = [
        row(
            words.name("regime", str(regime)),
            *(words.number(each, 3) for each in means.loc[regime]),
        )
        for regime in means.index
    ]
    labels = [words.name("outcome", name.partition(".")[2]) for name in names]
    heads = columns([words("shown_regime"), *labels], range(1, len(names) + 1))
    return Table(words("shown_means"), heads, tuple(rows), words("shown_means"))


def _unfinished(record: dict[str, Any], language: str) -> Whole:
    """A study that was stopped before it had something to tell."""
    words = Words(language, "studies")
    parts: list[Section] = [section("answer", "", Note(words("not_done_what")))]
    if record.get("command"):
        parts[0] = replace(parts[0], blocks=(*parts[0].blocks, Code((str(record["command"]),))))
    return page_of(words, record, "", "", (), parts, ""), lambda _: ()


_VIEWS: dict[type, Callable[[Any, str], Whole]] = {
    Comparison: _compared,
    Run: _ran,
    Sweep: _swept,
    PlaceStudy: _placed,
    Advice: _advised,
    Valuation: _valued,
    Trials: _tried,
}
"""By the class of the result."""
