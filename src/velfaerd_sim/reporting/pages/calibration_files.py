"""The tables of a calibration as files: a CSV and a Parquet file each, in `tables/`."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from velfaerd_sim.analysis.calibration import Findings
from velfaerd_sim.reporting.files import write_whole

FOLDER = "tables"


def write_tables(found: Findings) -> list[Path]:
    """Write targets, parameters and pairs beside the calibration; gives the paths of the CSV files.

    Raises StorageError where the disk fails.
    """
    tables = {"targets": found.targets, "parameters": found.parameters, "pairs": found.pairs}
    return [write_table(table, found.folder / FOLDER, name) for name, table in tables.items()]


def write_table(table: pd.DataFrame, folder: Path, name: str) -> Path:
    """Write a table as Parquet and CSV; gives the path of the CSV file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    write_whole(folder / f"{name}.parquet", buffer.getvalue())
    path = folder / f"{name}.csv"
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode())
    return path
