"""Checks of the model in the page of studies: what their reports say; what is odd is refused."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from markupsafe import Markup

from reporting.pages.test_checks import robustness, validation
from velfaerd_sim.dashboard.parts.rows import rows_option
from velfaerd_sim.dashboard.studies.blocks import TextRuns, drawn, plain, read, sheet_row
from velfaerd_sim.dashboard.studies.checks import REPORTS, ShownReport
from velfaerd_sim.dashboard.studies.claims import claim_row
from velfaerd_sim.dashboard.studies.claims_view import ClaimText
from velfaerd_sim.errors import StorageError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.targets import TARGETS
from velfaerd_sim.instruments.conditions import arrows
from velfaerd_sim.reporting.figures.targets import REACH, distances, validated_rows
from velfaerd_sim.reporting.pages import robustness as robustness_page
from velfaerd_sim.reporting.pages import validation as validation_page
from velfaerd_sim.reporting.pages.blocks import Cell, Change, row
from velfaerd_sim.reporting.pages.writing import html
from velfaerd_sim.studies.robustness.plan import load_robustness
from velfaerd_sim.studies.validate.validating import load_validation
from velfaerd_sim.telling.words import Words

DANISH, ENGLISH = Words("da", "studies", "evidence"), Words("en", "studies", "evidence")
FOLDER = {"validation": validation, "robustness": robustness}


@pytest.fixture(scope="module", params=FOLDER)
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study whose report was written by its command."""
    (folder,) = FOLDER[request.param](tmp_path_factory.mktemp("study") / "out")
    if request.param == "validation":
        validation_page.write_validation(load_validation(folder), folder)
    else:
        robustness_page.write_robustness(load_robustness(folder), folder)
    return folder


def shown(folder: Path, language: str) -> ShownReport | None:
    record = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    return REPORTS[record["kind"]](folder, record, language)


def read_of(page: str) -> str:
    """A page without digits, of which files hold six that count."""
    return re.sub(r"\d", "", page)


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_page_of_studies_shows_what_the_report_says(study: Path, language: str) -> None:
    found = shown(study, language)
    assert found is not None
    if "validation" in found.page.eyebrow.lower() or "validering" in found.page.eyebrow.lower():
        done = load_validation(study)
        page = validation_page.page(done.study, validation_page.tables_of(done), language)
    else:
        stood = load_robustness(study)
        page = robustness_page.page(stood.study, robustness_page.tables_of(stood), language)
    assert read_of(html(found.page, [])) == read_of(html(page, []))


def test_a_study_without_tables_has_nothing_to_show(study: Path, tmp_path: Path) -> None:
    shutil.copy(study / "study.json", tmp_path)
    assert shown(tmp_path, "en") is None


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "\udcff\udcfe\0"])
def test_other_tables_are_refused(study: Path, tmp_path: Path, content: str) -> None:
    shutil.copytree(study, tmp_path / "odd")
    for name in ("targets.csv", "conclusions.csv"):
        if (tmp_path / "odd" / name).is_file():
            raw = content.encode("utf-8", "surrogateescape")
            (tmp_path / "odd" / name).write_bytes(raw)
    with pytest.raises(StorageError, match=r"targets\.csv|conclusions\.csv"):
        shown(tmp_path / "odd", "en")


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("record", [{}, {"result": [1], "coverage": [3]}, {"status": "complete"}])
def test_other_records_break_nothing(kind: str, record: dict[str, object], tmp_path: Path) -> None:
    whole = {"status": "complete", "result": {}, "coverage": "all"} | record
    for each in (record, whole):
        found, problem = read(lambda each=each: REPORTS[kind](tmp_path, each, "da"), "da")  # type: ignore[misc]
        assert found is None
        assert problem == "" or "studiets filer" in problem or "mangler" in problem


def test_a_published_interval_is_the_band_and_far_ends_are_cut(study: Path) -> None:
    if not (study / "targets.csv").is_file():
        pytest.skip("no figures")
    target = TARGETS[0]
    ends = distances(target.id, target.low, target.high, [target.low, target.high])
    assert ends == pytest.approx([-1.96, 1.96], abs=0.001)
    done = load_validation(study)
    rows = validated_rows(validation_page.tables_of(done).targets, ENGLISH)
    option = rows_option(rows, ENGLISH)
    areas = [each["markArea"]["data"] for each in option["series"] if "markArea" in each]
    assert areas == [
        [[{"xAxis": pytest.approx(-1.96, 0.01)}, {"xAxis": pytest.approx(1.96, 0.01)}]]
    ]
    lines = [each["data"] for each in option["series"] if each["type"] == "line"]
    assert max(abs(end[1]) for line in lines for end in line) <= REACH


def test_a_row_is_one_line_a_cell_and_found_by_its_names() -> None:
    change = Change("+1.0", "better", "▲", "clearly better")
    cells = (Cell("Hours", name="hours_asked"), Cell("45", "44–46", change=change, key=45.0), "x")
    found = sheet_row(row(*cells, id="T6", look="bad"), 0)
    assert found.cells == ["Hours", "45 ▲ +1.0 (44–46)", "x"]
    assert found.keys == {1: 45.0}
    assert found.also == "T6 hours_asked"
    assert list(found.grounds) == [0]


def test_markup_becomes_text_of_which_only_emphasis_is_kept() -> None:
    text = Markup("<b>{}</b> & {}").format("<img src=x>", "more")
    assert plain(text) == "<img src=x> & more"
    assert TextRuns(str(text)).found[0] == ("<img src=x>", "b")


def test_a_drawing_is_an_image_and_nothing_else(tmp_path: Path) -> None:
    assert drawn(tmp_path, "targets", "da") == ""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "targets.svg").write_text("<svg/>", encoding="utf-8")
    assert drawn(tmp_path, "targets", "da").startswith("data:image/svg+xml;base64,")


def test_every_condition_has_a_name_in_danish() -> None:
    for condition in ("no_contagion", "half_the_adults", "near_ties_only", "many_ties"):
        assert "_" not in DANISH.name("condition", condition)
    for group, parameters in arrows().items():
        assert DANISH.name("group", group)
        for parameter in parameters:
            assert DANISH.name("parameter", parameter) != parameter


def test_every_unit_of_a_parameter_or_figure_has_a_danish_name() -> None:
    units = {one.unit for one in (*PARAMETERS, *TARGETS)}
    same = {"0-1", "odds ratio", "log odds"}
    kept = {unit for unit in units - same if DANISH.unit(unit) == unit}
    assert kept == set()
    assert ENGLISH.unit("hours per month") == "hours per month"


def test_a_claim_shows_the_least_and_the_largest_share_of_its_readings() -> None:
    def told(*shares: float) -> str:
        each = ClaimText("C16", "Said.", ("S3",), "on_reading", "depends", shares, "", {})
        return str(claim_row(each, ENGLISH).cells[4])

    assert told(0.42, 0.96) == "42% … 96%"
    assert told(0.96, 0.96) == "96%"
    assert told() == ""
