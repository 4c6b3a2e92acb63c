"""Claims, calibrations, validations and robustness on the page of studies, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from velfaerd_sim.engine.record import new_record
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments.conditions import Condition

LAPTOP, TABLET = (1280, 800), (820, 1180)
EVIL = "<img src=x onerror=\"document.title='owned'\"> hurts."
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="90"/></svg>'
Open = Callable[..., Any]


def sentences(word: str, verdict: str, conditions: str) -> dict[str, Any]:
    empty = {"best": [], "leanings": "", "arrow": "", "readings": [], "robustness": ""}
    said = {"word": word, "verdict": verdict, "conditions": conditions, "criteria": ["one", "two"]}
    return empty | said


def claim(name: str, word: str, share: float, statement: tuple[str, str]) -> dict[str, Any]:
    """A claim as `velfaerd claims` concludes it."""
    english, danish = statement
    readings = [{"share": share - 0.1, "counts": True}, {"share": share, "counts": True}]
    spoken = {"on_world": "depends on the world", "holds": "holds"}[word]
    danish_word = {"on_world": "kommer an på verdenen", "holds": "holder"}[word]
    return {
        "id": name,
        "source": "S4",
        "statement": {"en": english, "da": danish},
        "overturn": {"en": "A survey.", "da": "En undersøgelse."},
        "word": word,
        "sets": [{"set": "plausible", "readings": readings}],
        "sentences": {
            "en": sentences(spoken, f"It {spoken}.", "It fails where staff have few hours."),
            "da": sentences(danish_word, "Dommen.", "Den svigter, hvor timerne er få."),
        },
    }


def study(folder: Path, kind: str, **more: Any) -> Path:
    """A folder with a record of a kind."""
    folder.mkdir(parents=True)
    scenario = load_scenario("baseline")
    record = new_record(kind, scenario, [scenario.timeline], {}, "")
    counts = {"planned": 4, "done": 4, "failed": 0}
    done = {"counts": counts, "status": "complete", "fingerprint": ""}
    (folder / "study.json").write_text(json.dumps(record | done | more))
    return folder


TARGETS = [
    ("T1.lonely_share", "T1", "fit", "share of adults", 0.078, 0.101, 0.09, True),
    ("T6.hours", "T6", "fit", "hours a month", 15.0, 18.0, 21.5, False),
]


@pytest.fixture(scope="module")
def evidence(results: Path) -> Path:
    """Claims, claims that are under way, a calibration, a validation, a test of robustness."""
    claims = study(results / "evidence" / "claims", "claims")
    found = [
        claim("C20", "on_world", 0.42, ("Rules hurt.", "Regler skader.")),
        claim("C21", "holds", 0.95, (EVIL, EVIL)),
    ]
    (claims / "claims").mkdir()
    (claims / "claims" / "conclusions.json").write_text(json.dumps({"claims": found}))
    (claims / "figures").mkdir()
    (claims / "figures" / "C20.svg").write_text(DRAWING)
    (claims / "figures" / "C20.png").write_bytes(b"png of C20")
    (claims / "report.html").write_text("<p>the report</p>")
    study(results / "evidence" / "waiting", "claims", status="incomplete")
    calibration = study(results / "evidence" / "calibration", "calibration", **calibrated())
    (calibration / "tables").mkdir()
    write_targets(calibration / "tables" / "targets.csv", "target", "posterior_50", "defaults")
    parameter = {"parameter": "contact_effect", "unit": "per month", "low": 0.0, "high": 0.1}
    parameter |= {"standing": "identified", "default": 0.02, "spread": 0.3, "suggested": 0.02}
    parameter |= {"posterior_05": 0.01, "posterior_50": 0.02, "posterior_95": 0.03}
    parameters = calibration / "tables" / "parameters.csv"
    pd.DataFrame([parameter]).to_csv(parameters, index=False)
    validation = study(results / "evidence" / "validation", "validation", **MADE)
    write_targets(validation / "targets.csv", "id", "median", "at_defaults")
    scenario = load_scenario("baseline").to_dict()
    regimes = [load_timeline(name).to_dict() for name in ("municipal_baton", "rigid_rules")]
    conditions = [
        Condition(name, kind, name).to_dict()
        for name, kind in (("defaults", "defaults"), ("half_the_adults", "size"))
    ]
    more = {"scenario": scenario, "regimes": regimes, "design": {"conditions": conditions}}
    robustness = study(results / "evidence" / "robustness", "robustness", **MADE, **more)
    pair = {"outcome": "motivation_mean", "first": "rigid_rules", "second": "municipal_baton"}
    size = {"size": 0.05, "low": 0.03, "high": 0.07}
    conclusion = pair | size | {"survives": 0, "weakens": 0, "turns": 1}
    pd.DataFrame([conclusion]).to_csv(robustness / "conclusions.csv", index=False)
    named = {"condition": "half_the_adults"}
    judged = pair | size | named | {"share_of_default": -1.0, "verdict": "turns"}
    pd.DataFrame([judged]).to_csv(robustness / "verdicts.csv", index=False)
    condition = named | {"kind": "size", "label": "half the adults", "survives": 0, "weakens": 0}
    condition |= {"turns": 1, "share_surviving": 0.0}
    pd.DataFrame([condition]).to_csv(robustness / "conditions.csv", index=False)
    rank = named | {"kind": "size", "outcome": "motivation_mean", "tau": -1.0}
    rank |= {"first_place": "municipal_baton"}
    pd.DataFrame([rank]).to_csv(robustness / "ranking.csv", index=False)
    return results


MADE = {"command": "velfaerd"}


def calibrated() -> dict[str, Any]:
    """What the record of a calibration holds."""
    numbers = {"members": 366, "effective": 352.7, "unreachable": [], "failed": [0]}
    wanted = {"name": "all", "targets": [1, 2], "free": ["contact_effect"], "members": 366}
    wanted |= {"rounds": 3, "round_members": 3000, "adults": 5000, "seed": 1}
    return MADE | {"result": numbers, "calibration": wanted}


def write_targets(path: Path, name: str, median: str, defaults: str) -> None:
    low, high = ("posterior_05", "posterior_95") if name == "target" else ("from_", "to")
    rows = []
    for id, group, role, unit, least, most, value, inside in TARGETS:
        row = {name: id, "group": group, "role": role, "unit": unit, "inside": inside}
        row |= {"low": least, "high": most, median: value, defaults: value}
        row |= {low: 0.9 * value, high: 1.1 * value, "label": id, "label_en": id, "label_da": id}
        row |= {"distance": 3.0, "prior_05": least, "prior_95": most, "suggested": value}
        row |= {"share_inside": 0.5, "outside_by": 0.0 if inside else 2.0}
        rows.append(row)
    pd.DataFrame(rows).to_csv(path, index=False)


def fits(page: Any) -> bool:
    """Whether the page needs no scrolling to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
