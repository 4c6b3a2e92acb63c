"""The command claims: all claims in one world, its reports, and what it refuses."""

from pathlib import Path

import pytest

from velfaerd_sim.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "experiments" / "claims.toml"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """All claims with populations small enough to be quick."""
    text = FILE.read_text("utf-8")
    for old, new in (
        ("adults = 5000", "adults = 600"),
        ("replicates = 4", "replicates = 2"),
        ("adults = 10000", "adults = 1500"),
        ("count = 4, adults = 20000", "count = 4, adults = 1500"),
        ("count = 24, adults = 1500", "count = 6, adults = 300"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("claims") / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def all_claims(small, tmp_path_factory):
    """All 26 claims in one prior world."""
    out = tmp_path_factory.mktemp("study") / "out"
    arguments = ["--sets", "prior", "--worlds", "1", "--robustness", "0", "--workers", "1"]
    code = main(["claims", "--file", str(small), *arguments, "--out", str(out)])
    assert code == 0
    return out


def test_all_claims_give_tables_ledger_and_figures(all_claims):
    for number in range(1, 27):
        name = f"C{number:02d}"
        assert (all_claims / "claims" / f"{name}.csv").stat().st_size > 100
        assert (all_claims / "figures" / f"{name}.svg").is_file()
        assert "verdener" in (all_claims / "figures.da" / f"{name}.svg").read_text("utf-8")
        assert f"## {name}. " in (all_claims / "claims.md").read_text("utf-8")
        assert f"## {name}. " in (all_claims / "claims.da.md").read_text("utf-8")


def test_a_dry_run_tells_the_cost_of_what_is_missing(all_claims, small, capsys):
    arguments = ["claims", "C02", "--file", str(small), "--sets", "prior", "--robustness", "0"]
    arguments += ["--worlds", "2", "--dry-run", "--out", str(all_claims)]
    before = (all_claims / "study.json").read_bytes()
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "Runs  " in out
    assert "10 of them are still missing" in out
    assert "After the pilot  up to" in out
    assert (all_claims / "study.json").read_bytes() == before


def test_verify_and_report_take_the_folder(all_claims, capsys):
    assert main(["verify", str(all_claims), "--sample", "2", "--workers", "1"]) == 0
    assert "runs were recomputed and agree bit for bit" in capsys.readouterr().out
    assert main(["report", str(all_claims)]) == 0
    page = (all_claims / "report.html").read_text("utf-8")
    assert page.count('<h2 id="C') == 26
    assert "http" not in page.replace("http://www.w3.org", "")
    assert main(["report", str(all_claims), "--language", "da"]) == 0
    danish = (all_claims / "report.da.html").read_text("utf-8")
    assert danish.count('<h2 id="C') == 26
    assert '<html lang="da">' in danish
    assert "One page for those who decide" in page
    assert "One page for those who decide" not in danish


@pytest.mark.filterwarnings("error")
def test_a_time_that_is_up_at_once_leaves_no_ledger(small, tmp_path, capsys):
    arguments = ["--sets", "prior", "--worlds", "1", "--robustness", "0", "--minutes", "0.0001"]
    code = main(["claims", "C01", "--file", str(small), *arguments, "--out", str(tmp_path / "x")])
    told = capsys.readouterr()
    assert code == 0  # a time that was asked for is no failure
    assert "the time is up: 0 of" in told.out + told.err
    assert "unexpected" not in told.err
    assert not (tmp_path / "x" / "claims.md").exists()
    assert main(["report", str(tmp_path / "x")]) == 2
    assert "a world of a claim was run" in capsys.readouterr().err


def test_a_scale_beyond_a_range_is_refused_before_anything_is_run(small, tmp_path, capsys):
    text = small.read_text("utf-8")
    arm = text.index('name = "outside"')
    line = text.index("parameters = ", arm)
    end = text.index("\n", line)
    scaled = text[:line] + "scale = { opening_local_actors = 50.0 }" + text[end:]
    path, out = tmp_path / "claims.toml", tmp_path / "out"
    path.write_text(scaled, encoding="utf-8")
    arguments = ["--file", str(path), "--sets", "prior", "--worlds", "2", "--out", str(out)]
    assert main(["claims", "C04", *arguments]) == 2
    told = capsys.readouterr().err
    assert "C04.outside.scale.opening_local_actors: 50" in told
    assert "of 240 worlds it would leave the range" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["C99"], "ID"),
        (["--worlds", "0"], "worlds"),
        (["--sets", "plausable"], "--sets: 'plausable'"),
        (["--sets", "plausable"], "did you mean 'plausible'"),
        (["--file", "nothing.toml"], "nothing.toml"),
        (["--minutes", "-1"], "--minutes: -1"),
        (["--robustness", "x"], "--robustness: 'x'"),
        (["--theories", "alle"], "--theories: 'alle'"),
    ],
)
def test_wrong_input_is_named_and_nothing_written(arguments, said, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["claims", *arguments, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not out.exists()


def test_a_study_of_another_kind_is_refused(tmp_path, capsys):
    out = tmp_path / "run"
    assert main(["run", "--months", "1", "--adults", "100", "--out", str(out)]) == 0
    assert main(["claims", "C02", "--sets", "prior", "--worlds", "1", "--out", str(out)]) == 2
    assert "another kind, 'run'; choose" in capsys.readouterr().err
