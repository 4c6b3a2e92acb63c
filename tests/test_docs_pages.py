"""The Python of the pages for users of other tools is run, on small worlds."""

import re
from pathlib import Path

import pytest

from velfaerd_sim import WelfareModel, compare, sweep
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.measures.outcomes import NAMES

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = ("read_results", "ema_workbench", "mesa_batch_run")
STUDY = """
name = "hours"
adults = 600
months = 6
regimes = ["facilitative_dialogue", "rigid_rules"]
replicates = 2
read_months = [4]
outcomes = ["motivation_mean", "lonely_share"]

[factors]
hours_per_1000 = [8, 60]
espoused_gap = [0, 0.9]

[design]
kind = "grid"
"""


def text(page):
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def blocks(page):
    """Give the Python blocks of a page."""
    return re.findall(r"^```python\n(.*?)^```", text(page), re.DOTALL | re.MULTILINE)


def smaller(code):
    """Make the worlds of a block small."""
    code = re.sub(r"adults=\d+", "adults=700", code)
    code = re.sub(r'"adults": \d+', '"adults": 700', code)
    return re.sub(r"number_processes=\w+", "number_processes=1", code)


def run(page, code, names):
    """Run a block with the names that the blocks before it made."""
    exec(compile(smaller(code), f"docs/{page}.md", "exec"), names)  # noqa: S102  this is the test
    return names


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Give a folder with the comparison and the sweep that the page reads."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "hours.toml").write_text(STUDY, encoding="utf-8")
    sweep(folder / "hours.toml", folder / "results/hours", workers=1)
    regimes = ["municipal_baton", "rigid_rules", "facilitative_dialogue"]
    options = {"adults": 600, "months": 14, "replicates": 2, "workers": 1}
    compare(regimes, out=folder / "results/first", **options)
    return folder


def reading(library, names):
    """Run the blocks of the first page that need a library, or with None those that need none."""
    needs = {"duckdb": "import duckdb", "openpyxl": "openpyxl"}
    for code in blocks("read_results"):
        needed = next((name for name, mark in needs.items() if mark in code), None)
        if needed == library:
            run("read_results", code, names)
    return names


def test_results_are_read_with_pandas(results, monkeypatch, capsys):
    monkeypatch.chdir(results)
    names = reading(None, {})
    assert len(names["runs"]) == 16
    assert names["difference"].notna().all()
    assert len(names["difference"]) == 8
    assert set(names["lonely"]["regime"]) == {"rigid_rules", "facilitative_dialogue"}
    assert capsys.readouterr().out.count("\n") > 20
    table = (results / "effects.csv").read_text(encoding="utf-8-sig")
    assert table.startswith("outcome;regime;baseline;")
    assert re.search(r";-?\d+,\d+;", table)


@pytest.mark.parametrize("library", ["duckdb", "openpyxl"])
def test_results_are_read_with_other_tools(library, results, monkeypatch, capsys):
    pytest.importorskip(library)
    monkeypatch.chdir(results)
    names = reading(library, reading(None, {}))
    if library == "duckdb":
        assert "pairs" in capsys.readouterr().out
    else:
        book = names["pd"].read_excel(results / "results.xlsx", sheet_name="runs")
        assert len(book) == len(names["runs"])


def test_columns_of_the_first_page_are_those_of_the_files(results, monkeypatch):
    monkeypatch.chdir(results)
    names = reading(None, {})
    page = text("read_results")
    for name in names["runs"].columns:
        if name.startswith(("parameter.", "outcome.")):
            continue
        assert re.search(rf"^\|.*`{name}`.*\|.*\|$", page, re.MULTILINE), name
    assert "outcome.motivation_mean.month_4" in names["runs"]
    listed = re.search(r"outcome and regime: `([\w, ]+)`", page)[1].split(", ")
    assert listed == list(names["effects"].columns)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_workbench_runs_the_model(capsys):
    pytest.importorskip("ema_workbench")
    names = {}
    for code in blocks("ema_workbench"):
        run("ema_workbench", code, names)
    table = names["table"]
    assert len(table) == 12
    assert table["hours_per_1000"].nunique() == 2
    assert table["espoused_gap"].nunique() == 6
    for name in (*names["LEVERS"], *names["UNCERTAINTIES"]):
        assert table[name].between(BY_NAME[name].low, BY_NAME[name].high).all()
    assert table["motivation_mean"].nunique() >= 3
    again = names["difference"](**table[[*names["LEVERS"], *names["UNCERTAINTIES"]]].iloc[3])
    assert again["lonely_share"] == table["lonely_share"].iloc[3]
    assert set(names["by_hand"]["hours_per_1000"]) == {8, 60}
    assert capsys.readouterr().out


def test_mesa_runs_the_model_in_batches(capsys):
    pytest.importorskip("mesa")
    names = {}
    for code in blocks("mesa_batch_run"):
        run("mesa_batch_run", code, names)
    batch = names["batch"]
    assert len(batch) == 2 * 2 * 3 * 3
    assert set(batch["Step"]) == {0, 12, 24}
    assert set(batch["seed"]) == set(names["SEEDS"])
    assert not names["pairs"].isna().all(axis=None)
    for row in batch[batch["seed"] == 3].itertuples():
        world = WelfareModel(
            regime=row.regime,
            adults=row.adults,
            seed=row.seed,
            hours_per_1000=row.hours_per_1000,
        )
        world.run(row.Step)
        assert world.series()["loneliness_mean"].iloc[-1] == pytest.approx(row.loneliness_mean)
    watched = names["watched"]
    assert list(watched["month"]) == list(watched["Step"]) == [0, 3, 6]
    assert (watched["lonely_and_unknown"] > 0).all()
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES)
def test_names_of_a_page_exist(page):
    prefixed = re.findall(r"[\"`](parameter|outcome)\.([a-z_0-9]+)", text(page))
    for kind, name in prefixed:
        assert name in (BY_NAME if kind == "parameter" else NAMES), name
    assert text(page).count("```") % 2 == 0
