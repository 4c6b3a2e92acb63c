"""Words of the figures of analyses, and the names of parameters, regimes and outcomes in them."""

from __future__ import annotations

from velfaerd_sim.analysis.wording import Finding
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "sobol": "Share of the variance between worlds",
        "sobol_unit": "filled: total index, hollow: first-order index",
        "morris": "Mean effect over the parameter's range",
        "morris_unit": "filled: mean size of the effect, hollow: its spread, tick: by chance alone",
        "pawn": "Shift of the whole distribution",
        "pawn_unit": "PAWN index; dashed: what idle parameters reach",
        "variance": "Where the variance comes from",
        "variance_unit": "share of the variance between single runs",
        "one_at_a_time": "Range when one factor moves alone",
        "one_at_a_time_unit": "mean of the outcome; dashed: at the base point",
        "box": "The box",
        "box_unit": "",
        "points": "Points",
        "points_unit": "filled: the label holds",
        "cart": "Boxes of the tree",
        "cart_unit": "share of points at which it does; dashed: everywhere",
        "regret": "Regret",
        "regret_unit": "dot: expected, tick: nine worlds in ten, bar: largest",
        "best": "Share of worlds in which a regime is best",
        "best_unit": "bar: best, dark: clearly best",
        "satisficing": "Share of worlds in which all criteria are met",
        "satisficing_unit": "share of worlds",
        "front": "Benefit and cost",
        "front_unit": "line: regimes that none beats on both",
        "map": "Difference",
        "map_unit": "line: the ranking turns, pale: unclear",
        "minus": "minus",
        "beats": "beats",
        "parameters": "parameters",
        "chance common to all points": "chance, common",
        "chance at each point": "chance, at each point",
    },
    "da": {
        "sobol": "Andel af variansen mellem verdener",
        "sobol_unit": "fyldt: totalt indeks, hul: førsteordens indeks",
        "morris": "Middeleffekt over parameterens spænd",
        "morris_unit": "fyldt: middelstørrelse, hul: spredning, streg: ved tilfældet alene",
        "pawn": "Forskydning af hele fordelingen",
        "pawn_unit": "PAWN-indeks; stiplet: hvad virkningsløse parametre når",
        "variance": "Hvor variansen kommer fra",
        "variance_unit": "andel af variansen mellem enkelte kørsler",
        "one_at_a_time": "Spænd når én faktor flyttes alene",
        "one_at_a_time_unit": "udfaldets middel; stiplet: i basispunktet",
        "box": "Boksen",
        "box_unit": "",
        "points": "Punkter",
        "points_unit": "fyldt: udsagnet gælder",
        "cart": "Træets bokse",
        "cart_unit": "andel af punkter hvor det er sådan; stiplet: overalt",
        "regret": "Fortrydelse",
        "regret_unit": "prik: forventet, streg: ni verdener af ti, bjælke: største",
        "best": "Andel af verdener hvor et regime er bedst",
        "best_unit": "bjælke: bedst, mørk: klart bedst",
        "satisficing": "Andel af verdener hvor alle krav er opfyldt",
        "satisficing_unit": "andel af verdener",
        "front": "Udbytte og pris",
        "front_unit": "linje: regimer som intet andet slår på begge",
        "map": "Forskel",
        "map_unit": "linje: rangordenen vender, bleg: uklart",
        "minus": "minus",
        "beats": "slår",
        "parameters": "parametre",
        "chance common to all points": "tilfælde, fælles",
        "chance at each point": "tilfælde, i hvert punkt",
    },
}


def parameter(name: str, language: str = "en") -> str:
    """Label of a parameter, or of an instrument that was varied."""
    if name in BY_NAME:
        return BY_NAME[name].label(language)
    return name.removeprefix("instrument.").replace("_", " ").replace(".", ": ")


def regime(name: str, language: str = "en") -> str:
    """Label of a regime; an own one goes by its name."""
    known = REGIMES.get(name)
    if known is None:
        return name.replace("_", " ")
    return known.label_da if language == "da" else known.label_en


def outcome(name: str, language: str = "en") -> str:
    """Label of an outcome, with the month it was read in where it has one."""
    plain, _, month = name.partition(".month_")
    label = OUTCOMES[INDEX[plain]].label(language) if plain in INDEX else plain.replace("_", " ")
    word = "måned" if language == "da" else "month"
    return f"{label} ({word} {month})" if month else label


def headings(finding: Finding, key: str, language: str = "en") -> tuple[str, str]:
    """Title and unit line of a figure: what is shown, of which outcome, between which regimes."""
    words = WORDS[language]
    name = ", ".join(outcome(each, language) for each in finding.names[:1])
    regimes = [regime(each, language) for each in finding.names[1:] if finding.method != "front"]
    if finding.method == "satisficing":
        name, regimes = "", []
    joiner = words["beats"] if finding.method in ("prim", "cart") else words["minus"]
    subject = f" {joiner} ".join(regimes)
    title = f"{words[key]}: {name}" if name else words[key]
    return title, "; ".join(part for part in (subject, words[f"{key}_unit"]) if part)
