"""The command `velfaerd value`: what it prints, and wrong input in one sentence."""

import pytest

from velfaerd_sim import compare
from velfaerd_sim.cli import main as cli
from velfaerd_sim.inputs.surveys import example

TINY = {"adults": 300, "months": 3, "replicates": 2, "workers": 1}
REGIMES = ("hands_off", "facilitative_dialogue")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("value") / "worlds"
    compare(REGIMES, worlds="prior:10", out=folder, **TINY)
    return folder


def run(capsys, *words):
    code = cli.main(["value", *map(str, words)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_it_tells_what_to_measure_and_writes_beside_the_comparison(worlds, tmp_path, capsys):
    file = tmp_path / "ours.toml"
    file.write_text('kind = "diary"\nmunicipalities = 1\nadults = 500\nmonths = 1\n')
    before = sorted(worlds.rglob("*"))
    code, out, err = run(capsys, worlds, "--survey", file, "--workers", "1")
    assert code == 0, err
    lines = [line for line in out.splitlines() if line.startswith("- ")]
    assert "10 worlds" in lines[0]
    assert lines[-1].startswith(("- Measure", "- Run more worlds", "- Nothing here"))
    assert out.rstrip().endswith(f"{worlds}-value/report.html")
    assert sorted(worlds.rglob("*")) == before
    made = {path.name for path in worlds.with_name("worlds-value").iterdir()}
    assert {"value.parquet", "surveys.parquet", "study.json", "report.html", "figures"} <= made


def test_an_example_is_printed(capsys):
    assert run(capsys, "--example") == (0, example(), "")


def test_wrong_input_is_told_in_one_sentence_and_writes_nothing(worlds, tmp_path, capsys):
    compare(REGIMES, out=tmp_path / "one", **TINY)
    out = tmp_path / "out"
    for words, parts in (
        ((), ("DIR", "nothing is given")),
        ((tmp_path / "one",), ("DIR", "in one world", "--worlds")),
        ((tmp_path / "none",), ("none",)),
        ((worlds, "--goal", "retention_12"), ("--goal", "'retention_12m'?")),
        ((worlds, "--goal", "staff_hours_per_1000"), ("--goal", "more, or less, is better")),
        ((worlds, "--survey", "time_diari"), ("--survey", "'time_diary'?")),
        ((worlds, "--survey", tmp_path / "no.toml"), ("no.toml", "a file that exists")),
        ((worlds, "--workers", "0"), ("--workers: 0",)),
    ):
        code, printed, err = run(capsys, *words, "--out", out)
        assert (code, printed, err.count("\n")) == (2, "", 1), (words, err)
        for part in parts:
            assert part in err, (words, err)
        assert not out.exists()


def test_the_folder_of_the_comparison_is_not_written_into(worlds, capsys):
    before = {path: path.read_bytes() for path in worlds.rglob("*") if path.is_file()}
    code, _, err = run(capsys, worlds, "--survey", "none", "--out", worlds)
    assert code == 2
    assert "study of another kind" in err
    assert before == {path: path.read_bytes() for path in worlds.rglob("*") if path.is_file()}
