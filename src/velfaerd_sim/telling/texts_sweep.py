"""The words of the report of a sweep around what its analyses say.

Values in braces are filled in by `sweep_report`, `sweep_figures` and the figures.
"""

from __future__ import annotations

from velfaerd_sim.analysis.sweep import variance, world_shares

ENGLISH: dict[str, str] = {
    # frame
    "sweep_eyebrow": "Sweep · {design}",
    "sweep_conditional": "Results of a model under stated assumptions, not a forecast.",
    "sweep_answer": "The answer in short",
    "sweep_design": "Question and design",
    "sweep_cannot": "What this cannot tell",
    "sweep_failures": "Failures",
    "sweep_reproduce": "Reproduce",
    "sweep_again": "How to get these numbers again",
    "sweep_same_numbers": (
        "The same commands with the same version give the same numbers to the last bit. To "
        "recompute recorded runs and compare them bit for bit: velfaerd verify DIR."
    ),
    "sweep_foot": (
        "velfaerd_sim {version}: an agent-based model of municipal governance of volunteering. "
        "Fingerprint {fingerprint}"
    ),
    "sweep_setting": (
        "World: {world}. Regimes: {regimes}; {baseline} is the baseline. Outcomes: {outcomes}. "
        "Every point and every regime meets the same people and the same chances (the same seeds "
        "of replicates), so differences are paired. Numbers in sentences are in the unit of the "
        "outcome, shares as parts of 1; brackets hold 95% intervals."
    ),
    "sweep_varies": "What varies: {design}.",
    "sweep_factor": "Factor",
    "sweep_range": "Range or values",
    "sweep_distribution": "Distribution",
    "sweep_role": "Role",
    "sweep_fixed": "Fixed apart from the usual values: {values}.",
    "sweep_more": "More ({count})",
    "sweep_weak": (
        "<b>Not to be relied on yet.</b> The sample is too small, or the result not stable, for:"
    ),
    "sweep_not_done": "<b>Not done.</b>",
    "sweep_failed": "{count} runs failed and are left out:",
    "sweep_failed_first": "{count} runs failed and are left out; the first of them:",
    "sweep_none_failed": "No run failed.",
    "sweep_point": "Point",
    "sweep_replicate": "Replicate",
    "sweep_seed": "Seed",
    "sweep_message": "Message",
    "sweep_all_outcomes": "All outcomes together",
    "sweep_question_one": "What does {regime} lead to, and what does that depend on?",
    "sweep_question": "How do {others} compare with {baseline}, and what decides?",
    "sweep_one_point": "one point: only chance varies",
    "sweep_one_point_worlds": "one point: only worlds and chance vary",
    "sweep_worlds": (
        "Every point and every regime is run in the same {count} worlds ({name}), sets of values "
        "for {parameters} parameters that are not factors, each with people and luck of its own."
    ),
    "sweep_size": "{adults} adults, {months} months",
    "sweep_runs": "{points} × {worlds}{replicates} × {regimes}",
    "sweep_done": "{done} runs done of {planned}",
    "sweep_small_print": (
        "velfaerd_sim {version} · {name} · {points} × {worlds}{replicates}{unfinished} · "
        "fingerprint {fingerprint}"
    ),
    "sweep_unfinished": " · {done} of {planned} runs",
    "sweep_month": "{label}, month {month}",
    "point_1": "{count} point",
    "point_n": "{count} points",
    "replicate_1": "{count} replicate",
    "replicate_n": "{count} replicates",
    "regime_1": "{count} regime",
    "regime_n": "{count} regimes",
    "worlds_times": "{count} worlds × ",
    "k_model_digest": "Model digest",
    "k_study_digest": "Study digest",
    "k_seed_points": "Seed of points and replicates",
    "k_seed_resampling": "Seed of resampling",
    "not_finished": "not finished",
    "sweep_files": (
        "runs/ (one row a run), analysis/ (a table an answer as Parquet and CSV, answers.json), "
        "figures/ (SVG and PNG), study.json"
    ),
    # designs
    "design_grid": "a grid: every value with every other",
    "design_one_at_a_time": "one factor at a time, all others where they are",
    "design_latin_hypercube": "a Latin hypercube: a random sample, even in each factor",
    "design_sobol": "a Sobol sequence: an even sample of the whole space",
    "design_saltelli": "a Saltelli sample, made for Sobol indices",
    "design_morris": "Morris trajectories, made for screening",
    "design_points": "points from a file",
    # sections
    "part_contrasts": "The regimes side by side",
    "part_decides": "What decides",
    "part_turns": "Where the ranking turns",
    "part_discovery": "In which worlds",
    "part_choice": "Which regime is safe to choose",
    "part_chance": "Parameters and chance",
    # captions
    "caption_difference": "{label}, difference to {baseline}",
    "caption_contrasts": (
        "Difference to {baseline}: dots are means over the points with 95% intervals, pale bars the"
        " middle nine tenths of the points. Blue is clearly better, orange clearly worse, grey not"
        " clear."
    ),
    "caption_sobol": (
        "Share of the variance between points that stays when all other parameters are known"
        " (total index, filled) and that goes when this one is known (first order, open), with 95%"
        " intervals. Blue parameters decide; the grey band holds what is negligible. Indices are"
        " estimates and may fall below zero by chance."
    ),
    "caption_morris": (
        "Mean size of the effect of a parameter over its range (filled, with 95% interval; blue"
        " where it matters), its standard deviation over the trajectories (open: the larger, the"
        " more the effect depends on the other parameters), and what chance alone would give"
        " (orange tick)."
    ),
    "caption_pawn": (
        "PAWN index: how far the distribution moves when a parameter is known, with 95% intervals."
        " Beyond the dashed line, which an idle parameter does not pass in 95 % of shuffles, the"
        " parameter is influential (blue)."
    ),
    "caption_one_at_a_time": (
        "Effect of going from the low to the high end of a factor's range, all others where they"
        " are, with 95% intervals. Blue is clearly better, orange clearly worse."
    ),
    "caption_lines": (
        "Left: the outcome under each regime; right: differences to {baseline}; means with 95%"
        " intervals from the replicates, over all values of the other factors. A ring marks where"
        " the ranking turns, the bar through it its interval where there is one turn."
    ),
    "caption_maps": (
        "Difference to {baseline} in every cell of the grid, blue where the regime is better,"
        " orange where it is worse; a cross where chance may explain the difference. The ranking"
        " turns at the solid line; the true line lies between the dashed ones where there are any."
    ),
    "caption_boxes": (
        "Scenario discovery: the part of each parameter's range (grey) in which the event mostly"
        " happens (blue); parameters that are not shown are not restricted."
    ),
    "caption_choice": (
        "Left: share of worlds in which each regime is the best, with 95% interval; dark where it"
        " is clearly ahead of the second. Right: how far it stays behind the best regime of the"
        " world: mean with 95% interval, nine worlds of ten (tick), largest (pale bar)."
    ),
    "caption_satisficing": (
        "Share of worlds in which each regime meets all criteria, with 95% intervals."
    ),
    "caption_front": (
        "Benefit against staff hours used, means over the worlds with 95% intervals. The line joins"
        " the regimes that no other beats on both; those beaten are grey."
    ),
    "caption_chance": (
        "Shares of the variance between single runs; the line is the 95% interval of the"
        " parameters' share."
    ),
    "caption_worlds": (
        "Shares of the variance between single runs: what the design's factors bring, what the"
        " parameters of the worlds bring, and chance; the line is the 95% interval of the worlds'"
        " share."
    ),
    # what the analyses are called
    "method_contrasts": "Regimes compared",
    "method_sobol": "Sobol indices",
    "method_morris": "Elementary effects",
    "method_one_at_a_time": "Effects one at a time",
    "method_pawn": "PAWN indices",
    "method_map": "Map",
    "method_response": "Response",
    "method_prim": "PRIM",
    "method_cart": "CART",
    "method_best_regimes": "Best regime of every world",
    "method_regret": "Regret",
    "method_satisficing": "Satisficing",
    "method_front": "Pareto front",
    "method_variance": "Parameters and chance",
    "method_worlds": "Design, worlds and chance",
    # in figures
    "ax_variance_share": "share of variance",
    "ax_pawn": "PAWN index",
    "ax_not_told": "not told from chance",
    "ax_chance": "Parameters and chance",
    "ax_worlds": "Design, worlds and chance",
    "ax_variance": "per cent of the variance between single runs",
    "ax_best": "Best regime",
    "ax_best_unit": "per cent of worlds; dark: clearly best",
    "ax_regret": "Regret",
    "ax_all_met": "All criteria met",
    "ax_of_worlds": "per cent of worlds",
    "ax_used_sweep": "staff hours used, a month per 1 000 adults",
    "ax_difference_to": "Difference to {baseline}",
    "ax_map": "{label}, minus {baseline}",
    "ax_beats": "{regime} beats {against}",
    "ax_beats_by": "{regime} beats {against} by {margin} or more",
    "ax_box": (
        "density {density} ({share} everywhere)  ·  coverage {coverage}  ·  same parameters in "
        "{same} of resamples: {verdict}"
    ),
    "ax_stable": "stable",
    "ax_not_stable": "not stable",
}
ENGLISH |= {f"legend_{part}": part for part in (*variance.PARTS, *world_shares.PARTS)}
