"""Verification: a changed byte, number or parameter is caught and named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from studies.small import REGIMES, compared, three_towns
from velfaerd_sim.engine import record
from velfaerd_sim.engine import verify as engine_verify
from velfaerd_sim.engine.differences import first_difference
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.engine.store import sha256
from velfaerd_sim.errors import InputError, StudyError, VerificationError
from velfaerd_sim.studies.compare import plan
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.compare.plan import ComparisonPlan
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.verification import verify

FILES = (
    "series",
    "gains",
    "effects",
    "levels",
    "bands",
    "groups",
    "staff_hours",
    "staff_hours_runs",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verification") / "study"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ComparisonPlan, "bytes_per_row", lambda _: 16e6 / 12)  # 4 in a row group
        compared(folder, hours=[4, 60], hours_replicates=2)
    return folder


@pytest.fixture
def study(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ComparisonPlan, "bytes_per_row", lambda _: 16e6 / 12)
    return Path(shutil.copytree(original, tmp_path / "study"))


def edit_record(folder: Path, change: Callable[[dict[str, Any]], None], sign: bool = False) -> None:
    path = folder / "study.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    text = record.text(content) if sign else json.dumps(content)
    path.write_text(text, encoding="utf-8")


def edit_number(folder: Path, name: str, column: str, row: int, sign: bool) -> None:
    """Change one number in a table, and if `sign`, also the digests that stand for it."""
    path = folder / name
    first = pq.ParquetFile(path).metadata.row_group(0).num_rows
    table = pq.read_table(path)
    numbers = table.column(column).to_numpy().copy()
    numbers[row] = np.nextafter(numbers[row], 1e9) if numbers.dtype.kind == "f" else 5
    index = table.column_names.index(column)
    table = table.set_column(index, column, pa.array(numbers))
    pq.write_table(table, path, row_group_size=first)
    if sign:
        edit_record(folder, lambda r: r["files"][name].update(sha256=sha256(path)), sign=True)


def refused(folder: Path, **options: Any) -> str:
    with pytest.raises(VerificationError) as caught:
        verify(folder, **options)
    assert caught.value.exit_code == 1
    return str(caught.value)


def test_an_untouched_study_verifies(study: Path) -> None:
    seen: list[Advance] = []
    found = verify(study, progress=seen.append)
    assert set(found.files) == {f"{name}.parquet" for name in FILES} | {"study.json"}
    assert (found.runs, found.of_runs) == (42, 42)
    assert found.notes == ()
    assert "42 of 42 runs were recomputed and agree bit for bit" in str(found)
    done = [each.done for each in seen]
    assert done == sorted(done)
    assert seen[-1].done == seen[-1].total


def test_a_sample_is_spread_over_the_study(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify(study, sample=3).runs == 3 * 3
    assert verify(study, sample=1, workers=1).runs == 3
    monkeypatch.setattr(plan, "SMALL", 1.0)
    assert verify(study).runs == 4 * 3
    with pytest.raises(InputError, match="sample: 0"):
        verify(study, sample=0)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
def test_a_changed_byte_is_caught(name: str, part: float, study: Path) -> None:
    path = study / f"{name}.parquet"
    content = bytearray(path.read_bytes())
    content[int(part * len(content))] ^= 4
    path.write_bytes(content)
    assert f"{name}.parquet was changed after it was written" in refused(study, sample=1)


def test_a_changed_number_is_named_by_row_and_column(study: Path) -> None:
    edit_number(study, "series.parquet", "lonely_share", 19 * 4 + 5, sign=False)
    words = refused(study)
    assert "series.parquet was changed" in words
    place = "row 81 (regime rigid_rules, replicate 1, municipality 1, month 5), column lonely_share"
    assert place in words


FORGED = [
    ("series.parquet", "joins", 3),
    ("series.parquet", "seed", 300),
    ("gains.parquet", "losers", 2),
    ("effects.parquet", "difference", 7),
    ("bands.parquet", "high", 70),
    ("groups.parquet", "gainers_high", 1),
    ("staff_hours_runs.parquet", "lonely_share", 4),
    ("staff_hours.parquet", "ci_low", 4),
]


@pytest.mark.parametrize(("name", "column", "row"), FORGED)
def test_a_number_changed_with_its_digests_is_caught_too(
    name: str, column: str, row: int, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_verify, "TOLERANCE", 0.0)
    edit_number(study, name, column, row, sign=True)
    words = refused(study)
    assert name in words
    assert f"column {column}" in words or "row" in words


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("parameters", "contagion_strength"), 0.5),
        (("scenario", "seed"), 8),
        (("scenario", "months"), 19),
        (("design", "replicates"), 9),
        (("package", "version"), "9.9"),
        (("counts", "failed"), 1),
    ],
)
def test_a_changed_record_is_caught(place: tuple[str, str], value: object, study: Path) -> None:
    edit_record(study, lambda content: content[place[0]].update({place[1]: value}))
    words = refused(study)
    assert "study.json was changed after it was written" in words
    if place[0] == "parameters":
        assert "parameter contagion_strength is 0.5, by the scenario it is" in words


def test_a_changed_parameter_with_a_new_fingerprint_is_caught(study: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["parameters"]["contagion_strength"] = 0.05

    edit_record(study, change, sign=True)
    assert "series.parquet: row" in refused(study)


def test_times_and_the_command_may_change(study: Path) -> None:
    edit_record(study, lambda content: content.update(command="another", times={}))
    assert verify(study, sample=1).runs


def test_files_that_do_not_fit_the_record_are_refused(study: Path) -> None:
    for name in ("series", "gains", "staff_hours_runs"):
        table = pq.read_table(study / f"{name}.parquet")
        pq.write_table(table.slice(0, len(table) // 3), study / f"{name}.parquet")
        assert f"{name}.parquet was changed" in refused(study, sample=1)
    edit_record(study, lambda content: content.pop("design"), sign=True)
    with pytest.raises(StudyError, match="design is missing"):
        verify(study, sample=1)


def test_a_missing_file_is_named(study: Path) -> None:
    (study / "levels.parquet").unlink()
    assert "levels.parquet is missing" in refused(study)
    (study / "study.json").unlink()
    with pytest.raises(InputError, match=r"study\.json is missing"):
        verify(study)


def test_another_version_of_the_program_is_said(study: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["package"]["source_digest"] = "0" * 64

    edit_record(study, change, sign=True)
    found = verify(study, sample=1)
    assert "another version of the program, with the same model" in found.notes[0]


def test_another_version_of_the_model_is_said(study: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["package"].update(source_digest="0" * 64, model_digest="0" * 64)

    edit_record(study, change, sign=True)
    found = verify(study, sample=1)
    assert "made by another version of the model" in found.notes[0]
    edit_number(study, "series.parquet", "joins", 0, sign=True)
    assert "made by another version of the model" in refused(study)


def test_a_single_run_verifies(tmp_path: Path) -> None:
    run_single(three_towns(), out=tmp_path / "run", workers=2)
    found = verify(tmp_path / "run")
    assert (found.runs, found.of_runs) == (1, 1)
    edit_number(tmp_path / "run", "series.parquet", "lonely_share", 17, sign=True)
    assert "municipality 101, month 2" in refused(tmp_path / "run")


def test_a_study_with_own_regimes_and_parameters_verifies_from_its_record(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('based_on = "hands_off"\ndialogue = 0.9\nespoused_gap = 0.3\n')
    parameters = {"hours_per_1000": 12.0, "contagion_strength": 0.01}
    compare(
        [REGIMES[0], own], three_towns(), replicates=2, parameters=parameters, out=tmp_path / "s"
    )
    own.unlink()
    assert verify(tmp_path / "s").runs == 4


def test_an_interrupted_study_verifies_as_far_as_it_is(tmp_path: Path) -> None:
    def stop(advance: Advance) -> None:
        if advance.runs_done >= 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compared(tmp_path / "study", progress=stop, workers=1)
    found = verify(tmp_path / "study")
    assert found.notes == ("the study did not run to its end",)
    assert found.runs == found.of_runs >= 9


def test_a_folder_without_a_study(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="folder: "):
            verify(path)


def test_first_difference_says_where() -> None:
    table = pa.table({"regime": ["a", "b"], "x": [1.0, None]})
    assert first_difference(table, table) is None
    near = pa.table({"regime": ["a", "b"], "x": [1.0 + 1e-15, None]})
    words = first_difference(table, near)
    assert words is not None
    assert words.startswith("row 0 (regime a), column x: 1.0 is recorded")
    assert first_difference(table, near, 1e-12) is None
    other = pa.table({"regime": ["a", "c"], "x": [1.0, 2.0]})
    assert "row 1 (), column regime: 'b' is recorded, 'c' comes out" in str(
        first_difference(table, other)
    )
    assert "nothing is recorded" in str(first_difference(table.select(["x"]), other.select(["x"])))
    assert "2 rows instead of 1" in str(first_difference(table, table.slice(0, 1)))
    assert "columns ['regime'] instead of []" in str(first_difference(table, table.select(["x"])))
    whole = pa.table({"regime": ["a", "b"], "x": pa.array([1, 2])})
    assert "holds double instead of int64" in str(first_difference(table, whole))
