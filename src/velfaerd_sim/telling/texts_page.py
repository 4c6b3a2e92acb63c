"""The words around the answer: headings, tables, captions, assumptions, limits.

Values in braces are filled in by the code that lays out the page.
"""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # frame
    "language": "en",
    "title": "Which way of governing volunteering helps?",
    "title_run": "What happens under {regime}?",
    "eyebrow": "Simulated comparison of {count} governance regimes",
    "eyebrow_run": "One simulated course of events",
    "meta_world": "{title}: {adults} adults{towns}, {years}",
    "meta_towns": " in {count} municipalities",
    "meta_replicates": "{count} simulated populations, each lived through under every regime",
    "meta_one": "one simulated population",
    "meta_id": "fingerprint {fingerprint}",
    "conditional": "Results of a stylised model, conditional on its assumptions. No forecast.",
    "contents": "Contents",
    # headings
    "h_question": "The question",
    "h_answer": "The answer",
    "h_table": "The regimes at a glance",
    "h_regimes": "What the regimes mean",
    "h_course": "From the start to the last year",
    "h_time": "How it unfolds",
    "h_differences": "Differences to {baseline}",
    "h_people": "Who gains and who loses",
    "h_cost": "What the staff hours bring",
    "h_turn": "Does the ranking depend on staff hours?",
    "h_towns": "Between municipalities",
    "h_assumptions": "What is assumed",
    "h_limits": "What this cannot tell",
    "h_again": "How to get these numbers again",
    # question
    "question": (
        "A municipality can steer its work with volunteers by rules, by agreements, by dialogue, "
        "or not at all. Which of these ways keeps volunteers, and keeps them motivated? Which "
        "leaves fewer citizens lonely? What does each cost in staff hours, and who gains or loses?"
    ),
    "question_how": (
        "The regimes are tried on the same simulated citizens, who meet the same chances under "
        "each: {replicates} populations of {adults} adults live through {years} under every "
        "regime, after {burn_in} under today’s governance. What differs between two "
        "regimes is then due to the regime."
    ),
    "question_how_one": (
        "The regimes are tried on the same simulated citizens, who meet the same chances under "
        "each: one population of {adults} adults lives through {years} under every regime, after "
        "{burn_in} under today’s governance."
    ),
    "question_run": (
        "One population of {adults} adults{towns} is simulated over {years} under {regime}, after "
        "{burn_in} under today’s governance. {summary}"
    ),
    # table
    "table_caption": (
        "Mean over the last year of the simulation with its 95% interval, and the paired "
        "difference to {baseline}. ▲ clearly better, ▼ clearly worse (the interval excludes "
        "zero); ≈ no clear difference; ● clearly different where neither is better."
    ),
    "table_caption_one": "Mean over the last year of the simulation. One replicate: no intervals.",
    "course_rest": "All other outcomes",
    "table_regime": "Regime",
    "table_breaks": "",
    "table_start": "At the start",
    "table_end": "In the last year",
    "table_outcome": "Outcome",
    "mark_better": "clearly better",
    "mark_worse": "clearly worse",
    "mark_differs": "clearly different",
    "mark_unclear": "no clear difference",
    "mark_baseline": "baseline",
    "all_outcomes": "All outcomes: difference to {baseline}, every regime",
    "all_outcomes_caption": (
        "Paired difference to the baseline with its 95% interval. ▲ clearly better, ▼ clearly "
        "worse, ≈ no clear difference, ● clearly different where neither is better."
    ),
    "instruments_caption": (
        "Each regime is a point in the space of eight instruments, from 0 (not used) to 1 (used "
        "fully). The positions are read out of articles; that they are these numbers is an "
        "assumption."
    ),
    "regime_sources": "Where the positions come from",
    "i_rigidity": "Rules, vetting, reporting",
    "i_role_clarity": "Clear roles",
    "i_dialogue": "Dialogue",
    "i_influence": "Influence",
    "i_recognition": "Recognition",
    "i_boundary_protection": "Core tasks kept with staff",
    "i_openness": "Openness",
    "i_training": "Training of staff",
    "short_municipal_baton": "Status quo",
    "phase": "from month {month}: {regime}",
    "phase_ramp": "from month {month}: {regime}, reached over {ramp} months",
    "phase_departments": "; {count} departments are governed otherwise",
    "kind_capital": "capital",
    "kind_large_city": "large city",
    "kind_provincial_city": "provincial city",
    "kind_commuter": "commuter",
    "kind_rural": "rural",
    # tables of yields and parameters
    "yield_note": (
        "The effect per 100 hours below is related to all hours that a regime uses, not to extra "
        "hours: most regimes use nearly the same hours, differently. Where a regime uses hardly "
        "any hours it says little."
    ),
    "levers": "What governance decides (levers)",
    "uncertain": "Uncertain sizes on the main arrows",
    "uncertain_note": "Chosen by judgement, not by a sensitivity analysis.",
    "all_parameters": "All {count} parameters",
    "p_name": "Parameter",
    "p_value": "Value used",
    "p_unit": "Unit",
    "p_range": "Range",
    "p_source": "Source",
    "p_usual": "usual: {default}",
    "changed": "Changed for this study",
    "assumptions": (
        "{assumed} of {count} parameters rest on an assumption about their size; each is marked "
        "so. Every strength of a causal arrow has a range that includes no effect at all."
    ),
    "shocks": "Events from outside",
    "shock_lockdown": (
        "Month {month}: a lockdown of {months} months, eased over {release_months} more. Contact "
        "is multiplied by {contact_factor}; loneliness (0–1) rises by {loneliness_push} a month."
    ),
    "shock_spontaneous": (
        "Month {month}: people step forward by themselves for {months} months, which fades over "
        "{release_months} more. Recruitment is multiplied by {recruitment_factor}."
    ),
    "shock_austerity": (
        "Month {month}: staff hours are cut by a share of {yearly_cut} of what is left, once a "
        "year, at most {years} times."
    ),
    "shock_demand": (
        "Month {month}: the need for help moves to {demand_factor} times its size over "
        "{ramp_months} months."
    ),
    "shock_ageing": (
        "Month {month}: once a year a share of {yearly_probability} of each age band but the last "
        "moves up one band, at most {years} times."
    ),
    "shock_consultant_loss": (
        "Month {month}: every town loses {consultants} of its volunteer consultants."
    ),
    "shock_source": "Source: {source}.",
    # figures
    "fig": "Figure {number}.",
    "f_time": (
        "Key outcomes by month since the regimes part. Lines are means over replicates, bands "
        "their 95% intervals. Bands of two regimes may overlap and the regimes still differ "
        "clearly, because both live through the same chances: differences are judged in the "
        "figures of differences."
    ),
    "f_time_one": "Key outcomes by month. One course of events: there is no band of uncertainty.",
    "f_time_towns": (
        "Key outcomes by month. The band spans the middle 80% of municipalities; it shows how "
        "they differ, not how uncertain the line is."
    ),
    "f_events": "Shaded, or a dotted line: events from outside.",
    "f_paths": (
        "Lonely adults, difference to {baseline} by month, with 95% intervals. Below zero means "
        "fewer are lonely. In grey the other regimes."
    ),
    "f_forest": (
        "Paired difference to {baseline} in the last year, with 95% intervals. Filled: the "
        "interval excludes zero, blue for better, orange for worse, grey where neither is. Open: "
        "no clear difference."
    ),
    "f_people": (
        "Citizens whose mean score on the loneliness scale (3–9) in the last year differs by at "
        "least one point from their own under {baseline}, per 1 000, with 95% intervals. Right: "
        "less lonely, left: lonelier."
    ),
    "f_ages": "The same by age band.",
    "f_benefit": (
        "Benefit against staff hours: difference to {baseline} in lonely person-years averted and "
        "in retention, against staff hours used. Crosses are 95% intervals."
    ),
    "f_yield": (
        "Lonely person-years averted against {baseline} per 100 staff hours that the regime uses, "
        "with 95% intervals."
    ),
    "f_turn": (
        "Left: outcomes by staff hours available, means with 95% intervals (retention is that of "
        "all volunteers, the less noisy measure). Right: difference "
        "between two regimes; the ranking turns where a line crosses zero, and the turn is sure "
        "where the band leaves zero on both sides. The dotted line is the number of hours in the "
        "rest of this report."
    ),
    "f_towns": "Municipalities in the last year, one dot each, by type; bars are medians.",
    "f_towns_compared": (
        "Difference to {baseline} in the last year, one dot a municipality, by type; bars are "
        "medians. Shown for the regime that leads on retention."
    ),
    "alt_ages": "{regime}, most change at {band} years: {both}",
    "small_print": "velfaerd_sim {version} · {replicates} · fingerprint {fingerprint}",
    "n_replicates": "{count} replicates",
    "n_one": "1 replicate, no interval",
    "ax_months": "months since the regimes part",
    "ax_months_run": "months since the start",
    "ax_staff_hours": "hours a month per staff member",
    "ax_used": "staff hours used, a month per 1 000 adults",
    "ax_gain": "per 1 000 citizens",
    "ax_lonelier": "← lonelier",
    "ax_less_lonely": "less lonely →",
    "ax_better_right": "better →",
    "ax_better_up": "better ↑",
    "ax_better_down": "better ↓",
    "ax_better_left": "← better",
    "ax_all": "All citizens",
    "ax_by_known": "Known and unknown citizens",
    "ax_per_100": "per 100 hours used (95%)",
    "ax_hours_short": "hours a month per 1 000",
    "ax_minus": "{regime} minus …",
    "ax_here": "{hours} h in this report",
    "ax_known": "known",
    "ax_unknown": "unknown",
    "gainers": "less lonely",
    "losers": "lonelier",
    # precision and pairing
    "pairing_factor": "{factor} times as many for {topic}",
    "pairing_some": (
        "All regimes meet the same people and the same chances, which saves runs: for differences "
        "as precise as these, independent runs would have to be {factors}."
    ),
    "pairing_none": "For {topics} the pairing saves nothing here.",
    "decided": (
        "Replicates were added until the half-widths for the three main outcomes were below "
        "{precision} standard deviations between replicates; {outcome} under {regime} was the last "
        "to get there, after {replicates} replicates."
    ),
    "decided_not": (
        "Replicates were added up to the maximum of {replicates}; the precision asked for "
        "({precision} standard deviations) was not reached. {outcome} under {regime} is farthest "
        "from it."
    ),
    "failed": "{count} runs failed and are left out.",
    # reproducing
    "again": "The same command with the same version gives the same numbers to the last bit.",
    "again_verify": "To recompute recorded runs and compare them bit for bit: velfaerd verify DIR.",
    "k_version": "Version",
    "k_digest": "Source digest",
    "k_fingerprint": "Fingerprint",
    "k_seed": "Seed",
    "k_scenario": "Scenario",
    "k_dependencies": "Versions of dependencies",
    "k_finished": "Finished",
    "k_files": "Data beside this report",
    "files": (
        "effects.parquet, levels.parquet, bands.parquet, groups.parquet, staff_hours.parquet, "
        "series.parquet, study.json; the figures as SVG and PNG in figures/"
    ),
    "files_run": "series.parquet, study.json; the figures as SVG and PNG in figures/",
    "cite": "velfaerd_sim {version}: an agent-based model of municipal governance of volunteering.",
    # small words
    "year": "{count} year",
    "years": "{count} years",
    "months": "{count} months",
    "month_one": "1 month",
    "and": "and",
    "or": "or",
}

