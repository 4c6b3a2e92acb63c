"""Files of calibrations: what one may ask for, and what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from studies.calibrate.stand_in import load_toml
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.studies.calibrate.plan import Calibration


def test_a_file_without_keys_asks_for_everything(tmp_path: Path) -> None:
    found = load_toml(tmp_path, "")
    uncertain = tuple(name for name, one in BY_NAME.items() if one.role == "uncertainty")
    assert found.free == uncertain
    assert {target.role for target in found.targets} == {"fit"}
    assert replace(found, name="calibration") == Calibration()


def test_own_figures_replace_published_ones(tmp_path: Path) -> None:
    found = load_toml(
        tmp_path,
        'targets = ["T1"]\n[own."T7.retention"]\nlow = 0.7\nhigh = 0.8\n'
        '[own."T5.volunteer_share"]\nvalue = 0.06\n',
    )
    values = {target.id: (target.value, target.low, target.high) for target in found.targets}
    assert values["T7.retention"] == (0.75, 0.7, 0.8)
    assert values["T5.volunteer_share"] == pytest.approx((0.06, 0.045, 0.075))
    assert list(values) == ["T1.lonely_share", "T5.volunteer_share", "T7.retention"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("member = 5", "'member' is not allowed.*did you mean 'members'"),
        ("members = 3", "members: 3 is not allowed; allowed: a whole number from 20"),
        ('targets = ["T99"]', "targets: 'T99' is not allowed"),
        ('targets = ["T1.lonely_shar"]', "did you mean 'T1.lonely_share'"),
        ('free = ["espoused_gab"]', "did you mean 'espoused_gap'"),
        ('free = ["hours_per_1000"]', "no lever"),
        ('free = ["drift_rate"]\n[parameters]\ndrift_rate = 0.1', "not fixed"),
        ("[parameters]\ndrift_rate = 5", "parameters.drift_rate: 5 is not allowed"),
        ('[own."T1.lonely_share"]\nlow = 0.1', "both, or only a value"),
        ('[own."T1.lonely_share"]\nlow = 0.3\nhigh = 0.2', "own.T1.lonely_share"),
        ("[budget]\nminutes = -1", "budget.minutes"),
    ],
)
def test_wrong_files_are_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        load_toml(tmp_path, text)
    assert str(error.value).startswith("asked.toml")
