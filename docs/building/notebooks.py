"""Runs a notebook in text form and writes it as a page, with what its cells show.

The form is that of Jupytext and of most editors: a line `# %%` begins a cell of code, `# %%
[markdown]` one of text, in comments.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
from dataclasses import dataclass
from typing import Any

_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)
_RUN: dict[tuple[str, ...], list[str]] = {}
"""What the cells of a notebook showed: those of two languages have the same code."""


@dataclass(frozen=True)
class NotebookCell:
    """A cell: its text or its code."""

    text: str
    is_code: bool


def cells(source: str) -> list[NotebookCell]:
    """The cells of a notebook, without what stands before the first."""
    parts = _CELL.split(source)[1:]
    found = []
    for head, body in zip(parts[::2], parts[1::2], strict=True):
        is_code = "[markdown]" not in head
        lines = body.strip("\n").splitlines()
        text = lines if is_code else [re.sub(r"^# ?", "", line) for line in lines]
        found.append(NotebookCell("\n".join(text).strip(), is_code))
    return found


def run(code: list[str], name: str) -> list[str]:
    """Run the cells of code one after the other; gives what each shows, as Markdown."""
    key = tuple(ast.dump(ast.parse(each)) for each in code)
    if key not in _RUN:
        names: dict[str, Any] = {"__name__": "__notebook__"}
        _RUN[key] = [_shown(each, name, names) for each in code]
    return _RUN[key]


def page(source: str, name: str, *, shown: bool = True) -> str:
    """The page of a notebook: its texts, its code and, where it is run, what that shows."""
    parts = cells(source)
    code = [part.text for part in parts if part.is_code]
    outputs = iter(run(code, name) if shown else [""] * len(code))
    written = []
    for part in parts:
        written.append(f"```python\n{part.text}\n```" if part.is_code else part.text)
        if part.is_code:
            written.append(next(outputs))
    return "\n\n".join(filter(None, written)) + "\n"


def _shown(code: str, name: str, names: dict[str, Any]) -> str:
    """Run a cell; gives what it prints and the value of its last line, as in a notebook."""
    tree, last = ast.parse(code), None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, name, "exec"), names)  # noqa: S102  a notebook of this project
        value = None if last is None else eval(compile(last, name, "eval"), names)
    parts = [f"```text\n{printed.getvalue().rstrip()}\n```"] if printed.getvalue().strip() else []
    if value is not None:
        parts.append(_form(value))
    return "\n\n".join(parts)


def _form(value: Any) -> str:
    """A value as a notebook shows it."""
    made = getattr(value, "_repr_html_", None)
    if made is None:
        return f"```text\n{value!r}\n```"
    lines = (line.strip() for line in str(made()).splitlines())
    return f'<div class="output">{"".join(filter(None, lines))}</div>'
