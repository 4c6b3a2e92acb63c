"""Where everybody stands: seats by age, places of initiatives, seats in a team."""

import numpy as np
import pytest

from velfaerd_sim.dashboard.watch.layout import (
    INNER,
    OUTER,
    honeycomb,
    lay_out,
    place_hubs,
    team_points,
)

BANDS = np.repeat(np.arange(8), [280, 310, 290, 335, 325, 240, 170, 50]).astype(np.uint8)


def angles(points: np.ndarray) -> np.ndarray:
    """Angles clockwise from the top, radians from 0 to 2 pi."""
    return np.mod(np.arctan2(points[:, 0], -points[:, 1]), 2 * np.pi)


def nearest(points: np.ndarray) -> np.ndarray:
    """The distance of each point to the next one."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(apart, np.inf)
    return apart.min(axis=1)


def test_each_citizen_has_a_seat_of_its_own_in_the_rings() -> None:
    layout = lay_out(BANDS, 20)
    radii = np.linalg.norm(layout.seats, axis=1)
    assert layout.seats.shape == (2000, 2)
    assert radii.min() > INNER
    assert radii.max() < OUTER
    assert nearest(layout.seats.astype(float)).min() > 1.2 * layout.dot


def test_bands_follow_each_other_clockwise_from_the_top() -> None:
    layout = lay_out(BANDS, 20)
    found = angles(layout.seats)
    for arc in layout.bands:
        own = found[arc.band == BANDS]
        assert own.min() >= arc.start
        assert own.max() <= arc.end
    starts = [arc.start for arc in layout.bands]
    assert starts == sorted(starts)
    assert [arc.band for arc in layout.bands] == list(range(8))


def test_neighbouring_rows_of_a_band_sit_together() -> None:
    layout = lay_out(BANDS, 20)
    turn = np.abs(np.diff(angles(layout.seats[:280])))
    assert turn.max() < 0.05


@pytest.mark.parametrize("size", [1, 3, 50, 5000])
def test_any_size_of_town_fits(size: int) -> None:
    layout = lay_out(np.arange(size).astype(np.uint8) % 8, max(1, size // 100))
    assert np.isfinite(layout.seats).all()
    assert np.abs(layout.hubs).max() < 1.0


def test_the_first_places_of_departments_do_not_touch() -> None:
    middles, hubs, team = place_hubs(20)
    first = hubs[:, :7].reshape(-1, 2).astype(float)
    assert nearest(first).min() > 2 * team
    assert np.linalg.norm(hubs, axis=-1).max() < INNER
    assert np.linalg.norm(hubs[:, 0] - middles, axis=1).max() < 1e-6


def test_the_honeycomb_grows_from_the_middle() -> None:
    points = honeycomb(19)
    distance = np.hypot(*points.T)
    assert distance[0] == 0.0
    assert np.allclose(distance[1:7], 1.0)
    assert (np.diff(distance) > -1e-6).all()


def test_a_seat_in_a_team_does_not_depend_on_the_team() -> None:
    ten = team_points(np.zeros(2), 1.0, np.arange(10))
    thirty = team_points(np.zeros(2), 1.0, np.arange(30))
    assert np.array_equal(ten, thirty[:10])
    assert np.allclose(np.linalg.norm(thirty[:10], axis=1), 1.0)
    assert np.allclose(np.linalg.norm(thirty[10:], axis=1), 1.5)
    assert nearest(thirty).min() > 0.4
