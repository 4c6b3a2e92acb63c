"""Files of scenarios: what one may hold, and what is refused."""

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import shocks
from velfaerd_sim.inputs.scenarios import (
    Scenario,
    load_scenario,
)

BASELINE = load_scenario("baseline")


def written(folder, content, name="f.toml"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_that_uses_most_of_it(tmp_path):
    written(tmp_path, 'based_on = "hands_off"\nopenness = 0.9\n', "ours.toml")
    path = written(
        tmp_path,
        """
        based_on = "crisis"
        towns = ["Kolding", 461]
        adults = 10000
        months = 60
        regime = "ours.toml"
        [[phase]]
        month = 24
        regime = {blend = {first = "ours.toml", second = "rigid_rules", weight = 0.5}}
        ramp_months = 6
        [departments]
        social = "clear_agreements"
        [parameters]
        hours_per_1000 = 12
        """,
        "mine.toml",
    )
    scenario = load_scenario(str(path))
    assert (scenario.name, scenario.title()) == ("mine", "mine")
    assert [(town.code, town.name) for town in scenario.towns] == [
        (461, "Odense"),
        (621, "Kolding"),
    ]
    assert scenario.adults == 10_000
    assert [phase.regime.name for phase in scenario.timeline.phases] == ["ours", "ours+rigid_rules"]
    assert scenario.timeline.name == "ours_then_ours+rigid_rules_mixed"
    assert scenario.timeline.phases[0].regime.openness == 0.9
    assert len(scenario.shocks) == 2
    assert dict(scenario.parameters) == {"hours_per_1000": 12.0}


def test_a_name_is_taken_before_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "adults = 70", "baseline")
    written(tmp_path, "adults = 70", "other")
    assert load_scenario("baseline") == BASELINE
    assert load_scenario("other").adults == 70


_TOWN = '[[town]]\ncode = 1\nname = "a"\nkind = "rural"\nadults = 60\n'
_SHOCK = "adults = 500\n[[shock]]\n"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ("f.toml: adults: nothing is given",)),
        ("adults = 500\nmonts = 3", ("f.toml: 'monts'", "did you mean 'months'?")),
        ("adults = 500\nadults = 600", ("f.toml, line 2", "each key and table once")),
        ("adults = 500\nmonths = ", ("f.toml, line 2", "valid TOML")),
        ("adults = 0", ("f.toml: adults: 0",)),
        ("adults = 500\nmonths = 12.0", ("f.toml: months: 12.0",)),
        ("adults = 500\nseed = true", ("f.toml: seed: True",)),
        ("adults = 500\nseed = nan", ("f.toml: seed: nan",)),
        ("adults = 500\nname = 3", ("f.toml: name: 3",)),
        ('adults = 500\npolicy_review = "yes"', ("f.toml: policy_review: 'yes'",)),
        ('adults = 500\ntown_kind = "rurl"', ("town_kind", "did you mean 'rural'?")),
        ('towns = "denmark"\ntown_kind = "rural"', ("town_kind", "one stylised town only")),
        ('towns = "sweden"', ("towns: 'sweden'", "'denmark' or a list")),
        ('towns = ["Koldng"]', ("towns[1]", "did you mean 'Kolding'?")),
        ("towns = [621, 3]", ("towns[2]: 3",)),
        ("towns = [621, 621]", ("towns[2].code: 621", "each code once")),
        ("towns = []", ("towns: nothing is given",)),
        ('towns = "denmark"\n' + _TOWN, ("either towns or [[town]]",)),
        ('towns = "denmark"\nadults = 4000', ("adults: 4000", "from 4900")),
        (_TOWN * 2, ("f.toml: town[2].code: 1", "each code once")),
        (_TOWN + "mayor = 1", ("f.toml: town[1]: 'mayor'",)),
        (_TOWN + "latitude = nan", ("f.toml: town[1].latitude: nan",)),
        ('[[town]]\ncode = 1\nname = "a"\nkind = "rural"', ("town[1].adults: nothing",)),
        ("town = []", ("town: nothing is given",)),
        ('based_on = "baselin"', ("based_on", "did you mean 'baseline'?")),
        ('based_on = "f.toml"', ("based_on", "does not build on itself")),
        ('adults = 500\nregime = "rigid_rule"', ("f.toml: regime", "did you mean 'rigid_rules'?")),
        ("adults = 500\nregime = {rigidity = 2}", ("f.toml: regime.role_clarity: nothing",)),
        (
            'adults = 500\n[[phase]]\nmonth = 3\nregime = "rigid_rules"',
            ("f.toml: phase[1].month: 3", "0, where"),
        ),
        ("adults = 500\nparameters = 3", ("f.toml: parameters: 3",)),
        (
            "adults = 500\n[parameters]\nespousd_gap = 0.1",
            ("f.toml: parameters: 'espousd_gap'", "did you mean 'espoused_gap'?"),
        ),
        (
            "adults = 500\n[parameters]\nespoused_gap = 7",
            ("f.toml: parameters.espoused_gap: 7",),
        ),
        ("adults = 500\nshock = 3", ("f.toml: shock: 3",)),
        ("adults = 500\nshock = [3]", ("f.toml: shock[1]: 3",)),
        (_SHOCK + "month = 3", ("f.toml: shock[1].kind: nothing is given",)),
        (_SHOCK + 'kind = "lockdwn"', ("shock[1].kind", "did you mean 'lockdown'?")),
        (_SHOCK + 'kind = "lockdown"\nmonth = 3', ("shock[1].contact_factor: nothing is given",)),
        (_SHOCK + 'kind = "demand"\ndemand_factor = 2.0', ("shock[1].month: nothing is given",)),
        (_SHOCK + 'kind = "demand"\ndemand_factor = 2.0\nmonth = 0', ("shock[1].month: 0",)),
        (_SHOCK + 'kind = "demand"\ndemand_factor = inf\nmonth = 1', ("demand_factor: inf",)),
        (_SHOCK + 'kind = "consultant_loss"\nmonth = 1\nconsultants = 0', ("consultants: 0",)),
        (_SHOCK + 'kind = "consultant_loss"\nmonth = 1\nmonths = 2', ("shock[1]: 'months'",)),
    ],
)
def test_files_that_are_wrong(tmp_path, content, parts):
    with pytest.raises(InputError) as caught:
        load_scenario(written(tmp_path, content))
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message


def test_what_is_not_a_scenario(tmp_path):
    for wrong, said in [
        ("baselin", "did you mean 'baseline'?"),
        ("nothing.toml", "a file that exists"),
        (tmp_path, "this is a folder"),
        (None, "the name of a scenario"),
    ]:
        with pytest.raises(InputError) as caught:
            load_scenario(wrong)
        assert said in str(caught.value)


def test_plain_values_read_no_files(tmp_path):
    path = written(tmp_path, 'based_on = "hands_off"')
    for content in ({"regime": str(path)}, {"based_on": "baseline"}, {"based_on": str(path)}):
        with pytest.raises(InputError):
            Scenario.from_dict({"name": "x", "adults": 500} | content)
    with pytest.raises(InputError, match="name"):
        Scenario.from_dict({"adults": 500})
    with pytest.raises(InputError, match="a table"):
        Scenario.from_dict(3)


def test_every_kind_of_shock_says_its_limits():
    for name, kind in shocks.SHOCK_KINDS.items():
        assert kind.kind == name
        assert kind.__doc__
        assert all(
            {"low", "high", "unit", "whole"} <= set(f.metadata) for f in shocks.value_fields(kind)
        )
