"""My municipality: what a place knows of itself, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.dashboard.frame.links import address_of
from velfaerd_sim.dashboard.frame.refusals import asked_for, told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.stated_place import (
    LONELY,
    NUMBERS,
    SIZES,
    StatedPlace,
    packaged_towns,
)
from velfaerd_sim.dashboard.municipality import runs
from velfaerd_sim.dashboard.parts import downloads
from velfaerd_sim.dashboard.parts.controls import Button, Field, Link, Select, Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, File, Item
from velfaerd_sim.dashboard.parts.long_studies import LongRun, StudyRunner
from velfaerd_sim.dashboard.parts.place_studies import asked, known
from velfaerd_sim.dashboard.parts.sheets import Alert, Progress, pages_style
from velfaerd_sim.dashboard.parts.spans import how_far, span
from velfaerd_sim.dashboard.studies.blocks import NothingFound, Report, read
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.governing import LETTERS, questionnaire
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.worlds import FILE as WORLDS
from velfaerd_sim.reporting.files import report_path
from velfaerd_sim.telling.words import Words

PAGE = "municipality"
USUAL, ANSWERS = "usual", "answers"
NEXT = ("compare", "advice", "watch", "map")
"""Pages that take the place."""
Change = Callable[[str, Callable[[StatedPlace], StatedPlace]], None]


class PlaceState:
    """What the page holds: the place as stated, what was written wrongly, the study."""

    def __init__(self, session: Session) -> None:
        self._session = session
        first = session.carried.place.peek()
        self.stated: solara.Reactive[StatedPlace] = solara.Reactive(first or StatedPlace())
        self.wrong: solara.Reactive[Mapping[str, InputError]] = solara.Reactive({})
        self.asking: solara.Reactive[bool] = solara.Reactive(bool(self.stated.peek().answers))
        self.faults: solara.Reactive[tuple[VelfaerdError, ...]] = solara.Reactive(
            session.carried.take_faults()
        )
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.runner = StudyRunner(session, PAGE)

    def change(self, field: str, change: Callable[[StatedPlace], StatedPlace]) -> None:
        """State something else; what cannot be is told at its field, and all else stays."""
        wrong = {key: error for key, error in self.wrong.peek().items() if key != field}
        try:
            stated = change(self.stated.peek())
        except InputError as error:
            self.wrong.value = {**wrong, field: error}
            return
        self.wrong.value = wrong
        self.stated.value = stated
        self._session.carried.state(stated)

    def learn(self) -> None:
        """Run the study of the place as it is stated."""
        stated = self.stated.peek()
        self.runner.start(asked(stated), runs.make(stated), runs.write)

    def take(self, kind: str) -> None:
        """Hand a file to the browser."""
        stated, language = self.stated.peek(), self._session.language.value
        if kind == "file":
            content = runs.file_text(stated).encode()
            self.file.value = File(runs.FILE, downloads.TOML, content)
            return
        folder = known(stated)
        if folder is None:
            return
        names = {
            "scenario": (folder / "scenario.toml", downloads.TOML),
            "worlds": (folder / WORLDS, downloads.CSV),
            "report": (report_path(folder, language), downloads.HTML),
        }
        path, media = names[kind]
        self.file.value = File(f"velfaerd-{path.name}", media, path.read_bytes())


@solara.component
def Page() -> None:
    """The page."""
    words, session = use_words("municipality"), use_session()
    state: PlaceState = solara.use_memo(
        lambda: session.kept.setdefault(PAGE, PlaceState(session)), []
    )
    stated = state.stated.value
    solara.Style(pages_style())
    with solara.Div(classes=["vf-title"]):
        with solara.Div():
            Text("h1", words("title"))
            Text("p", words("intro"), classes=["vf-intro"])
        Files(state, words)
    with solara.Div(classes=["vf-stack"]):
        for fault in state.faults.value:
            Alert(told(fault, words.language), words("dismiss"), lambda: state.faults.set(()))
        with solara.Div(classes=["vf-split"]):
            with solara.Div(classes=["vf-stack"]):
                Known(stated, state.wrong.value, state.change, words)
                Governed(state, words)
            with solara.Div(classes=["vf-stack"]):
                Learning(state, words)
                Onward(session, words)
        Learnt(stated, state.runner.run.value, words)


@solara.component
def Files(state: PlaceState, words: Words) -> None:
    """What can be taken along."""
    own = [Item("file", words("take_file"), words("take_file_detail"))]
    groups = [(words("settings"), own)]
    if known(state.stated.value) is not None:
        found = [Item(k, words(f"take_{k}"), words(f"take_{k}_detail")) for k in _TAKEN]
        groups.append((words("learnt"), found))
    Downloads(
        groups,
        words,
        file=state.file.value,
        on_ask=state.take,
        on_taken=lambda: state.file.set(None),
    )


_TAKEN = ("scenario", "worlds", "report")


@solara.component
def Known(
    stated: StatedPlace, wrong: Mapping[str, InputError], change: Change, words: Words
) -> None:
    """The fields for what one knows."""
    towns = [("0", words("none")), *((str(t.code), t.name) for t in packaged_towns().values())]
    kinds = [
        ("", words("kind_usual")),
        *((k, words(f"compare.type_{k}")) for k in MUNICIPALITY_KINDS),
    ]
    numbers = dict(stated.numbers)

    def choose(code: str) -> None:
        change("municipality", lambda now: replace(now, code=int(code), kind=""))

    with solara.Div(classes=["vf-card"]):
        Text("h2", words("known"))
        Text("p", words("known_what"), classes=["vf-soft", "vf-small"])
        with solara.Div(classes=["vf-fields"]):
            with solara.Div(classes=["vf-tight"], style={"gap": "4px"}):
                Select(words("which"), str(stated.code), towns, choose, words)
                if "municipality" in wrong:
                    _wrong(wrong["municipality"], words)
            if not stated.code:
                Select(
                    words("kind"),
                    stated.kind,
                    kinds,
                    lambda kind: change("kind", lambda now: replace(now, kind=kind)),
                    words,
                )
            for name in NUMBERS:
                usual = ""
                if name == "adults" and stated.code:
                    usual = words.number(packaged_towns()[stated.code].adults)
                Field(
                    words(f"field_{name}"),
                    _written(numbers.get(name), words),
                    partial(_state_number, change, name),
                    words,
                    unit="%" if name == LONELY else "",
                    usual=usual,
                    wrong=asked_for(wrong[name], words.language) if name in wrong else "",
                    help=words(f"field_{name}_help"),
                ).key(f"{name} {words.language}")


def _wrong(error: InputError, words: Words) -> None:
    Text("p", asked_for(error, words.language), classes=["vf-wrong"], attributes={"role": "alert"})


def _written(value: float | None, words: Words) -> str:
    if value is None:
        return ""
    digits = 0 if value == int(value) else 2
    return words.number(value, digits)


def _state_number(change: Change, name: str, text: str) -> None:
    change(name, lambda now: now.with_number(name, text))


@solara.component
def Governed(state: PlaceState, words: Words) -> None:
    """How it is governed today: as most, a named regime, or by the questions."""
    stated, asking = state.stated.value, state.asking.value
    options = [
        (USUAL, words("today_usual")),
        (ANSWERS, words("today_answers")),
        *((name, regime.label(words.language)) for name, regime in REGIMES.items()),
    ]
    chosen = ANSWERS if asking else stated.regime or USUAL

    def choose(key: str) -> None:
        state.asking.value = key == ANSWERS
        regime = key if key in REGIMES else ""
        state.change("today", lambda now: replace(now, regime=regime, answers=()))

    with solara.Div(classes=["vf-card"]):
        Text("h2", words("today"))
        Select(words("today_how"), chosen, options, choose, words, help=words("today_help"))
        if asking:
            count = words.number(len(questionnaire().questions))
            note = words("questions_what", given=words.number(len(stated.answers)), count=count)
            Text("p", note, classes=["vf-soft", "vf-small"])
            with solara.Div(classes=["vf-tight", "vf-questions"]):
                for question in questionnaire().questions:
                    answers = zip(LETTERS, question.answers(words.language), strict=True)
                    Select(
                        question.text(words.language),
                        dict(stated.answers).get(question.id, ""),
                        [("", words("no_answer")), *answers],
                        partial(_answer, state, question.id),
                        words,
                    )


def _answer(state: PlaceState, question: str, letter: str) -> None:
    state.change(question, lambda now: now.with_answer(question, letter))


@solara.component
def Learning(state: PlaceState, words: Words) -> None:
    """The button that learns from the figures, how long it takes, and how far it is."""
    stated, run = state.stated.value, state.runner.run.value
    sizes = [(size, words(f"size_{size}")) for size in SIZES]
    with solara.Div(classes=["vf-card", "vf-tight"]):
        Text("h2", words("learn"))
        Text("p", words("learn_what"), classes=["vf-soft"])
        Select(
            words("size"),
            stated.size,
            sizes,
            lambda size: state.change("size", lambda now: replace(now, size=size)),
            words,
            help=words("size_help"),
        )
        if run.error is not None:
            Alert(words("failed", message=_failure(run.error, words)))
        if run.asked == asked(stated):
            Progress(how_far(run, words), run.share, words("cancel"), state.runner.cancel)
        elif known(stated) is not None:
            Text("p", words("done"), classes=["vf-small"], attributes={"role": "status"})
        else:
            Text("p", _time_needed(stated, words), classes=["vf-small"])
            with solara.Div(classes=["vf-row"]):
                Button(words("start"), state.learn, primary=True)


def _failure(error: Exception, words: Words) -> str:
    known = isinstance(error, VelfaerdError)
    return told(error, words.language) if known else words("error_unexpected")


def _time_needed(stated: StatedPlace, words: Words) -> str:
    low, high = runs.expected_seconds(stated)
    if high < 1.5 * low:
        return words("time", time=span(high, words))
    return words("time_or", low=span(low, words), high=span(high, words))


@solara.component
def Onward(session: Session, words: Words) -> None:
    """The pages that take the place."""
    router = solara.use_router()
    with solara.Div(classes=["vf-card", "vf-tight"]):
        Text("h2", words("onward"))
        Text("p", words("onward_what"), classes=["vf-soft"])
        with solara.Div(classes=["vf-tight"]):
            for page in NEXT:
                Link(words(f"onward_{page}"), address_of(page, session), router.push)


@solara.component
def Learnt(stated: StatedPlace, run: LongRun, words: Words) -> None:
    """What the figures taught, once the study is there."""
    folder: Path | None = known(stated)
    language = words.language

    def make() -> tuple[Any, str]:
        if folder is None:
            return None, ""
        return read(lambda: runs.shown_page(folder, language), language)

    found, problem = solara.use_memo(make, [folder, language])
    studies = use_words("studies")
    if folder is None:
        return
    if found is None:
        NothingFound(problem, words("nothing"), studies)
        return
    Report(found, folder, studies)
