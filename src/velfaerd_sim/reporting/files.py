"""Writing files whole: under a temporary name first, so that no half of one is ever left."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from velfaerd_sim.errors import StorageError

REPORT, BRIEF, FIGURES_FOLDER = "report.html", "brief.html", "figures"


def report_path(folder: Path, language: str = "en") -> Path:
    """Where the report of a study stands: report.html, in Danish report.da.html."""
    return folder / (REPORT if language == "en" else f"report.{language}.html")


def brief_path(folder: Path, language: str = "en") -> Path:
    """Where the one page for those who decide stands: brief.html, in Danish brief.da.html."""
    return folder / (BRIEF if language == "en" else f"brief.{language}.html")


def figures_path(folder: Path, language: str = "en") -> Path:
    """Where its figures stand: figures, in Danish figures.da."""
    return folder / (FIGURES_FOLDER if language == "en" else f"{FIGURES_FOLDER}.{language}")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, and the folder it lies in. Raises StorageError where the disk fails."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"cannot write {path}: {reason}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def csv_text(table: pd.DataFrame, digits: int = 6) -> str:
    """A table as CSV; numbers with so many significant digits, so that files stay small."""
    rounded = table.copy()
    for name in rounded.select_dtypes("float").columns:
        rounded[name] = [float(f"{value:.{digits}g}") for value in rounded[name]]
    return str(rounded.to_csv(index=False, lineterminator="\n"))


def danish_csv_text(table: pd.DataFrame) -> str:
    """A table as CSV with semicolons and decimal commas, with all digits."""
    return str(table.to_csv(sep=";", decimal=",", index=False, lineterminator="\n"))


def parquet_bytes(table: pa.Table) -> bytes:
    """The content of a Parquet file with a table."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def write_table(table: pd.DataFrame, folder: Path, name: str) -> Path:
    """Write a table as Parquet and CSV; gives the path of the CSV file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    write_whole(folder / f"{name}.parquet", buffer.getvalue())
    path = folder / f"{name}.csv"
    write_whole(path, table.to_csv(index=False, lineterminator="\n").encode())
    return path
