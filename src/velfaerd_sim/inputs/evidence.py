"""Published figures as data: municipalities, age bands, and the questionnaire of 2016.

The files lie in ``data/``; ``data/sources.toml`` says where each figure comes from.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from velfaerd_sim.inputs.toml_files import read_text, read_toml

DATA = Path(__file__).with_name("data")

AGE_BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
MUNICIPALITY_KINDS = ("capital", "large_city", "provincial_city", "commuter", "rural")
REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
ROUTES = (
    "municipality_invites_organisations",
    "municipality_recruits_individuals",
    "dialogue_about_what_to_do_together",
    "users_contribute_to_municipal_tasks",
    "local_civil_actors_invite",
    "regional_or_national_civil_actors_invite",
)
ANSWERS = ("as_a_rule", "sometimes", "seldom", "never", "dont_know")
KORA_RESPONDENTS = 330
"""About so many municipal heads answered the questionnaire, by the rounding of its percentages."""


@dataclass(frozen=True)
class MunicipalityFigures:
    """One of the 98 municipalities; ``population`` counts all ages, autumn 2020."""

    code: int
    name: str
    region: str
    kind: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class AgeGroup:
    """Adults in one age band, Denmark 2021; ``share`` is a share of all adults (16+)."""

    band: str
    persons: int
    share: float


@dataclass(frozen=True)
class RouteAnswers:
    """How often collaborations start by a route: percent of heads by answer, as in ANSWERS."""

    route: str
    percent: tuple[float, ...]


@dataclass(frozen=True)
class FigureSource:
    """Where a file of figures comes from."""

    file: str
    content: str
    source: str
    units: str
    secondary: bool


def _rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(DATA / file).splitlines()))


@cache
def municipalities() -> tuple[MunicipalityFigures, ...]:
    """Return the 98 municipalities in the order of their codes."""
    return tuple(
        MunicipalityFigures(
            code=int(row["code"]),
            name=row["name"],
            region=row["region"],
            kind=row["type"],
            population=int(row["population_2020"]),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in _rows("municipalities_2020.csv")
    )


@cache
def age_groups() -> tuple[AgeGroup, ...]:
    """Return adults by age band in the order of AGE_BANDS; the shares sum to 1."""
    counts = {row["age_band"]: int(row["persons_2021k1"]) for row in _rows("age_shares_2021.csv")}
    total = sum(counts.values())
    return tuple(AgeGroup(band, counts[band], counts[band] / total) for band in AGE_BANDS)


def age_shares() -> tuple[float, ...]:
    """Return the shares of adults by age band in the order of AGE_BANDS; they sum to 1."""
    return tuple(group.share for group in age_groups())


def national_adults() -> int:
    """Return the number of adults (16+) in Denmark, first quarter of 2021."""
    return sum(group.persons for group in age_groups())


@cache
def kora_table() -> tuple[RouteAnswers, ...]:
    """Return the six-route table of 2016, in the order of ROUTES and ANSWERS, in percent."""
    rows = {row["route"]: row for row in _rows("kora_2016.csv")}
    return tuple(
        RouteAnswers(route, tuple(float(rows[route][answer]) for answer in ANSWERS))
        for route in ROUTES
    )


@cache
def sources() -> dict[str, FigureSource]:
    """Return the sources of the files of figures, by the file's name without its ending."""
    return {name: FigureSource(**entry) for name, entry in read_toml(DATA / "sources.toml").items()}
