"""The words of the ledger of claims, in English and Danish: verdicts, kinds, measures, routes."""

from __future__ import annotations

from velfaerd_sim.telling.claims_danish import DANISH
from velfaerd_sim.telling.claims_english import ENGLISH

WORDS = {
    "holds": ("holds", "holder"),
    "mostly": ("mostly holds", "holder for det meste"),
    "depends": ("depends", "kommer an på forholdene"),
    "mostly_not": ("mostly does not hold", "holder for det meste ikke"),
    "does_not": ("does not hold", "holder ikke"),
}
KINDS = {
    "assumed": ("assumed", "antaget"),
    "emergent": ("emergent", "følger af samspillet"),
    "descriptive": ("descriptive", "beskrivende"),
    "normative": ("normative", "norm"),
}
SETS = {
    "plausible": ("plausible worlds", "plausible verdener"),
    "prior": ("prior worlds", "verdener fra forhåndsviden"),
}
SOURCES = {
    "S0": "De eksperimenterende velfærdskommuner (2020)",
    "S1": "KL, FH og Frivilligrådet (2021)",
    "S2": "COK (2017)",
    "S3": "KORA/SDU (2016–17)",
    "S4": "KL: Vi er fælles om fremtidens velfærd",
}
INSTRUMENTS = {
    "rigidity": ("rigidity", "rigiditet"),
    "role_clarity": ("role clarity", "rolleklarhed"),
    "dialogue": ("dialogue", "dialog"),
    "influence": ("influence", "indflydelse"),
    "recognition": ("recognition", "anerkendelse"),
    "boundary_protection": ("boundary protection", "grænsebeskyttelse"),
    "openness": ("openness", "åbenhed"),
    "training": ("training", "uddannelse"),
}
ROUTES = {
    "municipality_invites_organisations": (
        "the municipality invites organisations",
        "kommunen inviterer foreninger",
    ),
    "municipality_recruits_individuals": (
        "the municipality recruits individuals",
        "kommunen rekrutterer enkeltpersoner",
    ),
    "dialogue_about_what_to_do_together": (
        "dialogue about what to do together",
        "dialog om, hvad der kan samarbejdes om",
    ),
    "users_contribute_to_municipal_tasks": (
        "users contribute to municipal tasks",
        "brugere bidrager til kommunale opgaver",
    ),
    "local_civil_actors_invite": ("local civil actors invite", "lokale civile aktører inviterer"),
    "regional_or_national_civil_actors_invite": (
        "regional or national actors invite",
        "regionale eller landsdækkende aktører inviterer",
    ),
}
ANSWERS = {
    "as_a_rule": ("as a rule", "som regel"),
    "sometimes": ("sometimes", "somme tider"),
    "seldom": ("seldom", "sjældent"),
    "never": ("never", "aldrig"),
    "dont_know": ("don't know", "ved ikke"),
}
MEASURES = {
    "expected_incidents_per_1000": (
        "Professional incidents to be expected",
        "Faglige hændelser, der må ventes",
    ),
    "fit_of_old_agreements": (
        "Fit of agreements after two years",
        "Aftalers tilpasning efter to år",
    ),
    "hours_reaching_people_share": (
        "Share of hours that reach people",
        "Andel af timer, der når mennesker",
    ),
    "variety_of_initiatives": ("Variety of initiatives", "Indsatsernes mangfoldighed"),
    "strain_first_year_share": (
        "New initiatives under strain",
        "Nye indsatser under belastning",
    ),
    "relief_hours_per_1000": (
        "Staff hours set free by substitution",
        "Medarbejdertimer frigjort ved substitution",
    ),
    "lonely_unknown_reached_share": (
        "Unknown lonely who are reached",
        "Ukendte ensomme, der nås",
    ),
    "reach_of_neediest_tenth": (
        "Share of the neediest tenth that takes part",
        "Andel af den mest trængende tiendedel, der deltager",
    ),
    "reach_of_middle_tenths": (
        "Share of the middle tenths that takes part",
        "Andel af de midterste tiendedele, der deltager",
    ),
    "reach_unknown_to_known": (
        "Reach among the unknown over that among the known",
        "Rækkevidde blandt ukendte i forhold til kendte",
    ),
    "loneliness_of_neediest_tenth": (
        "Loneliness of the neediest tenth",
        "Ensomhed i den mest trængende tiendedel",
    ),
    "cohort_loneliness": ("Loneliness of those followed", "Ensomhed hos dem, der følges"),
    "joiners_before": (
        "Loneliness of new volunteers before they began",
        "Nye frivilliges ensomhed, før de begyndte",
    ),
    "joiners_against_matched": (
        "Change of loneliness of new volunteers against others like them",
        "Ændring i nye frivilliges ensomhed over for andre som dem",
    ),
    "distance_to_template": (
        "Distance to the national template",
        "Afstand til den nationale skabelon",
    ),
    "survival_24m": (
        "Initiatives alive after two years",
        "Indsatser i live efter to år",
    ),
    "spread_of_quality": (
        "Spread of quality between municipalities",
        "Spredning i kvalitet mellem kommuner",
    ),
    "trial_effect": (
        "Company offered by lot: less lonely after a year",
        "Selskab tilbudt ved lodtrækning: mindre ensom efter et år",
    ),
    "route_table": ("The table of six routes", "Tabellen over seks veje"),
}
HOWS = {
    "level": ("level", "niveau"),
    "interaction": ("difference of the two effects", "forskellen mellem de to virkninger"),
    "mediated": (
        "share of the effect that goes through the arrows",
        "andel af virkningen gennem pilene",
    ),
    "delay": ("months later than with the rival", "måneder senere end rivalen"),
    "half_time": ("months to half of the way", "måneder til halvvejs"),
    "largest_swing": (
        "lead over the instrument that moves it most but this one",
        "forspring for det virkemiddel, der ellers flytter mest",
    ),
    "regret": (
        "what the one best regime costs the locality it serves worst",
        "hvad den ene bedste styringsform koster det sted, den tjener dårligst",
    ),
}

TEXTS = {"en": ENGLISH, "da": DANISH}
