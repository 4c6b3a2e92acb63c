"""The first use: what is compiled is counted, and the share of the time only grows."""

from pathlib import Path

import pytest

from velfaerd_sim import compiled
from velfaerd_sim.cli import first_use, terminal


def test_functions_are_those_that_are_compiled() -> None:
    known = {each.__qualname__ for each in map(_python, compiled._decorators) if each is not None}
    assert len(known) > 150
    assert 0.9 * len(known) <= first_use.functions() <= len(compiled._decorators)


def _python(function: object) -> object:
    return getattr(function, "py_func", None)


def test_the_share_of_the_time_grows_from_nothing_to_all() -> None:
    shares = [first_use.share_of_time(k / 100) for k in range(101)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares[50] < 0.5, "functions that call others come last and take longer"


AS_IT_WENT = {
    10: 13,
    34: 28,
    45: 41,
    54: 68,
    64: 95,
    74: 119,
    84: 162,
    104: 181,
    124: 196,
    138: 205,
}
"""Seconds on a busy machine, and how many of 217 functions were compiled by then; it took 146."""


@pytest.mark.parametrize("second", [s for s in AS_IT_WENT if 20 < s < 130])
def test_what_is_left_is_told_to_within_a_half(second: int) -> None:
    left = first_use.seconds_left(second, first_use.share_of_time(AS_IT_WENT[second] / 217))
    assert left == pytest.approx(146 - second, rel=0.5)


def test_nothing_is_told_of_what_is_left_before_anything_is_known() -> None:
    assert first_use.seconds_left(3.0, 0.01) is None
    assert first_use.seconds_left(30.0, 1.0) == 0.0


def test_a_function_of_the_package_is_told_of_and_another_is_not() -> None:
    import numba

    told: list[str] = []

    def ours(x: float) -> float:
        return 2.0 * x

    def theirs(x: float) -> float:
        return 3.0 * x

    ours.__module__ = "velfaerd_sim.somewhere"
    with first_use.listening(told.append):
        assert numba.njit(ours)(1.0) == 2.0
        assert numba.njit(theirs)(1.0) == 3.0
    assert [name.rpartition(".")[2] for name in told] == ["ours"]
    assert told[0].startswith("velfaerd_sim.somewhere.")


def test_the_course_counts_each_function_once_over_both_processes() -> None:
    told: list[float] = []
    course = first_use.Course(told.append)
    for name in ("a", "b", "a"):
        course.note(name)
    course.note_and_tell("b")
    assert told == [first_use.share_of_time(2 / first_use.functions())]


def test_it_is_said_before_and_only_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shares: list[float] = []

    def compile_model(tell: object) -> None:
        shares.append(0.5)
        tell(0.5)  # type: ignore[operator]

    monkeypatch.setattr(first_use, "compile_model", compile_model)
    monkeypatch.setattr(compiled, "is_warm", lambda: False)
    terminal.compile_once()
    assert "Compiling the model for this machine, once" in capsys.readouterr().err
    assert shares == [0.5]
    monkeypatch.setattr(compiled, "is_warm", lambda: True)
    terminal.compile_once()
    assert capsys.readouterr().err == ""
    assert shares == [0.5]


def test_it_is_said_when_one_function_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    terminal.tell_of_compiling("run_twin")
    assert "Compiling" in capsys.readouterr().err
    (tmp_path / "months.run_twin.nbi").touch()
    terminal.tell_of_compiling("run_twin")
    assert not capsys.readouterr().err
