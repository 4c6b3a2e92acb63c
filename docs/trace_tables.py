"""The generated tables of trace.md, read from the results in docs/results/."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
Markdown = Callable[[Sequence[str], Iterable[Sequence[object]]], str]
MOST_CONCLUSIONS, MOST_ARROWS, MOST_SCALES = 20, 12, 14
CELLS = 20
STOCKS = (
    *("volunteers_per_1000", "retention_12m", "motivation_mean", "ownership_mean"),
    *("exhaustion_mean", "participants_per_1000", "initiatives_per_1000", "strain_share"),
    *("contact_hours_per_1000", "staff_hours_per_1000", "loneliness_mean", "lonely_share"),
    *("lonely_share_16_24", "lonely_share_25_34", "lonely_share_45_54", "lonely_share_65_74"),
    "lonely_share_85_plus",
)
OUTCOME_WORDS = {
    "motivation_mean": "motivation",
    "retention_12m": "retention",
    "lonely_share": "fewest lonely",
    "lonely_years_averted_per_1000": "lonely years averted",
    "staff_hours_per_1000": "staff hours",
}


def rows(name: str) -> list[dict[str, str]]:
    path = RESULTS / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def short(value: str) -> str:
    return f"{float(value):.3g}" if value else "-"


def span(row: dict[str, str], low: str = "from_", high: str = "to") -> str:
    return f"{short(row[low])} to {short(row[high])}"


def true(value: str) -> bool:
    return value == "True"


def trace_provenance(markdown: Markdown) -> str:
    seen: dict[str, dict[str, str]] = {}
    for row in rows("about"):
        seen.setdefault(row["study"], row)
    head = ("study", "command", "version", "model digest", "fingerprint", "made")
    keys = ("version", "model", "fingerprint", "finished")
    return markdown(
        head, ((n, f"`{r['command']}`", *(r[key] for key in keys)) for n, r in seen.items())
    )


def groups() -> list[tuple[str, int, int, int, bool, bool]]:
    """Group, figures, inside at the median, inside at the defaults, whether each fits."""
    found = []
    own = [row for row in rows("targets") if row["role"] in ("fit", "exact")]
    for number in range(1, 16):
        members = [row for row in own if row["group"] == f"T{number}"]
        counts = [sum(true(row[key]) for row in members) for key in ("inside", "defaults_inside")]
        needed = CELLS if number == 9 else len(members)
        fits = [count >= needed for count in counts]
        found.append((f"T{number}", len(members), *counts, *fits))
    return found


def trace_targets(markdown: Markdown) -> str:
    """What is outside first, then how many figures of each target are inside."""
    off = [row for row in rows("targets") if not true(row["inside"]) and row["role"] != "dependent"]
    head = ("outside", "published", "defaults", "median", "middle 90 %", "standard errors off")
    outside = markdown(
        head,
        (
            (
                f"{row['label']} ({row['group']})",
                span(row, "low", "high"),
                short(row["at_defaults"]),
                short(row["median"]),
                span(row),
                f"{float(row['distance']):+.1f}",
            )
            for row in off
        ),
    )
    counted = groups()
    words = (
        f"{sum(fits for *_, fits, _ in counted)} of 15 targets are inside at the median, and"
        f" {sum(fits for *_, fits in counted)} at the defaults (the six-route table, T9, counts as"
        f" inside from {CELLS} of its 24 free cells on)."
    )
    table = markdown(
        ("target", "figures", "inside at the median", "inside at the defaults"),
        ((group, figures, median, base) for group, figures, median, base, *_ in counted),
    )
    return f"{outside}\n{words}\n\n{table}"


def trace_held_out(markdown: Markdown) -> str:
    head = ("pattern", "unit", "published", "median", "middle 90 %", "verdict")
    return markdown(
        head,
        (
            (
                row["label"],
                row["unit"],
                row["figure"] + (f" ({row['source']})" if row["source"] else ""),
                short(row["median"]),
                span(row),
                row["verdict"],
            )
            for row in rows("held_out")
        ),
    )


def trace_scale(markdown: Markdown) -> str:
    """The stocks at every scale, then whatever else moves."""
    table = rows("scale")
    names = list(dict.fromkeys(row["condition"] for row in table))
    cells = {(row["outcome"], row["condition"]): row for row in table}
    stocks = []
    for outcome in STOCKS:
        own = [cells[(outcome, name)] for name in names]
        changes = (f"{float(r['relative']):+.1%}{' *' if true(r['notable']) else ''}" for r in own)
        stocks.append((f"`{outcome}`", short(own[0]["base"]), *changes))
    head = ("outcome", "level", *(name.replace("_", " ") for name in names))
    notable = [row for row in table if true(row["notable"]) and row["outcome"] not in STOCKS]
    words = (
        f"{sum(true(row['notable']) for row in table)} of {len(table)} levels move clearly (99.9 %)"
        " and by more than 3 % (marked by a star)."
    )
    if notable:
        parts = (
            f"`{row['outcome']}` {float(row['relative']):+.0%} with"
            f" {row['condition'].replace('_', ' ')}"
            for row in notable[:MOST_SCALES]
        )
        words += f" Among the outcomes that are not in the table: {'; '.join(parts)}."
    return f"{markdown(head, stocks)}\n{words}\n"


def trace_conclusions(markdown: Markdown) -> str:
    table = rows("conclusions")
    counts = {
        verdict: sum(int(row[verdict]) > 0 for row in table) for verdict in ("turns", "weakens")
    }
    words = (
        f"{len(table)} statements about two regimes are clear under the defaults. {counts['turns']}"
        f" turn and {counts['weakens']} weaken somewhere. The {min(MOST_CONCLUSIONS, len(table))}"
        " most fragile:"
    )
    head = ("conclusion", "difference", "survives", "weakens", "turns", "turns under")
    made = markdown(
        head,
        (
            (
                row["statement"].replace("_", " "),
                f"{short(row['size'])} ({span(row, 'low', 'high')})",
                *(row[verdict] for verdict in head[2:5]),
                row["turns_under"].replace("_", " ") or "-",
            )
            for row in table[:MOST_CONCLUSIONS]
        ),
    )
    return f"{words}\n\n{made}"


def trace_conditions(markdown: Markdown) -> str:
    table = rows("conditions")
    broad = [row for row in table if row["kind"] != "arrow"]
    arrows = [row for row in table if row["kind"] == "arrow"]
    arrows.sort(key=lambda row: (-int(row["turns"]), -int(row["weakens"])))
    hard = [row for row in arrows if int(row["turns"]) + int(row["weakens"]) > 0][:MOST_ARROWS]
    harmless = sum(int(row["turns"]) + int(row["weakens"]) == 0 for row in arrows)
    head = ("condition", "survives", "weakens", "turns")

    def cells(row: dict[str, str]) -> Sequence[str]:
        return (row["label"].replace("_", " "), *(row[verdict] for verdict in head[1:]))

    if not arrows:
        return f"{markdown(head, map(cells, broad))}\nSingle arrows were not tried in this run.\n"
    words = (
        f"Of {len(arrows)} single arrows at zero {harmless} leave every conclusion as it is. The"
        f" {len(hard)} that take most:"
    )
    return f"{markdown(head, map(cells, broad))}\n{words}\n\n{markdown(head, map(cells, hard))}"


def trace_ranking(markdown: Markdown) -> str:
    table = rows("ranking")
    outcomes = list(dict.fromkeys(row["outcome"] for row in table))
    cells: dict[str, dict[str, Any]] = {}
    for row in table:
        words = f"{row['first_place'].replace('_', ' ')} ({float(row['tau']):.2f})"
        cells.setdefault(row["label"], {})[row["outcome"]] = words
    head = ("condition", *(OUTCOME_WORDS.get(name, name) for name in outcomes))
    return markdown(head, ((label, *(own[o] for o in outcomes)) for label, own in cells.items()))


SECTIONS = {
    make.__name__: make
    for make in (
        *(trace_provenance, trace_targets, trace_held_out, trace_scale),
        *(trace_conclusions, trace_conditions, trace_ranking),
    )
}
