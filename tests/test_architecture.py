"""The rules of the house, read from the source: who imports whom, who writes files, how long."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "velfaerd_sim"
LONGEST_FILE, LONGEST_FUNCTION = 400, 60

# Arrows run down this list only: a room may import the rooms of the lines above its own. A room
# inside a room has its own line; the outer room's line is that of the files in no inner room.
FLOORS = (
    (
        *("errors", "randomness", "digests", "compiled", "curves"),
        *("plugins", "in_force", "own_rules", "shown"),
    ),
    ("inputs",),
    ("population",),
    ("processes", "measures"),
    ("model",),
    ("statistics",),
    ("instruments",),
    ("engine",),
    ("studies.sweep", "studies.compare"),
    ("studies.run", "studies.calibrate", "studies.claims", "studies.validate"),
    (
        *("studies.robustness", "studies.recovery", "studies.trial", "studies.value"),
        "studies.place",
    ),
    ("studies",),
    ("analysis.arrays",),
    ("analysis.sweep", "analysis.twin"),
    ("analysis",),
    ("telling",),
    ("reporting",),
    ("reporting.figures",),
    ("reporting.pages",),
    ("dashboard.frame",),
    ("dashboard.parts",),
    ("dashboard.compare",),
    ("dashboard.map", "dashboard.watch"),
    ("dashboard.studies",),
    ("dashboard.model", "dashboard.municipality", "dashboard.advice"),
    ("dashboard.start",),
    ("dashboard",),
    ("cli",),
    ("__main__",),
)
LEVEL = {room: level for level, floor in enumerate(FLOORS) for room in floor}
MOST_FILES = 20
GROUND = FLOORS[0]

# Third-party packages and the rooms that may import them.
CONFINED = {
    "mesa": {"model", "dashboard"},
    "solara": {"dashboard"},
    "reacton": {"dashboard"},
    "ipyvue": {"dashboard"},
    "ipyvuetify": {"dashboard"},
    "pandas": {
        *("model", "instruments", "statistics", "engine", "studies", "analysis"),
        *("telling", "reporting", "dashboard", "cli"),
    },
}
MAY_LOAD_LATE = {"", "__init__", "__main__", "cli"}
MAY_WRITE = ("digests", "engine.store", "reporting")
WRITERS = {
    *("write_text", "write_bytes", "write_table", "to_parquet", "to_csv", "to_json"),
    *("savefig", "save", "savez", "tofile", "ParquetWriter", "NamedTemporaryFile"),
}


@dataclass(frozen=True)
class Import:
    """One imported module: its full name, the line, and whether it stands in a function."""

    target: str
    line: int
    late: bool


def names_of(tree: ast.AST, module: str, is_package: bool) -> Iterator[Import]:
    """Yield what a module imports, with relative imports resolved."""

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, late)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    up = child.level - 1 if is_package else child.level
                    parents = module.split(".")
                    base = ".".join([*parents[: len(parents) - up], *filter(None, [child.module])])
                for alias in child.names:
                    yield Import(f"{base}.{alias.name}", child.lineno, late)
            else:
                yield from visit(child, late)

    yield from visit(tree, False)


def outer(path: str) -> str:
    """Give the outermost room of a module's dotted path; '' is the package itself."""
    return path.split(".")[0]


def room_of(path: str) -> str:
    """Give the innermost known room of a module's dotted path, else the outermost."""
    parts = path.split(".")
    rooms = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((room for room in rooms if room in LEVEL), parts[0])


def inside(target: str) -> str | None:
    """Give a target's dotted path inside the package, or None where it is another package's."""
    if target == PACKAGE:
        return ""
    return target.removeprefix(f"{PACKAGE}.") if target.startswith(f"{PACKAGE}.") else None


def judge_inner(path: str, room: str, target: str, late: bool) -> str | None:
    """Say what is wrong with an import of one of our own modules, or None."""
    to = room_of(target)
    if to not in LEVEL:
        return f"imports the top package ({PACKAGE}.{target})" if path != "__main__" else None
    if late and outer(room) not in MAY_LOAD_LATE:
        return f"imports {target} inside a function"
    if room == "":
        return None
    if to == room:
        alone = room == "processes" and ".".join(target.split(".")[:2]) != path
        return f"is a process and imports another, {target}" if alone else None
    if LEVEL[to] < LEVEL[room] or (room in GROUND and to in GROUND):
        return None
    return f"may not import {target}: {to} is not below {room}"


