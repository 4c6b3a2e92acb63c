"""The page of advice: what to do, benefit against hours, packages, margins, named regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.decisions.advice import front_figure, front_shown
from velfaerd_sim.reporting.pages.blocks import (
    Cell,
    Figure,
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
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.advise.advising import Advice, load_advice
from velfaerd_sim.studies.advise.tables import AVAILABLE, MATTERS
from velfaerd_sim.telling.advice import AdviceWords
from velfaerd_sim.telling.precision import each_alone
from velfaerd_sim.telling.short.deciding import of_advice


def write_advice_report(
    folder: Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the report of advice in a folder; gives its path. It takes no time to be told of.

    Raises InputError where the search did not run to its end, StorageError where the disk fails.
    """
    return write_advice(load_advice(folder), folder, language, brief)[0]


def write_advice(
    advice: Advice, folder: str | Path, language: str = "en", brief: bool = False
) -> tuple[Path, list[str]]:
    """Write the page and the figure; gives the page's path and its sentences."""
    told = AdviceWords(advice, language)
    return write_page(Path(folder), page(told), [drawn(told)], brief), told.told()


def page(told: AdviceWords) -> Page:
    """The page of advice."""
    words, advice, record = told.words, told.advice, told.advice.study
    hours = told.hours(advice.design.most)
    more = section("more", words("short.more"), listed(told.told()))
    front = section("front", words("h_front"), Figure("front", words("front_caption")))
    sections = [
        answer(words, of_advice(told)),
        more,
        front,
        _packages(told),
        _margins(told),
        _regimes(told),
    ]
    limits = cannot_tell(words, words("report.h_limits"), bool(advice.design.fresh.names))
    end = again(words, [record["command"]], words("again_note"), made_with(words, record))
    meta = [words("n_meta_goal", goal=told.goal)]
    title, eyebrow = words("title", hours=hours), words("eyebrow")
    whole = [*sections, limits, end]
    return page_of(words, record, title, eyebrow, meta, whole, words("conditional"))


def _packages(told: AdviceWords) -> Section:
    """Packages side by side, an instrument a row; then what they give."""
    words, packages = told.words, told.advice.packages.to_dict("records")
    today = told.advice.margins.set_index("instrument")["today"]
    heads = [words("c_instrument"), words("c_today")]
    heads += [words("c_package", rank=words.number(each["rank"])) for each in packages]
    rows = [
        row(
            words.name("instrument", name),
            told.value(today[name]),
            *(told.value(each[name]) for each in packages),
            id=name,
        )
        for name in INSTRUMENTS
    ]
    rival = told.regime(packages[0]["best_named"])
    rows += [
        row(words(f"r_{key}", regime=rival), "", *texts, id=key, look="baseline")
        for key, texts in _facts(told, packages).items()
    ]
    note = each_alone(words, 2 * len(packages))
    places = range(1, len(heads))
    table = Table(words("h_packages"), columns(heads, places), tuple(rows), note, "numbers")
    return section("packages", words("h_packages"), table)


def _facts(told: AdviceWords, packages: Sequence[Mapping[Any, Any]]) -> dict[str, list[str]]:
    """What packages take and give, in words."""
    return {
        "available": [told.hours(each[AVAILABLE]) for each in packages],
        "used": [told.hours(each["hours_per_1000"]) for each in packages],
        "benefit": [_mean(told, each, "benefit", "ci") for each in packages],
        "lead": [_mean(told, each, "lead", "lead") for each in packages],
        "tenth": [told.format.difference(each["worst_tenth"]) for each in packages],
        "regret": [told.format.size(each["regret"]) for each in packages],
        "membership": [told.words.percent(each["membership"]) for each in packages],
    }


def _mean(told: AdviceWords, each: Mapping[Any, Any], name: str, ends: str) -> str:
    """A benefit with its interval."""
    low, high = each[f"{ends}_low"], each[f"{ends}_high"]
    return f"{told.format.bare_difference(each[name])} ({told.between(low, high)})"


def _margins(told: AdviceWords) -> Section:
    """How far each instrument may move, what it is worth, what it gives by itself."""
    words = told.words
    names = ("instrument", "today", "value", "from", "to", "worth", "first")
    heads = [words(f"c_{name}") for name in names]
    rows = []
    for each in told.advice.margins.sort_values("worth", ascending=False).to_dict("records"):
        cells = [
            Cell(told.value(each[key]), key=float(each[key]))
            for key in ("today", "value", "low", "high")
        ]
        worth, first = (
            Cell(_mean(told, each, key, key), key=float(each[key])) for key in ("worth", "first")
        )
        name = words.name("instrument", each["instrument"])
        rows.append(row(name, *cells, worth, first, id=each["instrument"]))
    note = words("margins_note", share=words.percent(MATTERS))
    note += " " + each_alone(words, 2 * len(rows))
    heading = words("h_margins")
    table = Table(heading, columns(heads, range(1, 7)), tuple(rows), note, "numbers")
    return section("margins", heading, table)


def _regimes(told: AdviceWords) -> Section:
    """Named regimes with the hours of the package."""
    words, advice = told.words, told.advice
    heads = [words(f"c_{name}") for name in ("regime", "hours", "benefit", "lead")]
    ordered = advice.regimes.sort_values("benefit", ascending=False)
    rows = tuple(_regime_row(told, each) for each in ordered.to_dict("records"))
    available = told.hours(advice.packages[AVAILABLE].iloc[0])
    note = words("regimes_note", hours=available) + " " + each_alone(words, 2 * len(rows))
    heading = words("h_regimes")
    table = Table(heading, columns(heads, range(1, 4)), rows, note, "numbers")
    return section("regimes", heading, table)


def _regime_row(told: AdviceWords, each: Mapping[Any, Any]) -> Row:
    return row(
        told.words.name("regime", each["regime"]),
        Cell(told.hours(each["hours_per_1000"]), key=float(each["hours_per_1000"])),
        Cell(_mean(told, each, "benefit", "ci"), key=float(each["benefit"])),
        Cell(_mean(told, each, "lead", "lead"), key=float(each["lead"])),
        id=str(each["regime"]),
    )


def drawn(told: AdviceWords) -> Drawn:
    """The figure of benefit against hours."""
    record, words = told.advice.study, told.words
    values = {"version": record["package"]["version"], "fingerprint": record["fingerprint"][:16]}
    with style.styled():
        made = front_figure(front_shown(told))
        style.small_print(made, words("evidence.small_print", **values))
        style.localise(made, words)
        return rendered(made, "front", words("front_caption"))
