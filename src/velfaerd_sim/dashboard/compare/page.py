"""Compare: two governances of one town, the same people and the same draws."""

from __future__ import annotations

import math
from dataclasses import replace
from importlib.resources import files

import numpy as np
import solara
from numpy.typing import ArrayLike

from velfaerd_sim.dashboard.compare.following import followed, opened
from velfaerd_sim.dashboard.compare.last_year import Numbers, tone_of
from velfaerd_sim.dashboard.compare.money import price_from
from velfaerd_sim.dashboard.compare.parts import Legend, Message, Panel, Segments, VerdictCard
from velfaerd_sim.dashboard.compare.ranking_part import Ranking
from velfaerd_sim.dashboard.compare.results import SHOWN, Finding, GroupGains, Result
from velfaerd_sim.dashboard.compare.state import (
    DIFFERENCES,
    LEVELS,
    CompareState,
    StateMessage,
    state_of,
)
from velfaerd_sim.dashboard.compare.trail.history_part import History
from velfaerd_sim.dashboard.compare.view import REPLICATES, CompareView
from velfaerd_sim.dashboard.compare.words import (
    difference_text,
    gains_text,
    missing_text,
    precision,
    verdict,
    written,
)
from velfaerd_sim.dashboard.frame.links import values_of
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.theme import COLOURS, variable
from velfaerd_sim.dashboard.parts.charts import Card, Chart, Charts, Head
from velfaerd_sim.dashboard.parts.controls import Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, Item
from velfaerd_sim.dashboard.parts.options import ChartLine, line_chart
from velfaerd_sim.dashboard.parts.place_line import PlaceLine
from velfaerd_sim.dashboard.parts.rows import gains_option
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import specifications
from velfaerd_sim.reporting.figures.specifications import Axis, Group, Scale
from velfaerd_sim.telling.words import Words

SHEET = files("velfaerd_sim.dashboard").joinpath("compare.css").read_text("utf-8")


def _opened(session: Session, search: str | None) -> CompareState:
    values = values_of(search)
    view, faults = opened(values, session.carried)
    mode = values.get("show", LEVELS)
    if mode not in (LEVELS, DIFFERENCES):
        faults += (InputError("show", mode, refusal("either", one=LEVELS, other=DIFFERENCES)),)
    by, price = values.get("rank", ""), values.get("price", "")
    if by not in ("", *SHOWN):
        allowed = refusal("one_of", names=", ".join(SHOWN))
        faults += (InputError("rank", by, allowed),)
    try:
        price_from(price)
    except InputError as error:
        price, faults = "", (*faults, error)
    state = CompareState(session, view, faults)
    state.show(mode)
    state.set_price(price)
    state.run()
    state.rank(by)
    return state


@solara.component
def Page() -> None:
    """The page."""
    words, session = use_words("compare"), use_session()
    search = solara.use_router().search

    def begin() -> CompareState:
        state = state_of(session, lambda: _opened(session, search))
        view = state.view.peek()
        followed_view = followed(view, values_of(search), session.carried)
        if followed_view != view:
            state.change(followed_view)
        return state

    state = solara.use_memo(begin, [])
    with solara.Div(classes=["vf-compare"]):
        Answer(state, words)
        if not session.embedded:
            Panel(state, words)
        Outcome(state, words)
        solara.Style(SHEET)


@solara.component
def Answer(state: CompareState, words: Words) -> None:
    """The sentence, before the controls: on a phone's first screen, and for the keyboard."""
    with solara.Div(classes=["vf-answer"]):
        Text("h1", words("heading"), classes=["vf-hidden"])
        if state.message.value is not None:
            MessageOf(state, words)
        Sentence(state, words)
        Place(state.view.value, words)


@solara.component
def Outcome(state: CompareState, words: Words) -> None:
    """What comes of the view; in a frame of another site the charts alone."""
    result, embedded = state.result.value, use_session().embedded
    with solara.Div(classes=["vf-outcome"]):
        Text("h2", words("by_month"), classes=["vf-hidden"])
        Toolbar(state, state.shown_view or state.view.value, words, embedded)
        Charts([_card(name, result, state, words) for name in SHOWN])
        if not embedded:
            Ranking(state, words)
            with solara.Div(classes=["vf-who"]):
                Who(state.whole, words)
                Numbers(state.whole, state.price.value, words)
            History(state, words)


@solara.component
def Place(view: CompareView, words: Words) -> None:
    """Whose town it is, and whose worlds, where a place is carried."""
    key = "place_worlds_own" if view.own_worlds else "place_worlds_nation"
    PlaceLine(words(key) if view.worlds else "")


