"""What is asked of a study follows from its design; the outcomes here are made up."""

import numpy as np
import pytest

from analysis import sweeps
from velfaerd_sim.analysis.answers import Question, analyse
from velfaerd_sim.analysis.robustness import Criterion
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import REGIMES, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.designs import Design
from velfaerd_sim.studies.factors import Factor
from velfaerd_sim.studies.study import Study

pytest.importorskip("SALib")
pytest.importorskip("ema_workbench")

FACTORS = (
    Factor.of("staff_hours_per_month", low=4, high=64),
    Factor.of("espoused_gap"),
    Factor.of("drift_rate"),
)


def studied(kind, replicates=3, regimes=("rigid_rules", "facilitative_dialogue"), **options):
    """Make a study and its frame: dialogue is ahead where hours are many and promises are kept."""
    study = Study(
        name="made_up",
        scenario=load_scenario("baseline"),
        regimes=tuple(Timeline.of(REGIMES[name]) for name in regimes),
        factors=FACTORS,
        design=Design(kind=kind, **options),
        replicates=replicates,
        outcomes=("retention_12m", "staff_hours_per_1000"),
    )
    first = dict(zip(study.points.ids, study.points.values, strict=True))
    x = np.array(list(first.values()))

    def ahead(x):
        return np.where((x[:, 0] > 30.0) & (x[:, 1] < 0.5), 0.2, -0.1) + 0.001 * x[:, 0]

    hours = sweeps.plain(lambda x: x[:, 0])
    rules = {
        "rigid_rules": {
            "retention_12m": sweeps.noisy(lambda x: 0.5 + 0.0 * x[:, 0], 0.01, 1),
            "staff_hours_per_1000": hours,
        },
        "facilitative_dialogue": {
            "retention_12m": sweeps.noisy(lambda x: 0.5 + ahead(x), 0.01, 2),
            "staff_hours_per_1000": sweeps.plain(lambda x: 1.2 * x[:, 0]),
        },
    }
    chosen = {name: rules[name] for name in regimes}
    frame = sweeps.sweep(x, chosen, names=study.points.names, replicates=replicates)
    frame["point_id"] = np.array(list(first))[frame["point_id"].to_numpy()]
    return frame, study


OF_WORLDS = {"variance", "prim", "cart", "regret", "best_regimes", "front"}


@pytest.mark.parametrize(
    ("kind", "options", "methods"),
    [
        ("saltelli", {"size": 64}, OF_WORLDS | {"sobol"}),
        ("latin_hypercube", {"size": 150}, OF_WORLDS | {"pawn"}),
        ("grid", {"levels": 4}, OF_WORLDS | {"map"}),
        ("morris", {"size": 8, "levels": 4}, {"morris"}),
        ("one_at_a_time", {"levels": 4}, {"one_at_a_time"}),
    ],
)
def test_each_design_has_its_analyses(kind, options, methods):
    frame, study = studied(kind, **options)
    seen = []
    answers = analyse(frame, study, progress=lambda *args: seen.append(args))
    assert {finding.method for finding in answers.findings} == methods
    assert answers.skipped == ()
    assert [done for done, _, _ in seen] == list(range(len(answers.findings)))
    for finding in answers.findings:
        assert finding.sentence
        assert not finding.sentence.startswith(" ")
        assert "nan" not in finding.sentence
        assert "  " not in finding.sentence


def test_the_answers_name_what_was_planted():
    frame, study = studied("saltelli", size=128)
    answers = analyse(frame, study)
    by_method = {
        finding.method: finding for finding in answers.findings if "between" in finding.about
    }
    sobol = by_method["sobol"].table.set_index("parameter")
    deciding = set(sobol["parameter"][sobol["role"] == "decides"])
    assert deciding == {"espoused_gap", "staff_hours_per_month"}
    (prim,) = [
        finding
        for finding in answers.findings
        if finding.method == "prim" and finding.about.startswith("facilitative_dialogue")
    ]
    table = prim.table.set_index("parameter")
    assert set(table.index) == {"staff_hours_per_month", "espoused_gap"}
    assert table["low"]["staff_hours_per_month"] == pytest.approx(30.0, abs=2.0)
    assert table["high"]["espoused_gap"] == pytest.approx(0.5, abs=0.04)
    assert prim.sufficient


def test_questions_of_ones_own():
    frame, study = studied("latin_hypercube", size=80)
    asked = Question(
        outcomes=("retention_12m",),
        pairs=(("rigid_rules", "facilitative_dialogue"),),
        by={"retention_12m": 0.05},
        criteria=(Criterion("retention_12m", at_least=0.5),),
    )
    answers = analyse(frame, study, asked)
    assert "satisficing" in {finding.method for finding in answers.findings}
    abouts = [finding.about for finding in answers.findings if finding.method == "cart"]
    assert abouts == ["rigid_rules beats facilitative_dialogue on retention_12m by at least 0.05"]


def test_what_cannot_be_asked_is_skipped_with_its_reason():
    frame, study = studied("latin_hypercube", replicates=1, size=30)
    answers = analyse(frame, study)
    reasons = {skipped.method: skipped.reason for skipped in answers.skipped}
    assert set(reasons) == {"pawn", "variance", "prim", "cart"}
    assert "at least 60 for PAWN" in reasons["pawn"]
    assert "at least 2" in reasons["variance"]
    assert {finding.method for finding in answers.findings} == {"regret", "best_regimes", "front"}


def test_one_regime_and_wrong_names():
    frame, study = studied("latin_hypercube", size=80, regimes=("facilitative_dialogue",))
    answers = analyse(frame, study)
    assert {finding.method for finding in answers.findings} == {"pawn", "variance"}
    with pytest.raises(InputError, match="did you mean 'retention_12m'"):
        analyse(frame, study, Question(outcomes=("retention_12",)))
    with pytest.raises(InputError, match="regime: 'rigid'"):
        analyse(frame, study, Question(pairs=(("rigid", "facilitative_dialogue"),)))
