"""The digest of the code that asks covers every file that runs the model to ask it something."""

import re

import pytest

from velfaerd_sim import digests
from velfaerd_sim.digests import PACKAGE_FOLDER
from velfaerd_sim.engine import asking
from velfaerd_sim.engine import record as records
from velfaerd_sim.studies import verification

ROOMS = ("instruments", "engine", "studies")
RUNNING = {
    "instruments/replicates.py",
    "engine/server.py",
    "studies/sweep/worker.py",
}
"""Run the model as it is and ask nothing of it that the outcomes do not hold."""


def test_every_file_that_asks_the_model_is_covered():
    covered = {name for names in asking.FILES.values() for name in names}
    model = re.compile(r"^from velfaerd_sim\.model(?!\.warm_up)", re.MULTILINE)
    found = {
        path.relative_to(PACKAGE_FOLDER).as_posix()
        for room in ROOMS
        for path in (PACKAGE_FOLDER / room).rglob("*.py")
        if model.search(path.read_text(encoding="utf-8"))
    }
    assert found - covered == RUNNING
    asking_rooms = {"readings.py", "held_out.py", "signs.py", "time_steps.py", "claim_measures.py"}
    assert {f"instruments/{name}" for name in asking_rooms} <= found & covered
    assert "studies/claims/worker.py" in found & covered


@pytest.mark.parametrize("kind", sorted(asking.FILES))
def test_an_edit_of_any_of_its_files_moves_the_digest(kind, tmp_path, monkeypatch):
    folder = tmp_path
    for name in asking.FILES[kind]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((PACKAGE_FOLDER / name).read_bytes())
    before = asking.asking_digest(kind)
    monkeypatch.setattr(digests, "PACKAGE_FOLDER", tmp_path)
    assert asking.asking_digest(kind) == before
    for name in asking.FILES[kind]:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text + "\n# a comment\n", encoding="utf-8")
        assert asking.asking_digest(kind) == before
        (folder / name).write_text(text + "\nmore = 1\n", encoding="utf-8")
        assert asking.asking_digest(kind) != before
        (folder / name).write_text(text, encoding="utf-8")


def test_verification_tells_that_another_version_asked():
    package = records.package() | {"source_digest": "another"}
    record = {"kind": "robustness", "package": package}
    (note,) = verification._version_notes(record)
    assert "program, with the same model" in note
    (note,) = verification._version_notes(record | {asking.ASKING: "another"})
    assert "another version of the code that asks the model" in note
