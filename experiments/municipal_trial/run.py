"""Run the trial and write answer, table and figure of its README.

    python experiments/municipal_trial/run.py [DIR]

DIR is results/experiments/municipal_trial unless given; the same call again goes on there.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pandas as pd

from velfaerd_sim import trial
from velfaerd_sim.cli.terminal import compile_once, progress_bar
from velfaerd_sim.reporting.pages.decisions.trial import write_trial
from velfaerd_sim.studies.trial.plan import Trials

HERE = Path(__file__).resolve().parent
MARKED = re.compile(r"(<!-- answer -->\n).*?(<!-- end -->)", re.DOTALL)
SHOWN = ("design", "municipalities", "months", "n", "effect", "power", "bias", "coverage")


def table(power: pd.DataFrame) -> str:
    """Some columns of every design, as Markdown."""
    names = [*SHOWN, "smallest_effect", "staff_hours"]
    rows = [names, ["---"] * len(names)]
    for each in power[names].to_dict("records"):
        values = [f"{value:.3f}" if isinstance(value, float) else value for value in each.values()]
        rows.append([*values[:-1], f"{each['staff_hours']:,.0f}"])
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def answer(done: Trials, told: list[str]) -> str:
    """What is written into the README."""
    counts, version = done.study["counts"], done.study["package"]["version"]
    towns, worlds = len(done.asked.scenario.towns), len(done.asked.worlds)
    made = (
        f"*{counts['done']:,} lives of {towns} municipalities in {worlds} worlds, "
        f"{done.asked.trials:,} trials of every design. Version {version}, fingerprint "
        f"`{done.fingerprint[:16]}`.*"
    )
    assert done.power is not None
    return "\n".join([*(f"- {sentence}" for sentence in told), "", table(done.power), "", made, ""])


def main(out: Path) -> None:
    """Run, and write the README and its figure."""
    compile_once()
    with progress_bar("Running towns") as bar:
        done = trial(HERE / "trial.toml", out, progress=bar)
    _, told = write_trial(done, out)
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8")
    new = answer(done, told)
    page.write_text(MARKED.sub(lambda found: found[1] + new + found[2], text), encoding="utf-8")
    shutil.copyfile(out / "figures" / "power.svg", HERE / "figure.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/experiments/municipal_trial"))
