"""Numbers that are written are read back as they were, by whatever program reads them."""

import ast
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.csv_files import csv_rows
from velfaerd_sim.inputs.scenarios import LARGEST_SEED, load_scenario
from velfaerd_sim.instruments.replicates import replicate_seed

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "docs", "experiments", "benchmarks", "scripts")


def test_json_is_never_written_with_what_json_does_not_know() -> None:
    """P: NaN and infinite numbers are an error where they are written, not where they are read."""
    calls, loose = 0, []
    for path in (file for name in FOLDERS for file in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("dump", "dumps") and ast.unparse(node.func.value) == "json":
                calls += 1
                if "allow_nan=False" not in ast.unparse(node):
                    loose.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert calls > 10
    assert loose == []


def test_seeds_are_numbers_that_every_program_holds() -> None:
    """P: JSON is read by programs that hold whole numbers as floats."""
    assert int(float(LARGEST_SEED)) == LARGEST_SEED == 2**53 - 1
    assert load_scenario("baseline").with_(seed=LARGEST_SEED).seed == LARGEST_SEED
    with pytest.raises(InputError, match="0 to 9007199254740991"):
        load_scenario("baseline").with_(seed=2**53)
    assert max(replicate_seed(LARGEST_SEED, number) for number in range(200)) <= LARGEST_SEED


@pytest.mark.parametrize("language", ["en", "da"])
def test_what_is_taken_along_as_csv_is_read_back(language: str, tmp_path: Path) -> None:
    """Issue 13, 7: also where columns and decimals are parted as in Denmark."""
    downloads = pytest.importorskip("velfaerd_sim.dashboard.parts.downloads")
    numbers = np.random.default_rng(1).normal(size=300) * 10.0 ** np.arange(-150, 150)
    special = [1000.0, 1.5, -0.0, 1e-300, 123456.789, 2.0**53, float("nan")]
    values = np.concatenate([numbers, special])
    texts = [f'a; "b", {place}' for place in range(len(values))]
    table = pa.table({"value": values, "text": texts, "whole": np.arange(len(values)) * 1000})
    path = tmp_path / "worlds.csv"
    path.write_bytes(downloads.csv_bytes(table, language))
    columns, rows = csv_rows(path, "columns")
    assert columns == ["value", "text", "whole"]
    read = [(math.nan if cell == "" else cell) for _, (cell, _, _) in rows]
    np.testing.assert_array_equal(np.array(read, float), values)
    assert [text for _, (_, text, _) in rows] == texts
    assert [whole for _, (_, _, whole) in rows] == table["whole"].to_pylist()
