"""A kind of study in a few lines: the squares of numbers, in two stages."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from velfaerd_sim.engine.plan import Plan, Rows
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.engine.task import Answer, Context, Task
from velfaerd_sim.inputs.scenarios import load_scenario


def square(number: int, context: Context) -> list[Answer]:
    """Square a number; the folder says which numbers kill their worker."""
    if (Path(context.common) / f"kill {number}").exists():
        os._exit(9)
    return [Answer((float(number * number),))]


@dataclass
class Squares(Plan):
    """Squares of the first numbers, then of their sum, which only the rows tell."""

    numbers: int
    faults: str = ""
    processes: bool = False
    kind = "squares"
    work = square
    stages = True
    held = ("square",)

    def record(self, command: str) -> dict:
        """Tell what is asked."""
        scenario = load_scenario("baseline")
        return new_record(self.kind, scenario, (scenario.timeline,), {"of": "numbers"}, command)

    def schema(self) -> pa.Schema:
        """Name the columns."""
        texts, floats = ("name", "status", "message"), ("seconds", "square")
        fields = [(name, pa.string()) for name in texts] + [(name, pa.float64()) for name in floats]
        return pa.schema([*fields, ("number", pa.int64())])

    def labels(self) -> tuple[str, ...]:
        """Name what a task knows."""
        return ("number",)

    order = ("number",)

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Name the numbers, and when all are squared the number that is one more than the sum."""
        found = [rows.get(f"n{number}") for number in range(self.numbers)]
        squares = [int(row.values[0]) for row in found if row is not None and row.values]
        last = [sum(squares) + 1] if len(squares) == self.numbers else []
        for number in [*range(self.numbers), *last]:
            yield Task((f"n{number}",), ((number,),), number)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """Write the squares alone."""
        return {"squares.parquet": rows.table(["number", "square"])}

    def common(self) -> str:
        """Tell every worker where the faults stand."""
        return self.faults
