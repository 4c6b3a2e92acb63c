"""The report as a file: whole, self-contained, escaped, from every kind of study."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from studies.small import three_towns
from velfaerd_sim.errors import InputError, StorageError
from velfaerd_sim.inputs.regimes import REGIMES, Regime
from velfaerd_sim.reporting.figures.comparison import FIGURES
from velfaerd_sim.reporting.files import write_whole
from velfaerd_sim.reporting.pages.report import write_figures, write_report
from velfaerd_sim.studies.compare.comparison import compare, load_comparison
from velfaerd_sim.studies.run.single import run_single

OWN = Regime(
    **(
        REGIMES["facilitative_dialogue"].to_dict()
        | {"name": "own", "label_en": "Ours <i>& yours</i>", "summary_en": "<script>x</script>"}
    )
)
REGIMES_RUN = ("municipal_baton", "rigid_rules", OWN)


VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """Collects what a browser would fetch, headings, and whether tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.open: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key in ("src", "data", "action", "poster", "srcset"):
            if values.get(key):
                self.fetched.append(str(values[key]))
        if tag == "a":
            self.targets.append(str(values.get("href")))
        elif values.get("href") and not str(values["href"]).startswith("#"):
            self.fetched.append(str(values["href"]))
        if values.get("id"):
            self.ids.append(str(values["id"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "study"
    compare(
        REGIMES_RUN,
        adults=400,
        months=18,
        replicates=4,
        out=folder,
        hours=[4, 60],
        hours_replicates=2,
        command="velfaerd compare municipal_baton rigid_rules own.toml",
    )
    return folder


@pytest.fixture(scope="module")
def text(study: Path) -> str:
    path = write_report(study)
    assert path == study / "report.html"
    return path.read_text(encoding="utf-8")


def test_the_report_is_sound_and_needs_nothing_else(text: str) -> None:
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert len(page.ids) == len(set(page.ids))
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)
    assert "script" not in page.tags
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    addresses = set(re.findall(r"https?://[^\"'\s<>]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_report_names_regimes_fingerprint_and_command(study: Path, text: str) -> None:
    found = load_comparison(study)
    assert found.fingerprint in text
    assert found.study["package"]["source_digest"] in text
    assert "velfaerd compare municipal_baton rigid_rules own.toml" in text
    for label in ("The municipality conducts (status quo)", "Rigid rules"):
        assert label in text
    assert "Ours &lt;i&gt;&amp; yours&lt;/i&gt;" in text
    assert "<i>& yours" not in text
    assert "<script>x" not in text


def test_the_report_has_its_sections_and_tables(text: str) -> None:
    wanted = "question answer table regimes time differences people cost turn assumptions limits"
    assert set(wanted.split()) | {"again"} <= set(Page(text).ids)
    assert text.count("<caption>") >= 3
    assert text.count('scope="row"') > 100
    assert "hours_per_1000" in text
    assert "No regime has a measured effect in Denmark." in text


def test_many_differences_say_what_they_say_together(text: str) -> None:
    for part in ("table", "differences"):
        pattern = rf'<section aria-labelledby="{part}".*?</section>'
        (section,) = re.findall(pattern, text, re.DOTALL)
        assert "Each interval holds by itself" in section


def test_every_figure_is_in_the_report_with_its_description(study: Path, text: str) -> None:
    keys = [key for key in FIGURES if key not in ("towns", "worlds")]
    assert text.count('role="img" aria-label="') == len(keys)
    numbers = re.findall(r"<b>Figure (\d+)\.</b>", text)
    assert numbers == [str(number) for number in range(1, len(keys) + 1)]
    for key in keys:
        assert f'id="figure-{key}"' in text
        assert (study / "figures" / f"{key}.svg").is_file()
        assert (study / "figures" / f"{key}.png").is_file()


def test_writing_again_gives_the_same(study: Path, text: str) -> None:
    assert write_report(study).read_text(encoding="utf-8") == text


def test_a_report_only_reads(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    compare(("municipal_baton", "hands_off"), adults=200, months=12, replicates=2, out=folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    text = write_report(folder).read_text(encoding="utf-8")
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert "was not run over a range of staff hours" in text
    assert "--hours default adds that" in text


def test_one_replicate_says_that_it_carries_no_uncertainty(tmp_path: Path) -> None:
    regimes = ("municipal_baton", "hands_off")
    compare(regimes, adults=200, months=12, replicates=1, out=tmp_path, hours=[4, 60])
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert "One replicate carries no uncertainty" in text
    assert "clearly better</span>" not in text


def test_a_single_run(tmp_path: Path) -> None:
    run_single("crisis", regime="experimenting", adults=300, months=24, out=tmp_path)
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert "What happens under Experimenting?" in text
    assert "One replicate carries no uncertainty" in text
    assert "Events from outside" in text
    assert "lockdown" in text
    assert [path.name for path in sorted((tmp_path / "figures").iterdir())] == [
        *("time.png", "time.svg")
    ]
    assert Page(text).open == []
    before = [path.read_bytes() for path in sorted((tmp_path / "figures").iterdir())]
    assert [path.read_bytes() for path in write_figures(tmp_path)] == before[::-1]


def test_several_municipalities(tmp_path: Path) -> None:
    run_single(three_towns(), out=tmp_path / "run")
    text = write_report(tmp_path / "run").read_text(encoding="utf-8")
    assert "in 3 municipalities" in text
    assert "middle 80% of municipalities" in text
    assert 'id="figure-towns"' in text
    regimes = ("municipal_baton", "rigid_rules")
    compare(regimes, three_towns(), replicates=2, out=tmp_path / "both", hours=[4, 60])
    text = write_report(tmp_path / "both").read_text(encoding="utf-8")
    assert "one dot a municipality" in text


def test_a_world_so_small_that_nobody_volunteers(tmp_path: Path) -> None:
    compare(
        *[("municipal_baton", "experimenting"), "baseline"],
        adults=60,
        months=3,
        replicates=2,
        out=tmp_path,
        hours=[4, 60],
    )
    assert Page(write_report(tmp_path).read_text(encoding="utf-8")).open == []


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_report(tmp_path)
    with pytest.raises(InputError):
        write_report(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_where_the_disk_fails_nothing_half_written_is_left(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot write"):
        write_whole(tmp_path / "figures" / "time.svg", b"x")
    (tmp_path / "report.html").mkdir()
    with pytest.raises(StorageError):
        write_whole(tmp_path / "report.html", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures", "report.html"]
