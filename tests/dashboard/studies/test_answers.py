"""What a sweep says in two languages, and how it is drawn: planted answers are told as planted."""

import math

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup
from matplotlib.colors import to_hex

from velfaerd_sim.analysis.sweep.maps import Map
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.parts.rows import rows_option
from velfaerd_sim.dashboard.studies import answers as study_answers
from velfaerd_sim.dashboard.studies import charts as study_charts
from velfaerd_sim.dashboard.studies.answers import SweepWords, analysed
from velfaerd_sim.dashboard.studies.charts import picture_of
from velfaerd_sim.dashboard.studies.results import courses, effects, regime_label, series
from velfaerd_sim.dashboard.studies.sweep import columns_of
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.errors import InputError, StorageError
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures import sweep as plots_sweep
from velfaerd_sim.reporting.figures.drawing import rows_panel
from velfaerd_sim.reporting.figures.specifications import Axis, Mark, Rows, Scale, Sign, sign_of
from velfaerd_sim.reporting.figures.sweep import SIZES
from velfaerd_sim.reporting.pages import sweep as sweep_page
from velfaerd_sim.reporting.pages.writing import html
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.sweep.study_files import load_study_file
from velfaerd_sim.studies.sweep.sweeping import sweep
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.words import Words

GRID = """
regimes = ["rigid_rules", "facilitative_dialogue"]
months = 6
adults = 400
replicates = 2
outcomes = ["motivation_mean", "lonely_share"]
[factors]
hours_per_1000 = {low = 2, high = 60, distribution = "log_uniform"}
espoused_gap = {low = 0, high = 0.9}
[design]
kind = "grid"
levels = 3
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small sweep over a grid."""
    home = tmp_path_factory.mktemp("sweep")
    (home / "grid.toml").write_text(GRID)
    sweep(load_study_file(home / "grid.toml"), home / "out", workers=1)
    return home / "out"


@pytest.fixture(scope="module")
def answers(folder):
    return analysed(folder, "motivation_mean", lambda: False, lambda share: None)


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_grid_is_told_as_in_the_report_with_labels_and_no_names(answers, language):
    told = SweepWords(answers, Words(language, "studies")).short()
    assert told
    text = Markup(" ").join(told).striptags()
    for name in ("motivation_mean", "facilitative_dialogue", "rigid_rules", "espoused_gap", "{"):
        assert name not in text
    assert ("Stive regler" if language == "da" else "Rigid rules") in text
    page = html(sweep_page.page(answers, Labels.of(answers, language), "velfaerd"), [])
    assert all(one in page for one in told)


def test_facts_of_analyses_are_told_with_labels_and_no_names(answers):
    tell = SweepWords(answers, Words("da", "studies")).labels.teller()
    for one in answers.answers:
        text = tell.sentence(*one.finding.facts)
        assert "espoused_gap" not in text
        assert "motivation_mean" not in text


def test_the_runs_themselves_are_not_kept(answers):
    assert len(answers.frame) == 0


def test_an_analysis_is_cancelled(folder):
    with pytest.raises(CalledOffError):
        analysed(folder, "motivation_mean", lambda: True, lambda share: None)


def test_progress_goes_from_nothing_towards_all(folder):
    shares = []
    analysed(folder, "", lambda: False, shares.append)
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert 0.5 < shares[-1] <= 1.0


def test_an_unknown_outcome_is_refused(folder):
    with pytest.raises(InputError):
        analysed(folder, "<script>", lambda: False, lambda share: None)


def test_a_sweep_that_is_too_large_is_left_to_the_command_line(folder, monkeypatch):
    monkeypatch.setattr(study_answers, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="velfaerd analyse"):
        analysed(folder, "", lambda: False, lambda share: None)


def test_numbers_have_three_digits_that_count_in_the_language(answers):
    danish = SweepWords(answers, Words("da", "studies"))
    assert danish.number(0.012345) == "0,0123"
    assert danish.number(1234.5) == "1.234"
    assert danish.number(-0.5, signed=True) == "−0,500"
    assert danish.number(math.nan) == "–"


