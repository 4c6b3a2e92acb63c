"""The figure of a tile map."""

import pytest

from velfaerd_sim.reporting.figures.tiles import Key, Square, broken, draw_tiles

SOFT = "\u00ad"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Odense", "Odense"),
        (f"Sønder{SOFT}borg", "Sønderborg"),
        (f"Vest{SOFT}himmer{SOFT}lands", "Vesthimmer-\nlands"),
        (f"Ring{SOFT}købing-Skjern", "Ringkøbing-\nSkjern"),
        ("Høje-Taastrup", "Høje-\nTaastrup"),
    ],
)
def test_names_are_broken_where_they_may_be(name, lines):
    assert broken(name) == lines


def test_a_map_is_drawn_the_same_every_time():
    squares = [Square(0, 0, "Nord", "#ffffff", "#000000"), Square(3, 2, "<b>Ø&", "#000000", "#fff")]
    key = Key("Lonely", "under A", ("#ffffff", "#000000"), ("0", "1", "2"), ("A", "B"))
    drawn = draw_tiles(squares, key, "small print")
    assert drawn == draw_tiles(squares, key, "small print")
    assert "&lt;b&gt;Ø&amp;" in drawn.svg
    assert "<b>" not in drawn.svg
    assert drawn.png.startswith(b"\x89PNG")
    for text in ("Lonely", "under A", "small print"):
        assert text in drawn.svg
