"""The words around the answer in Danish; keys and values filled in as in `texts_page`."""

from __future__ import annotations

DANISH: dict[str, str] = {
    # frame
    "language": "da",
    "title": "Hvilken styring gavner frivilligheden?",
    "title_run": "Hvad sker der under “{regime}”?",
    "eyebrow": "Simuleret sammenligning af {count} styringsformer",
    "eyebrow_run": "Ét simuleret forløb",
    "meta_world": "{title}: {adults} voksne{towns}, {years}",
    "meta_towns": " i {count} kommuner",
    "meta_replicates": "{count} simulerede befolkninger, som hver gennemlever alle styringsformer",
    "meta_one": "én simuleret befolkning",
    "meta_id": "fingeraftryk {fingerprint}",
    "conditional": "Resultater fra en stiliseret model under dens antagelser. Ingen prognose.",
    "contents": "Indhold",
    # headings
    "h_question": "Spørgsmålet",
    "h_answer": "Svaret",
    "h_table": "Styringsformerne i overblik",
    "h_regimes": "Hvad styringsformerne går ud på",
    "h_course": "Fra starten til det sidste år",
    "h_time": "Udviklingen over tid",
    "h_differences": "Forskelle til {baseline}",
    "h_people": "Hvem vinder, og hvem taber",
    "h_cost": "Hvad medarbejdertimerne giver",
    "h_turn": "Afhænger rangordenen af medarbejdertimerne?",
    "h_towns": "Mellem kommunerne",
    "h_assumptions": "Hvad der er antaget",
    "h_limits": "Hvad rapporten ikke kan sige",
    "h_again": "Sådan genskabes tallene",
    # question
    "question": (
        "En kommune kan styre sit samarbejde med frivillige gennem regler, gennem aftaler, gennem "
        "dialog eller slet ikke. Hvilken af vejene fastholder de frivillige og bevarer deres "
        "motivation? Hvilken efterlader færrest ensomme borgere? Hvad koster hver af dem i "
        "medarbejdertimer, og hvem vinder eller taber?"
    ),
    "question_how": (
        "Styringsformerne er afprøvet på de samme simulerede borgere, som møder de samme "
        "tilfældigheder under hver af dem: {replicates} befolkninger med {adults} voksne "
        "gennemlever {years} under hver styringsform efter {burn_in} med den nuværende styring. "
        "Det, der adskiller to styringsformer, skyldes derfor styringen: det er en parvis "
        "sammenligning af de samme borgere."
    ),
    "question_how_one": (
        "Styringsformerne er afprøvet på de samme simulerede borgere, som møder de samme "
        "tilfældigheder under hver af dem: én befolkning med {adults} voksne gennemlever {years} "
        "under hver styringsform efter {burn_in} med den nuværende styring."
    ),
    "question_run": (
        "Én befolkning med {adults} voksne{towns} er simuleret over {years} under {regime} efter "
        "{burn_in} med den nuværende styring. {summary}"
    ),
    # table
    "table_caption": (
        "Gennemsnit i simuleringens sidste år med 95 %-sikkerhedsinterval og den parvise forskel "
        "til {baseline}. ▲ klart bedre, ▼ klart dårligere (intervallet indeholder ikke nul); ≈ "
        "ingen klar forskel; ● klart anderledes, hvor ingen af delene er bedst."
    ),
    "table_caption_one": "Gennemsnit i simuleringens sidste år. Én gentagelse: ingen intervaller.",
    "course_rest": "Alle andre resultater",
    "table_regime": "Styringsform",
    "table_breaks": "Med|arbejder|timer Arbejds|glæde Fast|holdelse",
    "table_start": "Ved starten",
    "table_end": "I det sidste år",
    "table_outcome": "Resultat",
    "mark_better": "klart bedre",
    "mark_worse": "klart dårligere",
    "mark_differs": "klart anderledes",
    "mark_unclear": "ingen klar forskel",
    "mark_baseline": "basis",
    "all_outcomes": "Alle resultater: forskel til {baseline} for hver styringsform",
    "all_outcomes_caption": (
        "Parvis forskel til udgangspunktet med 95 %-sikkerhedsinterval. ▲ klart bedre, ▼ klart "
        "dårligere, ≈ ingen klar forskel, ● klart anderledes, hvor ingen af delene er bedst."
    ),
    "instruments_caption": (
        "Hver styringsform er et punkt blandt otte virkemidler, fra 0 (bruges ikke) til 1 (bruges "
        "fuldt ud). Placeringen er læst ud af artikler; at den er netop disse tal, er en antagelse."
    ),
    "regime_sources": "Hvor placeringen kommer fra",
    "i_rigidity": "Regler, godkendelse, dokumentation",
    "i_role_clarity": "Klare roller",
    "i_dialogue": "Dialog",
    "i_influence": "Indflydelse",
    "i_recognition": "Anerkendelse",
    "i_boundary_protection": "Kerneopgaver hos de ansatte",
    "i_openness": "Åbenhed",
    "i_training": "Uddannelse af ansatte",
    "short_municipal_baton": "Status quo",
    "phase": "fra måned {month}: {regime}",
    "phase_ramp": "fra måned {month}: {regime}, nået over {ramp} måneder",
    "phase_departments": "; {count} forvaltninger styres anderledes",
    "kind_capital": "hovedstad",
    "kind_large_city": "storby",
    "kind_provincial_city": "provinsby",
    "kind_commuter": "opland",
    "kind_rural": "land",
    # tables of yields and parameters
    "yield_note": (
        "Effekten pr. 100 timer nedenfor er sat i forhold til alle de timer, en styringsform "
        "bruger, ikke til ekstra timer: de fleste styringsformer bruger næsten de samme timer, "
        "blot anderledes. Hvor en styringsform næsten ingen timer bruger, siger tallet ikke meget."
    ),
    "levers": "Det, styringen bestemmer (håndtag)",
    "uncertain": "Usikre størrelser i de vigtigste sammenhænge",
    "uncertain_note": "Udvalgt efter skøn, ikke ved en følsomhedsanalyse.",
    "all_parameters": "Alle {count} parametre",
    "p_name": "Parameter",
    "p_value": "Brugt værdi",
    "p_unit": "Enhed",
    "p_range": "Interval",
    "p_source": "Kilde",
    "p_usual": "normalt: {default}",
    "article_S0": (
        "Lauritzen og la Cour, De eksperimenterende velfærdskommuner, Danske Kommuner 8/2020"
    ),
    "article_S1": (
        "Wilbek, Berlau og Clausen (KL, FH, Frivilligrådet), debatindlæg, 3. marts 2021"
    ),
    "article_S2": "COK, Frivillighed – en vigtig vej til bedre velfærd, 6. september 2017",
    "article_S3": (
        "Kommuner svinger taktstokken over for frivillige, presseomtale af KORA's og SDU's "
        "undersøgelse"
    ),
    "article_S4": "Ziegler og Adelskov (KL), Vi er fælles om fremtidens velfærd",
    "changed": "Ændret i dette studie",
    "assumptions": (
        "{assumed} af {count} parametre bygger på en antagelse om deres størrelse; hver af dem er "
        "markeret. Styrken af hver årsagssammenhæng har et interval, der også rummer, at den slet "
        "ingen effekt har."
    ),
    "shocks": "Hændelser udefra",
    "shock_lockdown": (
        "Måned {month}: en nedlukning på {months} måneder, som lempes over yderligere "
        "{release_months}. Kontakten ganges med {contact_factor}; ensomheden (0–1) stiger "
        "{loneliness_push} om måneden."
    ),
    "shock_spontaneous": (
        "Måned {month}: folk melder sig af sig selv i {months} måneder, hvorefter det ebber ud "
        "over yderligere {release_months}. Rekrutteringen ganges med {recruitment_factor}."
    ),
    "shock_austerity": (
        "Måned {month}: medarbejdertimerne skæres med en andel på {yearly_cut} af det, der er "
        "tilbage, én gang om året, højst {years} gange."
    ),
    "shock_demand": (
        "Måned {month}: behovet for hjælp bevæger sig til {demand_factor} gange sin størrelse "
        "over {ramp_months} måneder."
    ),
    "shock_ageing": (
        "Måned {month}: én gang om året rykker en andel på {yearly_probability} af hver "
        "aldersgruppe undtagen den ældste en gruppe op, højst {years} gange."
    ),
    "shock_consultant_loss": (
        "Måned {month}: hver kommune mister {consultants} af sine frivilligkonsulenter."
    ),
    "shock_source": "Kilde: {source}.",
    # figures
    "fig": "Figur {number}.",
    "f_time": (
        "Centrale resultater pr. måned, siden styringsformerne skiltes. Linjerne er gennemsnit "
        "over gentagelser, båndene deres 95 %-sikkerhedsintervaller. To styringsformers bånd kan "
        "overlappe, selv om de er klart forskellige, fordi begge gennemlever de samme "
        "tilfældigheder: forskelle vurderes i figurerne med forskelle."
    ),
    "f_time_one": "Centrale resultater pr. måned. Ét forløb: der er intet usikkerhedsbånd.",
    "f_time_towns": (
        "Centrale resultater pr. måned. Båndet rummer de midterste 80 % af kommunerne; det viser, "
        "hvor forskellige de er, ikke hvor usikker linjen er."
    ),
    "f_events": "Grå flade eller prikket linje: hændelser udefra.",
    "f_paths": (
        "Ensomme voksne, forskel til {baseline} pr. måned med 95 %-sikkerhedsintervaller. Under "
        "nul er færre ensomme. Med gråt de andre styringsformer."
    ),
    "f_forest": (
        "Parvis forskel til {baseline} i det sidste år med 95 %-sikkerhedsintervaller. Udfyldt: "
        "intervallet indeholder ikke nul, blå for bedre, orange for dårligere, grå hvor ingen af "
        "delene er bedst. Åben: ingen klar forskel."
    ),
    "f_people": (
        "Borgere, hvis gennemsnitlige score på ensomhedsskalaen (3–9) i det sidste år afviger "
        "mindst ét point fra deres egen under {baseline}, pr. 1.000, med "
        "95 %-sikkerhedsintervaller. Til højre: mindre ensomme, til venstre: mere ensomme."
    ),
    "f_ages": "Det samme efter aldersgruppe.",
    "f_benefit": (
        "Udbytte og medarbejdertimer: forskel til {baseline} i undgåede ensomme personår og i "
        "fastholdelse, sat over for de brugte medarbejdertimer. Kryds er "
        "95 %-sikkerhedsintervaller."
    ),
    "f_yield": (
        "Undgåede ensomme personår i forhold til {baseline} pr. 100 medarbejdertimer, som "
        "styringsformen bruger, med 95 %-sikkerhedsintervaller."
    ),
    "f_turn": (
        "Til venstre: resultater efter antallet af medarbejdertimer, gennemsnit med "
        "95 %-sikkerhedsintervaller (fastholdelsen gælder alle frivillige, det mindst tilfældige "
        "mål). Til højre: forskellen mellem to styringsformer; rangordenen vender, hvor en linje "
        "krydser nul, og det er sikkert, hvor båndet forlader nul på begge sider. Den prikkede "
        "linje er antallet af timer i resten af rapporten."
    ),
    "f_towns": "Kommuner i det sidste år, én prik for hver, efter type; stregerne er medianer.",
    "f_towns_compared": (
        "Forskel til {baseline} i det sidste år, én prik pr. kommune, efter type; stregerne er "
        "medianer. Vist for den styringsform, der fører på fastholdelse."
    ),
    "alt_ages": "{regime}, størst ændring ved {band} år: {both}",
    "small_print": "velfaerd_sim {version} · {replicates} · fingeraftryk {fingerprint}",
    "n_replicates": "{count} gentagelser",
    "n_one": "1 gentagelse, intet interval",
    "ax_months": "måneder siden styringsformerne skiltes",
    "ax_months_run": "måneder siden starten",
    "ax_staff_hours": "timer om måneden pr. medarbejder",
    "ax_used": "brugte medarbejdertimer om måneden pr. 1.000 voksne",
    "ax_gain": "pr. 1.000 borgere",
    "ax_lonelier": "← mere ensomme",
    "ax_less_lonely": "mindre ensomme →",
    "ax_better_right": "bedre →",
    "ax_better_up": "bedre ↑",
    "ax_better_down": "bedre ↓",
    "ax_better_left": "← bedre",
    "ax_all": "Alle borgere",
    "ax_by_known": "Kendte og ukendte borgere",
    "ax_per_100": "pr. 100 brugte timer (95 %)",
    "ax_hours_short": "timer pr. md. pr. 1.000",
    "ax_minus": "{regime} minus …",
    "ax_here": "{hours} t. i denne rapport",
    "ax_known": "kendte",
    "ax_unknown": "ukendte",
    "gainers": "mindre ensomme",
    "losers": "mere ensomme",
    # precision and pairing
    "pairing_factor": "{factor} gange så mange for {topic}",
    "pairing_some": (
        "Alle styringsformer møder de samme mennesker og de samme tilfældigheder, og det sparer "
        "kørsler: for lige så præcise forskelle skulle uafhængige kørsler være {factors}."
    ),
    "pairing_none": "For {topics} sparer den parvise sammenligning intet her.",
    "decided": (
        "Der blev tilføjet gentagelser, indtil intervallernes halve bredde for de tre vigtigste "
        "resultater var under {precision} standardafvigelser mellem gentagelser; {outcome} under "
        "{regime} nåede det sidst, efter {replicates} gentagelser."
    ),
    "decided_not": (
        "Der blev tilføjet gentagelser op til grænsen på {replicates}; den ønskede præcision "
        "({precision} standardafvigelser) blev ikke nået. {outcome} under {regime} er længst fra "
        "den."
    ),
    "failed": "{count} kørsler fejlede og er udeladt.",
    # reproducing
    "again": "Den samme kommando med den samme version giver de samme tal til sidste ciffer.",
    "again_verify": (
        "Registrerede kørsler genberegnes og sammenlignes bit for bit med: velfaerd verify DIR."
    ),
    "k_version": "Version",
    "k_digest": "Kildekodens kontrolsum",
    "k_fingerprint": "Fingeraftryk",
    "k_seed": "Frø (seed)",
    "k_scenario": "Scenarie",
    "k_dependencies": "Versioner af andre pakker",
    "k_finished": "Færdig",
    "k_files": "Data ved siden af rapporten",
    "files": (
        "effects.parquet, levels.parquet, bands.parquet, groups.parquet, staff_hours.parquet, "
        "series.parquet, study.json; figurerne som SVG og PNG i figures.da/"
    ),
    "files_run": "series.parquet, study.json; figurerne som SVG og PNG i figures.da/",
    "cite": (
        "velfaerd_sim {version}: en agentbaseret model af kommuners styring af frivilligt arbejde."
    ),
    # small words
    "year": "{count} år",
    "years": "{count} år",
    "months": "{count} måneder",
    "month_one": "1 måned",
    "and": "og",
    "or": "eller",
}

