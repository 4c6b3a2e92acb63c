"""The figures of a study: which there are, what they show in words, and how they are saved.

Each is written as SVG and PNG, the same to the byte for the same study and version of matplotlib,
and carries the fingerprint of the study.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from velfaerd_sim.engine.progress import Advance, Progress
from velfaerd_sim.reporting.figures import effects as plots_effects
from velfaerd_sim.reporting.figures import hours as plots_hours
from velfaerd_sim.reporting.figures import people as plots_people
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures import time as plots_time
from velfaerd_sim.reporting.figures import worlds as plots_worlds
from velfaerd_sim.reporting.figures.alternatives import alt_text
from velfaerd_sim.reporting.files import write_whole
from velfaerd_sim.telling.findings import in_focus, turn_outcomes
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.wording import REPORT
from velfaerd_sim.telling.words import Words

PNG_DPI = 200
FONT_STACK = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

Draw = Callable[[Results, Sequence[str], Words], Figure]


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn: key, SVG text, PNG bytes, and what it shows in words."""

    key: str
    svg: str
    png: bytes
    alt: str


def _compared(results: Results) -> bool:
    return results.compares


def _sure(results: Results) -> bool:
    return results.compares and results.has_intervals


def _in_worlds(results: Results) -> bool:
    return results.compares and results.in_worlds


def _grouped(results: Results) -> bool:
    return results.compares and not results.groups.empty


def _turned(results: Results) -> bool:
    return results.compares and bool(turn_outcomes(results))


def _always(results: Results) -> bool:
    return not results.bands.empty


def _many_towns(results: Results) -> bool:
    return not results.towns.empty


FIGURES: dict[str, tuple[Draw, Callable[[Results], bool]]] = {
    "time": (plots_time.trajectories, _always),
    "paths": (plots_time.paths, _compared),
    "forest": (plots_effects.forest, _compared),
    "worlds": (plots_worlds.worlds, _in_worlds),
    "people": (plots_people.people, _grouped),
    "ages": (plots_people.ages, _grouped),
    "benefit": (plots_effects.benefit, _compared),
    "yield": (plots_effects.hours_yield, _sure),
    "turn": (plots_hours.turning, _turned),
    "towns": (plots_time.towns, _many_towns),
}
"""Figures by key, in the order of the report, and whether a study has what they need."""


def draw(results: Results, key: str) -> Drawn:
    """Draw one figure."""
    words = Words(results.language, *REPORT)
    make, _ = FIGURES[key]
    with style.styled():
        made = make(results, in_focus(results), words)
        style.small_print(made, _small_print(results, key, words))
        style.localise(made, results.write)
        return rendered(made, key, alt_text(results, key))


def rendered(made: Figure, key: str, alt: str) -> Drawn:
    """Render a figure as SVG and PNG; to be called inside `style.styled`."""
    return Drawn(key, _svg(made, key, alt), _png(made), alt)


def figures_of(results: Results) -> list[str]:
    """The figures that a study has the numbers for, by key."""
    return [key for key, (_, fits) in FIGURES.items() if fits(results)]


def draw_all(results: Results, progress: Progress | None = None) -> list[Drawn]:
    """Draw every figure that the study has the numbers for."""
    keys = figures_of(results)
    drawn = []
    for number, key in enumerate(keys, 1):
        drawn.append(draw(results, key))
        if progress is not None:
            progress(Advance(float(number), float(len(keys)), 0, 0))
    return drawn


def save(drawn: Sequence[Drawn], folder: Path) -> list[Path]:
    """Write figures as SVG and PNG into the folder, which is made if need be.

    Raises StorageError where the disk fails.
    """
    written = []
    for each in drawn:
        for suffix, content in ((".svg", each.svg.encode()), (".png", each.png)):
            path = folder / f"{each.key}{suffix}"
            write_whole(path, content)
            written.append(path)
    return written


def _small_print(results: Results, key: str, words: Words) -> str:
    count = results.study.replicates
    if key == "turn":
        count = int(results.staff_hours["replicates"].max())
    n = words("n_replicates", count=results.write.number(count)) if count > 1 else words("n_one")
    worlds = results.study.worlds
    if worlds is not None and key != "turn":
        each = results.write.number(max(1, round(count / len(worlds))))
        n = words("n_worlds", worlds=results.write.number(len(worlds)), count=each)
    return words(
        "small_print",
        version=results.study.version,
        replicates=n,
        fingerprint=results.study.fingerprint[:16],
    )


def _png(made: Figure) -> bytes:
    buffer = io.BytesIO()
    made.savefig(buffer, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return buffer.getvalue()


def _svg(made: Figure, key: str, alt: str) -> str:
    """The figure as SVG with text as text, names of its own for its parts, and a description."""
    buffer = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    made.savefig(buffer, format="svg", metadata=metadata)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\1{key}-", text)
    text = re.sub(r"'DejaVu Sans'", FONT_STACK, text)
    text = re.sub(r"<[^>]+>", _shortened, text)
    head, _, body = text.partition(">")
    return f'{head} role="img" aria-label="{_escaped(alt)}">{body}'


def _shortened(tag: re.Match[str]) -> str:
    """A tag with coordinates of two decimals: a hundredth of a point is more than enough."""
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", tag.group())


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
