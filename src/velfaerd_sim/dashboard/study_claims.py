"""A study of claims in the page Studies: the verdicts in a table, and a claim with its evidence."""

from __future__ import annotations

from pathlib import Path

import solara

from velfaerd_sim.dashboard.claims_view import Told, claims_of, figure_of
from velfaerd_sim.dashboard.controls import Text
from velfaerd_sim.dashboard.sheets import Alert, Column, Row, Sheet
from velfaerd_sim.dashboard.texts import Words
from velfaerd_sim.dashboard.texts_studies import TEXTS as STUDIES
from velfaerd_sim.errors import VelfaerdError

TEXTS: dict[str, tuple[str, str]] = {
    "claims_title": ("The claims of the articles", "Artiklernes påstande"),
    "claims_what": (
        "The verdict is the share of worlds in which a claim is met. Choose a claim to see what"
        " decides, where it turns and what it leans on.",
        "Dommen er andelen af verdener, hvor en påstand er opfyldt. Vælg en påstand for at se, hvad"
        " der afgør, hvor det vender, og hvad det hviler på.",
    ),
    "claim": ("Claim", "Påstand"),
    "claim_statement": ("What it says", "Hvad den siger"),
    "claim_source": ("Source", "Kilde"),
    "claim_verdict": ("Verdict", "Dom"),
    "claim_share": ("Share of worlds", "Andel af verdener"),
    "claim_reading": ("How it was read", "Sådan blev den læst"),
    "claim_read": ("What was found", "Hvad der blev fundet"),
    "claim_evidence": ("What it rests on", "Hvad det hviler på"),
    "claim_figure": ("Effects over worlds of {claim}", "Virkninger over verdener for {claim}"),
    "claims_none": (
        "The verdicts appear here when the command has ended.",
        "Dommene vises her, når kommandoen er slut.",
    ),
}
GROUNDS = {
    "holds": ("#dcebf5", "#0b3c5d"),
    "mostly": ("#eaf3f9", "#0b3c5d"),
    "depends": ("#f3f4f6", "#1f2328"),
    "mostly_not": ("#fbefe6", "#7a3100"),
    "does_not": ("#f6e0d0", "#7a3100"),
}


@solara.component
def Claims(folder: Path, page: Words) -> None:
    """The claims of a study."""
    words = Words(page.language, STUDIES, TEXTS)
    picked, set_picked = solara.use_state("")

    def read() -> tuple[list[Told], str]:
        try:
            return claims_of(folder, words.language), ""
        except VelfaerdError as error:
            return [], str(error)

    claims, problem = solara.use_memo(read, [folder, words.language])
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("claims_title"))
        if problem:
            Alert(problem)
        if not claims:
            Text("p", words("claims_none"), classes=["vf-soft"])
            return
        Text("p", words("claims_what"), classes=["vf-soft"])
        columns = (
            Column(words("claim")),
            Column(words("claim_statement"), wrap=True),
            Column(words("claim_source")),
            Column(words("claim_verdict")),
            Column(words("claim_share"), right=True),
        )
        rows = [_row(each, words) for each in claims]
        Sheet(words("claims_title"), columns, rows, words, chosen=picked, on_pick=set_picked)
    for each in claims:
        if each.id == picked:
            One(folder, each, words).key(each.id)


def _row(each: Told, words: Words) -> Row:
    share = "" if each.share is None else words.percent(each.share, 0)
    cells = (each.id, each.statement, each.source, each.says, share)
    return Row(each.id, cells, {4: each.share}, {3: GROUNDS[each.word]})


@solara.component
def One(folder: Path, each: Told, words: Words) -> None:
    """One claim with its evidence."""
    source = solara.use_memo(lambda: _figure(folder, each.id), [folder, each.id])
    with solara.Div(classes=["vf-card"]):
        Text("h2", f"{each.id}. {each.statement}")
        Text("p", each.verdict, classes=["vf-intro"])
        Text("h3", words("claim_reading"))
        Text("p", each.reading)
        if source:
            alt = words("claim_figure", claim=each.id)
            solara.v.Html(tag="img", attributes={"src": source, "alt": alt, "style": "width: 100%"})
        for heading, lines in (
            (words("claim_read"), each.criteria),
            (words("claim_evidence"), each.evidence),
        ):
            Text("h3", heading)
            with solara.Div(attributes={"role": "list"}):
                for line in lines:
                    Text("p", line, attributes={"role": "listitem"})


def _figure(folder: Path, claim: str) -> str:
    try:
        return figure_of(folder, claim)
    except VelfaerdError:
        return ""
