"""What was wrong is told in the reader's language, and no English stays in a Danish sentence."""

from __future__ import annotations

import errno
import pickle
import re
from pathlib import Path

import pytest

import velfaerd_sim
from velfaerd_sim.dashboard.compare.view import CompareView, scenario_from_text, view_from
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.dashboard.watch.view import WatchView as WatchView
from velfaerd_sim.engine import store
from velfaerd_sim.errors import (
    InputError,
    Refusal,
    StorageError,
    VelfaerdError,
    cannot_read,
    reason_of,
    refusal,
)

SOURCES = Path(velfaerd_sim.__file__).parent

LINKS = {
    "a": "hands_of",
    "b": "rigid_rules,dialogue:2",
    "town": "x",
    "type": "city",
    "adults": "5",
    "months": "9999",
    "seed": "x",
    "replicates": "7",
    "set": "foo:1",
    "shocks": "plague",
    "worlds": "2",
}
ENGLISH_WORDS = ("allowed", "whole", "number", "did you", "one of", " from ", " or ", "name of")


@pytest.mark.parametrize("key", LINKS)
def test_a_broken_link_in_danish(key: str) -> None:
    (fault,) = view_from({key: LINKS[key]})[1]
    text = told(fault, "da")
    assert text.startswith(key)
    assert not [word for word in ENGLISH_WORDS if word in text.lower()], text
    assert " kan ikke bruges; " in text


@pytest.mark.parametrize(("key", "value"), [("month", "999"), ("adults", "7"), ("citizen", "x")])
def test_a_broken_link_to_watch_in_danish(key: str, value: str) -> None:
    (fault,) = WatchView.of_query({key: value})[1]
    assert not [word for word in ENGLISH_WORDS if word in told(fault, "da").lower()]


def test_a_broken_file_in_danish() -> None:
    for content, wanted in (
        ("adults = 5000000", "et helt tal fra 50 til"),
        ("#" * 300_000, "en fil på højst 200000 bytes"),
        ("adults = ", "gyldig TOML"),
        ('based_on = "baseline"', "kun en scenariefil"),
    ):
        with pytest.raises(InputError) as caught:
            CompareView().with_scenario(scenario_from_text(content, "byen.toml"), "a")
        assert wanted in told(caught.value, "da")


def test_english_says_what_the_package_says() -> None:
    error = InputError("seed", "x", "a whole number")
    assert told(error, "en") == str(error) == "seed: 'x' is not allowed; allowed: a whole number"
    near = InputError("a", "hands_of", "one of hands_off", "hands_off")
    assert told(near, "en") == "a: 'hands_of' is not allowed; did you mean 'hands_off'?"
    assert told(StorageError("the disk is full"), "en") == "the disk is full"
    assert told(StorageError("the disk is full"), "da") == "the disk is full (meldt på engelsk)"
    assert (
        told(InputError("x", 1, "something new"), "da")
        == "x: 1 kan ikke bruges; brug something new"
    )


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            cannot_read("x/effects.parquet", FileNotFoundError(errno.ENOENT, "No such file")),
            "x/effects.parquet kan ikke læses: filen findes ikke",
        ),
        (
            refusal("no_record", name="x/study.json", reason=reason_of(RecursionError())),
            "x/study.json er ikke en beskrivelse af et studie: den er for dybt forgrenet",
        ),
        (
            refusal("no_column", name="effects.parquet", column="mean"),
            "effects.parquet har ingen kolonne mean: filen er ikke skrevet af en af kommandoerne",
        ),
        (refusal("too_much", count=3), "der er 3 opgaver i gang"),
    ],
)
def test_a_study_that_cannot_be_read_is_told_in_danish(message: Refusal, wanted: str) -> None:
    text = told(StorageError(message), "da")
    assert text.startswith(wanted)
    assert "meldt på engelsk" not in text
    assert told(StorageError(message), "en") == message


def test_a_refusal_keeps_its_code_on_its_way_from_a_worker() -> None:
    error = InputError("x", 5, refusal("whole_between", low=1, high=3))
    sent = pickle.loads(pickle.dumps(error.within("file")))
    assert told(sent, "da") == "file: x: 5 kan ikke bruges; brug et helt tal fra 1 til 3"
    fault = pickle.loads(pickle.dumps(StorageError(refusal("busy"))))
    assert told(fault, "da").startswith("serveren er optaget")


def test_an_unknown_code_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        refusal("no such code")


def test_what_the_package_raises_on_reading_studies_is_known(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "empty").mkdir()
    for name, content in (("study.json", "[1"), ("t.parquet", "x"), ("list.json", "[]")):
        (tmp_path / "a" / name).write_text(content)
    faults = []
    for read in (
        lambda: store.read_record(tmp_path / "a"),
        lambda: store.read_record(tmp_path / "empty"),
        lambda: store.read_table(tmp_path / "a" / "t.parquet"),
        lambda: study_folder.folder_of(tmp_path, "../a"),
        lambda: study_folder.table_of(tmp_path / "a", "nothing.csv"),
    ):
        with pytest.raises(VelfaerdError) as caught:
            read()
        faults.append(told(caught.value, "da"))
    assert not [text for text in faults if "engelsk" in text], faults
    assert not [t for t in faults if re.search(r"\b(cannot|one of|the|is not|inside)\b", t)], faults


def test_no_sentence_is_parsed() -> None:
    """What is told comes from codes: nothing that tells reads patterns."""
    for room in ("telling", "dashboard/frame", "dashboard/studies", "dashboard/compare"):
        for path in (SOURCES / room).rglob("*.py"):
            assert "import re\n" not in path.read_text(encoding="utf-8"), path
