"""The sentences of the ledger of claims in Danish; numbers fill them."""

from __future__ import annotations

DANISH: dict[str, str | tuple[str, ...]] = {
    "title": "Artiklernes påstande, bedømt",
    "intro": (
        "Hver påstand i fem danske artikler om kommuner og frivillige er skrevet ned som et"
        " eksperiment, med hvad der sammenlignes og hvad der afgør, før noget resultat var set;"
        " hvad der siden er ændret, står ved påstanden med begrundelse. Eksperimentet er så kørt"
        " i mange verdener: sæt af de parametre, som ingen har målt præcist. Dommen er andelen"
        " af verdener, hvor påstanden er opfyldt: den holder fra 90 %, for det meste fra 70 %,"
        " kommer an på forholdene fra 30 % og holder for det meste ikke fra 10 %. Et"
        " spørgsmålstegn står, hvor de kørte verdener lader et andet ord stå åbent. Ingen"
        " styringsform har en målt dansk virkning; her står, hvad der følger af modellens"
        " antagelser, og hvor det vender."
    ),
    "overview": "Overblik",
    "head": (
        "Påstand",
        "Kilde",
        "Art",
        "Dom",
        "Andel af verdener",
        "Forhåndsviden",
        "Skrøbelig over for",
    ),
    "none": "intet",
    "not_run": "ikke kørt",
    "verdict": "{word}: opfyldt i {share} af {worlds} {set} (mellem {low} og {high}; {settled}).",
    "verdict_table": "{word}: {met} af {worlds} frie celler er genskabt over {set}.",
    "settled": "afgjort",
    "open": "ikke afgjort, det kan også være: {words}",
    "all_settled": "afgjort",
    "built_in": "Bygget ind: modellen antager det selv gennem {parameters}; eksperimentet siger, "
    "hvor stor følgen er.",
    "price": "En norm er ikke rigtig eller forkert efter tal; nedenfor står dens pris.",
    "changed": "Ændret {date}, {when}: {text}",
    "before": "før noget resultat var set",
    "after": "efter at resultater var set",
    "wrong": "Tilfældighed inden for en verden ventes at fejlbedømme {share} af verdenerne.",
    "asked_up": "krævet: mindst {least}",
    "asked_down": "krævet: højst {least}",
    "criterion": (
        "{label}: median {median}, fra {low} til {high} i ni af ti verdener; {asked}, "
        "opfyldt i {share}"
    ),
    "beside": "Ved siden af (afgør ikke)",
    "decides": "Det, der afgør",
    "reason": "mindste betydende virkning: {text}",
    "box_fails": (
        "Over de {worlds} verdener i alle sæt svigter den mest, hvor {limits}: i "
        "{density} af verdenerne dér mod {all} overalt; kassen rummer {coverage} af de "
        "verdener, hvor den svigter."
    ),
    "box_holds": (
        "Over de {worlds} verdener i alle sæt er den mest opfyldt, hvor {limits}: i "
        "{density} af verdenerne dér mod {all} overalt; kassen rummer {coverage} af de "
        "verdener, hvor den er opfyldt."
    ),
    "box_unseen": (
        "I verdener, der ikke blev brugt til at finde den, er tætheden {density} og "
        "dækningen {coverage}; {same} af genudtrækningerne begrænser de samme parametre, så"
        " kassen er {stable}."
    ),
    "box_stable": "stabil",
    "box_unstable": "ikke stabil, og dens grænser bør ikke tages enkeltvis for pålydende",
    "box_none": (
        "Ingen grænse på nogen parameter kendetegner de verdener, hvor den svigter, mere end "
        "tilfældigheder ville."
    ),
    "box_few_fails": "Den svigter i {cases} af verdenerne: for få til at sige, hvor.",
    "box_few_holds": "Den er opfyldt i {cases} af verdenerne: for få til at sige, hvor.",
    "box_never_fails": "Den svigter i ingen af verdenerne.",
    "box_never_holds": "Den er opfyldt i ingen af verdenerne.",
    "counter_not_run": "Modmekanismen blev ikke kørt.",
    "table_note": "rombe: offentliggjort, grå: undersøgelsens usikkerhed; prik: simuleret "
    "median, streg: ni af ti verdener",
    "above": "{label} er over {low}",
    "below": "{label} er under {high}",
    "between": "{label} ligger fra {low} til {high}",
    "and": "og",
    "leanings": (
        "Hviler mest på (rangkorrelation med margenen inden for sæt af verdener): {list}."
    ),
    "leaning": "{label} {value} [{low}; {high}]{clear}",
    "not_clear": " (ikke fri af tilfældigheder)",
    "no_leanings": "Ingen antagelse skiller sig ud: for få verdener.",
    "counter": (
        "Modmekanisme, at {words}: opfyldt i {after} af {worlds} verdener i stedet for "
        "{before}: {what}."
    ),
    "overturned": "den vælter dommen",
    "not_overturned": "den vælter ikke dommen",
    "counter_open": "flertallet skifter, men ikke mere end tilfældigheder kan",
    "no_counter": "Ingen modmekanisme kunne gennemføres i denne udgave af modellen.",
    "moved": (
        "Det, der ikke bør betyde noget, opfyldt i {worlds} verdener ({before} som"
        " skrevet): {list}."
    ),
    "fragile": "Skrøbelig: dommen vender ved {list}.",
    "firm": "Ingen ændring, der ikke bør betyde noget, vender dommen ud over tilfældigheder.",
    "overturn": "Hvad der ville ændre vores mening: {text}",
    "reading": "Sådan blev den læst: {text}",
    "figure": "Virkninger over verdener",
    "table_head": (
        "Vej",
        "Svar",
        "Offentliggjort",
        "Undersøgelsens usikkerhed",
        "Simuleret: median (5–95 %)",
        "Genskabt",
    ),
    "yes": "ja",
    "no": "nej",
    "made": (
        "Lavet af {worlds} bedømte verdener med model {model}; studie {fingerprint}. Hvert "
        "tal her er lavet af tabellerne i `experiments/claims`."
    ),
    "summary_title": "Én side til dem, der beslutter",
    "summary_intro": (
        "Fem artikler siger, hvordan danske kommuner bør arbejde med frivillige. Vi har "
        "skrevet {count} af deres påstande ned som eksperimenter i en simuleret kommune og "
        "kørt hver af dem i mange verdener, der stemmer med det, man ved. Det kom der ud af"
        " det."
    ),
    "right": "Det, artiklerne har ret i",
    "right_line": "{id}: {statement} ({word}; opfyldt i {share} af verdenerne{mark})",
    "depends": "Det, der kommer an på forholdene, og på hvilke",
    "depends_line": ("{id}: {statement} (opfyldt i {share} af verdenerne{mark}){but} {conditions}"),
    "wrong_head": "Det, der ikke følger",
    "wrong_line": "{id}: {statement} ({word}; opfyldt i {share} af verdenerne{mark}){but}",
    "norms": "Det, der er et princip",
    "norm_line": "{id}: {statement} Dets pris: {price}.",
    "table_line": (
        "{id}: {statement} Modellen giver {met} af {worlds} celler i den offentliggjorte "
        "tabel; den er tilpasset tabellen, så det er intet bevis."
    ),
    "disagree": "Hvor artiklerne er uenige",
    "disagree_line": "{id}: {statement} {verdict} {conditions}",
    "fragile_mark": "; skrøbelig",
    "assumed_mark": "; bygget ind",
    "cannot": "Det, modellen ikke kan sige",
    "cannot_lines": (
        (
            "Hvor stort noget af dette er i en given dansk kommune: ingen styringsform har en "
            "målt dansk virkning, så verdenerne er meget forskellige."
        ),
        (
            "Om en påstand er sand om virkeligheden: her står, hvad der følger af "
            "mekanismer, der er nævnt i parametertabellen, og hvis størrelser for det meste"
            " er antaget."
        ),
        (
            "Noget om jura, andre penge end medarbejdertimer, politik eller kvaliteten af "
            "det faglige arbejde i sig selv."
        ),
        (
            "Hvem de frivillige og de ensomme er ud over alder, relationer, ensomhed og det"
            " at være kendt af kommunen."
        ),
    ),
    "nothing_here": "Ingen af påstandene.",
    "against": "{of} over for {against}",
    "others": "den bedste af {count} andre",
    "worlds_word": "verdener",
    "leanings_unclear": "Ingen enkelt antagelse er fri af tilfældigheder; nærmest er: {list}.",
    "best": "Bedst {by} {where}: {list} af {worlds} verdener.",
    "best_place": "({place})",
    "best_swing": "Flytter {by} mest: {list} af {worlds} verdener (minus: nedad).",
    "best_one": "{name} i {count}",
}
