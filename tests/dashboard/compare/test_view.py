"""The view of Compare: to a link and back, to a scenario file and back, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from velfaerd_sim.dashboard.compare.chips import chips, without
from velfaerd_sim.dashboard.compare.governance import LONGEST_LABEL, Governance
from velfaerd_sim.dashboard.compare.shocks import SHOCKS
from velfaerd_sim.dashboard.compare.view import (
    HOURS,
    CompareView,
    scenario_from_text,
    view_from,
)
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import LARGEST_SEED, load_scenario
from velfaerd_sim.inputs.shocks import ConsultantLoss, Lockdown
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.telling.words import Words

STEPS = st.integers(0, 20).map(lambda n: n / 20)
GOVERNANCES = st.builds(
    Governance,
    st.sampled_from(sorted(REGIMES)),
    st.dictionaries(st.sampled_from((*INSTRUMENTS, "espoused_gap")), STEPS).map(
        lambda found: tuple(found.items())
    ),
    st.sampled_from((("", ""), ("Our way", "Vores vej"), ("a,b~0: ø", "~1,"))),
)
SHOCKS_SEEN = st.sets(st.sampled_from(SHOCKS))


@st.composite
def views(draw: st.DrawFn) -> CompareView:
    view = CompareView(
        a=draw(GOVERNANCES),
        b=draw(GOVERNANCES),
        town=Town(
            code=draw(st.sampled_from((1, 621))),
            name=draw(st.sampled_from(("Stylised town", "Kolding", "Ærø & Ø"))),
            kind=draw(st.sampled_from(MUNICIPALITY_KINDS)),
            adults=draw(st.integers(50, 20_000)),
        ),
        months=draw(st.integers(1, 360)),
        burn_in_months=draw(st.integers(0, 360)),
        seed=draw(st.integers(0, LARGEST_SEED)),
        policy_review=draw(st.booleans()),
        worlds=draw(st.booleans()),
        replicates=draw(st.sampled_from((16, 64))),
    ).with_hours(draw(st.integers(2, 80)))
    for name in draw(SHOCKS_SEEN):
        view = view.with_shocks(name, True)
    if draw(st.booleans()):
        view = replace(view, shocks=(*view.shocks, Lockdown(month=7, contact_factor=0.25)))
    return view


def values(view: CompareView) -> dict[str, str]:
    return dict(parse_qsl(view.to_query()))


@given(views())
def test_a_link_gives_the_same_view(view: CompareView) -> None:
    found, faults = view_from(values(view))
    assert faults == ()
    assert found == replace(view, shocks=found.shocks)
    assert sorted(map(str, found.shocks)) == sorted(map(str, view.shocks))


@given(views(), st.sampled_from("ab"))
@example(CompareView(b=CompareView().a), "b")
def test_a_scenario_file_gives_the_same_view(view: CompareView, side: str) -> None:
    text = view.scenario(side).to_toml()
    beside = CompareView(a=view.a, b=view.b, worlds=view.worlds, replicates=view.replicates)
    found = beside.with_scenario(scenario_from_text(text, "scenario.toml"), side)
    assert found.scenario(side).digest() == view.scenario(side).digest()
    assert found.governance(side) == view.governance(side)


def test_the_usual_view_has_a_short_link() -> None:
    assert CompareView().to_query() == "a=municipal_baton&b=facilitative_dialogue"
    moved = CompareView().with_governance("b", CompareView().b.with_instrument("dialogue", 0.6))
    assert moved.to_query().endswith("b=facilitative_dialogue,dialogue:0.6")


def test_an_instrument_moved_back_is_not_moved() -> None:
    start = Governance("facilitative_dialogue")
    moved = start.with_instrument("dialogue", 0.1)
    assert moved.as_regime("b").dialogue == 0.1
    assert moved.as_regime("b").name == "facilitative_dialogue_b"
    back = moved.with_instrument("dialogue", REGIMES["facilitative_dialogue"].dialogue)
    assert back == start
    assert back.as_regime("b") is REGIMES["facilitative_dialogue"]


BROKEN = [
    ({"a": "no_such_regime"}, "no_such_regime"),
    ({"b": "rigid_rules,dialogue:2"}, "dialogue"),
    ({"b": "rigid_rules,dialogue:x"}, "x"),
    ({"b": "rigid_rules,<script>"}, "<script>"),
    ({"adults": "9999999"}, "adults"),
    ({"adults": "many"}, "adults"),
    ({"months": "0"}, "months"),
    ({"months": "1e3"}, "months"),
    ({"seed": "-1"}, "seed"),
    ({"replicates": "1000000"}, "replicates"),
    ({"type": "moon"}, "moon"),
    ({"town": "x:y"}, "town"),
    ({"set": "hours_per_1000:nan"}, "hours_per_1000"),
    ({"set": "no_such:1"}, "no_such"),
    ({"shocks": "flood"}, "flood"),
    ({"shocks": "crisis,austerity"}, "'crisis,austerity' is not allowed; allowed: crisis"),
    ({"shocks": "lockdown,month:1"}, "contact_factor"),
    ({"worlds": "maybe"}, "maybe"),
]


@pytest.mark.parametrize(("given", "named"), BROKEN)
def test_a_broken_link_is_told_and_the_rest_holds(given: dict[str, str], named: str) -> None:
    view, faults = view_from({"policy_review": "1", **given})
    assert len(faults) == 1
    assert named in str(faults[0])
    assert view == CompareView(policy_review=True)


def test_what_is_right_beside_what_is_broken_is_kept() -> None:
    view, faults = view_from({"town": "x:y", "type": "rural", "adults": "500", "seed": "x"})
    assert [str(fault).split(":")[0] for fault in faults] == ["town", "seed"]
    assert (view.town.kind, view.town.adults) == ("rural", 500)
    view, faults = view_from({"set": "espoused_gap:0.6,removed_parameter:1,mood_noise"})
    assert view.parameters == (("espoused_gap", 0.6),)
    assert ["removed_parameter" in str(faults[0]), "mood_noise" in str(faults[1])] == [True, True]


def test_what_a_file_may_not_hold() -> None:
    for text, named in (
        ('based_on = "baseline"', "based_on"),
        ("adults = 10", "adults"),
        ("adults = ", "TOML"),
        ('adults = 2000\nregime = "/etc/passwd"', "regime"),
        ("x = " + "[" * 3000, "TOML"),
        ("#" * 200_001, "bytes"),
    ):
        with pytest.raises(InputError, match=named):
            scenario_from_text(text, "scenario.toml")


def test_what_is_too_much_for_the_page() -> None:
    with pytest.raises(InputError, match="one municipality"):
        CompareView().with_scenario(load_scenario("denmark"), "a")
    with pytest.raises(InputError, match="adults"):
        CompareView().with_scenario(load_scenario("baseline").with_(adults=100_000), "a")
    text = 'adults = 900\n[[phase]]\nmonth = 0\nregime = "rigid_rules"\n[[phase]]\nmonth = 12\n'
    scenario = scenario_from_text(text + 'regime = "hands_off"', "scenario.toml")
    with pytest.raises(InputError, match="at all times"):
        CompareView().with_scenario(scenario, "a")


def test_parameters_of_a_file_are_kept_and_hours_are_one_of_them() -> None:
    text = "adults = 900\n[parameters]\nespoused_gap = 0.1\nhours_per_1000 = 12"
    view = CompareView().with_scenario(scenario_from_text(text, "scenario.toml"), "a")
    assert view.hours == 12.0
    assert dict(view.with_hours(30).parameters) == {"espoused_gap": 0.1, HOURS: 30.0}
    assert view_from(values(view))[0] == view


def test_shocks_are_switched_by_name_and_own_ones_stay() -> None:
    own = ConsultantLoss(month=5, consultants=2)
    view = (
        replace(CompareView(), shocks=(own,))
        .with_shocks("crisis", True)
        .with_shocks("ageing", True)
    )
    assert view.shock_names() == ("crisis", "ageing")
    assert view_from(values(view))[0] == view
    assert view.with_shocks("crisis", False).with_shocks("ageing", False).shocks == (own,)


def test_two_alike_regimes_have_two_names() -> None:
    one, other = CompareView(b=CompareView().a).regimes()
    assert one.name != other.name
    assert one.instruments == other.instruments


UPLOADED = """
adults = 400
[regime]
name = "our_agreement"
label_en = "Our agreement, 2026"
label_da = "Vores aftale"
rigidity = 0.2
role_clarity = 0.7
dialogue = 0.6
influence = 0.5
recognition = 0.5
boundary_protection = 0.5
openness = 0.5
training = 0.3
"""


def test_a_regime_from_a_file_keeps_its_name() -> None:
    scenario = scenario_from_text(UPLOADED, "ours.toml")
    view = CompareView().with_scenario(scenario, "b")
    found, faults = view_from(values(view))
    assert (found, faults) == (view, ())
    for each in (view, found):
        regime = each.regimes()[1]
        assert regime.label("en") == "Our agreement, 2026"
        assert regime.label("da") == "Vores aftale"
        assert regime.instruments == (0.2, 0.7, 0.6, 0.5, 0.5, 0.5, 0.5, 0.3)
    again = CompareView().with_scenario(
        scenario_from_text(view.scenario("b").to_toml(), "again.toml"), "a"
    )
    assert again.a.labels == view.b.labels


def test_a_regime_from_a_file_that_is_moved_says_so() -> None:
    own = Governance("municipal_baton", (("dialogue", 0.6),), ("Our agreement", "Vores aftale"))
    moved = own.with_instrument("dialogue", 0.7).with_instrument("rigidity", 0.1)
    assert moved.labels == ("Our agreement, adjusted", "Vores aftale, justeret")
    assert own.with_instrument("dialogue", 0.6) == own


def test_an_own_name_in_a_link_has_limits() -> None:
    for label in ("x" * (LONGEST_LABEL + 1), "line\nbreak"):
        view, faults = view_from({"a": f"rigid_rules,label_en:{label}"})
        assert len(faults) == 1
        assert view == CompareView()


def test_what_no_control_shows_has_a_chip_that_takes_it_away() -> None:
    link = {
        "a": "municipal_baton,espoused_gap:0.6",
        "town": "621:Kolding",
        "burn_in_months": "12",
        "seed": "7",
        "policy_review": "1",
        "local_variation": "1",
        "shocks": "crisis;lockdown,month:7,months:12,release_months:0,contact_factor:0.25,"
        "loneliness_push:0.0",
        "set": "hours_per_1000:12,contagion_strength:0.0",
    }
    view, faults = view_from(link)
    assert faults == ()
    words = Words("da", "compare")
    keys = [chip.key for chip in chips(view, words)]
    assert keys == [
        *("gap_a", "town", "burn_in_months", "seed", "policy_review", "local_variation"),
        *("shock_0", "set_contagion_strength"),
    ]
    assert "Nedlukning fra måned 7" in [chip.text for chip in chips(view, words)]
    for key in keys:
        left = without(view, key, words)
        assert key not in [chip.key for chip in chips(left, words)]
        assert len(chips(left, words)) == len(keys) - 1
    for key in keys:
        view = without(view, key, words)
    assert view == replace(CompareView().with_hours(12), shocks=view.shocks)
    assert view.shock_names() == ("crisis",)
    assert chips(view, words) == []


def test_the_world_is_uncertain_unless_it_is_switched_off() -> None:
    assert CompareView().worlds
    assert view_from({})[0].worlds
    assert replace(CompareView(), worlds=False).to_query().endswith("&worlds=0")
    assert not view_from({"worlds": "0"})[0].worlds
