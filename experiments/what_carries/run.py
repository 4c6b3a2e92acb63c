"""What carries the effect of facilitative dialogue on loneliness: motivation, hours, or contact?

`python experiments/run.py what_carries` runs the status quo and facilitative dialogue with every
set of five ways cut, in the same worlds and on the same people, and shares the effect out among
the ways (Shapley). shares.csv beside the README holds the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from keeping import Done, command_of, csv_of, made_by, markdown
from numpy.typing import NDArray

from velfaerd_sim import compare
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.inputs.theories import AS_IT_IS
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import rendered
from velfaerd_sim.reporting.figures.style import Margins
from velfaerd_sim.statistics.intervals import IntervalRule, interval
from velfaerd_sim.statistics.shapley import shapley
from velfaerd_sim.studies.compare.comparison import Comparison

HERE = Path(__file__).resolve().parent
REGIMES = ("municipal_baton", "facilitative_dialogue")
MEASURES = ("lonely_years_averted_per_1000", "lonely_share", "contact_hours_per_1000")
FULL = {"worlds": "plausible:40", "replicates": 2, "adults": 4000, "months": 120}
SMALL = {"worlds": "plausible:3", "replicates": 2, "adults": 300, "months": 3}

WAYS: dict[str, tuple[str, ...]] = {
    "motivation": ("leaving_motivation", "hours_from_motivation", "quality_from_motivation"),
    "hours": (
        "administration_by_rules",
        "exhaustion_from_administration",
        "entry_barrier_by_rules",
        "leaving_bureaucracy",
    ),
    "outreach": ("outreach_rate",),
    "referral": ("referral_rate",),
    "companions": ("comfort_from_leeway", "comfort_from_regularity", "companion_loss_effect"),
}
"""Ways from governance to loneliness, and the parameters that are zero where a way is cut."""
CALLED = {
    "motivation": "Motivation: who is motivated stays, gives more hours and does better work",
    "hours": "Hours: rules take hours, keep people out and make them leave",
    "outreach": "Outreach: volunteers find lonely people whom the municipality does not know",
    "referral": "Referral: the municipality refers lonely people whom it knows",
    "companions": "Companions: contact that is regular, has leeway and lasts comforts more",
    "rest": "All other ways",
    "all": "The whole effect: facilitative dialogue less the status quo",
}


def sets_of_cuts() -> dict[str, list[str]]:
    """Every set of cut ways by its name, in order of places; bit k of the place: way k is open."""
    places = range(1 << len(WAYS))
    cut = [[way for k, way in enumerate(WAYS) if not place >> k & 1] for place in places]
    return {"_".join(["cut", *each]) if each else AS_IT_IS: each for each in cut}


def write_theories(folder: Path) -> None:
    """Write every set of cut ways as a theory, but for the model as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cut in sets_of_cuts().items():
        lines = [f"{parameter} = 0.0" for way in cut for parameter in WAYS[way]]
        if cut:
            text = "\n".join(["[parameters]", *lines, ""])
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def run(out: Path, small: bool = False, workers: int | None = None) -> Done:
    """Compare both regimes under every set of cuts, and share the effect out."""
    name, wanted = HERE.name, SMALL if small else FULL
    write_theories(out / "theories")
    with progress_bar("Comparing") as bar:
        how: dict[str, Any] = {"workers": workers, "progress": bar}
        how["command"] = command_of(name, small)
        where: dict[str, Any] = {"theories": out / "theories", "out": out / "runs"}
        found = compare(REGIMES, **where, **how, **wanted)
    table = shares(found)
    counted = f"In {table['worlds'].iloc[0]} worlds, all in [shares.csv](shares.csv)"
    text = "\n".join(
        [
            f"{sentence(table)}\n",
            f"In the mean over {table['worlds'].iloc[0]} worlds, with 95 % intervals:\n",
            answer(table),
            made_by(name, found.study, counted, small),
        ]
    )
    return Done(name, text, figure(table), out / "runs", {"shares.csv": csv_of(table)})


