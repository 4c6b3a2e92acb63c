"""Every attack, a few times each; `make attack` makes them many times."""

import json
import random
import runpy
from pathlib import Path

import pytest

from attacks import dashboard, folders, inputs
from attacks.attack import Attack, carried_out
from attacks.every import ATTACKS
from attacks.run import FILE
from faults.records import KINDS
from velfaerd_sim.engine.ownership import is_own_name


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.tries], ids=lambda one: one.key)
def test_a_promise_withstands(attack: Attack) -> None:
    if reason := attack.possible():
        pytest.skip(reason)
    found = carried_out(attack, attack.tries)
    assert found.tried == attack.tries
    assert found.failed == []


def test_a_thousand_files_options_records_and_frames_are_tried_here_and_20_000_at_length() -> None:
    read = [one for one in ATTACKS if one.key in ("files", "options", "records", "headers")]
    assert sum(one.tries for one in read) >= 1_000
    assert sum(one.many for one in read) >= 20_000


def test_what_fails_is_counted_and_can_be_made_again() -> None:
    def attempt(draws: random.Random, folder: Path) -> str:
        assert list(folder.iterdir()) == []
        if draws.random() < 0.5:
            raise ValueError("no luck")
        return "half" if draws.random() < 0.5 else ""

    found = carried_out(Attack("coin", "", "", attempt, 0, 0), 100)
    assert (found.tried, found.failed[:2]) == (
        100,
        carried_out(Attack("coin", "", "", attempt, 0, 0), 100).failed[:2],
    )
    assert 50 < len(found.failed) < 95


def test_every_kind_of_study_is_attacked_in_turn() -> None:
    seen = []

    def attempt(draws: random.Random, folder: Path, kind: str) -> str:
        seen.append(kind)
        return ""

    carried_out(Attack("kinds", "", "", attempt, 0, 0, folders.KINDS), 2 * len(KINDS))
    assert seen == 2 * [*KINDS]
    for attack in ATTACKS:
        if attack.over:
            assert {*attack.over} >= {*KINDS} - {folders.SINGLE}
            assert attack.many >= len(attack.over)
    least = {one.key: one.many / max(len(one.over), 1) for one in ATTACKS}
    assert least["records"] >= 1_000
    assert least["contents"] * len(KINDS) >= 1_000


@pytest.mark.parametrize("kind", KINDS)
def test_names_that_studies_give_are_known_as_their_own(kind: str) -> None:
    """What has no such name is never removed, so a new name must be known."""
    path, _ = folders.whole(kind)
    names = [each.relative_to(path).as_posix() for each in folders.files_of(path)]
    assert [name for name in names if not is_own_name(name)] == []


def test_tampering_that_is_not_looked_for_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack itself can fail: here verification is made blind."""
    monkeypatch.setattr(folders.verification, "verify", lambda *_, **__: None)
    monkeypatch.setattr(folders, "harm", lambda *_: "byte")
    assert "verified as if nothing were" in folders.tampering(random.Random(1), tmp_path, "run")


def test_the_counts_are_of_these_attacks_and_stand_in_the_document() -> None:
    made = json.loads(FILE.read_text(encoding="utf-8"))
    told = [(key, one["promise"], one["how"]) for key, one in made["attacks"].items()]
    assert told == [(one.key, one.promise, one.how) for one in ATTACKS]
    assert [one["failed"] for one in made["attacks"].values()] == [0] * len(ATTACKS)
    script = runpy.run_path(str(FILE.with_name("reliability.py")))
    table = script["attacks"](runpy.run_path(str(FILE.with_name("tables.py")))["markdown"])
    assert table in FILE.with_suffix(".md").read_text(encoding="utf-8"), "run: make docs"


def test_memory_that_grows_is_told_and_swings_are_not() -> None:
    swings = [500, 700, 520, 700] * 5
    assert dashboard.judged([400, *swings]) == ""
    assert "it grew" in dashboard.judged([400, *(400 + 8 * n for n in range(40))])
    assert "were taken" in dashboard.judged([400, *swings, 900])


@pytest.mark.slow
def test_the_dashboard_can_be_used_without_a_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason := dashboard.no_pages():
        pytest.skip(reason)
    monkeypatch.setattr(dashboard, "CLICKS", 10)
    assert dashboard.grown_in_use(random.Random(1), tmp_path) == ""


@pytest.mark.parametrize("name", inputs.READERS)
def test_what_is_changed_at_random_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    text, read = inputs.READERS[name]
    (tmp_path / name).write_text(text(), encoding="utf-8")
    assert read(tmp_path / name) is not None


def test_a_table_of_text_that_is_gone_does_not_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by attack: verification ended with an error of the system."""
    monkeypatch.setattr(folders, "files_of", lambda folder: [next(folder.glob("claims/*.csv"))])
    monkeypatch.setattr(folders, "harm", lambda path, _: path.unlink() or "gone")
    assert folders.tampering(random.Random(1), tmp_path, "claims") == ""
