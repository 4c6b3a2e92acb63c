"""Attacks by what is read: files, options, records, frames and headers, changed at random."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest import mock

import typer

from studies.claims.small import FILE as CLAIMS
from velfaerd_sim.cli import main as command_line
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.calibrate.plan import load_calibration
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.sweep.study_files import load_study_file

LONGEST_SENTENCE = 2000
WORDS = (
    *("nan", "inf", "-inf", "1e999", "-1", "0", "1" * 400, "1979-05-27", "07:32:00", "true", '""'),
    *(
        "[]",
        "{}",
        "[[]]",
        "{a = {}}",
        '"\\ud800"',
        '"\\u0000"',
        "'x'",
        "0x10",
        "1_0",
        "=",
        "[",
        "]",
    ),
    *('"""', "#", "\n", ".", ",", "\0", "\ufeff", "é", '"hands_off"', "{low = 3, high = 1}"),
)
STUDY = """
name = "small"
title_en = "Small"
title_da = "Lille"
question_en = "Which?"
question_da = "Hvilken?"
adults = 300
months = 12
regimes = ["municipal_baton", "hands_off"]
replicates = 2
outcomes = ["retention_12m"]
worlds = "prior:3"
[parameters]
drift_rate = 0.05
[factors]
hours_per_1000 = [10, 20]
espoused_gap = {low = 0.1, high = 0.4}
"instrument.training" = {}
[design]
kind = "latin_hypercube"
size = 4
"""
CALIBRATION = """
name = "small"
targets = ["T1", "T2.age_16_24"]
free = ["loneliness", "espoused_gap"]
members = 200
rounds = 2
seed = 1
[own."T7.retention"]
low = 0.70
high = 0.80
[parameters]
contagion_strength = 0
[budget]
minutes = 90
"""
REGIME = """
name = "own"
label_en = "Own"
label_da = "Egen"
based_on = "hands_off"
rigidity = 0.2
dialogue = 0.9
espoused_gap = 0.3
"""
WORLDS = "world,weight,drift_rate,espoused_gap\n1,0.5,0.05,0.2\n2,0.25,0.06,0.3\n7,0.25,0.07,0.4\n"


@cache
def scenario_text() -> str:
    """The longest scenario that comes with the package."""
    folder = files("velfaerd_sim.inputs").joinpath("data/scenarios")
    return max((path.read_text("utf-8") for path in folder.iterdir()), key=len)


@cache
def claims_text() -> str:
    """The first claims of the file of claims."""
    return "[[claim]]".join(CLAIMS.read_text("utf-8").split("[[claim]]")[:3])


READERS: dict[str, tuple[Callable[[], str], Callable[[Path], Any]]] = {
    "scenario.toml": (scenario_text, load_scenario),
    "study.toml": (lambda: STUDY, load_study_file),
    "calibration.toml": (lambda: CALIBRATION, load_calibration),
    "regime.toml": (lambda: REGIME, load_timeline),
    "claims.toml": (claims_text, load_claims),
    "worlds.csv": (lambda: WORLDS, Worlds.load),
    "danish.csv": (lambda: WORLDS.replace(",", ";").replace("0.", "0,"), Worlds.load),
}


def changed(text: str, draws: random.Random) -> bytes:
    """A text with some values, lines and bytes changed, dropped, doubled or put elsewhere."""
    for _ in range(draws.randint(1, 3)):
        lines = text.split("\n")
        place = draws.randrange(len(lines))
        way = draws.randrange(6)
        if way == 0:
            del lines[place]
        elif way == 1:
            lines.insert(draws.randrange(len(lines)), lines[place])
        elif way in (2, 3):
            head, equals, _ = lines[place].partition("=")
            lines[place] = head + (equals or " ") + " " + draws.choice(WORDS)
        elif way == 4:
            cells = lines[place].split(",")
            cells[draws.randrange(len(cells))] = draws.choice(WORDS)
            lines[place] = ",".join(cells)
        text = "\n".join(lines)
        if way == 5 and text:
            place = draws.randrange(len(text))
            text = text[:place] + draws.choice(WORDS) + text[place + draws.randint(0, 3) :]
    content = text.encode("utf-8", "surrogatepass")
    if draws.random() < 0.1 and content:
        place = draws.randrange(len(content))
        content = content[:place] + bytes([draws.randrange(256)]) + content[place + 1 :]
    return content


def is_sentence(text: str) -> bool:
    """Whether an error is told in one line of a length that can be read."""
    return 0 < len(text) <= LONGEST_SENTENCE and len(text.splitlines()) == 1


def a_file(draws: random.Random, folder: Path) -> str:
    """A changed file is read, or refused in a sentence."""
    name = draws.choice(list(READERS))
    text, read = READERS[name]
    path = folder / name
    path.write_bytes(changed(text(), draws))
    try:
        read(path)
    except VelfaerdError as error:
        return "" if is_sentence(str(error)) else f"not a sentence: {str(error)[:200]!r}"
    return ""


