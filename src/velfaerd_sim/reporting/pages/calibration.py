"""The report of a calibration: what does not fit first, then targets, parameters, trade-offs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.analysis.calibration import (
    SIX_ROUTES,
    Findings,
    effective,
    facts,
    groups_inside,
    read_calibration,
)
from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.reporting.figures import calibration as plots
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.drawing import ruler_figure
from velfaerd_sim.reporting.figures.targets import calibrated_rows
from velfaerd_sim.reporting.files import write_table
from velfaerd_sim.reporting.pages.blocks import (
    Block,
    Cell,
    Figure,
    Fold,
    Note,
    Numbers,
    Page,
    Row,
    Section,
    Table,
    columns,
    listed,
    row,
)
from velfaerd_sim.reporting.pages.frame import (
    again,
    answer,
    cannot_tell,
    made_with,
    page_of,
    section,
)
from velfaerd_sim.reporting.pages.readings import (
    between,
    figure_text,
    interval_text,
    role_text,
    target_label,
    unit_text,
    value_text,
)
from velfaerd_sim.reporting.pages.recovery import beside
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.calibrate.plausibility import IDENTIFIED, PARTLY, PRIOR
from velfaerd_sim.telling.facts import told
from velfaerd_sim.telling.short.evidence import of_calibration
from velfaerd_sim.telling.words import Words

TABLES = "tables"
SAMPLING = "Murray, Adams & MacKay 2010"
"""Where the method is described."""
FIGURES = ("targets", "routes", "others", "shrinkage", "pairs")
_ENDS = ("q05", "q50", "q95")
STANDINGS = {IDENTIFIED: "identified", PARTLY: "partly", PRIOR: "prior"}
"""The standing of a parameter, as the table has it -> its key in the catalogue."""


@dataclass(frozen=True)
class Tables:
    """What a calibration found: its record, and its tables as in `tables/`."""

    record: Mapping[str, Any]
    targets: pd.DataFrame
    parameters: pd.DataFrame
    pairs: pd.DataFrame
    effects: pd.DataFrame


def write_tables(found: Findings) -> list[Path]:
    """Write the tables beside the calibration; gives the paths of the CSV files.

    Raises StorageError where the disk fails.
    """
    names = ("targets", "parameters", "pairs", "effects")
    tables = {name: getattr(found, name) for name in names}
    return [write_table(table, found.folder / TABLES, name) for name, table in tables.items()]


def write_calibration_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the report, figures and tables of a calibration into its folder; gives its path.

    Raises as `read_calibration`, and StorageError where the folder cannot be written.
    """
    found = read_calibration(folder)
    write_tables(found)
    tables = Tables(found.record, found.targets, found.parameters, found.pairs, found.effects)
    drawn = draw_calibration(found, language, progress)
    return write_page(folder, page(tables, folder, language), drawn, brief)


def draw_calibration(
    found: Findings, language: str = "en", progress: Progress | None = None
) -> list[Drawn]:
    """Draw all figures of a calibration."""
    words = Words(language, "evidence")
    drawn: list[Drawn] = []
    with style.styled():
        made = [
            (key, ruler_figure(calibrated_rows(rows, words, words(f"cal_ax_{key}"))))
            for key, rows in figure_rows(found.targets).items()
            if len(rows)
        ]
        made.append(("shrinkage", plots.shrinkage_figure(found, words)))
        if len(found.pairs):
            made.append(("pairs", plots.pairs_figure(found, words)))
        for number, (key, figure) in enumerate(made, 1):
            style.small_print(figure, _small_print(found, words))
            style.localise(figure, words)
            drawn.append(rendered(figure, key, words(f"cal_caption_{key}")))
            if progress is not None:
                progress(Advance(float(number), float(len(made)), 0, 0))
    return drawn


