"""The words of the report of a sweep in Danish; keys and values filled in as in `texts_sweep`."""

from __future__ import annotations

DANISH: dict[str, str] = {
    # frame
    "sweep_eyebrow": "Parameterstudie · {design}",
    "sweep_conditional": "Resultater fra en model under angivne antagelser, ingen prognose.",
    "sweep_answer": "Svaret i korte træk",
    "sweep_design": "Spørgsmål og opbygning",
    "sweep_cannot": "Hvad rapporten ikke kan sige",
    "sweep_failures": "Fejlede kørsler",
    "sweep_reproduce": "Genskab",
    "sweep_again": "Sådan genskabes tallene",
    "sweep_same_numbers": (
        "De samme kommandoer med den samme version giver de samme tal til sidste ciffer. "
        "Registrerede kørsler genberegnes og sammenlignes bit for bit med: velfaerd verify DIR."
    ),
    "sweep_foot": (
        "velfaerd_sim {version}: en agentbaseret model af kommuners styring af frivilligt arbejde. "
        "Fingeraftryk {fingerprint}"
    ),
    "sweep_setting": (
        "Verden: {world}. Styringsformer: {regimes}; {baseline} er udgangspunktet. Resultater: "
        "{outcomes}. Hvert punkt og hver styringsform møder de samme mennesker og de samme "
        "tilfældigheder (de samme frø for gentagelserne), så forskellene er parvise. Tal i "
        "sætninger står i resultatets enhed, andele som dele af 1; i kantede parenteser står "
        "95 %-sikkerhedsintervaller."
    ),
    "sweep_varies": "Det, der varierer: {design}.",
    "sweep_factor": "Faktor",
    "sweep_range": "Interval eller værdier",
    "sweep_distribution": "Fordeling",
    "sweep_role": "Rolle",
    "sweep_fixed": "Sat til andet end de sædvanlige værdier: {values}.",
    "sweep_more": "Mere ({count})",
    "sweep_weak": (
        "<b>Endnu ikke til at stole på.</b> Stikprøven er for lille, eller resultatet er ikke "
        "stabilt, for:"
    ),
    "sweep_not_done": "<b>Ikke lavet.</b>",
    "sweep_failed": "{count} kørsler fejlede og er udeladt:",
    "sweep_failed_first": "{count} kørsler fejlede og er udeladt; de første af dem:",
    "sweep_none_failed": "Ingen kørsel fejlede.",
    "sweep_point": "Punkt",
    "sweep_replicate": "Gentagelse",
    "sweep_seed": "Frø",
    "sweep_message": "Besked",
    "sweep_all_outcomes": "Alle resultater tilsammen",
    "sweep_question_one": "Hvad fører {regime} til, og hvad afhænger det af?",
    "sweep_question": "Hvordan klarer {others} sig i forhold til {baseline}, og hvad afgør det?",
    "sweep_one_point": "ét punkt: kun tilfældigheder varierer",
    "sweep_one_point_worlds": "ét punkt: kun verdener og tilfældigheder varierer",
    "sweep_worlds": (
        "Hvert punkt og hver styringsform køres i de samme {count} verdener ({name}): sæt af "
        "værdier for {parameters} parametre, der ikke er faktorer, hver med egne mennesker og "
        "egne tilfældigheder."
    ),
    "sweep_size": "{adults} voksne, {months} måneder",
    "sweep_runs": "{points} × {worlds}{replicates} × {regimes}",
    "sweep_done": "{done} kørsler færdige af {planned}",
    "sweep_small_print": (
        "velfaerd_sim {version} · {name} · {points} × {worlds}{replicates}{unfinished} · "
        "fingeraftryk {fingerprint}"
    ),
    "sweep_unfinished": " · {done} af {planned} kørsler",
    "sweep_month": "{label}, måned {month}",
    "point_1": "{count} punkt",
    "point_n": "{count} punkter",
    "replicate_1": "{count} gentagelse",
    "replicate_n": "{count} gentagelser",
    "regime_1": "{count} styringsform",
    "regime_n": "{count} styringsformer",
    "worlds_times": "{count} verdener × ",
    "k_model_digest": "Modellens kontrolsum",
    "k_study_digest": "Studiets kontrolsum",
    "k_seed_points": "Frø for punkter og gentagelser",
    "k_seed_resampling": "Frø for nye stikprøver",
    "not_finished": "ikke færdig",
    "sweep_files": (
        "runs/ (én række pr. kørsel), analysis/ (en tabel pr. svar som Parquet og CSV, "
        "answers.json), figures.da/ (SVG og PNG), study.json"
    ),
    # designs
    "design_grid": "et gitter: hver værdi med hver anden",
    "design_one_at_a_time": "én faktor ad gangen, alle andre hvor de er",
    "design_latin_hypercube": "en latinsk hyperkube: en tilfældig stikprøve, jævn i hver faktor",
    "design_sobol": "en Sobol-følge: en jævn stikprøve af hele rummet",
    "design_saltelli": "en Saltelli-stikprøve, lavet til Sobol-indeks",
    "design_morris": "Morris-forløb, lavet til screening",
    "design_points": "punkter fra en fil",
    # sections
    "part_contrasts": "Styringsformerne side om side",
    "part_decides": "Hvad der afgør",
    "part_turns": "Hvor rangordenen vender",
    "part_discovery": "I hvilke verdener",
    "part_choice": "Hvilken styringsform er sikker at vælge",
    "part_chance": "Parametre og tilfældigheder",
    # captions
    "caption_difference": "{label}, forskel til {baseline}",
    "caption_contrasts": (
        "Forskel til {baseline}: prikker er gennemsnit over punkterne med "
        "95 %-sikkerhedsintervaller, lyse bjælker de midterste ni tiendedele af punkterne. Blå er "
        "klart bedre, orange klart dårligere, grå ikke klart."
    ),
    "caption_sobol": (
        "Andel af variansen mellem punkter, der bliver tilbage, når alle andre parametre kendes "
        "(samlet indeks, udfyldt), og som forsvinder, når denne kendes (første orden, åben), med "
        "95 %-sikkerhedsintervaller. Blå parametre afgør; det grå bånd rummer det ubetydelige. "
        "Indeksene er estimater og kan tilfældigt falde under nul."
    ),
    "caption_morris": (
        "Gennemsnitlig størrelse af en parameters effekt over dens interval (udfyldt, med "
        "95 %-sikkerhedsinterval; blå, hvor den betyder noget), dens standardafvigelse over "
        "forløbene (åben: jo større, jo mere afhænger effekten af de andre parametre), og hvad "
        "tilfældigheder alene ville give (orange streg)."
    ),
    "caption_pawn": (
        "PAWN-indeks: hvor meget fordelingen flytter sig, når en parameter kendes, med "
        "95 %-sikkerhedsintervaller. Ud over den stiplede linje, som en virkningsløs parameter "
        "ikke passerer i 95 % af omblandingerne, har parameteren indflydelse (blå)."
    ),
    "caption_one_at_a_time": (
        "Effekt af at gå fra den lave til den høje ende af en faktors interval, alle andre hvor "
        "de er, med 95 %-sikkerhedsintervaller. Blå er klart bedre, orange klart dårligere."
    ),
    "caption_lines": (
        "Til venstre: resultatet under hver styringsform; til højre: forskelle til {baseline}; "
        "gennemsnit med 95 %-sikkerhedsintervaller fra gentagelserne, over alle værdier af de "
        "andre faktorer. En ring markerer, hvor rangordenen vender, stregen gennem den dens "
        "interval, hvor den vender ét sted."
    ),
    "caption_maps": (
        "Forskel til {baseline} i hvert felt af gitteret, blå hvor styringsformen er bedre, orange "
        "hvor den er dårligere; et kryds, hvor tilfældigheder kan forklare forskellen. Rangordenen "
        "vender ved den fuldt optrukne linje; den sande linje ligger mellem de stiplede, hvor der "
        "er nogen."
    ),
    "caption_boxes": (
        "Hvornår det sker: den del af hver parameters interval (grå), hvor hændelsen for det meste "
        "indtræffer (blå); parametre, der ikke er vist, er ikke begrænset."
    ),
    "caption_choice": (
        "Til venstre: andel af verdener, hvor hver styringsform er den bedste, med "
        "95 %-sikkerhedsinterval; mørk, hvor den er klart foran den næstbedste. Til højre: hvor "
        "langt den er efter verdenens bedste styringsform: gennemsnit med "
        "95 %-sikkerhedsinterval, ni verdener af ti (streg), størst (lys bjælke)."
    ),
    "caption_satisficing": (
        "Andel af verdener, hvor hver styringsform opfylder alle krav, med "
        "95 %-sikkerhedsintervaller."
    ),
    "caption_front": (
        "Udbytte og brugte medarbejdertimer, gennemsnit over verdenerne med "
        "95 %-sikkerhedsintervaller. Linjen forbinder de styringsformer, som ingen anden slår på "
        "begge dele; de slåede er grå."
    ),
    "caption_chance": (
        "Andele af variansen mellem enkelte kørsler; stregen er 95 %-sikkerhedsintervallet for "
        "parametrenes andel."
    ),
    "caption_worlds": (
        "Andele af variansen mellem enkelte kørsler: hvad studiets faktorer giver, hvad "
        "verdenernes parametre giver, og tilfældigheder; stregen er 95 %-sikkerhedsintervallet for "
        "verdenernes andel."
    ),
    # in figures
    "ax_variance_share": "andel af variansen",
    "ax_pawn": "PAWN-indeks",
    "ax_not_told": "kan ikke skelnes fra tilfældigheder",
    "ax_chance": "Parametre og tilfældigheder",
    "ax_worlds": "Studiets faktorer, verdener og tilfældigheder",
    "ax_variance": "procent af variansen mellem enkelte kørsler",
    "ax_best": "Bedste styringsform",
    "ax_best_unit": "procent af verdenerne; mørk: klart bedst",
    "ax_regret": "Tab ved at vælge den",
    "ax_all_met": "Alle krav opfyldt",
    "ax_of_worlds": "procent af verdenerne",
    "ax_used_sweep": "brugte medarbejdertimer om måneden pr. 1.000 voksne",
    "ax_difference_to": "Forskel til {baseline}",
    "ax_map": "{label}, minus {baseline}",
    "ax_beats": "{regime} bedre end {against}",
    "ax_beats_by": "{regime} mindst {margin} bedre end {against}",
    "ax_box": (
        "tæthed {density} ({share} overalt)  ·  dækning {coverage}  ·  samme parametre i {same} af "
        "nye stikprøver: {verdict}"
    ),
    "ax_stable": "stabil",
    "ax_not_stable": "ikke stabil",
    # what the analyses are called
    "method_contrasts": "Styringsformer sammenlignet",
    "method_sobol": "Sobol-indeks",
    "method_morris": "Elementære effekter",
    "method_one_at_a_time": "Effekter én ad gangen",
    "method_pawn": "PAWN-indeks",
    "method_map": "Kort",
    "method_response": "Respons",
    "method_prim": "PRIM",
    "method_cart": "CART",
    "method_best_regimes": "Bedste styringsform i hver verden",
    "method_regret": "Tab ved valget",
    "method_satisficing": "Krav opfyldt",
    "method_front": "Pareto-front",
    "method_variance": "Parametre og tilfældigheder",
    "method_worlds": "Studiets faktorer, verdener og tilfældigheder",
    "legend_parameters": "parametre",
    "legend_chance common to all points": "tilfældigheder fælles for alle punkter",
    "legend_chance at each point": "tilfældigheder i hvert punkt",
    "legend_design": "faktorer",
    "legend_worlds": "verdener",
    "legend_worlds, differently at each point": "verdener, forskelligt fra punkt til punkt",
    "legend_chance": "tilfældigheder",
}
