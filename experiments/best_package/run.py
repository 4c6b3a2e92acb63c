"""Ask for the best package of a town with few hours: `python experiments/run.py best_package`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keeping import Done, command_of, made_by

from velfaerd_sim import advise
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.reporting.pages.decisions.advice import write_advice

HERE = Path(__file__).resolve().parent
HOURS = 12.0
SMALL: dict[str, Any] = {
    "adults": 300,
    "months": 12,
    "evaluations": 24,
    "search_worlds": 4,
    "fresh": 6,
}


def run(out: Path, small: bool = False, workers: int | None = None) -> Done:
    """Search and write the reports. Raises VelfaerdError."""
    name, wanted = HERE.name, SMALL if small else {}
    with progress_bar("Searching") as bar:
        how: dict[str, Any] = {"workers": workers, "progress": bar}
        how["command"] = command_of(name, small)
        advice = advise(HERE / "town.toml", hours_at_most=HOURS, out=out, **how, **wanted)
    _, told = write_advice(advice, out)
    write_advice(advice, out, "da")
    lines = [f"- {sentence}" for sentence in told]
    counted = f"{advice.study['counts']['done']:,} runs"
    text = "\n".join([*lines, "", made_by(name, advice.study, counted, small)])
    figure = (out / "figures" / "front.svg").read_text(encoding="utf-8")
    return Done(name, text, figure, out)
