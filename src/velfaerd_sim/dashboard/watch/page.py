"""Watch: one town under two governances on one clock, every citizen drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import solara

from velfaerd_sim.dashboard.compare.choices import governance_options
from velfaerd_sim.dashboard.frame.carried import SIDES as SIDES_OF_LINKS
from velfaerd_sim.dashboard.frame.carried import Carried
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.work import Job
from velfaerd_sim.dashboard.parts.controls import Notice, Select, Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, File, Item
from velfaerd_sim.dashboard.parts.place_line import PlaceLine
from velfaerd_sim.dashboard.parts.sheets import Alert
from velfaerd_sim.dashboard.watch.files import make
from velfaerd_sim.dashboard.watch.messages import (
    LONGEST_CHUNK,
    chunk_message,
    life_message,
    recovered_message,
    town_message,
)
from velfaerd_sim.dashboard.watch.town import SIDES, WatchTown
from velfaerd_sim.dashboard.watch.view import SEEDS, SIZES, YEARS, WatchView
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.telling.words import Words

PAGE = "watch"
FILES = "watch-files"
FIRST_MONTHS = 24
"""Months that are run before the town is shown."""
Drawn = tuple[tuple[Any, ...], WatchTown]
Message = tuple[str, tuple[Exception, ...]]
"""The key of a text, and the errors that it tells of."""

_PLAYER_WORDS = (
    *("controls", "play", "pause", "step", "restart", "speed", "speed_option", "speed_one"),
    *("jump", "clock", "clock_start", "clock_years", "fetching", "colour_by"),
    *("loneliness", "motivation", "picture", "legend", "legend_ring", "legend_volunteer"),
    *("legend_participant", "legend_initiative", "legend_keys"),
    *("legend_score", "legend_motivation"),
    *("low", "high", "lonely_short", "volunteers_short", "initiatives_short"),
    *("participants_short", "logs", "log_empty", "log_hidden"),
    *("log_show", "log_month", "log_crossed"),
    *("kind_initiatives", "kind_volunteers", "kind_participants"),
    *("life", "life_of", "life_empty", "life_find", "life_number", "life_go", "life_wrong"),
    *("find_lonely", "find_volunteer", "find_participant", "find_differs", "find_none"),
    *("find_recovered", "recovery_why"),
    *("life_close", "life_score", "life_score_now", "life_is_lonely", "life_not_lonely"),
    *("life_lonely_months", "life_known", "life_unknown", "life_quiet", "hover_citizen"),
    *("role_volunteer", "role_participant", "role_with", "role_none"),
)


@cache
def watch_style() -> str:
    """The style sheet of the page."""
    return files("velfaerd_sim.dashboard").joinpath("watch.css").read_text("utf-8")


class WatchPageState:
    """What the page holds between visits: the view, the town that is drawn, what went wrong."""

    def __init__(self) -> None:
        self.view: solara.Reactive[WatchView] = solara.Reactive(WatchView())
        self.drawn: solara.Reactive[Drawn | None] = solara.Reactive(None)
        self.error: solara.Reactive[Exception | None] = solara.Reactive(None)
        self.message: solara.Reactive[Message | None] = solara.Reactive(None)
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.preparing: solara.Reactive[str] = solara.Reactive("")

    def read(self, query: str) -> None:
        """Take the view of an address; what cannot be read is told and stays as usual."""
        self.view.value, faults = WatchView.of_query(values_of(query))
        if faults:
            self.message.value = ("link_ignored", faults)

    def follow(self, carried: Carried, takes_pair: bool) -> None:
        """Take the place that is carried, and the pair of governances unless a link named one."""
        view = self.view.peek()
        pair = carried.pair.peek()
        changes: dict[str, Any] = {"place": carried.place.peek()}
        if takes_pair and pair is not None:
            changes |= dict(zip(SIDES_OF_LINKS, pair, strict=True))
        self.view.value = view.changed(**changes)

    def tell(self, told: Any) -> None:
        """Take over what the player tells of the clock, the colours and the citizen."""
        self.view.value = _looked(self.view.peek(), told)


def use_state_of_page(session: Session) -> WatchPageState:
    """The state of the page in this session; the address is read once a visit."""
    router = solara.use_router()

    def begin() -> WatchPageState:
        state: WatchPageState = session.kept.setdefault(PAGE, WatchPageState())
        values = values_of(router.search)
        if values.keys() - {"lang"}:
            state.read(router.search or "")
        state.follow(session.carried, not values.keys() & set(SIDES_OF_LINKS))
        return state

    state: WatchPageState = solara.use_memo(begin, [])
    return state


def draw_town(session: Session, state: WatchPageState) -> None:
    """Draw the town of the view in the background; one that was being drawn is called off."""
    view = state.view.value

    def task(_: Job) -> WatchTown:
        town = WatchTown(view.scenario(), view.regimes)
        town.reach(max(FIRST_MONTHS, min(view.month, LONGEST_CHUNK)))
        return town

    def failed(error: Exception) -> None:
        state.error.value = error

    state.error.value = None
    try:
        session.jobs.start(
            PAGE,
            [task],
            on_result=lambda _, town: state.drawn.set((view.town, town)),
            on_error=failed,
        )
    except VelfaerdError as error:  # too much is under way
        failed(error)


@solara.component
def Page() -> None:
    """The page."""
    words = use_words("watch")
    session = use_session()
    state = use_state_of_page(session)
    view, drawn = state.view.value, state.drawn.value
    ready = drawn is not None and drawn[0] == view.town

    def look_after() -> None:
        if ready:
            session.jobs.cancel(PAGE)  # a town that was chosen and taken back
        else:
            draw_town(session, state)

    def note_address() -> None:
        session.views[PAGE] = query_of(view.query())
        session.carried.compare(view.a, view.b)

    solara.use_effect(look_after, [view.town, ready])
    solara.use_effect(note_address, [view])
    solara.Style(watch_style())
    with solara.Div(classes=["vw-page"]):
        Head(session, state, words)
        if state.message.value is not None:
            key, errors = state.message.value
            text = words(key, what="; ".join(_told(error, words) for error in errors))
            Alert(text, words("dismiss"), lambda: state.message.set(None))
        if ready and drawn is not None:
            Player(drawn[1], state, words).key(f"{view.town}-{words.language}")
        elif state.error.value is not None:
            Notice(words("failed"), words("failed_what"), detail=_told(state.error.value, words))
        else:
            Notice(words("opening"), words("opening_what"))


@solara.component
def Head(session: Session, state: WatchPageState, words: Words) -> None:
    """Title, files to take along, and the settings of the town."""
    view = state.view.value
    sizes = [(str(n), words("adults_option", count=words.number(n))) for n in SIZES]
    years = [(str(n), words.duration(YEAR * n)) for n in YEARS]
    seeds = [(str(n), words("town_number_option", number=n)) for n in SEEDS]

    def change(**changes: Any) -> None:
        state.view.value = state.view.peek().changed(**changes)

    with solara.Div(classes=["vw-top-row"]):
        with solara.Div(classes=["vw-words"]):
            Text("h1", words("watch_title"))
            Text("p", words("watch_lead"), classes=["vf-soft"])
            PlaceLine()
        Files(session, state, words)
    with solara.Div(classes=["vw-settings"]):
        for key in ("a", "b"):
            Select(
                words(f"regime_{key}"),
                getattr(view, key),
                governance_options(getattr(view, key), words),
                _setter(change, key, str),
                words,
                help=words("regime_help"),
            )
        for key, text, options in (
            ("adults", "town_size", sizes),
            ("years", "horizon", years),
            ("seed", "town_number", seeds),
        ):
            Select(
                words(text),
                str(getattr(view, key)),
                options,
                _setter(change, key, int),
                words,
                help=words(f"{text}_help"),
            )


@solara.component
def Files(session: Session, state: WatchPageState, words: Words) -> None:
    """The menu of links and files."""

    def ask(kind: str) -> None:
        drawn, view = state.drawn.peek(), state.view.peek()
        if drawn is None or drawn[0] != view.town:
            return
        state.preparing.value = kind

        def made(_: int, file: File) -> None:
            state.preparing.value = ""
            state.file.value = file

        def failed(error: Exception) -> None:
            state.preparing.value = ""
            state.message.value = ("files_failed", (error,))

        try:
            tasks = [lambda _: make(kind, drawn[1], view, words)]
            session.jobs.start(FILES, tasks, on_result=made, on_error=failed)
        except VelfaerdError as error:  # too much is under way
            failed(error)

    scenarios = [
        Item(
            f"scenario_{side.lower()}",
            words("files_scenario", side=side),
            words("files_scenario_detail"),
        )
        for side in SIDES
    ]
    data = [
        Item("months_csv", words("files_months"), "CSV"),
        Item("months_xlsx", words("files_months"), words("xlsx")),
        Item("months_parquet", words("files_months"), "Parquet"),
        Item("events_csv", words("files_events"), words("files_events_detail")),
        Item("events_xlsx", words("files_events"), words("xlsx")),
    ]
    pictures = [
        Item("picture_svg", words("files_picture_both"), words("files_vector")),
        Item("picture_png", words("files_picture_both"), words("files_pixels")),
    ]
    Downloads(
        [
            (words("files_scenarios"), scenarios),
            (words("files_data"), data),
            (words("files_picture"), pictures),
        ],
        words,
        file=state.file.value,
        on_ask=ask,
        on_taken=lambda: state.file.set(None),
        busy=state.preparing.value,
    )


def _told(error: Exception, words: Words) -> str:
    """An error in the reader's language."""
    if isinstance(error, VelfaerdError):
        return told(error, words.language)
    return words("error_unexpected")


