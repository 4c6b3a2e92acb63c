"""The commands that decide: advice, and the best of several regimes."""

from __future__ import annotations

from pathlib import Path

import pytest

from velfaerd_sim.cli.main import main

SMALL = ["--adults", "300", "--months", "3", "--workers", "1"]
QUICK = ["--evaluations", "16", "--search-worlds", "3", "--fresh", "3", "--worlds", "none"]


def test_advice_in_sentences_and_a_report_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    out = str(tmp_path / "advice")
    asked = ["advise", "--hours-at-most", "12", "--fix", "rigidity=0.5", "--out", out]
    assert main([*asked, *QUICK, *SMALL]) == 0
    told = capsys.readouterr().out
    assert "With at most 12 staff hours" in told
    assert "The nearest named regime" in told
    assert main(["report", out, "--language", "da"]) == 0
    page = (tmp_path / "advice" / "report.da.html").read_text(encoding="utf-8")
    assert "medarbejdertimer" in page
    assert main(["verify", out, "--sample", "1"]) == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--hours-at-most", "0"], "--hours-at-most: 0 is not allowed"),
        (["--hours-at-most", "12", "--goal", "lonley_share"], "did you mean 'lonely_share'"),
        (["--hours-at-most", "12", "--fix", "rigidity"], "--fix: 'rigidity' is not allowed"),
        (["--hours-at-most", "12", "--fix", "rigidity=2"], "--fix: rigidity: 2 is not allowed"),
        (["--hours-at-most", "12", "--bounds", "dialogue=0.5"], "NAME=LOW:HIGH"),
        (["--hours-at-most", "12", "--fresh", "1"], "--fresh: 1 is not allowed"),
        (["no_such_place", "--hours-at-most", "12"], "SCENARIO: 'no_such_place'"),
    ],
)
def test_wrong_input_is_one_sentence_and_writes_nothing(
    asked: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "advice"
    assert main(["advise", *asked, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_dry_run_tells_the_cost_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "advice"
    given = ["advise", "--hours-at-most", "12", "--dry-run", "--out", str(out)]
    assert main([*given, *QUICK, *SMALL]) == 0
    assert "Runs" in capsys.readouterr().out
    assert not out.exists()


def test_the_best_of_several_regimes_is_selected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "best")
    regimes = ["municipal_baton", "rigid_rules", "hands_off"]
    best = ["--best", "motivation_mean", "--max-replicates", "24"]
    assert main(["compare", *regimes, *best, "--out", out, *SMALL]) == 0
    assert "with a probability of at least 95%" in capsys.readouterr().out
    assert (tmp_path / "best" / "selection.parquet").is_file()
    assert main(["report", out, "--language", "da"]) == 0
    assert main(["verify", out]) == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--best", "motivation"], "did you mean 'motivation_mean'"),
        (["--best", "lonely_share", "--precision", "0.2"], "--precision"),
        (["--indifference", "0.1"], "with --best only"),
        (["--best", "lonely_share", "--confidence", "1"], "--confidence: 1 is not allowed"),
    ],
)
def test_wrong_selections_are_refused(
    asked: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "best"
    assert main(["compare", "municipal_baton", "hands_off", *asked, "--out", str(out)]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()
