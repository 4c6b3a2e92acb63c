"""What is read and printed means one thing only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attacks.inputs import CLAIMS, READERS
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.csv_files import csv_rows


@pytest.mark.parametrize(
    ("cell", "words"),
    [("1.000", "'1000' or '1,000'"), ("-2.500", "'-2500' or '-2,500'"), ("1.000.000", "'1000000'")],
)
def test_a_point_that_may_part_thousands_is_refused(cell: str, words: str, tmp_path: Path) -> None:
    """J."""
    path = tmp_path / "worlds.csv"
    path.write_text(f"drift_rate;weight\n0,5;{cell}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"worlds\.csv: line 2") as caught:
        csv_rows(path, "parameters")
    assert words in str(caught.value)


def test_other_points_are_read_as_before(tmp_path: Path) -> None:
    """J."""
    path = tmp_path / "worlds.csv"
    path.write_text("a;b;c;d\n0.500;1.5;1,000;12.3456\n", encoding="utf-8")
    assert csv_rows(path, "parameters")[1] == [("line 2", (0.5, 1.5, 1.0, 12.3456))]
    path.write_text("a,b\n1.000,2.500\n", encoding="utf-8")
    assert csv_rows(path, "parameters")[1] == [("line 2", (1.0, 2.5))]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("claims.toml", "local_variation = true", "local_variation = 1979-05-27"),
        ("claims.toml", "adults = 5000", "adults = nan"),
        ("claims.toml", "[[claim]]", "[[claim]]\nleast_da = nan"),
        ("calibration.toml", 'free = ["loneliness"', "free = [[]"),
        ("calibration.toml", 'targets = ["T1"', 'targets = [{a = "T1"}'),
    ],
)
def test_a_value_of_another_kind_is_refused_in_a_sentence(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    """L1: a date for a truth value, NaN for a number or a text, a list for a name."""
    text, read = READERS[name]
    path = tmp_path / name
    whole = CLAIMS.read_text("utf-8") if name == "claims.toml" else text()
    assert old in whole
    path.write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=name):
        read(path)


@pytest.mark.parametrize("encoding", ["cp1252", "cp865", "latin-1", "koi8-r"])
def test_a_minus_sign_survives_every_encoding(encoding: str) -> None:
    """D."""
    script = (
        "import typer\n"
        "from velfaerd_sim.cli import main\n"
        "from velfaerd_sim.telling.words import MINUS\n"
        "@main.app.command()\n"
        "def signs() -> None:\n"
        "    typer.echo(f'{MINUS}26.3 \\u00b10.3')\n"
        "main.main(['signs'])\n"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment, check=True
    )
    spread = "+/-0.3" if encoding == "koi8-r" else "±0.3"
    assert done.stdout.decode(encoding).strip() == f"-26.3 {spread}"
