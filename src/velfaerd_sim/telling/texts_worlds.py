"""The words of a comparison in many worlds: what the parameters and what chance leave open."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "h_worlds": "How sure, and of what: parameters and chance",
    "meta_worlds": (
        "{worlds} worlds ({name}), {count} simulated populations in each, each lived through under "
        "every regime"
    ),
    "meta_worlds_one": (
        "{worlds} worlds ({name}), one simulated population in each, lived through under every "
        "regime"
    ),
    "question_how_worlds": (
        "The sizes of most effects are not known. The regimes are therefore tried in {worlds} "
        "worlds ({name}), sets of values for {parameters} parameters. In each world they meet the "
        "same simulated citizens and the same chances: {count} of {adults} adults live through "
        "{years} under every regime, after {burn_in} under today’s governance. What differs "
        "between two regimes in a world is then due to the regime."
    ),
    "populations": "{count} populations",
    "population_one": "one population",
    "sure_worlds": (
        "The intervals (95%, {worlds} worlds) hold for the mean over the worlds: they cover chance "
        "and that the worlds are a sample, each comparison by itself. They do not say how far the "
        "worlds differ from each other; that stands below. Neither covers what all worlds have in "
        "common: the equations, and where the regimes stand on the instruments."
    ),
    "worlds_intro": (
        "A world is a set of values that the parameters may have; the worlds are those of the set "
        "“{name}”. What differs from world to world is uncertainty about the parameters: more "
        "simulations do not lessen it, only better evidence does. What differs between "
        "populations of one world is chance. The two are told apart by a random-effects analysis "
        "of variance, and what is said of single worlds has chance taken out."
    ),
    "worlds_intro_raw": (
        "A world is a set of values that the parameters may have; the worlds are those of the set "
        "“{name}”. With one population in each world chance cannot be told from the parameters: "
        "what is said of single worlds holds both. Two populations in each would tell them apart."
    ),
    "worlds_leads": (
        "{topic}: {regime} is {better} than {baseline} in {share} of the worlds (standard error "
        "{error} pp). In their mean the difference is {difference} ({interval}); 90% of the worlds "
        "lie between {low} and {high}."
    ),
    "worlds_in_short": "Against {baseline}: {parts}.",
    "worlds_short": "in {topic}, {regime} is {better} in {share} of the worlds",
    "worlds_leads_none": (
        "{topic}: {regime} is {better} than {baseline} in {share} of the worlds (standard error "
        "{error} pp), as far as worlds can be told apart. In their mean the difference is "
        "{difference} ({interval})."
    ),
    "worlds_same": "{topic}: {regime} gives what {baseline} gives in every world.",
    "worlds_parameters": (
        "The parameters matter more than chance: worlds differ with a standard deviation of "
        "{worlds}, populations of one world with {chance}."
    ),
    "worlds_chance": (
        "Chance in one population matters more than the parameters: populations of one world "
        "differ with a standard deviation of {chance}, worlds with {worlds}."
    ),
    "worlds_none": (
        "No difference between worlds can be told from chance: populations of one world differ "
        "with a standard deviation of {chance}, worlds with at most {most} (95%)."
    ),
    "worlds_better": "better",
    "worlds_worse": "worse",
    "f_worlds": (
        "Difference to {baseline} in every world, one dot a world, with chance taken out: blue "
        "where the regime is better, orange where it is worse. The dark line spans the middle 90% "
        "of worlds; the white dot is the mean over worlds, the thick line its 95% interval. At the "
        "right: in how many worlds the regime is better."
    ),
    "alt_worlds": "{regime} better in {share} of the worlds, 90% of them from {low} to {high}",
    "ax_worlds_better": "better in",
    "n_worlds": "{worlds} worlds × {count} replicates",
    "p_worlds": "differs between worlds",
    "files_worlds": (
        "effects.parquet, worlds.parquet, levels.parquet, bands.parquet, groups.parquet, "
        "staff_hours.parquet, series.parquet, study.json; the figures as SVG and PNG in figures/"
    ),
}

LIMIT_ENGLISH: tuple[str, str] = (
    "The intervals are no forecast.",
    "They cover chance and the parameters as far as the worlds differ in them. What all worlds "
    "have in common is not covered: the equations, the network, the positions of the regimes.",
)
"""In the place of the limit that says that parameters are held fixed."""

DANISH: dict[str, str] = {
    "h_worlds": "Hvor sikkert er det: parametre og tilfældigheder",
    "meta_worlds": (
        "{worlds} verdener ({name}), {count} simulerede befolkninger i hver, som hver gennemlever "
        "alle styringsformer"
    ),
    "meta_worlds_one": (
        "{worlds} verdener ({name}), én simuleret befolkning i hver, som gennemlever alle "
        "styringsformer"
    ),
    "question_how_worlds": (
        "Størrelsen af de fleste effekter kendes ikke. Styringsformerne er derfor afprøvet i "
        "{worlds} verdener ({name}): sæt af værdier for {parameters} parametre. I hver verden "
        "møder de samme simulerede borgere de samme tilfældigheder: {count} med {adults} voksne "
        "gennemlever {years} under hver styringsform efter {burn_in} med den nuværende styring. "
        "Det, der adskiller to styringsformer i en verden, skyldes derfor styringen."
    ),
    "populations": "{count} befolkninger",
    "population_one": "én befolkning",
    "sure_worlds": (
        "Intervallerne (95 %, {worlds} verdener) gælder gennemsnittet over verdenerne: de dækker "
        "tilfældigheder, og at verdenerne er en stikprøve, hver sammenligning for sig. De siger "
        "ikke, hvor forskellige verdenerne er indbyrdes; det står nedenfor. Ingen af delene dækker "
        "det, alle verdener har fælles: ligningerne, og hvor styringsformerne ligger på "
        "virkemidlerne."
    ),
    "worlds_intro": (
        "En verden er et sæt af værdier, som parametrene kan have; verdenerne er dem i sættet "
        "“{name}”. Det, der varierer fra verden til verden, er usikkerhed om parametrene: flere "
        "simuleringer gør den ikke mindre, det gør kun bedre viden. Det, der varierer mellem "
        "befolkninger i samme verden, er tilfældigheder. De to skilles ad med en variansanalyse "
        "med tilfældige effekter, og i det, der siges om de enkelte verdener, er tilfældighederne "
        "trukket ud."
    ),
    "worlds_intro_raw": (
        "En verden er et sæt af værdier, som parametrene kan have; verdenerne er dem i sættet "
        "“{name}”. Med én befolkning i hver verden kan tilfældigheder ikke skelnes fra "
        "parametrene: det, der siges om de enkelte verdener, rummer begge dele. To befolkninger i "
        "hver ville skille dem ad."
    ),
    "worlds_leads": (
        "{topic}: {regime} er {better} end {baseline} i {share} af verdenerne (standardfejl "
        "{error} procentpoint). I gennemsnit over dem er forskellen {difference} ({interval}); "
        "90 % af verdenerne ligger mellem {low} og {high}."
    ),
    "worlds_in_short": "I forhold til {baseline}: {parts}.",
    "worlds_short": "på {topic} er {regime} {better} i {share} af verdenerne",
    "worlds_leads_none": (
        "{topic}: {regime} er {better} end {baseline} i {share} af verdenerne (standardfejl "
        "{error} procentpoint), så vidt verdenerne kan skelnes. I gennemsnit over dem er "
        "forskellen {difference} ({interval})."
    ),
    "worlds_same": "{topic}: {regime} giver det samme som {baseline} i alle verdener.",
    "worlds_parameters": (
        "Parametrene betyder mere end tilfældigheder: verdenerne varierer med en "
        "standardafvigelse på {worlds}, befolkninger i samme verden med {chance}."
    ),
    "worlds_chance": (
        "Tilfældigheder i én befolkning betyder mere end parametrene: befolkninger i samme verden "
        "varierer med en standardafvigelse på {chance}, verdenerne med {worlds}."
    ),
    "worlds_none": (
        "Ingen forskel mellem verdenerne kan skelnes fra tilfældigheder: befolkninger i samme "
        "verden varierer med en standardafvigelse på {chance}, verdenerne med højst {most} (95 %)."
    ),
    "worlds_better": "bedre",
    "worlds_worse": "dårligere",
    "f_worlds": (
        "Forskel til {baseline} i hver verden, én prik pr. verden, med tilfældigheder trukket ud: "
        "blå, hvor styringsformen er bedre, orange, hvor den er dårligere. Den mørke streg spænder "
        "over de midterste 90 % af verdenerne; den hvide prik er gennemsnittet over verdenerne, "
        "den tykke streg dets 95 %-sikkerhedsinterval. Til højre: i hvor mange verdener "
        "styringsformen er bedre."
    ),
    "alt_worlds": "{regime} bedre i {share} af verdenerne, 90 % af dem fra {low} til {high}",
    "ax_worlds_better": "bedre i",
    "n_worlds": "{worlds} verdener × {count} gentagelser",
    "p_worlds": "varierer mellem verdener",
    "files_worlds": (
        "effects.parquet, worlds.parquet, levels.parquet, bands.parquet, groups.parquet, "
        "staff_hours.parquet, series.parquet, study.json; figurerne som SVG og PNG i figures.da/"
    ),
}

LIMIT_DANISH: tuple[str, str] = (
    "Intervallerne er ingen prognose.",
    "De dækker tilfældigheder og parametrene, så vidt verdenerne er forskellige i dem. Det, alle "
    "verdener har fælles, er ikke dækket: ligningerne, netværket, styringsformernes placering.",
)
"""As `LIMIT_ENGLISH`."""
