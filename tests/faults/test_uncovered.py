"""Verification covers what readers open first, or says what it does not cover."""

from pathlib import Path

import pytest

from velfaerd_sim.errors import VerificationError
from velfaerd_sim.studies.run.single import run_single
from velfaerd_sim.studies.verification import verify

OPENED_FIRST = ("tables/targets.csv", "claims.md", "report.html", "figures/forest.svg")


def test_what_is_not_covered_is_named_and_what_is_covered_is_held(tmp_path: Path) -> None:
    """M5."""
    run_single(adults=300, months=3, out=tmp_path)
    assert verify(tmp_path).notes == ()
    for name in OPENED_FIRST:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("26.3")
    (note,) = verify(tmp_path).notes
    assert note.startswith("not verified, as no digest of them is held")
    assert all(name in note for name in OPENED_FIRST)
    table = tmp_path / "series.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    with pytest.raises(VerificationError, match=r"series\.parquet was changed"):
        verify(tmp_path)