NARROW_ENGLISH = (
    "The intervals are too narrow for a forecast.",
    "They hold the parameters fixed and cover chance only. With other plausible values the order "
    "of regimes can change; a comparison in many plausible worlds (--worlds) says how often.",
)

LIMITS_ENGLISH: tuple[tuple[str, str], ...] = (
    (
        "No regime has a measured effect in Denmark.",
        "Where the regimes stand on the eight instruments is read out of articles, and how "
        "strongly the instruments act is mostly assumed. The ranking follows from that.",
    ),
    NARROW_ENGLISH,
    (
        "Companionship is a weak remedy.",
        "Trials of befriending find an effect of about 0.18 standard deviations with an interval "
        "that touches zero, and none that is reliable on loneliness itself. The model is held to "
        "that size: its effects on loneliness are small, and no large promise follows from them.",
    ),
    (
        "The population stands still.",
        "Nobody is born, ages, moves or dies over the months simulated, and nothing outside the "
        "collaboration changes unless the scenario says so.",
    ),
    (
        "One retention among several.",
        "Retention here is the share of new volunteers still active in the same municipality’s "
        "initiatives after twelve months. It must not be set beside figures for staying in one "
        "organisation, for any volunteering, or for the intention to go on.",
    ),
    (
        "Loneliness is a score.",
        "Lonely means 7 or more on the three-item scale (3–9). The share who pass that line is "
        "fitted to national surveys; how scores below it are spread is not known.",
    ),
    (
        "Contagion is contested.",
        "That loneliness spreads along ties has been observed but not shown by experiment; its "
        "range in the model includes zero.",
    ),
    (
        "Years that are no yardstick.",
        "The survey of 2013 asked in other words and 2021 was a year of pandemic; neither was "
        "used.",
    ),
    (
        "Adults and departments only.",
        "The model knows adults of 16 and older, five departments and the volunteers of the "
        "social field. Sports clubs, children, money and politics are left out.",
    ),
    (
        "How the model itself was judged.",
        "What fits published figures and what does not, and which conclusions survive other "
        "assumptions, stands in docs/trace.md of the sources (velfaerd validate, velfaerd "
        "robustness).",
    ),
)
