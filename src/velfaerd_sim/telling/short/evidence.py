"""The answer of a sweep, a calibration, a test of recovery, claims, a validation, robustness."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd
from markupsafe import Markup

from velfaerd_sim.analysis.calibration import effective
from velfaerd_sim.analysis.claims import ClaimConclusion
from velfaerd_sim.analysis.conclusions import TURNS, WEAKENS
from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers
from velfaerd_sim.studies.calibrate.plausibility import PRIOR
from velfaerd_sim.telling.short.answer import Short, fitting, joined
from velfaerd_sim.telling.sweep_words import Labels
from velfaerd_sim.telling.words import Words

HOURS = "staff_hours_per_1000"
SAYS = ("contrasts", "regret", "map", "response", "prim")
"""Methods of a sweep of which one is the headline, the first that there is."""
DECIDES = ("sobol", "morris", "one_at_a_time", "pawn")
MOST_NAMED = 3


def of_sweep(answers: Answers, labels: Labels) -> Short:
    """The answer of a sweep, for its first outcome."""
    return fitting(lambda each: _of_sweep(answers, Labels.of(answers, each)), labels.language)


def _of_sweep(answers: Answers, labels: Labels) -> Iterator[Short]:
    """The answer with all its facts, then with the first ones only; then so without hours."""
    own, tell = labels.words.within("short"), labels.teller(markup=True)
    outcome = answers.wanted.outcomes[0]
    says = _first(answers, SAYS, outcome) or answers.answers[0]
    decides, turns = _first(answers, DECIDES, outcome), _first(answers, ("map",), outcome)
    cost = joined(_hours(answers, labels, own), own("money"))
    sure = own("sweep_sure", runs=own.number(answers.done))
    if answers.study.replicates < 2:
        sure = joined(sure, own("chance_none"))
    for paid, count in product((cost, own("money")), (3, 2, 1)):
        told = tell.sentence(*says.finding.facts[:count])
        do: str = own("sweep_do_none" if answers.study.factors else "sweep_do_points")
        if decides is not None:
            do = own.markup("sweep_do", text=tell.sentence(decides.finding.facts[0]))
        elif turns is not None:
            told_of_map = turns.finding.facts[: max(1, count - 1)]
            do = own.markup("sweep_do_map", text=tell.sentence(*told_of_map))
        yield Short(own.markup("model_says", text=told), do, paid, sure)


def _first(answers: Answers, methods: Sequence[str], outcome: str) -> AnalysisAnswer | None:
    """The first answer of these methods, differences first."""
    for method in methods:
        found = answers.of(method, outcome)
        if found:
            return next((each for each in found if each.against), found[0])
    return None


def _hours(answers: Answers, labels: Labels, own: Words) -> Markup:
    column = f"outcome.{HOURS}"
    if column not in answers.frame:
        return Markup("{}").format(own("hours_unknown"))
    means = answers.frame.groupby("regime", sort=False)[column].mean()
    items = [
        own.markup("hours_bare", name=labels.regime(str(name)), level=own.number(value, 1))
        for name, value in means.items()
    ]
    return own.markup("hours_of", items=Markup("; ").join(items))


def of_calibration(
    words: Words, result: Mapping[str, Any], fitted: pd.DataFrame, parameters: pd.DataFrame
) -> Short:
    """The answer of a calibration. result: of its record; fitted: the targets it was fitted to."""
    own = words.within("short")
    worlds = own.number(result["members"])
    found = own(
        "calibration_found",
        inside=own.number(int(fitted["inside"].sum())),
        all=own.number(len(fitted)),
        worlds=worlds,
    )
    off = fitted[~fitted["inside"]]
    names = [own.name("target", str(name)) for name in off["target"].head(MOST_NAMED)]
    misfit = own("calibration_misfit", names="; ".join(names)) if names else ""
    worth = effective(result)
    sure = own.count(
        int((parameters["standing"] != PRIOR).sum()),
        "calibration_sure",
        all=own.number(len(parameters)),
        effective=own.number(worth) if math.isfinite(worth) else own("calibration_unknown"),
    )
    do = joined(own("calibration_do"), misfit)
    return Short(found, do, own("looks_at_model"), sure)


def of_recovery(words: Words, record: Mapping[str, Any]) -> Short:
    """The answer of a test of recovery: the widest intervals of all that was looked at."""
    own = words.within("short")
    rows = [each for each in record["coverage"] if each["intervals"]]
    each = max(rows, key=lambda one: (one["which"] == "all", one["level"]))
    found = own(
        "recovery_found", level=own.percent(each["level"]), coverage=own.percent(each["coverage"])
    )
    narrow = each["coverage"] + 2.0 * each["error"] < each["level"]
    sure = own.count(each["truths"], "recovery_sure", error=own.number(100.0 * each["error"]))
    do = own("recovery_narrow" if narrow else "recovery_trust")
    return Short(found, do, own("looks_at_model"), sure)


def of_claims(words: Words, conclusions: Sequence[ClaimConclusion], advice: Sequence[str]) -> Short:
    """The answer of a study of claims. advice: what follows from those that hold best, in order."""
    own = words.within("short")
    told = [each.verdict.word for each in conclusions]
    counts = {
        "held": told.count("holds") + told.count("by_construction"),
        "depends": told.count("on_reading") + told.count("on_world"),
        "not_so": told.count("does_not"),
        "untold": told.count("cannot_tell"),
        "count": len(told),
    }
    worlds = max((each.decisive.worlds for each in conclusions), default=0)
    sure = joined(own("claims_sure", worlds=own.number(worlds)), own("unmeasured"))
    found = own("claims_found", **{key: own.number(value) for key, value in counts.items()})
    do = " ".join(advice[:MOST_NAMED]) or own("claims_nothing")
    return Short(found, do, own("claims_cost"), sure)


def of_validation(
    words: Words, targets: pd.DataFrame, held_out: pd.DataFrame, names: Sequence[str], runs: int
) -> Short:
    """The answer of a validation. names: of what does not fit, the worst first; runs: readings."""
    own = words.within("short")
    fitted = targets[targets["role"] == "fit"]
    others = targets[targets["role"] == "validation"]
    asked = held_out[held_out["verdict"].isin(["inside", "outside"])] if len(held_out) else held_out
    held = int(others["inside"].sum()) + (
        int((asked["verdict"] == "inside").sum()) if len(asked) else 0
    )
    found = own(
        "valid_found",
        fit=own.number(int(fitted["inside"].sum())),
        all_fit=own.number(len(fitted)),
        held=own.number(held),
        all_held=own.number(len(others) + len(asked)),
    )
    do = own("valid_do_none")
    if names:
        do = own("valid_do", names="; ".join(names[:MOST_NAMED]))
    return Short(found, do, own("looks_at_model"), own.count(runs, "valid_sure"))


def of_robustness(
    words: Words, conclusions: pd.DataFrame, hardest: Sequence[str], conditions: int
) -> Short:
    """The answer of a test of robustness. hardest: conditions that most fall under, in order."""
    own = words.within("short")
    cost = own("looks_at_model")
    sure = own.count(conditions, "robust_sure")
    if conclusions.empty:
        return Short(own("robust_none"), own("robust_do_none"), cost, sure)
    turn = conclusions[TURNS] > 0
    weak = (conclusions[WEAKENS] > 0) & ~turn
    counts = {"turn": turn.sum(), "weaken": weak.sum(), "survive": (~turn & ~weak).sum()}
    found = own(
        "robust_found",
        all=own.number(len(conclusions)),
        **{key: own.number(int(value)) for key, value in counts.items()},
    )
    do = own("robust_do_all")
    if hardest:
        do = own("robust_do", names="; ".join(hardest[:MOST_NAMED]))
    return Short(found, do, cost, sure)
