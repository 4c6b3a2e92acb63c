"""What every report has: its head, how to get the numbers again, its foot."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from velfaerd_sim.reporting.pages.blocks import Block, Code, Note, Page, Section, Sentences
from velfaerd_sim.telling.in_worlds import limits
from velfaerd_sim.telling.short.answer import Short
from velfaerd_sim.telling.words import Words

FINGERPRINT = 16
"""Letters of a fingerprint that are shown."""


def page_of(
    words: Words,
    record: Mapping[str, Any],
    title: str,
    eyebrow: str,
    meta: Iterable[str],
    sections: Iterable[Section | None],
    conditional: str,
) -> Page:
    """A page with its head and foot; sections that are None are left out."""
    version, fingerprint = str(record["package"]["version"]), str(record["fingerprint"])
    foot = f"{words('report.cite', version=version)} {words('report.k_fingerprint')} "
    return Page(
        language=words.language,
        version=version,
        fingerprint=fingerprint,
        title=title,
        eyebrow=eyebrow,
        meta=(*meta, words("report.meta_id", fingerprint=fingerprint[:FINGERPRINT])),
        conditional=conditional,
        sections=tuple(each for each in sections if each is not None),
        footer=foot + fingerprint[:FINGERPRINT],
        contents=words("report.contents"),
        figure=words("report.fig"),
    )


def section(id: str, heading: str, *blocks: Block | None, look: str = "") -> Section:
    """A section; blocks that are None are left out."""
    return Section(id, heading, tuple(each for each in blocks if each is not None), look)


def answer(words: Words, short: Short) -> Section:
    """The answer in short, which begins every report."""
    texts = ("do", short.do), ("cost", short.cost), ("sure", short.sure)
    points = tuple((words(f"short.{key}"), text) for key, text in texts)
    found = Note(short.found, "headline")
    return section("answer", words("short.head"), found, Sentences(points, "points"), look="answer")


def again(
    words: Words, commands: Sequence[str], text: str, facts: Iterable[tuple[str, str]]
) -> Section:
    """How to get the numbers again; empty commands and facts are left out.

    Where a command says in which folder it writes, one that verifies this folder follows.
    """
    verifying = (verify_command(line) for line in commands)
    lines = tuple(dict.fromkeys(line for line in (*commands, *verifying) if line))
    known = tuple((name, value) for name, value in facts if value)
    return section(
        "again",
        words("report.h_again"),
        Code(lines) if lines else None,
        Note(text),
        Sentences(known, "facts"),
    )


def verify_command(command: str) -> str:
    """The command that verifies the folder which a command writes; '' where it names none."""
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--out"]
    named += [word.partition("=")[2] for word in words if word.startswith("--out=")]
    return shlex.join(["velfaerd", "verify", named[-1]]) if named else ""


def made_with(words: Words, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Version, digest, fingerprint and dependencies of a study."""
    versions = ", ".join(f"{name} {text}" for name, text in record["dependencies"].items())
    return [
        (words("report.k_version"), f"velfaerd_sim {record['package']['version']}"),
        (words("report.k_model_digest"), str(record["package"].get("model_digest") or "")),
        (words("report.k_fingerprint"), str(record["fingerprint"])),
        (words("report.k_dependencies"), versions),
    ]


def cannot_tell(
    words: Words, heading: str, several: bool, own: Iterable[tuple[str, str]] = ()
) -> Section:
    """What a report cannot tell: what is its own, then what holds for all."""
    items = (*own, *limits(several, words.language))
    return section("limits", heading, Sentences(items, "limits"))
