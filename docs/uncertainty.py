"""Write the worked example of docs/uncertainty.md anew: `make docs`.

The example is one comparison with a fixed seed; its command stands on the page. A test runs it and
fails when the page says other numbers than the model gives.
"""

from __future__ import annotations

import math
import re
import shlex
from pathlib import Path
from typing import Any

from velfaerd_sim import compare
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.studies.compare.comparison import Comparison
from velfaerd_sim.telling.formats import Format, of_unit

PAGE = Path(__file__).resolve().with_name("uncertainty.md")
REGIMES = ("municipal_baton", "facilitative_dialogue", "hands_off")
WORLDS, REPLICATES, MONTHS = "prior:40", 2, 60
READ = ("motivation_mean", "facilitative_dialogue")
SHOWN = ("retention_12m", "motivation_mean", "lonely_share")
PART = re.compile(r"(<!-- worked example -->\n).*?(<!-- end of the example -->)", re.DOTALL)


def command() -> str:
    """The command of the example."""
    words = ["velfaerd", "compare", *REGIMES, "--worlds", WORLDS, "--replicates", str(REPLICATES)]
    words += ["--months", str(MONTHS), "--out", "results/worlds"]
    return shlex.join(words)


def run() -> Comparison:
    """The comparison of the example."""
    return compare(REGIMES, worlds=WORLDS, replicates=REPLICATES, months=MONTHS, seed=1)


def rows(found: Comparison) -> list[dict[str, Any]]:
    """The effects that the page shows."""
    effects = found.effects[found.effects["outcome"].isin(SHOWN)]
    ordered = sorted(effects.to_dict("records"), key=lambda row: SHOWN.index(row["outcome"]))
    return [{str(key): value for key, value in row.items()} for row in ordered]


def shape(row: dict[str, Any]) -> Format:
    """Numbers with the digits that the half-width of the interval bears."""
    width = (row["ci_high"] - row["ci_low"]) / 2.0
    return of_unit(OUTCOMES[INDEX[row["outcome"]]].unit).for_widths(differences=[width])


def better(row: dict[str, Any]) -> float:
    """Share of the worlds in which the regime is better than the baseline."""
    up = OUTCOMES[INDEX[row["outcome"]]].direction > 0
    return float(row["share_positive" if up else "share_negative"])


def table(found: Comparison) -> str:
    """The table of the example."""
    lines = [
        "| outcome | regime | mean of the worlds (95 %) | 90 % of the worlds | better in |"
        " sd of worlds (90 %) | sd of chance |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows(found):
        form = shape(row)
        ends = form.difference_interval(row["ci_low"], row["ci_high"])
        deviations = " to ".join(form.size(row[f"sd_worlds_{end}"]) for end in ("low", "high"))
        cells = [
            f"`{row['outcome']}`",
            f"`{row['regime']}`",
            f"{form.difference(row['difference'])} ({ends})",
            form.difference_interval(row["low_90"], row["high_90"]) if row["sd_worlds"] else "–",
            f"{100 * better(row):.0f} % ± {100 * row['share_error']:.0f}",
            f"{form.size(row['sd_worlds'])} ({deviations})",
            form.size(row["sd_chance"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def reading(found: Comparison) -> str:
    """One row of the table in sentences, with what more runs would and would not bring."""
    row = next(r for r in rows(found) if (r["outcome"], r["regime"]) == READ)
    form, worlds = shape(row), int(row["worlds"])
    between, within = row["sd_worlds"], row["sd_chance"]
    error = math.sqrt(between**2 / worlds + within**2 / (worlds * REPLICATES))
    share = between**2 / (between**2 + within**2)
    more = math.sqrt(between**2 / worlds + within**2 / (worlds * 50))
    sizes = [f"{form.scale * size:.3g}" for size in (between, within, error, more)]
    return (
        f"Take the row of `{row['outcome']}` and `{row['regime']}`. On average over {worlds}"
        f" worlds the regime changes it by {form.difference(row['difference'])}. In"
        f" {100 * better(row):.0f} % of the worlds (standard error"
        f" {100 * row['share_error']:.0f}) it is better than `{row['baseline']}`, and nine worlds"
        f" in ten lie between {form.bare_difference(row['low_90'])} and"
        f" {form.difference(row['high_90'])}. Of the variance of a single pair of runs,"
        f" {100 * share:.0f} % is due to the parameters and {100 * (1 - share):.0f} % is chance."
        f" The standard error of the mean follows from both, √({sizes[0]}² / {worlds} +"
        f" {sizes[1]}² / {worlds * REPLICATES}) = {sizes[2]}, with {worlds} worlds and"
        f" {worlds * REPLICATES} populations. With 50 populations a world instead of {REPLICATES}"
        f" it would be {sizes[3]}, and the spread of the worlds would stay what it is."
    )


def example(found: Comparison) -> str:
    """The generated part of the page."""
    return f"```sh\n{command()}\n```\n\n{table(found)}\n\n{reading(found)}\n"


def written(text: str, found: Comparison) -> str:
    """The page with its example as it should stand."""
    return PART.sub(lambda match: f"{match[1]}\n{example(found)}\n{match[2]}", text)


def main() -> None:
    """Write the example into the page."""
    text = PAGE.read_text(encoding="utf-8")
    new = written(text, run())
    print(f"{PAGE.name}: 1 example, {'as before' if new == text else 'changed'}")
    if new != text:
        PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
