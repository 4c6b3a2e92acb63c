"""Files of claims: `experiments/claims.toml` is read into plain frozen values.

Names of outcomes and measures, of arms and of regimes are checked when it is read; parameters when
a claim is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import MISSING, InputError, located, nearest
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.studies.claim_measures import MEASURES, is_measure
from velfaerd_sim.studies.claims import (
    GAP_ENDS,
    HOWS,
    KINDS,
    RULES,
    SIGNS,
    Arm,
    Claim,
    ClaimFile,
    Cohort,
    Criterion,
    Locality,
    Variant,
    Words,
)
from velfaerd_sim.studies.record import canonical

PACKAGED = Path("experiments") / "claims.toml"

_CLAIM_KEYS = (
    *("id", "source", "kind", "statement_en", "statement_da", "reading_en", "reading_da"),
    *("overturn_en", "overturn_da", "regimes", "instruments", "counter", "arm", "locality"),
    *("criterion", "rule", "scenario", "adults", "months", "replicates", "window", "step"),
    *(
        "towns",
        "local_variation",
        "cohort",
        "optional_parameters",
        "most_worlds",
        "most_robustness",
    ),
    *("but_en", "but_da"),
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
    beside = Path(__file__).resolve().parents[3] / PACKAGED
    for each in (PACKAGED, beside):
        if each.is_file():
            return each
    raise InputError("file", MISSING, f"a file of claims, such as {PACKAGED.as_posix()}")


def _file(content: Mapping[str, Any]) -> ClaimFile:
    keys = checks.table(
        content, "", ("written", "changes", "defaults", "variant", "least", "claim")
    )
    defaults, least = dict(keys.get("defaults", {})), dict(keys.get("least", {}))
    claims = []
    for number, table in enumerate(checks.items(keys.get("claim", []), "claim", "a list"), 1):
        name = table.get("id", f"claim[{number}]") if isinstance(table, Mapping) else "claim"
        with located(str(name), "."):
            claims.append(_claim(table, defaults, least))
    ids = [claim.id for claim in claims]
    if len(set(ids)) != len(ids):
        raise InputError("claim", ids, "each claim once")
    variants = tuple(_variant(each) for each in keys.get("variant", []))
    changes = tuple(dict(each) for each in keys.get("changes", []))
    return ClaimFile(str(keys.get("written", "")), changes, variants, tuple(claims))


def _variant(table: Mapping[str, Any]) -> Variant:
    keys = checks.table(
        table, "variant", ("name", "en", "da", "adults_factor", "seed", "town_code", "world")
    )
    return Variant(
        checks.word(keys.get("name"), "name"),
        Words(str(keys.get("en", "")), str(keys.get("da", ""))),
        float(keys.get("adults_factor", 1.0)),
        int(keys.get("seed", 0)),
        keys.get("town_code"),
        _pairs(keys.get("world", {})),
    )


def _pairs(table: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(value)) for name, value in sorted(table.items()))


def _words(keys: Mapping[str, Any], stem: str) -> Words:
    found = [checks.text(keys.get(f"{stem}_{language}", ""), stem) for language in ("en", "da")]
    for language, text in zip(("en", "da"), found, strict=True):
        if not text:
            raise InputError(f"{stem}_{language}", MISSING, "a text")
    return Words(*found)


def _claim(table: object, defaults: Mapping[str, Any], least: Mapping[str, Any]) -> Claim:
    keys = dict(defaults) | checks.table(table, "", _CLAIM_KEYS)
    arms, localities = tuple(_arms(keys)), tuple(_localities(keys))
    window = _window(keys["window"], "window")
    criteria = []
    for each in checks.items(keys.get("criterion", []), "criterion", "a list of criteria"):
        with located(f"criterion.{each.get('name', '')}", "."):
            criteria.append(_criterion(each, arms, window, least))
    if not any(each.counts for each in criteria):
        raise InputError("criterion", MISSING, "at least one that counts")
    kinds = tuple(checks.one_of(kind, "kind", KINDS) for kind in keys.get("kind", ()))
    cohort = keys.get("cohort")
    counter = keys.get("counter") or {}
    plain = [key for key in keys if not key.endswith(("_en", "_da")) and key[:5] != "most_"]
    runs = {key: keys[key] for key in plain}
    runs["criterion"] = [(c.name, c.least, c.window) for c in criteria] + [keys["criterion"]]
    return Claim(
        id=checks.word(keys.get("id"), "id"),
        source=checks.word(keys.get("source"), "source"),
        kinds=kinds,
        statement=_words(keys, "statement"),
        reading=_words(keys, "reading"),
        overturn=_words(keys, "overturn"),
        arms=arms,
        criteria=tuple(criteria),
        rule=checks.one_of(keys["rule"], "rule", RULES),
        scenario=str(keys.get("scenario", "baseline")),
        adults=checks.whole(keys["adults"], "adults", 50, 6_000_000),
        months=checks.whole(keys["months"], "months", 1, 1200),
        replicates=checks.whole(keys["replicates"], "replicates", 1, 1000),
        step=keys.get("step"),
        localities=localities,
        towns=keys.get("towns", {}),
        local_variation=bool(keys.get("local_variation", False)),
        cohort=Cohort(cohort["from"], cohort["who"], int(cohort["until"])) if cohort else None,
        counter=_pairs(counter.get("world", {})),
        counter_words=Words(str(counter.get("en", "")), str(counter.get("da", ""))),
        but=Words(str(keys.get("but_en", "")), str(keys.get("but_da", ""))),
        most_worlds=keys.get("most_worlds"),
        most_robustness=keys.get("most_robustness"),
        content=canonical(runs),
    )


def _window(value: object, place: str) -> tuple[int, int]:
    found = checks.items(value, place, "two months")
    if len(found) != 2:
        raise InputError(place, value, "two months")
    first = checks.whole(found[0], place, 0, 1200)
    return first, checks.whole(found[1], place, first, 1200)


def _arms(keys: Mapping[str, Any]) -> Iterator[Arm]:
    for name in keys.get("regimes", []):
        regime = REGIMES[checks.one_of(name, "regimes", REGIMES)]
        yield Arm(name, Words(regime.label("en"), regime.label("da")), name)
    if keys.get("instruments") == "each":
        yield from _instrument_arms()
    allowed = ("name", "label_en", "label_da", "regime", *("parameters", "scale", "world"))
    for table in keys.get("arm", []):
        arm = checks.table(table, "arm", (*allowed, "policy_review"))
        name = checks.word(arm.get("name"), "arm.name")
        with located(f"arm.{name}", "."):
            yield Arm(
                name,
                _words(arm, "label"),
                checks.needed(arm, "regime", "a regime"),
                _pairs(arm.get("parameters", {})),
                _pairs(arm.get("scale", {})),
                _pairs(arm.get("world", {})),
                bool(arm.get("policy_review", False)),
            )


def _instrument_arms() -> Iterator[Arm]:
    """Each instrument alone at 0 and at 1, and the gap at its ends, the rest at the status quo."""
    for name in INSTRUMENTS:
        for end in (0, 1):
            words = name.replace("_", " ")
            yield Arm(
                f"{name}_{end}",
                Words(f"{words} {end}", f"{words} {end}"),
                {"based_on": STATUS_QUO, name: float(end)},
            )
    for place, gap in enumerate(GAP_ENDS):
        yield Arm(
            f"gap_{place}",
            Words(f"share of promises not kept {gap:g}", f"andel løfter ikke holdt {gap:g}"),
            {"based_on": STATUS_QUO, "espoused_gap": gap},
        )


def _localities(keys: Mapping[str, Any]) -> Iterator[Locality]:
    for table in keys.get("locality", []):
        place = checks.table(
            table, "locality", ("name", "label_en", "label_da", "town_kind", "world", "scale")
        )
        yield Locality(
            checks.word(place.get("name"), "locality.name"),
            _words(place, "label"),
            str(place.get("town_kind", "provincial_city")),
            _pairs(place.get("world", {})),
            _pairs(place.get("scale", {})),
        )


_CRITERION_KEYS = (
    *("name", "measure", "how", "of", "against", "sign", "least", "least_en", "least_da"),
    *("window", "counts", "reference", "rival", "beats_by"),
)


def _criterion(
    table: object, arms: Sequence[Arm], window: tuple[int, int], least: Mapping[str, Any]
) -> Criterion:
    keys = checks.table(table, "", _CRITERION_KEYS)
    measure = str(keys.get("measure"))
    if not is_measure(measure):
        raise InputError("measure", measure, "an outcome or a measure", nearest(measure, MEASURES))
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
    words = Words(
        keys.get("least_en", usual.get("en", "")), keys.get("least_da", usual.get("da", ""))
    )
    return Criterion(
        name=checks.word(keys.get("name"), "name"),
        measure=measure,
        how=how,
        of=of,
        against=against,
        sign=checks.one_of(keys.get("sign"), "sign", SIGNS),
        least=float(keys.get("least", usual.get("value", 0.0))),
        reason=words,
        window=_window(keys["window"], "window") if "window" in keys else window,
        counts=bool(keys.get("counts", True)),
        reference=float(keys.get("reference", 0.0)),
        rival=rival,
        beats_by=float(keys.get("beats_by", 0.0)),
    )


def _names(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in checks.items(value, place, "the name of an arm, or several"))