def test_a_claim_is_opened_from_the_list_and_its_link_shows_the_same(
    open_page: Open, evidence: Path, keep_picture: Any, size: tuple[int, int]
) -> None:
    page = open_page("/studies?lang=en", size=size)
    page.locator("[data-id='evidence/claims'] button").click()
    row = page.locator("[data-id='C20']")
    row.wait_for()
    text = row.inner_text()
    assert "depends on the world" in text
    assert "32% … 42%" in text
    assert fits(page)
    keep_picture(page, f"claims_{size[0]}")
    row.get_by_role("button").click()
    page.get_by_role("heading", name="C20. Rules hurt.").wait_for()
    page.get_by_text("It fails where staff have few hours.").wait_for()
    page.get_by_text("It depends on the world.").wait_for()
    assert page.locator("img[alt*='C20']").evaluate("each => each.naturalWidth > 0")
    page.wait_for_function("location.href.includes('claim=C20')")
    assert fits(page)
    keep_picture(page, f"claim_{size[0]}")
    again = open_page(page.url.removeprefix(page.evaluate("location.origin")), size=size)
    again.get_by_role("heading", name="C20. Rules hurt.").wait_for()


def test_claims_speak_both_languages_and_go_back_by_keyboard(
    open_page: Open, evidence: Path
) -> None:
    page = open_page("/studies?study=evidence/claims&claim=C20&lang=en")
    page.get_by_role("heading", name="Where it turns").wait_for()
    page.get_by_role("button", name="Dansk").click()
    page.get_by_role("heading", name="Hvor det vender").wait_for()
    page.get_by_text("Den svigter, hvor timerne er få.").wait_for()
    page.get_by_role("button", name="Alle påstande").focus()
    page.keyboard.press("Enter")
    page.locator("[data-id='C20']").wait_for()
    assert "kommer an på verdenen" in page.locator("[data-id='C20']").inner_text()
    page.get_by_placeholder("Find en påstand, kilde eller dom").fill("fremtidens holder")
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 1")


