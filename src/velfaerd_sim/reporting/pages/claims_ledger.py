"""The ledger of claims as Markdown: overview, every claim with its evidence, and the one page.

It is a function of the conclusions and of what they were made from, so that it can be written
again from the shipped tables and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from velfaerd_sim.analysis.claims import ClaimConclusion, CriterionFound, InSet
from velfaerd_sim.inputs.worlds import PRIOR
from velfaerd_sim.studies.claims.claims import Claim, ClaimFile
from velfaerd_sim.telling.claims_words import FEW, ClaimWords

DISAGREE = ("C20", "C21", "C22")
"""Claims in which the articles contradict each other."""


def ledger(
    conclusions: Sequence[ClaimConclusion],
    file: ClaimFile,
    made_from: Mapping[str, Any],
    language: str = "en",
    figures: str = "figures",
) -> str:
    """The ledger. figures: where the figures lie, seen from the ledger; '' for none."""
    words = ClaimWords(file, language)
    lines = [f"# {words.text('title')}", "", words.text("intro"), ""]
    lines += [f"## {words.text('overview')}", "", *overview(conclusions, words), ""]
    for each in conclusions:
        lines += [*entry(each, words, figures), ""]
    lines += [made_line(made_from, words), ""]
    return "\n".join(lines)


def made_line(made_from: Mapping[str, Any], words: ClaimWords) -> str:
    """What the numbers were made from."""
    return words.text(
        "made",
        worlds=made_from["worlds"],
        model=str(made_from["model_digest"])[:12],
        fingerprint=str(made_from["fingerprint"])[:12],
    )


def overview(conclusions: Sequence[ClaimConclusion], words: ClaimWords) -> list[str]:
    """A table with a row a claim."""
    head = words.words.lines("head")
    lines = ["| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    for each in conclusions:
        source, kind, word, *rest = overview_cells(each, words)
        statement = f"**{each.claim.id}** {each.claim.statement.of(words.language)}"
        cells = [statement, source, kind, f"**{word}**", *rest]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def overview_cells(each: ClaimConclusion, words: ClaimWords) -> list[str]:
    """The row of a claim beside its statement: source, kind, verdict, shares, fragile on."""
    claim, found = each.claim, each.decisive
    prior = next((s for s in each.sets if s.set == PRIOR and s is not found), None)
    fragile = ", ".join(words.variant(name) for name in each.fragile_on)
    return [
        claim.source,
        words.kind(claim),
        _word(each, words),
        _share(found, words, claim),
        _share(prior, words, claim) if prior else "",
        fragile or (words.text("none") if each.moved else words.text("not_run")),
    ]


def _word(each: ClaimConclusion, words: ClaimWords) -> str:
    found = each.decisive.verdict
    word = words.word(found.word)
    return word if found.settled else f"{word}?"


def _share(found: InSet, words: ClaimWords, claim: Claim) -> str:
    verdict = found.verdict
    if claim.is_table:
        return f"{verdict.met}/{verdict.worlds}"
    low = words.words.number(100.0 * verdict.low)
    interval = f"{low}–{words.percent(verdict.high)}"
    return f"{words.percent(verdict.share)} ({interval}; {words.words.number(verdict.worlds)})"


def entry(each: ClaimConclusion, words: ClaimWords, figures: str) -> Iterator[str]:
    """All that is said about a claim."""
    claim, language = each.claim, words.language
    yield f"## {claim.id}. {claim.statement.of(language)}"
    yield ""
    sources = ", ".join(
        words.words.name("source", name.strip()) for name in claim.source.split(",")
    )
    yield f"*{sources}; {words.kind(claim)}.*"
    yield ""
    for number, text in enumerate(verdict_lines(each, words)):
        yield f"- {text}" if number else f"- **{text}**"
    yield ""
    yield words.text("reading", text=claim.reading.of(language))
    yield ""
    for heading, found in criteria_parts(each, words):
        yield f"{heading}:"
        yield ""
        yield from (f"- {text}" for text in found)
        yield ""
    if each.cells:
        head = words.words.lines("table_head")
        yield "| " + " | ".join(head) + " |"
        yield "| --- " * len(head) + "|"
        yield from ("| " + " | ".join(cells) + " |" for cells in table_cells(each, words))
        yield ""
    if figures:
        yield f"![{words.text('figure')}: {claim.id}]({figures}/{claim.id}.svg)"
    yield ""
    for text in evidence_lines(each, words):
        yield f"- {text}"


def verdict_lines(each: ClaimConclusion, words: ClaimWords) -> list[str]:
    """The verdict in each set, and what kind of verdict it is."""
    claim = each.claim
    found = [words.verdict(claim, one) for one in each.sets]
    if "assumed" in claim.kinds:
        found.append(words.built_in(claim))
    if "normative" in claim.kinds:
        found.append(words.text("price"))
    wrong = each.decisive.wrong
    if wrong == wrong:
        found.append(words.text("wrong", share=words.percent(wrong)))
    for change in words.file.changes:
        if change.get("claim") == claim.id:
            when = words.text("after" if change.get("after_results") else "before")
            text = str(change[words.language])
            found.append(words.text("changed", date=change["date"], when=when, text=text))
    return found


def criteria_parts(each: ClaimConclusion, words: ClaimWords) -> list[tuple[str, list[str]]]:
    """What decides and what stands beside it: heading, lines."""
    parts = []
    for counts, key in ((True, "decides"), (False, "beside")):
        lines = []
        for one in each.decisive.criteria:
            if one.criterion.counts is counts:
                reason = one.criterion.reason.of(words.language)
                tail = f" ({words.text('reason', text=reason)})" if counts and reason else ""
                lines.append(f"{words.found(each.claim, one)}{tail}.")
        if lines:
            parts.append((words.text(key), lines))
    return parts


def table_cells(each: ClaimConclusion, words: ClaimWords) -> Iterator[tuple[str, ...]]:
    """The table of six routes, cell by cell."""
    for cell in each.cells:
        numbers = [cell.published, cell.low, cell.high, cell.median, *cell.spread]
        published, low, high, median, bottom, top = (
            words.words.number(value, 1) for value in numbers
        )
        answer = words.text("yes" if cell.reproduced else "no")
        yield (
            words.words.name("route", cell.route),
            words.words.name("answer", cell.answer),
            published,
            f"{low}–{high}",
            f"{median} ({bottom}–{top})",
            answer if cell.free else f"({answer})",
        )


def evidence_lines(each: ClaimConclusion, words: ClaimWords) -> list[str]:
    """Conditions, leanings, counter-mechanism, robustness, what would change our mind."""
    found = []
    if not each.claim.is_table:
        found = [
            *words.best(each),
            words.conditions(each),
            words.leanings(each),
            words.counter(each),
        ]
    if each.moved:
        found.append(words.robustness(each))
    found.append(words.text("overturn", text=each.claim.overturn.of(words.language)))
    return [text for text in found if text]


def summary(conclusions: Sequence[ClaimConclusion], file: ClaimFile, language: str = "en") -> str:
    """One page for those who decide."""
    words = ClaimWords(file, language)
    lines = [f"# {words.text('summary_title')}", ""]
    lines += [words.text("summary_intro", count=len(conclusions)), ""]
    for title, found in summary_parts(conclusions, words):
        lines += [f"## {title}", "", *(f"- {text}" for text in found), ""]
    return "\n".join(lines)


def summary_parts(
    conclusions: Sequence[ClaimConclusion], words: ClaimWords
) -> list[tuple[str, list[str]]]:
    """The headings of the page and what stands under each."""
    plain = [each for each in conclusions if not each.claim.is_table and not _is_norm(each)]
    right = [each for each in plain if each.decisive.verdict.word in ("holds", "mostly")]
    depends = [each for each in plain if each.decisive.verdict.word == "depends"]
    wrong = [each for each in plain if each not in right and each not in depends]
    norms = [each for each in conclusions if _is_norm(each)]
    tables = [each for each in conclusions if each.claim.is_table]
    right_lines = [_line("right_line", each, words) for each in right]
    for each in tables:
        verdict = each.decisive.verdict
        statement = each.claim.statement.of(words.language)
        right_lines.append(
            words.text(
                "table_line",
                id=each.claim.id,
                statement=statement,
                met=verdict.met,
                worlds=verdict.worlds,
            )
        )
    parts = [
        (words.text("right"), right_lines),
        (words.text("depends"), [_line("depends_line", each, words) for each in depends]),
        (words.text("wrong_head"), [_line("wrong_line", each, words) for each in wrong]),
        (words.text("norms"), [_norm(each, words) for each in norms]),
        (
            words.text("disagree"),
            [_line("disagree_line", each, words) for each in plain if each.claim.id in DISAGREE],
        ),
        (words.text("cannot"), list(words.words.lines("cannot_lines"))),
    ]
    return [(title, found or [words.text("nothing_here")]) for title, found in parts]


def _is_norm(each: ClaimConclusion) -> bool:
    return "normative" in each.claim.kinds


def _line(key: str, each: ClaimConclusion, words: ClaimWords) -> str:
    mark = words.text("assumed_mark") if "assumed" in each.claim.kinds else ""
    mark += words.text("fragile_mark") if each.fragile_on else ""
    return words.text(
        key,
        id=each.claim.id,
        statement=each.claim.statement.of(words.language),
        word=words.word(each.decisive.verdict.word),
        share=words.percent(each.decisive.verdict.share),
        mark=mark,
        verdict=words.verdict(each.claim, each.decisive),
        conditions=_short(each, words, key),
        but=_but(each, words),
    ).strip()


def _short(each: ClaimConclusion, words: ClaimWords, key: str) -> str:
    """Where it turns, for the page: nothing where nothing sets these worlds apart.

    Where the articles disagree also who does best instead, or what stands beside the verdict.
    """
    told = [words.conditions(each, short=True)] if each.conditions.limits else []
    if key == "disagree_line":
        told += words.best(each, 1 if each.claim.localities else FEW)
        if not each.best:
            told += [
                f"{words.found(each.claim, one)}." for one in each.decisive.criteria if _beside(one)
            ]
    return " ".join(told)


def _beside(one: CriterionFound) -> bool:
    return not one.criterion.counts and one.criterion.measure == "retention_12m"


def _but(each: ClaimConclusion, words: ClaimWords) -> str:
    """What a reader of the page must know of how a claim was tested."""
    text = each.claim.but.of(words.language)
    return f" {text}" if text else ""


def _norm(each: ClaimConclusion, words: ClaimWords) -> str:
    """The price of a norm: the median effects of what counts and of what stands beside."""
    window = each.claim.counting[0].window
    prices = [
        f"{words.measure(one.criterion.measure)} {words.effect(one.criterion, one.median)}"
        for one in each.decisive.criteria
        if one.criterion.window == window
    ]
    statement = each.claim.statement.of(words.language)
    return words.text("norm_line", id=each.claim.id, statement=statement, price="; ".join(prices))
