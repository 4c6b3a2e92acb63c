"""The sentences of the ledger of claims in English; numbers fill them."""

from __future__ import annotations

ENGLISH: dict[str, str | tuple[str, ...]] = {
    "title": "The articles' claims, judged",
    "intro": (
        "Each claim of five Danish articles about municipalities and volunteers was written down"
        " as an experiment, with what is compared and what decides, before any result was seen;"
        " what was changed later is told at the claim, with the reason. It was then run in many"
        " worlds: sets of the parameters that nobody has measured exactly. The verdict is the"
        " share of worlds in which the claim is met: it holds from 90 % on, mostly from 70 %,"
        " depends from 30 %, mostly does not from 10 %. A question mark stands where the worlds"
        " that were run leave another word open. No way of governing has a measured Danish"
        " effect; what stands here is what follows from the model's assumptions, and where it"
        " turns."
    ),
    "overview": "Overview",
    "head": (
        "Claim",
        "Source",
        "Kind",
        "Verdict",
        "Share of worlds",
        "Prior",
        "Fragile on",
    ),
    "none": "nothing",
    "not_run": "not run",
    "verdict": "{word}: met in {share} of {worlds} {set} (between {low} and {high}; {settled}).",
    "verdict_table": "{word}: {met} of {worlds} free cells are reproduced over the {set}.",
    "settled": "settled",
    "open": "not settled, it may also be: {words}",
    "all_settled": "settled",
    "built_in": "Built in: the model assumes this itself, through {parameters}; the experiment "
    "says how large the consequence is.",
    "price": "A rule of conduct is not right or wrong by numbers; what stands below is its price.",
    "changed": "Changed on {date}, {when}: {text}",
    "before": "before any result was seen",
    "after": "after results were seen",
    "wrong": "Chance within a world is expected to misjudge {share} of the worlds.",
    "asked_up": "asked for: at least {least}",
    "asked_down": "asked for: at most {least}",
    "criterion": (
        "{label}: median {median}, from {low} to {high} in nine of ten worlds; {asked}, met"
        " in {share}"
    ),
    "beside": "Beside it (does not decide)",
    "decides": "What decides",
    "reason": "smallest effect that matters: {text}",
    "box_fails": (
        "Over the {worlds} worlds of all sets it fails mostly where {limits}: in "
        "{density} of the worlds there, against {all} everywhere; the box holds "
        "{coverage} of the worlds in which it fails."
    ),
    "box_holds": (
        "Over the {worlds} worlds of all sets it is met mostly where {limits}: in "
        "{density} of the worlds there, against {all} everywhere; the box holds "
        "{coverage} of the worlds in which it is met."
    ),
    "box_unseen": (
        "On worlds not used to find it, density is {density} and coverage {coverage}; "
        "{same} of the resamples restrict the same parameters, so the box is {stable}."
    ),
    "box_stable": "stable",
    "box_unstable": "not stable, and its limits should not be relied on one by one",
    "box_none": (
        "No limit on any parameter sets the worlds in which it fails apart beyond chance."
    ),
    "box_few_fails": "It fails in {cases} of the worlds: too few to tell what sets them apart.",
    "box_few_holds": "It is met in {cases} of the worlds: too few to tell what sets them apart.",
    "box_never_fails": "It fails in none of the worlds.",
    "box_never_holds": "It is met in none of the worlds.",
    "counter_not_run": "The counter-mechanism was not run.",
    "table_note": "diamond: published, grey: what the survey leaves open; dot: simulated median, "
    "line: nine of ten worlds",
    "above": "{label} is above {low}",
    "below": "{label} is below {high}",
    "between": "{label} lies from {low} to {high}",
    "and": "and",
    "leanings": ("Leans most on (rank correlation with the margin within sets of worlds): {list}."),
    "leaning": "{label} {value} [{low}; {high}]{clear}",
    "not_clear": " (not clear of chance)",
    "no_leanings": "No assumption stands out: too few worlds.",
    "counter": (
        "Counter-mechanism, that {words}: met in {after} of {worlds} worlds in the place of"
        " {before}: {what}."
    ),
    "overturned": "it overturns the verdict",
    "not_overturned": "it does not overturn the verdict",
    "counter_open": "the majority changes, but no more than chance might",
    "no_counter": "No counter-mechanism could be carried out in this version of the model.",
    "moved": "What should not matter, met in {worlds} worlds ({before} as written): {list}.",
    "fragile": "Fragile: the verdict turns under {list}.",
    "firm": "No change that should not matter turns the verdict by more than chance.",
    "overturn": "What would change our mind: {text}",
    "reading": "How it was read: {text}",
    "figure": "Effects over worlds",
    "table_head": (
        "Route",
        "Answer",
        "Published",
        "Survey leaves open",
        "Simulated: median (5–95 %)",
        "Reproduced",
    ),
    "yes": "yes",
    "no": "no",
    "made": (
        "Made from {worlds} judged worlds with model {model}; study {fingerprint}. Every "
        "number here is made from the tables in `experiments/claims`."
    ),
    "summary_title": "One page for those who decide",
    "summary_intro": (
        "Five articles say how Danish municipalities should work with volunteers. We wrote "
        "{count} of their claims down as experiments in a simulated municipality, and ran "
        "each in many worlds that agree with what is known. This is what came out."
    ),
    "right": "What the articles got right",
    "right_line": "{id}: {statement} ({word}; met in {share} of the worlds{mark})",
    "depends": "What depends, and on what",
    "depends_line": ("{id}: {statement} (met in {share} of the worlds{mark}){but} {conditions}"),
    "wrong_head": "What does not follow",
    "wrong_line": "{id}: {statement} ({word}; met in {share} of the worlds{mark}){but}",
    "norms": "What is a matter of principle",
    "norm_line": "{id}: {statement} Its price: {price}.",
    "table_line": (
        "{id}: {statement} The model gives {met} of {worlds} cells of the published "
        "table; it was fitted to that table, so this is no proof."
    ),
    "disagree": "Where the articles disagree",
    "disagree_line": "{id}: {statement} {verdict} {conditions}",
    "fragile_mark": "; fragile",
    "assumed_mark": "; built in",
    "cannot": "What the model cannot say",
    "cannot_lines": (
        (
            "How large any of this is in a given Danish municipality: no way of governing "
            "has a measured Danish effect, so the worlds differ widely."
        ),
        (
            "Whether a claim is true of reality: it says what follows from mechanisms that "
            "are named in the parameter table, most of whose sizes are assumed."
        ),
        (
            "Anything about law, money other than staff hours, politics, or the quality of "
            "professional work itself."
        ),
        (
            "Who the volunteers and the lonely are beyond age, ties, loneliness and being "
            "known to the municipality."
        ),
    ),
    "nothing_here": "None of the claims.",
    "against": "{of} against {against}",
    "others": "the best of {count} others",
    "worlds_word": "worlds",
    "leanings_unclear": "No single assumption is clear of chance; nearest to it: {list}.",
    "best": "Best {by} {where}: {list} of {worlds} worlds.",
    "best_place": "({place})",
    "best_swing": "Moves {by} most: {list} of {worlds} worlds (minus: downward).",
    "best_one": "{name} in {count}",
}
