"""The command `calibrate` on the real model: a small calibration, its report, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.inputs.worlds import Worlds

SMALL = """
name = "little"
targets = ["T1", "T4.onset"]
free = ["life_event_probability", "contagion_strength", "espoused_gap"]
members = 24
rounds = 2
round_members = 40
noise_members = 2
adults = 600
replicates = 1
final_replicates = 1
seed = 3
"""
Velfaerd = Callable[..., tuple[int, str, str]]


@pytest.fixture
def velfaerd(capsys: pytest.CaptureFixture[str]) -> Velfaerd:
    """Run a command line: exit code, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "little.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_calibrate_resume_and_report(velfaerd: Velfaerd, asked: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    asked.write_text(SMALL + "[budget]\nreadings = 30\n", encoding="utf-8")
    code, shown, _ = velfaerd("calibrate", asked, "--out", out, "--workers", 2)
    assert code == 0
    assert "the budget of 30 readings is used up: 30 of 109 are done, 79 are missing" in shown
    asked.write_text(SMALL, encoding="utf-8")
    code, shown, errors = velfaerd("calibrate", asked, "--out", out, "--workers", 2)
    assert (code, errors) == (0, "")
    assert "24 worlds were drawn" in shown
    assert f"The results: {out}" in shown
    code, _, _ = velfaerd("calibrate", asked, "--out", other, "--workers", 1)
    assert code == 0
    records = [json.loads((each / "study.json").read_text("utf-8")) for each in (out, other)]
    assert records[0]["fingerprint"] == records[1]["fingerprint"]
    assert (out / "worlds.csv").read_bytes() == (other / "worlds.csv").read_bytes()
    assert Worlds.load(out / "worlds.csv").names == Worlds.load("prior:2").names
    code, shown, errors = velfaerd("verify", out, "--sample", 2)
    assert (code, errors) == (0, "")
    assert "2 of " in shown
    text = (out / "members.csv").read_text("utf-8")
    (out / "members.csv").write_text(text.replace("0,", "1,", 1), encoding="utf-8")
    code, _, errors = velfaerd("verify", out, "--sample", 1)
    assert code == 1
    assert "members.csv was changed after it was written" in errors
    (out / "members.csv").write_text(text, encoding="utf-8")
    code, shown, _ = velfaerd("report", out)
    assert code == 0
    page = (out / "report.html").read_text("utf-8")
    assert "What fits and what does not" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert {path.name for path in (out / "figures").iterdir()} >= {
        "targets.svg",
        "targets.png",
        "shrinkage.svg",
        "pairs.png",
    }
    assert (out / "tables" / "targets.csv").is_file()


def test_minutes_dry_run_and_recovery(velfaerd: Velfaerd, asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = ("calibrate", asked, "--out", out, "--recover", 2, "--workers", 1)
    code, shown, _ = velfaerd(*line, "--dry-run")
    assert code == 0
    assert shown.count("Runs  ") == shown.count("Time  ") == 2
    assert not out.exists()
    code, shown, errors = velfaerd(*line, "--minutes", 0)
    assert (code, errors) == (0, "")
    assert "the time is up: 0 of 109 are done, 109 are missing; the same command goes on" in shown
    code, shown, errors = velfaerd(*line)
    assert (code, errors) == (0, "")
    assert "Recovery of known truths\n  - " in shown
    for folder in (out, out / "recovery"):
        code, shown, errors = velfaerd("verify", folder, "--sample", 2)
        assert (code, errors) == (0, "")
        assert "2 of " in shown


def test_wrong_input_writes_nothing(velfaerd: Velfaerd, asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked.write_text(SMALL.replace("espoused_gap", "espoused_gab"), encoding="utf-8")
    code, shown, errors = velfaerd("calibrate", asked, "--out", out)
    assert (code, shown) == (2, "")
    assert errors.startswith("error: little.toml: free: 'espoused_gab' is not allowed")
    assert "did you mean 'espoused_gap'" in errors
    for option, words in (
        (("--recover", "1"), "--recover: 1 is not allowed"),
        (("--workers", "none"), "--workers: 'none' is not allowed"),
    ):
        asked.write_text(SMALL, encoding="utf-8")
        code, shown, errors = velfaerd("calibrate", asked, "--out", out, *option)
        assert (code, shown) == (2, "")
        assert words in errors
    code, _, errors = velfaerd("calibrate", tmp_path / "none.toml", "--out", out)
    assert code == 2
    assert "a file that exists" in errors
    assert not out.exists()
