"""The page of robustness: which conclusions survive what, the fragile ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import Fact, Thing
from velfaerd_sim.analysis.conclusions import (
    CLEAR,
    LEAST_SHARE,
    MOST_WORLDS,
    SMALLEST,
    TURNS,
    VERDICTS,
    WEAKENS,
    by_conclusion,
    by_condition,
    conclusions,
    facts,
    hardest,
    ranking,
    statement,
    verdicts,
)
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.record import scenario_of
from velfaerd_sim.instruments.conditions import (
    ARROW,
    DEFAULTS,
    GROUP,
    NO,
    NONE_OF,
    THEORY,
    Condition,
    staff_change,
)
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.conclusions import matrix
from velfaerd_sim.reporting.files import csv_text, write_whole
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Column,
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
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.robustness.plan import Robustness, levels, load_robustness
from velfaerd_sim.telling.facts import Teller, capital, within_sentence
from velfaerd_sim.telling.formats import of_unit
from velfaerd_sim.telling.precision import each_alone, lost_runs
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.short.evidence import of_robustness
from velfaerd_sim.telling.words import Words

MOST_SHOWN = 60
"""Conclusions in the table of the report; all stand in the CSV files."""
FIGURE = "conclusions"


@dataclass(frozen=True)
class Tables:
    """What became of the conclusions, as in the CSV files.

    conclusions: of `by_conclusion`; verdicts: a row a conclusion and condition; conditions: of
    `by_condition`; ranking: of `ranking`. The first three are empty where there is no conclusion.
    lost: condition -> runs that ended without volunteers, and all runs, where there were any.
    """

    conclusions: pd.DataFrame
    verdicts: pd.DataFrame
    conditions: pd.DataFrame
    ranking: pd.DataFrame
    lost: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def tables_of(standing: Robustness) -> Tables:
    """The tables of a study."""
    found = conclusions(standing)
    judged = verdicts(standing, found)
    table = by_conclusion(found, judged)
    conditions = pd.DataFrame() if table.empty else by_condition(judged)
    return Tables(table, judged, conditions, ranking(standing), lost_in(levels(standing)))


def lost_in(levels: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """By condition, runs that ended without volunteers, and all runs; only where any did.

    levels: as in levels.csv; older ones do not tell.
    """
    if "lost" not in levels:
        return {}
    sums = levels.groupby("condition", sort=False)[["lost", "draws"]].sum()
    counts = zip(sums.index, sums["lost"], sums["draws"], strict=True)
    return {str(name): (int(lost), int(every)) for name, lost, every in counts if lost}


def write_robustness_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the report of a study in a folder; gives its path. It takes no time to be told of.

    Raises InputError where the study did not run to its end, StorageError where the disk fails.
    """
    return write_robustness(load_robustness(folder), folder, language, brief)[0]


def write_robustness(
    standing: Robustness, folder: str | Path, language: str = "en", brief: bool = False
) -> tuple[Path, list[str]]:
    """Write the page, the figure and the tables of a study; gives the page and its sentences.

    Files: conclusions.csv (a row a conclusion), verdicts.csv (a row a conclusion and condition),
    conditions.csv, ranking.csv, levels.csv (means by condition and regime), report.html, figures/.
    Raises StorageError where the disk fails.
    """
    found, called = tables_of(standing), Called(standing.study, Words(language, "evidence"))
    frames = {"ranking": found.ranking, "levels": levels(standing)}
    drawn: list[Drawn] = []
    if not found.conclusions.empty:
        said = Teller(Words("en", "findings")).fact
        statements = [said(each) for each in _statements(found.conclusions)]
        table = found.conclusions.copy()
        table.insert(0, "statement", statements)
        plain = found.verdicts.drop(columns=["kind", "label"])
        frames |= {"conclusions": table, "verdicts": plain, "conditions": found.conditions}
        drawn = [_draw(standing, found, called)]
    for name, frame in frames.items():
        write_whole(Path(folder) / f"{name}.csv", csv_text(frame).encode())
    made = page(standing.study, found, language)
    return write_page(Path(folder), made, drawn, brief), told(found, called)


