"""The answer of advice, of a selection, of a study of trials, and of the value of information."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from velfaerd_sim.analysis.trials import ENOUGH
from velfaerd_sim.telling.advice import SHOWN, AdviceWords
from velfaerd_sim.telling.facts import capital
from velfaerd_sim.telling.selection import SelectionWords
from velfaerd_sim.telling.short.answer import Short, fitting, joined
from velfaerd_sim.telling.trial_words import TrialWords
from velfaerd_sim.telling.value import ValueTeller

MOST_STEPS = 3


def of_advice(told: AdviceWords) -> Short:
    """The answer of advice."""
    own, best, design = told.words.within("short"), told.best, told.advice.design
    facts = told.advice.study["advice"]
    clear = best["ci_low"] > 0.0
    values = {"most": told.hours(design.most), "goal": told.goal}
    if clear:
        values["gain"] = told.gain(best["benefit"])
        values["interval"] = told.between(best["ci_low"], best["ci_high"])
        values["unit"] = told.format.difference_axis
    hours = own("advice_hours", hours=told.hours(best["hours_per_1000"]), **values)
    fresh = own(
        "advice_fresh",
        worlds=own.number(facts["fresh_worlds"]),
        new=own.number(facts["new_worlds"]),
    )
    beaten = "advice_beaten" if best["lead_low"] > 0.0 else "advice_not_beaten"
    rival = own(beaten, regime=told.regime(best["best_named"]))
    return Short(
        own("advice_found" if clear else "advice_none", **values),
        _steps(told) if clear else own("stay", baseline=own("place_today")),
        joined(hours, own("money")) if clear else own("money"),
        joined(own("advice_tenth", tenth=told.gain(best["worst_tenth"])), rival, fresh),
    )


def _steps(told: AdviceWords) -> str:
    """The steps that are worth most."""
    own = told.words.within("short")
    rows = told.advice.margins.sort_values("worth", ascending=False, kind="stable")
    if rows["today"].isna().all():
        values = [
            f"{told.instrument(each['instrument'])} {told.value(each['value'])}"
            for each in rows.head(MOST_STEPS).to_dict("records")
        ]
        return own("advice_values", values=own.listed(values))
    rows = rows[(rows["value"] - rows["today"]).abs() >= SHOWN].head(MOST_STEPS)
    if not len(rows):
        return capital(told.words("changes_none"))
    steps = [told.change(each) for each in rows.to_dict("records")]
    return own("advice_steps", steps=own.listed(steps))


def of_selection(told: SelectionWords) -> Short:
    """The answer of a selection."""
    own, selected = told.words.within("short"), told.selected
    names = [told.regime(name) for name in selected.left]
    sure = own("select_sure", confidence=own.percent(selected.design.procedure.confidence))
    if not selected.settled:
        found = own("select_open", outcome=told.outcome, names=own.listed(names))
        return Short(found, own("select_do_open"), own("select_cost"), sure)
    found = own("select_found", regime=names[0], outcome=told.outcome, zone=told.zone)
    return Short(found, own("try_it", names=names[0]), own("select_cost"), sure)


def of_trials(told: TrialWords) -> Short:
    """The answer of a study of trials."""
    own, row, study = told.words.within("short"), told.choice.row, told.study
    found = own(
        f"trial_{told.choice.verdict}",
        design=told.design(row),
        power=own.percent(row["power"]),
        **told.arms(),
    )
    enough = told.choice.verdict == ENOUGH
    ends = {end: own.percent(row[f"power_{end}"]) for end in ("low", "high")}
    worlds = own("trial_worlds", **ends) if len(study.worlds) > 1 else ""
    return Short(
        found,
        own("trial_do_enough" if enough else "trial_do_not"),
        own("trial_cost", hours=own.number(row["staff_hours"])),
        joined(own("trial_sure", trials=own.number(study.trials)), worlds),
    )


def of_value(tell: ValueTeller) -> Short:
    """The answer of a study of the value of information."""
    words = tell.words
    return fitting(
        lambda each: _of_value(replace(tell, words=words.in_language(each))), words.language
    )


def _of_value(tell: ValueTeller) -> Iterator[Short]:
    own, decision = tell.words.within("short"), tell.study.decision
    found = own.count(
        len(decision.worlds),
        "value_found",
        regime=tell.regime(decision.best()),
        goal=own.name("outcome", decision.goal),
    )
    given: dict[str, Any] = {"found": found, "cost": tell.price(), "sure": tell.perfect()}
    yield Short(do=tell.next(), **given)
    yield Short(do=tell.next(full=False), **given)
