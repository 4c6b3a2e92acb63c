"""Files taken along from a watched town are read back."""

import io
from typing import Any

import numpy as np
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from velfaerd_sim.dashboard.watch import files as watch_files
from velfaerd_sim.dashboard.watch.files import KINDS, events_table, make, months_table, picture
from velfaerd_sim.dashboard.watch.town import WatchTown
from velfaerd_sim.dashboard.watch.view import WatchView
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.frames import series
from velfaerd_sim.telling.words import Words

VIEW = WatchView(a="hands_off", adults=500, years=5, seed=4, month=20)
ENGLISH = Words("en", "watch")


@pytest.fixture(scope="module")
def town() -> WatchTown:
    made = WatchTown(VIEW.scenario(), (VIEW.a, VIEW.b))
    made.reach(24)
    return made


def test_scenarios_are_those_that_were_run(town: WatchTown, tmp_path) -> None:
    for which, kind in enumerate(("scenario_a", "scenario_b")):
        path = tmp_path / "own.toml"
        path.write_bytes(make(kind, town, VIEW, ENGLISH).content)
        run = town.sides[which].simulation.scenario
        assert load_scenario(path).digest() == run.digest()


def test_files_hold_as_many_months_of_a_as_of_b_while_the_town_is_run_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = WatchTown(VIEW.scenario(), (VIEW.a, VIEW.b))
    running.reach(3)

    def slow(simulation: Any) -> Any:
        running.reach(running.reached + 2)  # as the player does in another thread
        return series(simulation)

    monkeypatch.setattr(watch_files, "series", slow)
    months = months_table(running, VIEW)
    assert months["month"].to_pylist() == [0, 1, 2, 3] * 2
    running.sides[0].step()  # A is a month ahead of B
    events = events_table(running, VIEW).to_pandas()
    assert events[events["side"] == "A"]["month"].max() <= running.reached


def test_months_are_the_outcomes_of_both_sides(town: WatchTown) -> None:
    table = months_table(town, VIEW)
    assert table.num_rows == 2 * 25
    lonely = table["lonely_share"].to_numpy().reshape(2, 25)
    assert np.array_equal(lonely, town.series(24)[:, :, 2])
    read = pa_csv.read_csv(io.BytesIO(make("months_csv", town, VIEW, ENGLISH).content))
    assert read.column_names == table.column_names
    content = make("months_parquet", town, VIEW, ENGLISH).content
    assert pq.read_table(io.BytesIO(content)).equals(table)


def test_events_are_all_there_with_numbers_from_one(town: WatchTown) -> None:
    table = events_table(town, VIEW)
    events = [event for side in town.sides for frame in side.frames for event in frame.events]
    assert table.num_rows == len(events) > 0
    people = [event.citizen + 1 for event in events if event.citizen >= 0]
    assert table["citizen"].drop_null().to_pylist() == people
    assert set(table["regime"].to_pylist()) == {"hands_off", "facilitative_dialogue"}


@pytest.mark.parametrize("colour", ["loneliness", "motivation"])
def test_a_picture_shows_everybody(town: WatchTown, colour: str) -> None:
    view = VIEW.changed(colour=colour)
    towns, _ = picture(town, view, ENGLISH)
    for shown, side in zip(towns, town.sides, strict=True):
        frame = side.frames[20]
        drawn = sum(len(dots.points) for dots in (*shown.citizens, *shown.volunteers))
        assert drawn == town.citizens
        assert len(shown.initiatives) == len(frame.initiatives)
        assert len(shown.links) == len(frame.participants)


def test_pictures_are_files(town: WatchTown) -> None:
    png = make("picture_png", town, VIEW, ENGLISH)
    assert png.name == "velfaerd-town-month-20.png"
    assert png.content.startswith(b"\x89PNG")
    svg = make("picture_svg", town, VIEW, ENGLISH).content.decode()
    assert svg.startswith("<svg")
    assert "Hands off" in svg
    assert VIEW.scenarios()[0].digest()[:12] in svg


def test_an_unknown_file_is_refused(town: WatchTown) -> None:
    assert len(set(KINDS)) == len(KINDS)
    with pytest.raises(InputError, match="file"):
        make("../etc/passwd", town, VIEW, ENGLISH)
