"""Study files: every key, what is refused and how it is told, points from files."""

import json
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from velfaerd_sim.cli.example_files import example
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.sweep.study import DEFAULT_OUTCOMES, SweepStudy
from velfaerd_sim.studies.sweep.study_files import load_study_file


def load(folder, content, name="STUDY.toml"):
    path = folder / name
    path.write_text(textwrap.dedent(content), encoding="utf-8")
    return load_study_file(path)


def refused(folder, content):
    with pytest.raises(InputError) as caught:
        load(folder, content)
    message = str(caught.value)
    assert message.startswith("STUDY.toml")
    assert "\n" not in message
    return message


def test_an_empty_file_is_the_baseline(tmp_path):
    study = load(tmp_path, "", "empty.toml")
    assert study.name == "empty"
    assert study.scenario == load_scenario("baseline")
    assert study.baseline == "municipal_baton"
    assert (study.factors, study.design.kind, len(study.points.ids)) == ((), "grid", 1)
    assert (study.replicates, study.read_months) == (4, ())
    assert study.outcomes == DEFAULT_OUTCOMES
    assert len(DEFAULT_OUTCOMES) == 30


def test_the_example_of_the_documents(tmp_path):
    study = load(tmp_path, example("study"))
    assert study.name == "hours_and_promises"
    assert study.question_en.startswith("From how many")
    assert [t.name for t in study.regimes] == ["rigid_rules", "facilitative_dialogue", "half"]
    ends = (REGIMES[name].dialogue for name in ("rigid_rules", "facilitative_dialogue"))
    assert study.regimes[2].single().dialogue == pytest.approx(0.5 * sum(ends))
    assert (study.months, study.adults, study.seed, study.replicates) == (60, 2000, 1, 4)
    assert study.outcomes == ("retention_12m", "motivation_mean", "lonely_share")
    assert study.read_months == (12, 36)
    assert dict(study.scenario.parameters) == {"governance_strength": 1}
    assert [factor.name for factor in study.factors] == ["hours_per_1000", "espoused_gap"]
    assert len(study.points.distinct) == 3 * 2


def test_every_kind_of_factor_stands_in_a_file(tmp_path):
    text = """
all_of = ["uncertainty"]
[factors]
drift_rate = {}
espoused_gap = [0, 0.4, 0.8]
base_pressure = {low = 0.1}
"instrument.rigidity" = {}
"instrument.training.rigid_rules" = {high = 0.5}
[design]
kind = "sobol"
size = 64
"""
    study = load(tmp_path, 'regimes = ["rigid_rules", "hands_off"]\n' + text)
    names = [factor.name for factor in study.factors]
    assert names[:3] == ["drift_rate", "espoused_gap", "base_pressure"]
    assert names[3:5] == ["instrument.rigidity", "instrument.training.rigid_rules"]
    own = {name for name in names[:3] if BY_NAME[name].role == "uncertainty"}
    assert len(names) == 5 + sum(p.role == "uncertainty" for p in PARAMETERS) - len(own)


EXAMPLES = {
    "kind": 'kind = "{}"',
    "grid": "levels = 3",
    "one_at_a_time": "",
    "latin_hypercube": "size = 10",
    "sobol": "size = 16",
    "saltelli": "size = 8\nsecond_order = true",
    "points": 'file = "points.csv"',
}


@pytest.mark.parametrize("kind", [key for key in EXAMPLES if key != "kind"])
def test_studies_come_back_whole(kind, tmp_path):
    header = "hours_per_1000,espoused_gap,instrument.rigidity\n"
    (tmp_path / "points.csv").write_text(header + "12,0.4,0.9\n20.5,0,1\n")
    study = load(
        tmp_path,
        f"""
        regimes = ["rigid_rules", "hands_off"]
        factors = ["hours_per_1000", "espoused_gap", "instrument.rigidity"]
        title_da = "Timer og løfter"
        read_months = [60, 12]
        [design]
        kind = "{kind}"
        """
        + textwrap.indent(EXAMPLES[kind], " " * 8),
    )
    again = SweepStudy.from_dict(json.loads(json.dumps(study.to_dict())))
    assert again == study
    assert again.digest() == study.digest()
    assert again.points.ids == study.points.ids
    np.testing.assert_array_equal(again.points.values, study.points.values)