def _setter(
    change: Callable[..., None], key: str, kind: Callable[[str], Any]
) -> Callable[[str], None]:
    return lambda value: change(**{key: kind(value)})


@solara.component_vue("../widgets/watch.vue", vuetify=False)
def _Watch(
    town: dict[str, Any],
    chunk: dict[str, Any],
    life: dict[str, Any] | None,
    recovered: dict[str, Any] | None,
    view: dict[str, Any],
    words: dict[str, str],
    language: str,
    event_need: Callable[[Any], None],
    event_pick: Callable[[Any], None],
    event_recover: Callable[[Any], None],
    event_tell: Callable[[Any], None],
) -> None:
    """The player's template."""


@solara.component
def Player(town: WatchTown, state: WatchPageState, words: Words) -> None:
    """Clock, pictures, log and lives; they play in the browser what was run here."""
    view = state.view.peek()
    titles = tuple(regime.label(words.language) for regime in view.regimes)
    start = solara.use_memo(lambda: _first(town, words, view), [])
    shown = solara.use_memo(lambda: town_message(town, words, (titles[0], titles[1])), [])
    chunk, set_chunk = solara.use_state(start)
    life, set_life = solara.use_state(None)
    recovered, set_recovered = solara.use_state(None)

    def need(asked: Any) -> None:
        first, until = _months(asked, town)
        town.reach(min(until, first + LONGEST_CHUNK - 1))
        set_chunk(chunk_message(town, words, first, until))

    def pick(citizen: Any) -> None:
        if type(citizen) is int and 0 <= citizen < town.citizens:
            set_life(life_message(town, words, citizen))

    def recover(asked: Any) -> None:
        shown = asked.get("shown") if isinstance(asked, dict) else None
        after = shown if type(shown) is int else None
        set_recovered(recovered_message(town, words, _whole(asked, "month"), after))

    _Watch(
        town=shown,
        chunk=chunk,
        life=life,
        recovered=recovered,
        view=solara.use_memo(lambda: _look(view), []),
        words=solara.use_memo(lambda: _player_words(words), []),
        language=words.language,
        event_need=need,
        event_pick=pick,
        event_recover=recover,
        event_tell=state.tell,
    )


