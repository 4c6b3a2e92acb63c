"""Carrying a comparison out: what is missing is run, replicate by replicate; then tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from typing import Any, TypeVar

from velfaerd_sim.engine.runner import (
    Advance,
    Meter,
    Progress,
    replicate_seed,
    run_replicate,
    run_summary,
    stream,
    thread_pool,
)
from velfaerd_sim.errors import StorageError, VelfaerdError
from velfaerd_sim.statistics.intervals import replicates_needed
from velfaerd_sim.studies.compare import all_tables as comparison_tables
from velfaerd_sim.studies.compare import reversal
from velfaerd_sim.studies.compare.archive import Archive, Shape
from velfaerd_sim.studies.compare.files import ComparisonFiles
from velfaerd_sim.studies.compare.plan import Plan
from velfaerd_sim.studies.compare.stopping import BATCH, Look, look

Task = TypeVar("Task")
_FIRST_GUESS = 10 * BATCH


class Execution:
    """One comparison being carried out; `run` does everything that is missing.

    Afterwards: tables (by name), archive, count (the replicates that were asked for or settled
    on), staff_hours and the failures of both kinds of runs.
    """

    def __init__(
        self,
        plan: Plan,
        record: dict[str, Any],
        files: ComparisonFiles | None = None,
        progress: Progress | None = None,
        on_batch: Callable[[Execution], None] | None = None,
    ) -> None:
        self.plan = plan
        self.record = record
        self.files = files
        self.tables: dict[str, Any] = {}
        self.count = 0
        folder = None if files is None else files.folder
        self.archive = Archive(Shape.of(plan.scenario, plan.regimes), folder, plan.most)
        self.staff_hours: reversal.Found = {}
        self.failures: dict[int, str] = {}
        self.staff_hours_failures: dict[reversal.Run, str] = {}
        self.last_look: Look | None = None
        self._looked = 0
        self._progress = progress
        self._on_batch = on_batch
        self._behind = Advance(0.0, 0.0, 0, 0)

    def restore(self, old: dict[str, Any]) -> None:
        """Take over what an earlier session has done."""
        if self.files is not None:
            self.staff_hours = self.files.restore(old, self.plan, self.archive)

    def run(self) -> None:
        """Run what is missing and make the tables; on any interruption write what is done.

        The tables of the replicates are written before the runs by staff hours.

        Raises StorageError where the disk fails, VelfaerdError where every replicate does.
        """
        try:
            if self.files is not None:
                fewest = BATCH if self.plan.replicates is None else self.plan.replicates
                self.files.check_space(self.plan, self.archive, fewest)
                self._save_progress()
            self._run_replicates()
            self._make_tables()
            if self.plan.staff_hours:
                self.run_staff_hours()
        except StorageError:
            raise
        except BaseException:
            with suppress(StorageError):
                self._save_progress([] if self.tables else self.archive.unwritten())
            raise

    def _save_progress(self, blocks: list[int] | None = None) -> None:
        if self.files is None:
            return
        self._describe()
        waiting = None
        if blocks is not None and self.staff_hours:
            waiting = reversal.runs_table(self.plan, self.staff_hours)
        self.files.save_progress(self.archive, blocks or [], waiting)

    def _run_replicates(self) -> None:
        plan, archive = self.plan, self.archive
        size, regimes = plan.task(0).adult_months, len(plan.regimes)
        restored = len(archive)

        def report(done_months: int) -> Advance:
            done = len(archive) + len(self.failures)
            planned = max(done, self._estimate())
            total = (planned - restored) * size
            failed = len(self.failures) * regimes
            months = float(min(done_months, total))
            return Advance(months, float(total), done * regimes, planned * regimes, failed)

        if not self._settled():
            missing = [number for number in range(plan.most) if number not in archive]
            with self._streamed(missing, run_replicate, plan.task, report) as found:
                for number, future in found:
                    error = future.exception()
                    if error is not None:
                        self.failures[number] = _told(error)
                    else:
                        block = archive.add(future.result())
                        if block is not None:
                            self._save_progress([block])
                    if self._settled():
                        break
        last = report((self._estimate() - restored) * size)
        self._behind = Advance(last.total, last.total, last.runs_done, last.runs_done, last.failed)

    def run_staff_hours(self) -> None:
        """Run the regimes at every level of staff hours and make their table."""
        plan, regimes = self.plan, len(self.plan.regimes)
        wanted = reversal.runs(plan)
        missing = [run for run in wanted if run not in self.staff_hours]
        size = plan.task(0).adult_months

        def report(done_months: int) -> Advance:
            failed = len(self.staff_hours_failures)
            done, total = len(self.staff_hours) + failed, len(missing) * size
            months = float(min(done_months, total))
            return Advance(
                months, float(total), done * regimes, len(wanted) * regimes, failed * regimes
            )

        def task(run: reversal.Run) -> Any:
            return reversal.task(plan, run)

        with self._streamed(missing, run_summary, task, report) as found:
            for run, future in found:
                error = future.exception()
                if error is None:
                    self.staff_hours[run] = reversal.chosen(future.result())
                else:
                    self.staff_hours_failures[run] = _told(error)
        self._describe()
        self.tables["staff_hours"] = reversal.staff_hours_table(plan, self.staff_hours)
        if self.files is not None:
            runs = reversal.runs_table(plan, self.staff_hours)
            self.files.save_staff_hours(runs, self.tables["staff_hours"], self._complete())

    @contextmanager
    def _streamed(
        self,
        wanted: list[Task],
        work: Callable[..., Any],
        task: Callable[[Task], Any],
        report: Callable[[int], Advance],
    ) -> Iterator[Iterator[tuple[Task, Future[Any]]]]:
        """Run tasks side by side and report on the way."""
        workers = max(1, min(self.plan.division[0], len(wanted)))
        meter = Meter()

        def tick() -> None:
            if self._progress is not None:
                self._progress(self._behind.followed_by(report(meter.done), self._ahead()))

        def call(each: Task, advance: Meter) -> Any:
            return work(task(each), advance)

        with thread_pool(workers, meter) as pool:
            tasks = stream(pool, call, wanted, meter, window=2 * workers, tick=tick)
            with closing(tasks):
                yield tasks
            tick()

    def _ahead(self) -> tuple[float, int]:
        """Adult-months and runs by staff hours that come after the replicates."""
        if self._behind.total or not self.plan.staff_hours:
            return 0.0, 0
        missing = len(reversal.runs(self.plan)) - len(self.staff_hours)
        return float(missing * self.plan.task(0).adult_months), missing * len(self.plan.regimes)

    def _estimate(self) -> int:
        """How many replicates there will be, as far as can be said."""
        found, most = self.last_look, self.plan.most
        if self.plan.precision is None:
            return most
        if found is None:
            return min(most, _FIRST_GUESS)
        if found.enough:
            return found.replicates
        needed = replicates_needed(found.replicates, found.width / found.precision, most)
        return min(most, -(-needed // BATCH) * BATCH)

    def _settled(self) -> bool:
        """Look at every whole batch of replicates in order; whether no more are needed."""
        archive, failures, most = self.archive, self.failures, self.plan.most
        while self._looked < most:
            until = min(self._looked + BATCH, most)
            if not all(n in archive or n in failures for n in range(self._looked, until)):
                return False
            self._looked = self.count = until
            if self.plan.precision is not None:
                summary, rule = archive.summary(until), self.plan.rule
                if len(summary):
                    self.last_look = look(summary, self.plan.regimes, rule, self.plan.precision)
            if self._on_batch is not None:
                self._on_batch(self)
            if self.last_look is not None and self.last_look.enough:
                return True
        return True

    def _make_tables(self) -> None:
        plan, archive, count = self.plan, self.archive, self.count
        self.failures = {n: text for n, text in self.failures.items() if n < count}
        if not any(number < count for number in archive.done):
            raise VelfaerdError(f"every replicate failed; the first with {self.failures[0]}")
        self._describe()
        made = comparison_tables.all_tables(archive, count, plan)
        if self.files is not None:
            done = self._complete() and not plan.staff_hours
            self.files.save_results(archive, made, count, done)
        self.tables.update(made)

    def _complete(self) -> bool:
        return not self.failures and not self.staff_hours_failures

    def _describe(self) -> None:
        """Bring seeds, counts, failures and the last look in the record up to date."""
        record, plan, regimes = self.record, self.plan, len(self.plan.regimes)
        settled = self._looked == plan.most or (
            self.last_look is not None and self.last_look.enough
        )
        planned = self.count if settled else plan.most
        done = [number for number in self.archive.done if number < planned]
        seed = plan.scenario.seed
        record["seeds"] = [replicate_seed(seed, number) for number in done]
        failures = [
            {"replicate": n, "seed": replicate_seed(seed, n), "message": text}
            for n, text in sorted(self.failures.items())
        ]
        counts = {"planned": planned, "done": len(done), "failed": len(failures)}
        record["counts"] = {name: number * regimes for name, number in counts.items()}
        if plan.staff_hours:
            failures += [
                {
                    "replicate": number,
                    "seed": replicate_seed(seed, number),
                    "staff_hours_per_month": plan.staff_hours[level],
                    "message": text,
                }
                for (level, number), text in sorted(self.staff_hours_failures.items())
            ]
            record["counts"]["planned"] += len(reversal.runs(plan)) * regimes
            record["counts"]["done"] += len(self.staff_hours) * regimes
            record["counts"]["failed"] += len(self.staff_hours_failures) * regimes
        record["failures"] = failures
        if plan.precision is not None:
            record["stopping"] = None if self.last_look is None else self.last_look.to_dict()


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
