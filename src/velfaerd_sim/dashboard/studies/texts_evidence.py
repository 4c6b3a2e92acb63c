"""The texts of what is held against the world: claims, calibration, validation, robustness."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "claims_title": ("The claims of the articles", "Artiklernes påstande"),
    "claims_what": (
        "The verdict is the share of plausible worlds in which a claim is met: parameter sets that"
        " reproduce the published figures. A question mark: the interval also allows the next"
        " verdict. Choose a claim to see what decides, where it turns and what it leans on.",
        "Dommen er andelen af plausible verdener, hvor en påstand er opfyldt: parametersæt, der"
        " genskaber de offentliggjorte tal. Et spørgsmålstegn: intervallet rummer også en anden"
        " dom. Vælg en påstand for at se, hvad der afgør, hvor det vender, og hvad det hviler på.",
    ),
    "claim": ("Claim", "Påstand"),
    "claim_statement": ("What it says", "Hvad den siger"),
    "claim_source": ("Source", "Kilde"),
    "claim_sources": ("Source: {names}.", "Kilde: {names}."),
    "claim_verdict": ("Verdict", "Dom"),
    "claim_share": ("Share of worlds", "Andel af verdener"),
    "claim_between": ("95% interval", "95 %-interval"),
    "claim_search": ("Find a claim, source or verdict", "Find en påstand, kilde eller dom"),
    "claim_all": ("All claims", "Alle påstande"),
    "claim_reading": ("How it was read", "Sådan blev den læst"),
    "claim_read": ("What was found", "Hvad der blev fundet"),
    "claim_best": ("Who does best", "Hvem der klarer sig bedst"),
    "claim_conditions": ("Where it turns", "Hvor det vender"),
    "claim_leanings": ("What it leans on", "Hvad det hviler på"),
    "claim_counter": ("Without its mechanism", "Uden dens mekanisme"),
    "claim_robustness": ("What should not matter", "Det, der ikke bør betyde noget"),
    "claim_overturn": ("What would overturn it", "Hvad der ville vælte dommen"),
    "claim_figure": ("Effects over worlds of {claim}", "Virkninger over verdener for {claim}"),
    "claim_figure_note": (
        "The figure, as the command drew it.",
        "Figuren, som kommandoen tegnede den.",
    ),
    "claim_figure_english": (
        "The figure, as the command drew it, in English.",
        "Figuren, som kommandoen tegnede den, på engelsk. Kommandoen velfaerd report tegner den"
        " også på dansk.",
    ),
    "claims_none": (
        "The verdicts appear here when the command has ended. If it was stopped, the same command"
        " goes on where it was.",
        "Dommene vises her, når kommandoen er færdig. Blev den stoppet, fortsætter den samme"
        " kommando, hvor den slap.",
    ),
    "set_plausible": ("plausible worlds", "plausible verdener"),
    "set_prior": ("prior worlds", "verdener fra forhåndsviden"),
    "claim_in_set": (
        "Met in {met} of {worlds} {set}: {share} ({low} to {high})",
        "Opfyldt i {met} af {worlds} {set}: {share} ({low} til {high})",
    ),
    "figure": ("Published figure", "Offentliggjort tal"),
    "published": ("Published", "Offentliggjort"),
    "median": ("Median", "Median"),
    "middle_90": ("90% of sets", "90 % af sættene"),
    "middle_worlds": ("90% of worlds", "90 % af verdenerne"),
    "defaults": ("Defaults", "Standardværdier"),
    "inside": ("Inside", "Indenfor"),
    "yes": ("yes", "ja"),
    "no": ("no", "nej"),
    "unit": ("Unit", "Enhed"),
    "used_for": ("Used for", "Brugt til"),
    "role_fit": ("calibration", "kalibrering"),
    "role_validation": ("validation", "validering"),
    "role_dependent": ("follows from others", "følger af andre"),
    "role_exact": ("exact by construction", "eksakt pr. konstruktion"),
    "search_figure": ("Find a figure", "Find et tal"),
    "percent": ("per cent", "procent"),
    "percent_of": ("per cent, {unit}", "procent, {unit}"),
    "percent_year": ("per cent a year", "procent om året"),
    "calibration_sets": (
        "of {members} parameter sets are plausible",
        "af {members} parametersæt er plausible",
    ),
    "calibration_effective": (
        "as many equally weighted sets",
        "lige så mange ligeligt vægtede sæt",
    ),
    "calibration_inside": (
        "of {fitted} fitted figures hold the median of the sets",
        "af {fitted} tilpassede tal rummer sættenes median",
    ),
    "calibration_known": (
        "of {parameters} parameters are narrowed by the figures",
        "af {parameters} parametre indsnævres af tallene",
    ),
    "unreachable": (
        "No parameter set reaches: {names}.",
        "Intet parametersæt når: {names}.",
    ),
    "fit_head": ("Fit to the published figures", "Overensstemmelse med de offentliggjorte tal"),
    "fit_note": (
        "The table has what does not fit first. Published: the interval of the source. Plausible"
        " sets reproduce the figures as well as the noise of measurement allows; the interval"
        " holds nine tenths of them.",
        "Det, der ikke passer, står først. Offentliggjort: kildens interval. Plausible sæt"
        " genskaber tallene så godt, som målestøjen tillader; intervallet rummer ni tiendedele af"
        " dem.",
    ),
    "fit_chart": (
        "The model against the published interval",
        "Modellen over for det offentliggjorte interval",
    ),
    "fit_axis": (
        "published interval: from −1 to 1 (shaded)",
        "offentliggjort interval: fra −1 til 1 (farvet felt)",
    ),
    "fit_chart_note": (
        "Dot: median; line: the middle nine tenths, cut off at the ends. Blue: the median lies"
        " inside the published interval, orange: outside. The table of the six routes is not"
        " drawn.",
        "Prik: median; streg: de midterste ni tiendedele, skåret af ved enderne. Blå: medianen"
        " ligger inden for det offentliggjorte interval, orange: uden for. Tabellen over de seks"
        " veje er ikke tegnet.",
    ),
    "parameters_head": (
        "What the figures say about parameters",
        "Hvad tallene siger om parametrene",
    ),
    "parameters_note": (
        "Spread: what is left of the standard deviation that was assumed beforehand; 1 is all of"
        " it. Parameters that stay as they were assumed are left out: {count}.",
        "Spredning: det, der er tilbage af den standardafvigelse, der var antaget på forhånd; 1 er"
        " det hele. Parametre, der bliver, som de var antaget, er udeladt: {count}.",
    ),
    "parameter": ("Parameter", "Parameter"),
    "default": ("Default", "Standardværdi"),
    "range": ("Range", "Interval"),
    "spread": ("Spread", "Spredning"),
    "standing": ("Standing", "Status"),
    "standing_identified": ("identified", "bestemt"),
    "standing_partly": ("partly", "delvist bestemt"),
    "search_parameter": ("Find a parameter", "Find en parameter"),
    "checks_none": (
        "The results appear here when the command has ended. If it was stopped, the same command"
        " goes on where it was.",
        "Resultaterne vises her, når kommandoen er færdig. Blev den stoppet, fortsætter den samme"
        " kommando, hvor den slap.",
    ),
    "checks_head": ("What was found", "Hvad der blev fundet"),
    "valid_fit": (
        "of {count} figures used in calibration are met",
        "af {count} tal, der er brugt i kalibreringen, er ramt",
    ),
    "valid_other": (
        "of {count} figures not used in calibration are met",
        "af {count} tal, der ikke er brugt i kalibreringen, er ramt",
    ),
    "valid_held": (
        "of {count} held-out patterns go the published way",
        "af {count} tilbageholdte mønstre går den offentliggjorte vej",
    ),
    "valid_scale": (
        "of {count} levels change with size or time step",
        "af {count} niveauer ændres med størrelse eller tidsskridt",
    ),
    "valid_note": (
        "Met: the median over the worlds lies inside the published interval. What does not fit"
        " stands first.",
        "Ramt: medianen over verdenerne ligger inden for det offentliggjorte interval. Det, der"
        " ikke passer, står først.",
    ),
    "targets_head": ("The published figures", "De offentliggjorte tal"),
    "held_head": ("Held-out patterns", "Tilbageholdte mønstre"),
    "held_note": (
        "Nothing here was used to choose a parameter. Where no published figure was found, the"
        " pattern is shown for judgement.",
        "Intet af dette er brugt til at vælge en parameter. Hvor der ikke er fundet et"
        " offentliggjort tal, vises mønsteret til vurdering.",
    ),
    "pattern": ("Pattern", "Mønster"),
    "verdict": ("Verdict", "Dom"),
    "verdict_inside": ("as published", "som offentliggjort"),
    "verdict_outside": ("not as published", "ikke som offentliggjort"),
    "verdict_no_figure": ("no published figure", "intet offentliggjort tal"),
    "sign_negative": ("negative", "negativ"),
    "sign_positive": ("positive", "positiv"),
    "most_way": ("more than half", "mere end halvdelen"),
    "robust_all": ("conclusions survive everything", "konklusioner holder til alt"),
    "robust_weak": ("weaken under something", "svækkes af noget"),
    "robust_turn": ("turn under something", "vendes af noget"),
    "robust_tried": ("conditions were tried", "betingelser er prøvet"),
    "robust_note": (
        "A conclusion is a difference between two regimes that is clear under the defaults. It"
        " survives a condition where it is still clear and not much smaller, turns where the"
        " opposite is clear, and weakens otherwise.",
        "En konklusion er en forskel mellem to styringsformer, der er klar med standardværdierne."
        " Den holder til en betingelse, hvor den stadig er klar og ikke meget mindre, vender, hvor"
        " det modsatte er klart, og svækkes ellers.",
    ),
    "conclusions_head": ("The conclusions", "Konklusionerne"),
    "conditions_head": ("The conditions", "Betingelserne"),
    "conclusion": ("Conclusion", "Konklusion"),
    "condition": ("Condition", "Betingelse"),
    "difference": ("Difference", "Forskel"),
    "interval": ("95% interval", "95 %-interval"),
    "survives": ("Survives", "Holder"),
    "weakens": ("Weakens", "Svækkes"),
    "turns": ("Turns", "Vender"),
    "worst": ("Least is left under", "Mindst er tilbage ved"),
    "search_conclusion": (
        "Find a regime, outcome or condition",
        "Find en styringsform, et resultat eller en betingelse",
    ),
    "conclusion_unit": ("Unit", "Enhed"),
    "search_condition": ("Find a condition", "Find en betingelse"),
    "says_motivation_mean": (
        "{a} motivates volunteers more than {b}",
        "{a} motiverer de frivillige mere end {b}",
    ),
    "says_retention_12m": (
        "{a} keeps more of its new volunteers than {b}",
        "{a} holder på flere af de nye frivillige end {b}",
    ),
    "says_lonely_share": (
        "{a} leaves fewer citizens lonely than {b}",
        "{a} efterlader færre ensomme borgere end {b}",
    ),
    "says_lonely_years_averted_per_1000": (
        "{a} averts more lonely years than {b}",
        "{a} afværger flere ensomme år end {b}",
    ),
    "says_staff_hours_per_1000": (
        "{a} uses more staff hours than {b}",
        "{a} bruger flere medarbejdertimer end {b}",
    ),
    "says_other": ("{outcome}: {a} ahead of {b}", "{outcome}: {a} foran {b}"),
    "condition_worlds": ("Other worlds: {name}", "Andre verdener: {name}"),
    "condition_no_contagion": ("No contagion of loneliness", "Ingen smitte af ensomhed"),
    "condition_half_the_adults": ("Half as many adults", "Halvt så mange voksne"),
    "condition_twice_the_adults": ("Twice as many adults", "Dobbelt så mange voksne"),
    "condition_half_month_steps": ("Steps of half a month", "Tidsskridt på en halv måned"),
    "condition_two_month_steps": ("Steps of two months", "Tidsskridt på to måneder"),
    "condition_near_ties_only": ("Near ties only", "Kun nære relationer"),
    "condition_far_ties_only": ("Far ties only", "Kun fjerne relationer"),
    "condition_few_ties": ("Few ties a person", "Få relationer pr. person"),
    "condition_many_ties": ("Many ties a person", "Mange relationer pr. person"),
    "condition_none_of": ("All effects at zero: {name}", "Alle virkninger sat til nul: {name}"),
    "condition_no": ("At zero: {name}", "Sat til nul: {name}"),
    "group_governance": ("governance", "styring"),
    "group_staff hours": ("staff hours", "medarbejdertimer"),
    "group_agreements": ("agreements", "aftaler"),
    "group_volunteers": ("volunteers", "frivillige"),
    "group_matching": ("matching", "matchning"),
    "group_loneliness": ("loneliness", "ensomhed"),
    "group_initiatives": ("initiatives", "indsatser"),
    "group_staff": ("staff", "medarbejdere"),
    "recovery_what": (
        "Known parameter sets were drawn, the model was read under them, and each was calibrated"
        " as if it were Denmark. An interval that says 90% should hold nine of ten true values.",
        "Kendte parametersæt blev trukket, modellen blev aflæst med dem, og hvert blev kalibreret,"
        " som om det var Danmark. Et interval, der siger 90 %, bør rumme ni af ti sande værdier.",
    ),
    "recovery_of": ("Parameters", "Parametre"),
    "recovery_says": ("Interval says", "Intervallet siger"),
    "recovery_holds": ("It holds", "Det rummer"),
    "recovery_count": ("Intervals", "Intervaller"),
    "recovery_truths": ("Truths", "Sandheder"),
    "recovery_all": ("all", "alle"),
    "recovery_known": ("those the figures say something about", "dem, tallene siger noget om"),
    "recovery_identified": ("identified", "bestemte"),
    "recovery_note": (
        "± is a Monte-Carlo standard error. With few truths the shares are rough.",
        "± er en Monte Carlo-standardfejl. Med få sandheder er andelene grove.",
    ),
    "counted": ("{shown} of {all}", "{shown} af {all}"),
    "nothing_found": (
        "Nothing fits the search. Try a shorter word.",
        "Intet passer til søgningen. Prøv et kortere ord.",
    ),
}

PATTERNS = {
    "H7.asked": "Nye, der kom ved at blive spurgt",
    "H8.autonomy_staying": "Autonomi minus det svageste af de to andre behov",
    "H8.rules_leaving": "Ophør under flere regler",
    "H8.rules_joining": "Tilgang under flere regler",
    "H8.rules_satisfaction": "Ansattes arbejdsglæde under flere regler",
    "H8.clarity_exhaustion": "Udmattelse med klarere roller",
    "H8.recognition_leaving": "Ophør med mere anerkendelse",
    "H8.training_leaving": "Ophør med mere uddannelse",
    "H8.say_quality": "Frivilliges indflydelse og arbejdets kvalitet",
    "H8.gap_leaving": "Ophør med flere brudte løfter",
    "H8.motivation_hours": "Motivation og antal timer",
    "H8.competence_staying": "Kompetence viser, hvem der bliver",
    "H8.relatedness_staying": "Samhørighed viser, hvem der bliver",
    "V1.stock_retention": "Fastholdelse af alle frivillige, 12 måneder",
    "H1.rank_1y": "Ensomhedens rangstabilitet, 1 år imellem",
    "H1.rank_5y": "Ensomhedens rangstabilitet, 5 år imellem",
    "H1.rank_10y": "Ensomhedens rangstabilitet, 10 år imellem",
    "H1.still_lonely_1y": "Stadig ensomme af de ensomme, 1 år imellem",
    "H1.still_lonely_5y": "Stadig ensomme af de ensomme, 5 år imellem",
    "H1.still_lonely_10y": "Stadig ensomme af de ensomme, 10 år imellem",
    "H1.newly_lonely_1y": "Ensomme af dem, der ikke var det, 1 år imellem",
    "H1.newly_lonely_5y": "Ensomme af dem, der ikke var det, 5 år imellem",
    "H1.newly_lonely_10y": "Ensomme af dem, der ikke var det, 10 år imellem",
    "H2.correlation_1": "Ensomhed langs relationer, afstand 1",
    "H2.correlation_2": "Ensomhed langs relationer, afstand 2",
    "H2.correlation_3": "Ensomhed langs relationer, afstand 3",
    "H2.by_age_1": "Det samme af alder alene, afstand 1",
    "H2.by_age_2": "Det samme af alder alene, afstand 2",
    "H2.by_age_3": "Det samme af alder alene, afstand 3",
    "H2.risk_1": "Ensom ved siden af en ensom, afstand 1",
    "H2.risk_2": "Ensom ved siden af en ensom, afstand 2",
    "H2.risk_3": "Ensom ved siden af en ensom, afstand 3",
    "H2.risk_by_age_1": "Det samme af alder alene, afstand 1",
    "H2.risk_by_age_2": "Det samme af alder alene, afstand 2",
    "H2.risk_by_age_3": "Det samme af alder alene, afstand 3",
    "H3.lonely_sd": "Ensomme voksne, forskel mellem kommuner",
    "H3.lonely_by_number": "Heraf af små tal alene",
    "H3.volunteers_low": "Frivillige, kommunernes første decil",
    "H3.volunteers_high": "Frivillige, kommunernes niende decil",
    "H4.under_a_year": "Frivilligforløb under et år",
    "H4.median_months": "Frivilligforløb, median",
    "H4.over_three_years": "Frivilligforløb over tre år",
    "H5.exhaustion": "Udmattelse hos de erfarne over for de nye",
    "H5.ownership": "Ejerskab hos de erfarne over for de nye",
    "H5.motivation": "Motivation hos de erfarne over for de nye",
    "H6.peak": "Et års isolation: så mange flere ensomme højst",
    "H6.half_life": "Et års isolation: halveringstid for tilbagevenden",
    "H6.left_12": "Et års isolation: tilbage efter et år",
    "H6.left_24": "Et års isolation: tilbage efter to år",
}
"""Held-out patterns in Danish, by id; their English names stand in the table."""