NARROW_DANISH = (
    "Intervallerne er for smalle til en prognose.",
    "De holder parametrene fast og dækker kun tilfældigheder. Med andre plausible værdier kan "
    "styringsformernes rækkefølge ændre sig; en sammenligning i mange plausible verdener "
    "(--worlds) viser hvor ofte.",
)

LIMITS_DANISH: tuple[tuple[str, str], ...] = (
    (
        "Ingen styringsform har en målt effekt i Danmark.",
        "Hvor styringsformerne ligger på de otte virkemidler, er læst ud af artikler, og hvor "
        "stærkt virkemidlerne virker, er for det meste antaget. Rangordenen følger af det.",
    ),
    NARROW_DANISH,
    (
        "Selskab er et svagt middel.",
        "Forsøg med besøgsvenner finder en effekt på omkring 0,18 standardafvigelser med et "
        "interval, der rører nul, og ingen sikker effekt på ensomheden selv. Modellen er bundet "
        "til den størrelse: dens effekter på ensomhed er små, og ingen store løfter følger af dem.",
    ),
    (
        "Befolkningen står stille.",
        "Ingen fødes, bliver ældre, flytter eller dør i de simulerede måneder, og intet uden for "
        "samarbejdet ændrer sig, medmindre scenariet siger det.",
    ),
    (
        "Én fastholdelse blandt flere.",
        "Fastholdelse er her andelen af nye frivillige, der stadig er aktive i den samme kommunes "
        "indsatser efter tolv måneder. Den må ikke sættes ved siden af tal for at blive i én "
        "organisation, for al frivillighed eller for hensigten om at fortsætte.",
    ),
    (
        "Ensomhed er en score.",
        "Ensom betyder 7 eller mere på skalaen med tre spørgsmål (T‑ILS, 3–9). Andelen over den "
        "grænse er tilpasset nationale undersøgelser; hvordan scorerne under den fordeler sig, "
        "vides ikke.",
    ),
    (
        "Smitte er omstridt.",
        "At ensomhed spreder sig langs sociale bånd er observeret, men ikke påvist i forsøg; "
        "intervallet i modellen rummer nul.",
    ),
    (
        "År, der ikke er nogen målestok.",
        "Undersøgelsen i 2013 spurgte med andre ord, og 2021 var et pandemiår; ingen af dem er "
        "brugt.",
    ),
    (
        "Kun voksne og forvaltninger.",
        "Modellen kender voksne på 16 år og derover, fem forvaltninger og de frivillige på det "
        "sociale område. Idrætsforeninger, børn, penge og politik er udeladt.",
    ),
    (
        "Hvordan modellen selv er bedømt.",
        "Hvad der passer med offentliggjorte tal, hvad der ikke gør, og hvilke konklusioner der "
        "overlever andre antagelser, står i docs/trace.md i kildekoden (velfaerd validate, "
        "velfaerd robustness).",
    ),
)
