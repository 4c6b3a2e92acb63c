"""How the dashboard looks: its colours, by role, and its style sheet.

The colours are those of the figures of the reports, told apart by colour-blind readers; text on
its ground has a contrast of at least 4.5 to 1. No font comes from outside: Roboto travels with
the dashboard's own files.
"""

from __future__ import annotations

import json
from importlib.resources import files

from velfaerd_sim.reporting.figures import style
from velfaerd_sim.telling.words import LANGUAGES, Words

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
    "warn_ink": "#5c3700",
    "warn_rule": "#efd9ae",
    "accent_ink": "#004b78",
    "accent_strong": "#005485",
    "edge": "#b9bfc4",
    "track": "#d5d8d8",
    "off": "#aab1b8",
    "rule_soft": "#eeeeea",
    "on_ink": "#ffffff",
    "on_accent": "#ffffff",
    "on_side": "#ffffff",
}
"""Colours by role; `a` and `b` are the two governances that are compared.

Neither is the colour of a verdict: what is clearly better or worse, and what may be chance, has the
colours of the reports' figures.
"""

DARK = {
    "paper": "#12181f",
    "card": "#1b232c",
    "ink": "#e6eaee",
    "soft": "#aab4bf",
    "faint": "#8a95a1",
    "rule": "#333d48",
    "stripe": "#222b35",
    "header": "#0b1620",
    "header_soft": "#b9cad9",
    "a": "#b4bcc6",
    "b": "#c79be6",
    "gain": "#5cb8ee",
    "loss": "#f0935a",
    "accent": "#6cb8ea",
    "accent_soft": "#1d3547",
    "unclear": "#9aa4ae",
    "warn": "#f0b45c",
    "warn_soft": "#352a17",
    "warn_ink": "#f2d09b",
    "warn_rule": "#5f4a22",
    "accent_ink": "#a9d6f5",
    "accent_strong": "#8fcbf2",
    "edge": "#55606c",
    "track": "#3d4853",
    "off": "#5d6873",
    "rule_soft": "#2a333d",
    "on_ink": "#12181f",
    "on_accent": "#0b1620",
    "on_side": "#12181f",
}
"""The same roles on a screen that is set to dark."""
_DARK_LINES = {
    **{COLOURS[role]: colour for role, colour in DARK.items() if not role.startswith("on_")},
    style.INK: DARK["ink"],
    style.SOFT: DARK["soft"],
    style.FAINT: DARK["faint"],
    style.NEUTRAL: "#ccd3da",
    style.UNCLEAR: "#9aa4ae",
    style.BAND: "#2b3a48",
    "#30343a": "#c9d0d8",
    "#00805d": "#3fc79d",
    "#aa3b88": "#e583c4",
    "#2a8fc7": "#7cc7f2",
    "#7b7a1e": "#c9c85a",
    "#b07900": "#e8b13c",
    "#c24e00": "#f58a45",
    "#882255": "#dd7fae",
    "#332288": "#a99bf0",
    "#a9bccb": "#51606e",
    "#b5bac0": "#59646f",
    "#eaeae6": "#2a333d",
    "#e9e6da": "#38362c",
}
"""What charts draw with, on light and on dark ground; the browser puts one for the other."""

FONT = "Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def variable(colour: str) -> str:
    """A colour as the style sheet's variable, so that it follows light and dark; or as it is."""
    for role, known in COLOURS.items():
        if known == colour:
            return f"var(--vf-{role.replace('_', '-')})"
    return colour


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--vf-{role.replace('_', '-')}:{value};" for role, value in colours.items())


def style_sheet() -> str:
    """The style sheet of all pages, with the colours as variables, for light and dark screens."""
    sheet = files("velfaerd_sim.dashboard").joinpath("theme.css").read_text("utf-8")
    lines = json.dumps(_DARK_LINES, separators=(",", ":"), allow_nan=False)
    return (
        f":root{{{_variables(COLOURS)}--vf-font:{FONT};}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;"
        f"{_variables(DARK)}--vf-lines:'{lines}';}}}}\n{sheet}\n{waiting_sheet()}"
    )


def waiting_sheet() -> str:
    """What the server's frame says over a page while it waits, in the language of the page.

    The frame's own words are English; `assets/custom.css` hides them.
    """
    places = {
        "connection_lost": ".v-overlay .v-progress-circular__info",
        "session_restored": ".v-overlay .v-progress-circular + div",
    }
    return "\n".join(
        f'html:lang({language}) {place}::after {{ content: "{Words(language, "server")(key)}";'
        " font-size: 14px; visibility: visible; }"
        for language in LANGUAGES
        for key, place in places.items()
    )


STYLE = style_sheet()
