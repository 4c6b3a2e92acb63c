"""The commands that judge the model: what they say, write and refuse."""

import json

import pandas as pd
import pytest

from velfaerd_sim import cli
from velfaerd_sim.inputs.regimes import REGIMES

SMALL = ["--adults", "500", "--months", "14", "--replicates", "3", "--workers", "2"]


@pytest.fixture
def velfaerd(capsys):
    def call(*arguments, code=0):
        found = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        assert found == code, shown.err
        return shown.out if code == 0 else shown.err

    return call


def test_robustness(velfaerd, tmp_path):
    out = tmp_path / "robust"
    line = ["robustness", *SMALL, "--worlds", "prior:3", "--out", out]
    line += ["--kind", "worlds", "--kind", "size", "--kind", "step"]
    shown = velfaerd(*line)
    assert shown.splitlines()[-1] == f"The report: {out / 'report.html'}"
    ranking = pd.read_csv(out / "ranking.csv")
    assert set(ranking["condition"]) == {
        *("defaults", "prior", "half_the_adults", "twice_the_adults"),
        *("half_month_steps", "two_month_steps"),
    }
    assert set(REGIMES) < set(ranking.columns)
    conclusions = pd.read_csv(out / "conclusions.csv")
    judged = pd.read_csv(out / "verdicts.csv")
    assert len(judged) == 5 * len(conclusions) > 0
    fragile = conclusions["turns"] * 100 + conclusions["weakens"]
    assert fragile.is_monotonic_decreasing
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "docs/trace.md" in page
    assert conclusions["statement"][0] in page.replace("&gt;", ">")
    assert (out / "figures" / "conclusions.svg").is_file()
    study = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert study["counts"]["done"] == study["counts"]["planned"] == (15 + 12) * len(REGIMES)
    assert velfaerd(*line) == shown  # done already: the same again


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--kind", "sizes"], "--kind: 'sizes' is not allowed"),
        (["--replicates", "1"], "--replicates"),
        (["--worlds", "priors:3"], "did you mean 'prior'"),
        (["--worlds", "prior:3", "--worlds", "prior:4"], "each set once"),
        (["--adults", "1"], "--adults"),
    ],
)
def test_wrong_input_is_refused_and_nothing_written(velfaerd, tmp_path, options, words):
    out = tmp_path / "out"
    assert words in velfaerd("robustness", *options, "--out", out, code=2)
    assert not out.exists()
