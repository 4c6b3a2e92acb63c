"""Sessions: counted, limited, closed with all they hold."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.parts import changed
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame import session as sessions
from velfaerd_sim.dashboard.frame.session import REGISTER, Register, Session, first_language
from velfaerd_sim.errors import InputError
from velfaerd_sim.telling.words import Words

WORDS = Words("en", "compare")


class Held:
    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_closed_session_holds_nothing() -> None:
    before = REGISTER.count
    session = Session("da", nullcontext)
    assert session.admitted
    assert REGISTER.count == before + 1
    held = session.kept["page"] = Held()
    session.views["map"] = "x=1"
    assert session.views.get("map") == "x=1"
    assert session.views.get("watch") == ""
    session.close()
    assert held.closed
    assert not session.kept
    assert REGISTER.count == before


def test_no_more_sessions_than_there_is_room_for() -> None:
    register = Register(2)
    one, two, three = (object() for _ in range(3))
    assert register.admit(one)  # type: ignore[arg-type]
    assert register.admit(two)  # type: ignore[arg-type]
    assert not register.admit(three)  # type: ignore[arg-type]
    register.leave(three)  # type: ignore[arg-type]
    register.leave(one)  # type: ignore[arg-type]
    assert register.admit(three)  # type: ignore[arg-type]


def test_a_link_may_choose_the_language() -> None:
    assert first_language("a=1&lang=da") == "da"
    assert first_language("lang=en") == "en"


@pytest.mark.parametrize(
    "change",
    [
        {"side": "c", "regime": "rigid_rules"},
        {"side": "a", "regime": "nothing"},
        {"side": "a", "regime": ["rigid_rules"]},
        {"side": "a", "instrument": "dialogue", "value": 1.5},
        {"side": "a", "instrument": "dialogue", "value": "0.5"},
        {"side": "a", "instrument": "dialogue"},
        {"side": "a", "instrument": "__class__", "value": 0.5},
        {"hours": 1e9},
        {"hours": None},
        {"type": "moon"},
        {"adults": 10**9},
        {"adults": 2000.5},
        {"months": -1},
        {"shock": "flood", "wanted": True},
        {"chip": "seed"},
        {"nothing": 1},
        {},
    ],
)
def test_what_a_browser_may_not_ask_for(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        changed(CompareView(), change, WORDS)


def test_what_it_may() -> None:
    view = CompareView()
    assert changed(view, {"side": "b", "regime": "hands_off"}, WORDS).b == Governance("hands_off")
    moved = changed(view, {"side": "a", "instrument": "dialogue", "value": 1}, WORDS)
    assert moved.a.instruments["dialogue"] == 1.0
    assert changed(moved, {"side": "a", "reset": True}, WORDS) == view
    assert changed(view, {"hours": 12}, WORDS).hours == 12.0
    assert changed(view, {"type": "rural"}, WORDS).town.kind == "rural"
    assert changed(view, {"adults": 5000}, WORDS).town.adults == 5000
    assert changed(view, {"worlds": "yes"}, WORDS).worlds is False
    assert changed(view, {"reseed": True}, WORDS).seed == view.seed + 1
    assert changed(view, {"swap": True}, WORDS).a == view.b


def test_memory_is_given_back_once_for_all_who_ask_meanwhile() -> None:
    done: list[float] = []
    given = sessions.Return(lambda: done.append(time.monotonic()))
    begin = time.monotonic()
    for _ in range(20):
        given.ask(0.2)
    given.ask(0.6)
    deadline = begin + 20
    while time.monotonic() < deadline and not (done and done[-1] >= begin + 0.6):
        time.sleep(0.02)
    assert 1 <= len(done) <= 2, "not once for each of them"
    assert done[-1] >= begin + 0.6, "the last one who asked is not forgotten"
    before = len(done)
    given.ask(0.0)
    while time.monotonic() < deadline and len(done) == before:
        time.sleep(0.02)
    assert len(done) == before + 1
