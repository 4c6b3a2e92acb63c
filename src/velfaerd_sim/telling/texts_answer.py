"""The words of the answer: headline, points, and sentences about single findings.

Values in braces are filled in by `sentences`. Keys that end in an outcome's name belong to it.
"""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # answer, headline
    "head_none": ("In this model no regime differs clearly from {baseline} in {topics}."),
    "head_start": "In this model {claims}.",
    "head_claim": "{best} {what}",
    "head_tied": "{what} (not clearly ahead of {tied})",
    "head_others": "{count} other regimes",
    "head_baseline": "no regime {what} clearly better than {baseline}",
    "head_no_difference": "there is no clear difference in {topics}",
    "does_retention_12m": "keeps volunteers longest",
    "does_motivation_mean": "keeps volunteers most motivated",
    "does_lonely_share": "leaves the fewest adults lonely",
    "base_retention_12m": "keeps volunteers",
    "base_motivation_mean": "keeps volunteers motivated",
    "base_lonely_share": "keeps adults from loneliness",
    "topic_retention_12m": "how long volunteers stay",
    "topic_motivation_mean": "how motivated they are",
    "topic_lonely_share": "how many adults are lonely",
    "head_unsure": (
        "One simulated population cannot tell a difference between regimes from chance. The "
        "numbers below show how the model works; they rank nothing."
    ),
    "head_run": (
        "After {years} {volunteers} in 1 000 adults volunteer, {retention} of new volunteers "
        "are still there after twelve months, and {lonely} of adults are lonely. This is one "
        "course of events: it carries no measure of uncertainty."
    ),
    # answer, points
    "point_retention_12m": "Staying",
    "point_motivation_mean": "Motivation",
    "point_lonely_share": "Loneliness",
    "point_hours": "Staff hours",
    "point_people": "Persons",
    "point_turn": "Ranking",
    "point_sure": "How sure",
    "point_note": "Note",
    "top_retention_12m": "the share still volunteering after twelve months is highest",
    "top_motivation_mean": "motivation (0–1) is highest",
    "top_lonely_share": "the share of lonely adults is lowest",
    "most_retention_12m": (
        "The share still volunteering after twelve months is highest under {best}"
    ),
    "most_motivation_mean": "Motivation (0–1) is highest under {best}",
    "most_lonely_share": "The share of lonely adults is lowest under {best}",
    "low_retention_12m": "it is lowest",
    "low_motivation_mean": "it is lowest",
    "low_lonely_share": "it is highest",
    "leads": (
        "Under {best} {top}: {level} against {base} under {baseline}, a difference of {difference} "
        "(95% interval {interval})."
    ),
    "tied": "It cannot be told apart from {tied}.",
    "not_tied": "It is clearly ahead of every other regime.",
    "tied_many": "It cannot be told apart from {count} other regimes: {tied}.",
    "worst": "Under {worst} {low}: {level} ({difference}, {interval}).",
    "none": (
        "No clear difference. For every regime the interval of the difference to {baseline} "
        "({base}) includes zero; all of them lie between {low} and {high}."
    ),
    "identical": (
        "No difference at all: every regime gives exactly what {baseline} gives ({base})."
    ),
    "none_one": (
        "No clear difference. Under {regime} it is {level}, under {baseline} {base}: a difference "
        "of {difference}, and the interval ({interval}) includes zero."
    ),
    "baseline_best": (
        "No regime does clearly better than {baseline} ({base}). {poorer} clearly worse."
    ),
    "does": "{names} does",
    "do": "{names} do",
    "unsure": (
        "{most} ({level}; {baseline} {base}), but one replicate shows no more than one course of "
        "events."
    ),
    "averted": (
        "Over {years} that makes {averted} lonely person-years fewer per 1 000 adults than under "
        "{baseline} ({interval})."
    ),
    "averted_more": (
        "Over {years} that makes {averted} lonely person-years more per 1 000 adults than under "
        "{baseline} ({interval})."
    ),
    "small": (
        "The effects are small beside the level: from the best to the worst regime the share "
        "moves by {span}, and {rest} remain lonely under the best."
    ),
    "hours_same": (
        "{names} uses about as many staff hours as {baseline} ({base} a month per 1 000 adults): "
        "no clear difference."
    ),
    "hours_same_many": (
        "{names} use about as many staff hours as {baseline} ({base} a month per 1 000 adults): "
        "no clear difference."
    ),
    "hours_item": "{name} uses {level} a month per 1 000 adults ({difference}, {interval})",
    "hours_base": "{baseline} uses {level}",
    "hours_least": ("{name} uses the fewest hours, {level} ({difference}); {effect}."),
    "hours_least_worse": "it does clearly worse than {baseline} in {topics}",
    "hours_least_fine": "it does not do clearly worse than {baseline} in any of the three",
    "people": (
        "Under {regime} {gain} in 1 000 citizens ({gain_interval}) score at least one point lower "
        "on the loneliness scale (3–9) in the last year than the same persons under "
        "{baseline}; {loss} in 1 000 ({loss_interval}) score at least one point higher."
    ),
    "people_chance": (
        "Some of both is chance: a regime gives places and companions to other persons, and each "
        "person’s luck changes with it. What counts is the balance of the two sides."
    ),
    "turn_intro": (
        "Dialogue takes time. The regimes were therefore also run with {count} numbers of staff "
        "hours, from {low} to {high} a month per staff member, {replicates} replicates each."
    ),
    "turn_missing": (
        "This study was not run over a range of staff hours. The same velfaerd compare with "
        "--staff-hours default adds that."
    ),
    "turn_turns": (
        "{topic}: {ahead} is clearly better than {behind} {at} a month per staff member; "
        "{at_behind} it is clearly the other way round. The ranking turns between {low} and {high} "
        "hours, near {near}."
    ),
    "turn_mixed": (
        "{topic}: the ranking of {ahead} and {behind} changes more than once. {ahead} is clearly "
        "better {at} a month per staff member, {behind} {at_behind}."
    ),
    "turn_leans": (
        "{topic}: {ahead} is clearly ahead of {behind} {at} a month per staff member. With more "
        "hours the curves cross (near {near}), but that {behind} is better there is not clear: the "
        "intervals include zero."
    ),
    "turn_leans_late": (
        "{topic}: {ahead} is clearly ahead of {behind} {at} a month per staff member. With fewer "
        "hours the curves cross (near {near}), but that {behind} is better there is not clear: the "
        "intervals include zero."
    ),
    "turn_ahead": (
        "{topic}: {ahead} is clearly ahead of {behind} {at}, and clearly behind at none of the "
        "hours studied ({fewest} to {most} a month per staff member): no clear turn."
    ),
    "turn_ahead_all": (
        "{topic}: {ahead} is clearly ahead of {behind} at all hours studied ({fewest} to {most} a "
        "month per staff member): the ranking does not turn."
    ),
    "turn_close": (
        "{topic}: {ahead} and {behind} cannot be told apart at any number of hours studied "
        "({fewest} to {most} a month per staff member)."
    ),
    "at_hours": "at {hours} hours",
    "at_all_hours": "at all hours studied",
    "turn_head": "The ranking depends on staff hours. {sentence}",
    "turn_head_none": "No pair looked at changes its order clearly with staff hours. {sentence}",
    "sure": (
        "The intervals (95%, {replicates} replicates) cover chance inside the model, each "
        "comparison by itself; of twenty comparisons without any difference one would be marked "
        "as clear. They do not cover whether the assumptions hold: no regime has a measured "
        "effect in Denmark, and most sizes are assumed."
    ),
    "sure_sequential": (
        "The intervals (95%, valid at any stopping point, {replicates} replicates) cover chance "
        "inside the model, each comparison by itself. They do not cover whether the assumptions "
        "hold: no regime has a measured effect in Denmark, and most sizes are assumed."
    ),
    "sure_one": (
        "One replicate carries no uncertainty: how much of a difference is chance is not known. "
        "Ask for more replicates before a number is passed on."
    ),
    "note_crisis_mode": "{regime} is meant for months, not for years.",
    "the_status_quo": "the status quo",
}
