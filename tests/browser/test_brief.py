"""The brief prints on one sheet of A4."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.run.single import run_single

A4 = {"width": "210mm", "height": "297mm"}


def small_run(folder: Path) -> None:
    run_single("crisis", regime="experimenting", adults=300, months=24, out=folder)


def all_regimes(folder: Path) -> None:
    compare(tuple(REGIMES), worlds="prior:4", adults=300, months=12, replicates=1, out=folder)


@pytest.mark.parametrize("study", [small_run, all_regimes])
def test_it_fits_on_one_sheet(study: Callable[[Path], None], browser: Any, tmp_path: Path) -> None:
    study(tmp_path)
    page = browser.new_page()
    for language in ("en", "da"):
        path = write_report(tmp_path, language=language, brief=True)
        page.goto(path.as_uri())
        sheets = page.pdf(**A4, prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
