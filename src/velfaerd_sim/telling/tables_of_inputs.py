"""The tables of parameters, regimes and outcomes as text, JSON and Markdown.

All three forms are made from the definitions that the model itself uses, so that the command line
and the documents cannot disagree with it.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from velfaerd_sim.errors import InputError, nearest
from velfaerd_sim.inputs import parameters
from velfaerd_sim.inputs.checks import one_of, plain
from velfaerd_sim.inputs.parameters import PARAMETERS, Parameter
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO, Regime
from velfaerd_sim.inputs.theories import ALL, Theory, load_theories
from velfaerd_sim.measures import outcomes
from velfaerd_sim.measures.outcomes import OUTCOMES, Outcome

FORMATS = ("text", "json", "markdown")
_WIDTH = 100

_SUMMARIES = {
    outcomes.LEVEL: "mean of the last 12 months",
    outcomes.FLOW: "mean of the last 12 months",
    outcomes.WINDOW: "last value, over 12 months",
    outcomes.CUMULATIVE: "last value, since the start",
}
"""How the series of each kind of outcome becomes one number a run."""

_DIRECTIONS = {1: "more", -1: "less", 0: "neither"}

ARTICLES = {
    "S0": "Lauritzen and la Cour, De eksperimenterende velfærdskommuner, Danske Kommuner 8/2020",
    "S1": "Wilbek, Berlau and Clausen (KL, FH, Frivilligrådet), op-ed of 3 March 2021",
    "S2": "COK, Frivillighed – en vigtig vej til bedre velfærd, 6 September 2017",
    "S3": "Kommuner svinger taktstokken over for frivillige, press report on KORA and SDU's study",
    "S4": "Ziegler and Adelskov (KL), Vi er fælles om fremtidens velfærd",
}
"""The articles that sources name by S0 to S4."""


def parameters_table(format: str = "text", names: Sequence[str] = ()) -> str:
    """Return every parameter, or the named ones: default, range, unit, role, source, labels.

    format: 'text', 'json' or 'markdown'. Raises InputError for an unknown format or name.
    """
    wanted = {parameters.named(name, "NAME").name for name in names}
    chosen = [one for one in PARAMETERS if not wanted or one.name in wanted]
    return _written(format, chosen, _parameter_record, _parameters_text, _parameters_markdown)


def regimes_table(format: str = "text", names: Sequence[str] = ()) -> str:
    """Return every named regime, or the named ones: instruments, labels, summary, source.

    format: 'text', 'json' or 'markdown'. Raises InputError for an unknown format or name.
    """
    for name in names:
        if name not in REGIMES:
            allowed = "the name of a regime (see: velfaerd regimes)"
            raise InputError("NAME", name, allowed, nearest(name, REGIMES))
    chosen = [REGIMES[name] for name in REGIMES if not names or name in names]
    return _written(format, chosen, _regime_record, _regimes_text, _regimes_markdown)


def theories_table(format: str = "text", names: Sequence[str] = ()) -> str:
    """Return every theory of the package, or those that are named: parameters, labels, source.

    format: 'text', 'json' or 'markdown'. names: of the package, files or folders. Raises
    InputError for an unknown format or name, and for what is wrong in a file.
    """
    chosen = load_theories(",".join(names) if names else ALL)
    return _written(format, chosen, Theory.to_dict, _theories_text, _theories_markdown)


def outcomes_table(format: str = "text", names: Sequence[str] = ()) -> str:
    """Return every outcome, or the named ones: unit, which way is better, definition, labels.

    format: 'text', 'json' or 'markdown'. Raises InputError for an unknown format or name.
    """
    wanted = {outcomes.named(name, "NAME").name for name in names}
    chosen = [one for one in OUTCOMES if not wanted or one.name in wanted]
    return _written(format, chosen, _outcome_record, _outcomes_text, _outcomes_markdown)


def _written(
    format: str,
    chosen: Sequence[Any],
    record: Callable[[Any], dict[str, Any]],
    text: Callable[[Sequence[Any]], str],
    markdown: Callable[[Sequence[Any]], str],
) -> str:
    one_of(format, "--format", FORMATS)
    if format == "json":
        rows = [record(one) for one in chosen]
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text(chosen) if format == "text" else markdown(chosen)


def _parameter_record(parameter: Parameter) -> dict[str, Any]:
    keys = ("name", "default", "unit", "low", "high", "distribution", "role", "group", "source")
    return {key: getattr(parameter, key) for key in (*keys, "label_en", "label_da")}


def _range(parameter: Parameter) -> str:
    return f"{plain(parameter.low)} to {plain(parameter.high)}"


def _parameters_text(chosen: Sequence[Parameter]) -> str:
    width = max(len(one.name) for one in chosen)
    lines = []
    for group in dict.fromkeys(one.group for one in chosen):
        lines.append(group.upper())
        for one in chosen:
            if one.group == group:
                value = f"{plain(one.default):<8} ({_range(one)})"
                lines.append(f"  {one.name:<{width}}  {value:<26} {one.unit}; {one.role}")
                lines += _wrapped(f"{one.label_en}. Source: {one.source}.", indent=6)
        lines.append("")
    articles = _articles(chosen)
    return "\n".join([*lines, *articles, ""] if articles else lines)


def _articles(chosen: Sequence[Parameter]) -> list[str]:
    """Return a line for each article that the sources of these parameters name."""
    named = {code for one in chosen for code in ARTICLES if code in one.source}
    return [f"{code}: {title}" for code, title in ARTICLES.items() if code in named]


def _parameters_markdown(chosen: Sequence[Parameter]) -> str:
    head = ("name", "default", "range", "unit", "distribution", "role", "meaning", "source")
    rows = (
        (
            f"`{one.name}`",
            plain(one.default),
            _range(one),
            one.unit,
            one.distribution.replace("_", " "),
            one.role,
            one.label_en,
            one.source,
        )
        for one in chosen
    )
    articles = "".join(f"- {line}\n" for line in _articles(chosen))
    return _markdown(head, rows) + (f"\n{articles}" if articles else "")


def _regime_record(regime: Regime) -> dict[str, Any]:
    record: dict[str, Any] = {"name": regime.name}
    record |= dict(zip(INSTRUMENTS, regime.instruments, strict=True))
    record["espoused_gap"] = regime.espoused_gap
    words = ("label_en", "label_da", "summary_en", "summary_da", "source")
    return record | {key: getattr(regime, key) for key in words}


def _regimes_text(chosen: Sequence[Regime]) -> str:
    width = max(len(one.name) for one in chosen)
    # A name of two words stands on two lines, so that the columns stay narrow.
    parts = [(*name.split("_"), "")[:2] for name in INSTRUMENTS]
    columns = [max(len(part) for part in both) + 1 for both in parts]
    lines = []
    for n in (0, 1):
        heads = "".join(f"{both[n]:>{c}}" for both, c in zip(parts, columns, strict=True))
        lines.append((" " * width + heads).rstrip())
    for one in chosen:
        values = "".join(f"{v:>{c}.2f}" for v, c in zip(one.instruments, columns, strict=True))
        lines.append(f"{one.name:<{width}}{values}")
    lines.append("")
    for one in chosen:
        also = " This is the status quo." if one.name == STATUS_QUO else ""
        lines += [one.name, *_wrapped(f"{one.summary_en}{also} Source: {one.source}.", indent=4)]
    gap = "espoused_gap, the share of what is promised that is not done, is a parameter"
    lines += ["", f"Instruments lie from 0 to 1; {gap}."]
    return "\n".join(lines) + "\n"


def _regimes_markdown(chosen: Sequence[Regime]) -> str:
    head = ("regime", *(name.replace("_", " ") for name in INSTRUMENTS), "in words", "source")
    rows = (
        (f"`{one.name}`", *(f"{v:.2f}" for v in one.instruments), one.summary_en, one.source)
        for one in chosen
    )
    return _markdown(head, rows)


def _theory_values(theory: Theory) -> list[str]:
    ends = theory.parameters.items()
    return [
        f"{name} = {low:g}" if low == high else f"{name} = {low:g} to {high:g}"
        for name, (low, high) in ends
    ]


def _theories_text(chosen: Sequence[Theory]) -> str:
    lines: list[str] = []
    for one in chosen:
        lines += [one.name, *_wrapped(f"{one.label_en}. Source: {one.source}.", indent=4)]
        lines += [f"    {value}" for value in _theory_values(one)]
    return "\n".join(lines) + "\n"


def _theories_markdown(chosen: Sequence[Theory]) -> str:
    rows = (
        (
            f"`{one.name}`",
            one.label_en,
            ", ".join(f"`{v}`" for v in _theory_values(one)),
            one.source,
        )
        for one in chosen
    )
    return _markdown(("theory", "in words", "parameters", "source"), rows)


def _outcome_record(outcome: Outcome) -> dict[str, Any]:
    keys = ("name", "unit", "kind", "direction", "definition", "label_en", "label_da")
    record: dict[str, Any] = {key: getattr(outcome, key) for key in keys}
    return record | {"summary": _SUMMARIES[outcome.kind]}


def _outcomes_text(chosen: Sequence[Outcome]) -> str:
    width = max(len(one.name) for one in chosen)
    lines = []
    for one in chosen:
        better = f"better: {_DIRECTIONS[one.direction]}; " if one.direction else ""
        lines.append(f"{one.name:<{width}}  {one.unit}")
        lines += _wrapped(f"{one.definition} ({better}{_SUMMARIES[one.kind]}).", indent=4)
    return "\n".join(lines) + "\n"


def _outcomes_markdown(chosen: Sequence[Outcome]) -> str:
    head = ("name", "unit", "definition", "better", "one number a run")
    rows = (
        (
            f"`{one.name}`",
            one.unit,
            one.definition,
            _DIRECTIONS[one.direction],
            _SUMMARIES[one.kind],
        )
        for one in chosen
    )
    return _markdown(head, rows)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_markdown_row(head), "|" + " --- |" * len(head)]
    return "\n".join([*lines, *(_markdown_row(row) for row in rows)]) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        text, _WIDTH, initial_indent=space, subsequent_indent=space, break_long_words=False
    )
