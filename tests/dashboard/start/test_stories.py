"""What the page Start offers: every story opens a view as it is meant, every study as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.advice.search import AdviceView
from velfaerd_sim.dashboard.compare.view import view_from
from velfaerd_sim.dashboard.frame.links import values_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.start.stories import STORIES, STUDIES, Story, command_of, opened_at
from velfaerd_sim.dashboard.watch.view import WatchView
from velfaerd_sim.telling.words import LANGUAGES, Words

EXPERIMENTS = Path(__file__).resolve().parents[3] / "experiments"
READERS: dict[str, Any] = {
    "compare": view_from,
    "watch": WatchView.of_query,
    "advice": AdviceView.of_query,
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_opens_the_view_that_it_tells_of(story: Story) -> None:
    session = Session("da", lambda: None, "place=621&stated=hours:15")
    address = story.address(session)
    session.close()
    path, _, query = address.partition("?")
    assert path == f"/{story.page}"
    values = values_of(query)
    assert values["lang"] == "da"
    assert values["place"] == "621"
    found, faults = READERS[story.page](values)
    assert not faults
    for side in {"a", "b"} & story.view.keys():
        governance = getattr(found, side)
        text = governance if isinstance(governance, str) else governance.to_text()
        assert text == story.view[side]
    for key in {"most"} & story.view.keys():
        assert f"{found.most:g}" == story.view[key]


def test_there_are_five_to_seven_stories() -> None:
    assert 5 <= len(STORIES) <= 7


def test_packaged_studies_are_told_as_their_files_say() -> None:
    there = {path.parent.name for path in EXPERIMENTS.glob("*/study.toml")}
    assert set(STUDIES) == there
    for name in STUDIES:
        source = tomllib.loads((EXPERIMENTS / name / "study.toml").read_text("utf-8"))
        for language in LANGUAGES:
            words = Words(language, "start")
            asked = source[f"question_{language}"]
            # The pages call what citizens take part in an indsats, so the word needs its "fra".
            asked = asked.replace("borgernes initiativ", "initiativ fra borgerne")
            assert words(f"study_{name}_title") == source[f"title_{language}"]
            assert words(f"study_{name}_asks") == asked


def test_a_packaged_study_opens_where_it_was_run(tmp_path: Path) -> None:
    assert opened_at(tmp_path, "crisis") == ""
    folder = tmp_path / "experiments" / "crisis"
    folder.mkdir(parents=True)
    assert opened_at(tmp_path, "crisis") == ""
    (folder / "study.json").write_text("{}")
    assert opened_at(tmp_path, "crisis") == "experiments/crisis"
    assert command_of("crisis") == "python experiments/run.py crisis"
