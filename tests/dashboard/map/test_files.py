"""What is taken along from the map: the values that are shown, scenarios that open again."""

import io
from dataclasses import replace

import numpy as np
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from velfaerd_sim.dashboard.map import view as map_view
from velfaerd_sim.dashboard.map.files import KINDS, file_of, scenario_file, small_print
from velfaerd_sim.dashboard.map.national_runs import Outcomes
from velfaerd_sim.dashboard.map.view import Curves, MapView
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.reporting.figures.tiles import Key
from velfaerd_sim.telling.words import Words

VIEW = MapView(b="rigid_rules", yearly=False, month=60, one_in=100)
WORDS = Words("en", "map")


@pytest.fixture(scope="module")
def curves():
    generator = np.random.default_rng(1)
    found = {}
    for name in (VIEW.a, VIEW.b):
        towns = generator.random((98, 121, len(NAMES))).astype(np.float32)
        towns[0, 0, INDEX[VIEW.outcome]] = np.nan
        found[name] = Outcomes(towns, towns.mean(axis=0))
    return Curves.of(VIEW, found)


def taken(kind, curves):
    scale = map_view.scale_of(VIEW, curves)
    key = Key("Lonely adults", "B minus A", scale.ramp, ("-1", "0", "1"))
    return file_of(kind, VIEW, curves, scale, key, WORDS)


def test_csv_and_parquet_hold_the_values_of_all_months(curves):
    tables = [
        pa_csv.read_csv(io.BytesIO(taken("csv", curves).content)),
        pq.read_table(io.BytesIO(taken("parquet", curves).content)),
    ]
    for table in tables:
        assert table.num_rows == 98 * 121
        frame = table.to_pandas().set_index(["municipality", "month"])
        row = frame.loc[(621, 60)]
        place = map_view.place_of(621)
        assert row["name"] == "Kolding"
        assert row["lonely_share.municipal_baton"] == pytest.approx(curves.a[place, 60])
        assert row["difference"] == pytest.approx((curves.b - curves.a)[place, 60])
        low, high = row["difference_low"], row["difference_high"]
        assert (low + high) / 2 == pytest.approx(row["difference"])
        assert high - low == pytest.approx(2 * curves.margins.towns[place, 60])
        assert np.isnan(frame.loc[(101, 0)][["difference", "difference_low"]].tolist()).all()


def test_the_same_regime_twice_has_two_columns(curves):
    view = VIEW.with_(b=VIEW.a)
    scale = map_view.scale_of(view, curves)
    content = file_of("csv", view, curves, scale, Key("", "", scale.ramp, ()), WORDS).content
    names = pa_csv.read_csv(io.BytesIO(content)).column_names
    assert len(names) == len(set(names)) == 12


@pytest.mark.parametrize("kind", ["scenario_a", "scenario_b"])
def test_scenarios_open_again(tmp_path, kind):
    made = scenario_file(kind, VIEW)
    path = tmp_path / made.name
    path.write_bytes(made.content)
    scenario = load_scenario(path)
    regime = VIEW.a if kind == "scenario_a" else VIEW.b
    assert scenario.timeline.single().name == regime
    assert (
        scenario.with_(regime=VIEW.a).digest()
        == VIEW.request.scenario().with_(regime=VIEW.a, name=scenario.name).digest()
    )
    assert len(scenario.towns) == 98


def test_what_may_be_chance_is_framed_in_the_figure(curves):
    rng = np.random.default_rng(2)
    chance = rng.standard_normal((4, 98, 1)) / np.sqrt(curves.adults)[:, None]
    own = chance + 0.1 * rng.standard_normal((98, 1)) + np.zeros(curves.a.shape)
    curves = replace(curves, b=curves.a + own.mean(axis=0), differences=own)
    unclear = curves.unclear(VIEW)[:, VIEW.month]
    assert 0 < unclear.sum() < 98
    framed = taken("svg", curves).content.decode().count("<path")
    filled = (
        taken("svg", replace(curves, b=curves.a, differences=0.0 * own))
        .content.decode()
        .count("<path")
    )
    assert framed == filled + unclear.sum()


def test_every_kind_is_a_file(curves):
    names = {kind: taken(kind, curves) for kind in KINDS}
    assert names["png"].content.startswith(b"\x89PNG")
    assert "Kolding" in names["svg"].content.decode()
    assert all(file.content and "/" not in file.name for file in names.values())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "one adult in 100 · seed 1 · month 60 · means of twelve months"),
        ("da", "én ud af 100 voksne · frø 1 · måned 60 · gennemsnit af tolv måneder"),
    ],
)
def test_the_small_print_of_the_figure_is_in_the_language_of_the_page(language, said):
    words, view = Words(language, "map"), MapView(one_in=100, month=60)
    assert f"velfaerd_sim · {said} · " in small_print(view, words)
    everybody = small_print(view.with_(one_in=1, yearly=False), words)
    assert everybody.count(" · ") == 3


def test_the_title_of_a_scenario_says_how_many_of_the_adults_are_simulated():
    text = scenario_file("scenario_a", MapView(one_in=100)).content.decode()
    assert "alle 98 kommuner med én ud af 100 voksne" in text
    assert "every adult" not in text
    assert "every adult" in scenario_file("scenario_a", MapView(one_in=1)).content.decode()