def figure_rows(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of the figures of published figures, by key."""
    fitted, routes = table["role"] == "fit", table["group"] == SIX_ROUTES
    return {
        "targets": table[fitted & ~routes],
        "routes": table[routes & (table["role"] != "exact")],
        "others": table[(table["role"] == "validation") & ~routes],
    }


def _small_print(found: Findings, words: Words) -> str:
    record, result = found.record, found.result
    return words(
        "cal_small_print",
        version=record["package"]["version"],
        name=found.calibration.name,
        worlds=words.number(result["members"]),
        fingerprint=str(record["fingerprint"])[:16],
    )


def page(found: Tables, folder: Path, language: str = "en") -> Page:
    """The page of a calibration, from its record, its tables, and the test beside it."""
    words, record = Words(language, "evidence"), found.record
    result, table = record["result"], found.targets
    ordered = table.assign(away=-table["outside_by"].abs()).sort_values("away", kind="stable")
    fitted = ordered[ordered["role"] == "fit"]
    short = of_calibration(words, result, fitted, found.parameters)
    more = section(
        "more",
        words("cal_answer"),
        listed(told(facts(result, table, found.parameters), language)),
        _numbers(found, words),
    )
    outside = fitted[~fitted["inside"]]
    misfits: Block = Note(words("cal_all_inside"))
    if len(outside):
        misfits = _figures_table(outside, words, "cal_outside", "cal_outside_note")
    own = ("cal_limit_fitted", "cal_limit_ranges")
    limits = [(words.lines(key)[0], words.lines(key)[1]) for key in own]
    sections = [
        answer(words, short),
        more,
        section("outside", words("cal_outside"), misfits),
        _targets(table, fitted, words),
        _parameters(found, words),
        _effects(found.effects, words),
        beside(folder, words),
        section("method", words("cal_method_head"), Note(words("cal_method", source=SAMPLING))),
        cannot_tell(words, words("cal_cannot"), False, limits),
        _again(record, folder, words),
    ]
    title = words("cal_title", name=record["calibration"]["name"])
    conditional = words("cal_conditional")
    meta = _meta(record, words)
    return page_of(words, record, title, words("cal_eyebrow"), meta, sections, conditional)


def _meta(record: Mapping[str, Any], words: Words) -> list[str]:
    wanted, result = record["calibration"], record["result"]
    counts = {
        "figures": len(wanted["targets"]),
        "parameters": len(wanted["free"]),
        "worlds": result["members"],
        "rounds": wanted["rounds"],
        "round_members": wanted["round_members"],
        "readings": record["counts"]["done"],
        "adults": wanted["adults"],
    }
    values = {key: words.number(count) for key, count in counts.items()}
    return [text.format(**values) for text in words.lines("cal_meta")]


def _numbers(found: Tables, words: Words) -> Numbers:
    """The numbers of a calibration that are read at a glance."""
    result, fitted = found.record["result"], found.targets[found.targets["role"] == "fit"]
    known = int((found.parameters["standing"] != PRIOR).sum())
    items = [
        (words.number(result["members"]), words("calibration_worlds")),
        (words.number(effective(result)), words("calibration_effective")),
        (
            words.number(int(fitted["inside"].sum())),
            words("calibration_inside", fitted=words.number(len(fitted))),
        ),
        (
            words.number(known),
            words("calibration_known", parameters=words.number(len(found.parameters))),
        ),
    ]
    return Numbers(tuple(items))


def _targets(table: pd.DataFrame, fitted: pd.DataFrame, words: Words) -> Section:
    figures = (key for key, rows in figure_rows(table).items() if len(rows))
    drawn = (Figure(key, words(f"cal_caption_{key}")) for key in figures)
    groups = tuple(
        row(
            _group_label(each, table, words),
            Cell(words.number(each["inside"]), key=float(each["inside"])),
            Cell(words.number(each["figures"]), key=float(each["figures"])),
        )
        for each in _rows(groups_inside(table))
    )
    heads = [words(head) for head in ("cal_target", "inside", "cal_figures")]
    note = words("cal_groups_note")
    counted = Table(words("cal_groups"), columns(heads, (1, 2)), groups, note)
    inside, others = fitted[fitted["inside"]], table[table["role"] != "fit"]
    folds = [("cal_inside", inside), ("cal_others", others)]
    folded = (
        _fold(key, len(rows), words, _figures_table(rows, words, key, f"{key}_note"))
        for key, rows in folds
        if len(rows)
    )
    return section("targets", words("fit_head"), *drawn, Note(words("fit_note")), counted, *folded)


def _fold(key: str, count: int, words: Words, *blocks: Block) -> Fold:
    return Fold(f"{words(key)} ({words.number(count)})", blocks)


def _group_label(each: Mapping[str, Any], table: pd.DataFrame, words: Words) -> str:
    """A target by the label of the first of its figures, without what tells that one apart."""
    first = _rows(table[table["group"] == each["group"]])[0]
    label = target_label(first["target"], words, first[f"label_{words.language}"])
    more = words("cal_and_others") if each["figures"] > 1 else ""
    return f"{each['group']} {label.partition(':')[0]}{more}"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in each.items()} for each in table.to_dict("records")]


FIGURE_HEADS = (
    *("figure", "published", "prior_90", "middle_90", "median", "suggested", "defaults"),
    *("sets_inside", "outside_by", "used_for", "unit"),
)


def _figures_table(table: pd.DataFrame, words: Words, title: str, note: str) -> Table:
    heads = [words(head) for head in FIGURE_HEADS]
    rows = tuple(_figure_row(each, words) for each in _rows(table))
    return Table(words(title), columns(heads, range(1, 9)), rows, words(note), "numbers")


def _figure_row(each: Mapping[str, Any], words: Words) -> Row:
    unit, id, away = str(each["unit"]), str(each["target"]), float(each["outside_by"])

    def one(name: str) -> Cell:
        return Cell(figure_text(each[name], unit, words), key=float(each[name]))

    def two(low: str, high: str) -> Cell:
        return Cell(interval_text(each[low], each[high], unit, words), key=float(each[low]))

    return row(
        Cell(target_label(id, words, str(each[f"label_{words.language}"])), name=id),
        two("low", "high"),
        two("prior_05", "prior_95"),
        two("posterior_05", "posterior_95"),
        one("posterior_50"),
        one("suggested"),
        one("defaults"),
        Cell(words.percent(each["share_inside"]), key=float(each["share_inside"])),
        Cell(words.number(away, 1, signed=True) if away else "", key=away),
        role_text(str(each["role"]), words),
        unit_text(unit, words),
        id=id,
        look="" if each["inside"] else "bad",
    )


def _parameters(found: Tables, words: Words) -> Section:
    table = found.parameters
    counts = table["standing"].value_counts()
    told_of = [
        words.count(int(counts.get(name, 0)), f"cal_count_{key}") for name, key in STANDINGS.items()
    ]
    known, idle = table[table["standing"] != PRIOR], table[table["standing"] == PRIOR]
    heads = ("parameter", "spread", "standing", "range", "middle_90", "median", "default")
    named = [words(head) for head in (*heads, "suggested", "unit")]
    rows = tuple(_parameter_row(each, words) for each in _rows(known))
    heading = words("parameters_head")
    note = words("cal_parameters_note")
    made = Table(heading, columns(named, (1, 3, 4, 5, 6, 7)), rows, note, "numbers")
    names = ", ".join(words.name("parameter", str(each["parameter"])) for each in _rows(idle))
    pairs = [each for each in _rows(found.pairs) if each["shown"]]
    drawn = [Figure("shrinkage", words("cal_caption_shrinkage"))]
    if len(found.pairs):
        drawn.append(Figure("pairs", words("cal_caption_pairs")))
    return section(
        "parameters",
        heading,
        Note(words("cal_standings", counts="; ".join(told_of))),
        *drawn,
        _fold("cal_known", len(known), words, made) if len(known) else None,
        _fold("cal_idle", len(idle), words, Note(names, "small")) if len(idle) else None,
        _fold("cal_pairs", len(pairs), words, _pairs_table(pairs, words)) if pairs else None,
    )


def _parameter_row(each: Mapping[str, Any], words: Words) -> Row:
    name, unit = str(each["parameter"]), str(each["unit"])

    def one(column: str) -> Cell:
        return Cell(value_text(each[column], words), key=float(each[column]))

    def two(low: str, high: str) -> Cell:
        first, last = (value_text(each[end], words) for end in (low, high))
        return Cell(between(first, last, words), key=float(each[low]))

    return row(
        Cell(words.name("parameter", name), name=name),
        Cell(words.number(each["spread"], 2), key=float(each["spread"])),
        words(f"standing_{STANDINGS[str(each['standing'])]}"),
        two("low", "high"),
        two("posterior_05", "posterior_95"),
        one("posterior_50"),
        one("default"),
        one("suggested"),
        words.unit(unit),
        id=name,
    )


def _pairs_table(pairs: Sequence[Mapping[str, Any]], words: Words) -> Table:
    rows = tuple(
        row(
            words.name("parameter", str(each["first"])),
            words.name("parameter", str(each["second"])),
            Cell(words.number(each["correlation"], 2, signed=True), key=float(each["correlation"])),
        )
        for each in pairs
    )
    heads = [words(head) for head in ("cal_first", "cal_second", "cal_correlation")]
    return Table(words("cal_pairs"), columns(heads, (2,)), rows, words("cal_pairs_note"))


def _effects(table: pd.DataFrame, words: Words) -> Section | None:
    """What governance does in the worlds: facilitative dialogue minus the status quo."""
    if not len(table):
        return None
    rows = tuple(
        row(
            words.name("outcome", str(each["outcome"])),
            *(Cell(words.number(each[q], 3, signed=True), key=float(each[q])) for q in _ENDS),
            Cell(words.percent(each["share_above"]), key=float(each["share_above"])),
            id=str(each["outcome"]),
        )
        for each in _rows(table)
    )
    heads = ("cal_outcome", "cal_low_90", "median", "cal_high_90", "cal_above")
    made = columns([words(head) for head in heads], range(1, 5))
    heading = words("cal_effects")
    return section("effects", heading, Table(heading, made, rows, words("cal_effects_note")))


def _again(record: Mapping[str, Any], folder: Path, words: Words) -> Section:
    commands = [str(record.get("command") or ""), shlex.join(["velfaerd", "report", str(folder)])]
    minutes = float(record["times"]["seconds"]) / 60.0
    own = [
        (words("report.k_seed"), str(record["calibration"]["seed"])),
        (words("cal_failed"), ", ".join(map(str, record["result"]["failed"]))),
        (words("cal_work"), words("cal_minutes", count=words.number(minutes, 1))),
        (words("report.k_files"), words("cal_files")),
    ]
    text = words("again_workers")
    return again(words, commands, text, [*made_with(words, record), *own])
