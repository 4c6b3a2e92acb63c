"""Worlds: loaded by name and from files, checked strictly, sampled by weight."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import worlds as module
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.worlds import World, Worlds

HEADER = "world,weight,drift_rate,base_pressure\n"


def written(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def weighted(*weights: float) -> Worlds:
    total = sum(weights)
    return Worlds(
        "made",
        tuple(World(i, w / total, {"drift_rate": 0.01 * i}) for i, w in enumerate(weights, 1)),
    )


def test_a_file_is_read_with_weights_that_add_up_to_one(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "3,1,0.1,0.2\n7,3,0.05,0.3\n")
    found = Worlds.load(path)
    assert found.name == "mine.csv"
    assert [(w.number, w.weight) for w in found] == [(3, 0.25), (7, 0.75)]
    assert found[1].parameters == {"drift_rate": 0.05, "base_pressure": 0.3}


def test_number_and_weight_may_be_left_out_and_cells_may_be_danish(tmp_path: Path) -> None:
    found = Worlds.load(written(tmp_path, "drift_rate;base_pressure\n0,1;0,2\n0,05;0,3\n"))
    assert [(w.number, w.weight) for w in found] == [(1, 0.5), (2, 0.5)]
    assert found[0].parameters["drift_rate"] == 0.1


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        (HEADER + "1,1,9,0.2\n", "mine.csv: line 2: drift_rate", "from 0 to 0.15"),
        (HEADER + "1,1,0.1,0.2\n2,-1,0.1,0.2\n", "line 3: weight", "zero or more"),
        (HEADER + "1,nan,0.1,0.2\n", "line 2: weight", "zero or more"),
        (HEADER + "1,1,nan,0.2\n", "line 2: drift_rate", "from 0"),
        (HEADER + "1,1,,0.2\n", "line 2: drift_rate", "from 0"),
        (HEADER + "1,1,0.1,0.2\n1,1,0.1,0.2\n", "line 3: world", "each once"),
        (HEADER + "1.5,1,0.1,0.2\n", "line 2: world", "whole number"),
        (HEADER + "1,0,0.1,0.2\n", "weight", "above zero"),
        (HEADER + "1,1,0.1\n", "line 2", "4 cells"),
        (HEADER, "rows", "1 to"),
        ("world,weight\n1,1\n", "columns", "at least one parameter"),
        ("drift_rate,drift_rate\n0.1,0.1\n", "columns", "each column once"),
        ("drift_rat\n0.1\n", "columns", "did you mean 'drift_rate'?"),
        ("wieght,drift_rate\n1,0.1\n", "columns", "did you mean 'weight'?"),
        ("", "mine.csv", "a header"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, place: str, part: str) -> None:
    with pytest.raises(InputError) as caught:
        Worlds.load(written(tmp_path, text))
    assert "worlds" in caught.value.place
    assert place in caught.value.place
    assert part in str(caught.value)


@pytest.mark.parametrize("reference", ["prior:0", "prior:many", "plausible:", "no_such.csv", ""])
def test_a_wrong_reference_is_refused(reference: str) -> None:
    with pytest.raises(InputError, match="worlds"):
        Worlds.load(reference)


def test_a_misspelled_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'plausible'"):
        Worlds.load("plausibel")


def test_without_a_calibrated_set_it_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    with pytest.raises(InputError, match="without calibrated worlds"):
        Worlds.load("plausible")


def test_the_calibrated_set_is_loaded_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    written(tmp_path / "data", HEADER + "3,1,0.1,0.2\n7,3,0.05,0.3\n", "plausible.csv")
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    found = Worlds.load("plausible")
    assert (found.name, len(found), found[1].weight) == ("plausible", 2, 0.75)
    some = Worlds.drawn("plausible:12", seed=3)
    assert (some.name, Counter(world.number for world in some)) == ("plausible:12", {3: 3, 7: 9})
    assert len(Worlds.drawn("plausible")) == module.USUAL_WORLDS


def test_the_prior_fills_the_range_of_every_uncertainty() -> None:
    found = Worlds.load("prior:40", seed=3)
    uncertain = [name for name, p in BY_NAME.items() if p.role == "uncertainty"]
    assert list(found.names) == uncertain
    assert len(found) == 40
    for name in uncertain:
        edges = [BY_NAME[name].quantile(rank) for rank in np.linspace(0.0, 1.0, 41)]
        values = sorted(world.parameters[name] for world in found)
        for value, low, high in zip(values, edges[:-1], edges[1:], strict=True):
            assert low - 1e-9 * abs(low) <= value <= high + 1e-9 * abs(high)


def test_the_seed_decides_the_draws() -> None:
    assert Worlds.load("prior:5", seed=1) == Worlds.load("prior:5", seed=1)
    assert Worlds.load("prior:5", seed=1) != Worlds.load("prior:5", seed=2)
    assert len(Worlds.load("prior")) == module.USUAL_WORLDS


def test_a_world_comes_up_as_often_as_its_weight_says() -> None:
    found = weighted(0.125, 0.5, 0.0, 0.375)
    for seed in range(5):
        counts = Counter(world.number for world in found.sample(8, seed))
        assert counts == {1: 1, 2: 4, 4: 3}
        counts = Counter(world.number for world in found.sample(10, seed))
        assert counts[1] in (1, 2)
        assert counts[2] == 5
        assert counts[4] in (3, 4)


def test_a_sample_is_decided_by_its_seed_and_weighs_evenly() -> None:
    found = weighted(*range(1, 30))
    assert found.sample(50, 4) == found.sample(50, 4)
    assert found.sample(50, 4) != found.sample(50, 5)
    assert found.sample(50, 4).is_even
    assert found.sample(50, 4).name == "made:50"


def test_as_many_as_there_are_gives_each_once() -> None:
    found = weighted(*[1.0] * 7).sample(7, 1)
    assert sorted(world.number for world in found) == list(range(1, 8))


def test_the_first_of_a_sample_are_a_sample_too() -> None:
    numbers = [world.number for world in weighted(*[1.0] * 1000).sample(1000, 2)]
    assert abs(float(np.mean(numbers[:100])) - 500.5) < 3.3 * 1000 / 12**0.5 / 10


def test_a_study_takes_worlds_that_count_alike(tmp_path: Path) -> None:
    even = written(tmp_path, "drift_rate\n0.1\n0.05\n")
    assert [w.number for w in Worlds.drawn(even)] == [1, 2]
    uneven = written(tmp_path, "weight,drift_rate\n1,0.1\n3,0.05\n", "uneven.csv")
    counts = Counter(world.number for world in Worlds.drawn(uneven))
    assert counts == {1: 25, 2: 75}
    assert len(Worlds.drawn(f"{uneven}:4")) == 4


def test_what_is_decided_elsewhere_can_be_taken_out() -> None:
    found = Worlds.load("prior:3").without(["drift_rate"])
    assert "drift_rate" not in found.names
    assert "base_pressure" in found.names
    assert found.without(["hours_per_1000"]) is found


def test_plain_values_give_the_same_worlds() -> None:
    found = Worlds.load("prior:4", seed=9)
    assert Worlds.from_dict(found.to_dict()) == found
    content = found.to_dict()
    content["parameters"]["drift_rate"][2] = 7.0
    with pytest.raises(InputError, match="drift_rate"):
        Worlds.from_dict(content)


def test_worlds_of_the_same_parameters_count_once() -> None:
    """Weights 0.5, 0.25 and twice 0.125 of the same: 1 / (0.25 + 0.0625 + 0.0625)."""
    parts = ((1, 0.5, 0.1), (2, 0.25, 0.2), (3, 0.125, 0.3), (4, 0.125, 0.3))
    worlds = tuple(World(n, weight, {"drift_rate": value}) for n, weight, value in parts)
    assert Worlds("made", worlds).effective == pytest.approx(1.0 / 0.375)
    assert Worlds("even", worlds[:1]).effective == 1.0
