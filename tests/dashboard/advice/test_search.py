"""What advice is asked for, to a link and back, and the search that is run."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

pytest.importorskip("solara")
pytest.importorskip("sklearn")

from velfaerd_sim.dashboard.advice import search as searches
from velfaerd_sim.dashboard.advice.page import compare_address
from velfaerd_sim.dashboard.advice.search import QUICK, AdviceView, Search
from velfaerd_sim.dashboard.compare.view import Governance, view_from
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import asked_for
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.stated_place import StatedPlace
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.studies.advise.advising import load_advice

PLACE = StatedPlace(621, regime="rigid_rules").with_number("hours", "15")


def test_a_link_holds_what_is_asked_for() -> None:
    view = AdviceView("retention_12m", 7.5, ("training", "dialogue"), "full")
    assert AdviceView.of_query(values_of(query_of(view.query()))) == (view, ())
    assert query_of(AdviceView().query()) == ""
    found, faults = AdviceView.of_query({"goal": "x", "most": "99", "fix": "y", "search": "full"})
    assert found == AdviceView(search="full")
    assert len(faults) == 3


@pytest.mark.parametrize("text", ["0", "2", "81", "none", ""])
def test_hours_that_cannot_be_are_told_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError) as error:
        AdviceView().with_hours(text)
    assert asked_for(error.value, "en").startswith("Write ")
    assert AdviceView().with_hours("7,5").most == 7.5


def test_the_search_begins_at_how_the_place_is_governed() -> None:
    view = AdviceView(fixed=("rigidity",))
    search = Search.of(view, PLACE)
    assert not search.learnt
    assert search.scenario.towns[0].name == "Kolding"
    assert search.scenario.parameter_values()["hours_per_1000"] == pytest.approx(15.0)
    assert search.fix == {"rigidity": REGIMES["rigid_rules"].rigidity}
    assert Search.of(view, None).fix == {"rigidity": REGIMES[STATUS_QUO].rigidity}
    words = shlex.split(Search.of(view, None).command())
    assert words[:5] == ["velfaerd", "advise", "baseline", "--hours-at-most", "12"]
    assert "--search-worlds" in words


def test_a_larger_search_takes_longer() -> None:
    quick = searches.expected_seconds(Search.of(AdviceView(), None))
    assert 0.0 < quick < searches.expected_seconds(Search.of(AdviceView(search="full"), None))


def test_a_package_is_tried_in_compare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = {"evaluations": 16, "search_worlds": 2, "fresh": 2, "adults": 100, "months": 6}
    monkeypatch.setattr(searches, "WANTED", {QUICK: small})
    search = Search.of(AdviceView("retention_12m", 10.0, ("rigidity",)), PLACE)
    searches.search_in(search, tmp_path / "study", lambda _: None)
    advice = load_advice(tmp_path / "study")
    session = Session("en", lambda: None, query_of(PLACE.query()))
    package = advice.packages.to_dict("records")[0]
    path, _, query = compare_address(advice, package, session).partition("?")
    session.close()
    view, faults = view_from(values_of(query))
    assert path == "/compare"
    assert not faults
    assert view.hours == pytest.approx(package["available"])
    assert view.b.instruments == pytest.approx(
        {name: package[name] for name in Governance(STATUS_QUO).instruments}
    )
    assert view.a == Governance("rigid_rules")
    labels = [view.b.as_regime("b").label(language) for language in ("en", "da")]
    assert labels == ["Package 1 of the advice", "Pakke 1 fra rådet"]
