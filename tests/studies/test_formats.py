"""Folders of another format are refused in one sentence, and nothing in them is overwritten."""

from pathlib import Path

import pytest

from faults.records import made
from velfaerd_sim import load_study, verify, write_report
from velfaerd_sim.cli import main as cli
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.studies.folder import entry_of
from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import StudyError
from velfaerd_sim.studies.kinds import KINDS

STUDY = 'regimes = ["rigid_rules", "hands_off"]\nadults = 200\nmonths = 3\nreplicates = 1\n'
CALIBRATION = """
targets = ["T1"]
free = ["life_event_probability"]
members = 20
rounds = 1
round_members = 24
noise_members = 2
adults = 300
final_replicates = 1
"""
TRIAL = """
intervention = "rigid_rules"
adults = 49000
worlds = "prior:1"
trials = 20
[design]
kinds = ["parallel"]
municipalities = 4
months = 6
every = 3
baseline = 3
implementation = 0
settling = 0
[survey]
of = "citizens"
question = "tils_score"
invited = 50
"""
MINE = """
from velfaerd_sim.plugins import parameter

labels = {"label_en": "Mine", "label_da": "Min"}
parameter("mine", 0.2, unit="0-1", low=0.0, high=0.5, source="assumption", role="lever", **labels)
"""
COMMANDS = {
    "place": "place Kolding --worlds plausible:20 --adults 200 --months 3 --regimes hands_off",
    "advise": "advise --hours-at-most 20 --evaluations 24 --search-worlds 2 --fresh 4 --adults 200 "
    "--months 3",
    "selection": "compare hands_off rigid_rules --best motivation_mean --adults 200 --months 3",
    "run": "run --adults 200 --months 3",
    "compare": "compare hands_off rigid_rules --adults 200 --months 3 --replicates 2",
    "sweep": "sweep {files}/study.toml",
    "calibration": "calibrate {files}/calibration.toml",
    "claims": "claims C02 --sets prior --worlds 2 --robustness 0",
    "validation": "validate --worlds none --seeds 2 --adults 300",
    "robustness": "robustness --kind step --replicates 2 --adults 200 --months 3",
    "trial": "trial {files}/trial.toml",
    "value": "value {files}/worlds --survey none",
}


COMPARISON = (
    "compare hands_off rigid_rules --adults 200 --months 3 --worlds prior:10 --replicates 1"
)
"""What a study of the value of information reads."""


def of_format_1(folder: Path, kind: str) -> Path:
    """A folder of a kind with a record of format 1, a table and a part."""
    record = made(kind) | {"format": 1}
    (folder / "runs").mkdir(parents=True)
    (folder / "study.json").write_text(records.text(record), encoding="utf-8")
    (folder / "series.parquet").write_bytes(b"a table")
    (folder / "runs" / "part-000001-0123456789abcdef.parquet").write_bytes(b"a part")
    return folder


def content(folder: Path) -> dict[Path, bytes]:
    """All files of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_kind_is_looked_at():
    assert {*COMMANDS, "recovery"} == set(KINDS)  # recovery: beside a calibration


@pytest.mark.parametrize("kind", KINDS)
def test_who_reads_a_folder_is_told_what_to_do(tmp_path, kind):
    folder = of_format_1(tmp_path / "s", kind)
    before = content(folder)
    for read in (read_record, load_study, verify, write_report):
        with pytest.raises(StudyError) as caught:
            read(folder)
        text = str(caught.value)
        assert text.startswith(f"{folder} was written in format 1 by version ")
        assert "read it with that version, or run the command anew with another --out" in text
        assert "meldt på engelsk" not in told(caught.value, "da")
    entry = entry_of(tmp_path, "s")
    assert (entry.status, "format 1" in entry.problem) == ("broken", True)
    assert content(folder) == before


def asked_of(kind: str, files: Path) -> list[str]:
    """The words of the command of a kind, with the files that it reads."""
    for name, text in {"study": STUDY, "calibration": CALIBRATION, "trial": TRIAL}.items():
        (files / f"{name}.toml").write_text(text, encoding="utf-8")
    if kind == "value":
        words = [*COMPARISON.split(), "--out", str(files / "worlds"), "--workers", "1"]
        assert cli.main(words) == 0
    return COMMANDS[kind].format(files=files).split()


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_makes_a_folder_of_its_kind_and_takes_plugins(tmp_path, kind, capsys):
    words = asked_of(kind, tmp_path)
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    asked = [*words, "--out", str(tmp_path / "s"), "--workers", "1"]
    asked += ["--plugin", str(tmp_path / "mine.py")]
    assert cli.main(asked) == 0, capsys.readouterr().err
    record = read_record(tmp_path / "s")
    assert (record["kind"], record["status"]) == (kind, records.COMPLETE)
    assert [each["name"] for each in record["plugins"]] == ["mine.py"]


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_refuses_the_folder_and_leaves_it(tmp_path, kind, capsys):
    words = asked_of(kind, tmp_path)
    folder = of_format_1(tmp_path / "s", kind)
    before = content(folder)
    assert cli.main([*words, "--out", str(folder), "--workers", "1"]) != 0
    errors = capsys.readouterr().err
    assert "was written in format 1" in errors.splitlines()[-1]
    assert errors.count("error: ") == 1
    assert content(folder) == before


def test_it_is_overwritten_on_request(tmp_path, capsys):
    folder = of_format_1(tmp_path / "s", "compare")
    words = COMMANDS["run"].split()
    assert cli.main([*words, "--out", str(folder), "--overwrite"]) == 0, capsys.readouterr().err
    assert read_record(folder)["format"] == records.FORMAT
    assert not list((folder / "runs").glob("*"))
    assert len(load_study(folder)) == 4
