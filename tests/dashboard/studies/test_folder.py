"""Study folders: names from a browser stay inside; broken folders say so and break nothing."""

import io
import json
import shlex
from pathlib import Path

import pandas as pd
import pytest

from velfaerd_sim.cli.main import main
from velfaerd_sim.dashboard.studies import downloads as study_downloads
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.dashboard.studies.tables import report_command
from velfaerd_sim.engine import reading
from velfaerd_sim.engine import record as records
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.reporting.files import report_path
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.telling.words import Words

SCENARIO = load_scenario("baseline").with_(adults=200, months=3)
RECORD = records.new_record("sweep", SCENARIO, [SCENARIO.timeline], {}, "") | {
    "counts": {"planned": 10, "done": 2, "failed": 1},
    "study": {"title_en": "Hours", "title_da": "Timer"},
    "fingerprint": "",
}


def made(root, name, record=None):
    """A folder with a record."""
    folder = root / name
    folder.mkdir(parents=True)
    text = record if isinstance(record, str) else json.dumps(RECORD | (record or {}))
    (folder / "study.json").write_text(text)
    return folder


def test_studies_are_found_at_every_depth(tmp_path):
    made(tmp_path, "one")
    made(tmp_path, "group/two")
    made(tmp_path, "one/branches/newer")
    made(tmp_path, ".hidden/three")
    (tmp_path / "empty").mkdir()
    names = {entry.name for entry in study_folder.listed(tmp_path)}
    assert names == {"one", "group/two", "one/branches/newer"}
    for name in names:
        assert study_folder.folder_of(tmp_path, name) == tmp_path / name


def test_no_results_folder_is_an_empty_list(tmp_path):
    assert study_folder.listed(tmp_path / "nowhere") == []


BAD = [
    *("", ".", "..", "../one", "one/..", "one/../one", "one/", "/one", "//one", "one//x"),
    *("nowhere", "one/study.json", "plain", "one\0", "one\\..", "C:one", ".hidden", "x" * 5000),
    *(None, 7, ["one"], {"name": "one"}, b"one"),
]


@pytest.mark.parametrize("name", BAD, ids=[str(number) for number in range(len(BAD))])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    root = tmp_path / "results"
    made(root, "one")
    made(tmp_path, "outside")
    made(root, ".hidden")
    (root / "plain").mkdir()
    with pytest.raises(InputError):
        study_folder.folder_of(root, name)


def test_an_absolute_name_of_a_study_is_refused(tmp_path):
    root = tmp_path / "results"
    folder = made(root, "one")
    with pytest.raises(InputError):
        study_folder.folder_of(root, str(folder))


def test_links_lead_nowhere(tmp_path):
    root = tmp_path / "results"
    outside = made(tmp_path, "outside")
    inside = made(root, "inside")
    (root / "link").symlink_to(outside)
    (root / "group").symlink_to(tmp_path)
    assert [entry.name for entry in study_folder.listed(root)] == ["inside"]
    for name in ("link", "group/outside"):
        with pytest.raises(InputError):
            study_folder.folder_of(root, name)
    (inside / "effects.parquet").symlink_to(outside / "study.json")
    with pytest.raises(InputError, match="symbolic"):
        study_folder.folder_of(root, "inside")


def test_a_record_that_is_a_link_is_no_study(tmp_path):
    root = tmp_path / "results"
    outside = made(tmp_path, "outside")
    (root / "one").mkdir(parents=True)
    (root / "one" / "study.json").symlink_to(outside / "study.json")
    assert study_folder.listed(root) == []
    with pytest.raises(InputError):
        study_folder.folder_of(root, "one")


def test_links_deep_inside_are_found(tmp_path):
    folder = made(tmp_path, "one")
    (folder / "runs" / "deep").mkdir(parents=True)
    (folder / "runs" / "deep" / "part-1.parquet").symlink_to("/dev/null")
    with pytest.raises(InputError, match="symbolic"):
        study_folder.folder_of(tmp_path, "one")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"kind": 1}', "[" * 100_000, '{"format":1,"kind":null,"files":{}}'],
)
def test_broken_records_are_listed_as_what_they_are(tmp_path, text):
    made(tmp_path, "one", text)
    (entry,) = study_folder.listed(tmp_path)
    assert entry.status == "broken"
    assert entry.title("da") == "one"


