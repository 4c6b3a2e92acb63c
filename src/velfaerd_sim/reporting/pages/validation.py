"""The page of validation: what does not fit first, then targets, held-out patterns, scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import Thing
from velfaerd_sim.analysis.fit import (
    SURE,
    facts,
    groups_table,
    held_out_table,
    scale_table,
    targets_table,
)
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.instruments.time_steps import STAYS
from velfaerd_sim.reporting.figures import fit as plots_fit
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.drawing import ruler_figure
from velfaerd_sim.reporting.figures.targets import validated_rows
from velfaerd_sim.reporting.files import csv_text, write_whole
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Figure,
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
from velfaerd_sim.reporting.pages.frame import again, answer, made_with, page_of, section
from velfaerd_sim.reporting.pages.readings import (
    figure_text,
    interval_text,
    pattern_label,
    published_text,
    role_text,
    target_label,
    unit_text,
    value_text,
)
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.validate.validating import Validation, load_validation
from velfaerd_sim.telling.facts import Teller, within_sentence
from velfaerd_sim.telling.precision import each_alone
from velfaerd_sim.telling.short.evidence import of_validation
from velfaerd_sim.telling.sources import source_in
from velfaerd_sim.telling.words import Words

LEAST_SHOWN = 0.02
"""A share of its level below which a difference between scales is left out of the table."""


@dataclass(frozen=True)
class Tables:
    """What a validation found, as in its CSV files; worlds: how many, 0 for the defaults alone."""

    targets: pd.DataFrame
    held_out: pd.DataFrame
    scale: pd.DataFrame
    worlds: int = 0
    worlds_name: str = ""


def tables_of(study: Validation) -> Tables:
    """The tables of a study."""
    worlds = ("", 0) if study.worlds is None else (study.worlds.name, len(study.worlds))
    tables = targets_table(study), held_out_table(study), scale_table(study)
    return Tables(*tables, worlds[1], worlds[0])


def write_validation_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the report of a study in a folder; gives its path. It takes no time to be told of.

    Raises InputError where the study did not run to its end, StorageError where the disk fails.
    """
    return write_validation(load_validation(folder), folder, language, brief)[0]


def write_validation(
    study: Validation, folder: str | Path, language: str = "en", brief: bool = False
) -> tuple[Path, list[str]]:
    """Write the page, the figures and the tables of a study; gives the page and its sentences.

    Files: targets.csv, groups.csv, held_out.csv, scale.csv, report.html, figures/. Raises
    StorageError where the disk fails.
    """
    found, words = tables_of(study), Words(language, "evidence")
    frames = {"targets": found.targets, "groups": groups_table(found.targets)}
    frames |= {"held_out": found.held_out, "scale": found.scale}
    for name, frame in frames.items():
        write_whole(Path(folder) / f"{name}.csv", csv_text(frame).encode())
    drawn = _draw(study, found, words)
    return write_page(Path(folder), page(study.study, found, language), drawn, brief), told(
        found, words
    )


def told(found: Tables, words: Words) -> list[str]:
    """What a validation found in sentences, misfits first."""
    labels, published = {}, {}
    for each in found.held_out.to_dict("records"):
        id = str(each["id"])
        labels[id] = pattern_label(id, words, str(each["label"]))
        published[id] = published_text(id, words, str(each["figure"]))
    tell = Teller(words.within("findings"), partial(_called, labels, published, words))
    said = facts(found.targets, found.held_out, found.scale, found.worlds)
    return [tell.sentence(fact) for fact in said]


def _called(
    labels: Mapping[str, str], published: Mapping[str, str], words: Words, thing: Thing
) -> str:
    """What a target, a held-out figure, what is published of it, an outcome, ... is called."""
    if thing.kind == "figure":
        return labels.get(thing.name) or words.name("target", thing.name)
    if thing.kind == "published":
        return published[thing.name]
    if thing.kind == "unit":
        return words.unit(thing.name)
    return within_sentence(words.name(thing.kind, thing.name))