VALUES = (
    *("", "0", "-1", "1e9", "nan", "inf", "9" * 400, "12", "0.5", "x", "-", "--", "baseline"),
    *("hands_off", "prior", "prior:2", "plausible:0", "prior:1e3", "\0", "æ", "\udcff", "a=b"),
    *("drift_rate=0.1", "drift_rate=nan", "drift_rate=", "=1", "4,8", "4,,8", "default", "../x"),
)
OPTIONS = (
    *("--scenario", "--regime", "--months", "--adults", "--seed", "--workers", "--set", "--worlds"),
    *("--replicates", "--precision", "--max-replicates", "--hours", "--minutes", "--sample"),
    *("--task-minutes", "--out", "--language", "--branch", "--members", "--targets", "--nothing"),
)
ENDLESS = ("dashboard",)
"""Commands that do not end by themselves."""


@cache
def commands() -> dict[str, tuple[str, ...]]:
    """The options of every command, by its name."""
    group: Any = typer.main.get_command(command_line.app)
    found = {
        name: [text for one in each.params for text in one.opts]
        for name, each in group.commands.items()
    }
    return {name: tuple(options) for name, options in sorted(found.items()) if name not in ENDLESS}


def a_command_line(draws: random.Random, folder: Path) -> str:
    """Options with any values, on a dry run: done, or refused in a sentence."""
    command, own = draws.choice(list(commands().items()))
    given = [command]
    for _ in range(draws.randint(0, 4)):
        way = draws.random()
        if way < 0.7:
            named = draws.choice([*(each for each in own if each.startswith("--")), *OPTIONS])
            given += [named, draws.choice(VALUES)]
        else:
            given.append(draws.choice((*VALUES, "municipal_baton", "--overwrite", "--fail-fast")))
    given += ["--dry-run"] if "--dry-run" in own else []
    given += ["--out", str(folder / "s")] if "--out" in own else []
    out, told = io.StringIO(), io.StringIO()
    with (
        mock.patch("velfaerd_sim.cli.terminal.compile_once"),
        mock.patch("velfaerd_sim.cli.work.cost_lines", return_value=()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(told),
        contextlib.chdir(folder),
    ):
        code = command_line.main(given)
    text = told.getvalue().strip()
    if code not in (0, 1, 2) or "unexpected error" in text:
        return f"{given}: exit code {code}, {text[-300:]}"
    if code and not is_sentence(text.splitlines()[-1] if text else ""):
        return f"{given}: not a sentence: {text[:200]!r}"
    return f"{given}: something was written" if any(folder.iterdir()) else ""


def a_frame(draws: random.Random, folder: Path) -> str:
    """A changed frame of a browser is understood or refused, in bounded memory."""
    from velfaerd_sim.dashboard.frame.messages import MOST_BUFFERS, is_message

    message = {
        "header": {"msg_id": "1", "msg_type": "comm_msg"},
        "content": {"comm_id": "a", "data": {}},
        "channel": "shell",
    }
    text = bytearray(json.dumps(message).encode())
    count = draws.choice([0, 1, 2, MOST_BUFFERS + 1, 20_000_000, 2**32 - 1])
    frame = bytearray(count.to_bytes(4, "big") + (8).to_bytes(4, "big") + text)
    for _ in range(draws.randint(0, 4)):
        frame[draws.randrange(len(frame))] = draws.randrange(256)
    received = {"bytes": bytes(frame[: draws.randint(0, len(frame))])}
    for _ in range(draws.randint(0, 3)):
        text[draws.randrange(len(text))] = draws.randrange(256)
    is_message({"text": text.decode("utf-8", "replace")})
    claimed = int.from_bytes(received["bytes"][:4], "big")
    if is_message(received) and not 1 <= claimed <= MOST_BUFFERS:
        return f"a frame that claims {claimed} buffers was taken"
    return ""


HOSTS = (
    *(
        "127.0.0.1",
        "localhost",
        "[::1]",
        "evil.example",
        "evil@127.0.0.1",
        "127.0.0.1.evil.example",
    ),
    *("127.0.0.1@evil.example", "127.0.0.1#evil", "127.0.0.1/evil", "127.0.0.1,evil", "\xff", ""),
    *("localhost\r\nx: y", "0x7f.1", "127.1", "127.0.0.1:8765:1", "%31%32%37.0.0.1", "[::1"),
)


def a_header(draws: random.Random, folder: Path) -> str:
    """Only the names of this machine are answered, however a host is written."""
    from velfaerd_sim.dashboard.frame.guard import host_of, hosts_of, is_same_origin

    own = hosts_of("127.0.0.1") or frozenset()
    host = draws.choice(HOSTS) + draws.choice(["", ":8765", ":", ":x"])
    if draws.random() < 0.3 and host:
        place = draws.randrange(len(host))
        host = host[:place] + draws.choice("@:/\\# ,;[]%\t") + host[place:]
    scheme = draws.choice(["http://", "https://", "ftp://", "file://", "", "//", "null"])
    headers = [(b"host", host.encode("latin-1")), (b"origin", (scheme + host).encode("latin-1"))]
    named = host_of(headers)
    is_same_origin(headers)
    name = host.rpartition(":")[0] if host.rstrip("0123456789").endswith(":") else host
    if named in own and name.strip("[]").rstrip(".").lower() != named:
        return f"{host!r} was answered as {named!r}"
    return ""
