"""Write the baseline of results anew: python tests/baseline/update.py

The file holds outcomes of a few small runs, exact to the bit (a float is written so that it reads
back as the same). It changes on purpose only: whoever runs this adds a line to CHANGELOG.md that
says which numbers moved and why.
"""

import json
import math
from pathlib import Path

from velfaerd_sim.inputs.scenarios import Scenario, Town, load_scenario
from velfaerd_sim.measures.outcomes import NAMES, measure, pool
from velfaerd_sim.model.simulation import Simulation

FILE = Path(__file__).with_name("results.json")
REGIMES = ("municipal_baton", "rigid_rules", "facilitative_dialogue", "hands_off")
MONTHS = 24
SIZE = {"adults": 1000, "burn_in_months": 24, "months": MONTHS}


def scenarios():
    """Small worlds by name: ordinary times, a crisis, ageing, and three towns that learn."""
    found = {name: load_scenario(name).with_(**SIZE) for name in ("baseline", "crisis", "ageing")}
    kinds = ("capital", "commuter", "rural")
    towns = tuple(
        Town(code=n, name=f"Town {n}", kind=kind, adults=400 * n)
        for n, kind in enumerate(kinds, start=1)
    )
    found["three_towns"] = Scenario(
        name="three_towns",
        towns=towns,
        months=MONTHS,
        burn_in_months=24,
        policy_review=True,
        local_variation=True,
    )
    return found


def compute():
    """Every outcome in the last month, by scenario and regime; None where there is none."""
    results = {}
    for name, scenario in scenarios().items():
        start = Simulation(scenario)
        for regime in REGIMES:
            fork = start.fork(regime)
            fork.run(MONTHS)
            tables = pool(fork.tallies, fork.at_risk, fork.ended)
            last = measure(*tables, scenario.burn_in_months)[0, -1]
            values = {n: float(x) for n, x in zip(NAMES, last, strict=True)}
            values["sum_of_scores"] = float(fork.score_sums().sum(dtype="int64"))
            results[f"{name}/{regime}"] = {
                n: None if math.isnan(x) else x for n, x in values.items()
            }
    return results


def read():
    """The baseline as it stands."""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def moved(before, after):
    """(run, outcome, value before, value now) of everything that is not the same to the bit."""
    found = []
    for run in sorted({*before, *after}):
        old, new = before.get(run, {}), after.get(run, {})
        for name in sorted({*old, *new}):
            if (name in old) != (name in new) or old.get(name) != new.get(name):
                found.append((run, name, old.get(name), new.get(name)))
    return found


def main():
    """Write the file and tell what moved."""
    before, after = read(), compute()
    changes = moved(before, after)
    FILE.write_text(json.dumps(after, indent=1) + "\n", "utf-8")
    for run, name, old, new in changes:
        print(f"{run:40} {name:45} {old} -> {new}")
    print(f"{len(changes)} of {sum(map(len, after.values()))} values moved.")
    if changes:
        print("Now add a line to CHANGELOG.md: which numbers moved, and why.")


if __name__ == "__main__":
    main()