@pytest.mark.parametrize(
    "values",
    [
        {"counts": None},
        {"counts": {"planned": "many", "done": -3, "failed": 1e99}},
        {"counts": []},
        {"study": 4},
        {"study": {"title_en": ["x"]}},
        {"kind": {"a": 1}},
        {"times": "now", "seeds": 3, "regimes": "all", "scenario": [], "package": None},
        {"scenario": {"name": "x", "adults": -1}, "regimes": [1, {"name": "a"}]},
    ],
)
def test_records_of_another_shape_break_nothing(tmp_path, values):
    made(tmp_path, "one", values)
    (entry,) = study_folder.listed(tmp_path)
    assert 0.0 <= entry.share <= 1.0
    facts = study_folder.facts_of(RECORD | {"scenario": {}} | values)
    assert facts.scenario is None
    assert facts.seconds == 0.0


def test_titles_and_progress(tmp_path):
    made(tmp_path, "one")
    (entry,) = study_folder.listed(tmp_path)
    assert (entry.title("en"), entry.title("da")) == ("Hours", "Timer")
    assert entry.share == pytest.approx(0.3)


def test_runs_of_a_sweep_that_goes_on_are_counted_from_its_parts(tmp_path):
    folder = made(tmp_path, "one")
    (folder / "runs").mkdir()
    frame = pd.DataFrame({"run_id": [f"r{k}" for k in range(6)]})
    frame.to_parquet(folder / "runs" / "part-00001-aa.parquet")
    (folder / "runs" / "part-00002-bb.parquet").write_bytes(b"half a file")
    (entry,) = study_folder.listed(tmp_path)
    assert entry.done + entry.failed == 6


def test_tables_are_cut_and_counted(tmp_path):
    folder = made(tmp_path, "one")
    pd.DataFrame({"a": range(1000)}).to_parquet(folder / "big.parquet")
    pd.DataFrame({"a": [1.5]}).to_csv(folder / "small.csv", index=False)
    pd.DataFrame({"a": range(1000)}).to_csv(folder / "long.csv", index=False)
    pd.DataFrame({"a": range(1000)}).to_csv(folder / "big.csv", index=False)
    assert study_folder.tables_in(folder) == ["big.parquet", "long.csv", "small.csv"]
    big = study_folder.table_of(folder, "big.parquet")
    assert (len(big.frame), big.rows) == (study_folder.MOST_ROWS, 1000)
    assert study_folder.table_of(folder, "small.csv").rows == 1
    assert study_folder.table_of(folder, "long.csv").rows == -1


@pytest.mark.parametrize("name", ["study.json", "../one/big.parquet", "", "nowhere.parquet", None])
def test_only_tables_of_the_study_are_read(tmp_path, name):
    folder = made(tmp_path, "one")
    pd.DataFrame({"a": [1]}).to_parquet(folder / "big.parquet")
    with pytest.raises(InputError):
        study_folder.table_of(folder, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.parquet", b""),
        ("bad.parquet", b"PAR1"),
        ("bad.parquet", b"a,b"),
        ("bad.csv", b""),
        ("bad.csv", b"\xff\xfe\x00"),
    ],
)
def test_damaged_tables_are_an_error_of_ours(tmp_path, name, content):
    folder = made(tmp_path, "one")
    (folder / name).write_bytes(content)
    with pytest.raises(StorageError, match=name):
        study_folder.table_of(folder, name)


def test_too_large_a_record_is_refused(tmp_path, monkeypatch):
    made(tmp_path, "one")
    monkeypatch.setattr(reading, "LARGEST_RECORD_BYTES", 10)
    with pytest.raises(VelfaerdError):
        reading.read_record(tmp_path / "one")
    (entry,) = study_folder.listed(tmp_path)
    assert entry.status == "broken"


def test_a_real_study_is_read(tmp_path):
    scenario = load_scenario("baseline").with_(adults=200, months=3, burn_in_months=3)
    names = ["municipal_baton", "rigid_rules"]
    compare(names, scenario, replicates=2, out=tmp_path / "mine", workers=1)
    (entry,) = study_folder.listed(tmp_path)
    assert (entry.kind, entry.status, entry.done, entry.planned) == ("compare", "complete", 4, 4)
    folder = study_folder.folder_of(tmp_path, "mine")
    facts = study_folder.facts_of(reading.read_record(folder))
    assert facts.scenario is not None
    assert facts.scenario.adults == 200
    assert [regime["name"] for regime in facts.regimes] == names
    assert "effects.parquet" in study_folder.tables_in(folder)


def test_a_csv_table_is_taken_along_as_parquet_too(tmp_path):
    folder = made(tmp_path, "one")
    (folder / "targets.csv").write_text("id,low\nT1,0.5\n")
    content = study_downloads.file_of(folder, "file", "targets.csv").content
    assert pd.read_parquet(io.BytesIO(content)).to_dict("list") == {"id": ["T1"], "low": [0.5]}


