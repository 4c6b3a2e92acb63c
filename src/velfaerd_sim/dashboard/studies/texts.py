"""The texts of the page of studies: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "studies_title": ("Studies", "Studier"),
    "studies_intro": (
        "What the commands run, compare, sweep, calibrate, claims, validate and robustness have"
        " written into the results folder of this server. Studies that are still running show how"
        " far they are.",
        "Det, som kommandoerne run, compare, sweep, calibrate, claims, validate og robustness har"
        " skrevet i serverens resultatmappe. Studier, der stadig kører, viser, hvor langt de er"
        " nået.",
    ),
    "all_studies": ("All studies", "Alle studier"),
    "refresh": ("Look again", "Se efter igen"),
    "no_studies": ("No studies yet", "Ingen studier endnu"),
    "no_studies_what": (
        "Make one and it appears here, for example with:",
        "Lav et studie, så dukker det op her, for eksempel med:",
    ),
    "study": ("Study", "Studie"),
    "kind": ("Kind", "Type"),
    "state": ("State", "Tilstand"),
    "runs": ("Runs", "Kørsler"),
    "changed": ("Changed", "Ændret"),
    "folder": ("Folder", "Mappe"),
    "kind_run": ("Single run", "Enkeltkørsel"),
    "kind_compare": ("Comparison", "Sammenligning"),
    "kind_sweep": ("Sweep", "Parameterstudie"),
    "kind_calibration": ("Calibration", "Kalibrering"),
    "kind_calibrate": ("Calibration", "Kalibrering"),
    "kind_claims": ("Claims", "Påstande"),
    "kind_validation": ("Validation", "Validering"),
    "kind_validate": ("Validation", "Validering"),
    "kind_robustness": ("Robustness", "Robusthed"),
    "kind_other": ("Study", "Studie"),
    "state_complete": ("complete", "færdigt"),
    "state_incomplete": ("{share} done", "{share} færdigt"),
    "state_broken": ("cannot be read", "kan ikke læses"),
    "search_study": ("Find a study", "Find et studie"),
    "counted": ("{shown} of {all}", "{shown} af {all}"),
    "nothing_found": (
        "Nothing fits the search. Try a shorter word.",
        "Intet passer til søgningen. Prøv et kortere ord.",
    ),
    "cannot_open": ("This study cannot be opened", "Studiet kan ikke åbnes"),
    "cannot_open_what": (
        "Choose one of the studies in the list; a folder that was moved or damaged can be made"
        " again with the command that made it.",
        "Vælg et af studierne på listen. En mappe, der er flyttet eller beskadiget, kan laves igen"
        " med den kommando, der lavede den.",
    ),
    "going_on": (
        "{done} of {planned} runs are there. The page looks again every few seconds; what is shown"
        " rests on the runs so far.",
        "{done} af {planned} kørsler er klar. Siden ser efter igen med få sekunders mellemrum;"
        " det, der vises, bygger på kørslerne indtil nu.",
    ),
    "not_done_yet": ("Nothing to show yet", "Intet at vise endnu"),
    "not_done_what": (
        "This study has no results that can be shown yet. The same command again goes on where it"
        " stopped:",
        "Studiet har endnu ingen resultater at vise. Den samme kommando fortsætter, hvor den slap:",
    ),
    "failed_runs": ("{count} runs failed", "{count} kørsler fejlede"),
    "regimes_of": ("Regimes", "Styringsformer"),
    "adults_of": ("{count} adults", "{count} voksne"),
    "replicates_of": ("{count} replicates", "{count} gentagelser"),
    "points_of": ("{count} points", "{count} punkter"),
    "about_study": ("How it was made", "Sådan blev det lavet"),
    "command": ("Command", "Kommando"),
    "version": ("Version", "Version"),
    "fingerprint": ("Fingerprint", "Fingeraftryk"),
    "started": ("Started", "Startet"),
    "finished": ("Finished", "Færdig"),
    "took": ("Took", "Tog"),
    "seconds": ("{count} s", "{count} sek."),
    "outcome": ("Outcome", "Resultat"),
    "outcome_help": ("Measured {unit}; {better}.", "Måles {unit}; {better}."),
    "difference_to": ("Difference from {baseline}", "Forskel fra {baseline}"),
    "difference_note": (
        "Mean {over} with its 95% interval. Green is clearly better, orange clearly worse, grey"
        " not clear.",
        "Gennemsnit {over} med 95 %-interval. Grøn er klart bedre, orange klart værre, grå er"
        " uafklaret.",
    ),
    "course": ("Over time", "Over tid"),
    "course_regime": ("Compared with {baseline}", "Sammenlignet med {baseline}"),
    "course_note": (
        "Bands are 95% intervals of the mean.",
        "Båndene er 95 %-intervaller for gennemsnittet.",
    ),
    "course_note_run": (
        "One run with its own draws: its wiggles are chance; all municipalities together.",
        "Én kørsel med sine egne tilfældige tal: de små udsving er tilfældige; alle kommuner"
        " tilsammen.",
    ),
    "all_effects": ("All effects", "Alle effekter"),
    "regime": ("Regime", "Styringsform"),
    "difference": ("Difference", "Forskel"),
    "interval": ("95% interval", "95 %-interval"),
    "judged": ("Judged", "Vurdering"),
    "is_better": ("better", "bedre"),
    "is_worse": ("worse", "værre"),
    "is_more": ("more", "mere"),
    "is_less": ("less", "mindre"),
    "is_unclear": ("not clear", "uafklaret"),
    "search_effects": ("Find an outcome or regime", "Find et resultat eller en styringsform"),
    "analysing": ("The runs are being analysed: {share}", "Kørslerne analyseres: {share}"),
    "cancel": ("Cancel", "Afbryd"),
    "analyse": ("Analyse", "Analysér"),
    "analysis_stopped": (
        "The analysis was stopped. Press “{analyse}” to make it.",
        "Analysen blev stoppet. Tryk på »{analyse}« for at lave den.",
    ),
    "analysis_failed": (
        "The runs could not be analysed: {message}",
        "Kørslerne kunne ikke analyseres: {message}",
    ),
    "unexpected": (
        "an unexpected error, which is noted in the server's log",
        "en uventet fejl, som er noteret i serverens log",
    ),
    "says": ("What it says", "Det siger det"),
    "weak_note": (
        "Grey: the sample is too small to rely on it.",
        "Grå: stikprøven er for lille til, at man kan stole på det.",
    ),
    "side_by_side": ("The regimes side by side", "Styringsformerne side om side"),
    "decides": ("What decides", "Hvad der afgør"),
    "decides_of": ("Of what", "Af hvad"),
    "turns": ("Where the ranking turns", "Hvor rangordenen vender"),
    "map_of": ("Map", "Kort"),
    "map_note": (
        "Blue: {regime} is better than {against}; orange: worse. A cross: chance may explain it."
        " The ranking turns at the solid line; the true line lies between the dashed ones.",
        "Blå: {regime} er bedre end {against}; orange: værre. Et kryds: tilfældigheder kan"
        " forklare det. Rangordenen vender ved den fuldt optrukne linje; den sande linje ligger"
        " mellem de stiplede.",
    ),
    "map_label": (
        "Difference in {outcome} between {regime} and {against} by {x} and {y}",
        "Forskel i {outcome} mellem {regime} og {against} efter {x} og {y}",
    ),
    "worse_short": ("worse", "værre"),
    "better_short": ("better", "bedre"),
    "unclear_short": ("(not told from chance)", "(kan skyldes tilfældigheder)"),
    "hover_cell": (
        "Point at a cell to read its value, or use the arrow keys.",
        "Peg på et felt for at læse værdien, eller brug piletasterne.",
    ),
    "line_of": ("By {factor}", "Efter {factor}"),
    "line_note": (
        "Difference from {baseline}; mean over all values of the other factors, with 95%"
        " intervals.",
        "Forskel fra {baseline}; gennemsnit over alle værdier af de andre faktorer, med 95"
        " %-intervaller.",
    ),
    "boxes": ("In which worlds", "I hvilke verdener"),
    "box_ranges": (
        "The part of each parameter's range that lies in the box:",
        "Den del af hver parameters interval, der ligger i boksen:",
    ),
    "more_answers": ("All analyses in full", "Alle analyser i fuld længde"),
    "more_answers_note": (
        "As the analysis wrote them.",
        "Som analysen skrev dem (på engelsk).",
    ),
    "sobol_what": (
        "Share of the variance between worlds that each parameter has a part in (filled: with all"
        " its interactions; open: alone), with 95% intervals. Blue is told from zero, grey is not.",
        "Andel af variansen mellem verdener, som hver parameter har del i (fyldt: med alle sine"
        " vekselvirkninger; åben: alene), med 95 %-intervaller. Blå er forskellig fra nul, grå er"
        " uafklaret.",
    ),
    "morris_what": (
        "Mean size of the effect of each parameter over its range, with 95% intervals. Blue"
        " matters beyond chance, grey does not.",
        "Gennemsnitlig størrelse af hver parameters effekt over dens interval, med 95"
        " %-intervaller. Blå betyder noget ud over tilfældigheder, grå er uafklaret.",
    ),
    "one_at_a_time_what": (
        "Effect of going from the low to the high end of each range, with 95% intervals. Blue is"
        " told from zero, grey is not.",
        "Effekten af at gå fra den lave til den høje ende af hvert interval, med 95 %-intervaller."
        " Blå er forskellig fra nul, grå er uafklaret.",
    ),
    "pawn_what": (
        "How far the distribution moves when a parameter is known (0 to 1), with 95% intervals."
        " Blue is above chance, grey is not.",
        "Hvor meget fordelingen flytter sig, når en parameter er kendt (0 til 1), med 95"
        " %-intervaller. Blå er mere end tilfældigheder, grå er uafklaret.",
    ),
    "total": ("total", "samlet"),
    "alone": ("alone", "alene"),
    "index": ("index", "indeks"),
    "effect": ("effect", "effekt"),
    "about_difference": (
        "{outcome}, the difference between {a} and {b}",
        "{outcome}, forskellen mellem {a} og {b}",
    ),
    "about_level": ("{outcome} under {a}", "{outcome} under {a}"),
    "between": (" (95% interval {low} to {high})", " (95 %-interval {low} til {high})"),
    "told_contrast": (
        "{outcome}: {regime} differs from {baseline} by {difference} {unit}{interval} in the mean,"
        " and does better in {ahead} of the {worlds}.",
        "{outcome}: {regime} afviger i gennemsnit fra {baseline} med {difference} {unit}{interval}"
        " og klarer sig bedst i {ahead} af {worlds}.",
    ),
    "worlds": ("worlds", "verdenerne"),
    "points": ("points tried", "de punkter, der er prøvet"),
    "method_sobol": ("Sobol indices", "Sobol-indeks"),
    "method_morris": ("Elementary effects", "Elementære effekter"),
    "method_one_at_a_time": ("Effects one at a time", "Effekter én ad gangen"),
    "method_pawn": ("PAWN indices", "PAWN-indeks"),
    "turn_places": ("It turns at", "Her vender den"),
    "told_decides": (
        "Most decisive for {about}: {names}{rest} ({measure}).",
        "Mest afgørende for {about}: {names}{rest} ({measure}).",
    ),
    "told_more": (" and {count} more", " og {count} mere"),
    "told_nothing_decides": (
        "No parameter is shown to matter for {about}.",
        "Ingen parameter er vist at betyde noget for {about}.",
    ),
    "told_map": (
        "On {outcome} {regime} is clearly ahead of {against} in {wins} of the cells of the map,"
        " and clearly behind in {losses}.",
        "På {outcome} er {regime} klart foran {against} i {wins} af kortets felter og klart bagud"
        " i {losses}.",
    ),
    "told_turns": ("The ranking turns at {places}.", "Rangordenen vender ved {places}."),
    "told_turn_at": ("{y} {at} where {x} is {where}", "{y} {at}, hvor {x} er {where}"),
    "told_no_turn": (
        "The ranking does not turn along {y}.",
        "Rangordenen er den samme, uanset {y}.",
    ),
    "told_best": (
        "Best for {outcome}, share of worlds: {parts}.",
        "Bedst for {outcome}, andel af verdener: {parts}.",
    ),
    "told_event": (
        "{regime} does better than {against} on {outcome} in {share} of the worlds.",
        "{regime} klarer sig bedre end {against} på {outcome} i {share} af verdenerne.",
    ),
    "told_nothing_there": (
        "That is nearly always or nearly never so: there is nothing that sets worlds apart.",
        "Det er næsten altid eller næsten aldrig sådan: der er intet, der skiller verdener ad.",
    ),
    "told_no_box": (
        "No limit on any parameter sets these worlds apart beyond chance.",
        "Ingen grænse for nogen parameter skiller disse verdener ud, mere end tilfældigheder"
        " ville.",
    ),
    "told_box": (
        "Mostly where {limits}: there it does so in {density} of the worlds, which are {coverage}"
        " of all worlds in which it does.",
        "Mest, hvor {limits}: dér sker det i {density} af verdenerne, og de udgør {coverage} af"
        " alle verdener, hvor det sker.",
    ),
    "told_stable": (
        "Resamples of the worlds lead to the same limits.",
        "Nye stikprøver af verdenerne fører til de samme grænser.",
    ),
    "told_unstable": (
        "Resamples of the worlds lead to other limits: do not rely on them one by one.",
        "Nye stikprøver af verdenerne fører til andre grænser: stol ikke på dem enkeltvis.",
    ),
    "limit_between": (
        "{name} lies between {low} and {high}",
        "{name} ligger mellem {low} og {high}",
    ),
    "limit_above": ("{name} is above {low}", "{name} er over {low}"),
    "limit_below": ("{name} is below {high}", "{name} er under {high}"),
    "tables": ("Tables of this study", "Studiets tabeller"),
    "table": ("Table", "Tabel"),
    "rows_all": ("{count} rows", "{count} rækker"),
    "rows_first": ("the first {shown} of {count} rows", "de første {shown} af {count} rækker"),
    "rows_first_of_many": ("the first {shown} rows", "de første {shown} rækker"),
    "no_tables": (
        "This study has no tables yet.",
        "Studiet har ingen tabeller endnu.",
    ),
    "choose_table": ("Choose a table", "Vælg en tabel"),
    "table_broken": ("The table cannot be shown: {message}", "Tabellen kan ikke vises: {message}"),
    "whole_study": ("The study", "Studiet"),
    "take_record": ("Record (JSON)", "Oplysninger om studiet (JSON)"),
    "take_report": ("Report (HTML)", "Rapport (HTML)"),
    "in_english": ("in English", "på engelsk"),
    "take_csv": ("Table (CSV)", "Tabel (CSV)"),
    "take_file": ("Table (Parquet)", "Tabel (Parquet)"),
    "cannot_take": (
        "The file cannot be taken along: {message}",
        "Filen kan ikke tages med: {message}",
    ),
    "dismiss": ("Dismiss", "Luk"),
    "kind_recovery": ("Recovery", "Genfinding"),
    "reason": ("What was found: {message}", "Fejlmeddelelse: {message}"),
    "replicate_of": ("1 replicate", "1 gentagelse"),
    "failed_run": ("1 run failed", "1 kørsel fejlede"),
    "moment": ("{day} at {time} UTC", "{day} kl. {time} UTC"),
    "minutes": ("{minutes} min {seconds} s", "{minutes} min. {seconds} sek."),
    "hours": ("{hours} h {minutes} min", "{hours} t. {minutes} min."),
    "report_of": ("Report", "Rapport"),
    "report_how": (
        "The report and its figures are made by: {command}",
        "Rapporten og dens figurer laves med: {command}",
    ),
    "more_is_better": ("more is better", "mere er bedre"),
    "less_is_better": ("less is better", "mindre er bedre"),
    "neither_is_better": ("neither way is better", "hverken mere eller mindre er bedre"),
    "over_replicates": ("over the replicates", "over gentagelserne"),
    "over_worlds": ("over the worlds", "over verdenerne"),
    "over_points": ("over all that was run", "over alt det kørte"),
    "axis_difference": ("difference, {unit}", "forskel, {unit}"),
    "quoted": ("“{name}”", "»{name}«"),
    "of_difference": ("{a} compared with {b}", "{a} sammenlignet med {b}"),
    "of_level": ("Level under {a}", "Niveau under {a}"),
    "map_between": (
        "{regime} compared with {against}",
        "{regime} sammenlignet med {against}",
    ),
    "map_note_none": (
        "Blue: {regime} is better than {against}; orange: worse. A cross: chance may explain it."
        " The ranking turns nowhere on this map, so it has no line.",
        "Blå: {regime} er bedre end {against}; orange: værre. Et kryds: tilfældigheder kan"
        " forklare det. Rangordenen vender ingen steder på dette kort, så der er ingen linje.",
    ),
    "map_keys": (
        "Map: the arrow keys go from cell to cell",
        "Kort: piletasterne går fra felt til felt",
    ),
    "boxes_what": (
        "A box is a part of the worlds, cut out by limits on few parameters, in which something"
        " mostly happens.",
        "En boks er en del af verdenerne, afgrænset på få parametre, hvor noget for det meste"
        " sker.",
    ),
    "unfold": ("Show", "Vis"),
    "fold": ("Hide", "Skjul"),
    "axis_sobol": ("share of the variance", "andel af variansen"),
    "axis_morris": ("mean size of the effect", "gennemsnitlig størrelse af effekten"),
    "axis_one_at_a_time": ("effect", "effekt"),
    "axis_pawn": ("PAWN index, 0 to 1", "PAWN-indeks, 0 til 1"),
    "measure_sobol": (
        "total Sobol indices with 95% intervals",
        "samlede Sobol-indeks med 95 %-intervaller",
    ),
    "measure_morris": (
        "mean size of the effect, {unit}, with 95% intervals",
        "effektens gennemsnitlige størrelse, {unit}, med 95 %-intervaller",
    ),
    "measure_one_at_a_time": (
        "effect from the low to the high end, {unit}, with 95% intervals",
        "effekten fra den lave til den høje ende, {unit}, med 95 %-intervaller",
    ),
    "measure_pawn": ("PAWN indices with 95% intervals", "PAWN-indeks med 95 %-intervaller"),
    "from_to": ("{low} to {high}", "{low} til {high}"),
    "tables_note": (
        "Names of columns are those of the files, which are in English.",
        "Kolonnernes navne er filernes egne, på engelsk.",
    ),
    "take_scenario": ("Scenario (TOML)", "Scenarie (TOML)"),
    "take_svg": ("Figure (SVG)", "Figur (SVG)"),
    "take_png": ("Figure (PNG)", "Figur (PNG)"),
    "figures": ("Figures", "Figurer"),
    "title_more": ("{first} and {count} other regimes", "{first} og {count} andre styringsformer"),
    "title_calibration": (
        "Parameter sets that reproduce the published figures",
        "Parametersæt, der genskaber de offentliggjorte tal",
    ),
    "title_claims": (
        "The claims of the articles, judged in many worlds",
        "Artiklernes påstande, prøvet i mange verdener",
    ),
    "title_validation": (
        "The model held against every published figure",
        "Modellen holdt op mod alle offentliggjorte tal",
    ),
    "title_robustness": (
        "Which conclusions survive what",
        "Hvilke konklusioner der holder til hvad",
    ),
    "title_recovery": (
        "Does the calibration find what is known to be true?",
        "Finder kalibreringen det, man ved er sandt?",
    ),
    "worlds_of": ("{count} worlds", "{count} verdener"),
    "middle_worlds": ("90% of worlds", "90 % af verdenerne"),
    "better_in": ("Better in, share of worlds", "Bedre i, andel af verdener"),
    "unit": ("Unit", "Enhed"),
    "map_even": (
        "The cells are drawn equally wide: read the values at the axes.",
        "Felterne er tegnet lige brede: aflæs værdierne på akserne.",
    ),
}
