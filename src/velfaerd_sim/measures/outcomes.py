"""The outcomes: name, unit, kind, direction, labels and the function that computes each.

An outcome is computed from tallies (sums and counts a month), so the same functions serve one
municipality, a country pooled, and any number of months. A mean over nobody is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim import in_force
from velfaerd_sim.errors import InputError, nearest
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.measures.history import TallyHistory, divide
from velfaerd_sim.measures.outcome import CUMULATIVE as CUMULATIVE
from velfaerd_sim.measures.outcome import FLOW as FLOW
from velfaerd_sim.measures.outcome import LEVEL as LEVEL
from velfaerd_sim.measures.outcome import WINDOW as WINDOW
from velfaerd_sim.measures.outcome import Outcome as Outcome
from velfaerd_sim.plugins import OwnOutcome, Plugin
from velfaerd_sim.population.tallies import TALLY_TYPE

Array = NDArray[np.float64]


def _hours(ledger: TallyHistory) -> Array:
    names = ("hours_contact", "hours_rules", "hours_agreements", "hours_dialogue")
    total = ledger[names[0]].copy()
    for name in names[1:]:
        total += ledger[name]
    return total


def _hours_per_1000(ledger: TallyHistory) -> Array:
    return divide(1000.0 * _hours(ledger), ledger["adults"])


def _averted(ledger: TallyHistory) -> Array:
    share = ledger.ratio("lonely", "adults")
    averted = np.cumsum((share[:, :1] - share) / YEAR, axis=1)
    return 1000.0 * averted


def _averted_per_100_hours(ledger: TallyHistory) -> Array:
    hours = _hours_per_1000(ledger)
    hours[:, 0] = 0.0
    return divide(100.0 * _averted(ledger), np.cumsum(hours, axis=1))


def _onset_rate(ledger: TallyHistory) -> Array:
    return divide(ledger["onsets"], ledger["adults"] - ledger["lonely_a_year_ago"])


def _spread(ledger: TallyHistory) -> Array:
    mean = ledger.ratio("motivation", "volunteers")
    squares = ledger.ratio("motivation_squares", "volunteers")
    return np.sqrt(np.maximum(0.0, squares - mean * mean))


def _unmet_need(ledger: TallyHistory) -> Array:
    return divide(ledger["waiting"], ledger["waiting"] + ledger["lonely_reached"])


def _unknown_share(ledger: TallyHistory) -> Array:
    return divide(ledger["lonely"] - ledger["lonely_known"], ledger["adults"] - ledger["known"])


def _ratio(above: str, below: str) -> Callable[[TallyHistory], Array]:
    return lambda ledger: ledger.ratio(above, below)


def _per_1000(name: str) -> Callable[[TallyHistory], Array]:
    return lambda ledger: ledger.per_1000(name)


def _sum(name: str) -> Callable[[TallyHistory], Array]:
    return lambda ledger: ledger[name].copy()


def _volunteer_mean(
    name: str, tally: str, direction: int, english: str, danish: str, meaning: str
) -> Outcome:
    unit = "0-1"
    return Outcome(
        *(name, unit, LEVEL, direction, english, danish, meaning),
        _ratio(tally, "volunteers"),
        "volunteers",
    )


def _initiative_mean(
    name: str, tally: str, direction: int, english: str, danish: str, meaning: str
) -> Outcome:
    return Outcome(
        *(name, "0-1", LEVEL, direction, english, danish, meaning),
        _ratio(tally, "initiatives"),
        "initiatives",
    )


# fmt: off
_NAMED = (
    Outcome("volunteers_per_1000", "per 1000 adults", LEVEL, 1, "Volunteers", "Frivillige",
            "Volunteers per 1 000 adults", _per_1000("volunteers")),
    Outcome("joins", "persons a month", FLOW, 1, "New volunteers", "Nye frivillige",
            "Citizens who became volunteers in the month", _sum("joins")),
    Outcome("leaves", "persons a month", FLOW, -1, "Volunteers who left",
            "Frivillige, der stoppede", "Volunteers who stopped in the month", _sum("leaves")),
    Outcome("retention_12m", "share", WINDOW, 1, "Retention, 12 months", "Fastholdelse, 12 måneder",
            "Kaplan-Meier share of joiners still volunteering after twelve months, from the last "
            "twelve months", lambda ledger: ledger.retention(), "volunteers"),
    _volunteer_mean("motivation_mean", "motivation", 1, "Motivation", "Motivation",
                    "Mean autonomous motivation of volunteers"),
    _volunteer_mean("autonomy_mean", "autonomy", 1, "Autonomy", "Autonomi",
                    "Mean satisfaction of the need for autonomy"),
    _volunteer_mean("competence_mean", "competence", 1, "Competence", "Kompetence",
                    "Mean satisfaction of the need for competence"),
    _volunteer_mean("relatedness_mean", "relatedness", 1, "Relatedness", "Samhørighed",
                    "Mean satisfaction of the need for relatedness"),
    _volunteer_mean("controlled_motivation_mean", "controlled_motivation", -1,
                    "Controlled motivation", "Kontrolleret motivation",
                    "Mean controlled motivation of volunteers"),
    _volunteer_mean("ownership_mean", "ownership", 1, "Ownership", "Ejerskab",
                    "Mean ownership of the work"),
    _volunteer_mean("exhaustion_mean", "exhaustion", -1, "Exhaustion", "Udmattelse",
                    "Mean exhaustion of volunteers"),
    Outcome("bureaucracy_felt_share", "share", LEVEL, -1, "Bureaucracy felt", "Oplevet bureaukrati",
            "Share of volunteers who find the setting too bureaucratic",
            _ratio("felt_bureaucracy", "volunteers"), "volunteers"),
    Outcome("loneliness_mean", "0-1", LEVEL, -1, "Loneliness", "Ensomhed",
            "Mean loneliness of adults", _ratio("loneliness", "adults")),
    Outcome("lonely_share", "share", LEVEL, -1, "Lonely adults", "Ensomme voksne",
            "Share of adults with a T-ILS score of 7 or more", _ratio("lonely", "adults")),
    Outcome("lonely_onset_rate", "per year", WINDOW, -1, "Onset of loneliness", "Nye ensomme",
            "Share of those not lonely twelve months ago who are lonely now", _onset_rate),
    Outcome("lonely_recovery_rate", "per year", WINDOW, 1, "Recovery from loneliness",
            "Ikke længere ensomme", "Share of those lonely twelve months ago who are not now",
            _ratio("recoveries", "lonely_a_year_ago")),
    Outcome("lonely_reached_share", "share", LEVEL, 1, "Lonely reached", "Ensomme, der nås",
            "Share of lonely adults who take part in an initiative",
            _ratio("lonely_reached", "lonely")),
    Outcome("contact_hours_per_1000", "hours a month per 1000 adults", LEVEL, 1, "Contact hours",
            "Kontakttimer", "Volunteer hours that reach people",
            _per_1000("contact_hours")),
    Outcome("initiatives_per_1000", "per 1000 adults", LEVEL, 1, "Initiatives", "Indsatser",
            "Running initiatives per 1 000 adults", _per_1000("initiatives")),
    _initiative_mean("clarity_effective_mean", "effective_clarity", 1, "Effective clarity",
                     "Virksom klarhed", "Mean clarity of roles times fit of the agreement"),
    _initiative_mean("influence_gap_mean", "influence_gap", -1, "Influence gap",
                     "Indflydelseskløft", "Mean promised minus actual influence, where positive"),
    Outcome("strain_share", "share", LEVEL, -1, "Initiatives under strain", "Belastede indsatser",
            "Share of initiatives with a strain of 0.5 or more",
            _ratio("strained", "initiatives"), "initiatives"),
    _initiative_mean("substitution_mean", "substitution", -1, "Substitution", "Substitution",
                     "Mean degree to which volunteers do core professional tasks"),
    _initiative_mean("dialogue_enacted_mean", "dialogue_enacted", 1, "Dialogue that takes place",
                     "Dialog, der finder sted", "Mean enacted dialogue over initiatives"),
    Outcome("staff_capacity_mean", "share", LEVEL, 1, "Staff capacity", "Personalekapacitet",
            "Staff hours available over hours asked for, at most 1, mean over adults",
            lambda ledger: ledger["capacity"].copy()),
    Outcome("staff_skill_mean", "0-1", LEVEL, 1, "Facilitation skill", "Faciliteringskompetence",
            "Mean facilitation skill of staff in post", _ratio("skill", "posts")),
    Outcome("staff_satisfaction_mean", "0-1", LEVEL, 1, "Job satisfaction", "Arbejdsglæde",
            "Mean job satisfaction of staff in post", _ratio("satisfaction", "posts")),
    Outcome("staff_hours_per_1000", "hours a month per 1000 adults", LEVEL, 0, "Staff hours",
            "Medarbejdertimer", "Staff hours used on collaboration", _hours_per_1000),
    Outcome("lonely_years_averted_per_1000", "person-years per 1000 adults", CUMULATIVE, 1,
            "Lonely years averted", "Ensomme år undgået",
            "Lonely person-years below the level of month 0, summed from month 0; the difference "
            "between two regimes is what one averts against the other", _averted),
    Outcome("lonely_years_averted_per_100_staff_hours", "person-years per 100 hours", CUMULATIVE, 1,
            "Lonely years averted per 100 staff hours", "Ensomme år undgået pr. 100 timer",
            "Lonely person-years averted over the staff hours used since month 0",
            _averted_per_100_hours),
)
_MORE = (
    Outcome("participants_per_1000", "per 1000 adults", LEVEL, 1, "Participants", "Deltagere",
            "Participants of initiatives per 1 000 adults", _per_1000("participants")),
    Outcome("served_not_lonely_per_1000", "per 1000 adults", LEVEL, 0,
            "Participants who are not lonely", "Deltagere uden ensomhed",
            "Participants of initiatives who are not lonely, counted and not followed, per 1 000 "
            "adults", _per_1000("company")),
    Outcome("waiting_per_1000", "per 1000 adults", LEVEL, -1, "Waiting for a place",
            "Venter på en plads", "Lonely adults who were referred or found and wait for a place "
            "in an initiative, per 1 000 adults", _per_1000("waiting")),
    Outcome("waiting_months_mean", "months", WINDOW, -1, "Waiting time", "Ventetid",
            "Months of waiting in the last twelve months over those referred or found in them",
            lambda ledger: divide(ledger.last_year("waiting"), ledger.last_year("referrals"))),
    Outcome("waiting_share", "share", LEVEL, -1, "Unmet need", "Udækket behov",
            "Share who wait among lonely adults who wait or take part", _unmet_need),
    Outcome("fully_staffed_share", "share", LEVEL, 1, "Initiatives with hours enough",
            "Indsatser med timer nok", "Share of initiatives whose volunteers have all the hours "
            "their participants ask for, and those for one more",
            _ratio("with_room", "initiatives")),
    Outcome("hours_short_per_1000", "hours a month per 1000 adults", LEVEL, -1,
            "Volunteer hours short", "Manglende frivilligtimer", "Hours that initiatives lack for "
            "their participants and all company that would come", _per_1000("hours_short")),
    Outcome("stock_retention_12m", "share", WINDOW, 1, "Retention of all volunteers, 12 months",
            "Fastholdelse af alle frivillige, 12 måneder",
            "Volunteers with at least twelve months of tenure over volunteers twelve months ago",
            lambda ledger: divide(ledger["volunteers_over_12_months"],
                                  ledger.a_year_before("volunteers")), "volunteers"),
    Outcome("motivation_spread", "0-1", LEVEL, 0, "Spread of motivation", "Spredning i motivation",
            "Standard deviation of motivation over volunteers", _spread),
    Outcome("affiliated_share", "share", LEVEL, 0, "Volunteers in associations",
            "Frivillige i foreninger", "Share of volunteers tied to an association",
            _ratio("affiliated_volunteers", "volunteers")),
    Outcome("hours_per_volunteer", "hours a month", LEVEL, 1, "Contact hours per volunteer",
            "Kontakttimer pr. frivillig", "Hours a month a volunteer spends with people",
            _ratio("contact_hours", "volunteers"), "volunteers"),
    Outcome("tils_score_mean", "points (3-9)", LEVEL, -1, "T-ILS score", "T-ILS-score",
            "Mean score on the Three-Item Loneliness Scale", _ratio("score", "adults")),
    Outcome("lonely_known_share", "share", LEVEL, -1, "Lonely among the known",
            "Ensomme blandt kendte", "Share lonely among adults known to the municipality",
            _ratio("lonely_known", "known")),
    Outcome("lonely_unknown_share", "share", LEVEL, -1, "Lonely among the unknown",
            "Ensomme blandt ukendte", "Share lonely among adults unknown to the municipality",
            _unknown_share),
    _initiative_mean("fit_mean", "fit", 1, "Fit of agreements", "Aftalers tilpasning",
                     "Mean fit of the agreement to the work"),
    _initiative_mean("influence_mean", "influence", 1, "Influence", "Indflydelse",
                     "Mean influence of volunteers"),
    _volunteer_mean("expectation_gap_mean", "expectation_gap", -1, "Expectation gap",
                    "Forventningskløft", "Mean influence that volunteers expect and do not have"),
    _initiative_mean("quality_mean", "quality", 1, "Quality", "Kvalitet",
                     "Mean quality of the work"),
    _initiative_mean("leeway_mean", "leeway", 1, "Leeway", "Spillerum",
                     "Mean closeness, flexibility and openness left"),
    _initiative_mean("overload_mean", "overload", -1, "Overload", "Overbelastning",
                     "Mean load beyond the volunteers' hours"),
    Outcome("incidents_per_1000", "a month per 1000 adults", FLOW, -1, "Professional incidents",
            "Faglige hændelser", "Professional incidents in the month",
            _per_1000("incidents")),
    Outcome("opened_per_1000", "a month per 1000 adults", FLOW, 0, "Initiatives opened",
            "Indsatser åbnet", "Initiatives that opened in the month", _per_1000("opened")),
    Outcome("closed_per_1000", "a month per 1000 adults", FLOW, -1, "Initiatives closed",
            "Indsatser lukket", "Initiatives that closed in the month", _per_1000("closed")),
    Outcome("municipal_start_share", "share", FLOW, 0, "Started by the municipality",
            "Startet af kommunen", "Share of the month's new initiatives that the municipality "
            "started by itself", _ratio("opened_by_municipality", "opened")),
    Outcome("pairs_broken_per_1000", "a month per 1000 adults", FLOW, -1, "Bonds broken",
            "Brudte bånd", "Participants whose companion left or whose initiative closed",
            _per_1000("pairs_broken")),
    Outcome("staff_concern_mean", "0-1", LEVEL, -1, "Boundary concern", "Grænsebekymring",
            "Mean concern of staff for the boundary of their profession",
            _ratio("concern", "posts")),
    Outcome("staff_turnover_rate", "per year", FLOW, -1, "Staff turnover", "Personaleomsætning",
            "Twelve times the share of staff who leave in the month",
            lambda ledger: 12.0 * ledger.ratio("staff_left", "posts")),
    *(Outcome(f"staff_hours_{use}_per_1000", "hours a month per 1000 adults", LEVEL, 0,
              f"Staff hours on {english}", f"Medarbejdertimer til {danish}",
              f"Staff hours used on {english}", _per_1000(f"hours_{use}"))
      for use, english, danish in (
          ("contact", "contact persons", "kontaktpersoner"), ("rules", "rules", "regler"),
          ("agreements", "agreements", "aftaler"), ("dialogue", "dialogue", "dialog"))),
    *(Outcome(f"lonely_share_{band.replace('-', '_').replace('+', '_plus')}", "share", LEVEL, -1,
              f"Lonely, aged {band}", f"Ensomme, {band} år",
              f"Share lonely among adults aged {band}",
              _ratio(f"lonely_band_{index}", f"adults_band_{index}"))
      for index, band in enumerate(AGE_BANDS)),
)
# fmt: on

_PACKAGED: tuple[Outcome, ...] = _NAMED + _MORE
OUTCOMES: list[Outcome] = []
"""Those of the package, and after them those of the plugins in force."""
NAMES: list[str] = []
INDEX: dict[str, int] = {}


def _of_plugin(own: OwnOutcome) -> Outcome:
    texts = own.label_en, own.label_da, own.definition
    name = own.name
    return Outcome(
        *(name, own.unit, own.kind, own.direction, *texts), lambda ledger: ledger.own(name), own=own
    )


def _take(plugins: tuple[Plugin, ...]) -> None:
    """Let the outcomes of plugins stand after those of the package. Raises InputError."""
    found = {outcome.name: outcome for outcome in _PACKAGED}
    for plugin in plugins:
        for own in plugin.outcomes:
            if own.name in found:
                allowed = "a name that no other outcome has"
                raise InputError(f"plugin {plugin.name}: outcome", own.name, allowed)
            found[own.name] = _of_plugin(own)
    OUTCOMES[:] = found.values()
    NAMES[:] = found
    INDEX.clear()
    INDEX.update((name, index) for index, name in enumerate(NAMES))


in_force.listen(_take)


def own_outcomes() -> list[OwnOutcome]:
    """The outcomes of the plugins in force, in the order of NAMES."""
    return [outcome.own for outcome in OUTCOMES if outcome.own is not None]


def named(name: str, place: str = "outcome") -> Outcome:
    """The outcome of that name.

    Raises InputError with the nearest known name.
    """
    if name not in INDEX:
        allowed = "the name of an outcome (see: velfaerd outcomes)"
        raise InputError(place, name, allowed, nearest(name, NAMES))
    return OUTCOMES[INDEX[name]]


def measure(
    tallies: NDArray[Any],
    at_risk: NDArray[Any],
    ended: NDArray[Any],
    start: int,
    names: Iterable[str] = NAMES,
    own: Mapping[str, Array] | None = None,
) -> Array:
    """Outcomes by municipality and month; float64 (municipalities, months + 1, outcomes).

    tallies: TALLY_TYPE (municipalities, rows); at_risk, ended: int32 (municipalities, rows,
    tenures); start: the row of month 0; own: values of plugins' outcomes by name, float64
    (municipalities, rows).
    """
    ledger = TallyHistory(tallies, at_risk, ended, start, own)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([named(name).function(ledger) for name in names], axis=-1)


def pool(
    tallies: NDArray[Any], at_risk: NDArray[Any], ended: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The tallies of all municipalities together, as of one; capacity is weighted by adults."""
    numbers = tallies.view(np.float64).reshape(*tallies.shape, -1)
    total = numbers.sum(axis=0, keepdims=True)
    assert TALLY_TYPE.names is not None
    capacity, adults = (TALLY_TYPE.names.index(name) for name in ("capacity", "adults"))
    weighted = (numbers[:, :, capacity] * numbers[:, :, adults]).sum(axis=0)
    total[0, :, capacity] = divide(weighted, total[0, :, adults])
    pooled = np.ascontiguousarray(total).view(TALLY_TYPE)[:, :, 0]
    return pooled, at_risk.sum(axis=0, keepdims=True), ended.sum(axis=0, keepdims=True)


