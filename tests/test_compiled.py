"""Compilation: digests, the folder of compiled code, and arithmetic as it is written."""

import os
import re
import shutil

import numba
import numpy as np
import pytest

from velfaerd_sim import compiled


@compiled.rule
def total_of_three(a, b, c):
    return (a + b) + c


@compiled.rule
def product_and_sum(a, b, c):
    return a * b + c


@compiled.rule
def quotient(a, b):
    return a / b


@pytest.fixture
def package_copy(tmp_path, monkeypatch):
    """A copy of the package's sources that a test may change."""
    folder = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(compiled.PACKAGE_FOLDER, folder, ignore=ignored)
    monkeypatch.setattr(compiled, "PACKAGE_FOLDER", folder)
    return folder


def digests():
    return compiled.source_digest.__wrapped__(), compiled.engine_digest.__wrapped__()


def test_digests_are_sha256_of_the_package(package_copy):
    for digest in digests():
        assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digests() == digests() == (compiled.source_digest(), compiled.engine_digest())


@pytest.mark.parametrize(
    ("file", "source_moves", "engine_moves"),
    [
        ("processes/loneliness.py", True, True),
        ("population/schema.py", True, True),
        ("randomness.py", True, True),
        ("inputs/scenarios.py", True, True),
        ("engine/store.py", True, False),
        ("inputs/data/parameters.csv", True, False),
        ("inputs/data/regimes.toml", True, False),
    ],
)
def test_a_changed_file_moves_the_digests_that_it_decides(
    package_copy, file, source_moves, engine_moves
):
    source, engine = digests()
    path = package_copy / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert (digests()[0] != source, digests()[1] != engine) == (source_moves, engine_moves)


def test_a_moved_file_moves_the_digests(package_copy):
    source, engine = digests()
    (package_copy / "curves.py").rename(package_copy / "bends.py")
    assert digests()[0] != source
    assert digests()[1] != engine


def test_what_is_no_source_moves_no_digest(package_copy):
    before = digests()
    (package_copy / "notes.txt").write_text("a note")
    assert digests() == before


def test_compiled_code_is_kept_in_the_folder_that_is_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(tmp_path / "chosen"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.parent == tmp_path / "chosen"
    assert folder.is_dir()
    assert folder.name.startswith(compiled.engine_digest()[:16])
    assert folder.name.endswith(numba.__version__)


def test_without_a_folder_to_write_nothing_is_kept(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(in_the_way))
    assert compiled.cache_folder.__wrapped__() is None


def test_a_home_that_cannot_be_written_gives_way_to_the_temporary_folder(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.delenv("VELFAERD_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: os.fspath(tmp_path / "temporary"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.is_relative_to(tmp_path / "temporary")


def test_an_empty_folder_is_not_warm(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    assert not compiled.is_warm()
    (tmp_path / "month.run_town-1.py311.nbi").write_bytes(b"")
    assert compiled.is_warm()
    monkeypatch.setattr(compiled, "cache_folder", lambda: None)
    assert not compiled.is_warm()


def test_sums_are_taken_in_the_written_order():
    assert total_of_three(1e16, 1.0, -1e16) == (1e16 + 1.0) - 1e16 == 0.0
    assert total_of_three(0.1, 0.2, 0.3) == (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3)


def test_products_are_rounded_before_they_are_added():
    # A fused multiplication and addition would leave the rounding error of the product here.
    a = 1.0 + 2.0**-30
    assert product_and_sum(a, a, -(a * a)) == 0.0


def test_division_by_zero_is_infinite_and_raises_nothing():
    assert quotient(1.0, 0.0) == np.inf
    assert np.isnan(quotient(0.0, 0.0))


def test_a_rule_keeps_its_python_form():
    assert total_of_three.py_func(1.0, 2.0, 3.0) == total_of_three(1.0, 2.0, 3.0) == 6.0


def test_an_entry_leaves_the_settings_of_numba_as_they_were():
    before = numba.config.CACHE_DIR
    compiled.entry(lambda x: x)
    assert before == numba.config.CACHE_DIR
