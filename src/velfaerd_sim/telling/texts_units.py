"""Units, distributions and roles of parameters, as the tables of inputs name them and in Danish."""

from __future__ import annotations

_DANISH: dict[str, dict[str, str]] = {
    "unit": {
        "factor": "faktor",
        "per month": "pr. måned",
        "0-1": "0–1",
        "share": "andel",
        "log odds": "log-odds",
        "log odds per month": "log-odds pr. måned",
        "starts a year per 1000 adults": "starter om året pr. 1.000 voksne",
        "hours per initiative and month": "timer pr. indsats og måned",
        "weight": "vægt",
        "hours per month": "timer om måneden",
        "probability": "sandsynlighed",
        "initiatives per 1000 adults": "indsatser pr. 1.000 voksne",
        "per age band": "pr. aldersgruppe",
        "hours per staff member and month": "timer pr. medarbejder og måned",
        "adults per staff member": "voksne pr. medarbejder",
        "share of the first year": "andel af det første år",
        "share per month": "andel pr. måned",
        "share of the initiative's influence": "andel af indsatsens indflydelse",
        "hours per volunteer and month": "timer pr. frivillig og måned",
        "persons": "personer",
        "parameter of the beta": "parameter i betafordelingen",
        "months": "måneder",
        "standard deviation of log": "standardafvigelse af logaritmen",
        "starts in three years": "starter på tre år",
        "ties per adult": "bånd pr. voksen",
        "share of adults": "andel af de voksne",
        "standard deviation": "standardafvigelse",
        "per year": "om året",
    },
    "distribution": {
        "uniform": "jævn",
        "log_uniform": "jævn på logaritmisk skala",
        "values": "værdier",
    },
    "role": {
        "lever": "håndtag",
        "uncertainty": "usikkerhed",
        "constant": "konstant",
    },
}

DANISH: dict[str, str] = {
    f"{kind}_{name}": danish for kind, names in _DANISH.items() for name, danish in names.items()
}
ENGLISH: dict[str, str] = {
    f"{kind}_{name}": name.replace("_", " ") for kind, names in _DANISH.items() for name in names
}
