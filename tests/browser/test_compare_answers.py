"""Compare in a real browser: what is lost, seen and kept; the ranking, posts and kroner."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.comparing import SMALL, Open, at, menu, move, sentence, settled
from velfaerd_sim.inputs.parameters import BY_NAME


def test_after_a_lost_connection_controls_show_what_was_run(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    before = page.locator("#vf-b-dialogue").input_value()
    page.evaluate("WebSocket.prototype.send = () => {}")  # what is sent is lost
    move(page, "vf-b-dialogue", 0.1)
    assert page.locator("#vf-b-dialogue").input_value() == "0.1"
    page.locator("#vf-type").select_option("rural")
    page.locator("#vf-worlds").uncheck(force=True)
    page.wait_for_function(
        "value => document.querySelector('#vf-b-dialogue').value === value", arg=before
    )
    assert page.locator("#vf-type").input_value() == "provincial_city"
    assert page.locator("#vf-worlds").is_checked()


@pytest.mark.parametrize("language", ["da", "en"])
def test_waiting_is_told_in_the_language_of_the_page(open_page: Open, language: str) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang={language}"))
    page.evaluate("() => app.$data.connectionStatus = 'connecting'")
    place = page.locator(".v-overlay .v-progress-circular__info")
    place.wait_for(state="attached")
    look = "el => { const s = getComputedStyle(el, '::after'); return [s.content, s.visibility] }"
    said = {"da": "Forbindelsen er afbrudt. Prøver igen …", "en": "The connection is lost."}
    assert said[language] in place.evaluate(look)[0]
    assert place.evaluate(look)[1] == "visible"
    assert place.evaluate("el => getComputedStyle(el).visibility") == "hidden"


def test_settings_of_a_link_are_seen_and_can_be_taken_away(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&set=contagion_strength:0&seed=7&lang=en"))
    chips = page.locator(".vf-chip-set")
    assert chips.count() == 3  # the months before month 0, the seed, contagion
    page.get_by_role("button", name="Remove: Other people and chance events, seed: 7").click()
    page.wait_for_function("!location.href.includes('seed')")
    settled(page)
    assert chips.count() == 2


def test_a_regime_from_a_file_keeps_its_name(open_page: Open, tmp_path: Path) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    path = tmp_path / "ours.toml"
    path.write_text(
        'adults = 300\nmonths = 24\nburn_in_months = 24\n[regime]\nname = "ours"\n'
        'label_en = "Our agreement"\nlabel_da = "Vores aftale"\nrigidity = 0.2\n'
        "role_clarity = 0.7\ndialogue = 0.6\ninfluence = 0.5\nrecognition = 0.5\n"
        "boundary_protection = 0.5\nopenness = 0.5\ntraining = 0.3\n"
    )
    menu(page)
    page.locator(".vf-menu-file", has_text="as B").locator("input").set_input_files(path)
    at(page, "Our")
    settled(page)
    assert "“Our agreement” (B" in sentence(page)
    assert page.locator(".vf-side-b .vf-pick-name").inner_text() == "Our agreement"
    other = settled(open_page("/" + page.url.split("/", 3)[3].replace("lang=en", "lang=da")))
    assert other.locator(".vf-side-b .vf-pick-name").inner_text() == "Vores aftale"


def test_all_regimes_are_ranked_and_a_click_sets_two_side_by_side(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&a=rigid_rules,dialogue:0.9&lang=en"))
    page.get_by_role("button", name="Rank all ten").click()
    page.wait_for_selector('.vf-ranked[data-ready="true"]')
    at(page, "rank=lonely_share")
    rows = page.locator(".vf-ranked-table tbody tr")
    assert rows.count() == 11  # the ten, and A as it was moved
    assert "A: Rigid rules, adjusted" in page.locator(".vf-ranked-a").inner_text()
    assert page.locator(".vf-ranked-said").inner_text().startswith("In the model")
    page.locator("#vf-rank-by").select_option("motivation_mean")
    at(page, "rank=motivation_mean")
    page.locator(".vf-ranked").get_by_role("button", name="Hands off", exact=True).click()
    at(page, "b=hands_off")
    page.get_by_role("button", name="Clear agreements as A").click()
    at(page, "a=clear_agreements")
    settled(page)
    assert "“Hands off” (B" in sentence(page)
    assert "“Clear agreements” (A" in sentence(page)
    page.wait_for_function("document.querySelectorAll('.vf-ranked-table tbody tr').length === 10")


def test_hours_are_told_in_posts_and_kroner(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&b=hands_off&lang=da"))
    assert "fuldtidsstillinger pr. 10.000 voksne" in page.locator(".vf-hours-said").inner_text()
    assert "Kroner" not in page.locator(".vf-numbers").inner_text()
    page.locator("#vf-price").fill("412,50")
    page.locator("#vf-price").press("Tab")
    at(page, "price=412.5")
    assert "Kroner/md." in page.locator(".vf-numbers").inner_text()
    page.locator("#vf-price").fill("dyrt")
    page.locator("#vf-price").press("Tab")
    assert "dyrt" in page.get_by_role("alert").inner_text()


def test_the_range_in_which_nothing_changes_is_marked(open_page: Open) -> None:
    asked = [f"{kind}_hours_asked" for kind in ("contact", "rules", "agreement", "dialogue")]
    little = ",".join(f"{name}:{BY_NAME[name].low}" for name in asked)
    town = "adults=1000&months=6&burn_in_months=3"
    page = settled(open_page(f"/compare?{town}&set={little}&b=hands_off&worlds=0&lang=en"))
    page.locator("#vf-enough").click()
    page.wait_for_selector(".vf-hours-enough")
    assert "more hours change nothing" in page.locator(".vf-hours-said").inner_text()
    assert page.locator(".vf-hours-scale i").count() == 1
