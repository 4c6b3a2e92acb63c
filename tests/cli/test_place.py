"""The command `velfaerd place`: forms, errors, and a small study."""

import tomllib

import pytest

from velfaerd_sim.cli import main as cli
from velfaerd_sim.inputs.governing import questionnaire
from velfaerd_sim.inputs.places import load_place

SMALL = ["--worlds", "plausible:20", "--adults", "200", "--months", "3", "--replicates", "1"]


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_example_is_a_place(language, capsys):
    assert cli.main(["place", "--example", "--language", language]) == 0
    found = load_place(tomllib.loads(capsys.readouterr().out))
    assert found.town.adults > 0
    assert len(found.figures) == 5
    assert len(found.governing.answers) == len(questionnaire().questions)


def test_all_questions_are_printed(capsys):
    assert cli.main(["place", "--questions", "--language", "da"]) == 0
    out = capsys.readouterr().out
    for each in questionnaire().questions:
        assert f"{each.id}: {each.da}" in out
        assert all(answer in out for answer in each.answers_da)


def test_a_town_from_a_file(tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text("adults = 9000\nlonely_share = {value = 0.1, n = 300}\n", encoding="utf-8")
    words = ["place", str(file), "--regimes", "hands_off", *SMALL, "--out", str(tmp_path / "t")]
    assert cli.main([*words, "--dry-run"]) == 0
    assert not (tmp_path / "t").exists()
    assert cli.main(words) == 0
    assert "national worlds" in capsys.readouterr().out
    assert cli.main(["verify", str(tmp_path / "t"), "--sample", "2"]) == 0
    assert cli.main(["report", str(tmp_path / "t"), "--language", "da"]) == 0


WRONG = [
    ([], "TOWN"),
    (["Kolding"], "--out"),
    (["Koldin", "--out", "{out}"], "did you mean 'Kolding'"),
    (["missing.toml", "--out", "{out}"], "missing.toml"),
    (["Kolding", "--regimes", "hands_of", "--out", "{out}"], "did you mean 'hands_off'"),
    (["Kolding", "--worlds", "plausibel", "--out", "{out}"], "did you mean 'plausible'"),
    (["--questions", "--language", "de"], "language"),
]


@pytest.mark.parametrize(("words", "told"), WRONG)
def test_wrong_input_is_one_sentence_and_writes_nothing(words, told, tmp_path, capsys):
    out = tmp_path / "x"
    assert cli.main(["place", *(word.format(out=out) for word in words)]) == 2
    errors = capsys.readouterr().err
    assert told in errors
    assert errors.count("\n") == 1
    assert not out.exists()


def test_a_town_that_contradicts_itself(tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text("adults = 900\nvolunteers = 1000\n", encoding="utf-8")
    assert cli.main(["place", str(file), "--out", str(tmp_path / "x")]) == 2
    assert "town.toml: volunteers: 1000" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
