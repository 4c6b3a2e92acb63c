"""Where everybody stands in the picture of a town: computed once, no forces, no iterations.

The picture is the square [-1, 1] x [-1, 1]. Citizens have a seat each in the rings of a town
around its middle, ordered by age band clockwise from the top and, within a band, by row, so that
neighbours sit together. In the middle stand five departments; an initiative takes a place near its
department, and its volunteers leave their seats and gather around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.regimes import DEPARTMENTS

Points = NDArray[np.float32]

INNER, OUTER = 0.64, 0.955
"""Radii between which the citizens sit."""

BAND_GAP = 0.022
"""Radians left free between two age bands."""

DEPARTMENT_RADIUS = 0.35
DEPARTMENT_SPREAD = 0.195
"""How far from the middle the departments stand, and how far around them their initiatives."""

TEAM = 10
"""Volunteers in the innermost ring around an initiative."""

SCORE_COLOURS = ("#dfe4e7", "#ccd4da", "#b4bfc8", "#97a5b1", "#f0a04b", "#d4600f", "#8f2d00")
"""Of the T-ILS scores 3 to 9: grey below the score that counts as lonely, orange from there."""

MOTIVATION_COLOURS = ("#b34700", "#e39a5f", "#e6dcc4", "#7fb3d3", "#20679e")
"""From little to much motivation, in steps of 0.12 from 0.2 on."""

RESTING_COLOUR = "#dfe4e7"
"""Of citizens whose colour says nothing."""

DEPARTMENT_LABEL_RADIUS = 0.59


@dataclass(frozen=True)
class BandArc:
    """An age band's part of the rings: its index and where it begins and ends, in radians.

    Angles run clockwise from the top.
    """

    band: int
    start: float
    end: float


@dataclass(frozen=True)
class Layout:
    """Seats and places of one town.

    seats: float32 (citizens, 2); bands: the arcs, clockwise; departments: float32 (5, 2), their
    middles; hubs: float32 (5, places, 2), where a department's initiatives can stand; team_radius:
    how far from an initiative its volunteers stand; dot: half the distance between seats.
    """

    seats: Points
    bands: tuple[BandArc, ...]
    departments: Points
    hubs: Points
    team_radius: float
    dot: float


def _on_circle(radius: NDArray[Any] | float, angle: NDArray[Any]) -> NDArray[np.float64]:
    """Points at angles clockwise from the top; y grows downwards, as on a screen."""
    return np.stack([radius * np.sin(angle), -radius * np.cos(angle)], axis=-1)


def ring_seats(count: int, start: float, end: float, rings: int) -> NDArray[np.float64]:
    """Seats in rings between INNER and OUTER and two angles (radians), evenly spaced; (count, 2).

    They are given out ray by ray, from the start to the end and from the inside outwards.
    """
    radii = INNER + (np.arange(rings) + 0.5) * (OUTER - INNER) / rings
    ends = np.round(count * np.cumsum(radii) / radii.sum()).astype(np.int64)
    sizes = np.diff(ends, prepend=0)
    ring = np.repeat(np.arange(rings), sizes)
    rank = np.arange(count) - np.repeat(ends - sizes, sizes)
    share = (rank + 0.5) / sizes[ring]
    order = np.lexsort((ring, share))
    points = _on_circle(radii[ring], start + (end - start) * share)
    seats: NDArray[np.float64] = points[order]
    return seats


def seat_citizens(age_band: NDArray[Any]) -> tuple[Points, tuple[BandArc, ...], float]:
    """A seat for each citizen, by age band (uint8); the arcs of the bands; half a seat's room."""
    count = len(age_band)
    spacing = np.sqrt(np.pi * (OUTER**2 - INNER**2) / count)
    rings = max(1, round((OUTER - INNER) / spacing))
    bands, sizes = np.unique(age_band, return_counts=True)
    free = 2.0 * np.pi - BAND_GAP * len(bands)
    seats = np.empty((count, 2), np.float32)
    arcs = []
    start = BAND_GAP / 2.0
    for band, size in zip(bands.tolist(), sizes.tolist(), strict=True):
        end = start + free * size / count
        seats[age_band == band] = ring_seats(size, start, end, rings)
        arcs.append(BandArc(band, start, end))
        start = end + BAND_GAP
    return seats, tuple(arcs), (OUTER - INNER) / rings / 2.0


def honeycomb(count: int) -> NDArray[np.float64]:
    """The points of a honeycomb with side 1 that are nearest to the middle, nearest first."""
    reach = 2 + int(np.sqrt(count))
    across, down = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    x = across.ravel() + 0.5 * (down.ravel() % 2)
    y = down.ravel() * np.sqrt(0.75)
    order = np.lexsort((np.arctan2(x, -y), np.round(np.hypot(x, y), 6)))[:count]
    points: NDArray[np.float64] = np.stack([x, y], axis=-1)[order]
    return points


def place_hubs(slots: int) -> tuple[Points, Points, float]:
    """Middles of the departments, places of their initiatives, and the radius of a team.

    slots: the most initiatives that can run at once. Any of them may belong to one department, so
    each has as many places; the first are those near the department's middle.
    """
    angles = 2.0 * np.pi * np.arange(len(DEPARTMENTS)) / len(DEPARTMENTS)
    middles = _on_circle(DEPARTMENT_RADIUS, angles)
    usual = max(7.0, 1.7 * slots / len(DEPARTMENTS))
    side = DEPARTMENT_SPREAD / (np.sqrt(usual * np.sqrt(0.75) / np.pi) + 0.3)
    hubs = middles[:, None, :] + side * honeycomb(slots)[None, :, :]
    distance = np.linalg.norm(hubs, axis=-1, keepdims=True)
    hubs *= np.minimum(1.0, (INNER - 0.04) / np.maximum(distance, 1e-9))
    return middles.astype(np.float32), hubs.astype(np.float32), float(0.42 * side)


def lay_out(age_band: NDArray[Any], slots: int) -> Layout:
    """The layout of a town with citizens of these age bands and so many places for initiatives."""
    seats, bands, dot = seat_citizens(age_band)
    middles, hubs, team_radius = place_hubs(slots)
    return Layout(seats, bands, middles, hubs, team_radius, dot)


def team_points(
    middle: NDArray[Any], radius: float, seats: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Where the volunteers of a team stand around its middle.

    middle: (n, 2) or (2,); seats: (n,) from 0 on: ten at the team's radius, twenty beyond, and so
    on, so that a seat's point does not depend on the size of the team.
    """
    ring = np.floor((np.sqrt(1.0 + 8.0 * seats / TEAM) - 1.0) / 2.0).astype(np.int64)
    first = TEAM * ring * (ring + 1) // 2
    angle = 2.0 * np.pi * (seats - first) / (TEAM * (ring + 1))
    points: NDArray[np.float64] = middle + _on_circle(radius * (1.0 + 0.5 * ring), angle)
    return points