@solara.component
def MessageOf(state: CompareState, words: Words) -> None:
    """What went wrong."""
    message = state.message.value or StateMessage("refused")
    details = [told(error, words.language) for error in message.errors]
    several = message.key == "link_faults"
    text = words(message.key, message="; ".join(details) or words("unexpected"))

    def close(_: object) -> None:
        state.message.value = None

    Message(
        text=text,
        details=details if several else [],
        close_label=words("dismiss"),
        event_close=close,
    )


@solara.component
def Sentence(state: CompareState, words: Words) -> None:
    """What is seen, and how sure it is."""
    view, result = state.view.value, state.result.value
    embedded = use_session().embedded
    few, many = REPLICATES
    other = few if view.replicates == many else many
    count = words.number(other)

    def act(_: object) -> None:
        now = state.view.value
        state.change(replace(now, replicates=few if now.replicates == many else many))

    if result is None:
        VerdictCard(
            head=words("measuring"),
            more=words("measuring_what"),
            clear=False,
            fresh=False,
            count=0,
            planned=view.replicates,
            foot="",
            precision="",
            caveat=words("caveat"),
            action="",
            event_act=act,
        )
        return
    found = verdict(state.shown_view or view, result, words, state.price.value)
    VerdictCard(
        head=found.head,
        more=found.more,
        clear=found.clear,
        fresh=state.dragged or state.shown_view == view,
        count=result.replicates,
        planned=result.planned,
        foot=words(
            "pairs_worlds" if result.worlds else "pairs",
            count=words.number(result.replicates),
            planned=words.number(result.planned),
        ),
        precision=precision(result, words),
        caveat=words("caveat"),
        action="" if embedded else words("enough" if other == few else "surer", count=count),
        event_act=act,
    )


@solara.component
def Toolbar(state: CompareState, shown: CompareView, words: Words, embedded: bool) -> None:
    """The legend of the view that is drawn, and what the charts show."""
    items = _legend(shown, state.mode.value, words)
    if state.before is not None:
        items.append({"label": words("before_legend"), "colour": variable(COLOURS["faint"])})
    with solara.Div(classes=["vf-toolbar"]):
        Legend(items=items)
        if embedded:
            return
        with solara.Div(classes=["vf-row", "vf-end"]):
            Segments(
                label=words("show"),
                value=state.mode.value,
                options=[
                    {"value": LEVELS, "label": words("levels")},
                    {"value": DIFFERENCES, "label": words("differences")},
                ],
                event_change=state.show,
            )
            Files(state, words)


def _legend(view: CompareView, mode: str, words: Words) -> list[dict[str, str]]:
    """What the lines of the charts are, by colour."""
    one, other = (regime.label(words.language) for regime in view.regimes())
    if mode == DIFFERENCES:
        return [{"label": words("gap_legend", a=one, b=other), "colour": variable(COLOURS["b"])}]
    return [
        {"label": f"A  {one}", "colour": variable(COLOURS["a"])},
        {"label": f"B  {other}", "colour": variable(COLOURS["b"])},
    ]


@solara.component
def Files(state: CompareState, words: Words) -> None:
    """What can be taken along, and what can be opened."""
    groups = [
        (
            words("settings"),
            [
                Item(
                    f"scenario_{s}", words("scenario_of", side=s.upper()), words("scenario_detail")
                )
                for s in ("a", "b")
            ],
        ),
        (
            words("data"),
            [
                Item("series_csv", words("series"), words("series_csv")),
                Item("series_xlsx", words("series"), words("xlsx")),
                Item("series_parquet", words("series"), words("series_parquet")),
                Item("effects_csv", words("effects"), words("effects_csv")),
                Item("effects_xlsx", words("effects"), words("xlsx")),
                Item("groups_csv", words("groups"), words("groups_csv")),
                Item("groups_xlsx", words("groups"), words("xlsx")),
            ],
        ),
        (
            words("figure"),
            [
                Item("figure_svg", words("curves"), words("vector")),
                Item("figure_png", words("curves"), words("picture")),
                Item("report", words("report"), words("report_detail")),
            ],
        ),
    ]

    def taken() -> None:
        state.file.value = None

    Downloads(
        groups,
        words,
        file=state.file.value,
        on_ask=state.prepare,
        on_taken=taken,
        busy=state.preparing.value,
        report="report",
        embed=True,
        uploads=[
            Item(s, words("open_as", side=s.upper()), words("open_detail")) for s in ("a", "b")
        ],
        on_upload=state.open,
        on_refused=state.refuse,
    )