def _first(town: WatchTown, words: Words, view: WatchView) -> dict[str, Any]:
    return chunk_message(town, words, 0, max(FIRST_MONTHS, view.month))


def _look(view: WatchView) -> dict[str, Any]:
    """How the player begins; the view's citizens count from 1, the player's from 0."""
    return {
        "month": view.month,
        "speed": view.speed,
        "colour": view.colour,
        "citizen": view.citizen - 1 if view.citizen else None,
    }


def _player_words(words: Words) -> dict[str, str]:
    found = {key: words(key) for key in _PLAYER_WORDS}
    return found | {f"log_{s}": words("log", side=name) for s, name in enumerate("AB")}


def _months(asked: Any, town: WatchTown) -> tuple[int, int]:
    """The months that the player asks for, kept inside the town's."""
    first, until = (_whole(asked, key) for key in ("first", "until"))
    first = min(max(first, 0), town.reached + 1, town.last)
    return first, min(max(until, first), town.last)


def _whole(message: Any, key: str) -> int:
    """A whole number in a message from the browser; 0 where there is none."""
    value = message.get(key) if isinstance(message, dict) else None
    return value if type(value) is int else 0


def _looked(view: WatchView, told: Any) -> WatchView:
    """The view after what the player tells; what is not of its form changes nothing."""
    changes: dict[str, Any] = {key: _whole(told, key) for key in ("month", "speed", "citizen")}
    colour = str(told.get("colour")) if isinstance(told, dict) else ""
    try:
        return replace(view, colour=colour, **changes)
    except InputError:
        return view
