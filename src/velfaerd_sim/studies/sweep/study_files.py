"""Study files: STUDY.toml read as a Study, with errors that name file and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.store import numbers, read_table
from velfaerd_sim.errors import MISSING, InputError, StorageError, located, nearest, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.csv_files import Row, csv_rows
from velfaerd_sim.inputs.factors import Factor, factors_of
from velfaerd_sim.inputs.parameters import named as named_parameter
from velfaerd_sim.inputs.regime_files import file_of, resolve_timeline
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import SCENARIOS, Scenario, load_scenario
from velfaerd_sim.inputs.toml_files import read_toml
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.sweep.designs import KINDS, MOST_POINTS, OPTIONS, POINTS, Design
from velfaerd_sim.studies.sweep.study import SweepStudy

_WORDS = ("title_en", "title_da", "question_en", "question_da")
_WORLD = ("months", "adults", "seed")
_PLAIN = ("replicates", "read_months", "allow_constants")
_KEYS = (
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
)
_FACTOR_KEYS = ("low", "high", "distribution", "values", "levels")


def load_study_file(path: str | Path) -> SweepStudy:
    """Return the study in a TOML file.

    All keys of a file, of which only a scenario with a regime is needed, and most are left out::

        name = "hours_and_gap"            # the file's name where it is left out
        title_en = "Hours and promises"   # also title_da
        question_en = "From how many staff hours on does dialogue pay?"   # also question_da
        scenario = "baseline"             # the default; a packaged name, or a file beside this one
        regimes = [                       # the first is the baseline; the scenario's own where
            "rigid_rules",                # they are left out; names, files, or tables as in a
            "facilitative_dialogue",      # file with an own regime
            {name = "half", blend = {first = "rigid_rules", second = "our.toml", weight = 0.5}},
        ]
        months = 120                      # these three are the scenario's where they are left out
        adults = 2000
        seed = 1                          # of points and replicates
        replicates = 4                    # for every point and regime, with the same seeds
        outcomes = ["retention_12m"]      # or "all"; where left out, the 30 that always stay named
        worlds = "prior:50"               # every point in 50 worlds: plausible, prior, or a CSV
                                          # file beside this one; replicates are then in each
        read_months = [12, 60]            # beside the end: as if the run ended with that month
        allow_constants = false           # true: constants of the parameter table may vary
        all_of = ["uncertainty"]          # every parameter of a role (uncertainty, lever) or a
                                          # group (such as "loneliness") is a factor, over its
                                          # range, unless it is fixed; those below come first

        [parameters]                      # fixed in all runs
        governance_strength = 1

        [factors]                         # what varies; or a list: factors = ["drift_rate"]
        drift_rate = {}                                    # over the range of the parameter table
        staff_hours_per_month = {low = 4, high = 60, distribution = "log_uniform"}
        espoused_gap = [0, 0.4, 0.8]                       # values
        base_pressure = {low = 0.1}                        # in a grid also levels = 3
        "instrument.rigidity" = {}                         # an instrument, set in every regime
        "instrument.training.rigid_rules" = {high = 0.5}   # or in one of them

        [design]                          # a grid where it is left out
        kind = "sobol"                    # size: parameter sets, a power of two; can be doubled
        size = 64
        # kind = "latin_hypercube"        # size: parameter sets; cannot be extended
        # kind = "grid"                   # levels = 5 for factors that have no levels or values
        # kind = "one_at_a_time"          # levels = 5; all other factors stay where they are
        # kind = "saltelli"               # size: N, a power of two, for N x (factors + 2) sets;
                                          # second_order = true for N x (2 x factors + 2)
        # kind = "morris"                 # size: trajectories of factors + 1 sets; levels = 4
        # kind = "points"                 # file = "points.csv" or .parquet: a column a factor

    To be run, a study must vary something: a factor, the regimes, or the worlds. Without factors
    there is one point: a comparison of regimes. Replicates may be raised later, and
    points added, without running anything twice. A CSV file with semicolons may have decimal
    commas.

    Raises InputError for everything that is not of this form.
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
    keys = checks.table(content, "", _KEYS)
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
        values["outcomes"] = NAMES if keys["outcomes"] == "all" else keys["outcomes"]
    if "worlds" in keys:
        values["worlds"] = Worlds.drawn(keys["worlds"], scenario.seed, folder)
    return SweepStudy(**values)


def _scenario(keys: Mapping[str, Any], folder: Path, fixed: Mapping[str, Any]) -> Scenario:
    reference = keys.get("scenario", SCENARIOS[0])
    found: str | Path | None = None
    if isinstance(reference, str):
        found = reference if reference in SCENARIOS else file_of(reference, folder)
    if found is None:
        allowed = "one of " + ", ".join(SCENARIOS) + ", or a TOML file"
        raise InputError("scenario", reference, allowed, nearest(reference, SCENARIOS))
    changes = {key: keys[key] for key in _WORLD if key in keys}
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
    known = ("kind", "size", "levels", "second_order", "file")
    design = checks.table(content, "design", known)
    if design and "kind" not in design:
        raise InputError("design.kind", MISSING, refusal("one_of", names=", ".join(KINDS)))
    kind = checks.one_of(design.get("kind", KINDS[0]), "design.kind", KINDS)
    if kind == POINTS and "file" not in design:
        raise InputError("design.file", MISSING, "a CSV or Parquet file with a column a factor")
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
