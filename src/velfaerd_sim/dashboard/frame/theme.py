"""How the dashboard looks: its colours, by role, and its style sheet.

The colours are those of the figures of the reports, told apart by colour-blind readers; text on
its ground has a contrast of at least 4.5 to 1. No font comes from outside: Roboto travels with
the dashboard's own files.
"""

from __future__ import annotations

from importlib.resources import files

from velfaerd_sim.reporting.figures import style

COLOURS = {
    "paper": "#f4f3ef",
    "card": "#ffffff",
    "ink": "#1b2430",
    "soft": "#525c69",
    "faint": "#7b8592",
    "rule": "#dedfda",
    "stripe": "#f7f7f4",
    "header": "#10283d",
    "header_soft": "#b9cad9",
    "a": "#3a3f47",
    "b": "#7a3e9d",
    "gain": style.BETTER,
    "loss": style.WORSE,
    "accent": "#0067a3",
    "accent_soft": "#e3eff7",
    "unclear": style.UNCLEAR_INK,
    "warn": "#8a5200",
    "warn_soft": "#fdf3e1",
}
"""Colours by role; `a` and `b` are the two governances that are compared.

Neither is the colour of a verdict: what is clearly better or worse, and what may be chance, has the
colours of the reports' figures.
"""

FONT = "Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def style_sheet() -> str:
    """The style sheet of all pages, with the colours as variables."""
    names = "".join(f"--vf-{k.replace('_', '-')}:{v};" for k, v in COLOURS.items())
    sheet = files("velfaerd_sim.dashboard").joinpath("theme.css").read_text("utf-8")
    return f":root{{{names}--vf-font:{FONT};}}\n{sheet}"


STYLE = style_sheet()
