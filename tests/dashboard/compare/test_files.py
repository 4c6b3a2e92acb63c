"""Files of a view: made by a study, kept for the view, removed with the session."""

from __future__ import annotations

import csv
import io
import shlex
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import cast

import pyarrow.parquet as pq
import pytest

from velfaerd_sim.cli.main import main
from velfaerd_sim.dashboard.compare.files import Exports, command_of
from velfaerd_sim.dashboard.compare.results import SHOWN
from velfaerd_sim.dashboard.compare.view import CompareView, scenario_from_text
from velfaerd_sim.dashboard.frame.work import Job
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.inputs.towns import Town

SMALL = CompareView(
    town=Town(code=1, name="Stylised town", kind="rural", adults=200), months=12, burn_in_months=6
)


def test_a_scenario_is_the_one_that_runs() -> None:
    for side in ("a", "b"):
        file = Exports().make(f"scenario_{side}", SMALL)
        found = scenario_from_text(file.content.decode(), file.name)
        assert found.digest() == SMALL.scenario(side).digest()


def test_data_comes_from_one_study_of_the_view() -> None:
    exports = Exports()
    rows = list(csv.DictReader(io.StringIO(exports.make("series_csv", SMALL).content.decode())))
    assert len(rows) == 2 * SMALL.replicates * (SMALL.months + 1)
    assert set(SHOWN) < set(rows[0])
    table = pq.read_table(io.BytesIO(exports.make("series_parquet", SMALL).content))
    assert len(table) == len(rows)
    effects = csv.DictReader(io.StringIO(exports.make("effects_csv", SMALL).content.decode()))
    assert {row["baseline"] for row in effects} == {"municipal_baton"}
    groups = list(csv.DictReader(io.StringIO(exports.make("groups_csv", SMALL).content.decode())))
    assert {row["grouping"] for row in groups} == {"all", "age_band", "known"}
    assert {"gainers_share", "gainers_low", "gainers_high", "losers_low"} < set(groups[0])
    folder = Path(exports._folder.name)  # type: ignore[union-attr]
    assert (folder / "study" / "study.json").exists()
    exports.make("effects_csv", replace(SMALL, seed=2))
    assert not folder.exists()
    last = Path(exports._folder.name)  # type: ignore[union-attr]
    exports.close()
    assert not last.exists()


def test_work_that_was_called_off_ends() -> None:
    job = Job([], lambda news: None)
    job.cancel()
    exports = Exports()
    with pytest.raises(CalledOffError):
        exports.make("series_csv", replace(SMALL, seed=3), job)
    exports.close()


def test_a_session_that_closes_while_a_file_is_made_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    exports, looks = Exports(), []

    class Closing:
        """A job whose session closes at the third look, as from another thread."""

        @property
        def cancelled(self) -> bool:
            looks.append(len(list(tmp_path.iterdir())))
            if len(looks) == 3:
                exports.close()
            return len(looks) >= 3

    with pytest.raises(CalledOffError):
        exports.make("series_csv", replace(SMALL, seed=4), cast(Job, Closing()))
    assert looks[:3] == [1, 1, 1]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CalledOffError):
        exports.make("series_csv", SMALL)
    assert list(tmp_path.iterdir()) == []


def test_report_and_figures_are_in_the_language_of_the_page() -> None:
    exports = Exports()
    english = exports.make("report", SMALL).content.decode()
    danish = exports.make("report", SMALL, language="da").content.decode()
    figure = exports.make("figure_svg", SMALL, language="da").content.decode()
    exports.close()
    assert '<html lang="en">' in english
    assert '<html lang="da">' in danish
    assert "måneder siden styringsformerne skiltes" in figure
    for page in (english, danish):
        assert command_of(SMALL) in page


def test_the_command_of_a_report_does_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    moved = replace(SMALL, b=SMALL.b.with_instrument("dialogue", 0.35))
    exports = Exports()
    scenario = exports.make("scenario_b", moved).content.decode()
    Path("velfaerd-a.toml").write_bytes(exports.make("scenario_a", moved).content)
    own = scenario.partition("[regime]\n")[2].partition("\n[")[0]
    Path("my_b.toml").write_text(own, encoding="utf-8")
    for view in (moved, replace(moved, worlds=True)):
        line = shlex.split(command_of(view))
        assert "my_b.toml" in line
        assert main([*line[1:], "--overwrite", "--workers", "1"]) == 0
        data = exports.make("series_parquet", view).content
        theirs = pq.read_table("results/same/series.parquet").drop_columns("regime")
        assert theirs.equals(pq.read_table(io.BytesIO(data)).drop_columns("regime"))
    exports.close()
    assert command_of(replace(moved, b=moved.a)) == ""
