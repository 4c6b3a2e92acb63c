"""What the terminal shows: tables of a comparison and of a run, on standard output."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from velfaerd_sim import compiled
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES, own_outcomes, summarise
from velfaerd_sim.studies.compare.comparison import Comparison
from velfaerd_sim.telling.formats import MOST_DECIMALS, Format, of_unit, per_1000_citizens
from velfaerd_sim.telling.precision import lost_volunteers
from velfaerd_sim.telling.words import MISSING, Words

COMPILING = "Compiling the model for this machine, once: about a minute, on a busy machine four."
HEADS = {
    "retention_12m": "retention\n12 months",
    "motivation_mean": "motivation\n",
    "lonely_share": "lonely\nadults",
    "staff_hours_per_1000": "staff hours\na month",
    "lonely_years_averted_per_1000": "lonely years\naverted",
    "volunteers_per_1000": "volunteers\n",
}
"""The outcomes of the table and their heads, as short as a table needs them."""


def heads() -> dict[str, str]:
    """The outcomes of the table and their heads, with those of plugins."""
    return HEADS | {own.name: own.name.replace("_", "\n", 1) for own in own_outcomes()}


IN_WORLDS = ("retention_12m", "motivation_mean", "lonely_share")
"""The outcomes of the table over worlds."""

LEFT_OUT = ("volunteers_per_1000", "lonely_years_averted_per_1000", "motivation_mean")
"""What a narrow terminal leaves out, first to last."""

_PLAIN_WIDTH, _UNBOUND = 120, 2000


def _width(screen: Console) -> int:
    """Return the characters of a line of a table: a file holds what a terminal cannot show."""
    return screen.width if screen.is_terminal else _UNBOUND


def console() -> Console:
    """Return standard output, wide enough for a table where it is no terminal."""
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False)
    return Console(
        highlight=False, markup=False, emoji=False, width=_PLAIN_WIDTH, color_system=None
    )


def print_table(screen: Console, table: Table) -> None:
    """Print a table whole: of the screen's width, or of any where it goes to a file."""
    own, screen.width = screen.width, _width(screen)  # a print is never wider than its console
    screen.print(table, crop=False)
    screen.width = own


def comparison_table(
    effects: pd.DataFrame, levels: pd.DataFrame | None = None, shown: Sequence[str] = tuple(HEADS)
) -> Table:
    """Return the table of a comparison: the baseline's levels, then differences from them.

    effects, levels: the frames of a comparison; without levels the baseline has no intervals.
    """
    baseline = str(effects["baseline"].iloc[0])
    regimes = list(dict.fromkeys(effects["regime"]))
    found = {key: rows.iloc[0] for key, rows in effects.groupby(["outcome", "regime"], sort=False)}
    formatted = {name: _format(effects, levels, name) for name in shown}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("\n\nregime", no_wrap=True)
    for name in shown:
        table.add_column(_head(name, formatted[name]), justify="right", no_wrap=True)
    table.add_column("citizens who\ngain / lose\nper 1000", justify="right", no_wrap=True)
    first = [_level(effects, levels, baseline, name, formatted[name]) for name in shown]
    table.add_row(baseline, *first)
    for regime in regimes:
        if regime == baseline:
            continue
        cells = [_difference(found.get((name, regime)), formatted[name]) for name in shown]
        table.add_row(regime, *cells, _gain_and_lose(found.get(("lonely_share", regime))))
    return table


def print_comparison(
    effects: pd.DataFrame, levels: pd.DataFrame | None, screen: Console | None = None
) -> None:
    """Print the table of a comparison with as many outcomes as the terminal is wide."""
    screen = screen or console()
    print_table(screen, fitting(effects, levels, screen))
    replicates = int(effects["replicates"].max())
    pairs = "1 pair" if replicates == 1 else f"{replicates} pairs"
    screen.print(
        "\nFirst row: the baseline's level; other rows: the difference from it, over "
        f"{pairs} of the same populations and draws, and half the width of its 95% interval. "
        "Shares differ in percentage points. A citizen gains or loses when the mean T-ILS score "
        "(3-9) of the last year differs by a point or more."
    )


def worlds_table(effects: pd.DataFrame) -> Table:
    """Return how differences vary from world to world, chance taken out, for the main outcomes."""
    found = {key: rows.iloc[0] for key, rows in effects.groupby(["outcome", "regime"], sort=False)}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("\n\nregime", no_wrap=True)
    for name in IN_WORLDS:
        head = HEADS[name].replace("\n", " ").strip()
        table.add_column(f"{head}\n90% of worlds\nlie between", justify="right", no_wrap=True)
        table.add_column("\nbetter\nin", justify="right", no_wrap=True)
    for regime in dict.fromkeys(effects["regime"]):
        cells: list[str] = []
        for name in IN_WORLDS:
            row, form = found[name, regime], _format(effects, None, name)
            ends = form.difference_interval(row["low_90"], row["high_90"])
            cells.append(MISSING if row["sd_worlds"] == 0.0 else ends)
            higher = OUTCOMES[INDEX[name]].direction > 0
            share = row["share_positive" if higher else "share_negative"]
            known = math.isfinite(share)
            cells.append(f"{100 * share:.0f}% ±{100 * row['share_error']:.0f}" if known else "")
        table.add_row(regime, *cells)
    return table


