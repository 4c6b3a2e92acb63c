"""Files of claims: `experiments/claims.toml` is read into plain frozen values.

Names of outcomes and measures, of arms and of regimes are checked when it is read; parameters when
a claim is run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.record import canonical
from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import LARGEST_SEED, SCENARIOS
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.instruments.claim_measures import is_judged, is_measure, measures
from velfaerd_sim.studies.claims.claims import (
    BASE,
    CUT,
    FOLLOWED,
    GAP_ENDS,
    HOWS,
    KINDS,
    RULES,
    SIGNS,
    Arm,
    Claim,
    ClaimCriterion,
    ClaimFile,
    ClaimReading,
    Cohort,
    Locality,
    TwoLanguages,
    Variant,
)

PACKAGED = Path("experiments") / "claims.toml"

_CLAIM_KEYS = (
    *("id", "source", "kind", "statement_en", "statement_da", "overturn_en", "overturn_da"),
    *("regimes", "instruments", "arrow", "arm", "locality", "criterion", "reading", "advice"),
    *("scenario", "adults", "months", "replicates", "most_replicates", "window", "step"),
    *("towns", "local_variation", "cohort", "lacks", "fitted"),
)


def load_claims(path: str | Path | None = None) -> ClaimFile:
    """Read a file of claims; by default `experiments/claims.toml` here or beside the package.

    Raises InputError, naming claim and key.
    """
    chosen = default_file() if path is None else Path(path)
    content = read_toml(chosen)
    with located(chosen.name):
        return _file(content)


def default_file() -> Path:
    """The file of claims that is meant when none is named. Raises InputError."""
    beside = Path(__file__).resolve().parents[4] / PACKAGED
    for each in (PACKAGED, beside):
        if each.is_file():
            return each
    raise InputError("file", MISSING, f"a file of claims, such as {PACKAGED.as_posix()}")


def _file(content: Mapping[str, Any]) -> ClaimFile:
    keys = checks.table(
        content, "", ("written", "changes", "defaults", "variant", "least", "claim")
    )
    defaults = checks.table(keys.get("defaults", {}), "defaults", _CLAIM_KEYS)
    least = checks.table(keys.get("least", {}), "least", measures())
    usual = {
        name: checks.table(one, f"least.{name}", ("value", "en", "da"))
        for name, one in least.items()
    }
    claims = []
    for number, table in enumerate(_tables(keys, "claim"), 1):
        name = table.get("id", f"claim[{number}]")
        with located(str(name), "."):
            claims.append(_claim(table, defaults, usual))
    ids = [claim.id for claim in claims]
    if len(set(ids)) != len(ids):
        raise InputError("claim", ids, "each claim once")
    if not claims:
        raise InputError("claim", MISSING, "one claim or more")
    variants = tuple(_variant(each) for each in _tables(keys, "variant"))
    names = [BASE.name, CUT, *(variant.name for variant in variants)]
    if len(set(names)) != len(names):
        raise InputError("variant", names[2:], f"each name once, and neither {BASE.name} nor {CUT}")
    changes = tuple(_tables(keys, "changes"))
    return ClaimFile(str(keys.get("written", "")), changes, variants, tuple(claims))


def _variant(table: Mapping[str, Any]) -> Variant:
    keys = checks.table(
        table, "variant", ("name", "en", "da", "adults_factor", "seed", "town_code", "world")
    )
    return Variant(
        checks.word(keys.get("name"), "name"),
        TwoLanguages(str(keys.get("en", "")), str(keys.get("da", ""))),
        checks.number(keys.get("adults_factor", 1.0), "variant.adults_factor", 0.01, 100.0),
        checks.whole(keys.get("seed", 0), "variant.seed", 0, LARGEST_SEED),
        _town_code(keys.get("town_code")),
        _pairs(keys, "world", BY_NAME),
    )


def _town_code(value: object) -> int | None:
    return None if value is None else checks.whole(value, "variant.town_code", 1, 1_000_000)


def _tables(keys: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The tables of a list of them; none where the key is missing."""
    found = checks.items(keys.get(key, []), key, f"tables, each under [[{key}]]")
    for each in found:
        if not isinstance(each, Mapping):
            raise InputError(key, each, f"a table under [[{key}]]")
    return found


