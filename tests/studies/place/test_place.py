"""A place from its figures to its worlds and its page."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from described import undescribed
from velfaerd_sim import compare, load_scenario, load_study, place, verify, write_report
from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.worlds import Worlds, drawn_from_prior
from velfaerd_sim.studies.place.place import FRAMES, load_place_study

SMALL = {"adults": 400, "months": 6, "replicates": 1, "worlds": "plausible:25", "workers": 2}
REGIMES = ["municipal_baton", "hands_off"]
TOWN = {
    "name": "Ourtown",
    "adults": 8000,
    "lonely_share": {"value": 0.1, "n": 200},
    "hours": "about 160",
    "today": {"answers": {"forms": "d", "meetings": "a"}},
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place") / "town"
    return place(TOWN, regimes=REGIMES, out=folder, command="a test", **SMALL)


def test_a_place_that_says_nothing_gets_the_worlds_of_the_nation(tmp_path):
    """All 1 000 of them, to the bit; and the regimes in them, as a comparison finds them."""
    asked = {"adults": 100, "months": 1, "replicates": 1}
    found = place({}, regimes=["hands_off"], out=tmp_path / "p", **asked)
    packaged = Path(__import__("velfaerd_sim").__file__).parent / "inputs/data/plausible.csv"
    assert (tmp_path / "p" / "worlds.csv").read_bytes() == packaged.read_bytes()
    assert found.learned.empty
    assert found.worlds == Worlds.load("plausible")
    usual = compare(["municipal_baton", "hands_off"], worlds="plausible", **asked)
    pd.testing.assert_frame_equal(found.effects, usual.effects)
    assert (found.moves["moved"].dropna() == 0.0).all()


def test_what_the_figures_taught(town):
    (lonely,) = town.learned.to_dict("records")
    assert lonely["figure"] == "lonely_share"
    assert 1.0 <= lonely["n_eff"] <= 25.0
    assert abs(lonely["reached"] - 0.1) <= abs(lonely["national"] - 0.1)
    assert {"loneliness_level_factor", "hours_per_1000"} <= set(town.taught["parameter"])
    hours = town.taught.set_index("parameter").loc["hours_per_1000"]
    assert (hours["national"], hours["place"]) == pytest.approx((20.0, 20.0), rel=0.1)
    told = town.study["learned"]
    assert told["worlds"] == 25
    assert told["steps"] == (4 if told["moved"] else 1)


def test_the_frames_are_the_files(town):
    again = load_place_study(town.folder)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(town, name))
    assert list(load_study(town.folder)["regime"].unique()) == REGIMES
    assert set(town.effects["baseline"]) == {"today"}
    assert {"ci_low", "ci_high", "low_90", "share_positive"} <= set(town.effects)
    assert again.worlds == Worlds.load(town.folder / "worlds.csv")
    assert again.place == town.place


def test_the_folder_serves_other_commands(town):
    folder = town.folder
    worlds = Worlds.load(folder)
    assert "loneliness_level_factor" in worlds.names
    for loaded, own in zip(worlds, town.worlds, strict=True):
        assert (loaded.number, loaded.parameters) == (own.number, own.parameters)
        assert loaded.weight == pytest.approx(own.weight, rel=1e-12)  # they add up to one again
    scenario = load_scenario(folder / "scenario.toml")
    assert scenario == town.scenario
    today = load_timeline(folder / "today.toml")
    assert today.phases[0].regime == town.place.governing.regime
    found = compare(
        [folder / "today.toml", "hands_off"],
        folder / "scenario.toml",
        worlds=f"{folder}:4",
        replicates=1,
    )
    assert len(found.worlds["draw"].unique()) == 4


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_notebook_shows_it(town, language):
    made = town.to_html(language)
    assert "<svg" in made
    assert made.count("<table") == 1
    assert town.fingerprint[:16] in made


def test_every_file_and_column_is_described(town):
    assert undescribed(town.folder, "place", "compare") == []


def test_the_same_call_adds_nothing_and_another_place_is_refused(town):
    again = place(TOWN, regimes=REGIMES, out=town.folder, command="a test", **SMALL)
    assert again.study["fingerprint"] == town.study["fingerprint"]
    with pytest.raises(StudyError, match="holds another study"):
        place({**TOWN, "adults": 9000}, regimes=REGIMES, out=town.folder, **SMALL)


def test_it_is_verified(town):
    verify(town.folder, sample=3)


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_page_tells_of_every_figure_and_regime(town, language):
    path = write_report(town.folder, language=language)
    text = path.read_text(encoding="utf-8")
    words = {"en": ("Lonely adults", "Hands off"), "da": ("Ensomme voksne", "Hands off")}[language]
    assert words[0] in text
    assert "Ourtown" in text
    assert text.count("<svg") == 1


def test_a_figure_out_of_reach_is_told_with_the_closest():
    found = place(
        {"adults": 8000, "lonely_share": {"value": 0.6, "n": 5000}}, regimes=["hands_off"], **SMALL
    )
    (lonely,) = found.learned.to_dict("records")
    assert not lonely["within_reach"]
    assert lonely["national"] < lonely["closest"] < 0.6
    assert found.study["learned"]["moved"]


WRONG = [
    ({"regimes": ["hands_off", "hands_off"]}, "regimes[2]"),
    ({"regimes": ["municipal_baton"]}, "regimes"),
    ({"worlds": "plausible:3"}, "worlds"),
    ({"replicates": 0}, "replicates"),
    ({"parameters": {"hours_per_1000": 12}}, "hours_per_1000"),
]


@pytest.mark.parametrize(("wanted", "where"), WRONG)
def test_wrong_arguments_are_named_and_nothing_is_written(wanted, where, tmp_path):
    with pytest.raises(InputError) as caught:
        place({"adults": 8000, "hours": 100}, out=tmp_path / "p", **wanted)
    assert where in caught.value.place
    assert not (tmp_path / "p").exists()


def test_worlds_of_one_number_are_told_apart():
    several = drawn_from_prior(30, 1).sample(40, 1)
    found = place({}, worlds=several, regimes=["hands_off"], adults=100, months=1, replicates=1)
    numbers = [world.number for world in found.worlds]
    assert len(set(numbers)) == 40
    assert np.isfinite(found.effects["difference"]).any()