class Called:
    """What regimes and conditions of a study are called in one language; short: in a figure."""

    def __init__(self, record: Mapping[str, Any], words: Words) -> None:
        self.words = words
        self.regimes = {
            str(content["name"]): words_of(str(content["name"]), content, words.language).short
            for content in record["regimes"]
        }
        self.baseline = str(record["regimes"][0]["name"])
        scenario = scenario_of(record)
        given = (Condition.from_dict(each) for each in record["design"]["conditions"])
        self.short = {each.name: self._condition(each) for each in given}
        self.conditions = dict(self.short)
        for each in map(Condition.from_dict, record["design"]["conditions"]):
            if (change := staff_change(scenario, each.adults)) != 0.0:
                name = self.conditions[each.name]
                shown = words.percent(change, signed=True)
                self.conditions[each.name] = words("condition_staff", name=name, change=shown)

    def _condition(self, one: Condition) -> str:
        words = self.words
        if one.kind == DEFAULTS:
            return words("condition_defaults")
        if one.kind == THEORY:
            return one.label_da if words.language == "da" else one.label
        if one.worlds is not None:
            name = words.name("worlds", one.name)
            count = words.number(len(one.worlds))
            return words("condition_worlds_counted", count=count, name=name)
        if one.kind == GROUP:
            return words("condition_none_of", name=words.name("group", one.name[len(NONE_OF) :]))
        if one.kind == ARROW:
            return words("condition_no", name=words.name("parameter", one.name[len(NO) :]))
        return words.name("condition", one.name)

    def thing(self, thing: Thing) -> str:
        """What a thing in a sentence is called."""
        if thing.kind == "regime":
            return self.words("findings.quoted", name=self.regimes.get(thing.name, thing.name))
        if thing.kind == "condition":
            return within_sentence(self.conditions.get(thing.name, thing.name))
        return self.words.name(thing.kind, thing.name)

    def teller(self) -> Teller:
        """Tells the facts of the study."""
        return Teller(self.words.within("findings"), self.thing)


def told(found: Tables, called: Called) -> list[str]:
    """What a study found in sentences, the fragile conclusions first."""
    tell = called.teller()
    return [tell.sentence(fact) for fact in facts(found.conclusions, found.verdicts)]


def page(record: Mapping[str, Any], found: Tables, language: str = "en") -> Page:
    """The page of a test of robustness, from its record and its tables."""
    words = Words(language, "evidence")
    called, scenario = Called(record, words), scenario_of(record)
    meta = [
        words(
            "robust_meta_regimes",
            count=words.number(len(called.regimes)),
            baseline=called.regimes[called.baseline],
        ),
        words("robust_meta_adults", count=words.number(scenario.adults)),
        words.duration(scenario.months),
        words.count(record["counts"]["done"], "robust_meta_runs"),
    ]
    hard = [called.conditions.get(name, name) for name in hardest(found.conditions)]
    sections: list[Section | None] = [
        answer(words, of_robustness(words, found.conclusions, hard, len(found.conditions))),
        section(
            "more",
            words("robust_answer"),
            listed(told(found, called)),
            _numbers(found, words) if len(found.conclusions) else None,
            Note(words("robust_note"), "small"),
            Note(lost, "small") if (lost := _lost(found, called)) else None,
        ),
    ]
    if len(found.conclusions):
        sections += [_conclusions(found, called), _conditions(found, called)]
        sections.append(_ranks(found.ranking, called))
    sections.append(
        again(words, [record["command"]], words("again_workers"), made_with(words, record))
    )
    title, eyebrow = words("robust_title"), words("robust_eyebrow")
    return page_of(words, record, title, eyebrow, meta, sections, words("report_conditional"))


def _lost(found: Tables, called: Called) -> str:
    """Under which conditions runs ended without volunteers; '' where none did."""
    return lost_runs(called.words, found.lost, lambda name: called.conditions.get(name, name))


def _numbers(found: Tables, words: Words) -> Numbers:
    """How many conclusions survive everything, weaken or turn under something."""
    turned, weak = found.conclusions[TURNS] > 0, found.conclusions[WEAKENS] > 0
    counts = {
        "robust_all": int((~turned & ~weak).sum()),
        "robust_weak": int((weak & ~turned).sum()),
        "robust_turn": int(turned.sum()),
        "robust_tried": len(found.conditions),
    }
    return Numbers(tuple((words.number(count), words(key)) for key, count in counts.items()))


def _statements(table: pd.DataFrame) -> list[Fact]:
    """The statements of a table of conclusions."""
    named = (table["outcome"], table["first"], table["second"])
    return [statement(*each) for each in zip(*named, strict=True)]


def shown(outcome: str, ends: Sequence[float], language: str) -> tuple[str, str]:
    """A difference and its interval as text, in the unit of the outcome; ends: value, low, high."""
    value, low, high = ends
    form = of_unit(OUTCOMES[INDEX[outcome]].unit, language).for_widths((), [(high - low) / 2])
    return form.difference(value), form.difference_interval(low, high)


def _conclusions(found: Tables, called: Called) -> Section:
    words, table = called.words, found.conclusions
    heads = ("conclusion", "difference", *VERDICTS, "falls_under", "worst")
    head = columns([words(each) for each in heads], (2, 3, 4))
    tell = called.teller()
    rows = [
        _conclusion(capital(tell.fact(fact)), each, found, called)
        for fact, each in zip(_statements(table), table.to_dict("records"), strict=True)
    ]
    least = words.percent(LEAST_SHARE)
    note = words("robust_meanings", least=least, most=words.percent(MOST_WORLDS))
    smallest = words.listed([_smallest(name, words) for name in SMALLEST])
    note += " " + words("robust_smallest", clear=words.percent(CLEAR), smallest=smallest)
    pairs = len(called.regimes) * (len(called.regimes) - 1) // 2
    note += " " + each_alone(words, len(SMALLEST) * pairs, CLEAR)
    if (more := len(table) - MOST_SHOWN) > 0:
        note += " " + words.count(more, "robust_more")
    heading = words("conclusions_head")
    caption = words("matrix_caption", baseline=called.regimes[called.baseline])
    made = Table(heading, head, tuple(rows), note, "numbers", MOST_SHOWN)
    return section("conclusions", heading, Figure(FIGURE, caption), made)