def _pairs(
    keys: Mapping[str, Any], key: str, known: Collection[str] | None = None
) -> tuple[tuple[str, float], ...]:
    """Names of parameters with numbers, in the order of the names; known: those that may be."""
    found = keys.get(key, {})
    pairs = checks.table(found, key, known or found)
    with located(key, "."):
        return tuple(
            (name, checks.number(value, name, -1e9, 1e9)) for name, value in sorted(pairs.items())
        )


def _words(keys: Mapping[str, Any], stem: str) -> TwoLanguages:
    found = [checks.text(keys.get(f"{stem}_{language}", ""), stem) for language in ("en", "da")]
    for language, text in zip(("en", "da"), found, strict=True):
        if not text:
            raise InputError(f"{stem}_{language}", MISSING, "a text")
    return TwoLanguages(*found)


def _claim(table: object, defaults: Mapping[str, Any], least: Mapping[str, Any]) -> Claim:
    keys = dict(defaults) | checks.table(table, "", _CLAIM_KEYS)
    checks.plain_values(keys, "")
    for key in ("adults", "months", "replicates", "most_replicates", "window"):
        checks.needed(keys, key, "a value, in the claim or under [defaults]")
    arms, localities = tuple(_arms(keys)), tuple(_localities(keys))
    window = _window(keys["window"], "window")
    criteria = []
    for each in _tables(keys, "criterion"):
        with located(f"criterion.{each.get('name', '')}", "."):
            criteria.append(_criterion(each, arms, window, least))
            _check_criterion(criteria[-1], keys)
    kinds = checks.items(keys.get("kind", []), "kind", "a list of " + ", ".join(KINDS))
    arrow = checks.table(keys.get("arrow", {}), "arrow", ("cut", "en", "da"))
    advice = checks.table(keys.get("advice", {}), "advice", _ADVICE_KEYS)
    lacks = checks.table(keys.get("lacks", {}), "lacks", ("en", "da"))
    pilot = checks.whole(keys["replicates"], "replicates", 1, 1000)
    return Claim(
        id=checks.word(keys.get("id"), "id"),
        source=checks.word(keys.get("source"), "source"),
        kinds=tuple(checks.one_of(kind, "kind", KINDS) for kind in kinds),
        statement=_words(keys, "statement"),
        overturn=_words(keys, "overturn"),
        arms=arms,
        criteria=tuple(criteria),
        readings=_readings(keys, [each.name for each in criteria]),
        scenario=checks.one_of(keys.get("scenario", "baseline"), "scenario", SCENARIOS),
        adults=checks.whole(keys["adults"], "adults", 50, 6_000_000),
        months=checks.whole(keys["months"], "months", 1, 1200),
        replicates=pilot,
        most_replicates=checks.whole(keys["most_replicates"], "most_replicates", pilot, 1000),
        step=None if "step" not in keys else checks.whole(keys["step"], "step", 1, 1200),
        localities=localities,
        towns=checks.table(keys.get("towns", {}), "towns", ("count", "adults", "kind", "denmark")),
        local_variation=checks.flag(keys.get("local_variation", False), "local_variation"),
        cohort=_cohort(keys, arms),
        arrow=_pairs(arrow, "cut"),
        arrow_words=_spoken(arrow),
        lacks=_spoken(lacks),
        advice_do=_spoken(advice, "do_"),
        advice_stop=_spoken(advice, "stop_"),
        fitted=checks.flag(keys.get("fitted", False), "fitted"),
        content=_content(keys, criteria),
    )


def _content(keys: Mapping[str, Any], criteria: Sequence[ClaimCriterion]) -> str:
    """All that decides the runs and the verdict of a claim, without what is only said."""
    said = ("lacks", "advice", "source")
    plain = {key: keys[key] for key in keys if not key.endswith(("_en", "_da")) and key not in said}
    plain["criterion"] = [(c.name, c.least, c.window) for c in criteria] + [
        _plain(each) for each in keys["criterion"]
    ]
    plain["reading"] = [_plain(each) for each in keys["reading"]]
    return canonical(plain)


def _plain(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if not key.endswith(("_en", "_da"))}


