"""A session without plugins before and after every test, and the worked ones by name."""

from pathlib import Path

import pytest

from velfaerd_sim import in_force

WORKED = Path(__file__).parents[2] / "experiments" / "plugins"


@pytest.fixture(autouse=True)
def no_plugins():
    in_force.let_be(())
    yield
    in_force.let_be(())


@pytest.fixture
def worked():
    return lambda name: WORKED / f"{name}.py"


@pytest.fixture
def write(tmp_path):
    """Write the text of a plugin; gives its file."""

    def one(text, name="mine"):
        path = tmp_path / f"{name}.py"
        head = "from velfaerd_sim.plugins import outcome, intervention, rule, parameter\n"
        path.write_text(head + text, encoding="utf-8")
        return path

    return one