def judge_imports(path: str, source: str, is_package: bool = False) -> list[str]:
    """List what is wrong with the imports of one module; `path` is dotted, inside the package."""
    room = "" if path == "__init__" else room_of(path)
    if room and room not in LEVEL:
        return [f"{path}: unknown room {room}"]
    module = PACKAGE if path == "__init__" else f"{PACKAGE}.{path}"
    faults = []
    for found in names_of(ast.parse(source), module, is_package):
        target = inside(found.target)
        top = found.target.split(".")[0]
        fault = None
        if target is not None:
            fault = judge_inner(path, room, target, found.late)
        elif room and top in CONFINED and outer(room) not in CONFINED[top]:
            fault = f"may not import {top}"
        elif found.late and top in sys.stdlib_module_names and outer(room) not in MAY_LOAD_LATE:
            fault = f"imports {found.target} inside a function"
        if fault:
            faults.append(f"{path}:{found.line}: {fault}")
    return faults


def judge_writing(path: str, source: str) -> list[str]:
    """List the places where a module writes files, unless it is its business."""
    if any(path == home or path.startswith(f"{home}.") for home in MAY_WRITE):
        return []
    faults = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        modes = [*node.args[:2], *(k.value for k in node.keywords if k.arg == "mode")]
        opens = name == "open" and any(
            isinstance(mode, ast.Constant)
            and re.fullmatch(r"[rbt]*[wax+][wabt+]*", str(mode.value))
            for mode in modes
        )
        if name in WRITERS or opens:
            faults.append(f"{path}:{node.lineno}: writes a file ({name})")
    return faults


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """List the modules that take part in a circle of imports."""
    reached = {name: set(targets) for name, targets in arrows.items()}
    for middle in arrows:
        for name in arrows:
            if middle in reached[name]:
                reached[name] |= reached[middle]
    return sorted(name for name in arrows if name in reached[name])


def modules() -> dict[str, Path]:
    """Give every module of the package: dotted path inside it -> file."""
    home = ROOT / "src" / PACKAGE
    return {
        ".".join(file.relative_to(home).with_suffix("").parts): file
        for file in sorted(home.rglob("*.py"))
    }


def project_files() -> list[Path]:
    """Give the files that belong to the project: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:  # not a checkout: an unpacked archive
        kept = ("src", "tests", "docs", "benchmarks", "experiments", "scripts", "requirements")
        return [file for name in kept for file in (ROOT / name).rglob("*") if file.is_file()]
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def strip_init(path: str) -> tuple[str, bool]:
    """Give a module's name without a closing __init__, and whether it is a package."""
    if path.endswith(".__init__"):
        return path.removesuffix(".__init__"), True
    return path, path == "__init__"


def report(faults: Iterable[str]) -> None:
    """Fail with the list of faults, if there are any."""
    text = "\n".join(faults)
    assert not text, f"\n{text}"


def test_imports_run_down_only() -> None:
    faults = []
    for path, file in modules().items():
        name, is_package = strip_init(path)
        faults += judge_imports(name, file.read_text(encoding="utf-8"), is_package)
    report(faults)


