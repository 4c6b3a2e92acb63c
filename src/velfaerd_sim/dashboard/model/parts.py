"""Parts of the page of the model: tables of parameters, regimes, outcomes, targets; equations."""

from __future__ import annotations

from collections.abc import Callable

import solara

from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.model import facts as model_facts
from velfaerd_sim.dashboard.model.equations import (
    FORMULA,
    TEXT,
    EquationSection,
    carried,
    paragraph_in,
    title_in,
)
from velfaerd_sim.dashboard.model.facts import READINGS, Fit
from velfaerd_sim.dashboard.parts.controls import Button, Select, Text
from velfaerd_sim.dashboard.parts.sheets import Alert, Group, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.parts.units import definition_of, unit_name
from velfaerd_sim.dashboard.studies.parts import cell_text, chosen_of
from velfaerd_sim.inputs.parameters import ROLES, Parameter
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.targets import UNASKED
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling.sources import other_in, source_in
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.words import Words

INSIDE, OUTSIDE = ("#e2f1ec", "#00513e"), ("#fbe9dc", "#7a3000")
TALL = "620px"


@solara.component
def Parameters(
    role: str,
    group: str,
    on_role: Callable[[str], None],
    on_group: Callable[[str], None],
    words: Words,
) -> None:
    """The parameter table, by role and part of the model, searchable."""
    groups = [("", words("group_all"))]
    groups += [(name, group_name(name, words)) for name in model_facts.groups_of_parameters()]
    with solara.Div(classes=["vf-row"], style={"gap": "24px", "margin-bottom": "8px"}):
        roles = [(key, words(f"role_{key}")) for key in ("", *ROLES)]
        Group(words("role"), role, roles, on_role)
        with solara.Div(style={"min-width": "240px"}):
            Select(words("group"), group, groups, on_group, words, help=words("role_help"))
    columns = (
        SheetColumn(words("parameter"), wrap=True),
        SheetColumn(words("name"), code=True),
        SheetColumn(words("default"), right=True),
        SheetColumn(words("range"), right=True),
        SheetColumn(words("unit"), wrap=True),
        SheetColumn(words("role")),
        SheetColumn(words("source"), wrap=True),
    )
    chosen = model_facts.chosen_parameters(role, group)
    Sheet(
        words("tab_parameters"),
        columns,
        [parameter_row(each, words) for each in chosen],
        words,
        search=words("search_parameter"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height=TALL,
    )
    Text("p", words("about_names"), classes=["vf-small", "vf-soft"])
    Text("p", words("articles"), classes=["vf-small", "vf-soft"])
    for code in ARTICLES:
        Text("p", f"{code}: {words(f'report.article_{code}')}", classes=["vf-small", "vf-soft"])


def group_name(group: str, words: Words) -> str:
    """What a part of the model is called."""
    return words.name("group", group)


def source_text(source: str, words: Words) -> str:
    """A source, with the words around its titles in the session's language."""
    return source_in(words.language, source)


def other_text(text: str, words: Words) -> str:
    """A text of the tables of targets in the session's language, where it has one."""
    return other_in(words.language, text)


def parameter_row(parameter: Parameter, words: Words) -> SheetRow:
    """A parameter as a row of the table."""
    low, high = cell_text(parameter.low, words), cell_text(parameter.high, words)
    cells = (
        parameter.label(words.language),
        parameter.name,
        cell_text(parameter.default, words),
        words("to", low=low, high=high),
        words.unit(parameter.unit),
        words(f"role_one_{parameter.role}"),
        source_text(parameter.source, words),
    )
    keys = {2: parameter.default, 3: parameter.high - parameter.low}
    known = (parameter.label_en, parameter.label_da, parameter.group, parameter.unit)
    also = " ".join((*known, group_name(parameter.group, words), parameter.source))
    return SheetRow(parameter.name, cells, keys, also=also)


@solara.component
def Regimes(words: Words) -> None:
    """The named regimes: their instruments as shades, and in words."""
    columns = (
        SheetColumn(words("regime"), wrap=True),
        *(SheetColumn(words.name("instrument", name), right=True) for name in INSTRUMENTS),
        SheetColumn(words("in_words"), wrap=True, sort=False, width="168px"),
        SheetColumn(words("source"), wrap=True, sort=False, width="168px"),
    )
    rows = []
    for regime in REGIMES.values():
        shades = [map_view.mixed(map_view.MORE, value) for value in regime.instruments]
        danish = words.language == "da"
        cells = (
            regime.label(words.language),
            *(words.number(value, 2) for value in regime.instruments),
            regime.summary_da if danish else regime.summary_en,
            source_text(regime.source, words),
        )
        grounds = {k: (c, map_view.text_colour(c)) for k, c in enumerate(shades, 1)}
        keys = dict(enumerate(regime.instruments, 1))
        also = f"{regime.name} {words('status_quo_note') if regime.name == STATUS_QUO else ''}"
        rows.append(SheetRow(regime.name, cells, keys, grounds, also))
    Text("p", words("regimes_note"), classes=["vf-soft"])
    with solara.Div(style={"margin-top": "12px"}):
        Sheet(words("tab_regimes"), columns, rows, words)


@solara.component
def Outcomes(words: Words) -> None:
    """The outcomes: unit, which way is better, definition."""
    columns = (
        SheetColumn(words("outcome"), wrap=True),
        SheetColumn(words("name"), code=True),
        SheetColumn(words("unit"), wrap=True),
        SheetColumn(words("better")),
        SheetColumn(words("one_number"), wrap=True),
        SheetColumn(words("definition"), wrap=True, sort=False),
    )
    rows = []
    for each in OUTCOMES:
        cells = (
            each.label(words.language),
            each.name,
            unit_name(each.unit, words),
            words(f"better_{each.direction}"),
            words(f"kind_{each.kind}"),
            definition_of(each, words),
        )
        rows.append(SheetRow(each.name, cells, also=f"{each.label_en} {each.label_da}"))
    Sheet(
        words("tab_outcomes"),
        columns,
        rows,
        words,
        search=words("search_outcome"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height=TALL,
    )


@solara.component
def Equations(chapter: str, on_chapter: Callable[[str], None], words: Words) -> None:
    """The equations of a chapter, with the words around them."""
    sections = carried()
    options = [(one.title, title_in(one.title, words.language)) for one in sections]
    title = chosen_of(chapter or "Volunteering", options)
    section = next(one for one in sections if one.title == title)
    with solara.Div(classes=["vf-row"], style={"align-items": "flex-end"}):
        with solara.Div(style={"min-width": "280px"}):
            Select(words("chapter"), title, options, on_chapter, words)
        Text("p", words("equations_note"), classes=["vf-small", "vf-soft"])
    OneSection(section, words).key(section.title)
    with solara.Div(style={"margin-top": "20px"}):
        Rules(on_chapter, words)


@solara.component
def OneSection(section: EquationSection, words: Words) -> None:
    """The paragraphs, formulas and updates of a section."""
    with solara.Div(classes=["vf-equations"]):
        Text("h2", title_in(section.title, words.language))
        for part in section.parts:
            if part.kind == TEXT:
                told, language = paragraph_in(section.title, part.text, words.language)
                Text("p", told, attributes={"lang": language})
            else:
                kind = "vf-formula" if part.kind == FORMULA else "vf-update"
                label = {} if part.kind == FORMULA else {"aria-label": words("update")}
                Text(
                    "pre",
                    part.text,
                    classes=["vf-pre", kind],
                    attributes={**label, "lang": "en", "tabindex": "0"},
                )


@solara.component
def Rules(on_chapter: Callable[[str], None], words: Words) -> None:
    """All rules with their chapter; one is chosen to read its chapter."""
    rows = []
    for section in carried():
        for part in section.parts:
            if part.kind == FORMULA:
                head, _, right = part.text.partition("=")
                row_id = f"{section.title}/{head.strip()}"
                chapter = title_in(section.title, words.language)
                cells = (head.partition("(")[0].strip(), chapter, " ".join(right.split()))
                rows.append(SheetRow(row_id, cells, also=section.title))
    columns = (
        SheetColumn(words("rules_here"), code=True),
        SheetColumn(words("chapter")),
        SheetColumn("", wrap=True, code=True, sort=False),
    )
    Sheet(
        words("rules_here"),
        columns,
        rows,
        words,
        search=words("search_equation"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height="420px",
        on_pick=lambda row_id: on_chapter(row_id.partition("/")[0]),
    )


@solara.component
def FitTable(asking: bool, error: str, on_ask: Callable[[], None], words: Words) -> None:
    """The published figures with the model's answers, which are asked for as soon as one looks."""
    readings = READINGS.known

    def begin() -> None:
        if readings is None and not asking:
            on_ask()

    solara.use_effect(begin, [])
    fits = model_facts.fits(readings)
    if error:
        Alert(words("ask_failed", message=error))
    if readings is None:
        with solara.Div(classes=["vf-running"], style={"margin-bottom": "12px"}):
            text = words("ask_what", ask=words("ask_model")) if error else words("asking")
            Text("p", text, attributes={"role": "status"})
            if error:
                Button(words("ask_model"), on_ask, primary=True, disabled=asking)
    else:
        Text("p", f"{counts(fits, words)} {words('fit_note')}", classes=["vf-intro"])
    columns = (
        SheetColumn(words("target"), wrap=True),
        SheetColumn(words("published"), right=True),
        SheetColumn(words("interval"), right=True, sort=False),
        SheetColumn(words("model_says"), right=True),
        SheetColumn(words("inside")),
        SheetColumn(words("unit"), wrap=True),
        SheetColumn(words("used_for")),
        SheetColumn(words("year")),
        SheetColumn(words("source"), wrap=True),
    )
    with solara.Div(style={"margin-top": "12px"}):
        Sheet(
            words("tab_fit"),
            columns,
            [fit_row(fit, words) for fit in fits],
            words,
            search=words("search_target"),
            empty=words("nothing_found"),
            counted=words("counted", shown="{shown}", all="{all}"),
            height=TALL,
        )
    with solara.Div(style={"margin-top": "16px"}):
        Text("h3", words("unasked"))
        for each in UNASKED:
            figure, reason = (other_text(part, words) for part in (each.figure, each.reason))
            text = f"{each.label(words.language)}: {figure} ({reason})"
            Text("p", text, classes=["vf-small", "vf-soft"])


def counts(fits: list[Fit], words: Words) -> str:
    """How many figures lie inside, of those fitted and of those held out."""
    parts = []
    for role, key in (("fit", "inside_count"), ("validation", "validation_count")):
        group = [fit for fit in fits if fit.target.role == role and fit.known]
        if group:
            inside = words.number(sum(fit.inside for fit in group))
            parts.append(words(key, inside=inside, all=words.number(len(group))))
    return " ".join(parts)


def fit_row(fit: Fit, words: Words) -> SheetRow:
    """A published figure as a row of the table."""
    target = fit.target

    def write(value: float) -> str:
        if target.unit.startswith("share"):
            return words.percent(value, 1)
        return cell_text(float(f"{value:.3g}"), words)

    inside = words("yes" if fit.inside else "no") if fit.known else ""
    cells = (
        target.label(words.language),
        write(target.value),
        words("to", low=write(target.low), high=write(target.high)),
        write(fit.reading) if fit.known else "",
        inside,
        words.unit(target.unit),
        words(f"use_{target.role}"),
        other_text(target.year, words),
        source_text(target.source, words),
    )
    keys = {1: target.value, 3: fit.reading if fit.known else None}
    grounds = {4: INSIDE if fit.inside else OUTSIDE} if fit.known else {}
    also = f"{target.id} {target.label_en} {target.label_da} {target.definition}"
    return SheetRow(target.id, cells, keys, grounds, also)
