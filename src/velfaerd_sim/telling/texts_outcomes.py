"""What the outcomes mean: as their table defines them, and in Danish."""

from __future__ import annotations

from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.measures.outcomes import OUTCOMES

_DANISH: dict[str, str] = {
    "volunteers_per_1000": "Frivillige pr. 1.000 voksne",
    "joins": "Borgere, der blev frivillige i måneden",
    "leaves": "Frivillige, der stoppede i måneden",
    "retention_12m": (
        "Andel af nye frivillige, der stadig er frivillige efter tolv måneder (Kaplan-Meier), målt "
        "over de seneste tolv måneder"
    ),
    "motivation_mean": "De frivilliges gennemsnitlige autonome motivation",
    "autonomy_mean": "Gennemsnitlig opfyldelse af behovet for autonomi",
    "competence_mean": "Gennemsnitlig opfyldelse af behovet for kompetence",
    "relatedness_mean": "Gennemsnitlig opfyldelse af behovet for samhørighed",
    "controlled_motivation_mean": "De frivilliges gennemsnitlige kontrollerede motivation",
    "ownership_mean": "Gennemsnitligt ejerskab til arbejdet",
    "exhaustion_mean": "De frivilliges gennemsnitlige udmattelse",
    "bureaucracy_felt_share": "Andel af frivillige, der finder rammerne for bureaukratiske",
    "loneliness_mean": "De voksnes gennemsnitlige ensomhed",
    "lonely_share": "Andel af voksne med en T-ILS-score på 7 eller mere",
    "lonely_onset_rate": "Andel af dem, der ikke var ensomme for tolv måneder siden, som er det nu",
    "lonely_recovery_rate": (
        "Andel af dem, der var ensomme for tolv måneder siden, som ikke er det nu"
    ),
    "lonely_reached_share": "Andel af ensomme voksne, der deltager i en indsats",
    "contact_hours_per_1000": "Frivilligtimer, der når ud til mennesker",
    "initiatives_per_1000": "Igangværende indsatser pr. 1.000 voksne",
    "clarity_effective_mean": "Gennemsnit af rollernes klarhed gange aftalens tilpasning",
    "influence_gap_mean": "Gennemsnit af lovet minus faktisk indflydelse, hvor den er positiv",
    "strain_share": "Andel af indsatser med en belastning på 0,5 eller mere",
    "substitution_mean": "Gennemsnitlig grad, hvori frivillige løser faglige kerneopgaver",
    "dialogue_enacted_mean": "Gennemsnitlig dialog, der faktisk finder sted, over indsatser",
    "staff_capacity_mean": (
        "Medarbejdertimer til rådighed i forhold til de timer, der er brug for, højst 1, "
        "gennemsnit over voksne"
    ),
    "staff_skill_mean": "De ansattes gennemsnitlige evne til at facilitere",
    "staff_satisfaction_mean": "De ansattes gennemsnitlige arbejdsglæde",
    "staff_hours_per_1000": "Medarbejdertimer brugt på samarbejdet",
    "lonely_years_averted_per_1000": (
        "Ensomme personår under niveauet i måned 0, summeret fra måned 0; forskellen mellem to "
        "styringsformer er det, den ene undgår i forhold til den anden"
    ),
    "lonely_years_averted_per_100_staff_hours": (
        "Undgåede ensomme personår i forhold til de medarbejdertimer, der er brugt siden måned 0"
    ),
    "participants_per_1000": "Deltagere i indsatser pr. 1.000 voksne",
    "stock_retention_12m": (
        "Frivillige med mindst tolv måneders anciennitet i forhold til antallet af frivillige for "
        "tolv måneder siden"
    ),
    "motivation_spread": "Standardafvigelse i de frivilliges motivation",
    "affiliated_share": "Andel af frivillige, der er knyttet til en forening",
    "hours_per_volunteer": "Timer om måneden, som en frivillig bruger sammen med mennesker",
    "tils_score_mean": "Gennemsnitlig score på ensomhedsskalaen med tre spørgsmål (T-ILS)",
    "lonely_known_share": "Andel ensomme blandt voksne, som kommunen kender",
    "lonely_unknown_share": "Andel ensomme blandt voksne, som kommunen ikke kender",
    "fit_mean": "Aftalernes gennemsnitlige tilpasning til arbejdet",
    "influence_mean": "De frivilliges gennemsnitlige indflydelse",
    "quality_mean": "Arbejdets gennemsnitlige kvalitet",
    "leeway_mean": "Gennemsnitlig nærhed, fleksibilitet og åbenhed, der er tilbage",
    "overload_mean": "Gennemsnitlig belastning ud over de frivilliges timer",
    "incidents_per_1000": "Faglige hændelser i måneden",
    "opened_per_1000": "Indsatser, der åbnede i måneden",
    "closed_per_1000": "Indsatser, der lukkede i måneden",
    "municipal_start_share": "Andel af månedens nye indsatser, som kommunen selv startede",
    "pairs_broken_per_1000": "Deltagere, hvis ledsager stoppede, eller hvis indsats lukkede",
    "staff_concern_mean": "De ansattes gennemsnitlige bekymring for deres faglige grænse",
    "staff_turnover_rate": "Tolv gange andelen af ansatte, der stopper i måneden",
    "staff_hours_contact_per_1000": "Medarbejdertimer brugt på kontaktpersoner",
    "staff_hours_rules_per_1000": "Medarbejdertimer brugt på regler",
    "staff_hours_agreements_per_1000": "Medarbejdertimer brugt på aftaler",
    "staff_hours_dialogue_per_1000": "Medarbejdertimer brugt på dialog",
}
_DANISH |= {
    f"lonely_share_{band.replace('-', '_').replace('+', '_plus')}": (
        f"Andel ensomme blandt voksne på {band.replace('-', '–')} år"
    )
    for band in AGE_BANDS
}

ENGLISH: dict[str, str] = {f"definition_{each.name}": each.definition for each in OUTCOMES}
DANISH: dict[str, str] = {f"definition_{name}": text for name, text in _DANISH.items()}
