"""The tile map: a square for each of Denmark's 98 municipalities, where one would look for it.

Municipalities differ a thousandfold in people and area, so that on a true map most of the capital
region is too small to see. Here every municipality has one square. The land's shape is given as a
grid of letters; inside each land the squares are given to municipalities by the assignment that
moves them least from where they lie (linear sum assignment over squared distances), so the map is
computed, and the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from velfaerd_sim.inputs.evidence import MunicipalityFigures, municipalities

Array = NDArray[np.float64]

SHAPE = (
    "...JJ...........",
    "..JJJ.l.........",
    ".JJJJ...........",
    ".JJJ............",
    "JJJJJJ...SSSS...",
    "JJJJJJ..SSSSSS..",
    "JJJJ..sSSSSSSS..",
    ".JJJ...SSSSSSSS.",
    "JJJJ.FFSSSSSSSS.",
    "fJJ.FFF.SSSSSSS.",
    ".JJ.FFF..SSS...b",
    ".....aa..LL.....",
)
"""Land by letter, a dot is water: Jylland, Fyn, Sjælland, Lolland-Falster and smaller islands."""

COLUMNS, ROWS = len(SHAPE[0]), len(SHAPE)
LANDS = {
    "J": "Jylland",
    "F": "Fyn",
    "S": "Sjælland",
    "L": "Lolland-Falster",
    "a": "Det Sydfynske Øhav",
    "l": "Læsø",
    "s": "Samsø",
    "f": "Fanø",
    "b": "Bornholm",
}
_ISLANDS = {400: "b", 825: "l", 741: "s", 563: "f", 482: "a", 492: "a", 360: "L", 376: "L"}
_FYN = range(410, 490)
_EAST = range(100, 400)
RANK_WEIGHT = 0.7
"""How far a municipality aims at its place in the order (1) rather than in degrees (0)."""

HYPHEN = "\u00ad"
_BREAKS = (
    *("Alberts|lund", "Brønders|lev", "Fredens|borg", "Frederiks|berg", "Frederiks|havn"),
    *("Frederiks|sund", "Guldborg|sund", "Hede|nsted", "Jammer|bugt", "Kalund|borg"),
    *("Kerte|minde", "Mariager|fjord", "Middel|fart", "Skander|borg", "Svend|borg"),
    *("Sønder|borg", "Vallens|bæk", "Vest|himmer|lands", "Vording|borg", "Køben|havn"),
    *("Haders|lev", "Aaben|raa", "Hels|ingør", "Nord|djurs", "Syd|djurs", "Nord|fyns"),
    *("Lange|land", "Born|holm", "Glad|saxe", "Glo|strup", "Gent|ofte", "Frederi|cia"),
    *("Hol|bæk", "Hol|stebro", "Sla|gelse", "Silke|borg", "Ods|herred", "Ros|kilde"),
    *("Ring|sted", "Ny|borg", "Rød|ovre", "Hvid|ovre", "Ring|købing", "Ruders|dal"),
)
_BROKEN = {word.replace("|", ""): word.replace("|", HYPHEN) for word in _BREAKS}


@dataclass(frozen=True)
class Tile:
    """The square of a municipality; column 0 lies in the west, row 0 in the north."""

    municipality: MunicipalityFigures
    land: str
    column: int
    row: int

    @property
    def code(self) -> int:
        """The municipality's official code."""
        return self.municipality.code

    @property
    def name(self) -> str:
        """The municipality's name."""
        return self.municipality.name

    @property
    def broken_name(self) -> str:
        """The name with soft hyphens where it may be broken to fit a square."""
        return "-".join(_BROKEN.get(part, part) for part in self.name.split("-"))


def land_of(municipality: MunicipalityFigures) -> str:
    """Return the letter of the land that a municipality lies on."""
    if municipality.code in _ISLANDS:
        return _ISLANDS[municipality.code]
    if municipality.code in _FYN:
        return "F"
    return "S" if municipality.code in _EAST else "J"


def cells_of(land: str) -> Array:
    """Return the squares of a land, shape (squares, 2): column and row."""
    found = [
        (column, row)
        for row, line in enumerate(SHAPE)
        for column, letter in enumerate(line)
        if letter == land
    ]
    return np.array(found, np.float64).reshape(-1, 2)


def aims(places: Array, cells: Array, rank_weight: float = RANK_WEIGHT) -> Array:
    """Where each place would lie on the grid if squares could overlap, shape (places, 2).

    places: (places, 2), east and south in degrees; cells: the land's squares, as many. Along each
    axis the k-th place aims at the k-th square, mixed with its place on a straight ruler: this
    spreads out the towns around the capital and keeps the outline.
    """
    result = np.empty_like(cells)
    for axis in range(2):
        place, cell = places[:, axis], cells[:, axis]
        by_rank = np.empty(len(place))
        by_rank[np.argsort(place, kind="stable")] = np.sort(cell)
        width = max(float(np.ptp(place)), 1e-9)
        by_degree = cell.min() + (place - place.min()) / width * np.ptp(cell)
        result[:, axis] = rank_weight * by_rank + (1.0 - rank_weight) * by_degree
    return result


@cache
def tiles() -> tuple[Tile, ...]:
    """Return the squares of the 98 municipalities, in the order of their codes."""
    found: list[Tile] = []
    for land in LANDS:
        members = [each for each in municipalities() if land_of(each) == land]
        cells = cells_of(land)
        places = np.array([(each.longitude, -each.latitude) for each in members])
        wanted = aims(places, cells)
        cost = ((wanted[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
        for member, cell in zip(*linear_sum_assignment(cost), strict=True):
            column, row = (int(number) for number in cells[cell])
            found.append(Tile(members[member], land, column, row))
    return tuple(sorted(found, key=lambda tile: tile.code))


def tile_at(column: int, row: int) -> Tile | None:
    """Return the municipality on a square; None where there is water."""
    return _by_place().get((column, row))


@cache
def _by_place() -> dict[tuple[int, int], Tile]:
    return {(tile.column, tile.row): tile for tile in tiles()}


def next_tile(tile: Tile, across: int, down: int) -> Tile:
    """Return the square that an arrow key leads to: the nearest in that direction, over water too.

    across: -1 west, 1 east; down: -1 north, 1 south; one of them is 0. Where nothing lies in that
    direction it is the square itself.
    """
    ahead: list[tuple[int, int, Tile]] = []
    for each in tiles():
        east, south = each.column - tile.column, each.row - tile.row
        along, aside = east * across + south * down, abs(east * down) + abs(south * across)
        if along > 0 and aside <= along:
            ahead.append((along + 2 * aside, aside, each))
    return min(ahead, key=lambda found: (*found[:2], found[2].code))[2] if ahead else tile
