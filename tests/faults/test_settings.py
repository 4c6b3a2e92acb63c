"""Settings of a user's own change no figure."""

import io

import matplotlib

from velfaerd_sim.reporting.figures.style import styled

MINE = {"text.usetex": True, "savefig.dpi": 20, "font.size": 30, "axes.facecolor": "black"}


def drawn() -> bytes:
    from matplotlib.figure import Figure

    file = io.BytesIO()
    with styled():
        figure = Figure(figsize=(2, 2))
        figure.subplots().plot([1, 2], label="a")
        figure.savefig(file, format="png")
    return file.getvalue()


def test_a_file_of_settings_changes_no_figure():
    """E."""
    usual = drawn()
    with matplotlib.rc_context(MINE):
        assert drawn() == usual
        assert matplotlib.rcParams["font.size"] == 30.0
