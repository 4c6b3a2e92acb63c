"""Danish for what the tables of inputs say in English: units of targets, sources, reasons.

Titles of publications stay as they are; the words around them are put into Danish phrase by
phrase, the longest first.
"""

from __future__ import annotations

from functools import cache

UNITS = {
    "share of heads": "andel af cheferne",
    "share of the age group": "andel af aldersgruppen",
    "share of volunteers": "andel af de frivillige",
    "a year": "om året",
    "standardised coefficient": "standardiseret koefficient",
    "standard deviations of loneliness": "standardafvigelser i ensomhed",
    "hours a month": "timer om måneden",
    "share of those who joined": "andel af dem, der begyndte",
    "odds ratio": "oddsratio",
    "standard deviations, better is positive": "standardafvigelser; positiv er bedre",
    "share of tasks": "andel af opgaverne",
    "largest difference between shares of the country": "største forskel mellem landets andele",
    "largest difference between shares of adults": "største forskel mellem andele af de voksne",
}
"""Units of targets that no parameter has."""

GROUPS = {
    "governance": "styring",
    "staff hours": "medarbejdertimer",
    "agreements": "aftaler",
    "volunteers": "frivillige",
    "matching": "matchning",
    "loneliness": "ensomhed",
    "initiatives": "indsatser",
    "staff": "medarbejdere",
    "questionnaire": "spørgeskema",
    "policy": "politik",
    "population": "befolkning",
    "network": "netværk",
}
"""Parts of the model by which parameters are grouped."""

PHRASES = {
    "assumption": "antagelse",
    "size: assumption": "størrelse: antagelse",
    "numbers: assumption": "tal: antagelse",
    "size on leaving: assumption": "størrelse for ophør: antagelse",
    "taken over to leaving: assumption": "overført til ophør: antagelse",
    "sign: ": "fortegn: ",
    "secondary)": "sekundær kilde)",
    "derived)": "afledt)",
    ", derived": ", afledt",
    "contested": "omstridt",
    "reference without a source": "reference uden kilde",
    "definition of the experiment: 0 makes all regimes alike": (
        "eksperimentets definition: 0 gør alle styringsformer ens"
    ),
    "arithmetic, with T1": "regnestykke, med T1",
    "self-determination theory": "selvbestemmelsesteori",
    "no Danish time use study was found": "der blev ikke fundet noget dansk tidsstudie",
    "S3 reports a gap between words and deeds, no size: assumption": (
        "S3 beretter om afstand mellem ord og handling uden størrelse: antagelse"
    ),
    # places and years
    "Danskernes sundhed 2017 and 2023": "Danskernes sundhed 2017 og 2023",
    "Time Well Spent 2018 and 2020": "Time Well Spent 2018 og 2020",
    "KORA and SDU 2016, as reported in S3": "KORA og SDU 2016, gengivet i S3",
    "KORA/SDU study of municipal heads (2016), as reported in the press": (
        "KORA's og SDU's undersøgelse blandt kommunale chefer (2016), gengivet i pressen"
    ),
    "KL, FH and Frivilligrådet, op-ed of 3 March 2021": (
        "KL, FH og Frivilligrådet, debatindlæg 3. marts 2021"
    ),
    ", the position described there": ", den position, der beskrives dér",
    "British and English cohort studies": "britiske og engelske kohortestudier",
    "Norwegian care study 2018": "norsk omsorgsstudie 2018",
    "Statistics Denmark, as published by Statens Serum Institut": (
        "Danmarks Statistik, offentliggjort af Statens Serum Institut"
    ),
    "Statistics Denmark": "Danmarks Statistik",
    "Study of self-determination and planned behaviour": (
        "Studie af selvbestemmelse og planlagt adfærd"
    ),
    "(15.5 in 2020, 18 in 2024": "(15,5 i 2020, 18 i 2024",
    ": 5 % of adults volunteer in the social field": (
        ": 5 % af de voksne er frivillige på det sociale område"
    ),
    ": two thirds are tied to an association": ": to tredjedele er knyttet til en forening",
    # what a source says
    "(ambiguity hurts)": "(uklarhed skader)",
    "(burnout mediates the wish to quit)": "(udbrændthed formidler ønsket om at stoppe)",
    "(role ambiguity)": "(rolleuklarhed)",
    "(effort)": "(indsats)",
    "(stability)": "(stabilitet)",
    "(unclear division of labour)": "(uklar arbejdsdeling)",
    "(agreements lose touch with the work)": "(aftaler mister forbindelsen til arbejdet)",
    "(closeness, flexibility, openness are lost)": "(nærhed, fleksibilitet, åbenhed går tabt)",
    "(closeness, flexibility, openness)": "(nærhed, fleksibilitet, åbenhed)",
    "(experimenting municipalities)": "(eksperimenterende kommuner)",
    "(living agreements)": "(levende aftaler)",
    "(boundaries settled in the workplace forum)": "(grænser afklaret i arbejdspladsens forum)",
    "(referral by the job centre)": "(henvisning fra jobcentret)",
    "(referral to a clear target group)": "(henvisning til en klar målgruppe)",
    "(what: boundaries talked through before the start)": "(hvad: grænser drøftet før starten)",
    "(new relations in a community)": "(nye relationer i et fællesskab)",
    "(rigid systems reach those they know)": "(stive systemer når dem, de kender)",
    "(talks clarify roles)": "(samtaler afklarer roller)",
    "(the municipality prepares)": "(kommunen forbereder)",
    "(almost-employees)": "(næsten-ansatte)",
    "(facilitation is a skill)": "(facilitering er en færdighed)",
    "(slow to build)": "(opbygges langsomt)",
    "(staff find their way between several ways of governing)": (
        "(medarbejdere navigerer mellem flere måder at styre på)"
    ),
    "(citizens and organisations inspire least)": "(borgere og organisationer inspirerer mindst)",
    "(guidelines inspire most)": "(retningslinjer inspirerer mest)",
    "(influence comes with taking part in defining the problem)": (
        "(indflydelse følger af at være med til at definere problemet)"
    ),
    "(the municipality serves first)": "(kommunen server først)",
    "(what: the phase where the problem is understood)": "(hvad: fasen, hvor problemet forstås)",
    "(what: the phase where the work is done)": "(hvad: fasen, hvor arbejdet udføres)",
    "(peers support peers)": "(ligestillede støtter hinanden)",
    "(volunteering counters one's own isolation)": "(frivilligt arbejde modvirker egen isolation)",
    "(record keeping and recruitment)": "(dokumentation og rekruttering)",
    "(being asked is the most frequent way in)": "(at blive spurgt er den hyppigste vej ind)",
    "odds ratio 0.65 of intention to continue where the setting is felt as too bureaucratic": (
        "oddsratio 0,65 for at ville fortsætte, hvor rammerne opleves som for bureaukratiske"
    ),
    "path +.37 from autonomous motivation to intention": (
        "sti +0,37 fra autonom motivation til intention"
    ),
    "path -.15 from controlled motivation to intention": (
        "sti −0,15 fra kontrolleret motivation til intention"
    ),
    # what an assumption is about
    "1 is a random network": "1 er et tilfældigt netværk",
    "a weekly meeting with preparation and travel": "ugentligt møde, forberedelse, transport",
    "about 14 % a year": "omkring 14 % om året",
    "at full role clarity": "ved fuld rolleklarhed",
    "large cities are younger": "storbyer er yngre",
    "rural municipalities are older": "landkommuner er ældre",
    "one in eight tasks is interchangeable": "én ud af otte opgaver er ombyttelig",
    "one joint forum serves several initiatives": "ét fælles forum tjener flere indsatser",
    "premises, grants and a contact person": "lokaler, tilskud og en kontaktperson",
    "rules, vetting and reporting at full rigidity": (
        "regler, godkendelse og rapportering ved fuld regelstyring"
    ),
    "the others of a group remain to each other": "de øvrige i en gruppe har stadig hinanden",
    # what a value was set to
    "set between 4 % at 65-79 and 8 % at 80+": "sat mellem 4 % ved 65-79 og 8 % ved 80+",
    "set so that about a quarter find the setting too bureaucratic": (
        "sat, så omkring en fjerdedel finder rammerne for bureaukratiske"
    ),
    "set so that befriending lies in 0.00-0.36 SD": "sat, så besøgsvenner ligger i 0,00-0,36 SD",
    "set so that retention under the status quo lies in 0.65-0.83": (
        "sat, så fastholdelsen under status quo ligger i 0,65-0,83"
    ),
    "set so that volunteers in the social field are 3-6 % of adults": (
        "sat, så frivillige på det sociale område er 3-6 % af de voksne"
    ),
    "set to 12.7 % lonely": "sat efter 12,7 % ensomme",
    "set to 19.0 % lonely": "sat efter 19,0 % ensomme",
    "set to 4 % lonely at 65-79": "sat efter 4 % ensomme ved 65-79",
    "set to 8 % at 80+ and 17 % at 90+": "sat efter 8 % ved 80+ og 17 % ved 90+",
    "set to about 7 % lonely at 35+": "sat efter omkring 7 % ensomme ved 35+",
    "secondary": "sekundær kilde",
    "set to the six-route table": "sat efter tabellen over seks veje",
    "set to the spread of answers in": "sat efter svarenes spredning i",
    "set to ": "sat efter ",
    "set with onset and recovery a year": "sat sammen med til- og afgang om året",
    "set with the shares of lonely by age": "sat sammen med andelen af ensomme efter alder",
}
"""Phrases of sources, and their Danish."""

