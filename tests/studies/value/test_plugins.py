"""A goal that a plugin brings: valued where the plugin is in force, asked for where it is not."""

import pytest

from velfaerd_sim import compare, in_force, load_study, plugin, value, verify, write_report
from velfaerd_sim.errors import InputError

GOAL = "known_people"
OWN = f"""
from velfaerd_sim.plugins import outcome


@outcome(unit="per 1000 adults", label_en="Known", label_da="Kendte", direction=1)
def {GOAL}(town):
    return 1000.0 * town["citizens.loneliness"].mean()
"""


@pytest.fixture(autouse=True)
def no_plugins():
    in_force.let_be(())
    yield
    in_force.let_be(())


def test_a_goal_of_a_plugin(tmp_path):
    file, folder = tmp_path / "own.py", tmp_path / "worlds"
    file.write_text(OWN)
    regimes = ("hands_off", "facilitative_dialogue")
    options = {"adults": 200, "months": 3, "replicates": 2, "workers": 1, "worlds": "prior:10"}
    with plugin(file):
        compare(regimes, out=folder, **options)
        found = value(folder, [], GOAL, out=tmp_path / "value", workers=1)
        verify(tmp_path / "value", sample=1)
    assert found.complete
    assert [each["name"] for each in found.study["plugins"]] == ["own.py"]
    assert len(load_study(tmp_path / "value")) == len(found.value)
    assert "Kendte" in write_report(tmp_path / "value", language="da").read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"its file, named with --plugin own\.py"):
        value(folder, [], GOAL, workers=1)
