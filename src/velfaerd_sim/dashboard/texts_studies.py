"""The texts of the page of studies: English, Danish."""

from velfaerd_sim.dashboard.texts import Table

TEXTS: Table = {
    "studies_title": ("Studies", "Studier"),
    "studies_intro": (
        "What the commands run, compare, sweep, calibrate and claims have written into the results"
        " folder of this server. Studies that are still running show how far they are.",
        "Det som kommandoerne run, compare, sweep, calibrate og claims har skrevet i serverens"
        " resultatmappe. Studier der stadig kører, viser hvor langt de er nået.",
    ),
    "all_studies": ("All studies", "Alle studier"),
    "refresh": ("Look again", "Se efter igen"),
    "no_studies": ("No studies yet", "Ingen studier endnu"),
    "no_studies_what": (
        "Make one and it appears here, for example with:",
        "Lav et studie, så dukker det op her, for eksempel med:",
    ),
    "study": ("Study", "Studie"),
    "kind": ("Kind", "Slags"),
    "state": ("State", "Tilstand"),
    "runs": ("Runs", "Kørsler"),
    "changed": ("Changed", "Ændret"),
    "folder": ("Folder", "Mappe"),
    "kind_run": ("Single run", "Enkelt kørsel"),
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
        "Vælg et af studierne på listen; en mappe der er flyttet eller beskadiget, kan laves igen"
        " med kommandoen der lavede den.",
    ),
    "going_on": (
        "{done} of {planned} runs are there. The page looks again every few seconds; what is shown"
        " rests on the runs so far.",
        "{done} af {planned} kørsler er klar. Siden ser efter igen med få sekunders mellemrum; det"
        " viste bygger på kørslerne indtil nu.",
    ),
    "not_done_yet": ("Nothing to show yet", "Intet at vise endnu"),
    "not_done_what": (
        "This study has no results that can be shown yet. The same command again goes on where it"
        " stopped:",
        "Studiet har ingen resultater at vise endnu. Den samme kommando fortsætter hvor den slap:",
    ),
    "failed_runs": ("{count} runs failed", "{count} kørsler fejlede"),
    "regimes_of": ("Regimes", "Styringsformer"),
    "adults_of": ("{count} adults", "{count} voksne"),
    "replicates_of": ("{count} replicates", "{count} gentagelser"),
    "points_of": ("{count} points", "{count} punkter"),
    "months_of": ("{time} after the start", "{time} efter starten"),
    "about_study": ("How it was made", "Sådan blev det lavet"),
    "command": ("Command", "Kommando"),
    "version": ("Version", "Version"),
    "fingerprint": ("Fingerprint", "Fingeraftryk"),
    "started": ("Started", "Startet"),
    "finished": ("Finished", "Færdig"),
    "took": ("Took", "Tog"),
    "seconds": ("{count} s", "{count} s"),
    "outcome": ("Outcome", "Resultat"),
    "outcome_help": ("{definition}.", "{definition}."),
    "choose_outcome": ("what is shown below", "det der vises nedenfor"),
    "difference_to": ("Difference to {baseline}", "Forskel til {baseline}"),
    "difference_note": (
        "Mean over the replicates with its 95% interval; {unit}. Green is clearly better, orange"
        " clearly worse, grey not clear.",
        "Gennemsnit over gentagelserne med 95 %-interval; {unit}. Grøn er klart bedre, orange klart"
        " værre, grå er uafklaret.",
    ),
    "course": ("Over time", "Over tid"),
    "course_regime": ("Compared with the baseline", "Sammenlignet med udgangspunktet"),
    "course_note": (
        "{unit}; bands are 95% intervals of the mean.",
        "{unit}; bånd er 95 %-intervaller for gennemsnittet.",
    ),
    "course_note_run": (
        "{unit}; all municipalities together.",
        "{unit}; alle kommuner tilsammen.",
    ),
    "all_effects": ("All effects", "Alle effekter"),
    "regime": ("Regime", "Styringsform"),
    "baseline_value": ("Baseline", "Udgangspunkt"),
    "regime_value": ("Regime", "Styringsform"),
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
        "Analysen blev stoppet. Tryk på “{analyse}” for at lave den.",
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
        "Grå: stikprøven er for lille til at stole på.",
    ),
    "side_by_side": ("The regimes side by side", "Styringsformerne side om side"),
    "decides": ("What decides", "Hvad der afgør"),
    "decides_of": ("Of what", "Af hvad"),
    "turns": ("Where the ranking turns", "Hvor rangordenen vender"),
    "map_of": ("Map", "Kort"),
    "map_note": (
        "Blue: {regime} is better than {against}; orange: worse. A cross: chance may explain it."
        " The ranking turns at the solid line; the true line lies between the dashed ones.",
        "Blå: {regime} er bedre end {against}; orange: værre. Et kryds: tilfældigheder kan forklare"
        " det. Rangordenen vender ved den fuldt optrukne linje; den sande linje ligger mellem de"
        " stiplede.",
    ),
    "map_label": (
        "Difference in {outcome} between {regime} and {against} by {x} and {y}",
        "Forskel i {outcome} mellem {regime} og {against} efter {x} og {y}",
    ),
    "worse_short": ("worse", "værre"),
    "better_short": ("better", "bedre"),
    "unclear_short": ("(not told from chance)", "(kan skyldes tilfældigheder)"),
    "hover_cell": (
        "Point at a cell to read its value.",
        "Peg på et felt for at læse værdien.",
    ),
    "line_of": ("By {factor}", "Efter {factor}"),
    "line_note": (
        "Difference to {baseline}; mean over all values of the other factors, with 95% intervals.",
        "Forskel til {baseline}; gennemsnit over alle værdier af de andre faktorer, med"
        " 95 %-intervaller.",
    ),
    "boxes": ("In which worlds", "I hvilke verdener"),
    "box_ranges": (
        "The part of each range in which it mostly happens:",
        "Den del af hvert interval hvor det mest sker:",
    ),
    "more_answers": ("All analyses in full", "Alle analyser i fuld længde"),
    "more_answers_note": (
        "As the analysis wrote them.",
        "Som analysen skrev dem (på engelsk).",
    ),
    "sobol_what": (
        "Share of the variance between worlds that each parameter has a part in (filled: with all"
        " its interactions; open: alone), with 95% intervals.",
        "Andel af variansen mellem verdener som hver parameter har del i (fyldt: med alle sine"
        " vekselvirkninger; åben: alene), med 95 %-intervaller.",
    ),
    "morris_what": (
        "Mean size of the effect of each parameter over its range, with 95% intervals.",
        "Gennemsnitlig størrelse af hver parameters effekt over dens interval, med"
        " 95 %-intervaller.",
    ),
    "one_at_a_time_what": (
        "Effect of going from the low to the high end of each range, with 95% intervals.",
        "Effekt af at gå fra den lave til den høje ende af hvert interval, med 95 %-intervaller.",
    ),
    "pawn_what": (
        "How far the distribution moves when a parameter is known (0 to 1), with 95% intervals.",
        "Hvor meget fordelingen flytter sig når en parameter er kendt (0 til 1), med"
        " 95 %-intervaller.",
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
    "between": (" ({low} to {high})", " ({low} til {high})"),
    "told_contrast": (
        "{outcome} under {regime} differs from that under {baseline} by {difference}{interval} in"
        " the mean; {regime} is ahead in {ahead} of the {worlds}.",
        "{outcome} under {regime} afviger fra {baseline} med {difference}{interval} i gennemsnit;"
        " {regime} er foran i {ahead} af {worlds}.",
    ),
    "worlds": ("worlds", "verdenerne"),
    "points": ("points", "punkterne"),
    "method_sobol": ("Sobol indices", "Sobol-indeks"),
    "method_morris": ("Elementary effects", "Elementære effekter"),
    "method_one_at_a_time": ("Effects one at a time", "Effekter én ad gangen"),
    "method_pawn": ("PAWN indices", "PAWN-indeks"),
    "turn_places": ("It turns at", "Den vender ved"),
    "told_decides": (
        "Most decisive for {about}: {names}{rest}.",
        "Mest afgørende for {about}: {names}{rest}.",
    ),
    "told_more": (" and {count} more", " og {count} mere"),
    "told_nothing_decides": (
        "No parameter is shown to matter for {about}.",
        "Ingen parameter er vist at betyde noget for {about}.",
    ),
    "told_map": (
        "On {outcome} {regime} is clearly ahead of {against} in {wins} of the cells of the map, and"
        " clearly behind in {losses}.",
        "På {outcome} er {regime} klart foran {against} i {wins} af kortets felter og klart bagud i"
        " {losses}.",
    ),
    "told_turns": ("The ranking turns at {places}.", "Rangordenen vender ved {places}."),
    "told_turn_at": ("{y} {at} where {x} is {where}", "{y} {at} hvor {x} er {where}"),
    "told_no_turn": (
        "The ranking does not turn along {y}.",
        "Rangordenen vender ikke langs {y}.",
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
        "Det er næsten altid eller næsten aldrig sådan: der er intet der skiller verdener ad.",
    ),
    "told_no_box": (
        "No limit on any parameter sets these worlds apart beyond chance.",
        "Ingen grænse for nogen parameter skiller disse verdener ud ud over tilfældigheder.",
    ),
    "told_box": (
        "Mostly where {limits}: there it does so in {density} of the worlds, which are {coverage}"
        " of all worlds in which it does.",
        "Mest hvor {limits}: dér gør den det i {density} af verdenerne, og de er {coverage} af alle"
        " verdener hvor den gør det.",
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
    "take_record": ("Record (JSON)", "Optegnelse (JSON)"),
    "take_report": ("Report (HTML)", "Rapport (HTML)"),
    "take_csv": ("Table shown (CSV)", "Den viste tabel (CSV)"),
    "take_file": ("Table shown (Parquet)", "Den viste tabel (Parquet)"),
    "cannot_take": (
        "The file cannot be taken along: {message}",
        "Filen kan ikke tages med: {message}",
    ),
    "dismiss": ("Dismiss", "Luk"),
    "calibration_head": ("What was found", "Hvad der blev fundet"),
    "result_members": ("parameter sets", "parametersæt"),
    "result_plausible": ("plausible", "plausible"),
    "result_effective": ("effective number", "effektivt antal"),
    "result_inside_medoid": (
        "figures inside, most central set",
        "tal indenfor, mest centrale sæt",
    ),
    "unreachable": (
        "No parameter set reaches: {names}.",
        "Intet parametersæt når: {names}.",
    ),
    "fit_head": ("Fit to the published figures", "Overensstemmelse med de offentliggjorte tal"),
    "result": ("Result", "Resultat"),
}
