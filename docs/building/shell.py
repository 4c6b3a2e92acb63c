"""Runs the blocks of a page in a folder: the site shows what they print, and tests try them.

A comment before a block says how it is tried where the whole would take too long:

    <!-- tried with: compare --replicates 2 --adults 300; sweep --dry-run -->
    <!-- not tried: it runs until Ctrl-C -->
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from velfaerd_sim.cli.main import main

_BLOCK = re.compile(
    r"(?:<!-- (tried with|not tried): ([^>]+?) -->\n+)? *```(\w*)\n(.*?)^ *```",
    re.DOTALL | re.MULTILINE,
)
_FILE = re.compile(r"# (\S+\.\w+)\n")
PROGRAM = "velfaerd"


@dataclass(frozen=True)
class PageBlock:
    """A block of a page: its language, its text, why it is not tried, options for commands."""

    language: str
    text: str
    reason: str = ""
    added: Mapping[str, str] = field(default_factory=dict)

    @property
    def commands(self) -> list[str]:
        """The lines of a block for the shell, without comments."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def blocks(text: str) -> list[PageBlock]:
    """All blocks of a page."""
    found = []
    for how, words, language, body in _BLOCK.findall(text):
        given = words.split("; ") if how == "tried with" else []
        added = dict(each.split(" ", 1) for each in given)
        body = textwrap.dedent(body)
        found.append(PageBlock(language, body, words if how == "not tried" else "", added))
    return found


def run(block: PageBlock, folder: Path, *, small: bool = False) -> str:
    """Run the commands of a block in a folder; gives what they print.

    small: with the options that the page adds for trying. Raises ValueError where a command fails,
    or is none of this program.
    """
    shown = []
    with contextlib.chdir(folder):
        for line in block.commands:
            words, target = shlex.split(line), None
            if words[-2:-1] == [">"]:
                target, words = Path(words[-1]), words[:-2]
            if words[0] != PROGRAM:
                raise ValueError(f"not a command of {PROGRAM}: {line}")
            if small:
                words += shlex.split(block.added.get(words[1] if words[1:] else "", ""))
            shown.append(_said(words[1:]))
            if target is not None:
                target.write_text(shown.pop(), encoding="utf-8")
    return "".join(shown)


def _said(words: list[str]) -> str:
    """What a command prints. Raises ValueError where it fails."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = main(words)
    if code:
        raise ValueError(f"{shlex.join(words)}: {code}: {out.getvalue()}{error.getvalue()}")
    return out.getvalue()


def write_file(block: PageBlock, folder: Path) -> Path | None:
    """Write a block that begins with `# NAME` into a folder; None for other blocks."""
    named = _FILE.match(block.text)
    if named is None or block.language not in ("toml", "python"):
        return None
    path = folder / named[1]
    path.write_text(block.text, encoding="utf-8")
    return path


def try_all(text: str, folder: Path) -> Iterator[tuple[PageBlock, str]]:
    """Run every block of a page that can be run here, in its small form."""
    names: dict[str, object] = {}
    for block in blocks(text):
        if block.reason or write_file(block, folder):
            continue
        if block.language == "sh":
            yield block, run(block, folder, small=True)
        elif block.language == "python":
            out = io.StringIO()
            with contextlib.chdir(folder), contextlib.redirect_stdout(out):
                exec(compile(block.text, "page", "exec"), names)  # noqa: S102  this is the test
            yield block, out.getvalue()
