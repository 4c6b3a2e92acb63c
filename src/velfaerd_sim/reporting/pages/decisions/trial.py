"""The pages of a study of trials: its report, and a page fit for an application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Drawing

from velfaerd_sim.analysis.trials import ENOUGH, honest
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn, rendered
from velfaerd_sim.reporting.figures.drawing import deciding_panel, labelled_rows
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign
from velfaerd_sim.reporting.files import write_whole
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
from velfaerd_sim.reporting.pages.frame import (
    again,
    answer,
    cannot_tell,
    made_with,
    page_of,
    section,
)
from velfaerd_sim.reporting.pages.writing import html, write_page
from velfaerd_sim.studies.trial.plan import Trials, load_trials
from velfaerd_sim.telling.short.deciding import of_trials
from velfaerd_sim.telling.trial_words import TrialWords
from velfaerd_sim.telling.words import EN_DASH, NO_BREAK, Words

FILES = ("evidence", "trial")
"""Where the texts of the pages stand."""
_Z = 1.96
_LIMITS = ("limits_draws", "limits_waves")


def application_path(folder: Path, language: str = "en") -> Path:
    """Where the page for an application stands: application.html, application.da.html."""
    return folder / ("application.html" if language == "en" else f"application.{language}.html")


def write_trial_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write the pages of a study; gives the report's path. It takes no time to be told of.

    Raises InputError where the study is not done, StorageError where the disk fails.
    """
    return write_trial(load_trials(folder), folder, language, brief)[0]


def write_trial(
    study: Trials, folder: str | Path, language: str = "en", brief: bool = False
) -> tuple[Path, list[str]]:
    """Write the report, its figure and the page for an application; gives the report's path.

    And what was found, in sentences. Raises StorageError where the disk fails.
    """
    assert study.power is not None
    told = TrialWords(study.asked, study.power, Words(language, *FILES))
    path = write_page(Path(folder), page(study.study, told), [drawn(study, told)], brief)
    text = html(application(study.study, told), [])
    write_whole(application_path(Path(folder), language), text.encode())
    return path, told.sentences()


def page(record: Mapping[str, Any], told: TrialWords) -> Page:
    """The report of a study, from its record and its table."""
    words, study = told.words, told.study
    meta = [
        words.count(len(told.power), "meta_designs"),
        words.count(study.trials, "meta_trials"),
        words.count(len(study.worlds), "meta_worlds", name=study.worlds.name),
    ]
    note = Note(words("application", file=application_path(Path(), words.language).name), "small")
    more = section("more", words("short.more"), listed(told.sentences()), _numbers(told), note)
    simulated = [*told.simulated(study.designs), *told.analysed()]
    sections = [
        answer(words, of_trials(told)),
        more,
        _power(told),
        section("trial", words("h_trial"), listed(simulated)),
        _limits(words, len(study.worlds) > 1),
        again(words, [record["command"]], words("again_workers"), made_with(words, record)),
    ]
    own = study.title_da if words.language == "da" else study.title_en
    title = own or words("title")
    return page_of(
        words, record, title, words("eyebrow"), meta, sections, words("report_conditional")
    )


def _limits(words: Words, several: bool) -> Section:
    own = [(str(head), str(text)) for head, text in map(words.lines, _LIMITS)]
    return cannot_tell(words, words("report.h_limits"), several, own)


def _numbers(told: TrialWords) -> Numbers:
    words, chosen = told.words, told.choice.row
    items = (
        (words.percent(chosen["power"]), words("n_power")),
        (words.number(chosen["staff_hours"]), words("n_hours")),
        (told.value(chosen["smallest_effect"]), words("n_smallest")),
        (words.percent(chosen["coverage"]), words("n_coverage")),
    )
    return Numbers(items)


_COLUMNS = (
    *("design", "municipalities", "months", "n", "effect", "power", "bias"),
    *("coverage", "smallest", "false_alarm", "staff_hours"),
)


def _power(told: TrialWords) -> Section:
    words, heading = told.words, told.words("h_power")
    rows = [_row(each, told) for each in told.power.to_dict("records")]
    named = columns([words(f"c_{head}") for head in _COLUMNS], range(1, len(_COLUMNS)))
    table = Table(heading, named, tuple(rows), words("power_note"), "numbers")
    return section("power", heading, Figure("power", words("power_caption")), table)