@pytest.mark.parametrize(
    ("low", "high", "direction", "sign"),
    [
        (0.1, 0.2, 1, Sign.BETTER),
        (0.1, 0.2, -1, Sign.WORSE),
        (-0.2, -0.1, -1, Sign.BETTER),
        (-0.2, 0.1, 1, Sign.UNCLEAR),
        (0.1, 0.2, 0, Sign.CLEAR),
        (math.nan, math.nan, 1, Sign.UNCLEAR),
    ],
)
def test_what_is_said_of_an_effect(low, high, direction, sign):
    assert sign_of(low, high, direction) is sign


def test_reports_and_dashboard_have_the_same_colour_and_dot_for_each_sign():
    marks = tuple(Mark(sign.value, 1.0, 0.5, 1.5, sign) for sign in Sign)
    shown = Rows("title", Axis("unit"), marks)
    option = rows_option(shown, Words("en", "studies"))
    (points,) = (one for one in option["series"] if one["type"] == "scatter")
    with style.styled():
        (axes,) = style.grid(style.figure(3.0), 1, 1, style.Margins(1.0, 0.2, 0.4, 0.4))
        rows_panel(axes, shown)
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    for sign, dot, point in zip(Sign, dots, points["data"], strict=True):
        ground, edge = point["itemStyle"]["color"], point["itemStyle"].get("borderColor")
        assert (edge or ground) == dot.get_markeredgecolor() == style.SIGNS[sign]
        assert to_hex(dot.get_markerfacecolor()) == ground
        assert (ground == "#ffffff") == (sign is Sign.UNCLEAR)
    assert (COLOURS["gain"], COLOURS["loss"]) == (style.BETTER, style.WORSE)
    assert COLOURS["unclear"] == style.UNCLEAR_INK


def test_the_interval_of_an_effect_is_not_the_range_of_its_parameter(answers):
    labels = Labels.of(answers)

    def ends(method, **line):
        mark = plots_sweep._mark(
            {"parameter": "espoused_gap"} | line, SIZES[method], labels, Sign.MINOR
        )
        return mark.low, mark.high

    one_at_a_time = {"low": 0.0, "high": 1.0, "at_low": 0.08, "effect": 0.007}
    assert all(math.isnan(end) for end in ends("one_at_a_time", **one_at_a_time))
    whole = one_at_a_time | {"effect_low": 0.006, "effect_high": 0.008}
    assert ends("one_at_a_time", **whole) == (0.006, 0.008)
    assert ends("pawn", index=0.3, low=0.2, high=0.4) == (0.2, 0.4)


def test_values_that_would_crowd_an_axis_stand_equally_far_apart():
    values = np.array([2.0, 4.0, 8.0, 90.0])
    crowded = study_charts._ruled(np.array([3.0, 90.0]), values, None)
    np.testing.assert_allclose(crowded, [1 / 6, 1.0])
    apart = study_charts._ruled(np.array([30.0]), np.array([0.0, 40.0, 120.0]), None)
    np.testing.assert_allclose(apart, [0.25])


def test_dots_have_their_interval_and_a_ruler_at_zero():
    words = Words("en", "studies")
    marks = (Mark("a", 1.0, 0.5, 1.5), Mark("b", 2.0))
    option = rows_option(Rows("title", Axis(limits=(-1.0, 3.0)), marks, "effect"), words)
    lines = [one for one in option["series"] if one["type"] == "line"]
    (points,) = (one for one in option["series"] if one["type"] == "scatter")
    assert [line["data"] for line in lines] == [[[0, 0.5], [0, 1.5]]]
    assert [point["value"] for point in points["data"]] == [[0, 1.0, 0.5, 1.5], [1, 2.0]]
    assert points["markLine"]["data"] == [{"xAxis": 0}]
    assert (option["xAxis"]["min"], option["xAxis"]["max"]) == (-1.0, 3.0)
    assert option["yAxis"]["data"] == ["a", "b"]


