"""Compilation: digests, the folder of compiled code, and arithmetic as it is written."""

import os
import subprocess
import sys

import numba
import numpy as np

from velfaerd_sim import compiled, digests
from velfaerd_sim.processes import matching, renewal


@compiled.rule
def total_of_three(a, b, c):
    return (a + b) + c


@compiled.rule
def product_and_sum(a, b, c):
    return a * b + c


@compiled.rule
def quotient(a, b):
    return a / b


def test_compiled_code_is_kept_in_the_folder_that_is_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(tmp_path / "chosen"))
    folder = compiled.folder_of.__wrapped__()
    assert folder.parent == tmp_path / "chosen"
    assert folder.is_dir()
    assert folder.name.startswith(digests.engine_digest()[:16])
    assert folder.name.endswith(numba.__version__)


def test_without_a_folder_to_write_nothing_is_kept(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(in_the_way))
    assert compiled.folder_of.__wrapped__() is None


def test_a_home_that_cannot_be_written_gives_way_to_the_temporary_folder(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.delenv("VELFAERD_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))
    monkeypatch.setattr(digests.tempfile, "gettempdir", lambda: os.fspath(tmp_path / "temporary"))
    folder = compiled.folder_of.__wrapped__()
    assert folder.is_relative_to(tmp_path / "temporary")


def test_an_empty_folder_is_not_warm(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    assert not compiled.is_warm()
    (tmp_path / "month.run_town-1.py311.nbi").write_bytes(b"")
    assert compiled.is_warm()
    monkeypatch.setattr(compiled, "cache_folder", lambda: None)
    assert not compiled.is_warm()


DOUBLE = """
{above}
import sys
sys.modules["velfaerd_sim.doubling"] = sys.modules[__name__]
__name__ = "velfaerd_sim.doubling"
from velfaerd_sim import compiled
compiled.engine_digest = lambda: "{digest}"
compiled.folder_of = lambda own="": __import__("pathlib").Path("{folder}")

@compiled.entry
def double(x):
    return 2 * x

double(3)
print(sum(double.stats.cache_hits.values()))
"""


def test_only_another_digest_compiles_anew(tmp_path):
    """Comments, line numbers and the time of the file do not."""

    def hits(above, digest):
        script = tmp_path / "script.py"
        script.write_text(DOUBLE.format(above=above, digest=digest, folder=tmp_path))
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert hits("", "one") == 0
    assert hits("# a comment\n# of two lines", "one") == 1
    assert hits("", "another") == 0


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


def test_kernels_without_counted_references_return_numbers_only():
    """A view that such a kernel returned would be let go of once more than it was held."""
    found = {
        name: each.py_func.__annotations__["return"]
        for module in (matching, renewal)
        for name, each in vars(module).items()
        if getattr(each, "targetoptions", {}).get("_nrt") is False
    }
    assert {"enter", "renew_block", "seek_block"} <= set(found)
    assert set(found.values()) <= {"None", "bool", "int", "float"}, found
