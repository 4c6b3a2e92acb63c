"""What is read and printed means one thing only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("encoding", ["cp1252", "cp865", "latin-1"])
def test_a_minus_sign_survives_every_encoding(encoding: str) -> None:
    """D."""
    script = (
        "import typer\n"
        "from velfaerd_sim.cli import main\n"
        "from velfaerd_sim.telling.words import MINUS\n"
        "@main.app.command()\n"
        "def signs() -> None:\n"
        "    typer.echo(f'{MINUS}26.3')\n"
        "main.main(['signs'])\n"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment, check=True
    )
    assert done.stdout.decode(encoding).strip() == "-26.3"
