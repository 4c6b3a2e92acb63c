"""Figures: in both forms, the same every time, told in words, and no label on another."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Annotation, Text

from reporting.made import FINGERPRINT, THREE, by_hours, made
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.reporting.figures import comparison as figures
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures import time as plots_time
from velfaerd_sim.reporting.figures.comparison import FIGURES
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.wording import REPORT
from velfaerd_sim.telling.words import Words

BASE, DIALOGUE, NONE = THREE
COMPARED = [key for key in FIGURES if key not in ("towns", "worlds")]


@pytest.fixture(scope="module")
def results() -> Results:
    hours = by_hours({4.0: (-0.1, 0.02), 16.0: (0.01, 0.02), 64.0: (0.1, 0.02)})
    return made({("retention_12m", DIALOGUE): (0.1, 0.02)}, hours=hours)


@pytest.fixture(scope="module")
def drawn(results: Results) -> list[figures.Drawn]:
    return figures.draw_all(results)


def test_every_figure_of_a_comparison_is_drawn(drawn: list[figures.Drawn]) -> None:
    assert [each.key for each in drawn] == COMPARED


def test_both_forms_are_written(drawn: list[figures.Drawn], tmp_path: Path) -> None:
    figures.save(drawn, tmp_path / "figures")
    for key in COMPARED:
        svg, png = (tmp_path / "figures" / f"{key}.{form}" for form in ("svg", "png"))
        ET.fromstring(svg.read_text(encoding="utf-8"))
        assert png.read_bytes().startswith(b"\x89PNG")


def test_every_figure_carries_fingerprint_and_number_of_replicates(
    drawn: list[figures.Drawn],
) -> None:
    for each in drawn:
        assert FINGERPRINT[:16] in each.svg
        assert ("8 replicates" if each.key == "turn" else "20 replicates") in each.svg


def test_every_figure_says_what_it_shows(drawn: list[figures.Drawn]) -> None:
    for each in drawn:
        root = ET.fromstring(each.svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == each.alt
        assert len(each.alt) > 40
    (forest,) = (each for each in drawn if each.key == "forest")
    assert "Facilitating dialogue +10.0\u00a0pp (+8.0 to +12.0)" in forest.alt


def test_drawing_twice_gives_the_same_bytes(results: Results, drawn: list[figures.Drawn]) -> None:
    again = figures.draw(results, "forest")
    (first,) = (each for each in drawn if each.key == "forest")
    assert (again.svg, again.png) == (first.svg, first.png)


def test_parts_of_different_figures_have_different_names(drawn: list[figures.Drawn]) -> None:
    names = [name for each in drawn for name in re.findall(r'\bid="([^"]+)"', each.svg)]
    assert len(names) == len(set(names))
    for each in drawn:
        own = set(re.findall(r'\bid="([^"]+)"', each.svg))
        assert set(re.findall(r"url\(#([^)]+)\)", each.svg)) <= own
        assert set(re.findall(r'href="#([^"]+)"', each.svg)) <= own


def test_nothing_is_fetched(drawn: list[figures.Drawn]) -> None:
    for each in drawn:
        addresses = set(re.findall(r"https?://[^\"'\s<>]+", each.svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert "<metadata" not in each.svg


@pytest.mark.parametrize("regimes", [THREE[:2], THREE, tuple(REGIMES)])
def test_labels_of_lines_do_not_touch(regimes: tuple[str, ...]) -> None:
    results = made({}, regimes=regimes)
    with style.styled():
        made_figure = plots_time.trajectories(results, regimes[1:], Words("en", *REPORT))
    renderer = made_figure.canvas.get_renderer()  # type: ignore[attr-defined]
    made_figure.canvas.draw()
    page = made_figure.bbox
    for axes in made_figure.axes:
        labels = [a for a in axes.texts if isinstance(a, Annotation) and a.arrow_patch is not None]
        assert len(labels) == len(regimes)
        boxes = sorted((Text.get_window_extent(a, renderer) for a in labels), key=lambda b: b.y0)
        assert all(low.y1 <= high.y0 + 1.5 for low, high in pairwise(boxes))
        assert all(box.x1 <= page.x1 + 1.0 for box in boxes)


def test_spread_keeps_order_and_distance() -> None:
    placed = style.spread([5.0, 5.0, 5.1, 30.0], 8.0, 0.0, 40.0)
    assert np.all(np.diff(placed) >= 8.0 - 1e-9)
    assert placed[3] == pytest.approx(30.0)
    assert min(placed) >= 0.0
    assert style.spread([1.0, 20.0], 8.0, 0.0, 40.0) == [1.0, 20.0]


def test_spread_stays_inside_where_there_is_room() -> None:
    placed = style.spread([39.0, 39.5, 40.0], 8.0, 0.0, 40.0)
    assert max(placed) <= 40.0
    assert np.all(np.diff(placed) >= 8.0 - 1e-9)


def test_regimes_of_a_study_are_dressed_differently() -> None:
    for regimes in (tuple(REGIMES), ("rigid_rules", "own", "municipal_baton", "hands_off", "two")):
        dresses = [style.dress(regime, regimes) for regime in regimes]
        assert len(set(dresses)) == len(regimes)
        assert style.dress(regimes[0], regimes).colour == "#30343a"


def test_dollar_signs_in_names_are_plain_text() -> None:
    with style.styled():
        made_figure = style.figure(2.0)
        made_figure.text(0.5, 0.5, "a $ and $x^$ b")
        made_figure.canvas.draw()


def test_without_intervals_what_needs_them_is_left_out() -> None:
    results = made({}, replicates=1)
    keys = [key for key, (_, fits) in FIGURES.items() if fits(results)]
    assert "yield" not in keys
    assert "turn" not in keys
    assert "no interval" in figures.draw(results, "time").svg
