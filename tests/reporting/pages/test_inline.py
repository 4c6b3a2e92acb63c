"""What a notebook shows of a result, and the bar there."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from described import undescribed
from velfaerd_sim import compare, sweep
from velfaerd_sim.engine import progress
from velfaerd_sim.engine.progress import Advance, in_notebook, notebook_bar
from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.run.single import run_single

SMALL: dict[str, Any] = {"adults": 300, "months": 6, "replicates": 3, "workers": 1}
STUDY = """
adults = 300
months = 3
title_da = "Timer og styring"
regimes = ["rigid_rules", "facilitative_dialogue"]
replicates = 2
outcomes = ["motivation_mean"]

[factors]
hours_per_1000 = [8, 60]
"""


@pytest.fixture(scope="module")
def compared() -> Any:
    return compare(["rigid_rules", "facilitative_dialogue"], **SMALL)


def test_without_a_notebook_a_result_is_a_line(compared: Any) -> None:
    assert repr(compared).startswith("Comparison: 6 of 6 runs done; effects (")


def test_a_comparison_shows_its_answer_a_figure_and_a_table(compared: Any) -> None:
    english, danish = compared._repr_html_(), compared.to_html("da")
    assert english == compared.to_html()
    for made in (english, danish):
        assert made.count("<figure") == made.count("<table") == 1
        assert "<svg" in made
        assert "<html" not in made
        assert compared.fingerprint[:16] in made
    assert "Facilitating dialogue" in english
    assert "Faciliterende dialog" in danish
    assert len(re.findall(r"<tr", english)) > 2


def test_an_unknown_language_is_refused(compared: Any) -> None:
    with pytest.raises(InputError, match="language"):
        compared.to_html("se")


def test_a_run_shows_itself() -> None:
    done = run_single(regime="hands_off", adults=300, months=14, workers=1)
    assert "Hands off" in done._repr_html_()
    assert "<svg" in done._repr_html_()


def test_a_sweep_tells_what_is_there_and_what_to_do_next(tmp_path: Path) -> None:
    (tmp_path / "hours.toml").write_text(STUDY, encoding="utf-8")
    done = sweep(tmp_path / "hours.toml", tmp_path / "out", workers=1)
    made = done._repr_html_()
    assert "8 runs are there, 8 of them new" in made
    assert f"velfaerd analyse {tmp_path / 'out'}" in made
    assert made.count("<tr>") == 3
    mean = done.frame().groupby("regime")["outcome.motivation_mean"].mean()
    assert f"{mean['rigid_rules']:.3f}" in made
    assert "Timer og styring" in done.to_html("da")
    assert f"{mean['rigid_rules']:.3f}".replace(".", ",") in done.to_html("da")
    columns = [each for each in undescribed(tmp_path / "out/runs", "sweep") if ": " in each]
    assert columns == []


# The bar


class ZMQInteractiveShell:
    """The shell of a notebook, by its name."""


class Bar:
    """A bar that keeps what it was told."""

    def __init__(self, desc: str, total: float, bar_format: str, leave: bool) -> None:
        self.desc, self.total, self.n, self.closed = desc, total, 0.0, False

    def set_description_str(self, desc: str, refresh: bool) -> None:
        self.desc = desc

    def update(self, more: float) -> None:
        self.n += more

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    """A notebook in which every bar is kept."""
    made: list[Bar] = []

    def bar(**given: Any) -> Bar:
        made.append(Bar(**given))
        return made[-1]

    shell = SimpleNamespace(get_ipython=ZMQInteractiveShell)
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setattr(progress, "_bar_class", lambda: bar)
    return made


def test_a_study_in_a_notebook_shows_a_bar(bars: list[Bar]) -> None:
    assert in_notebook()
    compare(["rigid_rules", "facilitative_dialogue"], **SMALL)
    (bar,) = bars
    assert (bar.desc, bar.closed) == ("compare 6/6", True)
    assert bar.n == pytest.approx(bar.total)


def stopped() -> None:
    with notebook_bar("compare", None) as told:
        assert told is not None
        told(Advance(1.0, 4.0, 1, 4))
        raise KeyboardInterrupt


def test_a_bar_is_closed_where_the_study_is_stopped(bars: list[Bar]) -> None:
    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert bars[0].closed
    assert (bars[0].n, bars[0].total) == (1.0, 4.0)


def test_who_brings_a_progress_or_sits_elsewhere_gets_no_bar(
    bars: list[Bar], monkeypatch: pytest.MonkeyPatch
) -> None:
    own: list[Advance] = []
    compare(["rigid_rules", "facilitative_dialogue"], progress=own.append, **SMALL)
    assert own
    monkeypatch.delitem(sys.modules, "IPython")
    assert not in_notebook()
    compare(["rigid_rules", "facilitative_dialogue"], **SMALL)
    assert bars == []


@pytest.mark.parametrize(("found", "home"), [(None, "tqdm.std"), (object(), "tqdm.notebook")])
def test_the_bar_is_that_of_widgets_where_these_are(
    found: object, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "find_spec", lambda name: found)
    assert progress._bar_class().__module__ == home