def print_worlds(done: Comparison, screen: Console | None = None) -> None:
    """Print what parameters, theories and chance leave open, where regimes were run in worlds."""
    if done.worlds is None or not done.effects["worlds"].max() > 1:
        return
    screen = screen or console()
    found, name = int(done.effects["worlds"].max()), done.study["design"]["worlds"]["name"]
    screen.print(
        f"\n{found} worlds ({name}), {done.replicates // found} replicates in each. The intervals "
        "above hold for the mean over worlds. From world to world, with chance taken out:\n"
    )
    print_table(screen, worlds_table(done.effects))
    screen.print(
        "\n±: standard error of the share, from the number of worlds and from chance. "
        f"{MISSING}: no difference between worlds can be told from chance."
    )
    if done.theories is not None:
        _print_theories(done, done.theories, screen)


def _print_theories(done: Comparison, rows: pd.DataFrame, screen: Console) -> None:
    """Print the main differences under every theory."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("theory", no_wrap=True)
    table.add_column("regime", no_wrap=True)
    for name in IN_WORLDS:
        table.add_column(HEADS[name].replace("\n", " ").strip(), justify="right", no_wrap=True)
    forms = {name: _format(done.effects, None, name) for name in IN_WORLDS}
    for (theory, regime), own in rows.groupby(["theory", "regime"], sort=False):
        found = {str(row["outcome"]): row for _, row in own.iterrows()}
        cells = [_difference(found[name], forms[name]) for name in IN_WORLDS]
        table.add_row(str(theory), str(regime), *cells)
    screen.print(
        "\nUnder each theory by itself (see: velfaerd theories); model: as it is. The intervals "
        "above hold for the mean over all of them, none counting for more than another.\n"
    )
    print_table(screen, table)


def print_ending(done: Comparison, screen: Console | None = None) -> None:
    """Print what intervals say together, what decided when to stop, and where the ranking turns."""
    screen = screen or console()
    alone = Words("en")("each_alone") if done.replicates > 1 else ""
    lost = lost_volunteers(Words("en"), done.levels, str)
    for sentence in (
        *done.notes,
        lost,
        alone,
        _stopping(done.stopping),
        _reversal(done.staff_hours),
    ):
        if sentence:
            screen.print(f"\n{sentence}")


def _stopping(stopping: dict[str, Any] | None) -> str:
    if stopping is None or stopping["width"] is None:
        return ""
    what = f"{stopping['outcome']} under {stopping['regime']}"
    width = f"{stopping['width']:.3g} standard deviations"
    if stopping["reached"]:
        return (
            f"Precise enough after {stopping['replicates']} replicates: the widest half-width, "
            f"{width}, is that of {what}; {stopping['precision']:g} was asked for."
        )
    return (
        f"Not as precise as asked for ({stopping['precision']:g}): after {stopping['replicates']} "
        f"replicates, the maximum, the half-width of {what} is {width}."
    )


def _reversal(staff_hours: pd.DataFrame | None) -> str:
    if staff_hours is None:
        return ""
    rows = staff_hours[staff_hours["outcome"] == "retention_12m"].dropna(subset=["mean"])
    if rows.empty:
        return ""
    hours = rows["hours_per_1000"]
    few, many = (rows[hours == level] for level in (hours.min(), hours.max()))
    best = [part.loc[part["mean"].idxmax()] for part in (few, many)]
    parts = [
        f"{row['regime']} at {row['hours_per_1000']:g} staff hours a month per 1000 adults"
        for row in best
    ]
    return f"Retention is highest under {parts[0]}, and under {parts[1]}."


def fitting(effects: pd.DataFrame, levels: pd.DataFrame | None, screen: Console) -> Table:
    """Return the table with as many outcomes as the screen is wide."""
    unbound = screen.options.update(max_width=_UNBOUND)
    for count in range(len(LEFT_OUT) + 1):
        shown = [name for name in heads() if name not in LEFT_OUT[:count]]
        table = comparison_table(effects, levels, shown)
        if Measurement.get(screen, unbound, table).maximum <= _width(screen):
            break
    return table


def _format(effects: pd.DataFrame, levels: pd.DataFrame | None, name: str) -> Format:
    """Return the format of an outcome with the digits that its intervals bear."""
    rows = effects[effects["outcome"] == name]
    widths = ((rows["ci_high"] - rows["ci_low"]) / 2).tolist()
    own = []
    if levels is not None:
        rows = levels[levels["outcome"] == name]
        own = ((rows["ci_high"] - rows["ci_low"]) / 2).tolist()
    return of_unit(OUTCOMES[INDEX[name]].unit).for_widths(own, widths)


def _head(name: str, form: Format) -> str:
    unit = form.axis.replace(",", "").removeprefix("hours a month ")
    unit = unit.removeprefix("person-years ").removesuffix(" adults")
    return f"{heads()[name]}\n{unit}"


def _level(
    effects: pd.DataFrame, levels: pd.DataFrame | None, baseline: str, name: str, form: Format
) -> str:
    if levels is not None:
        row = levels[(levels["outcome"] == name) & (levels["regime"] == baseline)].iloc[0]
        half = (row["ci_high"] - row["ci_low"]) / 2 * form.scale
        return form.bare(row["mean"]) + _half(half, form.decimals)
    rows = effects[effects["outcome"] == name]
    return form.bare(rows["baseline_mean"].iloc[0]) if len(rows) else ""


def _difference(row: pd.Series | None, form: Format) -> Text:
    if row is None:
        return Text("")
    half = (row["ci_high"] - row["ci_low"]) / 2 * form.scale
    digits = _telling_apart(abs(row["difference"]) * form.scale, half, form.difference_decimals)
    form = replace(form, difference_decimals=digits)
    text = form.bare_difference(row["difference"]) + _half(half, digits)
    settled = row["ci_low"] > 0.0 or row["ci_high"] < 0.0
    return Text(text, style="" if settled else "dim")


def _telling_apart(size: float, half: float, digits: int) -> int:
    """Digits at which a difference that is larger than its half-width is shown so."""
    while size > half and digits < MOST_DECIMALS and round(size, digits) == round(half, digits):
        digits += 1
    return digits


def _half(width: float, decimals: int) -> str:
    return f" ±{width:.{decimals}f}" if math.isfinite(width) else ""


def _gain_and_lose(row: pd.Series | None) -> str:
    if row is None:
        return ""
    gain, lose = (per_1000_citizens().bare(row[key]) for key in ("gainers_share", "losers_share"))
    return f"{gain} / {lose}"


def run_table(series: pd.DataFrame) -> Table:
    """Return the table of a run: the first month, the last year and what changed.

    series: the frame of a run; where it holds several municipalities, those of all together.
    """
    whole = series[series["municipality"] == series["municipality"].min()].sort_values("month")
    values = whole[list(NAMES)].to_numpy(dtype=float)
    last = dict(zip(NAMES, summarise(values), strict=True))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("outcome", no_wrap=True)
    table.add_column("at the start", justify="right", no_wrap=True)
    table.add_column("in the end", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for name in heads():
        form = of_unit(OUTCOMES[INDEX[name]].unit)
        cells = form.bare(values[0, INDEX[name]]), form.bare(last[name])
        table.add_row(name, *cells, form.axis)
    return table


def print_run(series: pd.DataFrame) -> None:
    """Print what a run gave."""
    screen = console()
    screen.print(run_table(series))
    months = int(series["month"].max())
    screen.print(
        f"\nAt the start: month 0. In the end: month {months}, for most outcomes the mean of the "
        "last 12 months (see: velfaerd outcomes)."
    )


class _Left(ProgressColumn):
    """How long compiling still takes, from how long it took so far."""

    def render(self, task: Task) -> Text:
        """The seconds that are left, to five, as more is not known."""
        from velfaerd_sim.cli.first_use import seconds_left

        left = seconds_left(task.elapsed or 0.0, task.completed)
        return Text("" if left is None else f"about {5 * math.ceil(left / 5)} s left")


def tell_of_compiling(function: str) -> None:
    """Say that a function is compiled, which takes a while, where that is not done yet."""
    folder = compiled.cache_folder()
    if folder is None or not any(folder.rglob(f"*{function}*.nbi")):
        Console(stderr=True, highlight=False, markup=False, emoji=False).print(COMPILING)


def compile_once() -> None:
    """Compile the model where that has not been done on this machine, and say how far that is."""
    if compiled.is_warm():
        return
    from velfaerd_sim.cli.first_use import compile_model

    screen = Console(stderr=True, highlight=False, markup=False, emoji=False)
    screen.print(COMPILING)
    shown = TextColumn("{task.percentage:>3.0f}%"), _Left()
    hidden = not screen.is_terminal
    with Progress(BarColumn(), *shown, console=screen, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=1.0)
        compile_model(lambda share: bar.update(task, completed=share))
