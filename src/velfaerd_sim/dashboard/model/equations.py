"""The equations of the model as its description has them, carried in the package.

`docs/odd.md` is the only place where they are written; `make docs` puts its chapters with
equations into `equations.json`, and a test fails where the two no longer agree. The words around
the equations stand in Danish in `equations_danish.json`, each with the digest of the English
paragraph that it says: one that was changed since is shown in English, and a test asks for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE, FILE_DANISH = "equations.json", "equations_danish.json"
TEXT, FORMULA, UPDATE = "text", "formula", "update"
CHAPTERS = ("Stochasticity", "Observation", "Initialisation", "Input data", "Submodels")
"""Second-level headings whose text is carried."""
_BLOCK = re.compile(r"^( *)```(formula|update)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_GENERATED = re.compile(r"<!-- generated: \w+ -->.*?<!-- end -->\n?", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Part:
    """A paragraph, a formula or an update, in order."""

    kind: str
    text: str


@dataclass(frozen=True)
class EquationSection:
    """A chapter or a part of one, with its equations."""

    title: str
    parts: tuple[Part, ...]

    @property
    def formulas(self) -> tuple[str, ...]:
        """The names of the rules whose formulas stand here."""
        found = (part.text.partition("(")[0] for part in self.parts if part.kind == FORMULA)
        return tuple(name.strip() for name in found)


def plain(text: str) -> str:
    """A paragraph of the description without its marks: emphasis, code, links, line ends."""
    text = _LINK.sub(r"\1", " ".join(text.split()))
    text = re.sub(r"`([^`]*)`", r"\1", text)
    return re.sub(r"(?<![\w*])\*{1,2}([^*]+)\*{1,2}(?![\w*])", r"\1", text).removeprefix("- ")


def sections_of(description: str) -> list[EquationSection]:
    """The chapters with equations of the description of the model."""
    found: list[EquationSection] = []
    for chapter in re.split(r"^(?=#{1,2} )", _GENERATED.sub("", description), flags=re.MULTILINE):
        head, _, body = chapter.partition("\n")
        if head.removeprefix("## ") not in CHAPTERS:
            continue
        for section in re.split(r"^(?=### )", body, flags=re.MULTILINE):
            title = head.removeprefix("## ")
            if section.startswith("### "):
                first, _, section = section.partition("\n")
                title = first.removeprefix("### ")
            parts = tuple(_parts(section))
            if any(part.kind != TEXT for part in parts):
                found.append(EquationSection(title, parts))
    return found


def _parts(text: str) -> list[Part]:
    found: list[Part] = []
    at = 0
    for block in _BLOCK.finditer(text):
        found += _paragraphs(text[at : block.start()])
        indent = len(block[1])
        lines = (line[indent:] for line in block[3].splitlines())
        found.append(Part(block[2], "\n".join(lines).strip("\n")))
        at = block.end()
    return found + _paragraphs(text[at:])


def _paragraphs(text: str) -> list[Part]:
    whole = re.split(r"\n\s*\n|\n(?=- )", text)
    kept = (each for each in whole if each.strip() and not each.lstrip().startswith("|"))
    return [Part(TEXT, plain(each)) for each in kept]


def as_json(sections: Sequence[EquationSection]) -> str:
    """Sections as the text of the file in the package."""
    content = [
        {"title": one.title, "parts": [[part.kind, part.text] for part in one.parts]}
        for one in sections
    ]
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@cache
def carried() -> tuple[EquationSection, ...]:
    """The sections carried in the package."""
    text = files("velfaerd_sim.dashboard.model").joinpath(FILE).read_text("utf-8")
    return tuple(
        EquationSection(entry["title"], tuple(Part(kind, words) for kind, words in entry["parts"]))
        for entry in json.loads(text)
    )


def digest_of(paragraph: str) -> str:
    """What a Danish paragraph names the English one by that it says."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:12]


@cache
def in_danish() -> dict[str, tuple[str, dict[str, str]]]:
    """By English title of a section: its Danish title, and its paragraphs by digest."""
    text = files("velfaerd_sim.dashboard.model").joinpath(FILE_DANISH).read_text("utf-8")
    return {entry["title"]: (entry["danish"], dict(entry["texts"])) for entry in json.loads(text)}


def title_in(title: str, language: str) -> str:
    """A section's title in a language."""
    found = in_danish().get(title) if language == "da" else None
    return title if found is None else found[0]


def paragraph_in(title: str, paragraph: str, language: str) -> tuple[str, str]:
    """A section's paragraph in a language, and the language it is in: English where it must be."""
    _, texts = in_danish().get(title, ("", {})) if language == "da" else ("", {})
    told = texts.get(digest_of(paragraph))
    return (paragraph, "en") if told is None else (told, language)
