"""What a report is made of: sections with sentences, figures, tables and notes.

A page is made once, from facts, in one language. `writing` sets it as one HTML file, the dashboard
shows the same sections. Texts are plain, or markup in which names are set apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Note:
    """A paragraph. look: '', 'small', 'headline'."""

    kind: ClassVar[str] = "note"
    text: str
    look: str = ""


@dataclass(frozen=True)
class Sentences:
    """Sentences below each other: a catchword, or '', and the text.

    look: '' (a list), 'said' (catchwords of methods), 'limits' (catchwords that are sentences),
    'points' or 'facts' (catchwords in a column of their own).
    """

    kind: ClassVar[str] = "sentences"
    items: tuple[tuple[str, str], ...]
    look: str = ""


@dataclass(frozen=True)
class Numbers:
    """Numbers that are read at a glance: the number and what it is of."""

    kind: ClassVar[str] = "numbers"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figure:
    """A figure by its key, with the text below it. label: what it shows, where no caption does."""

    kind: ClassVar[str] = "figure"
    key: str
    caption: str


@dataclass(frozen=True)
class Column:
    """A column of a table. number: set flush right; title: what it means; turned: a narrow head."""

    label: str
    number: bool = False
    unit: str = ""
    title: str = ""
    turned: bool = False


@dataclass(frozen=True)
class Change:
    """A difference in a cell. mark: 'better', 'worse', 'differs', 'unclear', 'none'.

    sign: the mark as a character; said: the mark in words; title: the interval.
    """

    text: str
    mark: str = "none"
    sign: str = ""
    said: str = ""
    title: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    small: what stands below in small type; name: what the program calls it; link: the section that
    it leads to; change: a difference; bar: a share of full use; look: how it is set: 'level',
    'word', or the word of a verdict; key: what it is sorted by, its text where that is None.
    """

    text: str = ""
    small: str = ""
    name: str = ""
    link: str = ""
    change: Change | None = None
    bar: float | None = None
    look: str = ""
    title: str = ""
    key: float | None = None


@dataclass(frozen=True)
class Row:
    """A row of a table. look: 'good', 'bad', 'weak' or 'baseline'; empty: cells left out."""

    cells: tuple[Cell, ...]
    id: str = ""
    look: str = ""


@dataclass(frozen=True)
class Table:
    """A table. title: what it is called; note: what must be known to read it.

    look: '' or 'overview', 'bars', 'wide', 'numbers'; most: rows that are printed, all where it is
    0: those that are left out stand in a file, which the note names.
    """

    kind: ClassVar[str] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    look: str = ""
    most: int = 0


@dataclass(frozen=True)
class Code:
    """Lines to be typed."""

    kind: ClassVar[str] = "code"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Fold:
    """Blocks that are folded away under a line."""

    kind: ClassVar[str] = "fold"
    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Heading | Note | Sentences | Numbers | Figure | Table | Code | Fold


@dataclass(frozen=True)
class Section:
    """A part of a page. look: 'answer' for what stands at the top, or ''.

    listed: whether the contents name it; language: where it is another than that of the page.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]
    look: str = ""
    listed: bool = True
    language: str = ""


@dataclass(frozen=True)
class Page:
    """A report. conditional: under which conditions it holds; state: what is unfinished."""

    language: str
    version: str
    fingerprint: str
    title: str
    eyebrow: str
    meta: tuple[str, ...]
    conditional: str
    sections: tuple[Section, ...]
    footer: str
    state: str = ""
    contents: str = ""
    figure: str = field(default="{number}")
    """What stands before a caption, with the number of the figure."""

    @property
    def figures(self) -> list[str]:
        """The keys of its figures in the order in which they stand."""
        return list(self.captions)

    @property
    def captions(self) -> dict[str, str]:
        """The captions of its figures by key, in the order in which they stand."""
        figures = (each for section in self.sections for each in _figures(section.blocks))
        return {each.key: each.caption for each in figures}

    @property
    def commands(self) -> list[str]:
        """The commands that give it again."""
        own = (section for section in self.sections if section.id == "again")
        blocks = (block for section in own for block in section.blocks)
        return [line for block in blocks if isinstance(block, Code) for line in block.lines]


def _figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Fold):
            yield from _figures(block.blocks)


def listed(texts: Iterable[str], look: str = "") -> Sentences:
    """Sentences without catchwords."""
    return Sentences(tuple(("", text) for text in texts), look)


def row(*cells: Cell | str, id: str = "", look: str = "") -> Row:
    """A row of cells, of which plain ones are given as text."""
    made = (Cell(cell) if isinstance(cell, str) else cell for cell in cells)
    return Row(tuple(made), id, look)


def columns(heads: Sequence[str], numbers: Iterable[int] = ()) -> tuple[Column, ...]:
    """Columns by their heads; numbers: the places of those that are set flush right."""
    right = set(numbers)
    return tuple(Column(head, place in right) for place, head in enumerate(heads))
