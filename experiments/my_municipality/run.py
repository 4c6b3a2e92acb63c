"""Learn from what a town knows of itself: `python experiments/run.py my_municipality`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keeping import Done, command_of, made_by

from velfaerd_sim import place, write_report
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.telling.place.words import in_short, place_words

HERE = Path(__file__).resolve().parent
SMALL: dict[str, Any] = {"worlds": "plausible:60", "adults": 1000, "months": 12, "replicates": 1}


def run(out: Path, small: bool = False, workers: int | None = None) -> Done:
    """Learn, run the regimes and write the reports. Raises VelfaerdError."""
    name, wanted = HERE.name, SMALL if small else {}
    with progress_bar("Learning") as bar:
        how: dict[str, Any] = {"workers": workers, "progress": bar}
        how["command"] = command_of(name, small)
        found = place(HERE / "town.toml", out=out, **how, **wanted)
    for language in ("en", "da"):
        write_report(out, language=language)
    said = in_short(place_words("en"), found.study, found.learned, found.moves)
    counted = f"{found.study['counts']['done']:,} runs"
    made = made_by(name, found.study, counted, small)
    text = "\n".join([*(f"- {each}" for each in said), "", made])
    figure = (out / "figures" / "answers.svg").read_text(encoding="utf-8")
    return Done(name, text, figure, out)
