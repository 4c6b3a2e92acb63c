"""Map: Denmark's 98 municipalities under two governances, one square each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import solara

from velfaerd_sim.dashboard.compare.choices import governance_options
from velfaerd_sim.dashboard.frame.carried import SIDES, Carried
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.work import COUNTRY, Job
from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.map.files import file_of, scenario_file
from velfaerd_sim.dashboard.map.national_runs import (
    ONE_IN,
    RUNS,
    NationalRequest,
    Outcomes,
    scenario_of,
)
from velfaerd_sim.dashboard.map.parts import Detail, Tiles, key_of
from velfaerd_sim.dashboard.map.ranking import Ranking
from velfaerd_sim.dashboard.map.view import DIFFERENCE, A, B, Curves, MapView
from velfaerd_sim.dashboard.parts.controls import Button, Select, Switch, Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, File, Item
from velfaerd_sim.dashboard.parts.place_line import PlaceLine
from velfaerd_sim.dashboard.parts.sheets import Alert, Group, Progress, pages_style
from velfaerd_sim.dashboard.parts.units import definition_of
from velfaerd_sim.errors import InputError, VelfaerdError, shown
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.telling.words import Words

PAGE = "map"
QUICK = 10
"""From one adult in so many on, a run starts by itself when it is needed."""
_BEFORE = -1.0


@dataclass(frozen=True)
class MapJob:
    """A run that is under way, how far it is, or what it failed of."""

    requests: tuple[NationalRequest, ...] | None = None
    share: float = _BEFORE
    error: str = ""
    expected: bool = True


class MapPageState:
    """What the page holds between visits: the view, the run under way, a note on the address."""

    def __init__(self) -> None:
        self.view: solara.Reactive[MapView] = solara.Reactive(MapView())
        self.job: solara.Reactive[MapJob] = solara.Reactive(MapJob())
        self.faults: solara.Reactive[tuple[InputError, ...]] = solara.Reactive(())
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self._place = 0

    def take_scenario(self, kind: str) -> None:
        """Hand over the scenario under A or B, for which nothing needs to have been run."""
        self.file.value = scenario_file(kind, self.view.value)

    def read(self, query: str) -> None:
        """Take the view of an address; what cannot be read is told and stays as usual."""
        self.view.value, self.faults.value = MapView.of_query(values_of(query))

    def follow(self, carried: Carried, takes_pair: bool, takes_town: bool) -> None:
        """Take the pair of governances and the municipality, unless a link named others.

        A municipality is looked at when it has just been stated; another may be chosen after that.
        """
        changes: dict[str, object] = {}
        pair, place = carried.pair.peek(), carried.place.peek()
        code = 0 if place is None else place.code
        if takes_pair and pair is not None:
            changes |= dict(zip(SIDES, pair, strict=True))
        if takes_town and code and code != self._place:
            changes["town"] = code
        self._place = code
        self.view.value = self.view.peek().with_(**changes)


def use_state_of_page(session: Session) -> MapPageState:
    """The state of the page in this session; the address is read once a visit."""
    router = solara.use_router()

    def begin() -> MapPageState:
        state: MapPageState = session.kept.setdefault(PAGE, MapPageState())
        values = values_of(router.search)
        if values.keys() - {"lang"}:
            state.read(router.search)
        state.follow(session.carried, not values.keys() & set(SIDES), "town" not in values)
        return state

    state: MapPageState = solara.use_memo(begin, [])
    return state


def start(session: Session, state: MapPageState) -> None:
    """Run what the view needs, in the background; a run of another view is called off."""
    requests = state.view.value.requests

    def task(job: Job) -> list[dict[str, Outcomes]]:
        found = []
        for number, request in enumerate(requests):
            steps = partial(_share_of_all, job, number, len(requests))
            found.append(RUNS.get(request, lambda: job.cancelled, steps))
        return found

    def done() -> None:
        state.job.value = MapJob()

    def told(share: float) -> None:
        state.job.value = MapJob(requests, share)

    def failed(error: Exception) -> None:
        expected = isinstance(error, VelfaerdError)
        state.job.value = MapJob(error=str(error) if expected else " ", expected=expected)

    state.job.value = MapJob(requests)
    try:
        session.jobs.start(
            PAGE, [task], lane=COUNTRY, on_done=done, on_error=failed, on_progress=told
        )
    except VelfaerdError as error:  # too much is under way
        failed(error)


def _share_of_all(job: Job, number: int, count: int, share: float) -> None:
    job.progress((number + share) / count)


def cancel(session: Session, state: MapPageState) -> None:
    """Call the run off."""
    session.jobs.cancel(PAGE)
    state.job.value = MapJob()


def _done(view: MapView) -> list[dict[str, Outcomes]]:
    """The runs of a view that are there for both regimes."""
    found = (RUNS.known(request) for request in view.requests)
    return [each for each in found if len(each) == len({view.a, view.b})]


@solara.component
def Page() -> None:
    """The page."""
    words = use_words("map")
    session = use_session()
    state = use_state_of_page(session)
    view, job = state.view.value, state.job.value
    found = _done(view)
    ready = len(found) == view.runs

    def look_after() -> None:
        if ready or job.requests == view.requests:
            return
        if job.requests is not None:
            cancel(session, state)
        if view.one_in >= QUICK:
            start(session, state)

    def note_address() -> None:
        session.views[PAGE] = query_of(view.query())
        session.carried.compare(view.a, view.b)

    solara.use_effect(look_after, [view.requests])
    solara.use_effect(note_address, [view])
    change = partial(_change, state)
    solara.Style(pages_style())
    curves = Curves.of(view, *found) if found else None
    if session.embedded:
        Embedded(view, curves, words, change)
        return
    Title(state, curves, words)
    with solara.Div(classes=["vf-stack"]):
        for fault in state.faults.value:
            Alert(
                words("bad_link", what=fault.place, value=given(fault)),
                words("dismiss"),
                lambda: state.faults.set(()),
            )
        with solara.Div(classes=["vf-card"]):
            Controls(view, words, change)
        if not ready:
            Under(session, state, words)
        if curves is not None and view.shown == DIFFERENCE:
            Told(view, curves, words)
        with solara.Div(classes=["vf-split"]):
            with solara.Div(classes=["vf-stack"]):
                with solara.Div(classes=["vf-card"]):
                    Tiles(view, curves, words, change)
                    Switch(
                        words("yearly"),
                        view.yearly,
                        lambda on: change(yearly=on),
                        words,
                        help=words("yearly_help"),
                    )
                HowSure(words)
            with solara.Div(classes=["vf-card"]):
                Detail(view, curves, words, change)
        if curves is not None:
            with solara.Div(classes=["vf-card"]):
                Ranking(view, curves, words, change)


@solara.component
def Embedded(view: MapView, curves: Curves | None, words: Words, change: partial[None]) -> None:
    """The page in a frame of another site: what can be told, and the map."""
    Text("h1", words("map_title"), classes=["vf-hidden"])
    with solara.Div(classes=["vf-card", "vf-tight"]):
        if curves is None:
            Text("p", words("embed_running"), attributes={"role": "status"})
        else:
            Told(view, curves, words)
        Tiles(view, curves, words, change)


@solara.component
def Told(view: MapView, curves: Curves, words: Words) -> None:
    """Whether municipalities can be told apart; at the top, as all below is read by it."""
    apart = bool(curves.pooled.apart[view.month])
    Text("p", words("told_apart" if apart else "none_apart"), classes=["vf-told"])


@solara.component
def Title(state: MapPageState, curves: Curves | None, words: Words) -> None:
    """What the page shows, whose place is carried, and what can be taken along."""
    with solara.Div(classes=["vf-title"]):
        with solara.Div():
            Text("h1", words("map_title"))
            Text("p", words("map_intro"), classes=["vf-intro"])
            PlaceLine(words("place_not_used"))
        Menu(state, curves, words)


def given(error: InputError) -> str:
    """What was given instead of something right, on one line and never long."""
    return shown(error.value).strip("'")


@solara.component
def Menu(state: MapPageState, curves: Curves | None, words: Words) -> None:
    """What can be taken along, once there are values."""
    view = state.view.value

    def prepare(kind: str) -> None:
        if curves is not None:
            scale = map_view.scale_of(view, curves)
            key = key_of(view, scale, words)
            state.file.value = file_of(kind, view, curves, scale, key, words)

    detail = words("all_months")
    groups = [
        (
            words("values"),
            [
                Item("csv", words("values_csv"), detail),
                Item("xlsx", words("values_xlsx"), detail),
                Item("parquet", words("values_parquet"), detail),
            ],
        ),
        (
            words("picture_of"),
            [Item("svg", words("map_svg")), Item("png", words("map_png"))],
        ),
        (
            words("scenarios"),
            [Item("scenario_a", words("scenario_a")), Item("scenario_b", words("scenario_b"))],
        ),
    ]
    Downloads(
        groups if curves is not None else groups[2:],
        words,
        file=state.file.value,
        on_ask=prepare if curves is not None else lambda kind: state.take_scenario(kind),
        on_taken=lambda: state.file.set(None),
        embed=True,
    )


def _change(state: MapPageState, **changes: object) -> None:
    state.view.value = state.view.value.with_(**changes)


@solara.component
def Controls(view: MapView, words: Words, change: partial[None]) -> None:
    """What is shown of which runs."""
    outcome = OUTCOMES[INDEX[view.outcome]]
    with solara.Div(classes=["vf-bar", "vf-bar-map"]):
        Select(
            words("outcome"),
            view.outcome,
            [(each.name, each.label(words.language)) for each in map_view.outcomes_in_order()],
            lambda name: change(outcome=name),
            words,
            help=words("outcome_help", definition=definition_of(outcome, words)),
        )
        for key in SIDES:
            own = getattr(view, key)
            options = governance_options(own, words)
            Select(words(f"regime_{key}"), own, options, _setter(change, key), words)
        Select(
            words("adults"),
            str(view.one_in),
            [(str(number), share_name(number, words)) for number in ONE_IN],
            lambda number: change(one_in=int(number)),
            words,
            help=words("adults_help"),
        )
        Select(
            words("runs"),
            str(view.runs),
            [(str(number), words.number(number)) for number in map_view.RUN_COUNTS],
            lambda number: change(runs=int(number)),
            words,
            help=words("runs_help"),
        )
        Group(
            words("shown"),
            view.shown,
            [(A, "A"), (B, "B"), (DIFFERENCE, words("difference"))],
            lambda shown: change(shown=shown),
        )


def _setter(change: partial[None], key: str) -> Callable[[str], None]:
    return lambda name: change(**{key: name})


def share_name(one_in: int, words: Words) -> str:
    """How a share of adults is called, with their number."""
    count = words.number(scenario_of(one_in).adults)
    if one_in == 1:
        return words("every_adult", count=count)
    return words("one_in", number=one_in, count=count)


@solara.component
def Under(session: Session, state: MapPageState, words: Words) -> None:
    """The run that the view needs: how far it is, or a button that starts it."""
    view, job = state.view.value, state.job.value
    if job.requests == view.requests:
        waiting = job.share == _BEFORE and RUNS.busy
        share = words.percent(max(0.0, job.share), 0)
        with solara.Div(classes=["vf-card"]):
            Progress(
                words("waiting") if waiting else words("running", share=share),
                job.share,
                words("cancel"),
                lambda: cancel(session, state),
            )
        return
    if job.error:
        detail = job.error if job.expected else words("failed_unexpected")
        Alert(words("failed", message=detail))
    count = words.number(scenario_of(view.one_in).adults)
    with solara.Div(classes=["vf-card"]), solara.Div(classes=["vf-running"]):
        with solara.Div():
            Text("h2", words("empty"))
            Text("p", words("empty_what", count=count, run=words("run")), classes=["vf-soft"])
        Button(words("run"), lambda: start(session, state), primary=True)


@solara.component
def HowSure(words: Words) -> None:
    """How the map is to be read, and why its numbers are not those of Compare."""
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("how_sure"))
        Text("p", words("how_sure_text"), classes=["vf-intro"])
        Text("p", words("unlike_compare"), classes=["vf-intro"])
