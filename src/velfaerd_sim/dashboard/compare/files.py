"""Files of a view to take along: made by the studies and the reporting, as the command line would.

The comparison on show is run once more as a study in a folder of its own, so that data, figures
and report carry its fingerprint; the folder is kept for further files of the same view.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from velfaerd_sim.dashboard.compare.results import SHOWN
from velfaerd_sim.dashboard.compare.runs import worlds_of
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.work import Job
from velfaerd_sim.dashboard.parts import downloads
from velfaerd_sim.dashboard.parts.downloads import DRAWING, File, table_file
from velfaerd_sim.engine.progress import Advance, CalledOffError
from velfaerd_sim.engine.store import read_table
from velfaerd_sim.reporting.files import figures_path, report_path
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare

KINDS = (
    *("scenario_a", "scenario_b"),
    *("series_csv", "series_xlsx", "series_parquet"),
    *("effects_csv", "effects_xlsx", "groups_csv", "groups_xlsx"),
    *("figure_svg", "figure_png", "report"),
)
_DRAWN = ("figure_svg", "figure_png", "report")


def command_of(view: CompareView) -> str:
    """The command line that does the same, with the scenario file of A from the menu.

    my_a.toml, my_b.toml: the table [regime] of that side's scenario file, where it is no packaged
    regime as it comes. The same governance on both sides has no such command: the text is empty.
    """
    if view.a.unnamed == view.b.unnamed:
        return ""
    sides = [
        governance.regime if governance.is_named else f"my_{side}.toml"
        for side, governance in (("a", view.a), ("b", view.b))
    ]
    worlds = worlds_of(view)
    words = ["velfaerd", "compare", *sides, "--scenario", "velfaerd-a.toml", "--replicates"]
    words += [str(view.replicates)] if worlds is None else ["1", "--worlds", worlds.name]
    return shlex.join([*words, "--out", "results/same"])


class Exports:
    """The files of one session; `close` removes what was written for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._view: CompareView | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def make(
        self, kind: str, view: CompareView, job: Job | None = None, language: str = "en"
    ) -> File:
        """Make one of KINDS for a view; takes seconds, and ends early when called off.

        language: of the report, the figures and the tables. Raises CalledOffError after `close`.
        """
        if kind.startswith("scenario_"):
            side = kind[-1]
            text = view.scenario(side).to_toml()
            return File(f"velfaerd-{side}.toml", downloads.TOML, text.encode())
        try:
            with self._lock:
                if self._closed:
                    raise CalledOffError("the session is closed")
                study = self._study(view, _watched(job))
                if kind in _DRAWN and not report_path(study, language).exists():
                    with DRAWING:
                        write_report(study, _watched(job), language)
                return _file(kind, study, language)
        finally:
            if self._closed:
                self.close()

    def _study(self, view: CompareView, progress: Callable[[Advance], None]) -> Path:
        if self._folder is None or self._view != view:
            self._remove()
            self._folder = TemporaryDirectory(prefix="velfaerd-", ignore_cleanup_errors=True)
            self._view = view
        study = Path(self._folder.name, "study")
        worlds = worlds_of(view)
        compare(
            view.regimes(),
            view.scenario("a"),
            replicates=view.replicates if worlds is None else 1,
            worlds=worlds,
            workers=1,
            out=study,
            progress=progress,
            command=command_of(view),
        )
        return study

    def close(self) -> None:
        """Make nothing more and remove what was written; where a file is being made, after that.

        What is called off still writes how far it came, so its folder must outlive it.
        """
        self._closed = True
        if self._lock.acquire(blocking=False):
            try:
                self._remove()
            finally:
                self._lock.release()

    def _remove(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        self._folder, self._view = None, None


def _watched(job: Job | None) -> Callable[[Advance], None]:
    def progress(_: Advance) -> None:
        if job is not None and job.cancelled:
            raise CalledOffError("called off")

    return progress


def _file(kind: str, study: Path, language: str) -> File:
    if kind == "report":
        return File(
            "velfaerd-report.html", downloads.HTML, report_path(study, language).read_bytes()
        )
    if kind in ("figure_svg", "figure_png"):
        ending = kind[-3:]
        media = downloads.SVG if ending == "svg" else downloads.PNG
        content = (figures_path(study, language) / f"time.{ending}").read_bytes()
        return File(f"velfaerd-curves.{ending}", media, content)
    what, _, ending = kind.partition("_")
    if what in ("effects", "groups"):
        table = read_table(study / f"{what}.parquet")
        stem = "velfaerd-differences" if what == "effects" else "velfaerd-gains"
        return table_file(stem, table, ending, language)
    if ending in ("csv", "xlsx"):
        names = ["regime", "replicate", "seed", "municipality", "month", *SHOWN]
        table = read_table(study / "series.parquet").select(names)
        return table_file("velfaerd-months", table, ending, language)
    content = (study / "series.parquet").read_bytes()
    return File("velfaerd-months.parquet", downloads.PARQUET, content)
