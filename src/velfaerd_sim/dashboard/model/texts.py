"""The texts of the page of the model: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "model_title": ("What the model assumes", "Hvad modellen antager"),
    "model_intro": (
        "Everything that decides a run stands here: {parameters} parameters with range and source,"
        " {regimes} named ways of governing, {outcomes} outcomes, the equations, and the published"
        " figures it is held against. {assumed} of the parameters name an assumption as their"
        " source.",
        "Alt, hvad der afgør en kørsel, står her: {parameters} parametre med interval og kilde,"
        " {regimes} navngivne måder at styre på, {outcomes} resultater, ligningerne og de"
        " offentliggjorte tal, den holdes op imod. {assumed} af parametrene har en antagelse som"
        " kilde.",
    ),
    "tab": ("Show", "Vis"),
    "tab_parameters": ("Parameters", "Parametre"),
    "tab_regimes": ("Regimes", "Styringsformer"),
    "tab_outcomes": ("Outcomes", "Resultater"),
    "tab_equations": ("Equations", "Ligninger"),
    "tab_fit": ("Targets and fit", "Mål og overensstemmelse"),
    "role": ("Role", "Rolle"),
    "role_": ("All", "Alle"),
    "role_lever": ("Levers", "Håndtag"),
    "role_uncertainty": ("Uncertainties", "Usikkerheder"),
    "role_constant": ("Constants", "Konstanter"),
    "role_one_lever": ("lever", "håndtag"),
    "role_one_uncertainty": ("uncertainty", "usikkerhed"),
    "role_one_constant": ("constant", "konstant"),
    "role_help": (
        "Levers are what governance decides, uncertainties what the world decides, constants"
        " what is held fixed unless an experiment sets it.",
        "Håndtag er det, styringen bestemmer, usikkerheder det, verden bestemmer, og konstanter"
        " det, der holdes fast, medmindre et forsøg ændrer det.",
    ),
    "group": ("Part of the model", "Del af modellen"),
    "group_all": ("All parts", "Alle dele"),
    "parameter": ("Parameter", "Parameter"),
    "name": ("Name", "Navn"),
    "default": ("Default", "Standardværdi"),
    "range": ("Range", "Interval"),
    "unit": ("Unit", "Enhed"),
    "source": ("Source", "Kilde"),
    "search_parameter": (
        "Find a parameter, unit or source",
        "Find en parameter, enhed eller kilde",
    ),
    "counted": ("{shown} of {all}", "{shown} af {all}"),
    "nothing_found": (
        "Nothing fits the search. Try a shorter word, or another role.",
        "Intet passer til søgningen. Prøv et kortere ord eller en anden rolle.",
    ),
    "to": ("{low} to {high}", "{low} til {high}"),
    "about_names": (
        "The name of a parameter is the one that files and the command line use.",
        "Navnet på en parameter er det, som filerne og kommandolinjen bruger; det er på engelsk.",
    ),
    "articles": (
        "S0 to S4 are five Danish articles:",
        "S0 til S4 er fem danske artikler:",
    ),
    "regime": ("Regime", "Styringsform"),
    "regimes_note": (
        "Every regime is a point among eight instruments from 0 to 1; the darker, the more. Where"
        " it lies is read out of the articles; the numbers are assumptions.",
        "Hver styringsform er et punkt mellem otte virkemidler fra 0 til 1; jo mørkere, jo mere."
        " Hvor den ligger, er læst ud af artiklerne; tallene er antagelser.",
    ),
    "status_quo_note": ("status quo", "status quo"),
    "in_words": ("In words", "Med ord"),
    "i_rigidity": ("Rules", "Regler"),
    "i_role_clarity": ("Clear roles", "Klare roller"),
    "i_dialogue": ("Dialogue", "Dialog"),
    "i_influence": ("Influence", "Indflydelse"),
    "i_recognition": ("Recognition", "Anerkendelse"),
    "i_boundary_protection": ("Boundary", "Grænse"),
    "i_openness": ("Openness", "Åbenhed"),
    "i_training": ("Training", "Uddannelse"),
    "outcome": ("Outcome", "Resultat"),
    "definition": ("Definition", "Definition"),
    "better": ("Better", "Bedst"),
    "better_1": ("more", "mere"),
    "better_-1": ("less", "mindre"),
    "better_0": ("neither", "ingen af delene"),
    "one_number": ("One number a run", "Ét tal pr. kørsel"),
    "kind_level": ("mean of the last 12 months", "gennemsnit af de sidste 12 måneder"),
    "kind_flow": ("mean of the last 12 months", "gennemsnit af de sidste 12 måneder"),
    "kind_window": ("last value, over 12 months", "sidste værdi, over 12 måneder"),
    "kind_cumulative": ("last value, since the start", "sidste værdi, siden starten"),
    "search_outcome": ("Find an outcome", "Find et resultat"),
    "chapter": ("Chapter", "Kapitel"),
    "search_equation": ("Find a rule or a word in all chapters", "Find en regel eller et ord"),
    "equations_note": (
        "From the model's description. Every formula is compared with the code by a test; names"
        " that are not arguments are parameters.",
        "Fra modellens beskrivelse. Formlerne står som i koden, med dens engelske navne, og en test"
        " sammenligner dem med den; navne, der ikke er argumenter, er parametre.",
    ),
    "update": ("what changes in a month", "hvad der ændrer sig på en måned"),
    "rules_here": ("Rules", "Regler"),
    "fit_note": (
        "The model's answers under its defaults and the status quo: four towns of 20,000 adults,"
        " two years. A figure is inside where the answer lies in the interval that its source and"
        " its error allow.",
        "Modellens svar med standardværdierne under status quo: fire byer med 20.000 voksne, to år."
        " Et tal er indenfor, hvor svaret ligger i det interval, som kilden og dens usikkerhed"
        " tillader.",
    ),
    "ask_model": ("Ask the model", "Spørg modellen"),
    "ask_what": (
        "The published figures stand here. Press “{ask}” to run the model for its answers; it takes"
        " a few seconds.",
        "Her står de offentliggjorte tal. Tryk på »{ask}« for at køre modellen og se dens svar; det"
        " tager nogle sekunder.",
    ),
    "asking": ("The model is being asked …", "Modellen bliver spurgt …"),
    "ask_failed": (
        "The model could not be asked: {message}",
        "Modellen kunne ikke spørges: {message}",
    ),
    "unexpected": (
        "an unexpected error, which is noted in the server's log",
        "en uventet fejl, som er noteret i serverens log",
    ),
    "inside_count": (
        "{inside} of {all} figures that are fitted lie inside.",
        "{inside} af de {all} tal, der tilpasses efter, ligger indenfor.",
    ),
    "validation_count": (
        "{inside} of {all} figures that are held out lie inside.",
        "{inside} af de {all} tal, der er holdt udenfor tilpasningen, ligger indenfor.",
    ),
    "target": ("Published figure", "Offentliggjort tal"),
    "published": ("Published", "Offentliggjort"),
    "interval": ("Counts as inside", "Regnes som indenfor"),
    "model_says": ("Model", "Model"),
    "inside": ("Inside", "Indenfor"),
    "yes": ("yes", "ja"),
    "no": ("no", "nej"),
    "used_for": ("Used for", "Bruges til"),
    "use_fit": ("fitting", "tilpasning"),
    "use_validation": ("validation", "validering"),
    "use_exact": ("agrees by construction", "stemmer pr. konstruktion"),
    "use_dependent": ("follows from others", "følger af andre"),
    "year": ("Year", "År"),
    "search_target": ("Find a figure or source", "Find et tal eller en kilde"),
    "unasked": ("Figures that the model cannot be asked", "Tal, som modellen ikke kan spørges om"),
    "take_all": ("Everything", "Det hele"),
    "all_zip": ("All tables (ZIP)", "Alle tabeller (ZIP)"),
    "all_zip_detail": (
        "CSV, JSON and TOML, with a note on what is what",
        "CSV, JSON og TOML, med en note (på engelsk) om, hvad der er hvad",
    ),
    "single": ("Single tables", "Enkelte tabeller"),
    "take_parameters": ("Parameters (CSV)", "Parametre (CSV)"),
    "take_regimes": ("Regimes (TOML)", "Styringsformer (TOML)"),
    "take_outcomes": ("Outcomes (CSV)", "Resultater (CSV)"),
    "take_targets": ("Targets and fit (CSV)", "Mål og overensstemmelse (CSV)"),
    "take_equations": ("Equations (JSON)", "Ligninger (JSON)"),
}

ARTICLE_WORDS = (
    ("op-ed of 3 March 2021", "debatindlæg 3. marts 2021"),
    (
        "press report on KORA and SDU's study",
        "presseomtale af KORA's og SDU's undersøgelse",
    ),
    ("6 September 2017", "6. september 2017"),
    (" and ", " og "),
)
"""Words around the titles of the five articles, English and Danish, to be replaced in turn."""
