"""The command line: help that teaches, tables, and answers to what it cannot read."""

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
import typer

from velfaerd_sim import __version__
from velfaerd_sim.cli import main as cli
from velfaerd_sim.cli import options, questions
from velfaerd_sim.cli.bundles import Changes, Execution, Rewriting
from velfaerd_sim.errors import InputError, VerificationError
from velfaerd_sim.inputs.parameters import BY_NAME, lever_names
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import SCENARIOS, load_scenario

COMMANDS = ("run", "compare", "report", "verify", "parameters", "regimes", "outcomes")
Answer = tuple[int, str, str]
Velfaerd = Callable[..., Answer]


@pytest.fixture
def velfaerd(capsys: pytest.CaptureFixture[str]) -> Velfaerd:
    """Run a command line in this process: exit code, standard output, standard error."""

    def call(*arguments: object) -> Answer:
        code = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def test_help_names_every_command(velfaerd: Velfaerd) -> None:
    code, out, err = velfaerd("--help")
    assert (code, err) == (0, "")
    assert all(f"  {command} " in out for command in COMMANDS)
    assert "Examples:" in out


def test_alone_it_shows_the_questions_each_with_its_command(velfaerd: Velfaerd) -> None:
    code, out, err = velfaerd()
    assert (code, err) == (0, "")
    assert all(f"      velfaerd {command}" in out for command in options.COMMANDS)
    shown = re.findall(r"^      velfaerd (\w+)(.*)$", out, re.MULTILINE)
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for command, rest in shown:
        known = {name for one in commands[command].params for name in one.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known


def test_a_command_that_nobody_asked_for_is_shown_too() -> None:
    found = list(questions.lines({"run": "Simulate", "towns": "List the towns"}))
    assert found[1:3] == [
        "\n  What happens in a town under one way of governing?\n"
        "      velfaerd run --regime facilitative_dialogue --out results/one",
        "\n  List the towns\n      velfaerd towns --help",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(velfaerd: Velfaerd, command: str) -> None:
    code, out, err = velfaerd(command, "--help")
    assert (code, err) == (0, "")
    assert f"velfaerd {command}" in out
    assert "{" not in out
    assert "<" not in out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.parametrize("command", ["run", "compare", "report", "verify", "claims", "sweep"])
def test_help_gives_examples(velfaerd: Velfaerd, command: str) -> None:
    out = velfaerd(command, "--help")[1]
    assert f"Examples:\n    velfaerd {command} " in out


@pytest.mark.parametrize("command", ["run", "compare"])
def test_help_teaches(velfaerd: Velfaerd, command: str) -> None:
    out = velfaerd(command, "--help")[1]
    words = " ".join(out.split())
    baseline = load_scenario("baseline")
    assert "Examples:" in out
    assert f"({baseline.months} in baseline)" in words
    assert f"({baseline.adults} in baseline)" in words
    assert all(name in words for name in SCENARIOS)
    for name in lever_names():
        assert f"{name} " in words
        assert BY_NAME[name].unit in words
    if command == "compare":
        assert all(name in words for name in REGIMES)
        assert f"default: {options.DEFAULT_REPLICATES}" in words


def test_an_option_says_the_same_in_every_command() -> None:
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    shared = set(Rewriting.__dataclass_fields__) | set(Changes.__dataclass_fields__)
    told: dict[str, set[tuple[object, ...]]] = {}
    studies = ("compare", "sweep", "calibrate", "claims", "validate", "robustness")
    for name in ("run", *studies):
        for one in commands[name].params:
            if one.name in shared:
                told.setdefault(one.name, set()).add((tuple(one.opts), one.metavar, one.help))
    assert set(told) == shared
    assert {name for name, ways in told.items() if len(ways) > 1} == set()
    for name in studies:
        known = {one.name for one in commands[name].params}
        assert set(Execution.__dataclass_fields__) <= known


@pytest.mark.parametrize("arguments", [[], ["run"], ["compare"], ["verify"]])
def test_help_comes_at_once_and_loads_nothing_heavy(arguments: list[str]) -> None:
    heavy = ("mesa", "numba", "pandas", "matplotlib", "scipy", "pyarrow")
    code = (
        "import sys\nfrom velfaerd_sim.cli.main import main\n"
        f"code = main({[*arguments, '--help']})\n"
        f"sys.exit(code or ', '.join(m for m in {heavy} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.stderr.strip()  # its seconds are measured in benchmarks/run.py


def test_version(velfaerd: Velfaerd) -> None:
    assert velfaerd("--version") == (0, f"velfaerd {__version__}\n", "")


def test_the_module_is_the_command() -> None:
    line = [sys.executable, "-m", "velfaerd_sim", "--version"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout == f"velfaerd {__version__}\n"


@pytest.mark.parametrize("command", ["parameters", "regimes", "outcomes"])
def test_tables(velfaerd: Velfaerd, command: str) -> None:
    code, text, err = velfaerd(command)
    assert (code, err) == (0, "")
    rows = json.loads(velfaerd(command, "--format", "json")[1])
    assert all(row["name"] in text for row in rows)
    assert velfaerd(command, "--format=markdown")[1].startswith("| ")
    one = rows[1]["name"]
    assert [row["name"] for row in json.loads(velfaerd(command, one, "--format", "json")[1])] == [
        one
    ]


UNREADABLE = [
    (["parametrs"], ["parametrs", "one of run, compare", "did you mean 'parameters'?"]),
    (["comparee", "--help"], ["comparee", "did you mean 'compare'?"]),
    (["--verion"], ["--verion", "did you mean '--version'?"]),
    (["run", "--mnths", "3"], ["velfaerd run", "--mnths", "did you mean '--months'?"]),
    (["compare", "--replicate=3"], ["velfaerd compare", "--replicate", "'--replicates'?"]),
    (["run"], ["velfaerd run: --out: nothing is given", "folder for the results"]),
    (["compare", "--out", "x"], ["velfaerd compare: REGIME: nothing is given", "baseline"]),
    (["verify"], ["velfaerd verify: DIR: nothing is given", "folder"]),
    (["report"], ["velfaerd report: DIR: nothing is given", "folder"]),
    (["report", "a", "b"], ["velfaerd report", "b", "--help"]),
    (["parameters", "--format"], ["--format", "--help"]),
    (["parameters", "--format", "xml"], ["--format: 'xml'", "text, json, markdown"]),
    (["parameters", "hours_per_100"], ["NAME", "did you mean 'hours_per_1000'?"]),
    (["regimes", "rigd_rules"], ["NAME: 'rigd_rules'", "did you mean 'rigid_rules'?"]),
    (["outcomes", "lonely_shre"], ["NAME: 'lonely_shre'", "did you mean 'lonely_share'?"]),
]


@pytest.mark.parametrize(("arguments", "parts"), UNREADABLE)
def test_what_cannot_be_read(velfaerd: Velfaerd, arguments: list[str], parts: list[str]) -> None:
    code, out, err = velfaerd(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert all(part in err for part in parts), err


def test_an_unexpected_error_is_one_line(
    velfaerd: Velfaerd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("the roof\nfell in")

    monkeypatch.setattr("velfaerd_sim.telling.tables_of_inputs.regimes_table", fail)
    monkeypatch.delenv("VELFAERD_DEBUG", raising=False)
    code, out, err = velfaerd("regimes")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "RuntimeError: the roof fell in; run with VELFAERD_DEBUG=1" in err
    monkeypatch.setenv("VELFAERD_DEBUG", "1")
    assert "Traceback" in velfaerd("regimes")[2]


def test_too_little_memory_is_said(velfaerd: Velfaerd, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise MemoryError

    monkeypatch.setattr("velfaerd_sim.telling.tables_of_inputs.regimes_table", fail)
    code, _, err = velfaerd("regimes")
    assert code == 1
    assert "memory" in err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "stopped by Ctrl-C"),
        (OSError(28, "No space left on device", "a.parquet"), 1, "a.parquet: No space left"),
        (VerificationError("one is two"), 1, "one is two"),
    ],
)
def test_other_ends(
    velfaerd: Velfaerd,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr("velfaerd_sim.telling.tables_of_inputs.regimes_table", fail)
    found, out, err = velfaerd("regimes")
    assert (found, out) == (code, "")
    assert err.startswith("error: ")
    assert words in err


def test_a_reader_may_leave() -> None:
    line = f"{sys.executable} -m velfaerd_sim parameters | head -n 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout == "GOVERNANCE\n"
    assert done.stderr == ""


def test_a_terminal_without_danish_letters() -> None:
    line = [sys.executable, "-m", "velfaerd_sim", "regimes"]
    done = subprocess.run(line, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_texts_of_options_as_values() -> None:
    assert options.number("12") == 12
    assert isinstance(options.number("12"), int)
    assert options.number("-1.5e2") == -150.0
    assert options.number("9" * 400) == int("9" * 400)
    assert options.number(None) is None
    for text in ("ten", "", "1_000", "0x10", "nan", "-inf", "9" * 5000):
        assert options.number(text) == text
    assert options.settings(["a=1", " b = 0.5", "c=x=y"]) == {"a": 1, "b": 0.5, "c": "x=y"}
    assert options.settings([]) is None
    for texts in (["a"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(InputError, match="--set"):
            options.settings(texts)
    assert options.levels(None) is None
    assert options.levels("default") is True
    assert options.levels("4,12.5") == [4, 12.5]


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("months", "--months"),
        ("max_replicates", "--max-replicates"),
        ("parameters.espoused_gap", "--set espoused_gap"),
        ("parameters", "--set"),
        ("regimes[2]", "regime 2"),
        ("regimes[2]: mine.toml: dialogue", "regime 2: mine.toml: dialogue"),
        ("scenario: town.toml: months", "SCENARIO: town.toml: months"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_places_as_options(place: str, wanted: str) -> None:
    assert options.place(place, {"scenario": "SCENARIO"}) == wanted
