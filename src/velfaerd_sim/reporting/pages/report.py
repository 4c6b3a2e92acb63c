"""The report: one HTML file that needs nothing else, with the figures also beside it.

It reads a study folder and writes `report.html` and `figures/`; it never runs the model, and what
else is in the folder stays as it is.
"""

from __future__ import annotations

from pathlib import Path

from velfaerd_sim.analysis import recovery
from velfaerd_sim.engine.runner import Progress
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.reporting.figures import comparison as drawing
from velfaerd_sim.reporting.files import REPORT as REPORT
from velfaerd_sim.reporting.files import figures_path
from velfaerd_sim.reporting.pages.calibration import write_calibration_report
from velfaerd_sim.reporting.pages.claims import write_claims_report
from velfaerd_sim.reporting.pages.comparison import page
from velfaerd_sim.reporting.pages.recovery import write_recovery
from velfaerd_sim.reporting.pages.robustness import write_robustness
from velfaerd_sim.reporting.pages.sweep import write_sweep_report
from velfaerd_sim.reporting.pages.validation import write_validation
from velfaerd_sim.reporting.pages.writing import write_page
from velfaerd_sim.studies.calibrate import calibrating
from velfaerd_sim.studies.claims import study as claim_study
from velfaerd_sim.studies.robustness import standing
from velfaerd_sim.studies.sweep import sweeping
from velfaerd_sim.studies.validate import validating
from velfaerd_sim.telling.reading import load
from velfaerd_sim.telling.words import locale_of


def write_report(
    folder: str | Path, progress: Progress | None = None, language: str = "en"
) -> Path:
    """Write report.html and the figures of a study into its folder; gives the report's path.

    A sweep is analysed as it was last, or else as its design allows.
    language: 'en' or 'da'; the Danish report and its figures stand beside the English ones, in
    report.da.html and figures.da. Raises InputError where the folder holds no finished study, or
    the language is another; StorageError where it cannot be written.
    """
    locale_of(language)
    path = Path(folder)
    kind = read_record(path)["kind"]
    if kind == sweeping.KIND:
        return write_sweep_report(path, progress, language)
    if kind == claim_study.KIND:
        return write_claims_report(path, progress, language)
    if kind == calibrating.KIND:
        return write_calibration_report(path, progress, language)
    if kind == recovery.KIND:
        return write_recovery(path, language)
    if kind == standing.KIND:
        return write_robustness(standing.load_standing(path), path, language)[0]
    if kind == validating.KIND:
        return write_validation(validating.load_validation(path), path, language)[0]
    return _write(path, progress, language)


def _write(path: Path, progress: Progress | None, language: str) -> Path:
    """Write the report of a run or comparison."""
    results = load(path, language)
    return write_page(path, page(results), drawing.draw_all(results, progress))


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
