"""The language of a browser; links; uploads; colours."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.session import preferred
from velfaerd_sim.dashboard.frame.theme import COLOURS
from velfaerd_sim.dashboard.parts.downloads import checked_upload, csv_bytes, xlsx_bytes
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.csv_files import csv_rows


def test_the_language_of_a_browser() -> None:
    assert preferred("da-DK,da;q=0.9,en;q=0.8") == "da"
    assert preferred("en-GB,da;q=0.5") == "en"
    assert preferred("nb") == "da"
    assert preferred("") == "en"


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(min_size=1), max_size=8))
def test_a_query_is_read_as_it_was_written(values: dict[str, str]) -> None:
    assert values_of(query_of(values)) == values


def test_too_long_a_query_is_none() -> None:
    assert values_of("a=" + "x" * 5000) == {}
    assert values_of("&".join(f"a{n}=1" for n in range(200))) == {}
    assert values_of(None) == {}


def test_uploads_are_checked_as_any_input() -> None:
    good = checked_upload({"key": "a", "name": "x.toml", "text": "seed = 1"}, {"a"})
    assert good.text == "seed = 1"
    assert checked_upload({"key": "a", "name": "x\n" * 90, "text": ""}, {"a"}).name == "file"
    for bad in (
        None,
        [],
        {"key": "z", "name": "x", "text": ""},
        {"key": "a", "name": "x", "text": None},
        {"key": "a", "name": "x", "text": "x" * 200_001},
        {"key": "a", "name": "x", "text": b"x"},
    ):
        with pytest.raises(InputError):
            checked_upload(bad, {"a"})


def test_csv_has_a_header_and_dots() -> None:
    table = pa.table({"a": [1.5, None], "b": ["x;y", "z"], "c": [1, 2]})
    assert csv_bytes(table) == b'"a","b","c"\n1.5,"x;y",1\n,"z",2\n'


def test_a_danish_table_opens_in_a_danish_spreadsheet_and_reads_back(tmp_path: Path) -> None:
    table = pa.table({"a": [1.5, -1e-9], "b": ["x;y", "æ"], "c": [1000, 2]})
    content = csv_bytes(table, "da")
    assert content == '\ufeffa;b;c\n1,5;"x;y";1000\n-1e-09;æ;2\n'.encode()
    (tmp_path / "t.csv").write_bytes(content)
    columns, rows = csv_rows(tmp_path / "t.csv", "columns")
    assert columns == ["a", "b", "c"]
    assert [row for _, row in rows] == [(1.5, "x;y", 1000.0), (-1e-9, "æ", 2.0)]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "card", "stripe")),
        *((ink, "card") for ink in ("a", "b", "gain", "loss", "accent")),
        ("header_soft", "header"),
        ("warn", "warn_soft"),
    ],
)
def test_texts_can_be_read(ink: str, ground: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[ground]) >= 4.5


def test_colours_are_written_as_such() -> None:
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in COLOURS.values())


def test_a_workbook_holds_numbers_as_numbers_and_texts_as_texts():
    columns = {"a": [1.5, float("nan")], "b": ["=1+1", None], "c": [True, False], "d": [3, None]}
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(pa.table(columns)))) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    cells = dict(re.findall(r'<c r="([A-D][23])"[^>]*?(?:/>|><v>(.*?)</v>)', sheet))
    assert "<f>" not in sheet
    assert "=1+1" in texts
    assert (cells["A2"], cells["C2"], cells["C3"], cells["D2"]) == ("1.5", "1", "0", "3")
    assert not {"A3", "B3", "D3"} & cells.keys()
