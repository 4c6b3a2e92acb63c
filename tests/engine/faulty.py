"""Studies of every kind in which something goes wrong, and workers that die."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engine.stand_ins import CASES, id_of, tasks_of
from velfaerd_sim.engine import parts, store
from velfaerd_sim.engine.process import carry_out as carry_out_order
from velfaerd_sim.engine.session import Done, Options, carry_out
from velfaerd_sim.engine.verify import PlanCheck
from velfaerd_sim.engine.workers import Given


class Study:
    """A study of a kind in a folder of its own. The folder of faults is the one above it."""

    def __init__(self, kind: str, faults: Path, name: str = "s") -> None:
        self.case = CASES[kind]
        self.faults = faults
        self.path = faults / name

    def run(self, size: int = 0, after_task: Any = None, **options: Any) -> Done:
        plan = self.case.on(self.path, self.faults, size)
        chosen = Options(**({"workers": 2} | options))
        return carry_out(plan, self.path, chosen, after_task=after_task)

    def fault(self, what: str, place: int = 1) -> None:
        """Let something go wrong with one of the first tasks."""
        tasks = tasks_of(self.case.on(self.path, self.faults))
        payload = tasks[min(place, len(tasks) - 1)].payload
        (self.faults / f"{what} {id_of(payload)}").touch()

    def mend(self) -> None:
        """Let everything go right again."""
        for path in self.faults.iterdir():
            if path.is_file():
                path.unlink()

    def check(self) -> PlanCheck:
        plan = self.case.on(self.path, self.faults)
        found = PlanCheck(plan, self.path, store.read_record(self.path), None, 2, None)
        found.run()
        return found

    def kept(self) -> int:
        """How many rows stand in the folder."""
        names = parts.part_names(self.path)
        return sum(len(parts.read_part(self.path, name)) for name in names)


class Deadly(Given):
    """Threads that play processes: some tasks kill their worker, and all work is lost with it."""

    def __init__(self, pool: ThreadPoolExecutor, faults: Path) -> None:
        super().__init__(pool, 2)
        self.faults, self.broken = faults, False

    def submit(self, order: Any) -> Any:
        if self.broken:
            raise BrokenExecutor("gone")
        return self._executor.submit(self._run, order)

    def _run(self, order: Any) -> Any:
        names = [id_of(piece.payload) for piece in order.payload.pieces]
        if any((self.faults / f"kill {name}").exists() for name in names):
            self.broken = True
            raise BrokenExecutor("gone")
        return carry_out_order(order)

    def renew(self) -> bool:
        self.broken = False
        return True
