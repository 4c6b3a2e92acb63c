"""Plugins: outcomes, interventions, rules and parameters of one's own, from a file of Python.

A plugin is code. It is run where a user names its file, and nowhere else: a record of a study holds
its text and digest, and is only read. What is declared in a plugin is in force in this process
from then on; every simulation keeps the plugins that it began with.
"""

from __future__ import annotations

import hashlib
import inspect
import math
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from velfaerd_sim.errors import InputError, nearest, reason_of, refusal

Function = TypeVar("Function", bound=Callable[..., Any])
KINDS, ROLES, POOLED = ("level", "flow"), ("lever", "uncertainty", "constant"), ("mean", "sum")
DISTRIBUTIONS = ("uniform", "log_uniform")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")
_INTERVENTION = ("town", "write")


@dataclass(frozen=True)
class OwnParameter:
    """A parameter of a plugin, as one of the package's table."""

    name: str
    default: float
    unit: str
    low: float
    high: float
    distribution: str
    role: str
    source: str
    label_en: str
    label_da: str


@dataclass(frozen=True)
class OwnOutcome:
    """An outcome of a plugin. function: of a view of a municipality; None where only declared."""

    name: str
    unit: str
    kind: str
    direction: int
    label_en: str
    label_da: str
    definition: str
    low: float
    high: float
    pooled: str
    function: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class OwnIntervention:
    """What is done before a month. writes: columns and the range that may be written to each."""

    name: str
    writes: tuple[tuple[str, float, float], ...]
    function: Callable[[Any, Any], None] | None = None


