"""Arms by content: the same arm is run once, whatever it is called and whoever needs it."""

from dataclasses import replace
from pathlib import Path

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.studies.claims.arms import Arms, check_scales, place_of, scaled
from velfaerd_sim.studies.claims.claims import BASE, Locality, TwoLanguages
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.readings import readings

ROOT = Path(__file__).resolve().parents[3]
FILE = load_claims(ROOT / "experiments" / "claims.toml")
W = TwoLanguages("a", "b")


def claim_of(name):
    return next(each for each in FILE.claims if each.id == name)


def file_of(*claims):
    return replace(FILE, claims=tuple(claims))


def test_an_arm_that_several_claims_need_is_one():
    arms = Arms(FILE)
    keys = {
        arms.of(claim_of(claim), BASE)["", arm].key
        for claim, arm in (
            ("C08", "status_quo"),
            ("C10", "municipal_baton"),
            ("C14", "status_quo"),
            ("C21", "municipal_baton"),
        )
    }
    assert len(keys) == 1
    provincial = arms.of(claim_of("C22"), BASE)["provincial", "municipal_baton"]
    assert provincial.key in keys


def test_sharing_saves_at_least_an_eighth_of_the_months():
    arms, alone, together = Arms(FILE), 0, {}
    for claim in FILE.claims:
        for work in {w.key: w for w in arms.of(claim, BASE).values()}.values():
            cost = work.start.adults * min(work.months, claim.months)
            alone += cost
            together[work.key] = max(together.get(work.key, 0), cost)
    assert sum(together.values()) < 0.875 * alone


def test_names_and_labels_do_not_make_another_arm_and_all_else_does():
    claim = claim_of("C14")
    first = claim.arms[0]
    usual = Arms(file_of(claim)).of(claim, BASE)["", first.name]

    def key(**changes):
        other = replace(claim, arms=(replace(first, **changes), *claim.arms[1:]))
        found = Arms(file_of(other)).of(other, BASE)["", first.name]
        return found.key, found.start_key

    same = {"based_on": "municipal_baton", "name": "called_otherwise"}
    assert key(label=W, regime=same) == (usual.key, usual.start_key)
    for changes in (
        {"regime": "hands_off"},
        {"parameters": (("outreach_rate", 0.1),)},
        {"scale": (("outreach_rate", 0.5),)},
        {"policy_review": True},
    ):
        assert key(**changes)[0] != usual.key
        assert key(**changes)[1] == usual.start_key
    assert key(world=(("outreach_rate", 0.1),))[1] != usual.start_key


def test_an_arm_is_read_for_all_claims_and_run_as_long_as_any_needs():
    long, short = claim_of("C14"), replace(claim_of("C14"), id="short", months=24)
    short = replace(short, criteria=tuple(replace(each, window=(7, 24)) for each in short.criteria))
    arms = Arms(file_of(long, short))
    one, other = (arms.of(each, BASE)["", "status_quo"] for each in (long, short))
    assert one == other
    assert one.months == 84
    assert {each.last for each in one.measured} == {24, 84}
    for claim in (long, short):
        for reading in readings(claim):
            key, place = place_of(reading, arms.of(claim, BASE))
            work = arms.of(claim, BASE)["", reading.arm]
            assert key == work.key
            assert work.measured[place][:3] == (reading.measure, reading.first, reading.last)


def worlds(*values):
    made = tuple(
        World(number + 1, 1.0 / len(values), {"opening_local_actors": value})
        for number, value in enumerate(values)
    )
    return Worlds("own", made)


def scaled_claim(factor):
    claim = claim_of("C04")
    arm = replace(claim.arms[0], parameters=(), scale=(("opening_local_actors", factor),))
    return replace(claim, arms=(arm, *claim.arms[1:]))


def test_a_scale_that_would_be_cut_is_refused_with_what_is_possible():
    check_scales(scaled_claim(2.0), worlds(0.5, 1.0))
    with pytest.raises(InputError) as caught:
        check_scales(scaled_claim(2.0), worlds(0.5, 1.6, 1.0))
    assert caught.value.place == "C04.outside.scale.opening_local_actors"
    assert "to 1.25, as in 1 of 3 worlds" in str(caught.value)


def test_a_scale_of_a_locality_is_refused_too():
    place = Locality("strong", W, scale=(("opening_local_actors", 2.0),))
    with pytest.raises(InputError, match=r"1\.25"):
        check_scales(replace(claim_of("C22"), localities=(place,)), worlds(1.6))


def test_nothing_is_cut_at_the_end_of_a_range_in_a_run_either():
    assert scaled({"opening_users": 0.4}, (("opening_users", 2.5),)) == {"opening_users": 1.0}
    with pytest.raises(InputError, match="from 0 to 5"):
        scaled({"opening_users": 0.4}, (("opening_users", 6.0),))


def test_no_claim_of_the_file_scales_beyond_a_range():
    for claim in FILE.claims:
        check_scales(claim, Worlds.load("plausible"))
