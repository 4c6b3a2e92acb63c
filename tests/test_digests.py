"""Digests: what can move a number moves them, and nothing else does; on a copy of the package."""

import ast
import re
import shutil

import pytest

from velfaerd_sim import digests

SOURCE, MODEL, WORLDS, ENGINE = "source", "model", "worlds", "engine"
DIGESTS = {
    SOURCE: digests.source_digest,
    MODEL: digests.model_digest,
    WORLDS: digests.model_in_worlds_digest,
    ENGINE: digests.engine_digest,
}


def taken():
    return {name: digest.__wrapped__() for name, digest in DIGESTS.items()}


@pytest.fixture(scope="module")
def here():
    return taken()


@pytest.fixture
def package_copy(tmp_path, monkeypatch):
    """A copy of the package's sources that a test may change."""
    folder = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(digests.PACKAGE_FOLDER, folder, ignore=ignored)
    monkeypatch.setattr(digests, "PACKAGE_FOLDER", folder)
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(tmp_path / "kept"))
    return folder


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def moved(before):
    return {name for name, digest in taken().items() if digest != before[name]}


def test_digests_are_sha256_and_repeat(here):
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in here.values())
    assert taken() == here
    assert len(set(here.values())) == len(here)


ALL = {MODEL, WORLDS, ENGINE}
RULES = "processes/volunteering.py"
TABLE = "inputs/data/parameters.csv"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (RULES, "Volunteering: needs", "Needs"),
        (RULES, '    """Move one volunteer\'s needs, motivation', '    """Move needs'),
        (RULES, "team = team_felt(", "# of seven\n    team = team_felt("),
        (RULES, "team_felt(ini.volunteers", "team_felt(\n        ini.volunteers"),
        (RULES, "(expected: float, influence: float", "(expected: Any, influence: Any"),
        ("model/simulation.py", "a month up to", "a month until"),
        ("measures/outcomes.py", "Frivillige, der stoppede", "Frivillige, som stoppede"),
        ("measures/outcomes.py", "Volunteers who stopped in", "Those who stopped in"),
        ("population/schema.py", "volunteers now", "volunteers of this month"),
        (TABLE, "Share of promises not kept", "Promises that are not kept"),
        (TABLE, "hours per 1000 adults and month", "hours a month per 1000 adults"),
        (TABLE, "; no Danish time use study was found", ""),
        ("inputs/data/regimes.toml", "Rigid rules", "Stiff rules"),
        ("inputs/data/regimes.toml", "# The ten named regimes", "# Ten named regimes"),
        ("inputs/data/regimes.toml", "rigidity = 0.90", "rigidity = 0.9"),
        ("inputs/data/scenarios/baseline.toml", "ingen stød", "uden stød"),
        ("inputs/data/sources.toml", "autumn 2020", "October 2020"),
        ("inputs/data/municipalities_2020.csv", "12.550", "12.551"),
        ("cli/main.py", "import sys", "import sys\n\nX = 1"),
    ],
)
def test_what_moves_no_number_moves_the_digest_of_all_sources_alone(
    package_copy, here, file, old, new
):
    edit(package_copy / file, old, new)
    assert moved(here) == {SOURCE}


@pytest.mark.parametrize(
    ("file", "old", "new", "moves"),
    [
        (RULES, "p.need_rate * (own - vol.autonomy", "2.0 * (own - vol.autonomy", ALL),
        (RULES, "motivation_rate * (aim - vol", "motivation_rate * (vol", ALL),
        (
            "population/schema.py",
            '"loneliness", "f4"',
            '"loneliness", "f8"',
            ALL,
        ),
        ("randomness.py", "LEAVING = ", "PARTING = ", ALL),
        ("inputs/scenarios.py", "LONGEST_BURN_IN = 600", "LONGEST_BURN_IN = 601", ALL),
        ("measures/outcomes.py", "1000.0 * averted", "100.0 * averted", {MODEL, WORLDS}),
        ("measures/outcomes.py", '_sum("joins")', '_sum("leaves")', {MODEL, WORLDS}),
        (TABLE, "espoused_gap,0.252", "espoused_gap,0.25", {MODEL}),
        (TABLE, "hours_per_1000,20", "hours_per_1000,21", {MODEL, WORLDS}),
        (TABLE, "hours_per_1000", "staff_hours_a_month", {MODEL, WORLDS}),
        ("inputs/data/regimes.toml", "rigidity = 0.90", "rigidity = 0.91", {MODEL, WORLDS}),
        ("inputs/data/scenarios/ageing.toml", "0.01", "0.02", {MODEL, WORLDS}),
        ("inputs/data/municipalities_2020.csv", "632340", "632341", {MODEL, WORLDS}),
    ],
)
def test_what_can_move_a_number_moves_the_digest(package_copy, here, file, old, new, moves):
    edit(package_copy / file, old, new)
    assert moved(here) == {SOURCE, *moves}


def test_a_moved_file_moves_the_digests(package_copy, here):
    (package_copy / "curves.py").rename(package_copy / "bends.py")
    assert moved(here) == set(DIGESTS)


def test_what_is_no_source_moves_no_digest(package_copy, here):
    (package_copy / "notes.txt").write_text("a note")
    assert moved(here) == set()


def test_without_a_folder_to_keep_them_digests_are_the_same(here, monkeypatch):
    monkeypatch.setattr(digests, "writable_folder", lambda name: None)
    assert taken() == here


def test_a_torn_note_of_a_digest_is_taken_anew(here, tmp_path, monkeypatch):
    monkeypatch.setenv("VELFAERD_CACHE_DIR", str(tmp_path))
    assert taken() == here
    notes = list((tmp_path / "digests").iterdir())
    assert sorted(note.read_text() for note in notes) == sorted(
        here[name] for name in (MODEL, WORLDS, ENGINE)
    )
    for note in notes:
        note.write_text("torn")
    assert taken() == here


def test_nothing_in_the_model_is_found_by_a_text_for_people():
    """Such texts may change without the digest: none is a key or compared with."""
    for path in digests._model_files():
        nodes = ast.walk(ast.parse(path.read_bytes())) if path.suffix == ".py" else ()
        for node in nodes:
            looked_up = [node.slice] if isinstance(node, ast.Subscript) else []
            if isinstance(node, ast.Compare):
                looked_up = [node.left, *node.comparators]
            for part in looked_up:
                text = part.value if isinstance(part, ast.Constant) else None
                assert not (isinstance(text, str) and digests._is_for_people(text)), (
                    f"{path.name}:{node.lineno} looks for {text!r}"
                )