def planted(difference, better=1, line=()):
    x, y = np.array([1.0, 10.0, 100.0]), np.array([0.0, 1.0])
    sign = np.nan_to_num(np.sign(difference)).astype(np.int64) * better
    ends = difference - 0.1, difference + 0.1
    return Map("x", "y", better, x, y, difference, *ends, sign, list(line), [], [])


def test_a_map_fills_its_square_and_blue_is_better():
    words = Words("en", "studies")
    difference = np.array([[-1.0, 0.0, 1.0], [-1.0, 0.5, math.nan]])
    log = Factor(name="hours_per_1000", low=2.0, high=80.0, distribution="log_uniform")
    for better in (1, -1):
        picture = picture_of(planted(difference, better), [log], words, Scale(1.0, 1))
        cells = picture["cells"]
        assert sum(cell["w"] * cell["h"] for cell in cells) == pytest.approx(1.0)
        blue, orange = (cells[2], cells[0]) if better > 0 else (cells[0], cells[2])
        assert int(blue["c"][5:], 16) > int(blue["c"][1:3], 16)
        assert int(orange["c"][1:3], 16) > int(orange["c"][5:], 16)
        assert cells[0]["t"] == "−1.0"
        assert not cells[1]["clear"]
        assert cells[0]["clear"]
    assert picture["ends"] == ["+1.0", "−1.0"]


def test_a_line_on_a_map_stands_between_the_middles_of_cells():
    words = Words("en", "studies")
    line = np.array([[1.0, 0.0], [100.0, 1.0]])
    picture = picture_of(planted(np.ones((2, 3)), line=[line]), [], words, Scale())
    (points,) = picture["line"]
    (x0, y0), (x1, y1) = points
    assert (x0, y0) == pytest.approx((picture["x"][0][0], picture["y"][0][0]), abs=1e-4)
    assert (x1, y1) == pytest.approx((picture["x"][-1][0], picture["y"][-1][0]), abs=1e-4)
    assert [tick[1] for tick in picture["x"]] == ["1", "10", "100"]


def test_comparisons_and_runs_are_read(tmp_path):
    scenario = load_scenario("baseline").with_(adults=150, months=4, burn_in_months=3)
    compare(["municipal_baton", "hands_off"], scenario, replicates=2, out=tmp_path / "c", workers=1)
    found = effects(tmp_path / "c")
    assert set(found["regime"]) == {"hands_off"}
    first, second = courses(tmp_path / "c", "lonely_share")
    assert (first.regime, second.regime) == ("municipal_baton", "hands_off")
    assert first.months.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert (first.low <= first.mean).all()
    run_single(scenario, out=tmp_path / "r", workers=1)
    (course,) = series(tmp_path / "r", "lonely_share")
    assert len(course.mean) == 5
    assert np.isnan(course.low).all()
    with pytest.raises(StorageError):
        series(tmp_path / "r", "nothing")


def test_tables_of_another_shape_are_an_error_of_ours(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "effects.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "bands.parquet")
    with pytest.raises(StorageError, match="no column"):
        effects(tmp_path)
    with pytest.raises(StorageError, match="no column"):
        courses(tmp_path, "lonely_share")


@pytest.mark.parametrize(
    ("content", "language", "label"),
    [
        ({"name": "municipal_baton"}, "da", "Status quo"),
        ({"name": "rigid_rules"}, "da", "Stive regler"),
        ({"name": "own_way"}, "da", "own way"),
        ({"name": "own", "label_da": "Vores"}, "da", "Vores"),
        ({"name": "own", "phase": [{"regime": {"label_da": "Én"}}]}, "da", "Én"),
        ({"name": "own", "phase": "x"}, "en", "own"),
        ({}, "en", ""),
    ],
)
def test_labels_of_regimes(content, language, label):
    assert regime_label(content, language) == label


def test_a_study_opens_on_its_own_first_outcome(folder):
    """The main outcomes of other studies come first only where it asks for them first."""
    assert columns_of(read_record(folder)) == ["motivation_mean", "lonely_share"]
