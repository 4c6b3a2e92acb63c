"""CSV files: read with errors that name file and line; commas, or semicolons as in Denmark."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError, located
from velfaerd_sim.inputs.toml_files import read_text

Row = tuple[Any, ...]
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")


def csv_rows(path: Path, header_of: str) -> tuple[list[str], list[tuple[str, Row]]]:
    """Header and rows of a CSV file, each row with its place; a text that is no number stays one.

    header_of: what the header names, for the message where the file is empty. Raises InputError
    with file and line.
    """
    lines = read_text(path).splitlines()
    header = lines[0] if lines else ""
    danish = ";" in header and "," not in header
    reader = csv.reader(lines, delimiter=";" if danish else ",")
    columns: list[str] = []
    rows: list[tuple[str, Row]] = []
    with located(path.name):
        try:
            for cells in reader:
                place = f"line {reader.line_num}"
                if not columns:
                    columns = [cell.strip() for cell in cells]
                elif any(cell.strip() for cell in cells):
                    if len(cells) != len(columns):
                        raise InputError(place, f"{len(cells)} cells", f"{len(columns)} cells")
                    rows.append((place, tuple(_number(cell, danish, place) for cell in cells)))
        except csv.Error as error:
            raise InputError(f"line {reader.line_num}", "the line", f"CSV ({error})") from None
        if not columns:
            raise InputError("", "an empty file", f"a header with the names of {header_of}")
    return columns, rows


def _number(cell: str, danish: bool, place: str) -> float | str:
    text = cell.strip()
    if danish and _THOUSANDS.fullmatch(text):
        whole, decimal = text.replace(".", ""), text.replace(".", ",", 1)
        readings = f"'{whole}' or '{decimal}'" if text.count(".") == 1 else f"'{whole}'"
        raise InputError(place, text, f"{readings}, as points may part thousands in such a file")
    try:
        return float(text.replace(",", ".") if danish else text)
    except ValueError:
        return cell