def pool_own(own: Mapping[str, Array], tallies: NDArray[Any]) -> dict[str, Array]:
    """The values of plugins' outcomes for all municipalities together, as of one.

    Each by the mean weighted by adults, over the municipalities that have a value, or by the sum.
    """
    adults = tallies["adults"]
    found = {}
    for each in own_outcomes():
        values = own[each.name]
        there = np.isfinite(values)
        kept = np.where(there, values, 0.0)
        if each.pooled == "mean":
            weights = np.where(there, adults, 0.0)
            pooled = divide((kept * weights).sum(axis=0), weights.sum(axis=0))
        else:
            pooled = np.where(there.any(axis=0), kept.sum(axis=0), np.nan)
        found[each.name] = pooled[None]
    return found


def summarise(series: Array) -> Array:
    """One value an outcome: float64 (..., outcomes) from series (..., months + 1, outcomes).

    Levels and flows: the mean over the last twelve months (fewer in a shorter run), NaN months
    left out. Windows and cumulative outcomes: the last value.
    """
    months = series.shape[-2] - 1
    last = series[..., -min(YEAR, max(1, months)) :, :]
    present = np.isfinite(last)
    total = np.where(present, last, 0.0).sum(axis=-2)
    count = present.sum(axis=-2)
    result = divide(total, count.astype(np.float64))
    for index, outcome in enumerate(OUTCOMES):
        if outcome.kind in (WINDOW, CUMULATIVE):
            result[..., index] = series[..., -1, index]
    return result
