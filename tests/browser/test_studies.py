"""The page of studies in a real browser: open, analyse, watch one run, broken names, both sizes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.sweep.study_files import load_study_file
from velfaerd_sim.studies.sweep.sweeping import sweep

LAPTOP, TABLET = (1280, 800), (820, 1180)
EVIL = "<img src=x onerror=\"document.title='owned'\"> & </script><b>bold</b>"
Open = Callable[..., Any]
GRID = """
title_en = {title}
title_da = "Et gitter"
regimes = ["rigid_rules", "facilitative_dialogue"]
months = 6
adults = 400
replicates = 2
outcomes = ["motivation_mean", "lonely_share"]
[factors]
hours_per_1000 = {{low = 2, high = 60}}
espoused_gap = {{low = 0, high = 0.9}}
[design]
kind = "grid"
levels = 3
"""


@pytest.fixture(scope="module")
def studies(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison, a sweep with an evil title, one that goes on, a broken one, a link outside."""
    home = tmp_path_factory.mktemp("studies")
    scenario = load_scenario("baseline").with_(adults=300, months=6, burn_in_months=6)
    names = ["municipal_baton", "rigid_rules", "facilitative_dialogue"]
    compare(names, scenario, replicates=3, out=results / "first", workers=1)
    (home / "grid.toml").write_text(GRID.format(title=json.dumps(EVIL)))
    study = load_study_file(home / "grid.toml")
    sweep(study, results / "group" / "grid", workers=1)
    going = json.loads((results / "group" / "grid" / "study.json").read_text())
    going |= {"status": "incomplete", "counts": {"planned": 36, "done": 9, "failed": 0}}
    (results / "going").mkdir()
    (results / "going" / "study.json").write_text(json.dumps(going))
    (results / "broken").mkdir()
    (results / "broken" / "study.json").write_text('{"format": 1, "kind": ')
    compare(names[:2], scenario, replicates=2, out=home / "outside", workers=1)
    (results / "escape").symlink_to(home / "outside")
    return results


def opened(page: Any) -> Any:
    page.get_by_role("button", name="All studies").wait_for()
    return page


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
def test_studies_are_listed(
    open_page: Open, studies: Path, keep_picture: Any, size: tuple[int, int]
) -> None:
    page = open_page("/studies?lang=en", size=size)
    page.locator("[data-id='first']").wait_for()
    text = page.locator("table").inner_text()
    assert EVIL in text
    assert "cannot be read" in text
    assert "25% done" in text
    assert page.locator("[data-id='escape']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert "owned" not in page.title()
    keep_picture(page, f"studies_{size[0]}")


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
def test_a_comparison_is_opened(
    open_page: Open, studies: Path, keep_picture: Any, size: tuple[int, int]
) -> None:
    page = open_page("/studies?lang=en", size=size)
    page.locator("[data-id='first'] button").click()
    opened(page).get_by_role("heading", name="Difference from Status quo").wait_for()
    page.wait_for_function("location.href.includes('study=first')")
    assert page.locator(".vf-chart").count() == 2
    page.get_by_label("Outcome", exact=True).select_option("motivation_mean")
    page.wait_for_function("location.href.includes('outcome=motivation_mean')")
    page.get_by_placeholder("Find an outcome or regime").fill("lonely adults rigid")
    assert "Rigid rules" in page.locator("table").first.inner_text()
    page.get_by_label("Table", exact=True).select_option("effects.parquet")
    page.get_by_role("region", name="effects.parquet").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep_picture(page, f"comparison_{size[0]}")
    page.get_by_role("button", name="All studies").click()
    page.locator("[data-id='first']").wait_for()


def test_a_sweep_is_analysed_and_told_in_two_languages(
    open_page: Open, studies: Path, keep_picture: Any
) -> None:
    page = opened(open_page("/studies?study=group/grid&outcome=motivation_mean&lang=en"))
    page.get_by_role("heading", name="What it says").wait_for()
    told = page.locator(".vf-told-one").first.inner_text()
    assert "Facilitating dialogue" in told
    assert "motivation_mean" not in told
    assert page.locator(".vf-turn-map rect").count() >= 9
    page.locator(".vf-turn-map rect").first.hover()
    assert "Staff hours" in page.locator(".vf-turn-read").inner_text()
    assert page.get_by_role("heading", name=EVIL).is_visible()
    assert "owned" not in page.title()
    page.get_by_role("button", name="Dansk").click()
    page.get_by_role("heading", name="Det siger det").wait_for()
    assert "Stive regler" in page.locator(".vf-told-one").first.inner_text()
    keep_picture(page, "sweep")


def test_a_map_is_read_by_keyboard(open_page: Open, studies: Path) -> None:
    page = opened(open_page("/studies?study=group/grid&outcome=motivation_mean&lang=en"))
    page.locator(".vf-turn-map").focus()
    page.keyboard.press("ArrowRight")
    read = page.locator(".vf-turn-read")
    page.wait_for_function("document.querySelector('.vf-turn-read').innerText.includes('hours')")
    first = read.inner_text()
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "t => document.querySelector('.vf-turn-read').innerText !== t", arg=first
    )


def test_a_study_that_goes_on_shows_how_far_it_is(open_page: Open, studies: Path) -> None:
    page = opened(open_page("/studies?study=going&lang=en"))
    page.get_by_text("9 of 36 runs are there").wait_for()
    record = json.loads((studies / "going" / "study.json").read_text())
    record["counts"]["done"] = 18
    (studies / "going" / "study.json").write_text(json.dumps(record))
    page.get_by_text("18 of 36 runs are there").wait_for()
    record["counts"]["done"] = 9
    (studies / "going" / "study.json").write_text(json.dumps(record))


@pytest.mark.parametrize(
    "name",
    [
        *("..", "../outside", "/etc", "first/../first", "escape", "nowhere", "broken", "first\\.."),
        *(".", "first/study.json", "first\0", "x" * 300, "<script>alert(1)</script>"),
    ],
    ids=range(13),
)
def test_a_broken_name_opens_nothing(open_page: Open, studies: Path, name: str) -> None:
    page = opened(open_page(f"/studies?study={quote(name)}&lang=en"))
    page.get_by_role("heading", name="This study cannot be opened").wait_for()
    assert page.locator(".vf-chart").count() == 0
    page.get_by_role("button", name="All studies").click()
    page.locator("[data-id='first']").wait_for()


def test_a_record_and_a_table_are_taken_along(
    open_page: Open, studies: Path, tmp_path: Path
) -> None:
    page = opened(open_page("/studies?study=first&table=effects.parquet&lang=en"))

    def take(item: str) -> str:
        page.get_by_role("button", name="Download and share").click()
        with page.expect_download() as found:
            page.get_by_role("button", name=item).click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        return path.read_text(encoding="utf-8")

    assert json.loads(take("Record (JSON)"))["kind"] == "compare"
    assert take("Table (CSV)").startswith('"outcome","regime"')
    assert tomllib.loads(take("Scenario (TOML)"))["town"][0]["adults"] == 300


def test_by_keyboard_only(open_page: Open, studies: Path) -> None:
    page = open_page("/studies?lang=en")
    page.locator("[data-id='first']").wait_for()
    page.locator("[data-id='first'] button").focus()
    page.keyboard.press("Enter")
    opened(page)
    page.get_by_role("button", name="All studies").focus()
    page.keyboard.press("Enter")
    page.locator("[data-id='first']").wait_for()
