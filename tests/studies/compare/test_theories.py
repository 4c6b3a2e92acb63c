"""Comparisons under theories: the table, the record, how a study goes on, what is refused."""

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.theories import AS_IT_IS, load_theories
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare, load_comparison
from velfaerd_sim.studies.verification import verify

REGIMES = ("municipal_baton", "facilitative_dialogue")
SMALL = {"adults": 400, "months": 12, "workers": 1}


def test_each_theory_stands_by_itself_and_is_verified(tmp_path):
    out = tmp_path / "study"
    done = compare(REGIMES, out=out, theories="crowding_out,harmless_rules", replicates=3, **SMALL)
    table = done.theories
    assert list(dict.fromkeys(table["theory"])) == [AS_IT_IS, "crowding_out", "harmless_rules"]
    own = table[table["outcome"] == "motivation_mean"].set_index("theory")
    assert (own["worlds"] == 1).all()
    assert own["ci_low"].lt(own["difference"]).all()
    assert own["difference"].nunique() == 3
    series = done.series
    last = series[series["month"] == 12]
    ways = [last[last["replicate"] % 3 == k]["motivation_mean"].mean() for k in range(3)]
    assert ways[1] < ways[0], "crowding out takes motivation away"
    pooled = done.effects.set_index("outcome").loc["motivation_mean", "difference"]
    assert pooled == pytest.approx(own["difference"].mean())
    named = [each["name"] for each in done.study["design"]["theories"]]
    assert named == ["crowding_out", "harmless_rules"]
    assert "--theories crowding_out,harmless_rules" in done.study["command"]
    assert verify(out).runs == 2 * 9
    again = load_comparison(out).theories
    assert again.equals(table)


def test_theories_are_run_in_every_world():
    done = compare(REGIMES, theories="complement", worlds="prior:3", **SMALL)
    own = done.theories[done.theories["outcome"] == "lonely_share"]
    assert own["worlds"].tolist() == [3, 3]
    assert done.replicates == 2 * 3 * 2
    assert np.isfinite(own["share_positive"]).all()


def test_a_parameter_that_is_set_and_that_a_theory_sets_is_refused():
    with pytest.raises(InputError, match="autonomy_weight"):
        compare(REGIMES, theories="all", parameters={"autonomy_weight": 0.5}, **SMALL)


def test_without_theories_there_is_no_table():
    assert compare(REGIMES, replicates=2, **SMALL).theories is None
    assert len(load_theories("all")) == 5


def test_the_report_tells_every_theory(tmp_path):
    out = tmp_path / "study"
    compare(REGIMES, out=out, theories="crowding_out", replicates=2, **SMALL)
    (theory,) = load_theories("crowding_out")
    for language in ("en", "da"):
        page = write_report(out, language=language).read_text("utf-8")
        assert theory.label(language) in page
