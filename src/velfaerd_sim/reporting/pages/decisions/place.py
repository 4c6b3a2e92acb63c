"""The page of a place: what each figure taught, how far the answers move, how sure they are."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.places import LEVER
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.decisions.place import answer_rows, answers_figure
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Code,
    Figure,
    Note,
    Page,
    Row,
    Section,
    Sentences,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.frame import again, answer, made_with, page_of, section
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.place.place import PlaceStudy, load_place_study
from velfaerd_sim.telling.place.words import (
    SHOWN,
    better_share,
    figure_name,
    figure_text,
    in_short,
    place_words,
    regime_name,
    shape_of,
)
from velfaerd_sim.telling.short.comparing import of_place
from velfaerd_sim.telling.words import Words

FIGURE = "answers"


def write_place_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the page of a place; gives its path. It takes no time to be told of.

    Raises InputError where the study is not done, StorageError where the disk fails.
    """
    found = load_place_study(folder)
    words = place_words(language)
    return write_page(Path(folder), page(found, words), drawn(found, words), brief)


def drawn(found: PlaceStudy, words: Words) -> list[Drawn]:
    """The figure of the answers."""
    with style.styled():
        made = answers_figure(answer_rows(found.moves, found.study, words.language))
        style.localise(made, words)
        return [rendered(made, FIGURE, words("answers_caption"))]


def page(found: PlaceStudy, words: Words) -> Page:
    """The page of a study of a place."""
    record, place = found.study, found.place
    simulated = words.number(found.scenario.adults)
    true = found.scenario.adults if place.town is None else place.town.adults
    meta = [
        words("meta_adults", count=words.number(true), simulated=simulated),
        words("meta_worlds", count=words.number(record["design"]["worlds"]["number"])),
        words.duration(found.scenario.months),
    ]
    short = in_short(words, record, found.learned, found.moves)
    sections = [
        answer(words, of_place(words, record, found.learned, found.moves, found.effects)),
        section("more", words("short.more"), listed(short)),
        _figures(found, words),
        _today(found, words),
        _answers(found, words),
        _taught(found, words),
        _use(found, words),
        _limits(found, words),
        again(
            words, [record["command"]], words("evidence.again_workers"), made_with(words, record)
        ),
    ]
    title, eyebrow = words("title", name=place.name), words("eyebrow")
    return page_of(words, record, title, eyebrow, meta, sections, words("conditional"))


def _figures(found: PlaceStudy, words: Words) -> Section | None:
    hours = found.place.hours
    note = None
    if hours is not None:
        value, low, high = (words.number(each, 1) for each in hours)
        usual = words.number(BY_NAME[LEVER].default, 0)
        note = Note(words("hours_note", value=value, interval=f"{low}–{high}", usual=usual))
    if found.learned.empty and note is None:
        return None
    heading, table = words("figures_head"), None
    if not found.learned.empty:
        heads = ("figure_name", "stated", "in_nation", "in_place", "n_eff", "reach")
        rows = tuple(_figure(each, words) for each in found.learned.to_dict("records"))
        head = columns([words(one) for one in heads], range(1, 5))
        table = Table(heading, head, rows, words("figures_note"))
    return section("figures", heading, table, note)


def _figure(each: Mapping[Any, Any], words: Words) -> Row:
    id = str(each["figure"])

    def shown(name: str) -> Cell:
        ends = figure_text(words, id, float(each[f"{name}_low"]), float(each[f"{name}_high"]))
        return Cell(figure_text(words, id, float(each[name])), small=ends, key=float(each[name]))

    within = bool(each["within_reach"])
    closest = words("closest", value=figure_text(words, id, float(each["closest"])))
    left = float(each["n_eff"])
    return row(
        figure_name(words, id),
        *(shown(name) for name in ("stated", "national", "reached")),
        Cell(words.number(left), key=left),
        words("yes") if within else closest,
        id=id,
        look="" if within else "bad",
    )


def _today(found: PlaceStudy, words: Words) -> Section:
    governing = found.place.governing
    name = regime_name(words, found.study, governing.regime.name)
    usual = REGIMES[STATUS_QUO].instruments
    rows = tuple(
        row(
            words.name("instrument", instrument),
            Cell(words.number(value, 2), key=value),
            Cell("± " + words.number(sd, 2) if sd else words.number(None), key=sd),
            Cell(words.number(common, 2), key=common),
            id=instrument,
        )
        for instrument, value, sd, common in zip(
            INSTRUMENTS, governing.regime.instruments, governing.sd, usual, strict=True
        )
    )
    heads = [words(one) for one in ("instrument", "value_today", "uncertain", "status_quo")]
    heading = words("today_head")
    table = Table(heading, columns(heads, range(1, 4)), rows, words("today_note"))
    return section("today", heading, Note(words("today_is", name=name)), table)


def _answers(found: PlaceStudy, words: Words) -> Section:
    rows = []
    for outcome in SHOWN:
        own = found.moves[found.moves["outcome"] == outcome]
        halves = list((own["moved_high"] - own["moved_low"]) / 2.0)
        shape = shape_of(outcome, halves, words.language)
        for each in own.to_dict("records"):
            cells = []
            for what in ("national", "place", "moved"):
                value, low, high = (float(each[f"{what}{end}"]) for end in ("", "_low", "_high"))
                text = shape.difference_interval(low, high)
                cells.append(Cell(shape.difference(value), small=text, key=value))
            share = better_share(outcome, float(each["place_share_positive"]))
            rows.append(
                row(
                    words.name("outcome", outcome),
                    regime_name(words, found.study, str(each["regime"])),
                    *cells,
                    Cell(words.percent(share), key=share),
                    id=f"{outcome} {each['regime']}",
                )
            )
    heads = ("of_what", "regime", "of_nation", "of_place", "how_far", "better_in")
    heading = words("answers_head")
    head = columns([words(one) for one in heads], range(2, 6))
    table = Table(heading, head, tuple(rows), words("answers_note"))
    return section("answers", heading, Figure(FIGURE, words("answers_caption")), table)


def _taught(found: PlaceStudy, words: Words) -> Section | None:
    if found.taught.empty:
        return None
    rows = tuple(
        row(
            Cell(words.name("parameter", str(each["parameter"])), name=str(each["parameter"])),
            *(
                Cell(
                    words.plain(each[which]),
                    small="± " + words.plain(each[f"{which}_sd"]),
                    key=float(each[which]),
                )
                for which in ("national", "place")
            ),
            Cell(words.number(each["moved"], 2, signed=True), key=float(each["moved"])),
            id=str(each["parameter"]),
        )
        for each in found.taught.to_dict("records")
    )
    heads = [words(one) for one in ("parameter", "in_nation", "in_place", "moved_by")]
    heading = words("taught_head")
    table = Table(heading, columns(heads, range(1, 4)), rows, words("taught_note"), most=30)
    return section("taught", heading, table)


def _use(found: PlaceStudy, words: Words) -> Section:
    folder = shlex.quote(str(found.folder))
    lines = (
        f"velfaerd compare {folder}/today.toml facilitative_dialogue "
        f"--scenario {folder}/scenario.toml --worlds {folder} --out results/place",
        f"velfaerd verify {folder}",
    )
    return section("use", words("use_head"), Code(lines), Note(words("use_note")))


def _limits(found: PlaceStudy, words: Words) -> Section:
    names = ["limit_today", "limit_levels"]
    if found.study.get("learned", {}).get("moved"):
        names.append("limit_worlds")
    items = tuple(("", words(name)) for name in names)
    return section("limits", words("limits_head"), Sentences(items))
