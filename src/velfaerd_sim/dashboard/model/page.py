"""Model: what it assumes, how it works, and how it fits; everything to take along."""

from __future__ import annotations

from dataclasses import dataclass, replace

import solara

from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.work import LATER, Job
from velfaerd_sim.dashboard.model import facts as model_facts
from velfaerd_sim.dashboard.model.causes_part import BOXES, Causes
from velfaerd_sim.dashboard.model.facts import READINGS
from velfaerd_sim.dashboard.model.parts import Equations, FitTable, Outcomes, Parameters, Regimes
from velfaerd_sim.dashboard.parts.controls import Text
from velfaerd_sim.dashboard.parts.downloads import CSV, TOML, Downloads, File, Item
from velfaerd_sim.dashboard.parts.sheets import Group, pages_style
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.parameters import PARAMETERS, ROLES
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling.words import Words

PAGE = "model"
TABS = ("parameters", "causes", "regimes", "outcomes", "equations", "fit")
FILES = {
    "parameters": ("parameters.csv", CSV),
    "regimes": ("regimes.toml", TOML),
    "outcomes": ("outcomes.csv", CSV),
    "targets": ("targets.csv", CSV),
    "equations": ("equations.json", "application/json"),
}


@dataclass(frozen=True)
class ModelChoice:
    """What is looked at: a tab; role and group of parameters; a chapter; a box of the causes."""

    tab: str = TABS[0]
    role: str = ""
    group: str = ""
    chapter: str = ""
    box: str = ""

    def __post_init__(self) -> None:
        if self.tab not in TABS:
            object.__setattr__(self, "tab", TABS[0])
        if self.role not in ("", *ROLES):
            object.__setattr__(self, "role", "")
        if self.group not in ("", *model_facts.groups_of_parameters()):
            object.__setattr__(self, "group", "")
        if self.box not in ("", *BOXES):
            object.__setattr__(self, "box", "")

    def query(self) -> dict[str, str]:
        """What differs from the first view, as texts for an address."""
        found = {key: getattr(self, key) for key in self.__dataclass_fields__}
        return {key: text for key, text in found.items() if text != getattr(ModelChoice(), key)}


class ModelPageState:
    """What the page holds between visits; asking: whether the model is being asked."""

    def __init__(self) -> None:
        self.chosen: solara.Reactive[ModelChoice] = solara.Reactive(ModelChoice())
        self.asking: solara.Reactive[bool] = solara.Reactive(False)
        self.error: solara.Reactive[str] = solara.Reactive("")
        self.file: solara.Reactive[File | None] = solara.Reactive(None)

    def choose(self, **changes: str) -> None:
        """Look at something else."""
        self.chosen.value = replace(self.chosen.value, **changes)

    def ask(self, session: Session, words: Words) -> None:
        """Ask the model for the published figures, in the background."""

        def task(_: Job) -> dict[str, float]:
            return READINGS.get()

        def failed(error: Exception) -> None:
            self.asking.value = False
            known = isinstance(error, VelfaerdError)
            self.error.value = told(error, words.language) if known else words("unexpected")

        self.error.value = ""
        self.asking.value = True
        try:
            session.jobs.start(
                PAGE,
                [task],
                lane=LATER,
                on_done=lambda: self.asking.set(False),
                on_error=failed,
            )
        except VelfaerdError as error:  # too much is under way
            failed(error)

    def prepare(self, key: str, language: str) -> None:
        """Make a file that was asked for; a CSV file as spreadsheets in the language open it."""
        files = model_facts.everything(READINGS.known)
        if key == "all":
            content = model_facts.archive(files)
            self.file.value = File("velfaerd_model.zip", "application/zip", content)
        elif key in FILES:
            name, media = FILES[key]
            danish = language == "da" and media == CSV
            content = model_facts.danish_csv(files[name]) if danish else files[name].encode()
            self.file.value = File(name, media, content)


def use_state_of_page(session: Session) -> ModelPageState:
    """The state of the page in this session; the address is read once a visit."""
    router = solara.use_router()

    def begin() -> ModelPageState:
        state: ModelPageState = session.kept.setdefault(PAGE, ModelPageState())
        query = values_of(router.search)
        known = {
            key: text for key, text in query.items() if key in ModelChoice.__dataclass_fields__
        }
        if known:
            state.chosen.value = ModelChoice(**known)
        return state

    state: ModelPageState = solara.use_memo(begin, [])
    return state


@solara.component
def Page() -> None:
    """The page."""
    words = use_words("model")
    session = use_session()
    state = use_state_of_page(session)
    chosen = state.chosen.value

    def note_address() -> None:
        session.views[PAGE] = query_of(chosen.query())

    solara.use_effect(note_address, [chosen])
    solara.Style(pages_style())
    with solara.Div(classes=["vf-title"]):
        with solara.Div():
            Text("h1", words("model_title"))
            Text("p", intro(words), classes=["vf-intro"])
        Menu(state, words)
    with solara.Div(classes=["vf-stack"]):
        tabs = [(tab, words(f"tab_{tab}")) for tab in TABS]
        Group(words("tab"), chosen.tab, tabs, lambda tab: state.choose(tab=tab), True)
        with solara.Div(classes=["vf-card"]).key(chosen.tab):
            if chosen.tab == "parameters":
                Parameters(
                    chosen.role,
                    chosen.group,
                    lambda role: state.choose(role=role),
                    lambda group: state.choose(group=group),
                    words,
                )
            elif chosen.tab == "causes":
                Causes(chosen.box, lambda box: state.choose(box=box), session, words)
            elif chosen.tab == "regimes":
                Regimes(words)
            elif chosen.tab == "outcomes":
                Outcomes(words)
            elif chosen.tab == "equations":
                Equations(chosen.chapter, lambda title: state.choose(chapter=title), words)
            else:
                FitTable(
                    state.asking.value, state.error.value, lambda: state.ask(session, words), words
                )


def intro(words: Words) -> str:
    """What stands on the page, with its numbers."""
    return words(
        "model_intro",
        parameters=words.number(len(PARAMETERS)),
        regimes=words.number(len(REGIMES)),
        outcomes=words.number(len(OUTCOMES)),
        assumed=words.number(sum(parameter.is_assumption for parameter in PARAMETERS)),
    )


@solara.component
def Menu(state: ModelPageState, words: Words) -> None:
    """What can be taken along."""
    groups = [
        (words("take_all"), [Item("all", words("all_zip"), words("all_zip_detail"))]),
        (words("single"), [Item(key, words(f"take_{key}"), FILES[key][0]) for key in FILES]),
    ]
    Downloads(
        groups,
        words,
        file=state.file.value,
        on_ask=lambda key: state.prepare(key, words.language),
        on_taken=lambda: state.file.set(None),
    )
