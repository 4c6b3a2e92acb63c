"""Staff hours in Compare: in posts, in kroner, and where more of them change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.dashboard.compare import enough
from velfaerd_sim.dashboard.compare.enough import are_enough, enough_hours
from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.money import kroner_of, posts_of, price_from, price_text
from velfaerd_sim.dashboard.compare.runs import replicate_scenario
from velfaerd_sim.dashboard.compare.view import HOURS, CompareView
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.telling.words import Words

ASKED = ("contact", "rules", "agreement", "dialogue", "influence")
SMALL = CompareView(
    b=Governance("clear_agreements"),
    town=Town(code=1, name="Stylised town", kind="rural", adults=1000),
    months=6,
    burn_in_months=3,
    worlds=False,
    parameters=tuple((f"{k}_hours_asked", BY_NAME[f"{k}_hours_asked"].low) for k in ASKED),
)
"""A town in which little is asked of staff: a number of hours below the slider's end is enough."""


def test_hours_in_posts_by_hand() -> None:
    """One full-time post for 6 000 adults at 20 hours per 1 000, as the lever's source says."""
    assert posts_of(20.0, 6000) == 1.0
    assert posts_of(12.0) == 1.0


def test_a_price_is_read_as_people_write_it() -> None:
    assert price_from("") is None
    assert price_from(None) is None
    assert price_from("412,50") == 412.5
    assert price_from(" 400 ") == 400.0
    assert price_from(price_text(0.0)) == 0.0
    assert price_text(1412.5, "da") == "1412,5"
    assert price_from(price_text(1412.5, "da")) == 1412.5
    assert kroner_of(3.2, 400.0, Words("da"), signed=True) == "+1.280"
    for wrong in ("much", "-1", "1e9", "nan", "inf", "<b>"):
        with pytest.raises(InputError):
            price_from(wrong)


def test_above_what_is_found_more_hours_change_nothing() -> None:
    found = enough_hours(SMALL)
    assert found is not None
    assert BY_NAME[HOURS].low < found < BY_NAME[HOURS].high
    assert not are_enough(SMALL.with_hours(found - 1.0))

    def run(hours: float) -> np.ndarray:
        base = Simulation(replicate_scenario(SMALL.with_hours(hours), 2))
        twin = base.fork(SMALL.regimes()[1])
        twin.run(SMALL.months)
        return twin.measured()

    np.testing.assert_array_equal(run(found), run(BY_NAME[HOURS].high))
    assert not np.array_equal(run(BY_NAME[HOURS].low), run(found), equal_nan=True)


@pytest.mark.parametrize("least", [2, 3, 37, 80, None])
def test_the_search_finds_the_least_number(
    monkeypatch: pytest.MonkeyPatch, least: int | None
) -> None:
    at_least = 1e9 if least is None else least
    monkeypatch.setattr(enough, "are_enough", lambda view, _: view.hours >= at_least)
    assert enough_hours(SMALL) == least


def test_the_search_can_be_called_off() -> None:
    with pytest.raises(CalledOffError):
        enough_hours(SMALL, lambda: True)
