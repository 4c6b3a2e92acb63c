"""What the page Start offers: stories with a prepared view each, the tour, the packaged studies."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from velfaerd_sim.dashboard.frame.links import path_of, query_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.errors import VelfaerdError


@dataclass(frozen=True)
class Story:
    """A question of the articles with a view that it begins at: a page and the values of its link.

    Its texts stand in the catalogue under its name.
    """

    name: str
    page: str
    view: Mapping[str, object]

    def address(self, session: Session) -> str:
        """The link to the view, in the session's language, with the place that is carried."""
        carried = query_of(session.carried.query())
        parts = [query_of(self.view), carried, f"lang={session.language.value}"]
        return f"{path_of(self.page)}?{'&'.join(filter(None, parts))}"


STORIES = (
    Story("agreements", "compare", {"a": "clear_agreements", "b": "experimenting"}),
    Story("rules", "compare", {"a": "rigid_rules", "b": "clear_roles_no_rigid_rules"}),
    Story("baton", "compare", {"a": "municipal_baton", "b": "reverse_dialogue"}),
    Story(
        "few_hours",
        "compare",
        {"a": "municipal_baton", "b": "facilitative_dialogue", "set": "hours_per_1000:4"},
    ),
    Story("crisis", "compare", {"a": "rigid_rules", "b": "experimenting", "shocks": "crisis"}),
    Story("town", "watch", {"a": "municipal_baton", "b": "facilitative_dialogue"}),
    Story("hours", "advice", {"most": "12"}),
)
"""In the order in which they are shown."""

TOUR = ("municipality", "compare", "advice", "watch", "studies")
"""Pages in the order of the tour."""
TERMS = (
    *("tils", "lonely", "governance", "instrument", "regime", "pair", "interval", "world"),
    *("staff_hours", "retention", "lonely_years", "seed"),
)
"""Words that are explained, in the order in which they are shown."""

STUDIES = (
    *("hours_and_promises", "one_instrument", "clarity_and_rules", "promised_dialogue"),
    *("training_or_dialogue", "substitution", "crisis", "austerity", "unknown_lonely"),
    *("what_decides", "local_needs"),
)
"""Studies that come with the project, by their folder below experiments/."""
FOLDER = "experiments"


def opened_at(root: Path, name: str) -> str:
    """The name under which a packaged study stands among the results; '' where it was not run."""
    found = f"{FOLDER}/{name}"
    with suppress(VelfaerdError):
        study_folder.folder_of(root, found)
        return found
    return ""


def command_of(name: str) -> str:
    """The command that runs a packaged study."""
    return f"python {FOLDER}/run.py {name}"