OTHERS = {
    "various": "flere år",
    "two of three": "to ud af tre",
    "1 in 20; 75 %": "1 ud af 20; 75 %",
    "39 %; 84 % of those": "39 %; 84 % af dem",
    "286.5 million DKK": "286,5 mio. kr.",
    "an initiative has at most one association behind it; partners are not counted": (
        "en indsats har højst én forening bag sig; partnere tælles ikke"
    ),
    "an initiative belongs to one department": "en indsats hører til én forvaltning",
    "attention to collaboration is not a state, and the status quo stands still": (
        "opmærksomhed på samarbejde er ikke en tilstand i modellen, og status quo står stille"
    ),
    "heads have attitudes to routes, not motives": (
        "cheferne har holdninger til veje, ikke motiver"
    ),
    "the smallest unit of the municipality is the department; institutions are not told apart": (
        "kommunens mindste enhed er forvaltningen; institutioner skelnes ikke"
    ),
    "only staff who work with civil society are in the model": (
        "kun medarbejdere, der arbejder med civilsamfundet, er med i modellen"
    ),
    "money is not in the model, hours of staff are": (
        "modellen regner ikke i penge, men i medarbejdertimer"
    ),
}
"""Whole texts: years, figures that the model cannot be asked, and why not."""


@cache
def _longest_first() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(PHRASES.items(), key=lambda pair: -len(pair[0])))


@cache
def danish_source(source: str) -> str:
    """A source with the words around its titles in Danish."""
    parts: list[str] = []
    rest = source
    while rest:
        found = next((pair for pair in _longest_first() if rest.startswith(pair[0])), None)
        if found is None:
            parts.append(rest[0])
            rest = rest[1:]
        else:
            parts.append(found[1])
            rest = rest[len(found[0]) :]
    return "".join(parts)


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
