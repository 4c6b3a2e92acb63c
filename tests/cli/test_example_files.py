"""Files to start from: they read without a change, and name every key that there is."""

import re
from pathlib import Path

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.cli.example_files import example
from velfaerd_sim.inputs.regime_files import REGIME_KEYS, TIMELINE_KEYS, load_timeline
from velfaerd_sim.inputs.regimes import TEXTS
from velfaerd_sim.inputs.scenarios import SCENARIO_KEYS, load_scenario
from velfaerd_sim.studies.sweep.study_files import STUDY_KEYS, load_study_file

FILES = {
    "study": (("sweep", "--example"), STUDY_KEYS, load_study_file),
    "scenario": (("run", "--example"), SCENARIO_KEYS, load_scenario),
    "regime": (("regimes", "--example", "regime"), REGIME_KEYS, load_timeline),
    "timeline": (("regimes", "--example", "timeline"), TIMELINE_KEYS, load_timeline),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_printed_reads_back(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, _, read = FILES[kind]
    assert cli.main(list(command)) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (example(kind), "")
    path = tmp_path / f"{kind}.toml"
    path.write_text(shown.out, encoding="utf-8")
    found = read(path)
    assert found.name != kind


@pytest.mark.parametrize("kind", FILES)
def test_every_key_is_shown(kind: str) -> None:
    text = example(kind)
    for key in FILES[kind][1]:
        assert re.search(rf"^(# )?(\[+)?{key}( =|[\].])", text, re.MULTILINE), key
    assert set(TEXTS) <= set(REGIME_KEYS)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_left_out_by_a_sign_is_right_too(kind: str, tmp_path: Path) -> None:
    """Each line that begins with a sign and a key is TOML once the sign is taken away."""
    import tomllib

    for line in re.findall(r"^# (\"?[\w.]+\"? = .*)$", example(kind), re.MULTILINE):
        assert tomllib.loads(line)


def test_another_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["regimes", "--example", "regimen"]) == 2
    assert "did you mean 'regime'?" in capsys.readouterr().err
