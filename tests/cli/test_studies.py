"""The commands that do work: what they print, what they write, how they stop."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from rich.table import Table

from velfaerd_sim.cli import main as cli
from velfaerd_sim.cli import options, terminal
from velfaerd_sim.inputs import worlds
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.studies.compare import design

TINY = ["--adults", "300", "--months", "12"]
Velfaerd = Callable[..., tuple[str, str]]


@pytest.fixture
def velfaerd(capsys: pytest.CaptureFixture[str]) -> Velfaerd:
    """Run a command line that must work: standard output and standard error."""

    def call(*arguments: object) -> tuple[str, str]:
        code = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert code == 0, shown.err
        return shown.out, shown.err

    return call


def test_defaults_are_those_of_the_studies() -> None:
    assert options.DEFAULT_REPLICATES == design.REPLICATES
    assert options.DEFAULT_REPLICATES_IN_A_WORLD == design.REPLICATES_IN_A_WORLD
    assert options.DEFAULT_WORLDS == worlds.USUAL_WORLDS


def test_run(velfaerd: Velfaerd, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    shown, _ = velfaerd("run", *TINY, "--set", "hours_per_1000=12", "--out", out)
    assert all(name in shown for name in terminal.HEADS)
    assert f"The results: {out}" in shown
    series = pd.read_parquet(out / "series.parquet")
    assert list(series["month"]) == list(range(13))
    study = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert study["command"].startswith("velfaerd run --adults 300")
    assert study["parameters"]["hours_per_1000"] == 12
    line = next(line for line in shown.splitlines() if line.startswith("volunteers_per_1000"))
    assert line.split()[1] == f"{series['volunteers_per_1000'].iloc[0]:.1f}"


def test_compare_and_verify(velfaerd: Velfaerd, tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = ["compare", "municipal_baton", "rigid_rules", "hands_off", *TINY, "--replicates", "3"]
    shown, _ = velfaerd(*line, "--workers", "2", "--out", out)
    rows = [row.split() for row in shown.splitlines()]
    regimes = [row[0] for row in rows if row and row[0] in REGIMES]
    assert regimes == ["municipal_baton", "rigid_rules", "hands_off"]
    assert "staff hours" in shown
    assert "gain / lose" in shown
    assert "3 pairs" in shown
    assert f"The results: {out}" in shown
    effects = pd.read_parquet(out / "effects.parquet").set_index(["outcome", "regime"])
    row = effects.loc[("lonely_share", "rigid_rules")]
    assert f"{abs(100 * row['difference']):.1f}" in shown
    assert velfaerd(*line, "--out", out)[0] == shown  # done already: the same again
    checked, _ = velfaerd("verify", out, "--sample", "2")
    assert "OK" in checked


def test_compare_in_worlds(velfaerd: Velfaerd, tmp_path: Path) -> None:
    line = ["compare", "hands_off", "experimenting", *TINY, "--worlds", "prior:4"]
    shown, _ = velfaerd(*line, "--out", tmp_path / "out")
    assert "4 worlds (prior:4), 2 replicates in each." in shown
    assert "90% of worlds" in shown
    assert "±: standard error of the share" in shown
    study = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert study["counts"]["done"] == 16
    assert pd.read_parquet(tmp_path / "out" / "worlds.parquet")["draw"].nunique() == 4
    shown, _ = velfaerd("verify", tmp_path / "out", "--sample", "1")
    assert "OK: " in shown


def test_compare_with_staff_hours_and_precision(velfaerd: Velfaerd, tmp_path: Path) -> None:
    line = ["compare", "hands_off", "experimenting", *TINY, "--precision", "2"]
    line += ["--hours", "4,60", "--max-replicates", "16"]
    shown, _ = velfaerd(*line, "--out", tmp_path / "out")
    assert "2 was asked for" in shown or "Not as precise as asked for (2)" in shown
    assert "Retention is highest under" in " ".join(shown.split())
    assert (tmp_path / "out" / "staff_hours.parquet").is_file()


def test_report_and_the_same_command_again(velfaerd: Velfaerd, tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = ["compare", "hands_off", "experimenting", *TINY, "--out", out]
    velfaerd(*line, "--replicates", "2")
    shown, _ = velfaerd("report", out)
    assert shown == f"The report: {out / 'report.html'}\n"
    assert (out / "report.html").stat().st_size > 10_000
    velfaerd(*line, "--replicates", "2")  # done already, whatever the report has added
    velfaerd(*line, "--replicates", "4")  # more of the same
    effects = pd.read_parquet(out / "effects.parquet")
    assert effects["replicates"].max() == 4
    assert "OK" in velfaerd("verify", out, "--sample", "1")[0]


def test_report_of_a_run(velfaerd: Velfaerd, tmp_path: Path) -> None:
    velfaerd("run", *TINY, "--out", tmp_path / "out")
    assert "report.html" in velfaerd("report", tmp_path / "out")[0]


def test_verify_finds_a_changed_result(
    velfaerd: Velfaerd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    velfaerd("compare", "hands_off", "experimenting", *TINY, "--replicates", "2", "--out", out)
    study = out / "study.json"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('"espoused_gap": 0.2', '"espoused_gap": 0.3'), encoding="utf-8")
    assert cli.main(["verify", str(out)]) in (1, 2)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert "Traceback" not in shown.err


def test_the_effects_do_not_depend_on_workers(velfaerd: Velfaerd, tmp_path: Path) -> None:
    line = ["compare", "hands_off", "experimenting", *TINY, "--replicates", "4", "--seed", "7"]
    for workers in (1, 2):
        velfaerd(*line, "--workers", workers, "--out", tmp_path / str(workers))
    first, second = (pd.read_parquet(tmp_path / name / "effects.parquet") for name in "12")
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_failed_runs_are_told(
    velfaerd: Velfaerd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from velfaerd_sim.studies.compare import work

    plain = work.run_replicate

    def fragile(task: object, advance: object) -> object:
        if task.replicate == 1:  # type: ignore[attr-defined]
            raise RuntimeError("no luck")
        return plain(task, advance)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "run_replicate", fragile)
    line = ["compare", "hands_off", "experimenting", *TINY, "--replicates", "3"]
    assert cli.main([*line, "--out", str(tmp_path / "out")]) == 1
    shown = capsys.readouterr()
    assert "RuntimeError: no luck" in shown.err
    assert "--retry-failed tries these again" in shown.err
    assert "2 pairs" in shown.out
    monkeypatch.undo()
    assert cli.main([*line, "--out", str(tmp_path / "out"), "--retry-failed"]) == 0
    assert "3 pairs" in capsys.readouterr().out


LONG = ["compare", "hands_off", "experimenting", "--adults", "1000", "--replicates", "3000"]


@pytest.mark.skipif(sys.platform == "win32", reason="other signals")
@pytest.mark.parametrize(
    ("sent", "code", "name"),
    [("SIGINT", 130, "Ctrl-C"), ("SIGTERM", 143, "SIGTERM"), ("SIGHUP", 129, "SIGHUP")],
)
def test_a_stop_comes_soon_and_keeps_what_is_done(
    tmp_path: Path, sent: str, code: int, name: str
) -> None:
    out = tmp_path / "out"
    line = [sys.executable, "-m", "velfaerd_sim", *LONG, "--out", str(out)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as work:
        begin = time.monotonic()
        while not any(out.rglob("*.parquet")) and time.monotonic() - begin < 60:
            time.sleep(0.1)
        assert any(out.rglob("*.parquet"))
        begin = time.monotonic()
        work.send_signal(getattr(signal, sent))
        shown, told = work.communicate(timeout=30)
        seconds = time.monotonic() - begin
    assert work.returncode == code
    assert shown == ""
    assert told.strip().splitlines()[-1].startswith(f"error: stopped by {name}; ")
    assert str(out) in told
    assert "Traceback" not in told
    assert seconds < 10.0
    counts = json.loads((out / "study.json").read_text(encoding="utf-8"))["counts"]
    assert 0 < counts["done"] < counts["planned"]
    assert not list(out.rglob("*.tmp"))


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
def test_progress_on_a_terminal_only(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "velfaerd_sim", *LONG, "--out", str(tmp_path / "out")]
    main, side = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=side, env=environment) as work:
        os.close(side)
        told, begin = "", time.monotonic()
        bar = re.compile(r"of 6000 runs +\S*\d:\d\d:\d\d")
        while time.monotonic() - begin < 60 and not (bar.search(told) and "experim" in told):
            if select.select([main], [], [], 0.2)[0]:
                told += os.read(main, 65536).decode("utf-8", "replace")
        work.send_signal(signal.SIGINT)
        work.communicate(timeout=30)
    os.close(main)
    assert "Comparing" in told
    assert bar.search(told)
    assert "experimenting" in told  # results come in while it works


def test_a_clear_difference_is_shown_larger_than_its_half_width() -> None:
    for size, half, shown in ((0.132, 0.108, 2), (3.2, 2.9, 1), (0.1, 0.12, 1)):
        assert terminal._telling_apart(size, half, 1) == shown


def test_a_wide_table_is_whole_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    for _ in range(20):
        table.add_column("outcome here", no_wrap=True)
    table.add_row(*["+12.3 ±0.456"] * 20)
    terminal.print_table(terminal.console(), table)
    shown = capsys.readouterr().out
    assert shown.count("+12.3 ±0.456") == 20
    assert "…" not in shown
