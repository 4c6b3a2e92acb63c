"""Who reads and writes which column: the schema and the headers of files against the code."""

import re
from pathlib import Path

import pytest

from processes.columns import COLUMNS, DRAWS, uses_of
from velfaerd_sim.digests import PACKAGE_FOLDER
from velfaerd_sim.population.schema import ENTITIES

FILES = [
    *(path for path in sorted((PACKAGE_FOLDER / "processes").glob("*.py")) if path.stat().st_size),
    PACKAGE_FOLDER / "population" / "membership.py",
    PACKAGE_FOLDER / "measures" / "loneliness_scale.py",
    PACKAGE_FOLDER / "measures" / "observation.py",
]


def test_the_schema_names_every_file_that_writes_a_column():
    written = {path.stem: uses_of(path)[1] for path in FILES}
    for entity, columns in ENTITIES.items():
        for column in columns:
            writers = {file for file, own in written.items() if column.name in own.get(entity, ())}
            assert set(column.writers) == (writers or {"synthesis"}), f"{entity}.{column.name}"
            assert len(set(column.writers)) == len(column.writers)


def test_no_other_compiled_code_writes_a_column():
    """The twin has records of its own, which no simulation sees."""
    first = PACKAGE_FOLDER / "population" / "synthesis.py"
    twin = PACKAGE_FOLDER / "analysis" / "twin"
    for path in sorted(PACKAGE_FOLDER.rglob("*.py")):
        compiled = "velfaerd_sim.compiled import" in path.read_text(encoding="utf-8")
        if compiled and path not in (*FILES, first) and twin not in path.parents:
            assert not uses_of(path)[1], path


def columns_told(entries):
    """What a header lists, as {entity: columns}; entries of other things are left out."""
    told = {}
    for entry in entries.split("; "):
        entity, _, columns = entry.partition(".")
        entity = "municipalities" if entity == "town" else entity
        if entity in COLUMNS:
            told[entity] = set(columns.split(", "))
    return told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_header_tells_what_the_code_reads_writes_and_draws(path: Path):
    reads, writes, draws = uses_of(path)
    header = path.read_text(encoding="utf-8").split('"""')[1]
    pattern = r"^Reads (.*?)^Writes (.*?)^Draws (.*?)(?:\n\n|\Z)"
    found = re.search(pattern, header, re.DOTALL | re.MULTILINE)
    assert found, "no header"
    told = [" ".join(part.split()) for part in found.groups()]
    assert columns_told(told[0]) == reads
    assert columns_told(told[1]) == writes
    assert {word for word in re.findall(r"[A-Z_]+", told[2]) if word in DRAWS} == draws
