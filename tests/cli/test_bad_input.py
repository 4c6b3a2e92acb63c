"""Wrong input: one message that names place, value and what is allowed, and nothing written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.model.warm_up import warm_up

Answer = tuple[int, str, str]
REGIMES = ["municipal_baton", "rigid_rules"]
TINY = ["--adults", "60", "--months", "2"]

FILES = {
    "syntax.toml": ("adults = 500\nmonths = = 3\n", ["syntax.toml, line 2", "valid TOML"]),
    "unknown.toml": ("adults = 500\nmonts = 3\n", ["unknown.toml", "monts", "'months'?"]),
    "doubled.toml": ("adults = 500\nadults = 600\n", ["doubled.toml, line 2", "once"]),
    "wrong_type.toml": ('adults = "many"\n', ["wrong_type.toml", "adults", "whole number"]),
    "nan.toml": ("adults = 500\n[parameters]\nespoused_gap = nan\n", ["espoused_gap", "nan"]),
    "backwards.toml": (
        'adults = 500\nregime = "rigid_rules"\n'
        'phase = [{month = 12, regime = "hands_off"}, {month = 6, regime = "rigid_rules"}]\n',
        ["backwards.toml", "phase[2].month", "6", "a month after 12"],
    ),
    "elsewhere.toml": ('based_on = "baselin"\n', ["elsewhere.toml", "baselin", "'baseline'?"]),
    "shock.toml": (
        'adults = 500\n[[shock]]\nkind = "austerty"\nmonth = 3\n',
        ["shock[1].kind", "austerty", "'austerity'?"],
    ),
}
REGIME_FILES = {
    "syntax.toml": ("dialogue 0.5\n", ["syntax.toml, line 1", "valid TOML"]),
    "unknown.toml": ('based_on = "hands_off"\ndialog = 0.5\n', ["dialog", "'dialogue'?"]),
    "doubled.toml": ('based_on = "hands_off"\nbased_on = "hands_off"\n', ["line 2", "once"]),
    "range.toml": ('based_on = "hands_off"\ndialogue = 1.5\n', ["range.toml", "dialogue", "1.5"]),
    "backwards.toml": (
        'regime = "hands_off"\nphase = [{month = 0, regime = "rigid_rules"}]\n',
        ["backwards.toml", "phase[1].month", "0"],
    ),
}
OPTIONS = [
    (["--months", "0"], ["--months: 0 ", "1 to 1200"]),
    (["--months", "-3"], ["--months: -3 ", "1 to 1200"]),
    (["--months", "1201"], ["--months: 1201 ", "1 to 1200"]),
    (["--months", "12.5"], ["--months: 12.5 ", "a whole number"]),
    (["--months", "ten"], ["--months: 'ten' ", "a whole number"]),
    (["--months", "nan"], ["--months: 'nan' ", "a whole number"]),
    (["--adults", "0"], ["--adults: 0 ", "50 to 6000000"]),
    (["--adults", "-5000"], ["--adults: -5000 ", "50 to 6000000"]),
    (["--adults", "inf"], ["--adults: 'inf' ", "50 to 6000000"]),
    (["--adults", "9" * 5000], ["--adults: '999", "50 to 6000000"]),
    (["--seed", "-1"], ["--seed: -1 ", "0 to"]),
    (["--seed", "one"], ["--seed: 'one' ", "0 to"]),
    (["--workers", "0"], ["--workers: 0 ", "a whole number from 1"]),
    (["--workers", "all"], ["--workers: 'all' ", "a whole number from 1"]),
    (["--set", "staff_hours"], ["--set: 'staff_hours'", "NAME=VALUE"]),
    (["--set", "hours_per_100=3"], ["--set: 'hours_per_100'", "hours_per_1000'?"]),
    (["--set", "espoused_gap=nan"], ["--set espoused_gap: 'nan' ", "0 to 0.9"]),
    (["--set", "espoused_gap=-inf"], ["--set espoused_gap: '-inf' ", "0 to 0.9"]),
    (["--set", "espoused_gap=1"], ["--set espoused_gap: 1 ", "0 to 0.9"]),
    (["--set", "espoused_gap=true"], ["--set espoused_gap: 'true' ", "0 to 0.9"]),
    (["--set", "espoused_gap=.1", "--set", "espoused_gap=.2"], ["espoused_gap", "once"]),
]
OPTIONS_OF_COMPARE = [
    (["--replicates", "0"], ["--replicates: 0 ", "from 1"]),
    (["--replicates", "2.5"], ["--replicates: 2.5 ", "a whole number"]),
    (["--precision", "0"], ["--precision: 0 ", "above 0"]),
    (["--precision", "nan"], ["--precision: 'nan' ", "above 0"]),
    (["--precision", "0.1", "--replicates", "8"], ["--precision", "either"]),
    (["--precision", "0.1", "--max-replicates", "1"], ["--max-replicates: 1 ", "from 16"]),
    (["--worlds", "prior:0"], ["--worlds: 0 ", "from 1"]),
    (["--worlds", "nowhere.csv"], ["--worlds: nowhere.csv", "a file that exists"]),
    (["--worlds", "pryor"], ["--worlds: 'pryor' ", "did you mean 'prior'?"]),
    (["--worlds", "prior:3", "--precision", "1"], ["--precision: 1", "so many in each world"]),
    (["--hours", "4,ten"], ["--hours: 'ten' ", "2 to 80"]),
    (["--hours", "4,1000"], ["--hours: 1000 ", "2 to 80"]),
    (["--hours", "12,4"], ["--hours", "rising"]),
    (["--scenario", "baselin"], ["--scenario: 'baselin' ", "did you mean 'baseline'?"]),
]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile first, so that no message says that it is being done."""
    warm_up()


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., str]:
    """Run a command that must refuse its input and write nothing; gives the message."""

    def call(*arguments: object, code: int = 2, writes: Path | None = None) -> str:
        before = sorted(tmp_path.rglob("*"))
        found = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert (found, shown.out) == (code, ""), shown.err
        assert shown.err.startswith("error: ")
        assert shown.err.count("\n") == 1, shown.err
        assert "Traceback" not in shown.err
        assert sorted(tmp_path.rglob("*")) == before
        return shown.err

    return call


