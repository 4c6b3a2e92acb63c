"""Files to start from: they read without a change, and name every key that there is."""

import re
from pathlib import Path

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.inputs import surveys
from velfaerd_sim.inputs.places import PLACE_KEYS, load_place
from velfaerd_sim.inputs.regime_files import REGIME_KEYS, TIMELINE_KEYS, load_timeline
from velfaerd_sim.inputs.regimes import TEXTS
from velfaerd_sim.inputs.scenarios import SCENARIO_KEYS, load_scenario
from velfaerd_sim.studies.calibrate.plan import CALIBRATION_KEYS, load_calibration
from velfaerd_sim.studies.sweep.study_files import STUDY_KEYS, load_study_file
from velfaerd_sim.studies.trial.files import TRIAL_KEYS, load_trial

FILES = {
    "study": (("sweep", "--example"), STUDY_KEYS, load_study_file),
    "scenario": (("run", "--example"), SCENARIO_KEYS, load_scenario),
    "regime": (("regimes", "--example", "regime"), REGIME_KEYS, load_timeline),
    "timeline": (("regimes", "--example", "timeline"), TIMELINE_KEYS, load_timeline),
    "place": (("place", "--example"), PLACE_KEYS, load_place),
    "trial": (("trial", "--example"), TRIAL_KEYS, load_trial),
    "calibration": (("calibrate", "--example"), CALIBRATION_KEYS, load_calibration),
    "survey": (("value", "--example"), surveys.SURVEY_KEYS, surveys.read_survey),
}


def printed(kind: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints to start from."""
    assert cli.main(list(FILES[kind][0])) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return str(shown.out)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_printed_reads_back(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"{kind}.toml"
    path.write_text(printed(kind, capsys), encoding="utf-8")
    found = FILES[kind][2](path)
    assert kind in ("trial", "survey") or found.name != kind, "the name is the one in the file"


@pytest.mark.parametrize("kind", FILES)
def test_every_key_is_shown(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(kind, capsys)
    for key in FILES[kind][1]:
        shown = rf"^(# )?(\[+)?{key}( +=|[\].])|# .*\b{key} = "
        assert re.search(shown, text, re.MULTILINE), key
    assert set(TEXTS) <= set(REGIME_KEYS)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_left_out_by_a_sign_is_right_too(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line that begins with a sign and a key is TOML once the sign is taken away."""
    import tomllib

    for line in re.findall(r"^# (\"?[\w.]+\"? = .*)$", printed(kind, capsys), re.MULTILINE):
        assert tomllib.loads(line)


def test_another_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["regimes", "--example", "regimen"]) == 2
    assert "did you mean 'regime'?" in capsys.readouterr().err