def page(record: Mapping[str, Any], found: Tables, language: str = "en") -> Page:
    """The page of a validation, from its record and its tables."""
    words = Words(language, "evidence")
    where = words("valid_no_worlds")
    if found.worlds:
        where = words.count(found.worlds, "valid_worlds", name=found.worlds_name)
    meta = [where, words.count(record["counts"]["done"], "readings_of")]
    more = section(
        "more",
        words("valid_answer"),
        listed(told(found, words)),
        _numbers(found, words),
        Note(words("valid_note"), "small"),
        Note(missing, "small") if (missing := _missing(found.targets, words)) else None,
    )
    runs = record["counts"]["done"]
    short = of_validation(words, found.targets, found.held_out, _misfits(found, words), runs)
    end = again(words, [record["command"]], words("again_workers"), made_with(words, record))
    sections = [
        answer(words, short),
        more,
        _targets(found, words),
        _held_out(found, words),
        _scale(found, words),
        end,
    ]
    title, eyebrow = words("valid_title"), words("valid_eyebrow")
    return page_of(words, record, title, eyebrow, meta, sections, words("report_conditional"))


def _misfits(found: Tables, words: Words) -> list[str]:
    """What does not fit, by name: figures, the worst first, then contradicted patterns."""
    off = found.targets[~found.targets["inside"]]
    off = off.reindex(off["distance"].abs().sort_values(ascending=False, kind="stable").index)
    names = [
        target_label(str(each["id"]), words, str(each["label"])) for each in off.to_dict("records")
    ]
    held = found.held_out
    contradicted = held[held["verdict"] == "outside"] if len(held) else held
    for each in contradicted.to_dict("records"):
        names.append(pattern_label(str(each["id"]), words, str(each["label"])))
    return names


def _missing(targets: pd.DataFrame, words: Words) -> str:
    """Figures that nobody is left to be asked for in some worlds, in a sentence; '' for none."""
    if "missing" not in targets:  # written by an earlier version
        return ""
    some = targets[targets["missing"] > 0].to_dict("records")
    told = [
        words(
            "valid_missing_one",
            figure=target_label(str(each["id"]), words, str(each["label"])),
            count=words.number(int(each["missing"])),
        )
        for each in some
    ]
    return words("valid_missing", figures=words.listed(told)) if told else ""


def _numbers(found: Tables, words: Words) -> Numbers:
    """How many figures, patterns and levels are as they should be."""
    targets, held, scale = found.targets, found.held_out, found.scale
    asked = held[held["verdict"].isin(["inside", "outside"])]
    counted = [
        ("valid_fit", targets[targets["role"] == "fit"]["inside"]),
        ("valid_other", targets[targets["role"] == "validation"]["inside"]),
        ("valid_held", asked["verdict"] == "inside"),
        ("valid_scale", scale["notable"]),
    ]
    items = [
        (words.number(int(each.sum())), words(key, count=words.number(len(each))))
        for key, each in counted
        if len(each)
    ]
    return Numbers(tuple(items))


def _targets(found: Tables, words: Words) -> Section:
    middle = words("middle_worlds" if found.worlds else "middle_seeds")
    heads = ("figure", "published", "defaults", "median", middle, "inside", "off", "unit")
    known = [words(head) if words.has(head) else head for head in heads]
    rows = [_target_row(each, words) for each in found.targets.to_dict("records")]
    heading = words("targets_head")
    table = Table(
        heading, columns(known, (1, 2, 3, 4, 6)), tuple(rows), words("targets_note"), "numbers"
    )
    return section("targets", heading, Figure("targets", words("targets_caption")), table)


