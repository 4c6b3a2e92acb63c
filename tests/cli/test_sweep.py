"""The command `sweep`: what it prints and writes, what it refuses."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from velfaerd_sim import load_study
from velfaerd_sim.cli import main as cli
from velfaerd_sim.cli import work
from velfaerd_sim.engine import store
from velfaerd_sim.studies.sweep import designs

STUDY = """
adults = 200
months = 6
replicates = 2
regimes = ["rigid_rules", "facilitative_dialogue"]
factors = ["drift_rate"]
outcomes = ["loneliness_mean"]
[design]
kind = "sobol"
size = 4
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
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_sweep_resume_extend_verify(velfaerd: Velfaerd, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, shown, errors = velfaerd("sweep", study, "--out", out, "--workers", 2)
    assert (code, errors) == (0, "")
    assert "16 runs were run." in shown
    assert f"The results: {out}" in shown
    assert len(load_study(out)) == 16
    record = json.loads((out / "study.json").read_text())
    assert record["command"] == f"velfaerd sweep {study} --out {out} --workers 2"
    code, shown, _ = velfaerd("sweep", study, "--out", out, "--dry-run")
    assert code == 0
    assert "0 of them are still missing" in shown
    study.write_text(STUDY.replace("replicates = 2", "replicates = 3"))
    code, shown, _ = velfaerd("sweep", study, "--out", out, "--workers", 1)
    assert "8 runs were run; 16 were there already." in shown
    code, shown, _ = velfaerd("verify", out, "--sample", 2)
    assert code == 0
    assert "4 of 24 runs were recomputed" in shown


def test_dry_run_writes_nothing(velfaerd: Velfaerd, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for options in ((), ("--out", out)):
        code, shown, errors = velfaerd("sweep", study, "--dry-run", "--workers", 2, *options)
        assert (code, errors) == (0, "")
        words = ("Param. sets   4", "Runs          16, in 8 tasks", "Time ", "2 at a time")
        assert all(word in shown for word in (*words, "Size on disk"))
        assert not out.exists()


def test_another_study_needs_a_branch(velfaerd: Velfaerd, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert velfaerd("sweep", study, "--out", out, "--workers", 1)[0] == 0
    study.write_text(STUDY.replace("200", "210"))
    for more in ((), ("--dry-run",)):
        code, _, errors = velfaerd("sweep", study, "--out", out, *more)
        assert code == 2
        assert "the scenario, its seed or a fixed parameter is another" in errors
        assert "--branch NAME" in errors
    code, _, _ = velfaerd("sweep", study, "--out", out, "--branch", "big", "--workers", 1)
    assert code == 0
    assert len(load_study(out / "branches" / "big")) == 16


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "--out: nothing is given"),
        (("--out", "{out}", "--workers", "0"), "--workers: 0 is not allowed"),
        (("--out", "{out}", "--workers", "many"), "--workers: 'many' is not allowed"),
        (("--out", "{out}", "--branch", "a/b"), "--branch: 'a/b' is not allowed"),
        (("--out", "{out}", "--scheduler", "tcp://127.0.0.1:1"), "--scheduler: 'tcp"),
    ],
)
def test_wrong_options(
    velfaerd: Velfaerd, study: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    if "--scheduler" in options:
        pytest.importorskip("distributed", reason="Dask is not installed (velfaerd-sim[cluster])")
    out = tmp_path / "out"
    code, _, errors = velfaerd("sweep", study, *(each.format(out=out) for each in options))
    assert code == 2
    assert words in errors
    assert errors.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("replicates = 0", "replicates: 0 is not allowed"),
        ("replicate = 1", "did you mean 'replicates'"),
        ("factors = ['drift_rat']", "did you mean 'drift_rate'"),
    ],
)
def test_wrong_study(
    velfaerd: Velfaerd, study: Path, tmp_path: Path, line: str, words: str
) -> None:
    key = line.split()[0]
    lines = [each for each in STUDY.splitlines() if not each.startswith(f"{key} ")]
    study.write_text("\n".join([line, *lines]))
    code, _, errors = velfaerd("sweep", study, "--out", tmp_path / "out")
    assert code == 2
    assert "study.toml" in errors
    assert words in errors
    assert not (tmp_path / "out").exists()


def test_no_room_on_the_disk(
    velfaerd: Velfaerd, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = store.shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(store.shutil, "disk_usage", lambda path: usage)
    code, _, errors = velfaerd("sweep", study, "--out", tmp_path / "out")
    assert code == 1
    assert "not enough room" in errors
    assert not (tmp_path / "out").exists()


def test_durations_and_sizes() -> None:
    assert work.duration(0.2) == "1 s"
    assert work.duration(90) == "90 s"
    assert work.duration(7 * 3600) == "7.0 hours"
    assert work.duration(3 * 86400) == "3.0 days"
    assert work.size_on_disk(200) == "1 kB"
    assert work.size_on_disk(2.5e9) == "2.5 GB"


def test_a_study_in_which_nothing_varies_is_refused(velfaerd, tmp_path):
    study, out = tmp_path / "empty.toml", tmp_path / "out"
    study.write_text("", encoding="utf-8")
    for more in (["--out", out], ["--dry-run"]):
        code, _, errors = velfaerd("sweep", study, *more)
        assert code == 2
        assert "factors" in errors
        assert "hours_per_1000 = [8, 20, 60]" in errors
        assert 'regimes = ["municipal_baton", "rigid_rules"]' in errors
    assert not out.exists()
    study.write_text('regimes = ["municipal_baton", "rigid_rules"]\nadults = 300\nmonths = 2\n')
    assert velfaerd("sweep", study, "--dry-run")[0] == 0


def test_a_design_that_cannot_be_drawn_is_refused_before_anything_is_compiled(
    velfaerd: Velfaerd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Morris without SALib: it compiled for half a minute first."""
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    monkeypatch.setattr(work, "compile_for", lambda _: pytest.fail("it compiled first"))
    monkeypatch.setattr("velfaerd_sim.cli.commands.sweep.compile_for", work.compile_for)
    designs.sample.cache_clear()
    (tmp_path / "study.toml").write_text(STUDY.replace('"sobol"', '"morris"'))
    code, _, error = velfaerd("sweep", tmp_path / "study.toml", "--out", tmp_path / "x")
    assert (code, "velfaerd-sim[analysis]" in error) == (2, True)