@dataclass(frozen=True)
class OwnRule:
    """A rule in the place of the model's own of that name; its results lie from low to high."""

    name: str
    low: float | None
    high: float | None
    function: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Plugin:
    """What a file declares. digest: SHA-256 (hex) of its text. runs: whether its code is loaded."""

    name: str
    source: str
    digest: str
    runs: bool
    parameters: tuple[OwnParameter, ...] = ()
    outcomes: tuple[OwnOutcome, ...] = ()
    interventions: tuple[OwnIntervention, ...] = ()
    rules: tuple[OwnRule, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the record of a study, from which `declared` reads what it declares."""
        return {
            "name": self.name,
            "digest": self.digest,
            "source": self.source,
            "parameters": [asdict(each) for each in self.parameters],
            "outcomes": [_plain(each) for each in self.outcomes],
            "interventions": [each.name for each in self.interventions],
            "rules": [each.name for each in self.rules],
        }


def _plain(outcome: OwnOutcome) -> dict[str, Any]:
    found = {each.name: getattr(outcome, each.name) for each in fields(outcome)}
    del found["function"]
    for end in ("low", "high"):
        found[end] = found[end] if math.isfinite(found[end]) else None
    return found


# --- what is written in a plugin ------------------------------------------------------------------


class _Collector:
    """What a file declares while it is run."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: dict[str, list[Any]] = {}

    def add(self, kind: str, one: Any) -> None:
        known = self.found.setdefault(kind, [])
        if one.name in [each.name for each in known]:
            raise InputError(f"plugin {self.name}", one.name, "each name once")
        known.append(one)


_here = threading.local()


def _collector(what: str) -> _Collector:
    found: _Collector | None = getattr(_here, "collector", None)
    if found is None:
        raise InputError(what, "a call", "only in a file that is loaded with velfaerd_sim.plugin")
    return found


def _place(what: str, name: object) -> str:
    return f"plugin {_collector(what).name}: {what} {name}"


def _checked_name(what: str, name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        allowed = "a name of small letters, digits and underscores"
        raise InputError(_place(what, ""), name, allowed)
    return name


def _checked_text(place: str, key: str, text: object) -> str:
    if not isinstance(text, str) or not text.strip() or not text.isprintable():
        raise InputError(f"{place}: {key}", text, "a text of one line")
    return text


def _checked_number(place: str, key: str, value: object, unbounded: bool = False) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not (math.isfinite(float(value)) or unbounded) or math.isnan(float(value)):  # type: ignore[arg-type]
        raise InputError(f"{place}: {key}", value, "a number")
    return float(value)  # type: ignore[arg-type]


def _one_of(place: str, key: str, value: object, known: Sequence[Any]) -> Any:
    if value not in known:
        names = ", ".join(map(str, known))
        raise InputError(
            f"{place}: {key}", value, f"one of {names}", nearest(value, map(str, known))
        )
    return value


def parameter(
    name: str,
    default: float,
    *,
    unit: str,
    low: float,
    high: float,
    source: str,
    label_en: str,
    label_da: str,
    role: str = "uncertainty",
    distribution: str = "uniform",
) -> str:
    """Declare a parameter: default, unit, range, source, labels; gives its name.

    It is set, varied and listed as those of the package. Views of a municipality hold it in
    `parameters`, replaced rules in `p`. Raises InputError.
    """
    place = _place("parameter", _checked_name("parameter", name))
    ends = [_checked_number(place, key, v) for key, v in (("low", low), ("high", high))]
    value = _checked_number(place, "default", default)
    if not ends[0] < ends[1]:
        raise InputError(f"{place}: high", high, f"a number above low, {ends[0]:g}")
    if not ends[0] <= value <= ends[1]:
        raise InputError(f"{place}: default", default, f"a number from {ends[0]:g} to {ends[1]:g}")
    _one_of(place, "distribution", distribution, DISTRIBUTIONS)
    if distribution == "log_uniform" and ends[0] <= 0.0:
        raise InputError(f"{place}: low", low, "a number above 0 with log_uniform")
    _one_of(place, "role", role, ROLES)
    texts = {"unit": unit, "source": source, "label_en": label_en, "label_da": label_da}
    given = {key: _checked_text(place, key, text) for key, text in texts.items()}
    made = OwnParameter(
        name, value, low=ends[0], high=ends[1], distribution=distribution, role=role, **given
    )
    _collector("parameter").add("parameters", made)
    return name


def outcome(
    *,
    unit: str,
    label_en: str,
    label_da: str,
    definition: str = "",
    kind: str = "level",
    direction: int = 0,
    low: float | None = None,
    high: float | None = None,
    pooled: str = "mean",
) -> Callable[[Function], Function]:
    """Declare a function of a view of a municipality as an outcome of its name.

    The function gives a number, or None where there is none to give, as a mean over nobody. unit:
    such as 'share' (then from 0 to 1) or 'per 1000 adults'. low, high: ends of the scale, 0 and
    none unless given. kind: 'level' or 'flow', both summarised by the mean over the last year.
    direction: 1 where more is better, -1 where less is, 0 for neither. pooled: over municipalities
    by the 'mean' weighted by adults, or the 'sum'. Raises InputError.
    """

    def declare(function: Function) -> Function:
        place = _place("outcome", _checked_name("outcome", function.__name__))
        _check_arguments(place, function, ("town",))
        usual = (0.0, 1.0) if unit in ("share", "0-1") else (0.0, math.inf)
        ends = [
            usual[i] if v is None else _checked_number(place, k, v, True)
            for i, (k, v) in enumerate((("low", low), ("high", high)))
        ]
        if not ends[0] < ends[1]:
            raise InputError(f"{place}: high", high, f"a number above low, {ends[0]:g}")
        _one_of(place, "kind", kind, KINDS)
        _one_of(place, "direction", direction, (1, 0, -1))
        _one_of(place, "pooled", pooled, POOLED)
        meaning = definition or " ".join((function.__doc__ or label_en).split()).rstrip(".")
        texts = {"unit": unit, "label_en": label_en, "label_da": label_da, "definition": meaning}
        given = {key: _checked_text(place, key, text) for key, text in texts.items()}
        _collector("outcome").add(
            "outcomes",
            OwnOutcome(
                function.__name__,
                kind=kind,
                direction=direction,
                low=ends[0],
                high=ends[1],
                pooled=pooled,
                function=function,
                **given,
            ),
        )
        return function

    return declare


def intervention(*, writes: Mapping[str, tuple[float, float]]) -> Callable[[Function], Function]:
    """Declare a function of a view of a municipality and a writer: called before every month.

    It is called from month 1 on, under every regime, municipality by municipality. writes: the
    columns that it may write, each with the lowest and the highest value. Raises InputError.
    """
    given: object = writes

    def declare(function: Function) -> Function:
        place = _place("intervention", _checked_name("intervention", function.__name__))
        _check_arguments(place, function, _INTERVENTION)
        ranges = []
        if not isinstance(given, Mapping) or not given:
            raise InputError(f"{place}: writes", writes, "a table of columns with their ranges")
        for column, ends in given.items():
            if not isinstance(ends, tuple | list) or len(ends) != 2:
                raise InputError(f"{place}: writes: {column}", ends, "the lowest and highest value")
            low, high = (_checked_number(place, str(column), end) for end in ends)
            ranges.append((str(column), low, high))
        made = OwnIntervention(function.__name__, tuple(ranges), function)
        _collector("intervention").add("interventions", made)
        return function

    return declare


def rule(
    name: str, *, low: float | None = None, high: float | None = None
) -> Callable[[Function], Function]:
    """Declare a function in the place of a rule of the model, such as volunteering.hours_given.

    It takes the same arguments by the same names, and is compiled as the model's own. low, high:
    the range of its results; unless given, 0 to 1 where the model's own rule ends in `clip` or
    `logistic`, else any number. Raises InputError.
    """

    def declare(function: Function) -> Function:
        place = _place("rule", name)
        ends = {
            key: None if value is None else _checked_number(place, key, value)
            for key, value in (("low", low), ("high", high))
        }
        _collector("rule").add("rules", OwnRule(str(name), **ends, function=function))
        return function

    return declare


def _check_arguments(place: str, function: Callable[..., Any], wanted: tuple[str, ...]) -> None:
    given = tuple(inspect.signature(function).parameters)
    if len(given) != len(wanted):
        allowed = f"a function of {' and '.join(wanted)}"
        raise InputError(place, f"({', '.join(given)})", allowed)


# --- loading --------------------------------------------------------------------------------------


def read_plugin(path: str | Path, folder: Path | None = None) -> Plugin:
    """Run the file of a plugin and give what it declares. Raises InputError."""
    given: object = path
    if not isinstance(given, str | Path) or not str(path).endswith(".py") or "\0" in str(path):
        raise InputError("plugin", given, "a file of Python, FILE.py")
    file = Path(path) if folder is None else folder / path
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        allowed = refusal("readable", reason=reason_of(error))
        raise InputError("plugin", str(path), allowed) from None
    return made_from(file.name, text, str(file))


def made_from(name: str, source: str, place: str = "") -> Plugin:
    """Run the text of a plugin and give what it declares. Raises InputError where it fails."""
    collector = _Collector(name)
    digest = hashlib.sha256(source.encode()).hexdigest()
    module = ModuleType(f"velfaerd_plugin_{digest[:16]}")
    module.__file__ = place or name
    sys.modules[module.__name__] = module  # numba finds the code that it kept by this
    former, _here.collector = getattr(_here, "collector", None), collector
    try:
        exec(compile(source, place or name, "exec"), module.__dict__)  # noqa: S102
    except InputError:
        raise
    except (Exception, SystemExit) as error:  # whatever a file does
        line = getattr(error, "lineno", None) or _line_in(error, place or name)
        text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        what = f"line {line}" if line else "its code"
        raise InputError(f"plugin {name}", what, f"code that runs ({text})") from error
    finally:
        _here.collector = former
    if not collector.found:
        allowed = "an outcome, an intervention, a rule or a parameter (see docs/plugins.md)"
        raise InputError(f"plugin {name}", "nothing", allowed)
    parts = {kind: tuple(each) for kind, each in collector.found.items()}
    return Plugin(name, source, digest, True, **parts)


def _line_in(error: BaseException, file: str) -> int | None:
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def declared(content: Mapping[str, Any]) -> Plugin:
    """What a record says of a plugin, without its code, which is not run."""
    outcomes = tuple(
        OwnOutcome(
            **{
                **each,
                "low": -math.inf if each["low"] is None else each["low"],
                "high": math.inf if each["high"] is None else each["high"],
            }
        )
        for each in content["outcomes"]
    )
    return Plugin(
        content["name"],
        content["source"],
        content["digest"],
        False,
        tuple(OwnParameter(**each) for each in content["parameters"]),
        outcomes,
        tuple(OwnIntervention(name, ()) for name in content["interventions"]),
        tuple(OwnRule(name, None, None) for name in content["rules"]),
    )
