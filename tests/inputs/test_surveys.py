"""Surveys as data: those of the package, files of one's own, and what is wrong in them."""

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.surveys import (
    KINDS,
    example,
    load_surveys,
    read_survey,
    shipped,
    survey_of,
)


def test_the_package_has_surveys_of_every_kind_with_both_labels():
    assert {survey.kind for survey in shipped()} == set(KINDS)
    assert len({survey.name for survey in shipped()}) == len(shipped())
    for survey in shipped():
        assert survey.label("en") != survey.label("da")
        assert survey.source
        assert survey_of(survey.to_dict()) == survey
    assert load_surveys(None) == shipped()


def test_a_file_of_ones_own(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(example())
    assert read_survey(file).name == "ours"
    file.write_text('kind = "diary"\npeople = 4\n')
    own = load_surveys([file, "time_diary"])
    assert [each.name for each in own] == ["ours", "time_diary"]
    assert own[0].label("da") == "ours"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("people = 4", r"survey: ours.toml: kind"),
        ('kind = "dairy"', r"ours.toml: kind: 'dairy'.*did you mean 'diary'"),
        ('kind = "diary"\nresponse = 1.4', r"ours.toml: response: 1.4 is not allowed"),
        ('kind = "diary"\nmunicipality = 4', r"'municipality'.*did you mean 'municipalities'"),
        ('kind = "trial"\nformat = "pairs"', r"format: 'pairs'"),
        ('kind = "panel"\nmonths = 2.5', r"months: 2.5"),
        ('kind = "panel"\nspread = "x"', r"spread: 'x'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    file = tmp_path / "ours.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        load_surveys([str(file)])


def test_unknown_names_and_doubles_are_refused(tmp_path):
    with pytest.raises(InputError, match="did you mean 'time_diary'"):
        load_surveys(["time_diari"])
    with pytest.raises(InputError, match="each survey once"):
        load_surveys(["time_diary", "time_diary"])
    with pytest.raises(InputError, match="a file that exists"):
        load_surveys([str(tmp_path / "none.toml")])
