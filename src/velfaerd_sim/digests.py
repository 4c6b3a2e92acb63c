"""Digests: what decides a result, and nothing else.

Of a Python file counts its code, without comments, docstrings, layout, annotations of functions,
messages of errors and texts for people; of a table its numbers and names, without units, sources
and labels. A text for people is a string with a blank or a capital at its start: nothing in the
rooms of the model is found by such a string.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import stat
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

PACKAGE_FOLDER = Path(__file__).resolve().parent
_MODEL = {"compiled.py", "curves.py", "randomness.py"}
_MODEL_ROOMS = {"inputs", "population", "processes", "measures", "model"}
_BESIDE_THE_MODEL = {
    *("plausible.csv", "plausible.json", "targets.toml", "targets.py", "sources.toml"),
    *("csv_files.py", "factors.py", "worlds.py"),
}
"""Files among the inputs that no run reads: published targets, and worlds to run the model in."""
_WORDS = {
    *(f"{kind}_{language}" for kind in ("title", "label", "summary") for language in ("en", "da")),
    *("source", "unit", "group", "latitude", "longitude"),
}
"""Keys and columns of tables that are shown and decide no number."""
_UNREAD = {"annotation": ast.arg, "returns": ast.AST, "kind": ast.Constant}
"""Fields of a syntax tree that decide nothing, with the kind of node that they belong to."""

Content = Callable[[Path], bytes]


@lru_cache(maxsize=1)
def source_digest() -> str:
    """SHA-256 (hex) over the package's Python, TOML and CSV files as they are, byte for byte."""
    return _digest(_files(".py", ".toml", ".csv"), Path.read_bytes)


@lru_cache(maxsize=1)
def model_digest() -> str:
    """SHA-256 (hex) over what decides the result of a run; with the same one, runs can be kept."""
    return _remembered("model", _model_files(), what_counts)


@lru_cache(maxsize=1)
def model_in_worlds_digest() -> str:
    """SHA-256 (hex) over what decides a run in a world: the model but for what worlds set.

    Worlds set every uncertainty, so that their defaults may move without moving a run.
    """
    return _remembered("model in worlds", _model_files(), _without_defaults)


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """SHA-256 (hex) over the code that decides compiled code: the files with rules or kernels.

    The rooms `inputs` and `population` count as a whole, since their types and constants are
    compiled in. A changed report template must not make the next run compile the model again.
    """
    chosen = [
        path
        for path in _files(".py")
        if path.parent.name in ("inputs", "population")
        or path == PACKAGE_FOLDER / "compiled.py"
        or b"velfaerd_sim.compiled import" in path.read_bytes()
    ]
    return _remembered("engine", chosen, what_counts)


def digest_of(names: Iterable[str]) -> str:
    """SHA-256 (hex) over the code of files of the package; names: paths inside the package."""
    return _digest([PACKAGE_FOLDER / name for name in names], what_counts)


def what_counts(path: Path) -> bytes:
    """What of a file can move a number, in a form without layout."""
    if path.suffix == ".py":
        return _bare_code(path.read_bytes())
    if path.suffix == ".toml":
        return _canonical(_without_words(tomllib.loads(path.read_text("utf-8"))))
    return _canonical(_rows(path))


def _without_defaults(path: Path) -> bytes:
    """As `what_counts`, the table of parameters without the defaults of uncertainties."""
    if path.name != "parameters.csv":
        return what_counts(path)
    rows = _rows(path)
    for row in rows:
        if row["role"] == "uncertainty":
            row["default"] = ""
    return _canonical(rows)


@lru_cache(maxsize=256)
def _bare_code(code: bytes) -> bytes:
    return _bare(ast.parse(code)).encode()


def _bare(node: object) -> str:
    """A syntax tree as text: the same for code that does the same, in any layout and Python."""
    if isinstance(node, list):
        return f"[{','.join(_bare(child) for child in node if not _is_docstring(child))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _is_for_people(node.value)
    ):
        return "Text()"
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return f"Raise({_bare(node.exc.func)})"
    fields = [
        f"{name}={_bare(value)}"
        for name, value in ast.iter_fields(node)
        if not (value is None or value == [] or isinstance(node, _UNREAD.get(name, ())))
    ]
    return f"{type(node).__name__}({','.join(fields)})"


def _is_docstring(node: object) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_for_people(text: str) -> bool:
    return " " in text or text[:1].isupper()


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a CSV file with its numbers as numbers, without the columns of words."""
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return [
        {key: _number(value) for key, value in row.items() if key not in _WORDS} for row in rows
    ]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _without_words(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _without_words(v) for key, v in content.items() if key not in _WORDS}
    return [_without_words(entry) for entry in content] if isinstance(content, list) else content


def _canonical(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False)
    return text.encode()


def _files(*endings: str) -> list[Path]:
    """Files of the package with these endings, in the order of their names."""
    found = (
        path
        for path in sorted(PACKAGE_FOLDER.rglob("*"), key=Path.as_posix)
        if path.suffix in endings
    )
    return [path for path in found if path.is_file()]


def _model_files() -> list[Path]:
    def counts(path: Path) -> bool:
        name = path.relative_to(PACKAGE_FOLDER)
        return name.as_posix() in _MODEL or name.parts[0] in _MODEL_ROOMS

    files = _files(".py", ".toml", ".csv")
    return [path for path in files if counts(path) and path.name not in _BESIDE_THE_MODEL]


def _digest(files: Iterable[Path], content: Content) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(PACKAGE_FOLDER).as_posix().encode())
        digest.update(content(path))
    return digest.hexdigest()


def _remembered(name: str, files: list[Path], content: Content) -> str:
    """A digest that is kept on disk by the bytes it was taken from: reading code takes long."""
    key = hashlib.sha256(name.encode() + Path(__file__).read_bytes())
    key.update(_digest(files, Path.read_bytes).encode())
    folder = writable_folder("digests")
    if folder is None:
        return _digest(files, content)
    kept = folder / key.hexdigest()
    if kept.is_file() and len(digest := kept.read_text("ascii")) == 64:
        return digest
    digest = _digest(files, content)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
        file.write(digest)
    os.replace(file.name, kept)
    return digest


def writable_folder(name: str) -> Path | None:
    """Folder of that name among what the package keeps between runs, or None where none is.

    $VELFAERD_CACHE_DIR where it is set, else the user's folder of caches or a temporary one. What
    lies there is run as code: a folder that is a link, another user's or open to others to write
    is not taken.
    """
    return next((c / name for c in _candidates() if _is_own(c) and _is_writable(c / name)), None)


def _candidates() -> list[Path]:
    if chosen := os.environ.get("VELFAERD_CACHE_DIR"):
        return [Path(chosen)]
    found = []
    if base := os.environ.get("XDG_CACHE_HOME"):
        found.append(Path(base) / "velfaerd_sim")
    else:
        with suppress(RuntimeError):  # no home is known, as for a user without a name
            found.append(Path.home() / ".cache" / "velfaerd_sim")
    own = f"velfaerd_sim-{getattr(os, 'getuid', int)()}"
    with suppress(OSError):  # no temporary folder can be written
        found.append(Path(tempfile.gettempdir()) / own)
    return found


def _is_own(folder: Path) -> bool:
    """Make a folder for this user alone, or look whether one that is there is."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    others = stat.S_IWGRP | stat.S_IWOTH
    return os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & others)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return _is_own(folder)
    except OSError:
        return False
