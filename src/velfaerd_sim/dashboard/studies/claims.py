"""Claims in the page Studies: the verdicts as a table, and a claim with its evidence."""

from __future__ import annotations

from pathlib import Path

import solara

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.parts.controls import Button, Text
from velfaerd_sim.dashboard.parts.sheets import Alert, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.studies.claims_view import ClaimText, claims_of, figure_of
from velfaerd_sim.dashboard.studies.state import StudiesState
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.telling.words import Words

GROUNDS = {
    "holds": ("#dcebf5", "#0b3c5d"),
    "by_construction": ("#eaf3f9", "#0b3c5d"),
    "on_world": ("#f3f4f6", "#1f2328"),
    "on_reading": ("#f3f4f6", "#1f2328"),
    "cannot_tell": ("#ffffff", "#57606a"),
    "does_not": ("#f6e0d0", "#7a3100"),
}
HEADINGS = {"criteria": "claim_read"}
"""Headings of the parts of a claim whose key is not claim_ and the part's name."""


@solara.component
def Claims(folder: Path, state: StudiesState, page: Words) -> None:
    """The claims of a study, or the one that is chosen."""
    words = Words(page.language, "studies", "evidence")

    def read() -> tuple[list[ClaimText], str]:
        try:
            return claims_of(folder, words.language), ""
        except VelfaerdError as error:
            return [], told(error, words.language)

    claims, problem = solara.use_memo(read, [folder, words.language])
    wanted = state.chosen.value.claim
    chosen = next((each for each in claims if each.id == wanted), None)
    if chosen is not None:
        One(folder, chosen, state, words).key(chosen.id)
        return
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("claims_title"))
        if problem:
            Alert(words("table_broken", message=problem))
        elif not claims:
            Text("p", words("claims_none"), classes=["vf-soft"])
        else:
            Text("p", words("claims_what"), classes=["vf-soft", "vf-intro"])
            Verdicts(claims, state, words)


@solara.component
def Verdicts(claims: list[ClaimText], state: StudiesState, words: Words) -> None:
    """The table of verdicts."""
    columns = (
        SheetColumn(words("claim")),
        SheetColumn(words("claim_statement"), wrap=True),
        SheetColumn(words("claim_source"), wrap=True),
        SheetColumn(words("claim_verdict"), wrap=True),
        SheetColumn(words("claim_share"), right=True, wrap=True),
    )
    Sheet(
        words("claims_title"),
        columns,
        [claim_row(each, words) for each in claims],
        words,
        search=words("claim_search"),
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        on_pick=lambda name: state.choose(claim=name),
    )


def claim_row(each: ClaimText, words: Words) -> SheetRow:
    """A claim in the table: its verdict, and in how many worlds its readings are met."""
    ends = [words.percent(share, 0) for share in dict.fromkeys(each.shares)]
    cells = (each.id, each.statement, "; ".join(each.sources), each.says, " … ".join(ends))
    least = each.shares[0] if each.shares else None
    return SheetRow(each.id, cells, {4: least}, {3: GROUNDS[each.word]})


@solara.component
def One(folder: Path, each: ClaimText, state: StudiesState, words: Words) -> None:
    """One claim with its evidence."""
    source, drawn = solara.use_memo(
        lambda: _figure(folder, each.id, words.language), [folder, each.id, words.language]
    )
    ground, ink = GROUNDS[each.word]
    with solara.Div(classes=["vf-card", "vf-read"]):
        Button("← " + words("claim_all"), lambda: state.choose(claim=""))
        with solara.Div(classes=["vf-row"], style={"margin-top": "12px"}):
            Text("h2", f"{each.id}. {each.statement}")
            style = {"style": f"background: {ground}; color: {ink}"}
            Text("span", each.says, classes=["vf-tag"], attributes=style)
        Text("p", words("claim_sources", names="; ".join(each.sources)), classes=["vf-small"])
        Text("p", each.verdict, classes=["vf-told-one"])
        if source:
            alt = words("claim_figure", claim=each.id)
            style = {"src": source, "alt": alt, "style": "width: 100%; max-width: 900px"}
            solara.v.Html(tag="img", attributes=style)
            key = "claim_figure_note" if drawn == words.language else "claim_figure_english"
            Text("p", words(key), classes=["vf-small", "vf-soft"])
        for key, texts in each.parts.items():
            Text("h3", words(HEADINGS.get(key, f"claim_{key}")))
            Lines(texts)


@solara.component
def Lines(texts: tuple[str, ...]) -> None:
    """One text as a paragraph, several as a list."""
    if len(texts) == 1:
        Text("p", texts[0], classes=["vf-line"])
        return
    with solara.Div(classes=["vf-lines"], attributes={"role": "list"}):
        for line in texts:
            Text("p", line, classes=["vf-line"], attributes={"role": "listitem"})


def _figure(folder: Path, claim: str, language: str) -> tuple[str, str]:
    try:
        return figure_of(folder, claim, language)
    except VelfaerdError:
        return "", language
