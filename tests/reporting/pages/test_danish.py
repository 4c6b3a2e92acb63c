"""The reports in Danish: the same keys, places and numbers as in English, and no English left."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.sweep.made_studies import FACTORS, folder_of, study
from reporting.made import made
from studies.small import three_towns
from studies.sweep.small import small_study
from velfaerd_sim.cli import main as cli
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import REGIMES, Regime
from velfaerd_sim.inputs.shocks import SHOCK_KINDS
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.reporting.files import figures_path, report_path
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.telling import formats
from velfaerd_sim.telling.in_worlds import limits
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.sources import source_in
from velfaerd_sim.telling.words import Words, catalogue

ENGLISH_WORDS = set(
    re.findall(
        r"\w+",
        """
        the is are was were of which with than that and or not no from both each every it its
        between regime regimes outcome replicate replicates points world worlds share where
        can cannot as adults clearly better worse month months year years none there has
        lies stands resamples trajectories trajectory runs run against above below everywhere
        always never rightly leads density coverage unknown crossings crossing
        """,
    )
)
"""Words of English sentences that are no Danish words and stand in no name."""
SOURCES = {
    re.sub(r"\s+", " ", source_in(language, each.source))
    for each in (*PARAMETERS, *REGIMES.values())
    for language in ("en", "da")
}
NUMBER = r"(?<![\w.,])[+\u2212-]?\d+(?:[.,\u202f ]\d+)*"

NO_NUMBER = (
    r"(?i)(fingerprint|fingeraftryk) \w+|velfaerd_sim [\d.]+|[\d-]+T[\d:]+Z"
    r"|\d+\. [a-z]+ \d+ kl\. [\d.]+ UTC|\d+ [A-Z][a-z]+ \d+, [\d:]+ UTC"
)
"""Names and times that hold digits."""


class Visible(HTMLParser):
    """Collects what is read on a page: texts and descriptions but for what is marked English."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self.open: list[bool] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = str(values.get("lang"))
        if tag not in ("meta", "br", "link"):
            inside = bool(self.open) and self.open[-1]
            foreign = tag != "html" and values.get("lang") == "en"
            self.open.append(inside or foreign or tag in ("style", "code", "pre"))
        if values.get("aria-label") and not self.open[-1]:
            self.told.append(str(values["aria-label"]))
        if tag == "th" and values.get("title"):
            self.told.append(str(values["title"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("meta", "br", "link"):
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1]):
            self.told.append(re.sub(r"\s+", " ", data.strip()))


def both(folder: Path) -> tuple[str, str]:
    """The report of a study in English and in Danish."""
    return tuple(  # type: ignore[return-value]
        write_report(folder, language=language).read_text(encoding="utf-8")
        for language in ("en", "da")
    )


def numbers(text: str) -> list[str]:
    """The numbers that are read on a page, without the signs of a language between digits."""
    found: list[str] = []
    for told in Visible(text).told:
        if told not in SOURCES and not told.startswith("S0: "):
            found += re.findall(NUMBER, re.sub(NO_NUMBER, "", told))
    return sorted(re.sub(r"[.,\u202f ]", "", each) for each in found)


def english_left(text: str) -> list[str]:
    """What is read on a page and holds words of English sentences."""
    page = Visible(text)
    assert page.language == "da"
    return [
        told
        for told in page.told
        if len(ENGLISH_WORDS & set(re.findall(r"(?<![\w.-])[a-z]+(?![\w/]|\.\w)", told.lower())))
        > 0
        and not re.search(r"velfaerd_sim .*fingeraftryk", told)
        and "--worlds" not in told
    ]


def sentences(language: str) -> set[str]:
    """The longest pieces of texts between what is filled in, if of more than three words."""
    found = set()
    for file in ("report", "answer", "worlds", "sweep", "findings", "evidence"):
        for entry in catalogue(file).values():
            text = entry[language]
            for part in re.split(r"\{\w+\}", text if isinstance(text, str) else ""):
                if len(part.split()) > 3:
                    found.add(part.strip())
    return found


def check_danish(english: str, danish: str) -> None:
    """The Danish page says what the English one says, in Danish."""
    assert english_left(danish) == []
    for part in sentences("en") - sentences("da"):
        assert part not in danish, part
    for heads in limits(False, "en"):
        assert not any(text in danish for text in heads)


def test_in_several_worlds_one_limit_is_another() -> None:
    one, several = limits(False, "da"), limits(True, "da")
    assert sum(a != b for a, b in zip(one, several, strict=True)) == 1


def test_every_name_of_the_inputs_has_a_danish_text() -> None:
    names, units, report = catalogue("names"), catalogue("units"), catalogue("report")
    for parameter in PARAMETERS:
        assert parameter.unit in units
        assert f"role.{parameter.role}" in names
        assert f"distribution.{parameter.distribution}" in names
    for outcome in OUTCOMES:
        assert outcome.name in catalogue("outcomes")
        form = formats.of_unit(outcome.unit, "da")
        assert form.language == "da"
        assert form.axis != formats.of_unit("no such unit", "da").axis
    assert {f"shock_{kind}" for kind in SHOCK_KINDS} <= report.keys()


def test_numbers_are_written_as_danes_do() -> None:
    assert formats.of_unit("share", "da").level(0.0864) == "8,6\u00a0%"
    assert formats.of_unit("share", "da").difference(-0.012) == "\u22121,2\u00a0procentpoint"
    danish = Words("da")
    assert danish.number(12345.6, 1) == "12.345,6"
    assert danish.interval(-1.0, 2.0, 1) == "\u22121,0 til 2,0"
    assert danish.plain(0.0718) == "0,0718"
    assert danish.moment("2026-11-02T03:05:00Z") == "2. november 2026 kl. 03.05 UTC"
    assert Words("en").moment("2026-11-02T03:05:00Z") == "2 November 2026, 03:05 UTC"
    assert danish.moment("never") == "never"


def test_words_of_a_regime_in_danish() -> None:
    assert words_of("rigid_rules", None, "da").label == "Stive regler"
    content = Regime(**(REGIMES["hands_off"].to_dict() | {"name": "own", "label_en": "Ours"}))
    assert words_of("hands_off", None, "da").summary == REGIMES["hands_off"].summary_da
    phase = {"month": 0, "regime": {"name": "own", "label_en": "Ours", "summary_en": "So."}}
    found = words_of("own", {"name": "own", "phase": [phase]}, "da")
    assert (found.label, found.summary) == ("Ours", "So.")
    assert content.name == "own"
    with pytest.raises(InputError, match="one of en, da"):
        words_of("rigid_rules", None, "de")


def test_results_made_by_hand_speak_english() -> None:
    assert made({}).language == "en"


def test_a_comparison(tmp_path: Path) -> None:
    regimes = ("municipal_baton", "rigid_rules", "facilitative_dialogue")
    hours = {"hours": [4, 60], "hours_replicates": 2}
    compare(regimes, "crisis", adults=400, months=18, replicates=4, out=tmp_path, **hours)  # type: ignore[arg-type]
    english, danish = both(tmp_path)
    check_danish(english, danish)
    assert numbers(english) == numbers(danish)
    assert "Hvilken styring gavner frivilligheden?" in danish
    assert "en nedlukning på" in danish
    assert report_path(tmp_path, "da").name == "report.da.html"
    names = {path.name for path in figures_path(tmp_path).iterdir()}
    assert names == {path.name for path in figures_path(tmp_path, "da").iterdir()}
    drawn = (figures_path(tmp_path, "da") / "forest.svg").read_text(encoding="utf-8")
    assert "procentpoint" in drawn
    assert not re.search(r">[+\u2212]?\d+\.\d+<", drawn)
    assert write_report(tmp_path, language="da").read_text(encoding="utf-8") == danish
    assert write_report(tmp_path).read_text(encoding="utf-8") == english


def test_a_comparison_in_worlds_of_several_towns(tmp_path: Path) -> None:
    regimes = ("municipal_baton", "rigid_rules")
    hours = {"hours": [4, 60], "hours_replicates": 2}
    compare(regimes, three_towns(), worlds="prior:4", replicates=2, out=tmp_path, **hours)  # type: ignore[arg-type]
    english, danish = both(tmp_path)
    check_danish(english, danish)
    assert numbers(english) == numbers(danish)
    assert "af verdenerne" in danish


def test_a_run(tmp_path: Path) -> None:
    run_single("crisis", regime="experimenting", adults=300, months=24, out=tmp_path)
    english, danish = both(tmp_path)
    check_danish(english, danish)
    assert numbers(english) == numbers(danish)
    assert "Hvad sker der under »Eksperimenterende«?" in danish


DESIGNS = {
    "saltelli": (Design(kind="saltelli", size=32), FACTORS[:3]),
    "grid": (Design(kind="grid", levels=4), FACTORS[:2]),
    "one_at_a_time": (Design(kind="one_at_a_time", levels=3), FACTORS[:3]),
    "morris": (Design(kind="morris", size=6), FACTORS[:3]),
    "latin_hypercube": (Design(kind="latin_hypercube", size=12), FACTORS[:2]),
}


@pytest.mark.parametrize("kind", DESIGNS)
def test_a_sweep_of_each_design(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velfaerd_sim.analysis.sweep.planning.RESAMPLES", 20)
    monkeypatch.setattr("velfaerd_sim.analysis.sweep.answers.MAIN_OUTCOMES", ("retention_12m",))
    design, factors = DESIGNS[kind]
    folder = folder_of(study(design, factors), tmp_path / kind, monkeypatch)
    english, danish = both(folder)
    check_danish(english, danish)
    assert numbers(english) == numbers(danish)


def test_a_sweep_in_worlds(tmp_path: Path) -> None:
    sweep(small_study(size=4, worlds="prior:4"), tmp_path, workers=1)
    english, danish = both(tmp_path)
    check_danish(english, danish)
    assert numbers(english) == numbers(danish)
    assert "4 parametersæt × 4 verdener × 2 gentagelser" in danish


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_single(adults=200, months=12, out=tmp_path)
    assert cli.main(["report", str(tmp_path), "--language", "da"]) == 0
    assert capsys.readouterr().out == f"The report: {tmp_path / 'report.da.html'}\n"
    assert not (tmp_path / "report.html").exists()
    assert cli.main(["report", str(tmp_path), "--language", "de"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: --language: 'de' is not allowed") or "--language" in error
    assert "one of en, da" in error
    assert error.count("\n") == 1
