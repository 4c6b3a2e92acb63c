"""Design the trial that would settle it: `python experiments/run.py municipal_trial`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from keeping import Done, command_of, made_by, markdown

from velfaerd_sim import trial
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.reporting.pages.decisions.trial import write_trial
from velfaerd_sim.studies.trial.files import load_trial

HERE = Path(__file__).resolve().parent
SHOWN = ("design", "municipalities", "months", "n", "effect", "power", "bias", "coverage")


def table(power: pd.DataFrame) -> str:
    """Some columns of every design, as Markdown."""
    names = [*SHOWN, "smallest_effect", "staff_hours"]
    rows = []
    for each in power[names].to_dict("records"):
        values = [f"{value:.3f}" if isinstance(value, float) else value for value in each.values()]
        rows.append([*values[:-1], f"{each['staff_hours']:,.0f}"])
    return markdown(pd.DataFrame(rows, columns=names, dtype=object))


def run(out: Path, small: bool = False, workers: int | None = None) -> Done:
    """Run the towns, draw the trials and write the reports. Raises VelfaerdError."""
    name, asked = HERE.name, load_trial(HERE / "trial.toml")
    if small:
        few: dict[str, Any] = {"municipalities": (8,), "months": (24,), "trials": 100}
        asked = asked.with_(worlds=Worlds.drawn("plausible:2"), invited=(20,), **few)
    with progress_bar("Running towns") as bar:
        how: dict[str, Any] = {"workers": workers, "progress": bar}
        done = trial(asked, out, command=command_of(name, small), **how)
    assert done.power is not None
    _, told = write_trial(done, out)
    write_trial(done, out, "da")
    counted = (
        f"{done.study['counts']['done']:,} lives of {len(asked.scenario.towns)} municipalities in "
        f"{len(asked.worlds)} worlds, {asked.trials:,} trials of every design"
    )
    made = made_by(name, done.study, counted, small)
    text = "\n".join([*(f"- {sentence}" for sentence in told), "", table(done.power), made])
    figure = (out / "figures" / "power.svg").read_text(encoding="utf-8")
    return Done(name, text, figure, out)
