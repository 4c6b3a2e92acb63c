"""Studies of claims that take a moment: small populations, or numbers in the place of runs."""

from pathlib import Path

import numpy as np

from velfaerd_sim.engine.task import Answer

FILE = Path(__file__).resolve().parents[3] / "experiments" / "claims.toml"
IDS = ("C02", "C14")


def small_file(folder):
    """The claims file with populations small enough to be quick."""
    text = FILE.read_text("utf-8").replace("adults = 5000", "adults = 400", 1)
    path = folder / "claims.toml"
    path.write_text(
        text.replace("replicates = 4", "replicates = 2", 1).replace(
            "most_replicates = 12", "most_replicates = 6", 1
        ),
        encoding="utf-8",
    )
    return path


def tables(folder):
    return {path.name: path.read_bytes() for path in (Path(folder) / "claims").glob("*.csv")}


def drawn(work, context):
    """Stand-in for a run: numbers that follow from the seed and the arm."""
    return [
        Answer(
            (np.random.default_rng([work.seed, int(arm.key, 16)]).normal(size=len(arm.measured)),)
        )
        for arm in work.arms
    ]
