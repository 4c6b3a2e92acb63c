"""What the dashboard reads of a study of claims."""

import base64
import json

import pytest

from velfaerd_sim.dashboard.studies.claims_view import claims_of, figure_of
from velfaerd_sim.errors import StorageError

CLAIM = {
    "id": "C20",
    "source": "S4",
    "statement": {"en": "Rules hurt.", "da": "Regler skader."},
    "overturn": {"en": "A survey.", "da": "En undersøgelse."},
    "word": "on_reading",
    "sets": [
        {
            "set": "plausible",
            "readings": [
                {"share": 0.9, "counts": True},
                {"share": 0.42, "counts": True},
                {"share": 0.01, "counts": False},
            ],
        }
    ],
    "sentences": {
        language: {
            "word": word,
            "verdict": f"{word}: 42 %",
            "conditions": "",
            "leanings": "leans",
            "arrow": "arrow",
            "readings": ["read"],
            "robustness": "",
            "criteria": ["one", "two"],
        }
        for language, word in (("en", "depends"), ("da", "kommer an på læsningen"))
    },
}


def folder(tmp_path, content):
    (tmp_path / "claims").mkdir()
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "claims" / "conclusions.json").write_text(text, encoding="utf-8")
    return tmp_path


def test_claims_are_told_in_the_language_asked_for(tmp_path):
    path = folder(tmp_path, {"claims": [CLAIM]})
    (english,), (danish,) = claims_of(path, "en"), claims_of(path, "da")
    assert (english.statement, danish.statement) == ("Rules hurt.", "Regler skader.")
    assert (english.says, danish.says) == ("depends", "kommer an på læsningen")
    assert list(english.parts) == ["readings", "criteria", "leanings", "arrow", "overturn"]
    assert danish.parts["criteria"] == ("one", "two")
    assert danish.parts["overturn"] == ("En undersøgelse.",)
    assert english.sources == ("KL: Vi er fælles om fremtidens velfærd",)
    assert english.shares == (0.42, 0.9)


def test_a_study_that_is_not_done_has_no_claims_yet(tmp_path):
    assert claims_of(tmp_path, "en") == []


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"claims": [{}]}',
        {"claims": [CLAIM | {"word": "surely"}]},
        {"claims": [CLAIM | {"sets": []}]},
    ],
)
def test_what_was_not_written_by_the_command_is_refused(tmp_path, content):
    with pytest.raises(StorageError, match=r"conclusions\.json"):
        claims_of(folder(tmp_path, content), "en")


def test_a_figure_comes_as_an_image_and_only_from_its_folder(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "C20.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.svg").write_text("<svg/>", encoding="utf-8")
    source, language = figure_of(tmp_path, "C20")
    assert base64.b64decode(source.partition(",")[2]) == b"<svg/>"
    assert language == "en"
    assert figure_of(tmp_path, "C21")[0] == ""
    assert figure_of(tmp_path, "../secret")[0] == ""


def test_a_figure_comes_in_the_language_asked_for_where_there_is_one(tmp_path):
    for folder_name in ("figures", "figures.da"):
        (tmp_path / folder_name).mkdir()
        (tmp_path / folder_name / "C20.svg").write_text(f"<svg>{folder_name}</svg>", "utf-8")
    (tmp_path / "figures" / "C21.svg").write_text("<svg/>", encoding="utf-8")
    source, language = figure_of(tmp_path, "C20", "da")
    assert base64.b64decode(source.partition(",")[2]) == b"<svg>figures.da</svg>"
    assert language == "da"
    assert figure_of(tmp_path, "C21", "da")[1] == "en"
    assert figure_of(tmp_path, "C20", "en")[1] == "en"
