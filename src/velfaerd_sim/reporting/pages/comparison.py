"""The report of a run or a comparison: the answer, then tables, figures and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.reporting.figures.comparison import figures_of
from velfaerd_sim.reporting.figures.effects import SHOWN
from velfaerd_sim.reporting.pages import tables
from velfaerd_sim.reporting.pages.blocks import (
    Block,
    Figure,
    Fold,
    Heading,
    Note,
    Page,
    Section,
    Sentences,
    listed,
)
from velfaerd_sim.reporting.pages.frame import again, answer, page_of, section
from velfaerd_sim.telling import in_worlds
from velfaerd_sim.telling.precision import decided, each_alone, failed, pairing
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.sentences import Writer
from velfaerd_sim.telling.short.comparing import of_comparison
from velfaerd_sim.telling.sources import source_in
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.turning import turn_sentence, turns
from velfaerd_sim.telling.wording import Wording


def page(results: Results) -> Page:
    """The page of a run or comparison."""
    writer = Writer(results)
    drawn = set(figures_of(results))
    study, words = results.study, writer.words
    values = _values(results, writer)
    compared = results.compares
    sections: list[Section | None] = [*_answer(writer), _question(results, writer, values)]
    sections += _compared(results, writer, drawn) if compared else _ran(results, writer, drawn)
    if "towns" in drawn:
        sections.append(section("towns", words("h_towns"), _figure(results, writer, "towns")))
    sections += [_assumptions(results, writer), _limits(results, words("h_limits"))]
    sections.append(_again(results, writer))
    title = words("title")
    eyebrow = words("eyebrow", count=words.number(len(results.regimes)))
    if not compared:
        title = words("title_run", regime=results.label(results.baseline))
        eyebrow = words("eyebrow_run")
    record = {"package": {"version": study.version}, "fingerprint": study.fingerprint}
    meta = _meta(results, writer, values)
    return page_of(words, record, title, eyebrow, meta, sections, words("conditional"))


def _values(results: Results, writer: Writer) -> dict[str, object]:
    """What the texts on how it was done are filled with."""
    scenario, words, towns = results.study.scenario, writer.words, len(results.study.scenario.towns)
    return {
        "adults": words.number(scenario.adults),
        "towns": words("meta_towns", count=words.number(towns)) if towns > 1 else "",
        "years": writer.years(results.months),
        "burn_in": writer.years(scenario.burn_in_months),
        "replicates": words.number(results.study.replicates),
    }


def _meta(results: Results, writer: Writer, values: Mapping[str, object]) -> list[str]:
    replicates, scenario = results.study.replicates, results.study.scenario
    many = "meta_replicates" if replicates > 1 else "meta_one"
    counted = writer.say(many, count=values["replicates"])
    if results.study.worlds is not None:
        counted = in_worlds.meta(writer)
    return [writer.say("meta_world", title=scenario.title(results.language), **values), counted]


def _answer(writer: Writer) -> list[Section]:
    """The answer in short, then in points, with those that are not clearly behind."""
    words, short = writer.words, of_comparison(writer)
    points = tuple((point.catchword, point.text) for point in writer.points())
    told = Sentences(points, "points")
    headline = Note(writer.headline()) if writer.headline() != short.found else None
    return [answer(words, short), section("more", words("short.more"), headline, told)]


def _question(results: Results, writer: Writer, values: Mapping[str, object]) -> Section:
    heading = writer.words("h_question")
    if not results.compares:
        regime = results.baseline
        own = {"regime": writer.name(regime), "summary": results.words[regime].summary}
        return section("question", heading, Note(writer.say("question_run", **own, **values)))
    key = "question_how" if results.study.replicates > 1 else "question_how_one"
    several = results.study.worlds is not None
    how = in_worlds.how(writer, **values) if several else writer.say(key, **values)
    return section("question", heading, Note(writer.words("question")), Note(how))


def _figure(results: Results, writer: Writer, key: str) -> Figure:
    """A figure with its caption."""
    caption = writer.say(caption_key(results, key), baseline=writer.name(results.baseline))
    if key == "time" and results.study.scenario.shocks:
        caption += Markup(" ") + writer.say("f_events")
    if key == "forest" and results.has_intervals:
        caption += " " + together(results, writer, SHOWN)
    return Figure(key, caption)


def together(results: Results, writer: Writer, names: Sequence[str]) -> str:
    """What the differences in these outcomes under all regimes say together."""
    count = len(results.known_outcomes(names)) * len(results.others)
    return each_alone(writer.words, count)


def caption_key(results: Results, key: str) -> str:
    """The text that explains a figure in this study."""
    if key == "time" and not results.towns.empty and not results.compares:
        return "f_time_towns"
    if key == "time" and not results.has_intervals:
        return "f_time_one"
    if key == "towns" and results.compares:
        return "f_towns_compared"
    return f"f_{key}"


def _ran(results: Results, writer: Writer, drawn: set[str]) -> list[Section | None]:
    """What a single run gave."""
    words = writer.words
    first, rest = (tables.course(results, words, names) for names in tables.course_names())
    return [
        section("table", words("h_course"), first, Fold(words("course_rest"), (rest,))),
        section("time", words("h_time"), _figure(results, writer, "time")),
    ]


def _compared(results: Results, writer: Writer, drawn: set[str]) -> list[Section | None]:
    """What a comparison gave."""
    words, baseline = writer.words, writer.name(results.baseline)

    def figures(*keys: str) -> list[Block]:
        return [_figure(results, writer, key) for key in keys if key in drawn]

    caption = "table_caption" if results.has_intervals else "table_caption_one"
    notes = [Note(note, "small") for note in writer.notes(results.order)]
    note = writer.say(caption, baseline=baseline)
    if results.has_intervals:
        note += " " + together(results, writer, tables.OVERVIEW)
    overview = tables.overview(results, words, note)
    sources = tables.sources(results)
    folded = Fold(words("regime_sources"), (Sentences(sources, "facts"),)) if sources else None
    precision = [text for text in (pairing(writer), decided(writer), failed(writer)) if text]
    everything = writer.say("all_outcomes", baseline=baseline)
    return [
        section("table", words("h_table"), overview, *notes),
        section("regimes", words("h_regimes"), tables.regimes(results, words), folded),
        section("time", words("h_time"), *figures("time", "paths")),
        section(
            "differences",
            writer.say("h_differences", baseline=baseline),
            *map(Note, precision),
            *figures("forest"),
            Fold(everything, (tables.all_outcomes(results, words, everything.striptags()),)),
        ),
        section(
            "worlds",
            words("h_worlds"),
            Note(in_worlds.introduction(writer)),
            listed(in_worlds.sentences(writer)),
            *figures("worlds"),
        )
        if "worlds" in drawn
        else None,
        None
        if results.theories.empty
        else section("theories", words("h_theories"), tables.theories(results, words)),
        section(
            "people",
            words("h_people"),
            Note(Markup("{} {}").format(writer.people(), words("people_chance"))),
            *figures("people", "ages"),
        )
        if "people" in drawn
        else None,
        section(
            "cost",
            words("h_cost"),
            Note(Markup("{} {}").format(writer.hours(), words("yield_note"))),
            *figures("benefit", "yield"),
        ),
        _turn(results, writer, figures("turn")),
    ]


def _turn(results: Results, writer: Writer, drawn: list[Block]) -> Section:
    """How the ranking moves with staff hours, where it was run over them."""
    frame, words = results.staff_hours, writer.words
    told = [turn_sentence(writer, turn) for turn in turns(results)]
    intro = writer.say("turn_missing")
    if told and not frame.empty:
        hours = sorted(set(frame["hours_per_1000"]))
        intro = writer.say(
            "turn_intro",
            low=words.plain(hours[0]),
            high=words.plain(hours[-1]),
            count=words.number(len(hours)),
            replicates=words.number(float(frame["replicates"].max())),
        )
    return section("turn", words("h_turn"), Note(intro), listed(told) if told else None, *drawn)


def _assumptions(results: Results, writer: Writer) -> Section:
    """The parameters and events that the results rest on."""
    words, ranges = writer.words, in_worlds.ranges(results)
    names, changed = [p.name for p in PARAMETERS], tables.changed(results)
    assumed = words.number(sum(p.is_assumption for p in PARAMETERS))
    count = words.number(len(names))

    def table(title: str, wanted: list[str]) -> Block:
        return tables.parameters(results, words, title, wanted, ranges)

    blocks: list[Block] = [Note(writer.say("assumptions", assumed=assumed, count=count))]
    if changed:
        blocks += [Heading(words("changed")), table(words("changed"), changed)]
    if results.study.scenario.shocks:
        told = [shock_in_words(writer, each.to_dict()) for each in results.study.scenario.shocks]
        blocks += [Heading(words("shocks")), listed(told)]
    blocks += [Heading(words("levers")), table(words("levers"), tables.levers())]
    blocks += [Heading(words("uncertain")), Note(words("uncertain_note"), "small")]
    blocks.append(table(words("uncertain"), tables.important()))
    articles = (f"{code}: {words(f'article_{code}')}." for code in ARTICLES)
    blocks.append(Note(" ".join(articles), "small"))
    every = words("all_parameters", count=count)
    blocks.append(Fold(every, (table(every, names),)))
    return section("assumptions", words("h_assumptions"), *blocks)


def shock_in_words(words: Wording, content: Mapping[str, Any]) -> Markup:
    """An event from outside with its numbers."""
    values = {
        key: words.words.plain(value) if isinstance(value, int | float) else value
        for key, value in content.items()
    }
    text = words.say(f"shock_{content['kind']}", **values)
    if not content.get("source"):
        return text
    source = source_in(words.language, content["source"])
    return Markup("{} {}").format(text, words.say("shock_source", source=source))


def _limits(results: Results, heading: str) -> Section:
    items = in_worlds.limits(results.in_worlds, results.language)
    return section("limits", heading, Sentences(items, "limits"))


def _again(results: Results, writer: Writer) -> Section:
    study, words = results.study, writer.words
    versions = ", ".join(f"{name} {version}" for name, version in study.dependencies.items())
    files = "files" if results.compares else "files_run"
    files = "files_worlds" if study.worlds is not None else files
    facts = [
        (words("k_version"), f"velfaerd_sim {study.version}"),
        (words("k_digest"), study.source_digest),
        (words("k_fingerprint"), study.fingerprint),
        (words("k_scenario"), f"{study.scenario.name} ({study.scenario.digest()[:16]})"),
        (words("k_seed"), str(study.scenario.seed)),
        (words("k_dependencies"), versions),
        (words("k_finished"), words.moment(study.finished) if study.finished else ""),
        (words("k_plugins"), ", ".join(study.plugins)),
        (words("k_files"), words(files)),
    ]
    return again(words, [study.command], f"{words('again')} {words('again_verify')}", facts)
