"""What is worth knowing, read from folders: what is told, at what price, and what is refused."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from described import undescribed
from studies.value.small import NAMES, SURVEYS, small_decision
from velfaerd_sim import compare, load_study, sweep, value, verify, write_report
from velfaerd_sim.engine import store
from velfaerd_sim.engine.rows import RowStore
from velfaerd_sim.engine.task import Context
from velfaerd_sim.errors import InputError, StudyError, VerificationError
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.measures.outcomes import INDEX, named
from velfaerd_sim.reporting.pages.decisions.value import FILES
from velfaerd_sim.studies.value import valuing
from velfaerd_sim.studies.value.decision import _decision, decision_in
from velfaerd_sim.studies.value.plan import ValuePlan
from velfaerd_sim.studies.value.tables import value_table
from velfaerd_sim.studies.value.valuing import load_valuation
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import Words

REGIMES = ("hands_off", "facilitative_dialogue")
WORLD = load_scenario("baseline").with_(adults=300, months=3)
STUDY = """
name = "small"
adults = 300
months = 3
regimes = ["hands_off", "facilitative_dialogue"]
replicates = 2
[factors]
{factor}
[design]
kind = "latin_hypercube"
size = 12
"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("value") / "worlds"
    options = {"adults": 300, "months": 3, "replicates": 2, "workers": 1}
    compare(REGIMES, worlds="prior:12", out=folder, **options)
    return folder


@pytest.fixture(scope="module")
def valued(compared):
    out = compared.parent / "valued"
    before = {path: path.read_bytes() for path in compared.rglob("*") if path.is_file()}
    found = value(compared, SURVEYS[:1], "motivation_mean", out=out, workers=1)
    assert before == {path: path.read_bytes() for path in compared.rglob("*") if path.is_file()}
    return found


def test_a_notebook_shows_it_and_its_files_are_described(valued, compared):
    assert "<svg" in valued._repr_html_()
    assert valued.to_html("da").count("<table") == 1
    assert undescribed(valued.folder, "value") == []
    assert undescribed(compared, "run", "compare") == []


def test_a_comparison_over_worlds_is_valued(valued, compared):
    table = valued.value
    assert list(table["kind"].unique()) == ["evpi", "evppi", "evsi"]
    assert set(table["unit"]) == {named("motivation_mean").unit}
    assert table["standard_error"].notna().all()
    assert (table["standard_error"] >= 0.0).all()
    assert len(valued.surveys) == 12 * 5
    pd.testing.assert_frame_equal(load_study(valued.folder), table)
    pd.testing.assert_frame_equal(load_valuation(valued.folder).value, table)
    own = valued.decision
    series = store.frame(store.read_table(compared / "worlds.parquet"))
    rows = series[(series["outcome"] == "motivation_mean") & (series["regime"] == REGIMES[1])]
    gains = own.benefits().mean
    mine = pd.Series(gains[:, 1] - gains[:, 0], [each.number for each in own.worlds])
    there = rows[rows["replicates"] == 2].set_index("world")["difference"]
    assert len(there) >= 4  # elsewhere all volunteers left in a run, which counts as the worst
    assert mine[there.index].to_numpy() == pytest.approx(there.to_numpy())


def test_the_folder_is_verified_reported_and_goes_on(valued, compared):
    verify(valued.folder)
    for language in ("en", "da"):
        text = write_report(valued.folder, language=language).read_text(encoding="utf-8")
        tell = ValueTeller(load_valuation(valued.folder), Words(language, *FILES))
        assert any(tell.next(full) in text for full in (True, False))
    again = value(compared, SURVEYS, "motivation_mean", out=valued.folder, workers=1)
    assert len(again.value) == len(valued.value) + 1
    assert again.study["counts"]["done"] == valued.study["counts"]["done"] + 12
    with pytest.raises(StudyError, match="holds another study"):
        value(compared, SURVEYS, "retention_12m", out=valued.folder, workers=1)


