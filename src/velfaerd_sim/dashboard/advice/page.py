"""Advice: the best package of instruments for the staff hours there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.dashboard.advice import search as searches
from velfaerd_sim.dashboard.advice.search import GOALS, WANTED, AdviceView, Search
from velfaerd_sim.dashboard.compare.governance import LABELS
from velfaerd_sim.dashboard.frame.links import address_of, query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import asked_for, told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.stated_place import KEYS, StatedPlace
from velfaerd_sim.dashboard.frame.work import LATER, BusyError
from velfaerd_sim.dashboard.map.view import outcomes_in_order
from velfaerd_sim.dashboard.parts import downloads
from velfaerd_sim.dashboard.parts.controls import Button, Field, Link, Select, Switch, Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, File, Item
from velfaerd_sim.dashboard.parts.long_studies import StudyRunner
from velfaerd_sim.dashboard.parts.place_studies import place_name
from velfaerd_sim.dashboard.parts.sheets import Alert, Progress, pages_style
from velfaerd_sim.dashboard.parts.spans import how_far, span
from velfaerd_sim.dashboard.studies.blocks import NothingFound, Report, read
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.reporting.files import report_path
from velfaerd_sim.reporting.pages.decisions.advice import page as report_page
from velfaerd_sim.studies.advise.advising import Advice, load_advice
from velfaerd_sim.studies.advise.tables import AVAILABLE
from velfaerd_sim.telling.advice import AdviceWords
from velfaerd_sim.telling.words import Words

PAGE, TIMES = "advice", "advice_time"


class AdviceState:
    """What the page holds: what is asked for, what was written wrongly, the search."""

    def __init__(self, session: Session, query: str | None) -> None:
        """query: of the link that opened the page."""
        self._session = session
        values = values_of(query)
        view, faults = AdviceView.of_query(values)
        self.view: solara.Reactive[AdviceView] = solara.Reactive(view)
        self.faults: solara.Reactive[tuple[VelfaerdError, ...]] = solara.Reactive(faults)
        self.wrong: solara.Reactive[InputError | None] = solara.Reactive(None)
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.runner = StudyRunner(session, PAGE)
        self.times: solara.Reactive[Mapping[Search, float]] = solara.Reactive({})
        """About how many seconds a search takes, by search."""

    def change(self, change: Callable[[AdviceView], AdviceView]) -> None:
        """Ask for something else; hours that cannot be are told at their field."""
        try:
            self.view.value = change(self.view.peek())
            self.wrong.value = None
        except InputError as error:
            self.wrong.value = error

    def estimate(self, search: Search) -> None:
        """Work out in the background how long a search takes; its library takes a while to load."""
        if search in self.times.peek():
            return

        def came(_: int, seconds: float) -> None:
            self.times.value = {search: seconds}

        tasks = [lambda _: searches.expected_seconds(search)]
        with suppress(BusyError):
            self._session.jobs.start(TIMES, tasks, lane=LATER, on_result=came)

    def search(self) -> Search:
        """What would be run."""
        return Search.of(self.view.peek(), self._session.carried.place.peek())

    def start(self) -> None:
        """Run it."""
        search = self.search()
        self.runner.start(search, searches.make(search), searches.write)

    def take(self, kind: str) -> None:
        """Hand the report to the browser."""
        folder = self.runner.known(self.search())
        if folder is not None and kind == "report":
            path = report_path(folder, self._session.language.value)
            self.file.value = File(f"velfaerd-{path.name}", downloads.HTML, path.read_bytes())


def use_state_of_page(session: Session) -> AdviceState:
    """The state of the page in this session; a link is read when it opens the page."""
    search = solara.use_router().search

    def begin() -> AdviceState:
        state: AdviceState | None = session.kept.get(PAGE)
        if state is None:
            state = session.kept[PAGE] = AdviceState(session, search)
        elif values_of(search).keys() - {"lang", *KEYS}:
            state.view.value, state.faults.value = AdviceView.of_query(values_of(search))
        return state

    state: AdviceState = solara.use_memo(begin, [])
    return state


@solara.component
def Page() -> None:
    """The page."""
    words, session = use_words("advising"), use_session()
    state = use_state_of_page(session)
    view, place = state.view.value, session.carried.place.value
    run = state.runner.run.value
    search: Search = Search.of(view, place)

    def note_address() -> None:
        session.views[PAGE] = query_of(view.query())

    solara.use_effect(note_address, [view])
    solara.use_effect(lambda: state.estimate(search), [search])
    solara.Style(pages_style())
    folder = state.runner.known(search)
    with solara.Div(classes=["vf-title"]):
        with solara.Div():
            Text("h1", words("title"))
            Text("p", words("intro"), classes=["vf-intro"])
        if folder is not None:
            Files(state, words)
    with solara.Div(classes=["vf-stack"]):
        for fault in state.faults.value:
            Alert(told(fault, words.language), words("dismiss"), lambda: state.faults.set(()))
        with solara.Div(classes=["vf-split"]):
            Asked(state, place, words)
            with solara.Div(classes=["vf-card", "vf-tight"]):
                Text("h2", words("search"))
                Text("p", _where(search, words), classes=["vf-soft"])
                Link(words("to_place"), address_of("municipality", session), _push())
                if run.error is not None:
                    known = isinstance(run.error, VelfaerdError)
                    message = (
                        told(run.error, words.language) if known else words("error_unexpected")
                    )
                    Alert(words("failed", message=message))
                if run.asked == search:
                    Progress(how_far(run, words), run.share, words("cancel"), state.runner.cancel)
                elif folder is not None:
                    Text("p", words("done"), classes=["vf-small"], attributes={"role": "status"})
                else:
                    Text("p", _time(state.times.value.get(search), words), classes=["vf-small"])
                    with solara.Div(classes=["vf-row"]):
                        Button(words("start"), state.start, primary=True)
        if folder is not None:
            Advised(folder, search, session, words).key(f"{folder} {words.language}")


def _push() -> Callable[[str], None]:
    push: Callable[[str], None] = solara.use_router().push
    return push


def _time(seconds: float | None, words: Words) -> str:
    """How long a search takes, as soon as that is worked out."""
    return words("time_soon") if seconds is None else words("time", time=span(seconds, words))


def _where(search: Search, words: Words) -> str:
    """Which town and which worlds a search is in."""
    if search.place is None:
        return words("in_usual")
    key = "in_place_learnt" if search.learnt else "in_place"
    return words(key, name=place_name(search.place, words))


@solara.component
def Files(state: AdviceState, words: Words) -> None:
    """What can be taken along."""
    item = Item("report", words("take_report"), words("take_report_detail"))
    Downloads(
        [(words("search"), [item])],
        words,
        file=state.file.value,
        on_ask=state.take,
        on_taken=lambda: state.file.set(None),
    )


@solara.component
def Asked(state: AdviceState, place: StatedPlace | None, words: Words) -> None:
    """Goal, hours, what stays as it is, and how much is run."""
    view, wrong, language = state.view.value, state.wrong.value, words.language
    goals = [(o.name, o.label(language)) for o in outcomes_in_order() if o.name in GOALS]
    today = Search(AdviceView(fixed=INSTRUMENTS), place, learnt=False).fix
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("asked"))
        with solara.Div(classes=["vf-fields"]):
            Select(
                words("goal"),
                view.goal,
                goals,
                lambda name: state.change(lambda now: replace(now, goal=name)),
                words,
                help=words("goal_help"),
            )
            Field(
                words("most"),
                words.number(view.most, 0 if view.most == int(view.most) else 1),
                lambda text: state.change(lambda now: now.with_hours(text)),
                words,
                wrong="" if wrong is None else asked_for(wrong, language),
                help=words("most_help"),
            ).key(f"most {language}")
            Select(
                words("size"),
                view.search,
                [(size, words(f"size_{size}")) for size in WANTED],
                lambda size: state.change(lambda now: replace(now, search=size)),
                words,
                help=words("size_help"),
            )
        Text("h3", words("fixed"), attributes={"style": "margin-top: 16px"})
        Text("p", words("fixed_what"), classes=["vf-soft", "vf-small"])
        with solara.Div(classes=["vf-fields"]):
            for name in INSTRUMENTS:
                value = words.number(today[name], 2)
                label = words("fixed_at", name=words.name("instrument", name), value=value)
                Switch(label, name in view.fixed, _fixer(state, name), words)


def _fixer(state: AdviceState, name: str) -> Callable[[bool], None]:
    return lambda wanted: state.change(lambda now: now.with_fixed(name, wanted))


@solara.component
def Advised(folder: Path, search: Search, session: Session, words: Words) -> None:
    """The packages, each with a way into Compare, and the report."""
    language = words.language
    found, problem = solara.use_memo(
        lambda: read(lambda: AdviceWords(load_advice(folder), language), language), []
    )
    studies = use_words("studies")
    if found is None:
        NothingFound(problem, words("nothing"), studies)
        return
    Packages(found, search, session, words)
    Report(report_page(found), folder, studies)


@solara.component
def Packages(found: AdviceWords, search: Search, session: Session, words: Words) -> None:
    """The best packages side by side."""
    router = solara.use_router()
    packages = found.advice.packages.to_dict("records")
    with solara.Div(classes=["vf-columns", "vf-packages"]):
        for each in packages:
            with solara.Div(classes=["vf-card", "vf-tight"]):
                Text("h2", words("package", rank=words.number(each["rank"])))
                benefit = found.format.bare_difference(each["benefit"])
                interval = found.between(each["ci_low"], each["ci_high"])
                Text("p", words("package_gives", benefit=benefit, interval=interval))
                used = found.hours(each["hours_per_1000"])
                available = found.hours(each[AVAILABLE])
                Text("p", words("package_hours", used=used, available=available))
                address = compare_address(found.advice, each, session)
                with solara.Div(classes=["vf-row"]):
                    Link(words("try"), address, router.push, look="vf-button")
    Text("p", words("try_what"), classes=["vf-small", "vf-soft"])


def compare_address(advice: Advice, package: Mapping[Any, Any], session: Session) -> str:
    """The link that opens today's governance and a package in Compare, with the package's hours."""
    today = advice.design.scenario.timeline.single()
    sides = {"a": STATUS_QUO}
    if today is not None and today == REGIMES.get(today.name):
        sides["a"] = today.name
    elif today is not None:
        sides["a"] = governance_text({name: getattr(today, name) for name in INSTRUMENTS})
    sides["b"] = governance_text({name: float(package[name]) for name in INSTRUMENTS})
    for key, language in zip(LABELS, ("en", "da"), strict=True):
        label = Words(language, "advising")("package_named", rank=package["rank"])
        sides["b"] += f",{key}:{label}"
    values = {**sides, "set": f"hours_per_1000:{float(package[AVAILABLE])!r}"}
    place = query_of(session.carried.query())
    parts = [query_of(values), place, f"lang={session.language.value}"]
    return "/compare?" + "&".join(filter(None, parts))


def governance_text(values: Mapping[str, float]) -> str:
    """A governance as it stands in links: where its instruments are, from the status quo."""
    return ",".join([STATUS_QUO, *(f"{name}:{value:g}" for name, value in values.items())])
