"""What the design of a sweep lets one say, and what is said where it does not."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.sweep.made_studies import (
    FACTORS,
    ROLES,
    RULES,
    TALK,
    folder_of,
    gap_decides,
    runs,
    study,
)
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.facts import Fact
from velfaerd_sim.analysis.sweep import answers as module
from velfaerd_sim.analysis.sweep.answers import (
    Answers,
    analyse,
    reasons,
    seed_of,
    what_it_cannot_tell,
)
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.reporting.pages.answer_files import asked_before, write_answers
from velfaerd_sim.studies.sweep import sweeping
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.telling.sweep_words import Labels

ONE = AnalysisChoice(outcomes=("retention_12m",))


@pytest.fixture(scope="module")
def saltelli(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Answers to a Saltelli study of eight uncertainties, of which two decide."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("velfaerd_sim.analysis.sweep.planning.RESAMPLES", 40)
        chosen = study(Design(kind="saltelli", size=64))
        return analyse(folder_of(chosen, tmp_path_factory.mktemp("s") / "a", patch), ONE)


def of(found: Answers, method: str, regime: str | None = TALK, against: str | None = ROLES) -> str:
    (one,) = [a for a in found.of(method) if (a.regime, a.against) == (regime, against)]
    return told(one.finding)


def test_a_saltelli_study_names_the_parameters_that_decide(saltelli: Answers) -> None:
    (one,) = [a for a in saltelli.of("sobol") if a.against]
    table = one.finding.table
    assert len(table) == len(FACTORS) == 8
    assert list(table["parameter"][table["role"] == "decides"]) == [
        "espoused_gap",
        "promise_weight",
    ]
    assert (table["total_low"] < table["total"]).all()
    assert (table["total"] < table["total_high"]).all()
    text = told(one.finding)
    assert text.startswith(f"The difference in retention_12m between {TALK} and {ROLES} is decided")
    assert "by espoused_gap (total" in text
    assert "The sample suffices to" in text


def test_where_talk_loses_is_told_with_its_stability(saltelli: Answers) -> None:
    text = of(saltelli, "prim", ROLES, TALK)
    assert text.lower().startswith(f"{ROLES} beats {TALK} on retention_12m in ")
    assert "mostly where espoused_gap is above" in text
    assert "resamples the same parameters are restricted" in text
    assert "the box is stable" in text or "the box is not stable" in text


def test_a_sample_of_worlds_gives_every_kind_of_answer(saltelli: Answers) -> None:
    methods = {one.method for one in saltelli.answers}
    wanted = {"contrasts", "sobol", "pawn", "prim", "cart", "best_regimes", "regret", "front"}
    assert methods == wanted | {"variance", "satisficing"}
    assert not saltelli.not_done
    assert saltelli.state() == ()


def test_chance_is_small_beside_the_parameters(saltelli: Answers) -> None:
    (one,) = [a for a in saltelli.of("variance") if a.against]
    assert one.finding.table["share"][0] > 0.8


def test_a_grid_shows_where_the_ranking_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="grid", levels=5), ("espoused_gap", "promise_weight"), regimes=3)
    found = analyse(folder_of(chosen, tmp_path / "grid", monkeypatch), ONE)
    assert {one.method for one in found.answers} == {"contrasts", "response", "map", "variance"}
    assert len(found.of("map")) == 2
    (line,) = [
        a
        for a in found.of("response")
        if a.regime == TALK and a.against and a.factors == ("espoused_gap",)
    ]
    ((at, low, high),) = line.finding.data["turns"]
    # Averaged over promise_weight the lead is 0.05 - 0.1 rank: it ends at rank 0.5, the gap 0.45.
    assert at == pytest.approx(0.45, abs=0.03)
    assert low < 0.45 < high
    assert "The ranking turns at espoused_gap = 0.4" in told(line.finding)
    (never,) = [
        a
        for a in found.of("response")
        if a.regime == RULES and a.against and a.factors == ("espoused_gap",)
    ]
    assert "The ranking does not turn" in told(never.finding)


def test_effects_one_at_a_time_come_largest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="one_at_a_time", levels=3), FACTORS[:3], replicates=6)
    found = analyse(folder_of(chosen, tmp_path / "oat", monkeypatch), ONE)
    (one,) = [a for a in found.of("one_at_a_time") if a.against]
    table = one.finding.table.set_index("parameter")
    assert table.index[0] == "espoused_gap"
    weight = chosen.points.ranks[0][1]  # where promise_weight stands when it is not varied
    assert table["effect"]["espoused_gap"] == pytest.approx(-0.1 * (0.5 + weight), abs=0.01)
    assert table["role"]["espoused_gap"] == "shown"
    assert table["role"]["base_pressure"] == "not told from chance"
    assert "base_pressure" in told(one.finding).partition("Not told from chance")[2]


def test_other_designs_get_what_they_are_made_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    morris = study(Design(kind="morris", size=8), FACTORS[:4])
    found = analyse(folder_of(morris, tmp_path / "m", monkeypatch), ONE)
    assert {one.method for one in found.answers} == {"contrasts", "morris"}
    assert "espoused_gap" in of(found, "morris").partition(".")[0]
    only_chance = study(Design(), (), replicates=4)
    rule = lambda ranks, *rest: gap_decides({"espoused_gap": 0.2}, *rest)  # noqa: E731
    frame = runs(only_chance, rule)
    found = analyse(folder_of(only_chance, tmp_path / "n", monkeypatch, frame), ONE)
    (one,) = found.answers
    row = one.finding.table.iloc[1]
    assert row["difference_low"] < 0.03 < row["difference_high"]
    assert row["ahead"] == row["clearly_ahead"] == 1.0
    assert Fact("nothing_but_chance") in what_it_cannot_tell(only_chance)


def test_too_few_points_are_said_and_the_rest_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = study(Design(kind="latin_hypercube", size=12), FACTORS[:2])
    found = analyse(folder_of(few, tmp_path / "few", monkeypatch), ONE)
    tell = Labels.of(found).teller()
    texts = [tell.sentence(fact) for fact in reasons(found.not_done)]
    assert any(text.startswith("PAWN indices: it needs at least 60 for PAWN;") for text in texts)
    assert any(text.startswith("PRIM: it needs at least 50") for text in texts)
    assert found.of("regret")
    assert found.of("variance")


def test_an_unfinished_sweep_with_failures_is_analysed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="latin_hypercube", size=20), FACTORS[:2])
    frame = runs(chosen).iloc[:90].copy()
    frame.loc[frame.index[:2], ["status", "message"]] = ["failed", "planted"]
    frame.loc[frame.index[:2], "outcome.retention_12m"] = float("nan")
    found = analyse(folder_of(chosen, tmp_path / "part", monkeypatch, frame), ONE)
    assert (found.done, found.failed, found.missing) == (88, 2, 30)
    text = Labels.of(found).teller().sentence(*found.state())
    assert "not finished: 90 of 120 runs are there" in text
    assert "2 runs failed" in text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (AnalysisChoice(outcomes=("lonly_share",)), "did you mean 'lonely_share'"),
        (AnalysisChoice(baseline="rigid"), "baseline: 'rigid'"),
        (
            AnalysisChoice(regimes=("facilitative",)),
            f"regime: 'facilitative' is not allowed; allowed: {TALK}",
        ),
        (AnalysisChoice(regimes=(ROLES,)), "regime: "),
        (AnalysisChoice(at_least={"": -1.0}), "at_least: -1.0"),
        (AnalysisChoice(at_least={"": float("nan")}), "at_least: nan"),
        (AnalysisChoice(at_least={"leaves": 1.0}), "at_least: 'leaves'"),
    ],
)
def test_wrong_wishes_are_refused(
    wanted: AnalysisChoice, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="latin_hypercube", size=4), FACTORS[:2])
    with pytest.raises(InputError) as error:
        analyse(folder_of(chosen, tmp_path / "x", monkeypatch), wanted)
    assert words in str(error.value)


def test_folders_without_a_sweep_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="a folder with a study"):
        analyse(tmp_path)
    chosen = study(Design(kind="latin_hypercube", size=4), FACTORS[:2])
    folder = folder_of(chosen, tmp_path / "x", monkeypatch)
    content = json.loads((folder / "study.json").read_text(encoding="utf-8")) | {"kind": "run"}
    (folder / "study.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="a study of the kind run"):
        analyse(folder)


def test_runs_that_all_failed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = study(Design(kind="latin_hypercube", size=4), FACTORS[:2])
    frame = runs(chosen).assign(status="failed")
    with pytest.raises(InputError, match="none done"):
        analyse(folder_of(chosen, tmp_path / "x", monkeypatch, frame))


def test_a_missing_library_leaves_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str) -> None:
        raise VelfaerdError(f"this analysis needs the library {module}")

    monkeypatch.setattr("velfaerd_sim.analysis.sweep.screening.load", missing)
    chosen = study(Design(kind="morris", size=8), FACTORS[:2])
    found = analyse(folder_of(chosen, tmp_path / "x", monkeypatch), ONE)
    assert found.of("contrasts")
    tell = Labels.of(found).teller()
    assert "needs the library SALib" in tell.sentence(reasons(found.not_done)[0])


def test_answers_are_the_same_again_and_whichever_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = study(Design(kind="latin_hypercube", size=20), FACTORS[:2], regimes=3)
    folder = folder_of(chosen, tmp_path / "x", monkeypatch)
    whole = {one.key: one.finding for one in analyse(folder).answers}
    part = analyse(folder, AnalysisChoice(outcomes=("retention_12m",), regimes=(TALK,)))
    pairs = [one for one in part.answers if one.against]
    assert pairs
    for one in pairs:
        assert told(one.finding) == told(whole[one.key])
        pd.testing.assert_frame_equal(one.finding.table, whole[one.key].table)
    assert seed_of(1, "a") != seed_of(2, "a")


def test_files_hold_what_was_found_and_what_was_asked(saltelli: Answers, tmp_path: Path) -> None:
    (tmp_path / "analysis").mkdir()
    other = tmp_path / "analysis" / "own_notes.txt"
    other.write_text("mine")
    path = write_answers(saltelli, tmp_path, "velfaerd analyse made")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["fingerprint"] == saltelli.record["fingerprint"]
    assert len(content["answers"]) == len(saltelli.answers)
    tell = Labels.of(saltelli).teller()
    for plain, one in zip(content["answers"], saltelli.answers, strict=True):
        assert plain["sentence"] == tell.sentence(*one.finding.facts)
        assert [fact["key"] for fact in plain["facts"]] == [fact.key for fact in one.finding.facts]
        parquet, text = (path.with_name(name) for name in plain["tables"])
        pd.testing.assert_frame_equal(
            pd.read_parquet(parquet), one.finding.table, check_dtype=False
        )
        assert len(pd.read_csv(text)) == len(one.finding.table)
    assert asked_before(tmp_path) == (saltelli.wanted, "velfaerd analyse made")
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    write_answers(saltelli, tmp_path, "velfaerd analyse made")
    assert before == {file.name: file.read_bytes() for file in path.parent.iterdir()}
    fewer = replace(saltelli, answers=saltelli.answers[:1])
    write_answers(fewer, tmp_path)
    assert len(list(path.parent.iterdir())) == 4  # a table twice, the sentences, what is not ours
    assert other.read_text() == "mine"


def test_outcomes_are_chosen_from_what_was_kept() -> None:
    chosen = study(Design(kind="latin_hypercube", size=4), FACTORS[:2])
    filled = module.complete(AnalysisChoice(), chosen, runs(chosen))
    assert filled.outcomes == ("lonely_share", "retention_12m")
    assert filled.baseline == ROLES
    assert filled.regimes == (TALK,)
    assert sweeping.KIND == "sweep"