def test_a_changed_table_is_noticed(valued, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(valued.folder, folder)
    table = store.frame(store.read_table(folder / "value.parquet"))
    table.loc[1, "value"] += 0.1
    table.to_parquet(folder / "value.parquet", index=False)
    with pytest.raises(VerificationError, match=r"value\.parquet"):
        verify(folder)


def test_a_sweep_over_uncertain_parameters_is_valued(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(STUDY.format(factor="contagion_strength = {}\ndropout_rate = {}"))
    sweep(file, tmp_path / "sweep", workers=1)
    own = decision_in(tmp_path / "sweep", "motivation_mean")
    assert own.varying == ("contagion_strength", "dropout_rate")
    assert own.replicate is not None
    assert len(own.worlds) == 12
    runs = load_study(tmp_path / "sweep").pivot(
        index=["point_id", "replicate"], columns="regime", values="outcome.motivation_mean"
    )
    assert sorted(own.reached[:, 1]) == pytest.approx(sorted(runs[REGIMES[1]]))
    found = value(tmp_path / "sweep", [], "motivation_mean", workers=1)
    assert set(found.value["what"]) == {"everything", "contagion_strength", "dropout_rate"}
    kept = STUDY.format(factor="dropout_rate = {}")
    file.write_text(kept.replace("replicates", 'outcomes = ["motivation_mean"]\nreplicates'))
    sweep(file, tmp_path / "one", workers=1)
    with pytest.raises(InputError, match=r"goal: 'joins'.*an outcome that the sweep kept"):
        decision_in(tmp_path / "one", "joins")


def test_what_offers_no_choice_is_refused(tmp_path, compared):
    options = {"adults": 300, "months": 3, "workers": 1}
    compare(REGIMES, out=tmp_path / "one", replicates=2, **options)
    with pytest.raises(InputError, match="this comparison is in one world"):
        decision_in(tmp_path / "one")
    compare(REGIMES, out=tmp_path / "few", worlds="prior:3", **options)
    with pytest.raises(InputError, match="at least 10 different worlds, and these are 3"):
        decision_in(tmp_path / "few")
    file = tmp_path / "study.toml"
    file.write_text(STUDY.format(factor="hours_per_1000 = {}"))
    sweep(file, tmp_path / "lever", workers=1)
    with pytest.raises(InputError, match="hours_per_1000 is decided, not found out"):
        decision_in(tmp_path / "lever")
    file.write_text(STUDY.format(factor="dropout_rate = {}").replace('"hands_off", ', ""))
    sweep(file, tmp_path / "regime", workers=1)
    with pytest.raises(InputError, match="two regimes or more: there is no choice"):
        decision_in(tmp_path / "regime")
    with pytest.raises(InputError, match="did you mean 'retention_12m'"):
        decision_in(compared, "retention_12")
    with pytest.raises(InputError, match="goal: 'staff_hours_per_1000'"):
        decision_in(compared, "staff_hours_per_1000")


def test_surveys_are_of_the_version_of_the_model_that_the_folder_is(compared, monkeypatch):
    monkeypatch.setattr(valuing, "model_digest", lambda: "0" * 64)
    with pytest.raises(InputError, match="a study by this version of the model"):
        valuing.value_plan(compared, ["time_diary"], "motivation_mean")
    assert not valuing.value_plan(compared, [], "motivation_mean").surveys


def test_the_price_of_an_hour_is_what_the_next_cheaper_regime_leaves():
    own = small_decision(WORLD, REGIMES, worlds=200)
    assert own.best() == REGIMES[1]
    gain = float((own.reached[:, 1] - own.reached[:, 0]).mean())
    price = own.price()
    assert price.gain == pytest.approx(gain)  # an hour more
    assert price.against == REGIMES[0]
    free = replace(own, hours=own.hours[:, ::-1])
    assert free.price().reason == "cheapest"
    assert replace(own, hours=None).price().reason == "no_hours"
    alike = replace(
        own,
        reached=own.reached * [[1.0, 0.0]]
        + own.reached[:, :1] * [[0.0, 1.0]]
        + np.random.default_rng(1).normal(0.0, 1.0, own.reached.shape),
    )
    assert alike.price().reason in ("unclear", "cheapest")


def test_what_decides_is_told_apart_and_what_does_not_is_not():
    own = small_decision(WORLD, REGIMES, worlds=200)
    first = own.columns(NAMES)[:, [0]]
    draws = np.random.default_rng(3)
    tells = np.log(first) + draws.normal(0.0, 0.1, (200, 5)) if first.min() > 0 else first
    noise = draws.normal(size=(200, 3))
    plan = ValuePlan(own, ())
    rows = RowStore(plan, None)
    for task in plan.tasks(rows):
        rows.add(task, type(plan).work(task.payload, _context(plan)))
    assert set(plan.tables(rows)) == {"value.parquet", "surveys.parquet"}
    before = store.frame(plan.tables(rows)["value.parquet"]).set_index("what")
    assert before["told_apart"].to_dict() == {
        "everything": True,
        "loneliness": True,  # the group that the first two are in
        NAMES[0]: True,
        NAMES[1]: False,
        NAMES[2]: False,
    }
    surveys = dict(zip(SURVEYS, (tells, noise), strict=True))
    table = store.frame(value_table(own, own.benefits(), [], surveys)).set_index("what")
    assert table["told_apart"].to_dict() == {"everything": False, "asked": True, "panel": False}
    assert table.loc["everything", "reason"] == "one_replicate"
    price = own.price().gain
    assert table.loc["asked", "staff_hours"] == pytest.approx(table.loc["asked", "value"] / price)
    whole = before.loc["everything"]
    assert table.loc["asked", "value"] < whole["value"] + 2.0 * whole["standard_error"]


def _context(plan):
    return Context(plan.common())


def test_a_world_that_stands_twice_is_one_that_counts_twice():
    worlds = [World(k, 0.25, {"dropout_rate": rate}) for k, rate in enumerate((0.01, 0.02, 0.01))]
    places = np.array([0, 1, 2, 0, 1, 2])
    reached = np.arange(12.0).reshape(6, 2)
    base = small_decision(WORLD, REGIMES)
    found = _decision(
        base.source, base.goal, WORLD, base.timelines, worlds, places, None, reached, None
    )
    assert [each.weight for each in found.worlds] == pytest.approx([2 / 3, 1 / 3])
    assert found.world.tolist() == [0, 1, 0, 0, 1, 0]
    assert Worlds.from_dict(found.worlds.to_dict()) == found.worlds
    assert INDEX[found.goal] >= 0


@pytest.mark.parametrize("language", ["en", "da"])
def test_it_ends_in_what_to_measure_next_and_what_not(valued, language):
    words = Words(language, "evidence", "value")
    table = valued.value.copy()
    table["told_apart"] = False
    begin = {
        key: words(f"next_{key}", **_places(f"next_{key}")).split("§")[0]
        for key in ("survey", "theme", "nothing", "unknown")
    }
    last = lambda: ValueTeller(replace(valued, value=table), words).sentences()[-1]  # noqa: E731
    assert last().startswith(begin["nothing"])
    table.loc[table["of"] == "choice", "told_apart"] = True
    assert last().startswith(begin["unknown"])
    table.loc[table["what"] == "volunteers", "told_apart"] = True
    assert last().startswith(begin["theme"])
    assert words.name("group", "volunteers") in last()
    table.loc[table["of"] == "survey", "told_apart"] = True
    assert last().startswith(begin["survey"])
    assert words("next_not", **_places("next_not")).split("§")[0] in last()


def _places(key):
    return dict.fromkeys(("name", "names", "size", "regime", "most"), "§")
