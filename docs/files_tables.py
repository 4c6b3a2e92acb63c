"""What may stand in study, scenario, regime and timeline files, for files.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from velfaerd_sim.cli.example_files import example
from velfaerd_sim.inputs.regime_files import REGIME_KEYS, TIMELINE_KEYS
from velfaerd_sim.inputs.scenarios import SCENARIO_KEYS
from velfaerd_sim.studies.sweep.study_files import STUDY_KEYS

Markdown = Callable[[Sequence[str], Iterable[Sequence[object]]], str]
KEYS = {
    "study": STUDY_KEYS,
    "scenario": SCENARIO_KEYS,
    "regime": REGIME_KEYS,
    "timeline": TIMELINE_KEYS,
}


def keys_of(kind: str) -> str:
    """The keys of a kind of file, and the example that shows each of them."""
    names = ", ".join(f"`{key}`" for key in KEYS[kind])
    return f"All keys: {names}.\n\n```toml\n{example(kind)}```\n"


SECTIONS: dict[str, Callable[[Markdown], str]] = {
    f"{kind}_file": lambda markdown, kind=kind: keys_of(kind) for kind in KEYS
}
