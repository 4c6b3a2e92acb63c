"""The texts of Compare: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

INSTRUMENT_TEXTS: Table = {
    "rigidity": ("Rules and reporting", "Regler og dokumentation"),
    "rigidity_help": (
        "How much is laid down: vetting, fixed procedures, reporting. 0 is none, 1 is everything.",
        "Hvor meget der ligger fast: godkendelse, procedurer, dokumentation. 0 er intet, 1 er alt.",
    ),
    "role_clarity": ("Clear roles", "Klare roller"),
    "role_clarity_help": (
        "How clearly purpose and division of tasks are written down before the work starts.",
        "Hvor klart formål og opgavefordeling er skrevet ned, før arbejdet begynder.",
    ),
    "dialogue": ("Dialogue", "Dialog"),
    "dialogue_help": (
        "How much regular talk staff offer the volunteers. Dialogue takes staff hours.",
        "Hvor megen løbende dialog medarbejderne tilbyder de frivillige."
        " Dialog koster medarbejdertimer.",
    ),
    "influence": ("Influence", "Indflydelse"),
    "influence_help": (
        "How much volunteers are promised a say in what is done and how.",
        "Hvor meget de frivillige loves at få at sige om, hvad der gøres og hvordan.",
    ),
    "recognition": ("Recognition", "Anerkendelse"),
    "recognition_help": (
        "How visibly the municipality values what volunteers do.",
        "Hvor synligt kommunen værdsætter det, de frivillige gør.",
    ),
    "boundary_protection": ("Core tasks kept with staff", "Kerneopgaver hos de ansatte"),
    "boundary_protection_help": (
        "How firmly core professional tasks stay with staff, as settled in the works council.",
        "Hvor fast de faglige kerneopgaver bliver hos de ansatte, som aftalt i MED-udvalget.",
    ),
    "openness": ("Openness", "Åbenhed"),
    "openness_help": (
        "How open the municipality is to what citizens and associations want to start.",
        "Hvor åben kommunen er for det, borgere og foreninger vil sætte i gang.",
    ),
    "training": ("Training of staff", "Uddannelse af medarbejdere"),
    "training_help": (
        "How much staff learn to facilitate collaboration.",
        "Hvor meget medarbejderne lærer at facilitere samarbejde.",
    ),
}

TOWN_TEXTS: Table = {
    "town": ("The town", "Byen"),
    "type": ("Type", "Type"),
    "type_capital": ("Capital area", "Hovedstadskommune"),
    "type_large_city": ("Large city", "Storbykommune"),
    "type_provincial_city": ("Provincial city", "Provinsbykommune"),
    "type_commuter": ("Commuter area", "Oplandskommune"),
    "type_rural": ("Rural area", "Landkommune"),
    "type_help": (
        "Decides how old the citizens are: younger in the cities, older in rural areas. All else is"
        " the same in every type.",
        "Afgør, hvor gamle borgerne er: yngre i byerne, ældre i landkommunerne. Alt andet er ens i"
        " de fem typer.",
    ),
    "adults": ("Adults", "Voksne"),
    "adults_help": (
        "Citizens from 16 years on, each simulated by themselves. A larger town gives narrower"
        " bands and takes longer.",
        "Borgere fra 16 år, som simuleres hver for sig. En større by giver smallere bånd og tager"
        " længere tid.",
    ),
    "horizon": ("Horizon", "Tidshorisont"),
    "horizon_help": (
        "How long A and B govern. Before month 0 the town has lived under the status quo for"
        " {burn_in}.",
        "Hvor længe A og B styrer. Før måned 0 har byen haft status quo i {burn_in}.",
    ),
    "hours": ("Staff hours", "Medarbejdertimer"),
    "hours_unit": (" h", " t."),
    "hours_help": (
        "Hours a month that a staff member has for collaboration, the same under A and B."
        " {table} Source: an assumption; no Danish time-use study was found.",
        "Timer om måneden, som en medarbejder har til samarbejde, ens for A og B."
        " {table} Kilde: antagelse; der er ikke fundet en dansk tidsundersøgelse.",
    ),
    "hours_table": ("From {low} to {high} hours.", "Fra {low} til {high} timer."),
    "shocks": ("What may happen", "Hvad der kan ske"),
    "shock_crisis": ("Lockdown", "Nedlukning"),
    "shock_crisis_help": (
        "A lockdown of a year from month 12, and more who step forward to help.",
        "En nedlukning på et år fra måned 12, og flere der melder sig for at hjælpe.",
    ),
    "shock_austerity": ("Austerity", "Besparelser"),
    "shock_austerity_help": (
        "Staff hours fall by three per cent a year from the second year.",
        "Medarbejdertimerne falder med tre procent om året fra det andet år.",
    ),
    "shock_ageing": ("Ageing", "Aldring"),
    "shock_ageing_help": (
        "More old people every year, and a need for help that grows by 15 per cent in ten years.",
        "Flere ældre hvert år, og et behov for hjælp, der vokser 15 procent på ti år.",
    ),
    "other_shocks": ("own shocks: {count}", "egne hændelser: {count}"),
    "uncertain": ("Uncertain world", "Usikker verden"),
    "uncertain_help_plausible": (
        "Runs every pair in another of the plausible worlds: sets of parameters that fit what is"
        " known about Denmark. Shows whether the answer depends on what nobody knows exactly.",
        "Kører hvert par i en ny af de plausible verdener: parametersæt, der passer med det, man"
        " ved om Danmark. Viser, om svaret afhænger af det, ingen kender præcist.",
    ),
    "uncertain_help_prior": (
        "Runs every pair with other parameters from the whole range that is thought possible."
        " Shows whether the answer depends on what nobody knows exactly.",
        "Kører hvert par med andre parametre fra hele det spænd, der anses for muligt."
        " Viser, om svaret afhænger af det, ingen kender præcist.",
    ),
}

TEXTS: Table = {
    **INSTRUMENT_TEXTS,
    **TOWN_TEXTS,
    "governance": ("Two ways to govern", "To måder at styre på"),
    "governance_of": ("Governance {side}", "Styring {side}"),
    "slider_of": ("{what}, governance {side}", "{what}, styring {side}"),
    "adjusted": ("adjusted", "justeret"),
    "reset": ("Reset {side}", "Nulstil {side}"),
    "swap": ("Swap A and B", "Byt A og B"),
    "levels": ("Levels", "Niveauer"),
    "differences": ("B minus A", "B minus A"),
    "gap_legend": ("B − A: {b} minus {a}", "B − A: {b} minus {a}"),
    "show": ("Charts show", "Diagrammer viser"),
    "measuring": ("Running the first pair …", "Kører det første par …"),
    "measuring_what": (
        "The first time after an update this takes half a minute.",
        "Første gang efter en opdatering tager det et halvt minut.",
    ),
    "pairs": (
        "{count} of {planned} pairs of runs, same people, same luck",
        "{count} af {planned} par kørsler, samme mennesker, samme tilfældigheder",
    ),
    "pairs_worlds": (
        "{count} of {planned} pairs of runs, each in a world of its own",
        "{count} af {planned} par kørsler, hver i sin egen verden",
    ),
    "surer": ("Be surer: {count} pairs", "Større sikkerhed: {count} par"),
    "enough": ("Back to {count} pairs", "Tilbage til {count} par"),
    "other_people": ("Other people", "Andre mennesker"),
    "other_people_help": (
        "Draws another town with other people and other luck (seed {seed}).",
        "Trækker en ny by med andre mennesker og andre tilfældigheder (seed {seed}).",
    ),
    "c_volunteers_per_1000": ("Volunteers", "Frivillige"),
    "c_motivation_mean": ("Motivation", "Motivation"),
    "c_retention_12m": ("Retention after a year", "Fastholdt efter et år"),
    "c_lonely_share": ("Lonely adults", "Ensomme voksne"),
    "c_lonely_reached_share": ("Lonely adults reached", "Ensomme, der nås"),
    "c_staff_hours_per_1000": ("Staff hours", "Medarbejdertimer"),
    "unit_staff_hours_per_1000": (
        "hours a month per 1,000 adults",
        "timer/md. pr. 1.000 voksne",
    ),
    "chart_label": (
        "{what} by month under A and B. In the last year A {a}, B {b}, difference {difference}.",
        "{what} måned for måned under A og B. I det sidste år A {a}, B {b}, forskel {difference}.",
    ),
    "who": ("Who gains, who loses", "Hvem vinder, og hvem taber"),
    "who_help": (
        "Citizens per 1,000 whose loneliness score (T-ILS, 3 to 9) is on average a point or more"
        " lower (gain) or higher (loss) in the last year under B than under A. Thin lines: 95 per"
        " cent intervals.",
        "Borgere pr. 1.000, hvis ensomhedsscore (T-ILS, 3 til 9) i det sidste år i gennemsnit er"
        " mindst ét point lavere (vinder) eller højere (taber) under B end under A. Tynde streger:"
        " 95 %-intervaller.",
    ),
    "gain": ("Less lonely under B", "Mindre ensomme under B"),
    "loss": ("Lonelier under B", "Mere ensomme under B"),
    "everybody": ("Everybody", "Alle"),
    "age": ("{band} years", "{band} år"),
    "known": ("Known to the municipality", "Kendt af kommunen"),
    "unknown": ("Unknown to the municipality", "Ukendt for kommunen"),
    "per_1000_citizens": ("per 1,000 citizens", "pr. 1.000 borgere"),
    "who_label": (
        "Gainers and losers per 1,000 citizens by group. {everybody}",
        "Vindere og tabere pr. 1.000 borgere efter gruppe. {everybody}",
    ),
    "levels_help": (
        "Lines: mean of the pairs. Bands: 95 per cent interval of the mean; it narrows as more"
        " pairs arrive. It says how well the model's answer is known, not whether the model is"
        " right.",
        "Linjer: gennemsnit af parrene. Bånd: gennemsnittets 95 %-interval; det bliver smallere,"
        " når flere par kommer til. Det viser, hvor præcist modellens svar er kendt, ikke om"
        " modellen har ret.",
    ),
    "worlds_help": (
        "Lines: mean over worlds. Bands: the middle 90 per cent of worlds.",
        "Linjer: gennemsnit over verdener. Bånd: de midterste 90 % af verdenerne.",
    ),
    "settings": ("Settings", "Indstillinger"),
    "data": ("Data", "Data"),
    "figure": ("Figures and report", "Figurer og rapport"),
    "scenario_of": ("Scenario {side}", "Scenarie {side}"),
    "scenario_detail": (
        "TOML, for the command line and for here",
        "TOML, til kommandolinjen og til her",
    ),
    "series": ("By month", "Måned for måned"),
    "series_csv": ("CSV, every run, the outcomes shown", "CSV, hver kørsel, de viste resultater"),
    "series_parquet": ("Parquet, every run, all outcomes", "Parquet, hver kørsel, alle resultater"),
    "groups": ("Gainers and losers", "Vindere og tabere"),
    "groups_csv": ("CSV, by group with intervals", "CSV, efter gruppe med intervaller"),
    "effects": ("Differences", "Forskelle"),
    "effects_csv": ("CSV, all outcomes with intervals", "CSV, alle resultater med intervaller"),
    "curves": ("Curves", "Kurver"),
    "vector": ("SVG, for print", "SVG, til tryk"),
    "picture": ("PNG, for slides", "PNG, til præsentationer"),
    "report": ("Report", "Rapport"),
    "report_detail": (
        "HTML, one file; takes about ten seconds",
        "HTML, én fil; tager cirka ti sekunder",
    ),
    "open_as": ("Scenario file as {side}", "Scenariefil som {side}"),
    "open_detail": (
        "its town and conditions become those of both",
        "dens by og vilkår bliver fælles for begge",
    ),
    "numbers": ("In the last year", "I det sidste år"),
    "minus": ("B − A", "B − A"),
    "outcome": ("Outcome", "Resultat"),
    "link_faults": (
        "Part of the link could not be read; the usual setting stands in its place:",
        "En del af linket kunne ikke læses; her gælder den sædvanlige indstilling:",
    ),
    "refused": ("That was not possible: {message}", "Det kunne ikke lade sig gøre: {message}"),
    "busy": (
        "Too much is under way right now. Wait a moment and move the slider again.",
        "Der er for meget i gang lige nu. Vent et øjeblik, og flyt skyderen igen.",
    ),
    "failed": (
        "The runs failed: {message}. Change a setting to try again.",
        "Kørslerne mislykkedes: {message}. Ændr en indstilling for at prøve igen.",
    ),
    "unexpected": ("an unexpected error", "en uventet fejl"),
    "dismiss": ("Close the message", "Luk beskeden"),
}