@cache
def names_in(path: Path) -> set[str]:
    """Give the names that a module defines or imports at its top, also under a condition."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = [node for node in tree.body if isinstance(node, ast.If | ast.Try)]
    for node in [*tree.body, *(each for outer in inner for each in outer.body)]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        else:
            found |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found


def test_what_is_imported_from_the_package_is_there() -> None:
    paths = {strip_init(path)[0]: place for path, place in modules().items()}
    faults = []
    for place in [*paths.values(), *sorted((ROOT / "tests").rglob("*.py"))]:
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            home = getattr(node, "module", None) or ""
            if not isinstance(node, ast.ImportFrom) or not home.startswith(f"{PACKAGE}."):
                continue
            home = home.removeprefix(f"{PACKAGE}.")
            known = names_in(paths[home]) if home in paths else set()
            faults += [
                f"{place.relative_to(ROOT)}:{node.lineno} imports {home}.{alias.name}"
                for alias in node.names
                if alias.name not in known and f"{home}.{alias.name}" not in paths
            ]
    report(faults)


def test_no_circles() -> None:
    known = {strip_init(path)[0] for path in modules()} - {"__init__"}
    arrows: dict[str, set[str]] = {}
    for path, file in modules().items():
        name, is_package = strip_init(path)
        if name == "__init__":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found = [inside(i.target) for i in names_of(tree, f"{PACKAGE}.{name}", is_package)]
        inner = {target for target in found if target}
        # `from .room import module` names a module, `from .module import name` lies in one.
        inner |= {target.rpartition(".")[0] for target in inner}
        arrows[name] = inner & known
    report(circles(arrows))


def test_files_are_written_in_two_rooms_only() -> None:
    faults = []
    for path, file in modules().items():
        faults += judge_writing(path, file.read_text(encoding="utf-8"))
    report(faults)


def test_inner_packages_are_empty() -> None:
    inner = [file for path, file in modules().items() if path.endswith(".__init__")]
    report(f"{file}: not empty" for file in inner if file.read_text(encoding="utf-8").strip())


def test_no_folder_is_crowded() -> None:
    folders: dict[Path, int] = {}
    for path, file in modules().items():
        if not path.endswith("__init__"):
            folders[file.parent] = folders.get(file.parent, 0) + 1
    report(
        f"{folder.relative_to(ROOT)}: {count} files, at most {MOST_FILES}; make a room in it"
        for folder, count in folders.items()
        if count > MOST_FILES
    )


def test_files_are_short() -> None:
    sources = [file for file in project_files() if file.suffix == ".py"]
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in sources
    }
    report(
        f"{name}: {length} lines, at most {LONGEST_FILE}"
        for name, length in lengths.items()
        if length > LONGEST_FILE
    )


def test_functions_are_short() -> None:
    faults = []
    for path, file in modules().items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    faults.append(f"{path}.{node.name}: {length} lines, at most {LONGEST_FUNCTION}")
    report(faults)


MACHINE = re.compile(
    r"(?<![\w.:/~-])/(?:home|Users|root|work|opt|mnt|srv)/\w"  # a path on one machine
    r"|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"  # a private address
    r"|py[p]i\.org|python[h]osted|registry\.n[p]mjs|index[-]url|find[-]links"  # package hosts
)


def test_no_machine_in_project_files() -> None:
    faults = []
    for file in project_files():
        if file.suffix in {".png", ".svg", ".parquet", ".npy", ".npz", ".gz", ".ico", ".csv"}:
            continue
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        faults += [
            f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if MACHINE.search(line) and file != Path(__file__).resolve()
        ]
    report(faults)


def test_locks_name_versions_and_digests_only() -> None:
    locks = sorted((ROOT / "requirements").glob("lock-*.txt"))
    assert len(locks) == 2
    for lock in locks:
        text = re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
        packages = text.replace(" \\\n    ", " ").splitlines()
        wanted = r"[\w.-]+==[\w.]+( --hash=sha256:[0-9a-f]{64})+"
        report(line for line in packages if not re.fullmatch(wanted, line))


def test_demo_compares_all_regimes() -> None:
    regimes = pytest.importorskip(f"{PACKAGE}.inputs.regimes")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"^REGIMES := (.*)$", makefile, re.MULTILINE)
    assert line.split()[0] == regimes.STATUS_QUO
    assert sorted(line.split()) == sorted(regimes.REGIMES)


def test_machine_paths_are_found() -> None:
    planted = [
        "see /home/ann/x",
        "PATH=/opt/tool",
        "http://10.0.0.7:8080",
        ".".join(["simple/ at pypi", "org"]),
    ]
    assert all(MACHINE.search(line) for line in planted)
    plain = ["https://example.org/home/x", "src/opt/x", "pandas==10.0.1", "127.0.0.1:8765"]
    assert not any(MACHINE.search(line) for line in plain)