def test_paths_are_seen_from_the_study_file(tmp_path, monkeypatch):
    (tmp_path / "town.toml").write_text('based_on = "crisis"\nadults = 900\n')
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "own.toml").write_text('based_on = "rigid_rules"\ntraining = 1\n')
    monkeypatch.chdir("/")
    study = load(tmp_path, 'scenario = "town.toml"\nregimes = ["folder/own.toml"]')
    assert (study.scenario.name, study.adults) == ("town", 900)
    assert study.scenario.shocks == load_scenario("crisis").shocks
    assert study.regimes[0].single().training == 1
    own = load(tmp_path, 'scenario = "town.toml"')
    assert own.regimes == (load_scenario("crisis").timeline,)


def test_all_outcomes(tmp_path):
    assert load(tmp_path, 'outcomes = "all"').outcomes == tuple(NAMES)


def test_all_of_a_group_but_for_the_fixed(tmp_path):
    text = 'all_of = ["loneliness"]\n[parameters]\nties_rate = 0.001\n[factors]\ndrift_rate = {}\n'
    text += '[design]\nkind = "sobol"\nsize = 4\n'
    names = [factor.name for factor in load(tmp_path, text).factors]
    group = [p.name for p in PARAMETERS if p.group == "loneliness" and p.role != "constant"]
    assert names == ["drift_rate", *(name for name in group if name != "ties_rate")]
    more = load(tmp_path, "allow_constants = true\n" + text).factors
    assert "bond_rate" in [factor.name for factor in more]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("replicate = 3", "'replicate' is not allowed; allowed: the keys name"),
        ("replicate = 3", "did you mean 'replicates'?"),
        ("replicates = 0", "replicates: 0 is not allowed; allowed: a whole number from 1"),
        ("replicates = 2.0", "replicates: 2.0"),
        ("replicates = 100000\nregimes=['rigid_rules', 'hands_off']\nfactors=['drift_rate']"
         "\n[design]\nkind='sobol'\nsize=1024", "at most 10000000 runs, and these are 204800000"),
        ("months = 0", "months: 0"),
        ("adults = 1", "adults: 1"),
        ("seed = -1", "seed: -1"),
        ("name = ''", "name: ''"),
        ("title_en = 3", "title_en: 3"),
        ("allow_constants = 1", "allow_constants: 1"),
        ("scenario = 'basline'", "scenario: 'basline' is not allowed; allowed: one of baseline,"),
        ("scenario = 'basline'", "did you mean 'baseline'?"),
        ("scenario = 'no.toml'", "no.toml"),
        ("scenario = 3", "scenario: 3"),
        ("regimes = ['rigid_rule']", "regimes[1]: 'rigid_rule' is not allowed"),
        ("regimes = ['rigid_rule']", "did you mean 'rigid_rules'?"),
        ("regimes = []", "regimes: nothing is given; allowed: at least one regime"),
        ("regimes = 'rigid_rules'", "a list of regimes, the first of which is the baseline"),
        ("regimes = ['hands_off', 'hands_off']", "regimes[2]: 'hands_off' is not allowed"),
        ("outcomes = []", "outcomes: nothing is given; allowed: at least one outcome"),
        ("outcomes = ['retention']", "outcomes[1]: 'retention' is not allowed"),
        ("outcomes = ['retention12m']", "did you mean 'retention_12m'?"),
        ("outcomes = ['joins', 'joins']", "outcomes[2]: 'joins' is not allowed; allowed: each"),
        ("outcomes = [['joins']]", "outcomes[1]"),
        ("outcomes = 'joins'", "outcomes: 'joins' is not allowed; allowed: a list of outcomes"),
        ("read_months = [120]", "read_months[1]: 120 is not allowed; allowed: a whole number"),
        ("read_months = [12, 12]", "read_months[2]: 12 is not allowed; allowed: each month once"),
        ("read_months = 12", "read_months: 12 is not allowed; allowed: a list of months"),
        ("all_of = ['uncertainties']", "all_of[1]: 'uncertainties'"),
        ("all_of = 'uncertainty'", "all_of: 'uncertainty' is not allowed; allowed: a list"),
        ("parameters = 3", "parameters: 3"),
        ("[parameters]\ndrift_rat = 1", "did you mean 'drift_rate'?"),
        ("[parameters]\ndrift_rate = 1", "parameters.drift_rate: 1 is not allowed"),
        ("[parameters]\ndrift_rate = 0.1\n[factors]\ndrift_rate = {}", "either fixed under"),
        ("factors = ['drift_rate', 'drift_rate']", "factors: 'drift_rate' is not allowed; allowed: "
         "each factor once"),
        ("factors = [3]", "factors: 3"),
        ("factors = 3", "factors: 3"),
        ("factors = ['drift']", "instrument.NAME"),
        ("factors = ['mean_ties']", "'mean_ties' is not allowed; allowed: a lever or an "
         "uncertainty; a constant only with allow_constants = true"),
        ("factors = ['instrument.rigidity', 'instrument.rigidity.municipal_baton']",
         "either this or instrument.rigidity"),
        ("factors = ['instrument.rigidity.municipal_batn']", "did you mean 'municipal_baton'?"),
        ("[factors]\ndrift_rate = 0.1", "factors.drift_rate: 0.1 is not allowed; allowed: a list"),
        ("[factors]\ndrift_rate = {lo = 0.1}", "factors.drift_rate: 'lo'"),
        ("[factors]\ndrift_rate = {low = 0.1, high = 0.1}", "a range that is not empty"),
        ("[factors]\ndrift_rate = {low = 0.1, high = 0.05}", "a range that is not inverted"),
        ("[factors]\ndrift_rate = {low = nan}", "factors.drift_rate.low: nan"),
        ("[factors]\ndrift_rate = {high = 2}", "factors.drift_rate.high: 2 is not allowed; "
         "allowed: a number from 0 to 0.15 (per month), the range of drift_rate"),
        ("[factors]\ndrift_rate = [0.1]", "factors.drift_rate.values: [0.1] is not allowed"),
        ("[factors]\ndrift_rate = {values = 3}", "factors.drift_rate.values: 3"),
        ("[factors]\ndrift_rate = {}\ndrift_rate = {}", "line 3"),
        ("[design]\nsize = 8", "design.kind: nothing is given; allowed: one of grid,"),
        ("[design]\nkind = 'Sobol'", "did you mean 'sobol'?"),
        ("[design]\nkind = 3", "design.kind: 3"),
        ("[design]\nkind = 'grid'\nsice = 3", "did you mean 'size'?"),
        ("design = 3", "design: 3"),
        ("[design]\nkind = 'sobol'", "design.size: nothing is given"),
        ("[design]\nkind = 'sobol'\nsize = 8", "design.kind: 'sobol' is not allowed; allowed: "
         "grid, as there are no factors"),
        ("factors = ['drift_rate']\n[design]\nkind = 'sobol'\nsize = 100",
         "design.size: 100 is not allowed; allowed: a power of two, such as 64 or 128"),
        ("factors = ['drift_rate', 'base_pressure', 'fit_from_dialogue']\n[design]\nkind = 'grid'\n"
         "levels = 1000",
         "design.kind: 'grid' is not allowed; allowed: at most 1000000 parameter sets, "
         "and this design has 1000000000"),
        ("[design]\nkind = 'points'", "design.file: nothing is given"),
        ("[design]\nkind = 'grid'\nfile = 'p.csv'", "design.file: 'p.csv' is not allowed; allowed: "
         "a file with the kind points only; with grid: levels"),
        ("[design]\nkind = 'points'\nfile = 'p.csv'", "design.file: p.csv"),
        ("[design]\nkind = 'points'\nfile = 'p.parquet'", "design.file: p.parquet"),
        ("[design]\nkind = 'points'\nfile = 'p.xlsx'", "a file that ends in .csv or .parquet"),
        ("[design]\nkind = 'points'\nfile = 3", "design.file: 3"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused(content, message, tmp_path):
    assert message in refused(tmp_path, content)


def test_a_gap_that_no_regime_takes_is_refused(tmp_path):
    text = 'regimes = [{based_on = "rigid_rules", name = "own", espoused_gap = 0.1}]\n'
    assert "an espoused_gap of its own" in refused(tmp_path, text + 'factors = ["espoused_gap"]')
    text = text.replace("}]", '}, "hands_off"]')
    assert load(tmp_path, text + 'factors = ["espoused_gap"]').factors


def test_files_that_are_not_there(tmp_path):
    for path in (tmp_path / "no.toml", tmp_path, "", "a\0b", 3):
        with pytest.raises(InputError):
            load_study_file(path)


def test_constants_vary_when_they_may(tmp_path):
    study = load(tmp_path, "allow_constants = true\nfactors = ['mean_ties']")
    assert study.factors[0].role == "constant"
    assert len(study.points.ids) == 5


# --- points from files


def points_study(folder, csv_text=None, table=None, factors=""):
    if table is not None:
        pq.write_table(pa.table(table), folder / "p.parquet")
    if csv_text is not None:
        (folder / "p.csv").write_text(csv_text, encoding="utf-8")
    name = "p.csv" if table is None else "p.parquet"
    return f"{factors}\n[design]\nkind = 'points'\nfile = '{name}'\n"


@pytest.mark.parametrize(
    "text",
    [
        "drift_rate,instrument.rigidity\n0.1,0.25\n0.15,1\n",
        "﻿drift_rate , instrument.rigidity\r\n0.10, 0.25\r\n\r\n0.15,1.0\r\n",
        "drift_rate;instrument.rigidity\n0,1;0,25\n0,15;1\n",
        '"drift_rate","instrument.rigidity"\n"0.1",0.25\n0.15,1',
    ],
)
def test_points_from_csv(text, tmp_path):
    study = load(tmp_path, points_study(tmp_path, text))
    assert [factor.name for factor in study.factors] == ["drift_rate", "instrument.rigidity"]
    assert study.points.values.tolist() == [[0.1, 0.25], [0.15, 1]]
    (tmp_path / "p.csv").unlink()
    assert SweepStudy.from_dict(study.to_dict()) == study


def test_points_from_parquet_in_the_order_of_the_factors(tmp_path):
    table = {"instrument.rigidity": [0, 1], "drift_rate": [0.1, 0.15]}
    text = points_study(tmp_path, table=table, factors="factors=['drift_rate', "
                        "'instrument.rigidity']")  # fmt: skip
    study = load(tmp_path, text)
    assert study.points.values.tolist() == [[0.1, 0], [0.15, 1]]
    assert [point.values[0] for point in study.points.distinct] == [
        ("drift_rate", 0.1),
        ("drift_rate", 0.15),
    ]


ONE = "factors = ['drift_rate']"


@pytest.mark.parametrize(
    ("text", "factors", "message"),
    [
        ("", "", "design.file: p.csv: 'an empty file' is not allowed"),
        ("drift_rate\n", "", "p.csv: rows: nothing is given; allowed: at least one point"),
        ("drift_rate\n0.1\nnan\n", "", "p.csv: line 3, drift_rate: nan is not allowed"),
        ("drift_rate\n0.1\n\n", "", None),
        ("drift_rate,base_pressure\n0.1,\n", "", "p.csv: line 2, base_pressure: '' is not allowed"),
        ("drift_rate\nmuch\n", "", "p.csv: line 2, drift_rate: 'much' is not allowed"),
        ("drift_rate\n0.1\n9\n", "", "line 3, drift_rate: 9.0 is not allowed; allowed: a number "
         "from 0 to 0.15"),
        ("drift_rate\n0.1\n", "[factors]\ndrift_rate = {high = 0.05}\n", "from 0 to 0.05, the "
         "range of the factor"),
        ("drift_rate\n0.1\n", "[factors]\ndrift_rate = [0, 0.05]\n", "one of 0, 0.05"),
        ("drift_rate\n0.1\n", "factors = ['drift_rate', 'base_pressure']", "p.csv: columns: "
         "nothing is given; allowed: a column base_pressure"),
        ("drift_rate,drift_rates\n0.1,1\n", ONE, "p.csv: columns: 'drift_rates' is not allowed; "
         "allowed: the factors of the study: drift_rate; did you mean 'drift_rate'?"),
        ("drift_rate,drift_rate\n0.1,1\n", "", "p.csv: columns: 'drift_rate' is not allowed"),
        ("drift_rates\n0.1\n", "", "did you mean 'drift_rate'?"),
        ("mean_ties\n5\n", "", "a constant only with allow_constants = true"),
        ("drift_rate\n0.1,0.1\n", "", "p.csv: line 2: '2 cells' is not allowed; allowed: 1 cells"),
    ],
)  # fmt: skip
def test_wrong_points_are_refused(text, factors, message, tmp_path):
    content = points_study(tmp_path, text, factors=factors)
    if message is None:
        assert len(load(tmp_path, content).points.ids) == 1
    else:
        assert message in refused(tmp_path, content)


def test_wrong_parquet_files_are_refused(tmp_path):
    table = {"drift_rate": pa.array([0.1, None], pa.float64())}
    assert "row 2, drift_rate: nan" in refused(tmp_path, points_study(tmp_path, table=table))
    table = {"drift_rate": ["a"]}
    assert "row 1, drift_rate: 'a'" in refused(tmp_path, points_study(tmp_path, table=table))
    (tmp_path / "p.parquet").write_bytes(b"PAR1 and nothing more")
    content = "[design]\nkind = 'points'\nfile = 'p.parquet'\n"
    assert "a Parquet file" in refused(tmp_path, content)
