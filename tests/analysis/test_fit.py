"""What fits on planted readings: misfits stand first, and nothing unknown is judged."""

import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.analysis import fit
from velfaerd_sim.inputs.targets import BY_ID, TARGETS
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.instruments.patterns import PATTERNS
from velfaerd_sim.reporting.figures import fit as plots_fit
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.drawing import ruler_figure
from velfaerd_sim.reporting.figures.targets import validated_rows
from velfaerd_sim.reporting.files import csv_text
from velfaerd_sim.studies.validate.validating import Validation
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words

WORDS = Words("en", "evidence")
OFF = "T7.retention"
LEVELS = ("lonely_share", "volunteers_per_1000")


def planted(off=0.0, asked=0.6, shift=0.0):
    """Give a study in which all is right but what is said."""
    rows = []
    values = {target.id: target.value for target in TARGETS}
    values[OFF] = BY_ID[OFF].high + off if off else BY_ID[OFF].value
    for draw in range(4):
        rows += [("defaults", "", draw, id, value) for id, value in values.items()]
        rows += [("targets", "", draw, id, value) for id, value in values.items()]
        for pattern in PATTERNS:
            sign = -1.0 if pattern.high == 0.0 else 1.0
            value = asked if pattern.id == "H7.asked" else sign * (0.1 + 0.1 * draw)
            rows.append(("held out", "", draw, pattern.id, value))
        for condition, more in (("defaults", 0.0), ("half_the_adults", shift)):
            for name in LEVELS:
                rows.append(("scale", condition, draw, name, 10.0 + draw + more + 0.01 * draw))
    frame = pd.DataFrame(rows, columns=["part", "condition", "draw", "id", "value"])
    worlds = Worlds("planted", tuple(World(k, 0.25, {}) for k in range(4)))
    return Validation({"fingerprint": "x"}, frame, worlds)


def test_all_inside():
    table = fit.targets_table(planted())
    assert table["inside"].all()
    assert table["share_inside"].eq(1.0).all()
    groups = fit.groups_table(table)
    assert list(groups["group"]) == [f"T{n}" for n in range(1, 16)]
    assert groups["fits"].all()


def test_what_is_outside_stands_first_and_says_how_far():
    table = fit.targets_table(planted(off=0.05))
    first = table.iloc[0]
    assert first["id"] == OFF
    assert not first["inside"]
    assert first["beyond"] == pytest.approx(0.05)
    assert first["distance"] > 1.96
    assert table["inside"].sum() == len(TARGETS) - 1
    study = planted(off=0.05)
    tell = Teller(Words("en", "findings"), lambda thing: Words("en").name("target", thing.name))
    facts = fit.facts(table, fit.held_out_table(study), fit.scale_table(study), worlds=4)
    told = list(map(tell.sentence, facts))
    assert told[0].startswith("Outside of its interval at the median of 4 worlds: Retention")
    assert "14 of 15 targets" in told[1]
    assert "(not: T7)" in told[1]


@pytest.mark.parametrize(("cells", "fits"), [(4, True), (5, False)])
def test_the_six_route_table_may_miss_four_cells(cells, fits):
    table = fit.targets_table(planted())
    chosen = table.index[(table["group"] == "T9") & (table["role"] == "fit")][:cells]
    table.loc[chosen, "inside"] = False
    groups = fit.groups_table(table).set_index("group")
    assert groups.loc["T9", "figures"] == 24
    assert bool(groups.loc["T9", "fits"]) is fits


@pytest.mark.parametrize(("asked", "verdict"), [(0.6, "inside"), (0.3, "outside")])
def test_only_what_is_known_is_judged(asked, verdict):
    table = fit.held_out_table(planted(asked=asked)).set_index("id")
    assert table.loc["H7.asked", "verdict"] == verdict
    unknown = table[table["verdict"] == "no figure"]
    assert len(unknown) == sum(pattern.low is None for pattern in PATTERNS) > 20
    signs = table[table.index.str.startswith("H8")]
    assert signs["verdict"].eq("inside").all()
    assert unknown["figure"].str.contains("no figure found: shown for judgement").all()
    assert "V1.stock_retention" in table.index
    places = list(fit.held_out_table(planted(asked=asked))["verdict"])
    assert places == sorted(places, key=["outside", "inside", "no figure"].index)


def test_a_shift_with_scale_is_notable():
    assert not fit.scale_table(planted(shift=0.1))["notable"].any()
    table = fit.scale_table(planted(shift=1.0))
    assert table["notable"].all()
    assert table["relative"].to_numpy() == pytest.approx(1.0 / 11.515)
    assert np.allclose(table["low"], table["high"])  # the same shift at every seed


def test_figures_are_drawn():
    study = planted(off=0.05)
    with style.styled():
        made = ruler_figure(validated_rows(fit.targets_table(study), WORDS))
        (axes,) = made.get_axes()
        shown = [target for target in TARGETS if target.role in ("fit", "validation")]
        assert len(axes.get_yticklabels()) == len(shown)
        assert len(plots_fit.held_out(fit.held_out_table(study), WORDS).get_axes()) == 4


def test_csv_holds_six_digits():
    text = csv_text(pd.DataFrame({"a": ["x"], "b": [1.23456789]}))
    assert text == "a,b\nx,1.23457\n"
