"""What trials are worth as a measure: `python benchmarks/trials.py [NAME ...]`.

Writes the tables of docs/trial.md, all of them or those that are named: `closed_form`, power
against the closed form of Hussey and Hughes on data of their assumptions; `level`, a regime against
itself; `time`, a thousand trials of one design. About a quarter of an hour on two cores.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from velfaerd_sim.engine import session
from velfaerd_sim.engine.session import Options
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.statistics.cluster_trials import (
    ANALYSES,
    KENWARD_ROGER,
    Layout,
    analyse,
    hussey_hughes_variance,
    with_known_variances,
)
from velfaerd_sim.studies.trial.lives import VALUES, Survey
from velfaerd_sim.studies.trial.plan import TrialPlan, power_tables, stored, trial
from velfaerd_sim.studies.trial.schedules import DESIGNS, STEPPED_WEDGE, Timing
from velfaerd_sim.studies.trial.study import TrialStudy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "trial.md"
TRIALS = 10_000
TIMING = Timing(every=3, baseline=6, implementation=6, settling=3, steps=4)


def study(intervention: str, adults: int, **more: object) -> TrialStudy:
    """Trials over the municipalities of Denmark, asked of their volunteers."""
    whole = load_scenario("denmark")
    values = {
        "name": "benchmark",
        "scenario": whole.with_(adults=adults),
        "control": REGIMES[STATUS_QUO],
        "intervention": REGIMES[intervention],
        "worlds": Worlds.drawn("plausible:10"),
        "survey": Survey("volunteers", "motivation", 0.5, (("motivation", 2.0),)),
        "timing": TIMING,
        "months": (24,),
        "invited": (40,),
        "adults": tuple((town.code, town.adults) for town in whole.towns),
    }
    return TrialStudy(**(values | more))  # type: ignore[arg-type]


def closed_form() -> pd.DataFrame:
    """Power of the mixed model beside the closed form, where its assumptions hold."""
    rows = []
    for steps, each, share in ((4, 6, 0.05), (4, 12, 0.05), (4, 12, 0.3), (6, 8, 0.1)):
        treated = np.triu(np.ones((steps, steps + 1)), 1)
        layout = Layout(treated, np.ones_like(treated, bool), np.full(steps, each))
        tau2 = share / (1.0 - share)
        variance = hussey_hughes_variance(treated, layout.towns, 1.0, tau2)
        for wanted in (0.5, 0.8):
            effect = np.sqrt(variance) * (norm.ppf(0.975) + norm.ppf(wanted))
            draws = np.random.default_rng([steps, each, round(100 * share)])
            shape = TRIALS, steps * each, steps + 1
            means = draws.normal(0.0, 1.0, shape)
            means += draws.normal(0.0, np.sqrt(tau2), shape[:2])[:, :, None]
            means += effect * treated[layout.sequence_of]
            row = {"steps": steps, "municipalities": steps * each, "between towns": share}
            for name, found in {
                "variances known": with_known_variances(layout, means, 1.0, tau2),
                "variances estimated": analyse(layout, means, KENWARD_ROGER),
            }.items():
                row |= {"closed form": wanted, name: round(float(found.told().mean()), 3)}
            rows.append(row)
    return pd.DataFrame(rows)


def level() -> pd.DataFrame:
    """Share of trials that tell an effect of a regime against itself, by the model as the world."""
    asked = study(STATUS_QUO, 196_000, municipalities=(8, 16, 24), trials=4000)
    plan = TrialPlan(asked)
    done = session.carry_out(plan, None, Options())
    rows = done.rows.table(["world", "population", "municipality", "life", "status", *VALUES])
    lives, found = stored(asked, rows), []
    for analysis in ANALYSES:
        for growing in (True, False):
            own = asked.with_(analysis=analysis, growing=growing)
            for row in power_tables(own, lives)[0].to_dict("records"):
                found.append(
                    {
                        "analysis": analysis,
                        "effect": "may grow" if growing else "constant",
                        "design": row["design"],
                        "municipalities": row["municipalities"],
                        "trials": round(row["power"], 3),
                    }
                )
    table = pd.DataFrame(found)
    heads = ["analysis", "effect", "municipalities"]
    wide = table.pivot_table(index=heads, columns="design", values="trials").reset_index()
    return wide[[*heads, *DESIGNS]]


def timed() -> pd.DataFrame:
    """Time of a thousand trials of one design, from nothing."""
    rows = []
    for adults in (196_000, 490_000):
        one = {"designs": (STEPPED_WEDGE,), "municipalities": (24,)}
        started = time.perf_counter()
        trial(study("facilitative_dialogue", adults, **one), workers=2)
        taken = round(time.perf_counter() - started)
        row = {"adults of all municipalities": adults, "worlds": 10, "trials": 1000}
        rows.append(row | {"seconds": taken})
    return pd.DataFrame(rows)


TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "closed_form": closed_form,
    "level": level,
    "time": timed,
}


def write(name: str, table: pd.DataFrame) -> None:
    """Write a table into the page, between its marks."""
    lines = [
        "| " + " | ".join(map(str, table)) + " |",
        "| " + " | ".join(["---"] * table.shape[1]) + " |",
    ]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in table.to_numpy(object)]
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(marks.sub(rf"\g<1>{chr(10).join(lines)}\n\g<2>", text), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or TABLES:
        table = TABLES[name]()
        write(name, table)
        print(table.to_string(index=False), flush=True)