def _smallest(name: str, words: Words) -> str:
    form = of_unit(OUTCOMES[INDEX[name]].unit, words.language)
    value = form.showing(SMALLEST[name], SMALLEST[name]).size(SMALLEST[name])
    return f"{words.name('outcome', name).lower()} {value}"


def _conclusion(said: str, each: Mapping[Any, Any], found: Tables, called: Called) -> Row:
    judged, words = found.verdicts, called.words
    own = judged[
        (judged["outcome"] == each["outcome"])
        & (judged["first"] == each["first"])
        & (judged["second"] == each["second"])
    ]
    falls = [own[own["verdict"] == verdict]["condition"] for verdict in (TURNS, WEAKENS)]
    under = falls[0] if len(falls[0]) else falls[1]
    worst = own.iloc[int(own["share_of_default"].argmin())]
    size = shown(each["outcome"], [each[key] for key in ("size", "low", "high")], words.language)
    left = shown(each["outcome"], [worst[key] for key in ("size", "low", "high")], words.language)
    counts = [int(each[verdict]) for verdict in VERDICTS]
    return row(
        said,
        Cell(words("robust_size", difference=size[0], interval=size[1]), key=float(each["size"])),
        *(Cell(words.number(count), key=float(count)) for count in counts),
        "; ".join(called.conditions.get(name, name) for name in under) or words.number(None),
        words(
            "robust_least",
            condition=called.conditions.get(worst["condition"], worst["condition"]),
            difference=left[0],
            interval=left[1],
        ),
        id=f"{each['outcome']} {each['first']} {each['second']}",
        look="bad" if each[TURNS] else "weak" if each[WEAKENS] else "good",
    )


def _conditions(found: Tables, called: Called) -> Section:
    """All conditions, but of single arrows only those under which something falls."""
    words = called.words
    ordered = found.conditions.sort_values("share_surviving", kind="stable")
    falls = (ordered["kind"] != ARROW) | (ordered["share_surviving"] < 1.0)
    heads = [words(each) for each in ("condition", *VERDICTS, "share_surviving")]
    rows = [
        row(
            called.conditions.get(each["condition"], each["condition"]),
            *(Cell(words.number(int(each[v])), key=float(each[v])) for v in VERDICTS),
            Cell(words.percent(each["share_surviving"]), key=float(each["share_surviving"])),
            id=str(each["condition"]),
            look="bad" if each[TURNS] else "",
        )
        for each in ordered[falls].to_dict("records")
    ]
    left_out = int((~falls).sum())
    note = words.count(left_out, "robust_left_out") if left_out else ""
    heading = words("conditions_head")
    made = Table(heading, columns(heads, range(1, 5)), tuple(rows), note)
    return section("conditions", heading, made)


def _ranks(table: pd.DataFrame, called: Called) -> Section:
    words, own = called.words, table[table["kind"] != ARROW]
    outcomes = list(dict.fromkeys(own["outcome"]))
    rows = []
    for name in dict.fromkeys(own["condition"]):
        cells = [called.conditions.get(name, name)]
        for outcome in outcomes:
            (each,) = own[(own["condition"] == name) & (own["outcome"] == outcome)].to_dict(
                "records"
            )
            first = called.regimes.get(each["first_place"], words("ranks_none"))
            cells.append(f"{first} ({words.number(each['tau'], 2)})")
        rows.append(row(*cells, id=str(name)))
    heads = [Column(words("condition"))]
    heads += [Column(words.name("outcome", outcome)) for outcome in outcomes]
    heading = words("ranks_head")
    made = Table(heading, tuple(heads), tuple(rows), words("ranks_note"))
    return section("ranks", heading, made)


def _draw(standing: Robustness, found: Tables, called: Called) -> Drawn:
    words, table = called.words, found.conclusions
    baseline = standing.regimes[0]
    own = table[(table["first"] == baseline) | (table["second"] == baseline)]
    own = (table if own.empty else own).reset_index(drop=True)
    version = standing.study["package"]["version"]
    small = words("small_print", version=version, fingerprint=standing.fingerprint[:16])
    caption = words("matrix_caption", baseline=called.regimes[baseline])
    with style.styled():
        made = matrix(own, found.verdicts, called.regimes, called.short, words)
        style.small_print(made, small)
        return rendered(made, FIGURE, caption)
