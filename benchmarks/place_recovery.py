"""Truth recovery of `velfaerd place`: synthetic places with known parameters.

Each truth is a national world with levels of its own, run as a place; its figures are its reading
with errors of observation. The other worlds learn from them. Told: how often 90 % intervals of
regime effects hold the effect in the truth's own run, and how long they are against those without
local figures. Goes on where it was stopped; a truth is a line of `truths.jsonl`, so other figures,
worlds, adults or months need another folder.

    python benchmarks/place_recovery.py --truths 100 --out results/recovery
    python benchmarks/place_recovery.py --figures lonely_share,initiatives --out results/two
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.inputs.places import Place, load_place
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.inputs.stated import KINDS, Figure, transformed
from velfaerd_sim.inputs.targets import NORMAL_95
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.place_figures import MONTHS, figures_of
from velfaerd_sim.instruments.replicates import measured, replicate_seed
from velfaerd_sim.measures.outcomes import INDEX, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.calibrate.plausibility import quantiles
from velfaerd_sim.studies.place import learning

OUTCOMES = ("retention_12m", "motivation_mean", "volunteers_per_1000", "lonely_share")
REGIMES = ("facilitative_dialogue", "rigid_rules", "hands_off")
STATED: dict[str, Any] = {
    "adults": 5000,
    "volunteers": 225,
    "volunteers_left": {"value": 60, "plus_minus": 15},
    "lonely_share": {"value": 0.09, "n": 1000},
    "initiatives": "about 25",
    "waiting": {"value": 25, "plus_minus": 10},
    "hours": "about 100",
}
"""A place that says much; the values are replaced by those of a truth, the errors stay."""
RANKS = (0.05, 0.95)


def run(
    item: tuple[int, dict[str, float]], base: Scenario, ids: tuple[str, ...], months: int
) -> Any:
    """The figures of a draw, and the effects of the regimes in it: (figures + effects,)."""
    number, parameters = item
    scenario = base.with_(seed=replicate_seed(1, number), parameters=parameters)
    town = Simulation(scenario)
    others = [town.fork(load_timeline(regime)) for regime in REGIMES] if months else []
    town.run(MONTHS)
    found = figures_of(town, ids, base.adults)
    if not months:
        return found
    town.run(months - MONTHS)
    kept = [INDEX[name] for name in OUTCOMES]
    usual = summarise(measured(town)[0])[kept]
    for other in others:
        other.run(months)
        found += (summarise(measured(other)[0])[kept] - usual).tolist()
    return found


def truth_of(place: Place, reading: np.ndarray, generator: np.random.Generator) -> Place:
    """The place with the figures of a reading, seen with their errors."""
    figures = []
    for each, value in zip(place.figures, reading.tolist(), strict=True):
        seen = float(transformed(each.id, value)) + each.sigma * generator.normal()
        ends = [_back(each.id, seen + side * NORMAL_95 * each.sigma) for side in (-1.0, 0.0, 1.0)]
        figures.append(Figure(each.id, ends[1], ends[0], ends[2], ends[1], each.n))
    return replace(place, figures=tuple(figures))


def _back(id: str, x: float) -> float:
    transform = KINDS[id].transform
    if transform == "log":
        return float(np.exp(x))
    if transform == "log_odds":
        return float(1.0 / (1.0 + np.exp(-x)))
    return max(0.0, x) ** 2 if transform == "root" else x


def recovered(
    t: int,
    pool: np.ndarray,
    draws: learning.Draws,
    national: Worlds,
    place: Place,
    each: Any,
    size: int,
) -> dict[str, Any]:
    """What the others say of the effects in truth t. each: runs many draws, with months or not."""
    generator = np.random.default_rng([7, t])
    count = len(place.figures)
    stated = truth_of(place, pool[t, :count], generator)
    others = np.delete(np.arange(len(pool)), t)
    prior = np.full(len(others), 1.0 / len(others))
    told = learning.log_likelihoods(pool[others, :count], stated.figures).sum(axis=1)
    weight = learning.weights(told, prior)
    effective = learning.effective(weight)
    effects, is_moved = pool[others, count:], effective < learning.LEAST_SHARE * len(others)
    if is_moved:
        chosen = np.sort(generator.choice(others, size, replace=False))
        worlds = Worlds("some", tuple(national[k] for k in chosen.tolist()))
        own = learning.Draws(
            draws.names, draws.scores[chosen], tuple(draws.parameters[k] for k in chosen.tolist())
        )
        readings = pool[chosen, :count]
        for step in range(1, learning.STEPS + 1):
            own = learning.moved(own, readings, stated, worlds, t, step)
            if step < learning.STEPS:
                readings = each(list(zip(chosen.tolist(), own.parameters, strict=True)), 0)
        effects = each(list(zip(chosen.tolist(), own.parameters, strict=True)), 1)[:, count:]
        weight = np.full(size, 1.0 / size)
    there = np.isfinite(effects).all(axis=1)
    low, high = quantiles(effects[there], weight[there], RANKS)
    every = pool[others, count:]
    usual = every[np.isfinite(every).all(axis=1)]
    first, last = quantiles(usual, np.full(len(usual), 1.0), RANKS)
    true = pool[t, count:]
    return {
        "truth": t,
        "effective": effective,
        "moved": bool(is_moved),
        "held": ((true >= low) & (true <= high)).tolist(),
        "held_before": ((true >= first) & (true <= last)).tolist(),
        "length": ((high - low) / np.maximum(last - first, 1e-12)).tolist(),
    }


def main() -> None:
    """Run what is missing, and tell what all of it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--truths", type=int, default=100)
    parser.add_argument("--figures", default="all", help="that are stated, with commas")
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=300, help="that are moved, of the worlds")
    parser.add_argument("--adults", type=int, default=5000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60.0 * asked.minutes
    national = Worlds.load("plausible").sample(asked.worlds, 1)
    national = Worlds("all", tuple(replace(w, number=k) for k, w in enumerate(national)))
    chosen = STATED if asked.figures == "all" else ("adults", *asked.figures.split(","))
    place = load_place({key: STATED[key] for key in chosen})
    ids = tuple(each.id for each in place.figures)
    draws = learning.first_draws(national, place, 1)
    base = place.scenario(load_scenario("baseline"), asked.adults).with_(months=asked.months)
    with ProcessPoolExecutor(asked.workers) as workers:

        def each(items: list[Any], effects: int) -> np.ndarray:
            work = partial(run, base=base, ids=ids, months=asked.months * effects)
            return np.array(list(workers.map(work, items, chunksize=10)), np.float64)

        path = asked.out / "pool.npy"
        if not path.exists():
            np.save(path, each(list(enumerate(draws.parameters)), 1))
        pool = np.load(path)
        lines = asked.out / "truths.jsonl"
        done = lines.read_text().splitlines() if lines.exists() else []
        seen = {json.loads(line)["truth"] for line in done}
        order = np.random.default_rng(11).permutation(asked.worlds)[: asked.truths].tolist()
        for t in order:
            if t in seen or not np.isfinite(pool[t]).all() or time.monotonic() > until:
                continue
            found = recovered(
                t, pool, draws, national, place, each, min(asked.draws, asked.worlds - 1)
            )
            with lines.open("a") as file:
                file.write(json.dumps(found, allow_nan=False) + "\n")
    told = [json.loads(line) for line in lines.read_text().splitlines()]
    held, before, length = (
        np.array([one[key] for one in told]) for key in ("held", "held_before", "length")
    )
    moved = np.array([one["moved"] for one in told])
    print(
        f"truths {len(told)}, of them moved {moved.sum()}; median effective worlds "
        f"{np.median([one['effective'] for one in told]):.0f} of {asked.worlds}"
    )
    print(
        f"90 % intervals hold {100 * held.mean():.1f} % (without local figures "
        f"{100 * before.mean():.1f} %)"
    )
    for k, name in enumerate(f"{r} {o}" for r in REGIMES for o in OUTCOMES):
        print(
            f"  {name:45s} holds {100 * held[:, k].mean():5.1f} %, "
            f"length {100 * length[:, k].mean():5.1f} % of that without"
        )
    print(f"mean length {100 * length.mean():.1f} %")


if __name__ == "__main__":
    main()
