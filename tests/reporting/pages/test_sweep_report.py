"""The report of a sweep: one file, every figure, every sentence, nothing from outside."""

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.sweep.made_studies import FACTORS, folder_of, runs, study
from studies.sweep.small import small_study
from velfaerd_sim.analysis.arrays.facts import Amount, Fact, parameter
from velfaerd_sim.analysis.sweep.answers import analyse
from velfaerd_sim.cli import main as cli
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.telling.sweep_words import Labels

INSIDE = ("#", "data:image/png;base64,")
"""How references begin that stay within the page; the colours of a map are a picture."""


class Page(HTMLParser):
    """Collects ids, links and outside references of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value and value.startswith("#"):
                self.targets.append(value[1:])
            elif name in ("src", "href", "xlink:href") and not (value or "").startswith(INSIDE):
                self.outside.append(str(value))


DESIGNS = {
    "saltelli": (Design(kind="saltelli", size=32), FACTORS[:3]),
    "grid": (Design(kind="grid", levels=4), FACTORS[:2]),
    "one_at_a_time": (Design(kind="one_at_a_time", levels=3), FACTORS[:3]),
    "morris": (Design(kind="morris", size=6), FACTORS[:3]),
}
FIGURES = {
    "saltelli": {"contrasts", "sobol", "pawn", "boxes", "choice", "front", "satisficing", "chance"},
    "grid": {"contrasts", "maps", "lines", "chance"},
    "one_at_a_time": {"contrasts", "one_at_a_time"},
    "morris": {"contrasts", "morris"},
}


@pytest.mark.parametrize("kind", DESIGNS)
def test_the_report_of_each_design(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velfaerd_sim.analysis.sweep.planning.RESAMPLES", 20)
    monkeypatch.setattr("velfaerd_sim.analysis.sweep.answers.MAIN_OUTCOMES", ("retention_12m",))
    design, factors = DESIGNS[kind]
    chosen = study(design, factors)
    folder = folder_of(chosen, tmp_path / kind, monkeypatch)
    path = write_report(folder)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert set(page.targets) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert not page.outside
    assert not re.search(r"<script|@import|url\(['\"]?http", text)
    drawn = {file.name.partition("-")[0].partition(".")[0] for file in folder.glob("figures/*.svg")}
    assert drawn == FIGURES[kind]
    fingerprint = re.search(r'name="fingerprint" content="(\w+)"', text)
    assert fingerprint
    for file in folder.glob("figures/*.svg"):
        shown = file.read_text(encoding="utf-8")
        assert fingerprint[1][:16] in shown
        assert file.with_suffix(".png").exists()
    assert "A made study" in text
    assert "velfaerd sweep made.toml" in text
    assert "velfaerd analyse" in text
    assert "No run failed." in text
    numbers = [int(n) for n in re.findall(r"<b>Figure (\d+)\.</b>", text)]
    assert numbers == list(range(1, len(numbers) + 1))
    if kind == "grid":  # the same bytes again
        assert write_report(folder).read_text(encoding="utf-8") == text


def test_failures_and_what_is_missing_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="latin_hypercube", size=12), FACTORS[:2])
    frame = runs(chosen).iloc[:60].copy()
    frame.loc[frame.index[:2], ["status", "message"]] = ["failed", "planted <fault>"]
    folder = folder_of(chosen, tmp_path / "x", monkeypatch, frame)
    text = write_report(folder).read_text(encoding="utf-8")
    assert "planted &lt;fault&gt;" in text
    assert "The sweep is not finished: 60 of 72 runs are there" in text
    assert "PAWN indices: it needs at least 60" in text.replace("\u00a0", " ")


def test_sentences_carry_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = study(Design(kind="latin_hypercube", size=12), FACTORS[:2])
    labels = Labels.of(analyse(folder_of(chosen, tmp_path / "x", monkeypatch)))
    tell = labels.teller(markup=True)
    limit = Fact(
        "limits", parameter=parameter("espoused_gap"), parts=(Fact("above", value=Amount(-0.5)),)
    )
    marked = tell.sentence(limit, Fact("as_told", message="<not>"))
    assert ">Share of promises not kept</span> is above \u22120.5" in marked
    assert "&lt;not&gt;" in marked


def test_a_sweep_in_worlds_tells_them_from_chance(tmp_path: Path) -> None:
    study = small_study(size=4, worlds="prior:4")  # in a town with volunteers in every world
    town = study.scenario.with_(adults=1500)
    sweep(study.with_(scenario=town), tmp_path, workers=1)
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert "4 parameter sets × 4 worlds × 2 replicates" in text
    assert "in the same 4 worlds (prior:4)" in text
    assert "Design, worlds and chance" in text
    assert "Every parameter set was run in 4 worlds with other parameters" in text
    assert "The intervals are no forecast." in text
    assert (tmp_path / "figures" / "worlds.svg").is_file()


def test_a_sweep_of_the_model_is_analysed_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "real"
    with ThreadPoolExecutor(2) as executor:
        sweep(small_study(size=64), folder, executor=executor)
    given = ["--outcome", "loneliness_mean.month_3", "--at-least", "0.001", "--seed", "5"]
    assert cli.main(["analyse", str(folder), *given]) == 0
    shown = capsys.readouterr().out
    assert "Regimes compared" in shown
    assert "Loneliness, month 3" in shown
    assert "PRIM" in shown
    assert cli.main(["report", str(folder)]) == 0
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "--at-least 0.001 --seed 5" in text
    assert "Training of staff (Rigid rules)" in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--outcome", "lonelines_mean"], "--outcome: 'lonelines_mean'"),
        (["--at-least", "much"], "--at-least: 'much'"),
        (["--at-least", "1", "--at-least", "2"], "each outcome once"),
        (["--seed", "x"], "--seed: 'x'"),
    ],
)
def test_wrong_options(
    given: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = study(Design(kind="latin_hypercube", size=4), FACTORS[:2])
    folder = folder_of(chosen, tmp_path / "x", monkeypatch)
    assert cli.main(["analyse", str(folder), *given]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (folder / "analysis").exists()


def test_a_folder_without_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["analyse", str(tmp_path)]) == 2
    assert "error: DIR: " in capsys.readouterr().err
