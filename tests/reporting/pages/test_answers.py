"""Every report begins with a short answer; the brief is what of it fits on one sheet."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.test_trial import SMALL as TRIAL
from reporting.pages.test_danish import DESIGNS, Visible
from studies.calibrate import stand_in
from studies.recovery.test_recovering import recovered
from studies.test_formats import COMMANDS, COMPARISON, STUDY
from velfaerd_sim.cli import main as cli
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.calibrate.calibrating import calibrate
from velfaerd_sim.studies.kinds import KINDS
from velfaerd_sim.telling.short.answer import MOST_WORDS, Short, fitting

IN_THE_MODEL = {"en": "in the model", "da": "i modellen"}
HEADS = {
    "en": ("The answer", "What to do", "What it costs", "How sure"),
    "da": ("Svaret", "Hvad man kan gøre", "Hvad det koster", "Hvor sikkert"),
}
OWN = {
    "compare": f"compare {' '.join(REGIMES)} --adults 400 --months 12 --replicates 4",
    "in_worlds": f"compare {' '.join(REGIMES)} --adults 300 --months 12 --worlds prior:4",
    "one": "compare hands_off rigid_rules --adults 200 --months 3 --replicates 1",
}


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a small study of a kind, run once."""
    root, there = tmp_path_factory.mktemp("studies"), {}
    (root / "study.toml").write_text(STUDY)
    (root / "trial.toml").write_text(TRIAL.format(municipalities="[6]", more=""))

    def of(kind: str) -> Path:
        if kind not in there:
            there[kind] = root / kind
            make(kind, root)
        return there[kind]

    return of


def make(kind: str, root: Path) -> None:
    folder = root / kind
    if kind == "calibration":
        with ThreadPoolExecutor(2) as pool:
            calibrate(stand_in.small(), folder, stand_in.read, executor=pool)
    elif kind == "recovery":
        recovered(folder, 2)
    else:
        if kind == "value":
            asked = [*COMPARISON.split(), "--out", str(root / "worlds"), "--workers", "1"]
            assert cli.main(asked) == 0
        words = OWN.get(kind, COMMANDS.get(kind, "")).format(files=root).split()
        assert cli.main([*words, "--out", str(folder), "--workers", "1"]) == 0


def answer(text: str) -> list[str]:
    """The texts of the answer of a page; it is the first section and there is no table before."""
    start = text.index("<main>")
    first = text.index("<section", start)
    section = text[first : text.index("</section>", first)]
    assert section.startswith('<section class="answer"')
    assert "<table" not in text[:first] + section
    return Visible(f"<html lang='en'>{section}</section></html>").told


@pytest.mark.parametrize("language", IN_THE_MODEL)
@pytest.mark.parametrize("kind", [*KINDS, "in_worlds", "one"])
def test_it_begins_with_a_short_answer(
    kind: str, language: str, studied: Callable[[str], Path]
) -> None:
    told = answer(write_report(studied(kind), language=language).read_text(encoding="utf-8"))
    assert len(" ".join(told).split()) <= MOST_WORDS, told
    assert IN_THE_MODEL[language] in told[1].lower(), told
    heads = [text for text in told if text in HEADS[language]]
    assert heads == list(HEADS[language])
    assert all(len(text.split()) > 2 for text in told if text.endswith(".")), told


@pytest.mark.parametrize("kind", ["compare", "recovery", "claims"])
def test_the_brief_is_the_answer_with_its_source_and_command(
    kind: str, studied: Callable[[str], Path]
) -> None:
    folder = studied(kind)
    path = write_report(folder, language="da", brief=True)
    assert path == folder / "brief.da.html"
    text = path.read_text(encoding="utf-8")
    whole = write_report(folder, language="da").read_text(encoding="utf-8")
    assert answer(text) == answer(whole)
    (command,) = re.findall(r"<code>(.*?)</code>", text)
    assert command in whole
    assert "<footer>" in text
    assert re.search(r'name="fingerprint" content="\w{16,}"', text)
    assert len(re.findall("<svg", text)) == (kind != "recovery")
    assert "<table" not in text


def test_an_answer_that_is_too_long_gives_way_to_a_shorter_one() -> None:
    long = Short("x " * 90, "b " * 20, "c", "d")
    short = Short("x " * 50, "b " * 20, "c", "d")
    assert fitting(lambda _: [long, short], "en") is short
    assert fitting(lambda _: [short, long], "en") is short
    assert fitting(lambda _: [long, Short("x " * 89, "b " * 20, "c", "d")], "da").words < long.words


def test_an_answer_that_is_too_long_in_one_language_gives_way_in_both() -> None:
    long = Short("x " * 90, "b " * 20, "c", "d")
    full, bare = Short("x " * 60, "b", "c", "d"), Short("x " * 50, "b", "c", "d")
    for language in ("en", "da"):
        found = fitting(lambda each: [long if each == "en" else full, bare], language)
        assert found is bare


def test_every_design_of_a_sweep_has_a_short_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.sweep.made_studies import folder_of, study

    monkeypatch.setattr("velfaerd_sim.analysis.sweep.planning.RESAMPLES", 20)
    monkeypatch.setattr("velfaerd_sim.analysis.sweep.answers.MAIN_OUTCOMES", ("retention_12m",))
    for kind, (design, factors) in DESIGNS.items():
        folder = folder_of(study(design, factors), tmp_path / kind, monkeypatch)
        for language in IN_THE_MODEL:
            text = write_report(folder, language=language).read_text(encoding="utf-8")
            assert len(" ".join(answer(text)).split()) <= MOST_WORDS, (kind, answer(text))