def test_the_text_of_a_claim_is_never_markup(open_page: Open, evidence: Path) -> None:
    page = open_page("/studies?study=evidence/claims&claim=C21&lang=en")
    page.get_by_role("heading", name=f"C21. {EVIL}").wait_for()
    assert page.locator("img").count() == 0
    assert "owned" not in page.title()


def test_what_a_study_of_claims_has_is_taken_along(
    open_page: Open, evidence: Path, tmp_path: Path
) -> None:
    page = open_page("/studies?study=evidence/claims&claim=C20&lang=en")
    page.get_by_role("heading", name="C20. Rules hurt.").wait_for()

    def take(item: str) -> tuple[str, bytes]:
        page.get_by_role("button", name="Download and share").click()
        with page.expect_download() as found:
            page.get_by_role("button", name=item).click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        return path.name, path.read_bytes()

    assert take("Figure (SVG)") == ("claims_C20.svg", DRAWING.encode())
    assert take("Figure (PNG)") == ("claims_C20.png", b"png of C20")
    assert take("Report (HTML)") == ("claims_report.html", b"<p>the report</p>")
    assert json.loads(take("Record (JSON)")[1])["kind"] == "claims"


def test_claims_under_way_say_what_will_come(open_page: Open, evidence: Path) -> None:
    page = open_page("/studies?study=evidence/waiting&lang=da")
    page.get_by_text("Dommene vises her, når kommandoen er færdig.").wait_for()


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
def test_a_calibration_is_opened_from_the_list(
    open_page: Open, evidence: Path, keep_picture: Any, size: tuple[int, int], tmp_path: Path
) -> None:
    page = open_page("/studies?lang=en", size=size)
    page.locator("[data-id='evidence/calibration'] button").click()
    page.get_by_role("heading", name="Fit to the published figures").wait_for()
    assert "366" in page.locator(".vf-figure").first.inner_text()
    missed = page.get_by_role("region", name="What does not fit").locator("tbody tr")
    assert [missed.nth(k).get_attribute("data-id") for k in range(1)] == ["T6.hours"]
    assert page.locator(".vf-chart").count() == 1
    assert fits(page)
    page.get_by_role("button", name="Dansk").click()
    page.get_by_role("heading", name="Hvad tallene siger om parametrene").wait_for()
    folded = page.get_by_role("heading", name="Tilpassede tal, der ligger inden for (1)")
    page.locator(".vf-heading", has=folded).get_by_role("button").click()
    inside = page.get_by_role("region", name="Tilpassede tal, der ligger inden for")
    assert "7,8\u00a0% til 10,1\u00a0%" in inside.inner_text()
    keep_picture(page, f"calibration_{size[0]}")
    page.get_by_role("button", name="Hent og del").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="Tabel (CSV)").click()
    found.value.save_as(tmp_path / "taken.csv")
    assert len(pd.read_csv(tmp_path / "taken.csv")) > 0


@pytest.mark.parametrize(
    ("name", "heading", "text"),
    [
        ("validation", "De offentliggjorte tal", "Ensomme voksne"),
        ("robustness", "Konklusionerne", "motiverer de frivillige mere end"),
    ],
)
def test_validation_and_robustness_show_what_does_not_hold(
    open_page: Open, evidence: Path, keep_picture: Any, name: str, heading: str, text: str
) -> None:
    page = open_page(f"/studies?study=evidence/{name}&lang=da", size=TABLET)
    page.get_by_role("heading", name=heading, exact=True).wait_for()
    assert text in page.get_by_role("region", name=heading).inner_text()
    assert fits(page)
    keep_picture(page, name)
