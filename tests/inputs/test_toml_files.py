"""TOML files: what is wrong is told with file and line; what is written reads back."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.toml_files import read_toml, toml_text


@pytest.mark.parametrize(
    ("content", "place", "allowed"),
    [
        ("a = 1\nb =\n", "f.toml, line 2", "valid TOML"),
        ("a = 1\n\na = 2\n", "f.toml, line 3", "each key and table once"),
        ("[a]\nb = 1\n[a]\n", "f.toml, line 3", "each key and table once"),
        ("a = {b = 1, b = 2}\n", "f.toml, line 1", "each key and table once"),
        ("a.b = 1\na.b.c = 2\n", "f.toml, line 2", "each key and table once"),
        ('a = "open', "f.toml, line 1", "valid TOML"),
        ("a = " + "[" * 5000, "f.toml", "valid TOML"),
        ("a = " + "1" * 5000, "f.toml", "valid TOML"),
        ("a = 1\nb = \x00", "f.toml, line 2", "valid TOML"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path, content, place, allowed):
    path = tmp_path / "f.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_toml(path)
    assert caught.value.place == place
    assert caught.value.allowed.startswith(allowed)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path):
    path = tmp_path / "f.toml"
    path.write_bytes('a = 1\nname = "Læsø"\n'.encode("latin-1"))
    with pytest.raises(InputError, match=r"f\.toml, line 2: 'byte 0xe6'.*UTF-8"):
        read_toml(path)


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path):
    path = tmp_path / "f.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_toml(path) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["", "nothing.toml", "nothing/at/all.toml", "x" * 5000, "a\0b"])
def test_what_is_not_a_file(tmp_path, name):
    with pytest.raises(InputError):
        read_toml(tmp_path / name)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_PLAIN = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXTS,
)
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3)
)


@given(st.dictionaries(_TEXTS, _VALUES, max_size=4))
def test_what_is_written_reads_back(content):
    assert tomllib.loads(toml_text(content)) == content
