"""Theories: those of the package, users' files, what is wrong in one, worlds under each."""

from pathlib import Path

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.theories import (
    AS_IT_IS,
    load_theories,
    read_theory,
    shipped,
    theory_of,
    worlds_under,
)
from velfaerd_sim.inputs.worlds import World, Worlds

NAMES = {
    "harmless_rules",
    "autonomy_without_staying",
    "crowding_out",
    "stable_loneliness",
    "complement",
}
OWN = """
label_en = "Mine"
label_da = "Min"
[parameters]
leaving_rules = -0.4
autonomy_weight = {low = 0.0, high = 0.5}
"""


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_five_theories_of_the_package() -> None:
    assert set(shipped()) == NAMES
    for name, theory in shipped().items():
        assert theory.name == name
        assert theory.source
        assert theory.label_en != theory.label_da
        values = theory.values()
        assert any(values[each] != BY_NAME[each].default for each in values), "changes nothing"
    assert load_theories("all") == tuple(shipped().values())


def test_names_files_and_folders_may_stand_together(tmp_path: Path) -> None:
    written(tmp_path, OWN)
    more = tmp_path / "more"
    more.mkdir()
    written(more, OWN, "other.toml")
    found = load_theories("crowding_out, mine.toml,more", tmp_path)
    assert [theory.name for theory in found] == ["crowding_out", "mine", "other"]
    assert found[1].parameters == {"leaving_rules": (-0.4, -0.4), "autonomy_weight": (0.0, 0.5)}
    assert found[1].values() == {"leaving_rules": -0.4, "autonomy_weight": 0.25}
    assert theory_of(found[1].to_dict()) == found[1]


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("[parameters]\nleaving_rulez = 0\n", "parameters", "did you mean 'leaving_rules'?"),
        ("[parameters]\nleaving_rules = 9\n", "parameters.leaving_rules", "from -1 to 1"),
        ("[parameters]\nleaving_rules = {low = -9, high = 0}\n", "leaving_rules.low", "from -1"),
        ("[parameters]\nleaving_rules = {low = 0.5, high = 0}\n", "leaving_rules", "low at most"),
        ("[parameters]\nleaving_rules = {low = 0.5}\n", "leaving_rules.high", "a number"),
        ("[parameters]\n", "parameters", "at least one"),
        ("label_en = 'x'\n", "parameters", "a table"),
        ("name = 'model'\n[parameters]\nleaving_rules = 0\n", "name", "a name other than"),
        ("colour = 1\n[parameters]\nleaving_rules = 0\n", "mine.toml", "label_en"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(
    tmp_path: Path, text: str, place: str, part: str
) -> None:
    path = written(tmp_path, text)
    for read in (lambda: read_theory(path), lambda: load_theories("mine.toml", tmp_path)):
        with pytest.raises(InputError) as caught:
            read()
        assert "mine.toml" in caught.value.place
        assert place in caught.value.place
        assert part in str(caught.value)


@pytest.mark.parametrize("reference", ["crowdin_out", "no_such.toml", "", "all,crowding_out"])
def test_a_wrong_reference_is_refused(reference: str) -> None:
    with pytest.raises(InputError, match="theories"):
        load_theories(reference)


def test_every_world_is_run_as_it_is_and_under_each_theory() -> None:
    worlds = Worlds("made", tuple(World(n, 0.25, {"drift_rate": 0.01 * n}) for n in range(1, 5)))
    own = theory_of({"name": "own", "parameters": {"autonomy_weight": {"low": 0, "high": 1}}})
    under = worlds_under(worlds, (own, shipped()["crowding_out"]), 1)
    theories = [world.theory for world in under]
    assert theories == [""] * 4 + ["own"] * 4 + ["crowding_out"] * 4
    assert [world.number for world in under] == [1, 2, 3, 4] * 3
    assert sum(world.weight for world in under) == pytest.approx(1.0)
    for k, world in enumerate(under):
        assert set(world.parameters) == set(under.names)
        assert world.parameters["drift_rate"] == worlds[k % 4].parameters["drift_rate"]
    assert {world.parameters["autonomy_weight"] for world in under[:4]} == {1.0}
    spread = sorted(world.parameters["autonomy_weight"] for world in under[4:8])
    assert spread == pytest.approx([0.125, 0.375, 0.625, 0.875])
    assert Worlds.from_dict(under.to_dict()) == under


def test_a_single_world_takes_the_middle_of_a_range() -> None:
    own = theory_of({"name": "own", "parameters": {"autonomy_weight": {"low": 0, "high": 1}}})
    under = worlds_under(Worlds("one", (World(1, 1.0, {}),)), (own,), 1)
    assert [world.parameters["autonomy_weight"] for world in under] == [1.0, 0.5]
    assert under[1].theory != AS_IT_IS