def _row(each: Mapping[Any, Any], told: TrialWords) -> Row:
    words, good = told.words, honest(each)
    error = words.number(100.0 * each["mc_error"], 1)
    power = f"{words.percent(each['power'])} ± {error}".replace(" ", NO_BREAK)
    low = words.number(100.0 * each["power_low"])
    worlds = f"{low}{EN_DASH}{words.percent(each['power_high'])}"
    enough = good and each["power"] >= told.study.budget.power
    plain = ("municipalities", "months", "n")
    return row(
        words(f"kind.{each['design']}"),
        *(Cell(words.number(each[key]), key=float(each[key])) for key in plain),
        Cell(told.value(each["effect"], signed=True), key=float(each["effect"])),
        Cell(power, small=worlds, key=float(each["power"])),
        Cell(told.value(each["bias"], signed=True), key=float(each["bias"])),
        Cell(words.percent(each["coverage"]), key=float(each["coverage"])),
        Cell(told.value(each["smallest_effect"]), key=float(each["smallest_effect"])),
        Cell(words.percent(each["false_alarm"], 1), key=float(each["false_alarm"])),
        Cell(words.number(each["staff_hours"]), key=float(each["staff_hours"])),
        id=" ".join(str(each[key]) for key in ("design", *plain)),
        look="good" if enough else "" if good else "bad",
    )


def power_rows(told: TrialWords, power: pd.DataFrame, title: str, with_kind: bool = False) -> Rows:
    """The power of designs, the first on top; with_kind: where they are of several kinds."""
    wanted, marks = told.study.budget.power, []
    for each in power.to_dict("records"):
        value, reach = float(each["power"]), _Z * float(each["mc_error"])
        sign = Sign.BETTER if value >= wanted else Sign.UNCLEAR
        sign = sign if honest(each) else Sign.WORSE
        spread = float(each["power_low"]), float(each["power_high"])
        low, high = max(0.0, value - reach), min(1.0, value + reach)
        name = told.label({str(key): item for key, item in each.items()}, with_kind)
        marks.append(Mark(name, value, low, high, sign, spread))
    axis = Axis(told.words("power_axis"), Scale(100.0), zero=True, limits=(0.0, 100.0))
    return Rows(title, axis, tuple(marks), ruler=wanted)


def drawn(study: Trials, told: TrialWords) -> Drawn:
    """The figure of power: a panel a kind of design."""
    words, record = told.words, study.study
    values = {"version": record["package"]["version"], "fingerprint": study.fingerprint[:16]}
    with style.styled():
        made = _panels(told)
        style.small_print(made, words("small_print", **values))
        style.localise(made, words)
        return rendered(made, "power", words("power_caption"))


def _panels(told: TrialWords) -> Drawing:
    shown = []
    for kind in told.study.designs:
        own = told.power[told.power["design"] == kind]
        own = own.sort_values(["months", "n", "municipalities"], kind="stable")
        shown.append(power_rows(told, own, told.words(f"kind.{kind}")))
    made, panels = labelled_rows([mark.name for mark in shown[0].marks], len(shown))
    for axes, rows in zip(panels, shown, strict=True):
        style.heading(axes, rows.title, rows.axis.unit)
        deciding_panel(axes, rows)
    return made


def application(record: Mapping[str, Any], told: TrialWords) -> Page:
    """The page for an application: the recommended design, told to who decides on it."""
    words, chosen, arms = told.words, told.choice.row, told.arms()
    wanted = words.percent(told.study.budget.power)
    smallest = told.value(chosen["smallest_effect"])
    size = words(
        "a_size_text",
        design=told.design(chosen),
        power=told.share_of_trials(float(chosen["power"]), int(chosen["trials"])),
        effect=told.value(chosen["effect"], signed=True),
        icc=words.number(chosen["icc"], 3),
        wanted=wanted,
        smallest=smallest,
    )
    fixed, total = float(chosen["staff_hours_fixed"]), float(chosen["staff_hours"])
    hours = {"total": total, "fixed": fixed, "more": total - fixed}
    hours["in_use"] = float(chosen["staff_hours_in_use"])
    cost = words("a_cost_text", **{key: words.number(value) for key, value in hours.items()})
    means = words("a_means_text", control=arms["control"], changes=told.changes())
    warned = [] if told.choice.verdict == ENOUGH else told.sentences()[:1]
    parts = (
        ("a_purpose", [words("a_purpose_text", **arms)]),
        ("a_means", [means]),
        ("a_design", told.simulated((chosen["design"],))),
        ("a_size", [*warned, size, *told.sentences()[1:3]]),
        ("a_plan", told.analysed()),
        ("a_cost", [cost]),
        ("a_decides", [words("a_decides_text", smallest=smallest)]),
        ("a_note_head", [words("a_note")]),
    )
    sections = [
        section(key, words(key), Note(*texts) if len(texts) == 1 else listed(texts))
        for key, texts in parts
    ]
    sections.append(_limits(words, len(told.study.worlds) > 1))
    title = words("a_title", municipalities=words.number(chosen["municipalities"]))
    meta = [told.design(chosen)]
    return page_of(
        words, record, title, words("a_eyebrow"), meta, sections, words("report_conditional")
    )
