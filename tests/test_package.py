"""The public names: each is there, is what its home says, and is loaded only when asked for."""

import importlib
import inspect
import subprocess
import sys

import pytest

import velfaerd_sim


@pytest.mark.parametrize("name", sorted(set(velfaerd_sim.__all__) - {"__version__"}))
def test_a_public_name(name: str) -> None:
    found = getattr(velfaerd_sim, name)
    assert found.__name__ == name
    assert inspect.getdoc(found)
    assert getattr(importlib.import_module(found.__module__), name) is found
    assert name in dir(velfaerd_sim)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'welfare_model'"):
        velfaerd_sim.welfare_model  # noqa: B018


def test_inputs_load_without_mesa_and_pandas() -> None:
    code = "from velfaerd_sim import Scenario, load_scenario; import sys; print(*sys.modules)"
    line = [sys.executable, "-c", code]
    loaded = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
    assert not {"mesa", "pandas", "matplotlib"} & set(loaded)
