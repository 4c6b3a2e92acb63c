"""Pages as files: one HTML file that needs nothing else, with the figures also beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.reporting.figures.comparison import Drawn, save
from velfaerd_sim.reporting.files import brief_path, figures_path, report_path, write_whole
from velfaerd_sim.reporting.pages.blocks import Page
from velfaerd_sim.telling.words import Words

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


def html(page: Page, drawn: Iterable[Drawn], template: str = "base.html") -> str:
    """A page as HTML; a figure that was not drawn is left out."""
    pictures = {each.key: Markup(each.svg) for each in drawn}
    keys = [key for key in page.figures if key in pictures]
    numbered = {key: {"svg": pictures[key], "number": at} for at, key in enumerate(keys, 1)}
    return _environment().get_template(template).render(page=page, drawn=numbered)


def brief_html(page: Page, drawn: Iterable[Drawn]) -> str:
    """What of a page fits on one sheet: the answer, the first figure, how to get it again."""
    pictures = {each.key: Markup(each.svg) for each in drawn}
    first = next((key for key in page.captions if key in pictures), "")
    return (
        _environment()
        .get_template("brief.html")
        .render(
            page=page,
            answer=next((part for part in page.sections if part.look == "answer"), None),
            svg=pictures.get(first, ""),
            caption=page.captions.get(first, ""),
            commands=page.commands[:1],
            again=Words(page.language, "short")("again"),
        )
    )


def write_page(
    folder: Path, page: Page, drawn: Sequence[Drawn], brief: bool = False, figures: bool = True
) -> Path:
    """Write a page and its figures into the folder of a study; gives the page's path.

    brief: write what of it fits on one sheet instead; figures: whether figures stand beside it.
    Raises StorageError where the disk fails.
    """
    if brief:
        target, text = brief_path(folder, page.language), brief_html(page, drawn)
    else:
        target, text = report_path(folder, page.language), html(page, drawn)
    if figures:
        save(drawn, figures_path(folder, page.language))
    write_whole(target, text.encode())
    return target