def _spoken(keys: Mapping[str, Any], stem: str = "") -> TwoLanguages:
    """A text that may be left out, in both languages or in none. Raises InputError."""
    found = [checks.text(keys.get(f"{stem}{language}", ""), stem) for language in ("en", "da")]
    if bool(found[0]) != bool(found[1]):
        raise InputError(f"{stem}en, {stem}da", found, "a text in both languages, or in none")
    return TwoLanguages(*found)


def _readings(keys: Mapping[str, Any], known: Sequence[str]) -> tuple[ClaimReading, ...]:
    """The readings of a claim. Raises InputError where there is none or one reads what is not."""
    made = []
    for table in _tables(keys, "reading"):
        found = checks.table(table, "reading", _READING_KEYS)
        name = checks.word(found.get("name"), "reading.name")
        with located(f"reading.{name}", "."):
            criteria = _names(found.get("criteria", name), "criteria")
            for each in criteria or (MISSING,):
                checks.one_of(each, "criteria", known)
            lever = str(found.get("lever", ""))
            if lever:
                checks.one_of(lever, "lever", known)
            rule = checks.one_of(found.get("rule", "all"), "rule", RULES)
            says, objection = _words(found, "says"), _words(found, "objection")
            made.append(ClaimReading(name, says, objection, criteria, rule, lever))
    names = [each.name for each in made]
    if not made or len(set(names)) != len(names):
        raise InputError("reading", names or MISSING, "one reading or more, each name once")
    return tuple(made)


def _window(value: object, place: str) -> tuple[int, int]:
    found = checks.items(value, place, "two months")
    if len(found) != 2:
        raise InputError(place, value, "two months")
    first = checks.whole(found[0], place, 0, 1200)
    return first, checks.whole(found[1], place, first, 1200)


def _arms(keys: Mapping[str, Any]) -> Iterator[Arm]:
    for name in checks.items(keys.get("regimes", []), "regimes", "a list of regimes"):
        regime = REGIMES[checks.one_of(name, "regimes", REGIMES)]
        yield Arm(name, TwoLanguages(regime.label("en"), regime.label("da")), name)
    if keys.get("instruments") == "each":
        yield from _instrument_arms()
    allowed = ("name", "label_en", "label_da", "regime", *("parameters", "scale", "world"))
    for table in _tables(keys, "arm"):
        arm = checks.table(table, "arm", (*allowed, "policy_review"))
        name = checks.word(arm.get("name"), "arm.name")
        with located(f"arm.{name}", "."):
            found = Arm(
                name,
                _words(arm, "label"),
                checks.needed(arm, "regime", "a regime"),
                _pairs(arm, "parameters"),
                _pairs(arm, "scale"),
                _pairs(arm, "world"),
                checks.flag(arm.get("policy_review", False), "policy_review"),
            )
            with located("regime", "."):
                assert found.timeline.name
            yield found


def _instrument_arms() -> Iterator[Arm]:
    """Each instrument alone at 0 and at 1, and the gap at its ends, the rest at the status quo."""
    for name in INSTRUMENTS:
        for end in (0, 1):
            words = name.replace("_", " ")
            yield Arm(
                f"{name}_{end}",
                TwoLanguages(f"{words} {end}", f"{words} {end}"),
                {"based_on": STATUS_QUO, name: float(end)},
            )
    for place, gap in enumerate(GAP_ENDS):
        yield Arm(
            f"gap_{place}",
            TwoLanguages(f"share of promises not kept {gap:g}", f"andel løfter ikke holdt {gap:g}"),
            {"based_on": STATUS_QUO, "espoused_gap": gap},
        )


def _localities(keys: Mapping[str, Any]) -> Iterator[Locality]:
    for table in _tables(keys, "locality"):
        place = checks.table(
            table, "locality", ("name", "label_en", "label_da", "town_kind", "world", "scale")
        )
        yield Locality(
            checks.word(place.get("name"), "locality.name"),
            _words(place, "label"),
            str(place.get("town_kind", "provincial_city")),
            _pairs(place, "world"),
            _pairs(place, "scale"),
        )


_READING_KEYS = (
    *("name", "criteria", "rule", "lever", "says_en", "says_da", "objection_en", "objection_da"),
)
_ADVICE_KEYS = ("do_en", "do_da", "stop_en", "stop_da")
_CRITERION_KEYS = (
    *("name", "measure", "how", "of", "against", "sign", "least", "least_en", "least_da"),
    *("window", "reference", "rival", "beats_by"),
)


