"""The report: one HTML file that needs nothing else, with the figures also beside it.

It reads a study folder and writes `report.html` and `figures/`; it never runs the model, and what
else is in the folder stays as it is.
"""

from __future__ import annotations

from pathlib import Path

from velfaerd_sim import in_force
from velfaerd_sim.engine.progress import Progress
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.reporting.figures import comparison as drawing
from velfaerd_sim.reporting.files import REPORT as REPORT
from velfaerd_sim.reporting.files import figures_path, forget_missing
from velfaerd_sim.reporting.pages.comparison import page
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.kinds import kind_of
from velfaerd_sim.telling.reading import load
from velfaerd_sim.telling.words import locale_of


def write_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en", brief: bool = False
) -> Path:
    """Write report.html and the figures of a study into its folder; gives the report's path.

    brief: write one page instead, brief.html, for those who decide: the answer, a figure, the
    command that gives it again.

    A sweep is analysed as it was last, or else as its design allows.
    language: 'en' or 'da'; the Danish report and its figures stand beside the English ones, in
    report.da.html and figures.da. Raises InputError where the folder holds no finished study, or
    the language is another; StorageError where it cannot be written.
    """
    locale_of(language)
    path = Path(folder)
    record = read_record(path)
    with in_force.reading(record):
        report: Path = kind_of(record, path).call("report", path, progress, language, brief)
    forget_missing(path)
    return report


def write_comparison_report(
    path: Path, progress: Progress | None, language: str, brief: bool = False
) -> Path:
    """Write the report of a run or comparison."""
    results = load(path, language)
    return write_page(path, page(results), drawing.draw_all(results, progress), brief)


def write_figures(
    folder: str | Path, progress: Progress | None = None, language: str = "en"
) -> list[Path]:
    """Write the figures of a study as SVG and PNG into its folder; gives their paths.

    Raises as `write_report`.
    """
    path = Path(folder)
    results = load(path, language)
    drawn = drawing.draw_all(results, progress)
    return drawing.save(drawn, figures_path(path, language))