def effects(found: Comparison, outcome: str) -> NDArray[np.float64]:
    """The effect in every world under every set of cuts, (worlds, sets)."""
    assert found.worlds is not None
    table = found.worlds[found.worlds["outcome"] == outcome].set_index("draw")
    theories = found.study["design"]["worlds"]["theories"]
    table = table.assign(theory=[theories[draw] or AS_IT_IS for draw in table.index])
    order = [table[table["theory"] == name].sort_values("world") for name in sets_of_cuts()]
    numbers = [tuple(each["world"]) for each in order]
    assert len(set(numbers)) == 1, "every set of cuts is run in the same worlds"
    return np.stack([each["difference"].to_numpy() for each in order], axis=1)


def shares(found: Comparison) -> pd.DataFrame:
    """What each way carries of each outcome: mean over worlds with its 95 % interval."""
    rows = []
    for outcome in MEASURES:
        values = effects(found, outcome)
        carried = np.column_stack([shapley(values), values[:, 0], values[:, -1]])
        bounds = interval(carried, IntervalRule())
        for k, way in enumerate([*WAYS, "rest", "all"]):
            ends = float(bounds.mean[k]), float(bounds.low[k]), float(bounds.high[k])
            rows.append((outcome, way, *ends, len(values)))
    return pd.DataFrame(rows, columns=["outcome", "way", "carried", "low", "high", "worlds"])


def answer(table: pd.DataFrame) -> str:
    """The shares as a table of the README. table: of `shares`, or shares.csv."""
    units = {name: OUTCOMES[INDEX[name]] for name in MEASURES}
    rows = []
    for way, called in CALLED.items():
        cells = []
        for name in MEASURES:
            row = table[(table["outcome"] == name) & (table["way"] == way)].iloc[0]
            cells.append(f"{row['carried']:+.3g} ({row['low']:+.3g} to {row['high']:+.3g})")
        rows.append([called, *cells])
    heads = [f"{each.label('en')} ({each.unit})" for each in units.values()]
    return markdown(pd.DataFrame(rows, columns=["way", *heads]))


def sentence(table: pd.DataFrame) -> str:
    """Which ways carry most of the loneliness averted, and which cannot be told apart from none."""
    own = table[table["outcome"] == MEASURES[0]].set_index("way")
    whole, parts = own.loc["all", "carried"], own.drop(index="all")
    told = parts[parts["low"] * parts["high"] > 0.0].sort_values("carried", ascending=False)
    shares = [
        f"{CALLED[way].partition(':')[0].lower()} ({carried / whole:.0%})"
        for way, carried in told["carried"].items()
    ]
    chance = [CALLED[way].partition(":")[0].lower() for way in parts.index.difference(told.index)]
    text = f"The loneliness averted, {whole:.3g} person-years per 1 000 adults, is carried by "
    text += f"{', '.join(shares)}."
    return text + (f" Not told apart from zero: {', '.join(chance)}." if chance else "")


def figure(table: pd.DataFrame) -> str:
    """What each way carries of the loneliness averted, as SVG."""
    outcome = OUTCOMES[INDEX[MEASURES[0]]]
    own = table[table["outcome"] == MEASURES[0]].set_index("way").loc[list(CALLED)]
    with style.styled():
        made = style.figure(3.0)
        (axes,) = style.grid(made, 1, 1, Margins(1.4, 0.3, 0.5, 0.6))
        style.heading(axes, outcome.label("en"), "carried by each way, 95 % intervals over worlds")
        places = np.arange(len(own))[::-1]
        axes.axvline(0.0, color=style.NEUTRAL, lw=0.9, zorder=1)
        reach = np.stack([own["carried"] - own["low"], own["high"] - own["carried"]])
        axes.errorbar(own["carried"], places, xerr=reach, fmt="o", ms=4, color=style.INK, lw=1.2)
        axes.set_yticks(places, [called.partition(":")[0] for called in CALLED.values()])
        axes.set_ylim(-0.5, len(own) - 0.5)
        axes.set_xlabel(outcome.unit)
        return rendered(made, "main", "What each way carries").svg
