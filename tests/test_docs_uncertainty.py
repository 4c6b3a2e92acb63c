"""The page on uncertainty: its example is computed anew, its code is run, its names exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from velfaerd_sim import compare

DOCS = Path(__file__).resolve().parents[1] / "docs"
TEXT = (DOCS / "uncertainty.md").read_text(encoding="utf-8")


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("the_example", DOCS / "uncertainty.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_example_says_what_the_model_gives() -> None:
    module = script()
    assert module.written(TEXT, module.run()) == TEXT, "run: make docs"
    assert module.command() in TEXT


def test_a_stale_example_is_found() -> None:
    module = script()
    found = compare(module.REGIMES, worlds="prior:3", adults=500, months=12)
    assert module.written(TEXT, found) != TEXT
    (example,) = module.PART.finditer(module.written(TEXT, found))
    assert example[0].count("| `lonely_share` |") == 2


def test_the_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for code in re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE):
        small = code.replace('"prior:20"', '"prior:4"').replace("months=36", "months=13")
        exec(compile(small, "docs/uncertainty.md", "exec"), names)  # noqa: S102  this is the test
    assert len(names["values"]) == 4
    assert "sd_worlds" in capsys.readouterr().out
    listed = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", TEXT, re.MULTILINE)
    named = {name for row in listed for name in re.findall(r"`(\w+)`", row)}
    effects = names["found"].effects
    assert set(effects.columns[-10:]) <= named | {"gainers_share", "losers_share"}
    (columns,) = re.findall(r"and outcome: (.*?)\. The values", TEXT)
    assert set(re.findall(r"`(\w+)`", columns)) == set(names["found"].worlds.columns)
