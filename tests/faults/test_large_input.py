"""Input is bounded before it is parsed."""

import time
from pathlib import Path

import pytest

from faults.records import made, written
from velfaerd_sim.cli.main import main
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.toml_files import read_toml

LARGE = {
    "quoted parts": '"\\"".' * 16_000 + '"\\"" = 1',
    "plain parts": "a." * 40_000 + "a = 1",
    "a header of parts": "[" + "a." * 40_000 + "a]",
    "parts in a table": "x = {" + "a . " * 40_000 + "a = 1}",
    "keys of 200 parts": "\n".join(f"k{n}." + "a." * 199 + "a = 1" for n in range(20_000)),
    "headers": "\n".join(f"[a{n}]" for n in range(300_000)),
    "quotes": '"' * 500_000 + "." * 30,
    "a long word": "a" * 500_000 + "." * 30,
    "values": "x = [" + "7, " * 800_000 + "]",
    "keys": "\n".join(f"k{n} = 1" for n in range(300_000)),
    "inline tables": "x = [" + "{a = 1}, " * 150_000 + "]",
    "a text without end": f'x = "{"a" * 5_000_000}"',
}


@pytest.mark.parametrize("name", LARGE)
def test_a_small_file_cannot_take_the_machine(name: str, tmp_path: Path) -> None:
    """M2."""
    path = tmp_path / "study.toml"
    path.write_text(LARGE[name], encoding="utf-8")
    started = time.process_time()
    with pytest.raises(InputError, match=r"study\.toml(, line \d+)?: "):
        read_toml(path)
    assert time.process_time() - started < 2.0


def test_what_people_write_is_read(tmp_path: Path) -> None:
    """M2: nothing else is refused."""
    path = tmp_path / "study.toml"
    numbers = ", ".join(f"{n / 7:.3f}" for n in range(1000))
    text = "A sentence. " * 50 + "1.2.3"
    path.write_text(f'x = [{numbers}]\nt = "{text}"\n[a.b.c]\nd.e.f = 1\n', encoding="utf-8")
    content = read_toml(path)
    assert content["t"] == text
    assert content["a"]["b"]["c"]["d"]["e"]["f"] == 1


@pytest.mark.parametrize("sample", ["1e9", "1000000000", "0", "9" * 5000, "nan"])
def test_a_sample_is_checked_before_anything_is_done(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """M2: the model is not even compiled."""
    monkeypatch.setattr("velfaerd_sim.cli.terminal.compile_once", pytest.fail)
    assert main(["verify", str(written(tmp_path, made())), "--sample", sample]) == 2
    assert "--sample: " in capsys.readouterr().err
