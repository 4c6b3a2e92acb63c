"""Regimes: the ten, own ones from files, blends, and what is announced month by month."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inputs.strategies import regimes, shares, timelines
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regime_files import load_timeline, timeline_from_table
from velfaerd_sim.inputs.regimes import (
    INSTRUMENTS,
    REGIMES,
    STATUS_QUO,
    Phase,
    Regime,
    Timeline,
    announced,
    blend,
)

RULES, OPEN, BATON = REGIMES["rigid_rules"], REGIMES["hands_off"], REGIMES[STATUS_QUO]
RIGIDITY = INSTRUMENTS.index("rigidity")


def written(folder, name, content):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def refused(regime, *parts):
    with pytest.raises(InputError) as caught:
        load_timeline(regime)
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message


def test_the_ten_regimes():
    assert len(REGIMES) == 10
    assert BATON.instruments == (0.5, 0.5, 0.3, 0.4, 0.4, 0.5, 0.35, 0.3)
    assert REGIMES["experimenting"].instruments == (0.05, 0.2, 0.7, 0.9, 0.6, 0.3, 0.95, 0.5)
    for name, regime in REGIMES.items():
        assert regime.name == name
        assert regime.label("en") != name != regime.label("da")
        assert all((regime.summary_en, regime.summary_da, regime.source))
        assert regime.espoused_gap is None


@pytest.mark.parametrize(
    "value", [1.01, -0.01, float("nan"), float("inf"), True, "0.5", None, [0.5]]
)
@pytest.mark.parametrize("instrument", ["rigidity", "training"])
def test_an_instrument_is_a_number_from_0_to_1(instrument, value):
    with pytest.raises(InputError, match=instrument):
        replace(BATON, **{instrument: value})


def test_numbers_of_other_kinds_become_floats():
    regime = replace(BATON, rigidity=1, dialogue=np.float32(0.5), espoused_gap=-0.0)
    assert (type(regime.rigidity), type(regime.dialogue)) == (float, float)
    assert str(regime.espoused_gap) == "0.0"


def test_blending_by_hand():
    half = blend(RULES, OPEN, 0.5)
    assert half.rigidity == pytest.approx(0.475)
    assert half.name == "rigid_rules+hands_off"
    assert blend(RULES, OPEN, 0.0).instruments == RULES.instruments
    assert blend(RULES, OPEN, 1.0).instruments == OPEN.instruments


@given(regimes, regimes, shares)
def test_a_blend_lies_between(first, second, weight):
    mixed = blend(first, second, weight, espoused_gap=0.2)
    for a, b, m in zip(first.instruments, second.instruments, mixed.instruments, strict=True):
        assert min(a, b) - 1e-15 <= m <= max(a, b) + 1e-15


@given(regimes, shares)
def test_a_regime_blended_with_itself_is_itself(regime, weight):
    assert blend(regime, regime, weight).instruments == regime.instruments


def test_blending_does_not_guess_a_gap():
    with pytest.raises(InputError, match="espoused_gap"):
        blend(replace(RULES, espoused_gap=0.2), OPEN, 0.5)
    assert blend(replace(RULES, espoused_gap=0.2), OPEN, 0.5, espoused_gap=0.1).espoused_gap == 0.1
    both = blend(replace(RULES, espoused_gap=0.2), replace(OPEN, espoused_gap=0.4), 0.25)
    assert both.espoused_gap == pytest.approx(0.25)


def test_one_regime_is_announced_everywhere_all_the_time():
    table = announced(load_timeline("rigid_rules"), 12, 0.3)
    assert table.shape == (13, 5, 9)
    assert (table == np.array([*RULES.instruments, 0.3])).all()


def test_an_own_gap_goes_before_the_default():
    table = announced(Timeline.of(replace(RULES, espoused_gap=0.7)), 2, 0.3)
    assert (table[..., 8] == 0.7).all()


def test_a_switch_at_once_and_a_ramp_by_hand():
    timeline = Timeline("t", (Phase(0, RULES), Phase(2, OPEN), Phase(4, RULES, 4)))
    path = announced(timeline, 9, 0.3)[:, 0, RIGIDITY]
    expected = [0.9, 0.9, 0.05, 0.05, 0.05, 0.2625, 0.475, 0.6875, 0.9, 0.9]
    assert path == pytest.approx(expected)


def test_a_phase_in_the_middle_of_a_ramp_starts_where_the_ramp_is():
    timeline = Timeline("t", (Phase(0, RULES), Phase(1, OPEN, 4), Phase(3, RULES, 2)))
    path = announced(timeline, 6, 0.3)[:, 0, RIGIDITY]
    assert path == pytest.approx([0.9, 0.9, 0.6875, 0.475, 0.6875, 0.9, 0.9])


def test_a_ramp_in_the_first_phase_starts_from_the_status_quo():
    path = announced(Timeline("t", (Phase(0, RULES, 2),)), 3, 0.3)[:, 0, RIGIDITY]
    assert path == pytest.approx([0.5, 0.7, 0.9, 0.9])


def test_phases_after_the_end_change_nothing():
    late = Timeline("t", (Phase(0, RULES), Phase(100, OPEN)))
    assert np.array_equal(announced(late, 12, 0.3), announced(Timeline.of(RULES), 12, 0.3))


def test_departments_may_be_governed_otherwise():
    own = (("employment", (Phase(0, OPEN),)), ("social", (Phase(0, BATON), Phase(3, OPEN))))
    timeline = Timeline("mixed", (Phase(0, RULES),), own)
    path = announced(timeline, 3, 0.3)[..., RIGIDITY]
    assert path[0].tolist() == [0.5, 0.9, 0.9, 0.9, 0.05]
    assert path[3].tolist() == [0.05, 0.9, 0.9, 0.9, 0.05]
    assert [name for name, _ in timeline.departments] == ["social", "employment"]


@given(timelines, st.integers(0, 80))
def test_what_is_announced_stays_in_range_and_does_not_depend_on_the_end(timeline, end):
    table = announced(timeline, end, 0.3)
    assert ((table >= 0.0) & (table <= 1.0)).all()
    assert np.array_equal(announced(timeline, 80, 0.3)[: end + 1], table)


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (lambda: Timeline("t", ()), "phase"),
        (lambda: Timeline("t", (Phase(1, RULES),)), r"phase\[1\].month"),
        (lambda: Timeline("t", (Phase(0, RULES), Phase(5, OPEN), Phase(4, RULES))), r"phase\[3\]"),
        (lambda: Timeline("t", (Phase(0, RULES), Phase(0, OPEN))), r"phase\[2\].month"),
        (lambda: Timeline("", (Phase(0, RULES),)), "name"),
        (lambda: Timeline("t", (RULES,)), r"phase\[1\]"),
        (lambda: Timeline("t", (Phase(0, RULES),), (("socail", (Phase(0, OPEN),)),)), "'social'"),
        (
            lambda: Timeline("t", (Phase(0, RULES),), (("social", (Phase(0, OPEN),)),) * 2),
            "each department once",
        ),
        (lambda: Timeline("t", (Phase(0, RULES),), (("social", ()),)), "departments.social"),
        (lambda: Phase(-1, RULES), "month"),
        (lambda: Phase(1201, RULES), "1200"),
        (lambda: Phase(True, RULES), "month"),
        (lambda: Phase(1.5, RULES), "month"),
        (lambda: Phase(0, RULES, -1), "ramp_months"),
        (lambda: Phase(0, "rigid_rules"), "regime"),
    ],
)
def test_timelines_that_cannot_be(made, place):
    with pytest.raises(InputError, match=place):
        made()


@given(timelines)
def test_a_timeline_comes_back_from_plain_values(timeline):
    assert timeline_from_table(timeline.to_dict()) == timeline


def test_a_file_with_an_own_regime(tmp_path):
    rows = "".join(f"{name} = 0.5\n" for name in INSTRUMENTS)
    path = written(tmp_path, "ours.toml", rows + 'label_da = "Vores"\nespoused_gap = 0\n')
    regime = load_timeline(str(path)).single()
    assert regime == Regime(
        name="ours", label_da="Vores", espoused_gap=0.0, **dict.fromkeys(INSTRUMENTS, 0.5)
    )


def test_files_that_build_on_others(tmp_path):
    written(tmp_path, "first.toml", 'based_on = "rigid_rules"\ndialogue = 0.6\n')
    path = written(
        tmp_path,
        "second.toml",
        'blend = {first = "first.toml", second = "hands_off", weight = 0.25}',
    )
    regime = load_timeline(path).single()
    assert regime.name == "second"
    assert regime.dialogue == pytest.approx(0.75 * 0.6 + 0.25 * 0.05)


def test_a_file_with_a_timeline(tmp_path):
    path = written(
        tmp_path,
        "talk_first.toml",
        """
        regime = "municipal_baton"
        [[phase]]
        month = 12
        regime = "facilitative_dialogue"
        ramp_months = 6
        [[phase]]
        month = 36
        regime = {based_on = "facilitative_dialogue", dialogue = 0.4}
        [departments]
        social = "clear_agreements"
        [[departments.employment]]
        month = 0
        regime = "hands_off"
        """,
    )
    timeline = load_timeline(path)
    assert timeline.name == "talk_first"
    assert [phase.first_month for phase in timeline.phases] == [0, 12, 36]
    assert timeline.phases[2].regime.dialogue == 0.4
    assert timeline.phases[2].regime.name == "facilitative_dialogue_changed"
    assert [name for name, _ in timeline.departments] == ["social", "employment"]
    assert timeline.single() is None


def test_same_hours_early_or_late_can_be_said():
    early = {"based_on": "workplace_partnership", "dialogue": 0.9}
    late = {"based_on": "workplace_partnership", "dialogue": 0.3}
    front = {"phase": [{"month": 0, "regime": early}, {"month": 13, "regime": late}]}
    back = {"phase": [{"month": 0, "regime": late}, {"month": 13, "regime": early}]}
    talks = [announced(timeline_from_table(t), 24, 0.3)[1:, 0, 2] for t in (front, back)]
    assert talks[0].sum() == pytest.approx(talks[1].sum())
    assert talks[0][:12].sum() > talks[1][:12].sum()


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ("f.toml: rigidity: nothing is given",)),
        ('based_on = "rigid_rules"\nopeness = 0.5', ("'openess'", "did you mean 'openness'?")),
        ('based_on = "rigid_rule"', ("based_on", "did you mean 'rigid_rules'?")),
        ('based_on = "f.toml"', ("based_on", "does not build on itself")),
        ('based_on = "hands_off"\ndialogue = nan', ("f.toml: dialogue: nan",)),
        ('based_on = "hands_off"\ndialogue = true', ("f.toml: dialogue: True",)),
        ('based_on = "hands_off"\ndialogue = "high"', ("f.toml: dialogue: 'high'",)),
        ('based_on = "hands_off"\nblend = {}', ("either based_on or blend",)),
        ('blend = {first = "hands_off"}', ("blend.second: nothing is given",)),
        (
            'blend = {first = "hands_off", second = "rigid_rules", weight = 2}',
            ("blend.weight: 2",),
        ),
        ('based_on = "hands_off"\nname = "rigid_rules"', ("name", "a name of its own")),
        ("phase = 3", ("f.toml: phase: 3",)),
        ("phase = [3]", ("f.toml: phase[1]: 3",)),
        ("[[phase]]\nmonth = 0", ("f.toml: phase[1].regime: nothing is given",)),
        ('[[phase]]\nregime = "hands_off"', ("f.toml: phase[1].month: nothing is given",)),
        ('[[phase]]\nmonth = 6\nregime = "hands_off"', ("phase[1].month: 6", "0, where")),
        (
            'regime = "hands_off"\n[[phase]]\nmonth = 9\nregime = "rigid_rules"\n'
            '[[phase]]\nmonth = 6\nregime = "hands_off"',
            ("f.toml: phase[2].month: 6", "a month after 9"),
        ),
        ('regime = "hands_off"\nrigidity = 0.5', ("'rigidity'", "the keys name")),
        ('[departments]\nsocial = "hands_off"', ("regime: nothing is given",)),
        ('regime = "hands_off"\n[departments]\nsocal = "hands_off"', ("did you mean 'social'?",)),
        ("rigidity = 0.5\nrigidity = 0.6", ("f.toml, line 2", "each key and table once")),
        ("rigidity = = 0.5", ("f.toml, line 1", "valid TOML")),
    ],
)
def test_files_that_are_wrong(tmp_path, content, parts):
    refused(written(tmp_path, "f.toml", content), *parts)


def test_what_is_not_a_regime(tmp_path):
    refused("facilitative-dialogue", "did you mean 'facilitative_dialogue'?")
    refused("zebra", "one of rigid_rules")
    refused("nothing.toml", "a file that exists")
    refused(tmp_path, "this is a folder")
    refused(3, "the name of a regime")
    refused("", "one of rigid_rules")


def test_plain_values_read_no_files(tmp_path):
    path = written(tmp_path, "f.toml", 'based_on = "hands_off"')
    with pytest.raises(InputError, match="based_on"):
        timeline_from_table({"name": "x", "based_on": str(path)})