def _target_row(each: Mapping[Any, Any], words: Words) -> Row:
    unit, id = str(each["unit"]), str(each["id"])
    median, low = float(each["median"]), float(each["from_"])
    return row(
        Cell(
            target_label(id, words, str(each["label"])),
            small=f"{each['group']} ({role_text(str(each['role']), words)})",
        ),
        Cell(interval_text(each["low"], each["high"], unit, words), key=float(each["low"])),
        Cell(figure_text(each["at_defaults"], unit, words), key=float(each["at_defaults"])),
        Cell(figure_text(median, unit, words), key=median),
        Cell(interval_text(low, each["to"], unit, words), key=low),
        words("yes" if each["inside"] else "no"),
        Cell(words.number(each["distance"], 1, signed=True), key=float(each["distance"])),
        unit_text(unit, words),
        id=id,
        look="" if each["inside"] else "bad",
    )


def _held_out(found: Tables, words: Words) -> Section | None:
    if not len(found.held_out):
        return None
    heads = ("pattern", "published", "median", "middle_worlds", "verdict", "unit")
    rows = [_pattern_row(each, words) for each in found.held_out.to_dict("records")]
    heading = words("held_head")
    named = [words(head) for head in heads]
    table = Table(heading, columns(named, (2, 3)), tuple(rows), words("held_note"), "numbers")
    return section("held-out", heading, Figure("held_out", words("held_caption")), table)


def _pattern_row(each: Mapping[Any, Any], words: Words) -> Row:
    id, unit, verdict = str(each["id"]), str(each["unit"]), str(each["verdict"])
    published = published_text(id, words, str(each["figure"]))
    source = source_in(words.language, str(each["source"] or ""))
    if source and source != "nan":
        published = words("published_by", published=published, source=source)
    return row(
        pattern_label(id, words, str(each["label"])),
        published,
        Cell(figure_text(each["median"], unit, words), key=float(each["median"])),
        Cell(interval_text(each["from_"], each["to"], unit, words), key=float(each["from_"])),
        words(f"verdict_{verdict.replace(' ', '_')}"),
        unit_text(unit, words),
        id=id,
        look={"inside": "", "outside": "bad"}.get(verdict, "weak"),
    )


def _scale(found: Tables, words: Words) -> Section | None:
    table = found.scale
    shown = table[table["notable"] | (table["relative"].abs() > LEAST_SHOWN)]
    if not len(table):
        return None
    heads = ("scale_outcome", "scale_scale", "scale_level", "difference", "interval")
    named = [words(head) for head in (*heads, "scale_relative")]
    rows = [_scale_row(each, words) for each in shown.to_dict("records")]
    note = words(
        "scale_note",
        notable=words.percent(0.03),
        shown=words.percent(LEAST_SHOWN),
        stays="; ".join(words(f"stays.{name}") for name in STAYS),
    )
    note += " " + each_alone(words, len(table), SURE)
    heading = words("scale_head")
    made = Table(heading, columns(named, range(2, 6)), tuple(rows), note, "numbers")
    return section("scale", heading, made)


def _scale_row(each: Mapping[Any, Any], words: Words) -> Row:
    numbers = [float(each[name]) for name in ("level", "difference", "low", "high")]
    level, difference, low, high = (value_text(value, words) for value in numbers)
    return row(
        words.name("outcome", str(each["outcome"])),
        words.name("condition", str(each["condition"])),
        Cell(level, key=numbers[0]),
        Cell(difference, key=numbers[1]),
        Cell(words("interval_of", low=low, high=high), key=numbers[2]),
        Cell(words.percent(each["relative"], 1, signed=True), key=float(each["relative"])),
        id=f"{each['outcome']} {each['condition']}",
        look="bad" if each["notable"] else "",
    )


def _draw(study: Validation, found: Tables, words: Words) -> list[Drawn]:
    values = {"version": study.study["package"]["version"], "fingerprint": study.fingerprint[:16]}
    small = words("small_print", **values)
    drawn = []
    with style.styled():
        for key, made, caption in (
            ("targets", ruler_figure(validated_rows(found.targets, words)), "targets_caption"),
            ("held_out", plots_fit.held_out(found.held_out, words), "held_caption"),
        ):
            style.small_print(made, small)
            style.localise(made, words)
            drawn.append(rendered(made, key, words(caption)))
    return drawn
