"""Studies: what the commands have written into the results folder, opened and read."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import solara

from velfaerd_sim import in_force
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.frame.session import Session, use_session, use_words
from velfaerd_sim.dashboard.frame.settings import settings
from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.dashboard.parts.downloads import Downloads, Item
from velfaerd_sim.dashboard.parts.sheets import (
    Alert,
    Progress,
    Sheet,
    SheetColumn,
    SheetRow,
    pages_style,
)
from velfaerd_sim.dashboard.studies import downloads as study_downloads
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.dashboard.studies.checks import REPORTS, Checked
from velfaerd_sim.dashboard.studies.claims import Claims
from velfaerd_sim.dashboard.studies.folder import Entry, RecordFacts
from velfaerd_sim.dashboard.studies.labels import day_and_time
from velfaerd_sim.dashboard.studies.parts import Comparison, SingleRun
from velfaerd_sim.dashboard.studies.state import StudiesState, StudyChoice
from velfaerd_sim.dashboard.studies.sweep import Sweep
from velfaerd_sim.dashboard.studies.tables import About, Tables
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.errors import MISSING, InputError, VelfaerdError, refusal
from velfaerd_sim.telling.words import Words

PAGE = "studies"
LOOK_SECONDS = 3.0
"""Between two looks at a study that is still running."""


def use_ticks(active: bool) -> int:
    """A number that grows every few seconds while something is going on."""
    tick, set_tick = solara.use_state(0)

    def run(cancel: threading.Event) -> None:
        while active and not cancel.wait(LOOK_SECONDS):
            set_tick(lambda number: number + 1)

    solara.use_thread(run, dependencies=[active], intrusive_cancel=False)
    return int(tick)


def use_state_of_page(session: Session) -> StudiesState:
    """The state of the page in this session; the address is read once a visit."""
    router = solara.use_router()

    def begin() -> StudiesState:
        state: StudiesState = session.kept.setdefault(PAGE, StudiesState())
        query = values_of(router.search)
        if query.keys() - {"lang"}:
            state.chosen.value = StudyChoice.of_query(query)
        return state

    state: StudiesState = solara.use_memo(begin, [])
    return state


@solara.component
def Page() -> None:
    """The page."""
    words = use_words("studies")
    session = use_session()
    state = use_state_of_page(session)
    chosen = state.chosen.value

    def note_address() -> None:
        session.views[PAGE] = query_of(chosen.query())

    solara.use_effect(note_address, [chosen])
    solara.Style(pages_style())
    if chosen.study:
        Opened(state, session, words).key(chosen.study)
    else:
        List(state, words)


@solara.component
def List(state: StudiesState, words: Words) -> None:
    """All studies of the results folder."""
    root = settings().results
    again, set_again = solara.use_state(0)
    busy, set_busy = solara.use_state(False)
    tick = use_ticks(busy)
    entries: list[Entry] = solara.use_memo(lambda: study_folder.listed(root), [tick, again])
    running = any(entry.status == "incomplete" for entry in entries)
    solara.use_effect(lambda: set_busy(running), [running])
    with solara.Div(classes=["vf-title"]):
        with solara.Div():
            Text("h1", words("studies_title"))
            Text("p", words("studies_intro"), classes=["vf-intro"])
        Button(words("refresh"), lambda: set_again(again + 1))
    if not entries:
        Empty(words)
        return
    columns = (
        SheetColumn(words("study"), wrap=True),
        SheetColumn(words("folder"), wrap=True, code=True),
        SheetColumn(words("kind")),
        SheetColumn(words("state")),
        SheetColumn(words("runs"), right=True),
        SheetColumn(words("changed"), right=True),
    )
    with solara.Div(classes=["vf-card"]):
        Sheet(
            words("all_studies"),
            columns,
            [_row(entry, words) for entry in entries],
            words,
            search=words("search_study"),
            empty=words("nothing_found"),
            counted=words("counted", shown="{shown}", all="{all}"),
            on_pick=lambda name: state.open(name),
        )


def _row(entry: Entry, words: Words) -> SheetRow:
    runs = words.number(entry.done + entry.failed)
    if entry.status == "incomplete" and entry.planned:
        runs = f"{runs} / {words.number(entry.planned)}"
    changed = datetime.datetime.fromtimestamp(entry.changed)
    cells = (
        entry.title(words.language),
        entry.name,
        kind_name(entry.kind, words) if entry.status != "broken" else "",
        state_name(entry, words),
        runs if entry.status != "broken" else "",
        day_and_time(changed, words) if entry.changed else "",
    )
    return SheetRow(entry.name, cells, {4: entry.done + entry.failed, 5: entry.changed})


def kind_name(kind: str, words: Words) -> str:
    """What a kind of study is called."""
    return words(f"kind_{kind}") if words.has(f"kind_{kind}") else words("kind_other")


def state_name(entry: Entry, words: Words) -> str:
    """How far a study is."""
    return words(f"state_{entry.status}", share=words.percent(entry.share, 0))


@solara.component
def Empty(words: Words) -> None:
    """What to do where there is no study."""
    with solara.Div(classes=["vf-card", "vf-empty"]):
        Text("h2", words("no_studies"))
        Text("p", words("no_studies_what"), classes=["vf-soft"])
        with solara.Div(style={"max-width": "640px", "margin": "12px auto 0"}):
            Text(
                "div",
                "velfaerd compare municipal_baton facilitative_dialogue --out results/first",
                classes=["vf-code-line"],
            )


@dataclass(frozen=True)
class Open:
    """A study that was opened, or why it could not be."""

    folder: Path | None = None
    record: dict[str, Any] = field(default_factory=dict)
    entry: Entry | None = None
    facts: RecordFacts | None = None
    problem: str = ""


def opened(root: Path, name: str, language: str) -> Open:
    """Open a study by its name; what is wrong is said, not raised."""
    try:
        folder = study_folder.folder_of(root, name)
        record = read_record(folder)
        if faults := in_force.missing(record):
            raise InputError("--plugin", MISSING, refusal("plugin_needed", names=", ".join(faults)))
        entry = study_folder.entry_of_record(folder, name, record)
        return Open(folder, record, entry, study_folder.facts_of(record))
    except (VelfaerdError, RecursionError, MemoryError) as error:
        return Open(problem=study_folder.told_of(error, root, language))


@solara.component
def Opened(state: StudiesState, session: Session, words: Words) -> None:
    """One study."""
    name = state.chosen.value.study
    busy, set_busy = solara.use_state(True)
    tick = use_ticks(busy)
    found: Open = solara.use_memo(
        lambda: opened(settings().results, name, words.language), [name, tick, words.language]
    )
    running = found.entry is not None and found.entry.status == "incomplete"
    solara.use_effect(lambda: set_busy(running), [running])
    with solara.Div(classes=["vf-heading"], style={"margin-bottom": "12px"}):
        Button("← " + words("all_studies"), lambda: state.open(""))
        if found.folder is not None:
            Menu(found.folder, state, words)
    if found.folder is None or found.entry is None or found.facts is None:
        with solara.Div(classes=["vf-card", "vf-empty"]):
            Text("h2", words("cannot_open"))
            Text("p", words("cannot_open_what"), classes=["vf-soft"])
            reason = words("reason", message=found.problem)
            Text("p", reason, classes=["vf-small", "vf-soft"])
        return
    with solara.Div(classes=["vf-stack"]):
        Head(found.entry, found.facts, found.record, words)
        Body(found, state, session, words)
        Tables(found.folder, state, words)
        About(found.facts, found.folder, words)


@solara.component
def Menu(folder: Path, state: StudiesState, words: Words) -> None:
    """What can be taken along."""
    chosen = state.chosen.value
    table, claim = chosen.table, chosen.claim
    groups = groups_of(folder, chosen, words)

    def prepare(kind: str) -> None:
        try:
            state.file.value = study_downloads.file_of(folder, kind, table, claim, words.language)
        except VelfaerdError as error:
            state.problem.value = told(error, words.language)

    with solara.Div(classes=["vf-tight"], style={"align-items": "flex-end"}):
        Downloads(
            groups,
            words,
            file=state.file.value,
            on_ask=prepare,
            on_taken=lambda: state.file.set(None),
            report="report",
        )
        if state.problem.value:
            message = words("cannot_take", message=state.problem.value)
            Alert(message, words("dismiss"), lambda: state.problem.set(""))


def groups_of(folder: Path, chosen: StudyChoice, words: Words) -> list[tuple[str, list[Item]]]:
    """The files of a study as groups of a menu."""
    language = words.language
    kinds = study_downloads.kinds_of(folder, chosen.table, chosen.claim, language)
    shown = study_downloads.table_offered(folder, chosen.table)
    told = {"report": note(study_downloads.report_of(folder, language)[1], words)}
    whole = [
        Item(k, words(f"take_{k}"), told.get(k, ""))
        for k in kinds
        if k in ("record", "scenario", "report")
    ]
    tables = [Item(k, words(f"take_{k}"), shown) for k in kinds if k in ("csv", "xlsx", "file")]
    figures = []
    drawn = note(study_downloads.figures_of(folder, language)[1], words)
    for kind in kinds:
        ending, _, name = kind.partition(":")
        if name:
            detail = f"{name}, {drawn}" if drawn else name
            figures.append(Item(kind, words(f"take_{ending}"), detail))
    groups = [("whole_study", whole), ("table", tables), ("figures", figures)]
    return [(words(key), items) for key, items in groups if items]


def note(language: str, words: Words) -> str:
    """Say that a file is in another language than the page; '' where it is in the same."""
    return words("in_english") if language != words.language else ""


@solara.component
def Head(entry: Entry, facts: RecordFacts, record: dict[str, Any], words: Words) -> None:
    """Title, question, and how far it is."""
    source = record.get("study")
    question = ""
    if isinstance(source, dict):
        question = str(source.get(f"question_{words.language}") or "")[:600]
    with solara.Div(classes=["vf-tight"]):
        with solara.Div(classes=["vf-row"]):
            Text("h1", entry.title(words.language))
            Text("span", kind_name(entry.kind, words), classes=["vf-tag"])
            if entry.status != "complete":
                Text("span", state_name(entry, words), classes=["vf-tag", "vf-tag-warn"])
            if entry.failed:
                key = "failed_run" if entry.failed == 1 else "failed_runs"
                failed = words(key, count=words.number(entry.failed))
                Text("span", failed, classes=["vf-tag", "vf-tag-warn"])
        if question:
            Text("p", question, classes=["vf-intro"])
        with solara.Div(classes=["vf-facts"]):
            for fact in _facts(facts, record, words):
                Text("span", fact)
        if entry.status != "complete":
            done, planned = words.number(entry.done + entry.failed), words.number(entry.planned)
            with solara.Div(classes=["vf-card"]):
                Progress(words("going_on", done=done, planned=planned), entry.share)


def _facts(facts: RecordFacts, record: dict[str, Any], words: Words) -> list[str]:
    found = []
    if facts.scenario is not None:
        found.append(facts.scenario.title(words.language))
        found.append(words("adults_of", count=words.number(facts.scenario.adults)))
        found.append(words.duration(facts.scenario.months))
    design = record.get("design")
    if isinstance(design, dict) and isinstance(design.get("replicates"), int):
        count = design["replicates"]
        key = "replicate_of" if count == 1 else "replicates_of"
        found.append(words(key, count=words.number(count)))
    if worlds := study_folder.worlds_of(record):
        found.append(words("worlds_of", count=words.number(worlds)))
    return found


@solara.component
def Body(found: Open, state: StudiesState, session: Session, words: Words) -> None:
    """What a study of its kind shows."""
    assert found.folder is not None
    assert found.entry is not None
    assert found.facts is not None
    bodies = {
        "run": partial(SingleRun, found.folder, found.facts, state, words),
        "compare": partial(Comparison, found.folder, found.facts, state, words),
        "sweep": partial(Sweep, found.folder, found.entry, state, session, words),
        "claims": partial(Claims, found.folder, state, words),
    }
    if found.entry.kind in bodies:
        bodies[found.entry.kind]()
    elif found.entry.kind in REPORTS:
        Checked(found.folder, found.record, found.entry.kind, words)
