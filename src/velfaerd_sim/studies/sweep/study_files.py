"""Study files: STUDY.toml read as a Study, with errors that name file and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim import in_force
from velfaerd_sim.engine.store import numbers, read_table
from velfaerd_sim.errors import MISSING, InputError, StorageError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.csv_files import Row, csv_rows
from velfaerd_sim.inputs.factors import Factor, factors_of
from velfaerd_sim.inputs.parameters import named as named_parameter
from velfaerd_sim.inputs.regime_files import file_of, resolve_timeline
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import SCENARIOS, Scenario, load_scenario, scenario_from_table
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.sweep.designs import KINDS, MOST_POINTS, OPTIONS, POINTS, Design
from velfaerd_sim.studies.sweep.study import SweepStudy

_WORDS = ("title_en", "title_da", "question_en", "question_da")
_WORLD = ("months", "adults", "seed")
_PLAIN = ("replicates", "read_months", "allow_constants")
STUDY_KEYS = (
    "name",
    *_WORDS,
    "scenario",
    "regimes",
    *_WORLD,
    *_PLAIN,
    "outcomes",
    "worlds",
    "all_of",
    "parameters",
    "factors",
    "design",
    "plugins",
)
_FACTOR_KEYS = ("low", "high", "distribution", "values", "levels")


def load_study_file(path: str | Path) -> SweepStudy:
    """Return the study in a TOML file.

    All keys of a file stand in docs/files.md, and ``velfaerd sweep --example`` prints one.

    To be run, a study must vary something: a factor, the regimes, or the worlds. Without factors
    there is one point: a comparison of regimes. Replicates may be raised later, and
    points added, without running anything twice. A CSV file with semicolons may have decimal
    commas. Raises InputError for everything that is not of this form.
    """
    file = _checked_path(path)
    content = read_toml(file)
    with located(file.name):
        return _study_from_table(content, file.parent, file.stem)


def _checked_path(given: object) -> Path:
    if not isinstance(given, str | Path) or not str(given) or "\0" in str(given):
        raise InputError("study", given, "a TOML file with a study")
    return Path(given)


def _study_from_table(content: Mapping[str, Any], folder: Path, default_name: str) -> SweepStudy:
    keys = checks.table(content, "", STUDY_KEYS)
    in_force.named_in(keys, folder)
    values: dict[str, Any] = {"name": default_name}
    values |= {key: keys[key] for key in ("name", *_WORDS, *_PLAIN) if key in keys}
    fixed = keys.get("parameters", {})
    if not isinstance(fixed, Mapping):
        raise InputError("parameters", fixed, "a table of names and values")
    for name in fixed:
        named_parameter(name, "parameters")
    scenario = _scenario(keys, folder, fixed)
    values["scenario"] = scenario
    values["regimes"] = _regimes(keys, folder, scenario)
    design = _design_table(keys.get("design", {}))
    factors = _factors(keys, fixed)
    if "file" in design:
        factors, design["rows"] = _points(design.pop("file"), factors, folder)
    values["factors"] = tuple(factors)
    with located("design", "."):
        values["design"] = Design(**design)
    if "outcomes" in keys:
        values["outcomes"] = tuple(NAMES) if keys["outcomes"] == "all" else keys["outcomes"]
    if isinstance(keys.get("worlds"), Mapping):
        values["worlds"] = Worlds.from_dict(keys["worlds"])
    elif "worlds" in keys:
        values["worlds"] = Worlds.drawn(keys["worlds"], scenario.seed, folder)
    return SweepStudy(**values)


def _scenario(keys: Mapping[str, Any], folder: Path, fixed: Mapping[str, Any]) -> Scenario:
    reference = keys.get("scenario", SCENARIOS[0])
    changes = {key: keys[key] for key in _WORLD if key in keys}
    if isinstance(reference, Mapping):
        own = scenario_from_table(reference, folder, "scenario")
        return own.with_(parameters=fixed, **changes)
    found: str | Path | None = None
    if isinstance(reference, str):
        found = reference if reference in SCENARIOS else file_of(reference, folder)
    if found is None:
        allowed = "one of " + ", ".join(SCENARIOS) + ", or a TOML file"
        raise InputError("scenario", reference, allowed, nearest(reference, SCENARIOS))
    return load_scenario(found).with_(parameters=fixed, **changes)


def _regimes(keys: Mapping[str, Any], folder: Path, scenario: Scenario) -> tuple[Timeline, ...]:
    if "regimes" not in keys:
        return (scenario.timeline,)
    allowed = "a list of regimes, the first of which is the baseline"
    return tuple(
        resolve_timeline(entry, f"regimes[{number}]", folder)
        for number, entry in enumerate(checks.items(keys["regimes"], "regimes", allowed), start=1)
    )


def _factors(keys: Mapping[str, Any], fixed: Mapping[str, Any]) -> list[Factor]:
    given = keys.get("factors", {})
    found: list[Factor] = []
    if isinstance(given, Mapping):
        found = [_factor(name, entry) for name, entry in given.items()]
    else:
        allowed = "a table of names with ranges or values, or a list of names"
        for name in checks.items(given, "factors", allowed):
            if not isinstance(name, str):
                raise InputError("factors", name, allowed)
            found.append(Factor.of(name))
    for factor in found:
        if factor.name in fixed:
            raise InputError("factors", factor.name, "either fixed under [parameters] or a factor")
    names = {factor.name for factor in found}
    kinds = checks.items(keys.get("all_of", []), "all_of", "a list of roles and groups")
    more = factors_of(kinds, keys.get("allow_constants") is True)
    return found + [Factor.of(name) for name in more if name not in names | set(fixed)]


def _factor(name: str, entry: object) -> Factor:
    if isinstance(entry, list):
        return Factor.of(name, values=entry)
    Factor.of(name)
    if not isinstance(entry, Mapping):
        allowed = "a list of values, or a table with a range; {} for that of the parameter table"
        raise InputError(f"factors.{name}", entry, allowed)
    keys = checks.table(entry, f"factors.{name}", _FACTOR_KEYS)
    if "values" in keys:
        checks.items(keys["values"], f"factors.{name}.values", "a list of at least two numbers")
    return Factor.of(name, **keys)


def _design_table(content: object) -> dict[str, Any]:
    known = ("kind", "size", "levels", "second_order", "file", "rows")
    design = checks.table(content, "design", known)
    if design and "kind" not in design:
        raise InputError("design.kind", MISSING, refusal("one_of", names=", ".join(KINDS)))
    kind = checks.one_of(design.get("kind", KINDS[0]), "design.kind", KINDS)
    if kind == POINTS and not {"file", "rows"} & set(design):
        raise InputError("design.file", MISSING, "a CSV or Parquet file with a column a factor")
    if "rows" in design:
        if kind != POINTS or "file" in design:
            raise InputError("design.rows", "rows", "rows with the kind points only, or a file")
        rows = checks.items(design["rows"], "design.rows", "a list of points")
        allowed = "a value a factor"
        design["rows"] = tuple(
            tuple(checks.items(row, f"design.rows[{number}]", allowed))
            for number, row in enumerate(rows, start=1)
        )
    if kind != POINTS and "file" in design:
        allowed = f"a file with the kind points only; with {kind}: {', '.join(OPTIONS[kind])}"
        raise InputError("design.file", design["file"], allowed)
    return design


def _points(
    reference: object, factors: list[Factor], folder: Path
) -> tuple[list[Factor], tuple[tuple[float, ...], ...]]:
    """The factors and rows of a file of points; where no factors are given, the columns are."""
    place = "design.file"
    if not isinstance(reference, str) or not reference or "\0" in reference:
        raise InputError(place, reference, "a CSV or Parquet file")
    path = folder / reference
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise InputError(place, reference, "a file that ends in .csv or .parquet")
    with located(place):
        columns, rows = csv_rows(path, "factors") if kind == ".csv" else _parquet_rows(path)
        with located(path.name):
            return _fitted(columns, rows, factors)


def _fitted(
    columns: list[str], rows: list[tuple[str, Row]], factors: list[Factor]
) -> tuple[list[Factor], tuple[tuple[float, ...], ...]]:
    """Put the columns in the order of the factors and check every value."""
    known = [factor.name for factor in factors]
    for number, name in enumerate(columns):
        if name in columns[:number]:
            raise InputError("columns", name, "each column once")
        if factors and name not in known:
            allowed = "the factors of the study: " + ", ".join(known)
            raise InputError("columns", name, allowed, nearest(name, known))
    if missing := [name for name in known if name not in columns]:
        raise InputError("columns", MISSING, f"a column {missing[0]}, as it is a factor")
    with located("columns"):
        factors = factors or [Factor.of(name) for name in columns]
    if not rows:
        raise InputError("rows", MISSING, "at least one point")
    if len(rows) > MOST_POINTS:
        raise InputError("rows", len(rows), f"at most {MOST_POINTS} parameter sets")
    order = [(columns.index(factor.name), factor) for factor in factors]
    return factors, tuple(
        tuple(factor.checked(row[i], f"{place}, {factor.name}") for i, factor in order)
        for place, row in rows
    )


def _parquet_rows(path: Path) -> tuple[list[str], list[tuple[str, Row]]]:
    """Column names and rows of a Parquet file."""
    if not path.is_file():
        raise InputError(path.name, str(path), "a file that exists")
    try:
        table = read_table(path)
    except StorageError as error:
        raise InputError(path.name, str(path), f"a Parquet file ({error})") from None
    columns = [str(name) for name in table.column_names]
    if len(set(columns)) < len(columns):
        return columns, []
    rows = zip(*(numbers(table, name).tolist() for name in columns), strict=True)
    return columns, [(f"row {number}", row) for number, row in enumerate(rows, start=1)]
