"""The ledger of claims as Markdown: overview, every claim with its evidence, and the one page.

It is a function of the conclusions and of what they were made from, so that it can be written
again from the shipped tables and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from velfaerd_sim.analysis.claims import ClaimConclusion
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.reporting.figures.claims import SHARES
from velfaerd_sim.studies.claims.claims import ClaimFile, TwoLanguages
from velfaerd_sim.telling.claims_words import FEW, ClaimWords


def ledger(
    conclusions: Sequence[ClaimConclusion],
    file: ClaimFile,
    made_from: Mapping[str, Any],
    language: str = "en",
    figures: str = "figures",
) -> str:
    """The ledger. figures: where the figures lie, seen from the ledger; '' for none."""
    words = claim_words(file, made_from, language)
    lines = [f"# {words.text('title')}", "", intro(conclusions, words), "", *changes(words)]
    lines += [f"## {words.text('overview')}", "", *overview(conclusions, words), ""]
    if figures:
        lines += [f"![{words.text('shares_title')}]({figures}/{SHARES}.svg)", ""]
    for each in conclusions:
        lines += [*entry(each, words, figures), ""]
    lines += [made_line(made_from, words), ""]
    return "\n".join(lines)


def claim_words(file: ClaimFile, made_from: Mapping[str, Any], language: str) -> ClaimWords:
    """Words for what was made from a study, with the names of its theories."""
    theories = {
        name: TwoLanguages(str(one["en"]), str(one["da"]))
        for name, one in made_from.get("theories", {}).items()
    }
    return ClaimWords(file, language, theories)


def intro(conclusions: Sequence[ClaimConclusion], words: ClaimWords) -> str:
    """What was done, how verdicts are read, and how many there are."""
    readings = sum(len(each.claim.readings) for each in conclusions)
    numbers = {"readings": readings, "claims": len(conclusions)}
    return words.text("intro", **{key: words.words.number(n) for key, n in numbers.items()})


def changes(words: ClaimWords) -> list[str]:
    """What was changed in the file of claims since it was written, each with a blank line."""
    found = []
    for change in words.file.changes:
        when = words.text("after" if change.get("after_results") else "before")
        text = str(change[words.language])
        found += [words.text("changed", date=change["date"], when=when, text=text), ""]
    return found


def made_line(made_from: Mapping[str, Any], words: ClaimWords) -> str:
    """What the numbers were made from."""
    unfinished = [] if made_from["status"] == COMPLETE else [words.text("unfinished")]
    made = words.text(
        "made",
        runs=words.words.number(made_from["runs"]),
        model=str(made_from["model_digest"])[:12],
        fingerprint=str(made_from["fingerprint"])[:12],
    )
    return " ".join([made, *unfinished])


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
    """The row of a claim beside its statement: source, kind, verdict, shares, tells most, fragile.

    The shares are those of the readings that count, least and most.
    """
    claim = each.claim
    fragile = ", ".join(words.variant(name) for name in each.fragile_on)
    theory = each.verdict.theory
    return [
        claim.source,
        words.kind(claim),
        words.word(each.verdict.word),
        shares_text(each, words),
        words.theory(each.theories[theory]) if theory >= 0 else words.parameter_or_none(each),
        fragile or (words.text("none") if each.moved else words.text("not_run")),
    ]


def shares_text(each: ClaimConclusion, words: ClaimWords) -> str:
    """The least and the largest share of worlds in which a reading that counts is met."""
    found = each.verdict
    if found.most < 0:
        return ""
    least, most = (float(found.shares[place]) for place in (found.least, found.most))
    if round(least, 2) == round(most, 2):
        return words.percent(most)
    return f"{words.words.number(100.0 * least)}–{words.percent(most)}"


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
    for heading, found in evidence_parts(each, words):
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
    """The verdict, and what kind of verdict it is."""
    claim = each.claim
    found = [words.verdict(each)]
    if "normative" in claim.kinds:
        found.append(words.text("price"))
    lacks = claim.lacks.of(words.language)
    if lacks and each.verdict.word != "cannot_tell":
        found.append(words.text("lacks", text=lacks))
    return found


def evidence_parts(each: ClaimConclusion, words: ClaimWords) -> list[tuple[str, list[str]]]:
    """The readings, what they rest on and what stands beside it: heading, lines."""
    readings = [words.reading(each.claim, one) for one in each.decisive.readings]
    parts = [(words.text("readings"), readings)]
    for decides, key in ((True, "decides"), (False, "beside")):
        lines = []
        for one in each.decisive.criteria:
            if (one.criterion.name in each.claim.deciding) is decides:
                reason = one.criterion.reason.of(words.language)
                tail = f" ({words.text('reason', text=reason)})" if decides and reason else ""
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
    """Who does best, where it turns, the arrow, robustness, what would change our mind."""
    found = []
    if not each.claim.is_table:
        found = [
            *words.best(each),
            words.conditions(each),
            words.leanings(each),
            words.arrow(each) if each.verdict.word != "by_construction" else "",
        ]
    if each.moved:
        found.append(words.robustness(each))
    found.append(words.text("overturn", text=each.claim.overturn.of(words.language)))
    return [text for text in found if text]


def summary(
    conclusions: Sequence[ClaimConclusion],
    file: ClaimFile,
    made_from: Mapping[str, Any],
    language: str = "en",
) -> str:
    """One page for those who decide."""
    words = claim_words(file, made_from, language)
    lines = [f"# {words.text('summary_title')}", "", summary_intro(conclusions, words), ""]
    for title, found in summary_parts(conclusions, words):
        lines += [f"## {title}", "", *(f"- {text}" for text in found), ""]
    return "\n".join(lines)


_COUNTED = {
    "held": "holds",
    "built": "by_construction",
    "apart": "on_reading",
    "worldly": "on_world",
    "not_so": "does_not",
    "untold": "cannot_tell",
}


def summary_intro(conclusions: Sequence[ClaimConclusion], words: ClaimWords) -> str:
    """What was done and how many claims came out how."""
    told = [each.verdict.word for each in conclusions]
    counts = {key: told.count(word) for key, word in _COUNTED.items()}
    parts = [words.words.count(count, f"sum_{key}") for key, count in counts.items() if count]
    worlds = max((each.decisive.worlds for each in conclusions), default=0)
    return words.text(
        "summary_intro",
        count=words.words.number(len(conclusions)),
        worlds=words.words.number(worlds),
        told=words.text("summary_some" if counts["held"] else "summary_none"),
        parts=words.words.listed(parts),
    )


def summary_parts(
    conclusions: Sequence[ClaimConclusion], words: ClaimWords
) -> list[tuple[str, list[str]]]:
    """The headings of the page and what stands under each: to do, to stop, what nobody knows."""
    never = list(words.words.lines("never_known"))
    return [
        (words.text("to_do"), _advice(conclusions, words, "advice_do")),
        (words.text("to_stop"), _advice(conclusions, words, "advice_stop")),
        (words.text("nobody_knows"), _unknown(conclusions, words) + never),
    ]


def _advice(conclusions: Sequence[ClaimConclusion], words: ClaimWords, kind: str) -> list[str]:
    """What follows from the claims that hold best: those whose weakest reading is met most.

    A claim that holds under some readings only is no advice.
    """
    lines = [_advice_line(each, words, kind) for each in _able(conclusions, kind)[:FEW]]
    return lines if len(lines) == FEW else [*lines, words.text("fewer_advice")]


def _advice_line(each: ClaimConclusion, words: ClaimWords, kind: str) -> str:
    """What to do, and how often the claim behind it comes true."""
    shares = shares_text(each, words)
    line = words.text(
        "advice_line" if "–" in shares else "advice_line_one",
        advice=getattr(each.claim, kind).of(words.language),
        id=each.claim.id,
        shares=shares,
    )
    built = each.verdict.word == "by_construction"
    return f"{line} {words.text('advice_built')}" if built else line


def advised(conclusions: Sequence[ClaimConclusion], words: ClaimWords) -> list[str]:
    """What to do that follows from the claims, what holds best first."""
    return [each.claim.advice_do.of(words.language) for each in _able(conclusions, "advice_do")]


def _able(conclusions: Sequence[ClaimConclusion], kind: str) -> list[ClaimConclusion]:
    """The claims from which something follows: those whose weakest reading is met most first."""
    able = [each for each in conclusions if _is_advised(each, kind)]
    return sorted(able, key=lambda each: -float(each.verdict.shares[each.verdict.least]))


def _is_advised(each: ClaimConclusion, kind: str) -> bool:
    """Whether something follows from a claim: its weakest reading is met in half of the worlds."""
    found = each.verdict
    able = found.word in ("holds", "by_construction", "on_world")
    return bool(getattr(each.claim, kind).en and able and found.shares[found.least] >= 0.5)


def _unknown(conclusions: Sequence[ClaimConclusion], words: ClaimWords) -> list[str]:
    """The claims that cannot be told first, then those that turn most on how they are read."""

    def apart(each: ClaimConclusion) -> float:
        found = each.verdict
        return (
            -1.0 if found.most < 0 else -float(found.shares[found.most] - found.shares[found.least])
        )

    kinds = ("advice_do", "advice_stop")
    left = [c for c in conclusions if not any(_is_advised(c, kind) for kind in kinds)]
    open_ones = [
        each for word in ("cannot_tell", "on_reading", "on_world")
        for each in sorted((c for c in left if c.verdict.word == word), key=apart)
    ]  # fmt: skip
    return [
        words.text(
            f"unknown_{each.verdict.word}",
            statement=each.claim.statement.of(words.language),
            id=each.claim.id,
        )
        for each in open_ones[:FEW]
    ]