@pytest.mark.parametrize(("arguments", "parts"), OPTIONS)
def test_options(
    refused: Callable[..., str], tmp_path: Path, arguments: list[str], parts: list[str]
) -> None:
    for command in (["run"], ["compare", *REGIMES]):
        message = refused(*command, *TINY, *arguments, "--out", tmp_path / "out")
        assert all(part in message for part in parts), message


@pytest.mark.parametrize(("arguments", "parts"), OPTIONS_OF_COMPARE)
def test_options_of_compare(
    refused: Callable[..., str], tmp_path: Path, arguments: list[str], parts: list[str]
) -> None:
    message = refused("compare", *REGIMES, *TINY, *arguments, "--out", tmp_path / "out")
    assert all(part in message for part in parts), message


def test_names(refused: Callable[..., str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    message = refused("run", "denmrk", "--out", out)
    assert "SCENARIO: 'denmrk'" in message
    assert "did you mean 'denmark'?" in message
    message = refused("run", "--regime", "rigid_ruels", "--out", out)
    assert "--regime: 'rigid_ruels'" in message
    assert "did you mean 'rigid_rules'?" in message
    message = refused("compare", "hands_off", "rigid_ruels", "--out", out)
    assert "regime 2: 'rigid_ruels'" in message
    assert "did you mean 'rigid_rules'?" in message
    message = refused("compare", "hands_off", "hands_off", "--out", out)
    assert "regime 2: 'hands_off'" in message
    message = refused("compare", "hands_off", "--out", out)
    assert "two or more regimes" in message


@pytest.mark.parametrize("name", FILES)
def test_scenario_files(refused: Callable[..., str], tmp_path: Path, name: str) -> None:
    text, parts = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    for line in (["run", tmp_path / name], ["compare", *REGIMES, "--scenario", tmp_path / name]):
        message = refused(*line, "--out", tmp_path / "out")
        assert all(part in message for part in parts), message


@pytest.mark.parametrize("name", REGIME_FILES)
def test_regime_files(refused: Callable[..., str], tmp_path: Path, name: str) -> None:
    text, parts = REGIME_FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    for line in (["run", "--regime", tmp_path / name], ["compare", "hands_off", tmp_path / name]):
        message = refused(*line, "--out", tmp_path / "out")
        assert all(part in message for part in parts), message


def test_files_that_are_not_there(refused: Callable[..., str], tmp_path: Path) -> None:
    for line in (
        ["run", "no.toml"],
        ["run", "--regime", "no.toml"],
        ["run", tmp_path / "a/b.toml"],
    ):
        assert "a file that exists" in refused(*line, "--out", tmp_path / "out")
    (tmp_path / "folder.toml").mkdir()
    assert "this is a folder" in refused("run", tmp_path / "folder.toml", "--out", tmp_path / "out")


def test_folders(refused: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    for out in (file, file / "out"):
        for line in (["run"], ["compare", *REGIMES]):
            assert "--out: '" in refused(*line, *TINY, "--out", out)
    assert "--out: ''" in refused("run", *TINY, "--out=")
    message = refused("run", *TINY, "--out", tmp_path)
    assert "--out: " in message
    assert "notes.txt" in message
    for command in ("verify", "report"):
        assert "DIR: '" in refused(command, tmp_path)
        assert "DIR: '" in refused(command, tmp_path / "nothing")
        assert "DIR: '" in refused(command, file)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that cannot be written")
def test_a_disk_that_cannot_be_written(refused: Callable[..., str]) -> None:
    for line in (["run"], ["compare", *REGIMES]):
        message = refused(*line, *TINY, "--out", "/proc/velfaerd", code=1)
        assert "--out: " in message
        assert "/proc/velfaerd" in message


def test_a_folder_with_another_study(
    refused: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert cli.main(["run", *TINY, "--out", out]) == 0
    capsys.readouterr()
    for line, told in (
        (["run", *TINY, "--seed", "2"], "holds another study"),
        (["compare", *REGIMES, *TINY], "holds a study of another kind, 'run'"),
    ):
        message = refused(*line, "--out", out)
        assert "--out: " in message
        assert told in message
    message = refused("run", *TINY, "--seed", "2", "--set", "espoused_gap=0.3", "--out", out)
    assert "seed" in message
    assert cli.main(["run", *TINY, "--seed", "2", "--out", out, "--overwrite"]) == 0
