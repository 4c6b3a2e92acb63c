"""Every command that is shown anywhere can be pasted as it stands."""

import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import typer

from velfaerd_sim.cli import main as cli
from velfaerd_sim.cli import options, questions
from velfaerd_sim.inputs.checks import one_of
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.telling.words import CATALOGUE, catalogue

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "experiments").rglob("*.md")),
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(velfaerd [^`]+)`")
PLACES = {"DIR": "results/x", "TOWN": "Kolding", "H": "9", "N": "2", "P": "0.1", "ID": "C01"}
PLACES |= {"SCENARIO": "baseline", "STUDY.toml": "study.toml", "TRIAL.toml": "trial.toml"}
PLACES |= {"TOWN.toml": "town.toml", "FILE": "file.toml", "FILE.py": "file.py", "A": "hands_off"}
PLACES |= {"CALIBRATION.toml": "calibration.toml"}
PLACES |= {"B": "rigid_rules", "R1": "hands_off", "R2": "rigid_rules", "COMMAND": "run"}
"""What stands for a place in a synopsis; commands in blocks have none."""
OWN = {"chance", "towns"}
"""Commands that a recipe of docs/developing.md adds."""
GROUP: Any = typer.main.get_command(cli.app)


def commands_in(text: str) -> Iterator[str]:
    """The commands of the blocks of a page, without what a shell makes of their ends."""
    for language, code in FENCE.findall(text):
        if language in ("sh", "console", "text", ""):
            for line in re.sub(r"\\\n\s*", " ", code).splitlines():
                line = line.removeprefix("$ ").strip()
                if line.startswith("velfaerd "):
                    yield line


def words_of(line: str) -> list[str]:
    """The words of a command, without a comment and without where its output goes."""
    found = shlex.split(line, comments=True)[1:]
    return found[: found.index(">")] if ">" in found else found


def parsed(line: str) -> None:
    """Parse a command as the program does. Raises what it raises for wrong input."""
    name, *rest = words_of(line)
    if name.startswith("-"):
        assert GROUP.make_context("velfaerd", [name, *rest]) is not None
        return
    command = GROUP.commands[name]
    try:
        context = command.make_context(name, rest)
    except typer.Exit:  # --help, --example
        return
    if name == "compare":
        for regime in context.params["regimes"]:
            if not regime.endswith(".toml"):
                one_of(regime, "regime", tuple(REGIMES))


def in_pages() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for line in commands_in(path.read_text(encoding="utf-8")):
            if words_of(line)[0] not in OWN:
                yield path.relative_to(ROOT).as_posix(), line


def in_helps() -> Iterator[tuple[str, str]]:
    for name, (_, examples) in options.COMMANDS.items():
        text = re.sub(r"\\\n\s*", " ", examples.replace("{status_quo}", STATUS_QUO))
        for line in re.findall(r"^  (velfaerd .*)$", text, re.MULTILINE):
            yield f"{name} --help", line
    for line in re.findall(r"^  (velfaerd .*)$", options.EXAMPLES, re.MULTILINE):
        yield "--help", line
    for name, (_, *found) in questions.QUESTIONS.items():
        for line in found:
            yield f"the question of {name}", line


def in_texts() -> Iterator[tuple[str, str]]:
    """The commands in the catalogue: after a colon or in brackets, where they are to be typed."""
    for file in sorted(CATALOGUE.glob("*.toml")):
        for key, entry in catalogue(file.stem).items():
            for text in entry.values():
                for each in text if isinstance(text, tuple) else [text]:
                    for line in re.findall(r"(?:: |\()(velfaerd [a-z][^.,);]*)", str(each)):
                        yield f"{file.stem}.{key}", line


SHOWN = [*in_pages(), *in_helps(), *in_texts()]


def test_what_a_question_reads_is_made_by_a_line_above() -> None:
    made: set[str] = set()
    for _, *found in questions.QUESTIONS.values():
        for line in found:
            asked = line.split()
            read = {word for word in asked[2:] if word.endswith(".toml") or word[:8] == "results/"}
            written = {asked[i + 1] for i, word in enumerate(asked) if word in ("--out", ">")}
            assert read - written <= made, line
            made |= written


def test_there_are_commands_everywhere() -> None:
    places = {place for place, _ in SHOWN}
    assert {"README.md", "docs/place.md", "run --help", "the question of report"} <= places
    assert len(SHOWN) > 150


@pytest.mark.parametrize(("place", "line"), SHOWN, ids=[f"{p}: {c}"[:90] for p, c in SHOWN])
def test_it_can_be_pasted(place: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not re.search(r"\bDIR\b|[\[\]]|…|\.\.\.", line), "a place to be filled in"
    parsed(line)
    capsys.readouterr()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_synopses_name_what_there_is(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commands inside sentences and tables may have places; they parse once these are filled."""
    for line in INLINE.findall(path.read_text(encoding="utf-8")):
        plain = re.sub(r"\[(\w+)(?: \.\.\.)?\]|\.\.\.", r"\1", line.replace("…", ""))
        words = [PLACES.get(word, word) for word in words_of(plain)]
        if not words or words[0] in OWN:
            continue
            assert words[0].startswith("-") or words[0] in GROUP.commands, line
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        if not words[0].startswith("-"):
            there = {name for each in GROUP.commands[words[0]].params for name in each.opts} | {
                "--help"
            }
            assert given <= there, line
    capsys.readouterr()


def test_a_wrong_command_is_found() -> None:
    for line in (
        "velfaerd report",
        "velfaerd compare hands_off rigid_ruls --out results/x",
        "velfaerd advise --hours 9 --out results/x",
    ):
        with pytest.raises(Exception):  # noqa: B017  of click, or of the package
            parsed(line)
    with pytest.raises(KeyError):
        parsed("velfaerd reports results/x")


def test_what_a_report_shows_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["run", "--adults", "200", "--months", "3", "--out", "results/a town"]
    assert cli.main(asked) == 0
    for language in ("en", "da"):
        assert cli.main(["report", "results/a town", "--language", language]) == 0
    capsys.readouterr()
    text = (tmp_path / "results/a town/report.html").read_text(encoding="utf-8")
    (block,) = re.findall(r"<pre><code>(.*?)</code></pre>", text, re.DOTALL)
    lines = unescape(block).splitlines()
    assert [shlex.split(line)[:2] for line in lines] == [
        ["velfaerd", "run"],
        ["velfaerd", "verify"],
    ]
    assert cli.main(shlex.split(lines[1])[1:]) == 0
    assert "agree bit for bit" in capsys.readouterr().out
    again = [*shlex.split(lines[0])[1:], "--overwrite"]
    assert cli.main(again) == 0