def _card(name: str, result: Result | None, state: CompareState, words: Words) -> Card:
    """One outcome month by month, with the difference in the last year, now and before."""
    before, mode = state.before, state.mode.value
    held = state.frames.ends(name, mode == DIFFERENCES)
    title = words.name("outcome", name)
    level, gap = written(name, words)
    unit = gap.name if mode == DIFFERENCES else level.name
    if words.has(f"unit_{name}"):
        unit = words(f"unit_{name}")
    if result is None:
        return Card(name, {}, title, Head(title, unit), "150px")
    finding = result.findings[name]
    difference, interval = difference_text(name, finding, words)
    if not math.isfinite(finding.difference):  # the reason stands where there is room for it
        unit, interval = interval or unit, ""
    elif finding.lost:
        unit = missing_text(finding, words)
    former = before.findings[name] if before is not None else None
    was = ""
    if former is not None:
        was, _ = difference_text(name, former, words)
        was = words("before_now", before=was, now=difference) if was != difference else ""
    tone = tone_of(name, finding)
    head = Head(title, unit, difference, tone, interval, words("differences"), was)
    label = words(
        "chart_label",
        what=title,
        a=level.text(finding.a_level, words),
        b=level.text(finding.b_level, words),
        difference=difference,
    )
    scales = level.scale, gap.scale
    option = _option(name, (finding, former), mode, words, scales, result.months, held)
    return Card(name, option, label, head, "150px", result.replicates)


def _option(
    name: str,
    findings: tuple[Finding, Finding | None],
    mode: str,
    words: Words,
    scales: tuple[Scale, Scale],
    months: int,
    held: ArrayLike,
) -> dict[str, object]:
    """The chart of a finding, with the lines before the last move as ghosts behind it.

    held: values that the axis holds beside what is drawn.
    """
    finding, former = findings
    level, gap = scales
    if mode == DIFFERENCES:
        curve, gap = finding.gap, replace(gap, suffix="")
        line = ChartLine("B − A", COLOURS["b"], curve.mean, curve.low, curve.high)
        ghosts = [_ghost("b", former.gap.mean)] if former is not None else []
        return line_chart([*ghosts, line], words, gap, months=months, zero_line=True, held=held)
    limits = 0.0, 1.0 if OUTCOMES[INDEX[name]].unit in ("share", "0-1") else math.inf
    lines = [
        ChartLine(
            side, COLOURS[side.lower()], c.mean, np.clip(c.low, *limits), np.clip(c.high, *limits)
        )
        for side, c in (("A", finding.a), ("B", finding.b))
    ]
    if former is not None:
        sides = (("a", former.a, finding.a), ("b", former.b, finding.b))
        moved = [(s, old) for s, old, new in sides if not np.array_equal(old.mean, new.mean)]
        lines = [*(_ghost(side, old.mean) for side, old in moved), *lines]
    return line_chart(lines, words, level, months=months, limits=limits, held=held)


def _ghost(side: str, values: ArrayLike) -> ChartLine:
    """A line as it was; its name begins so that no tooltip tells of it."""
    return ChartLine(f"_{side}", COLOURS["faint"], values, dashed=True, width=1.2)


@solara.component
def Who(result: Result | None, words: Words) -> None:
    """Gainers and losers by age and by known and unknown, each with its interval."""
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("who"))
        if result is None:
            return
        everybody = gains_text(result, words)
        Text("p", everybody, classes=["vf-who-said"])
        if not any(
            share > 0.0 for each in result.gains for share in (each.gainers[0], each.losers[0])
        ):
            return
        Legend(
            items=[
                {"label": words("loss"), "colour": variable(COLOURS["loss"])},
                {"label": words("gain"), "colour": variable(COLOURS["gain"])},
            ]
        )
        groups = (
            Group(_group(entry, words), entry.gainers, entry.losers) for entry in result.gains
        )
        axis = Axis(scale=Scale(1000.0, 1, absolute=True))
        shown = specifications.Gains(axis, tuple(groups), words("gain"), words("loss"))
        option = gains_option(shown, words)
        label = words("who_label", everybody=everybody)
        Chart(option, label, height="296px", version=result.replicates)
        Text("p", words("who_help"), classes=["vf-small", "vf-soft"])


def _group(entry: GroupGains, words: Words) -> str:
    if entry.grouping == "all":
        return words("everybody")
    if entry.grouping == "known":
        return words(entry.group)
    return words("age", band=entry.group.replace("-", "–"))