def _criterion(
    table: object, arms: Sequence[Arm], window: tuple[int, int], least: Mapping[str, Any]
) -> ClaimCriterion:
    keys = checks.table(table, "", _CRITERION_KEYS)
    measure = str(keys.get("measure"))
    if not is_measure(measure):
        raise InputError(
            "measure", measure, "an outcome or a measure", nearest(measure, measures())
        )
    how = checks.one_of(keys.get("how", "difference"), "how", HOWS)
    if "least" not in keys and measure not in least:
        raise InputError("least", MISSING, f"a smallest effect, here or as least.{measure}")
    usual = least.get(measure, {})
    names = {arm.name for arm in arms}
    of, against = (_names(keys.get(key, []), key) for key in ("of", "against"))
    rival = str(keys.get("rival", ""))
    if how != "largest_swing":
        for name in (*of, *against, *([rival] if rival else [])):
            checks.one_of(name, "of", names)
    reasons = (keys.get(f"least_{end}", usual.get(end, "")) for end in ("en", "da"))
    words = TwoLanguages(*(checks.text(reason, "least") for reason in reasons))
    return ClaimCriterion(
        name=checks.word(keys.get("name"), "name"),
        measure=measure,
        how=how,
        of=of,
        against=against,
        sign=checks.one_of(keys.get("sign"), "sign", SIGNS),
        least=checks.number(keys.get("least", usual.get("value")), "least", 0.0, 1e9),
        reason=words,
        window=_window(keys["window"], "window") if "window" in keys else window,
        reference=checks.number(keys.get("reference", 0.0), "reference", -1e9, 1e9),
        rival=rival,
        beats_by=checks.number(keys.get("beats_by", 0.0), "beats_by", 0.0, 1e9),
    )


_EXACTLY = {
    **dict.fromkeys(("interaction", "mediated"), (2, 2)),
    "delay": (1, 1),
    "half_time": (1, 0),
    "table": (1, 0),
    "largest_swing": (1, 0),
}
_AT_LEAST = {"level": (1, 0), "regret": (0, 0)}


def _check_criterion(one: ClaimCriterion, keys: Mapping[str, Any]) -> None:
    """Raise InputError where a criterion cannot be read from the arms and months of its claim."""
    months = checks.whole(keys["months"], "months", 1, 1200)
    if one.window[1] > months:
        raise InputError("window", list(one.window), f"months up to the last, {months}")
    exact = one.how in _EXACTLY
    counts = _EXACTLY[one.how] if exact else _AT_LEAST.get(one.how, (1, 1))
    for key, names, count in zip(("of", "against"), (one.of, one.against), counts, strict=True):
        if len(names) < count or (exact and len(names) > count > 0):
            arms = "one arm" if count == 1 else f"{count} arms"
            raise InputError(key, ", ".join(names) or MISSING, arms + ("" if exact else " or more"))
    if one.how == "delay" and not one.rival:
        raise InputError("rival", MISSING, "the arm whose lead is waited for")
    if one.how == "largest_swing":
        checks.one_of(one.of[0], "of", INSTRUMENTS)
        checks.one_of(keys.get("instruments"), "instruments", ("each",))
    if one.how == "regret" and not keys.get("locality"):
        raise InputError("locality", MISSING, "localities to compare")
    if one.how == "regret" and not is_judged(one.measure):
        raise InputError("measure", one.measure, "an outcome of which more is better or worse")


def _cohort(keys: Mapping[str, Any], arms: Sequence[Arm]) -> Cohort | None:
    """Who is followed through all arms, if anybody is."""
    if "cohort" not in keys:
        return None
    found = checks.table(keys["cohort"], "cohort", ("from", "who", "until"))
    with located("cohort", "."):
        return Cohort(
            checks.one_of(found.get("from"), "from", [arm.name for arm in arms]),
            checks.one_of(found.get("who"), "who", FOLLOWED),
            checks.whole(found.get("until"), "until", 1, keys["months"]),
        )


def _names(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in checks.items(value, place, "the name of an arm, or several"))
