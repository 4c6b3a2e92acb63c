"""The generated table of reliability.md, read from the counts of the last `make attack`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

COUNTS = Path(__file__).with_suffix(".json")
Markdown = Callable[[Sequence[str], Iterable[Sequence[object]]], str]


def attacks(markdown: Markdown) -> str:
    """Each promise, how it is tried, and how often it was."""
    made = json.loads(COUNTS.read_text(encoding="utf-8"))
    rows, last = [], ""
    for one in made["attacks"].values():
        promise = one["promise"] if one["promise"] != last else ""
        rows.append((promise, one["how"], f"{one['tried']:,}", f"{one['failed']:,}"))
        last = one["promise"]
    tried, failed = (
        sum(one[key] for one in made["attacks"].values()) for key in ("tried", "failed")
    )
    rows.append(("Together", "", f"{tried:,}", f"{failed:,}"))
    when = (
        f"Made {made['date']} with seed {made['seed']}, Python {made['python']}, {made['system']}."
    )
    return f"{when}\n\n{markdown(('promise', 'a try', 'tried', 'failed'), rows)}"


SECTIONS = {"attacks": attacks}