def test_a_study_of_evidence_has_a_title_of_its_own(tmp_path):
    made(tmp_path, "mine", {"kind": "claims", "study": None})
    regimes = [{"name": "municipal_baton"}, {"name": "rigid_rules"}]
    record = {"kind": "compare", "study": None, "regimes": regimes}
    made(tmp_path, "two", record | {"scenario": {"title_da": "Krise: et år"}})
    made(tmp_path, "odd", record | {"regimes": "many", "scenario": 3})
    titles = {entry.name: entry.title("da") for entry in study_folder.listed(tmp_path)}
    assert titles["mine"].startswith("Artiklernes påstande")
    assert titles["two"] == "Status quo og Stive regler · Krise"
    assert titles["odd"] == "odd"


def test_what_is_wrong_tells_nothing_of_where_the_results_lie(tmp_path):
    made(tmp_path, "broken", '{"format": 1, ')
    (entry,) = study_folder.listed(tmp_path)
    assert entry.status == "broken"
    assert entry.problem
    assert str(tmp_path) not in entry.problem


def test_what_is_taken_along_is_what_lies_there(tmp_path, monkeypatch):
    folder = made(tmp_path, "one")
    frame = pd.DataFrame({"a": [1.5, None], "b": ["x", "=1+1"]})
    frame.to_parquet(folder / "big.parquet")
    assert study_downloads.kinds_of(folder, "") == ["record", "scenario", "csv", "xlsx", "file"]
    (folder / "report.html").write_text("<p>report</p>")
    (folder / "figures").mkdir()
    for name in ("time.svg", "time.png", "alone.svg"):
        (folder / "figures" / name).write_bytes(name.encode())
    kinds = ["record", "scenario", "report", "csv", "xlsx", "file", "svg:time", "png:time"]
    assert study_downloads.kinds_of(folder, "big.parquet") == kinds
    assert study_downloads.file_of(folder, "png:time", "").content == b"time.png"
    record = study_downloads.file_of(folder, "record", "")
    assert json.loads(record.content) == RECORD
    assert record.name == "one_study.json"
    table = study_downloads.file_of(folder, "csv", "big.parquet")
    again = pd.read_csv(io.BytesIO(table.content))
    pd.testing.assert_frame_equal(again, frame, check_dtype=False)
    whole = study_downloads.file_of(folder, "file", "big.parquet")
    assert whole.content == (folder / "big.parquet").read_bytes()
    offered = study_downloads.file_of(folder, "csv", "../one/big.parquet")
    assert offered.content == table.content
    for kind, name in (("svg:../report", ""), ("study.json", ""), ("", ""), ("svg:alone", "")):
        with pytest.raises(InputError):
            study_downloads.file_of(folder, kind, name)
    monkeypatch.setattr(study_downloads, "LARGEST_BYTES", 4)
    with pytest.raises(InputError, match="results folder"):
        study_downloads.file_of(folder, "record", "")


def test_report_and_figures_are_offered_in_the_language_of_the_page(tmp_path):
    for name in ("report.html", "figures/C01.svg", "figures/C01.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"english {name}")
    assert study_downloads.report_of(tmp_path, "da") == ("report.html", "en")
    assert study_downloads.figures_of(tmp_path, "da") == ("figures", "en")
    for name in ("report.da.html", "figures.da/C01.svg", "figures.da/C01.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"dansk {name}")
    assert study_downloads.report_of(tmp_path, "da") == ("report.da.html", "da")
    for language, start in (("da", b"dansk"), ("en", b"english")):
        for kind in ("report", "svg:C01", "png:C01"):
            file = study_downloads.file_of(tmp_path, kind, "", language=language)
            assert file.content.startswith(start)
    only = tmp_path / "danish"
    only.mkdir()
    (only / "report.da.html").write_text("dansk")
    assert study_downloads.report_of(only, "en") == ("", "en")


def test_the_command_for_a_report_names_the_language_where_there_is_one(tmp_path):
    danish, english = Words("da"), Words("en")
    folder = tmp_path / "my results" / "x"
    folder.mkdir(parents=True)
    for words, more in ((danish, ["--language", "da"]), (english, [])):
        given = shlex.split(report_command(folder, words))
        assert given == ["velfaerd", "report", str(folder), *more]
    (folder / "report.html").write_text("")
    assert report_command(folder, english) == ""
    assert report_command(folder, danish) != ""


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_command_for_a_report_runs_as_it_stands(tmp_path, monkeypatch, capsys, language):
    monkeypatch.chdir(tmp_path)
    root = Path("all results")
    compare(("municipal_baton", "hands_off"), adults=200, months=3, replicates=2, out=root / "x")
    command = shlex.split(report_command(study_folder.folder_of(root, "x"), Words(language)))
    assert main(command[1:]) == 0
    capsys.readouterr()
    assert report_path(root / "x", language).is_file()
