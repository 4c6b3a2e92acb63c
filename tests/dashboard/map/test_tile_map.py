"""The tile map: every municipality once, where one would look for it."""

from itertools import combinations

import numpy as np
import pytest

from velfaerd_sim.dashboard.map import tile_map
from velfaerd_sim.inputs.evidence import municipalities

TILES = {tile.name: tile for tile in tile_map.tiles()}


def distance(one, other):
    """Kilometres between two municipalities."""
    north = (one.latitude - other.latitude) * 111.2
    east = (one.longitude - other.longitude) * 111.2 * np.cos(np.radians(56.0))
    return float(np.hypot(north, east))


def test_every_municipality_has_a_square_of_its_own():
    assert [tile.municipality for tile in tile_map.tiles()] == list(municipalities())
    assert len({(tile.column, tile.row) for tile in tile_map.tiles()}) == 98


def test_lands_fill_their_shape_with_water_between():
    for tile in tile_map.tiles():
        assert tile_map.SHAPE[tile.row][tile.column] == tile.land
    main = {(t.column, t.row): t.land for t in tile_map.tiles()}
    for (column, row), land in main.items():
        for step in ((1, 0), (0, 1)):
            other = main.get((column + step[0], row + step[1]), land)
            touching = {land, other}
            # Jylland never touches the islands east of it; Fyn meets Sjælland at one corner.
            assert touching not in ({"J", "S"}, {"J", "F"}, {"J", "L"}, {"J", "b"}), (column, row)


@pytest.mark.parametrize(
    ("name", "other", "side"),
    [
        ("Bornholm", "Dragør", "east"),
        ("Bornholm", "Vordingborg", "east"),
        ("Læsø", "Frederikshavn", "east"),
        ("Læsø", "Norddjurs", "north"),
        ("Samsø", "Odder", "east"),
        ("Samsø", "Kalundborg", "north"),
        ("Samsø", "Odsherred", "west"),
        ("Ærø", "Svendborg", "south"),
        ("Langeland", "Ærø", "east"),
        ("Langeland", "Nyborg", "south"),
        ("Fanø", "Vejen", "west"),
        ("Lolland", "Guldborgsund", "west"),
        ("Lolland", "Næstved", "south"),
        ("Esbjerg", "Kolding", "west"),
        ("Helsingør", "Hillerød", "east"),
        ("København", "Roskilde", "east"),
        ("Middelfart", "Odense", "west"),
        ("Aalborg", "Aarhus", "north"),
        ("Thisted", "Vesthimmerlands", "west"),
        ("Tønder", "Haderslev", "west"),
    ],
)
def test_a_dane_finds_it(name, other, side):
    one, another = TILES[name], TILES[other]
    east, south = one.column - another.column, one.row - another.row
    along = {"east": east, "west": -east, "south": south, "north": -south}
    assert along[side] > 0, (one, another)


def test_order_of_neighbours_is_kept():
    """Whoever lies clearly east or south of another on the same land does so on the map."""
    kept = wrong = 0
    for one, other in combinations(tile_map.tiles(), 2):
        if one.land != other.land:
            continue
        for places, cells in (
            (
                (one.municipality.longitude, other.municipality.longitude),
                (one.column, other.column),
            ),
            ((-one.municipality.latitude, -other.municipality.latitude), (one.row, other.row)),
        ):
            if abs(places[0] - places[1]) > 0.1:
                order = (places[0] - places[1]) * (cells[0] - cells[1])
                kept += order >= 0
                wrong += order < 0
    assert wrong / (kept + wrong) < 0.04, (kept, wrong)


def test_squares_side_by_side_are_near_each_other():
    """Of two squares that touch, one is among the nearest of the other in truth."""
    touching = near = 0
    for one, other in combinations(tile_map.tiles(), 2):
        if abs(one.column - other.column) + abs(one.row - other.row) == 1:
            touching += 1
            same = [t for t in tile_map.tiles() if t.land == one.land]
            ranks = sorted(same, key=lambda t: distance(one.municipality, t.municipality))
            near += other in ranks[:12]
    assert near / touching > 0.8  # by chance it would be about 0.3


def test_the_map_is_the_same_every_time():
    again = tile_map.tiles.__wrapped__()
    assert again == tile_map.tiles()


def test_aims_keep_a_grid_where_it_is():
    cells = np.array([(x, y) for y in range(3) for x in range(4)], float)
    places = cells * (0.5, 0.25) + (9.0, -57.0)
    assert np.allclose(tile_map.aims(places, cells, 0.0), cells)
    assert np.allclose(tile_map.aims(places, cells, 1.0), cells)


def test_names_are_whole_but_for_soft_hyphens():
    for tile in tile_map.tiles():
        assert tile.broken_name.replace(tile_map.HYPHEN, "") == tile.name
    longest = max(
        (
            part
            for tile in tile_map.tiles()
            for part in tile.broken_name.replace("-", tile_map.HYPHEN).split(tile_map.HYPHEN)
        ),
        key=len,
    )
    assert len(longest) <= 10, longest


@pytest.mark.parametrize(
    ("name", "across", "down", "found"),
    [
        ("Aarhus", -1, 0, "Skanderborg"),
        ("Aarhus", 0, -1, "Randers"),
        ("Odder", 1, 0, "Samsø"),
        ("Bornholm", 1, 0, "Bornholm"),
        ("Hjørring", 0, -1, "Hjørring"),
        ("Bornholm", -1, 0, "Dragør"),
    ],
)
def test_arrow_keys_lead_over_water(name, across, down, found):
    assert tile_map.next_tile(TILES[name], across, down).name == found


def test_every_square_can_be_reached_by_arrow_keys():
    reached, new = set(), [tile_map.tiles()[0]]
    while new:
        tile = new.pop()
        if tile.code not in reached:
            reached.add(tile.code)
            steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
            new += [tile_map.next_tile(tile, *step) for step in steps]
    assert len(reached) == 98


def test_water_has_no_tile():
    assert tile_map.tile_at(0, 0) is None
    assert tile_map.tile_at(TILES["Læsø"].column, TILES["Læsø"].row) is TILES["Læsø"]
