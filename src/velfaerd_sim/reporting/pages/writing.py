"""Pages as files: one HTML file that needs nothing else, with the figures also beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.reporting.figures.comparison import Drawn, save
from velfaerd_sim.reporting.files import figures_path, report_path, write_whole
from velfaerd_sim.reporting.pages.blocks import Page

_TEMPLATES = Path(__file__).with_name("templates")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def html(page: Page, drawn: Iterable[Drawn]) -> str:
    """A page as HTML; a figure that was not drawn is left out."""
    pictures = {each.key: Markup(each.svg) for each in drawn}
    keys = [key for key in page.figures if key in pictures]
    numbered = {key: {"svg": pictures[key], "number": at} for at, key in enumerate(keys, 1)}
    return _environment().get_template("base.html").render(page=page, drawn=numbered)


def write_page(folder: Path, page: Page, drawn: Sequence[Drawn]) -> Path:
    """Write a page and its figures into the folder of a study; gives the page's path.

    Raises StorageError where the disk fails.
    """
    text = html(page, drawn)
    save(drawn, figures_path(folder, page.language))
    target = report_path(folder, page.language)
    write_whole(target, text.encode())
    return target
