"""What the template is given: every text, table and figure of the report, ready to be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.reporting.figures.comparison import Drawn
from velfaerd_sim.reporting.pages import tables
from velfaerd_sim.telling import in_worlds
from velfaerd_sim.telling.precision import decided, failed, pairing
from velfaerd_sim.telling.results import Results
from velfaerd_sim.telling.sentences import Writer
from velfaerd_sim.telling.sources import source_in
from velfaerd_sim.telling.tables_of_inputs import ARTICLES
from velfaerd_sim.telling.turning import turn_sentence, turns
from velfaerd_sim.telling.wording import Wording

SECTIONS = (
    "question",
    "table",
    "regimes",
    "time",
    "differences",
    "worlds",
    "people",
    "cost",
    "turn",
    "towns",
    "assumptions",
    "limits",
    "again",
)


def context(results: Results, drawn: Sequence[Drawn]) -> dict[str, Any]:
    """Everything that the template names."""
    writer = Writer(results)
    found = {
        "t": writer.texts,
        "say": writer.say,
        "study": results.study,
        "compares": results.compares,
        "limits": in_worlds.limits(results.in_worlds, results.language),
        "figures": _figures(results, writer, drawn),
        **_head(results, writer),
        **_middle(results, writer),
        **_grounds(results, writer),
    }
    if not results.compares:
        found["h_table"] = writer.texts["h_course"]
    found["contents"] = [
        (section, found.get(f"h_{section}") or writer.texts[f"h_{section}"])
        for section in SECTIONS
        if _has(found, section)
    ]
    return found


def _has(found: Mapping[str, Any], section: str) -> bool:
    if section in ("people", "towns", "worlds"):
        return section in found["figures"]
    if section in ("regimes", "differences", "cost", "turn"):
        return bool(found["compares"])
    return True


def _head(results: Results, writer: Writer) -> dict[str, Any]:
    """Title, question and answer."""
    scenario = results.study.scenario
    replicates = results.study.replicates
    towns = len(scenario.towns)
    values = {
        "adults": writer.numerals.whole(scenario.adults),
        "towns": writer.say("meta_towns", count=str(towns)) if towns > 1 else "",
        "years": writer.years(results.months),
        "burn_in": writer.years(scenario.burn_in_months),
        "replicates": writer.numerals.whole(replicates),
    }
    title = scenario.title(writer.texts["language"])
    several = results.study.worlds is not None
    counted = "meta_replicates" if replicates > 1 else "meta_one"
    meta = [
        writer.say("meta_world", title=title, **values),
        in_worlds.meta(writer)
        if several
        else writer.say(counted, count=writer.numerals.whole(replicates)),
        writer.say("meta_id", fingerprint=results.study.fingerprint[:16]),
    ]
    found = {"meta": meta, "headline": writer.headline(), "points": writer.points()}
    if results.compares:
        count = str(len(results.regimes))
        how = "question_how" if replicates > 1 else "question_how_one"
        return found | {
            "title": writer.texts["title"],
            "eyebrow": writer.say("eyebrow", count=count),
            "question": writer.texts["question"],
            "how": in_worlds.how(writer, **values) if several else writer.say(how, **values),
        }
    regime = results.baseline
    summary = results.words[regime].summary
    return found | {
        "title": writer.say("title_run", regime=results.label(regime)),
        "eyebrow": writer.texts["eyebrow_run"],
        "question": writer.say(
            "question_run", regime=writer.name(regime), summary=summary, **values
        ),
        "how": "",
    }


def _middle(results: Results, writer: Writer) -> dict[str, Any]:
    """The tables and texts of the results."""
    if not results.compares:
        all_rows = tables.course(results)
        return {"course": all_rows[: tables.SHORT], "course_rest": all_rows[tables.SHORT :]}
    baseline = writer.name(results.baseline)
    columns, rows = tables.overview(results)
    caption = "table_caption" if results.has_intervals else "table_caption_one"
    found_turns = [turn_sentence(writer, turn) for turn in turns(results)]
    return {
        "columns": columns,
        "rows": rows,
        "table_caption": writer.say(caption, baseline=baseline),
        "table_notes": writer.notes(results.order),
        "instruments": tables.instrument_labels(writer.texts),
        "regime_rows": tables.regimes(results),
        "h_differences": writer.say("h_differences", baseline=baseline),
        "worlds_intro": in_worlds.introduction(writer) if results.in_worlds else "",
        "worlds_said": in_worlds.sentences(writer) if results.in_worlds else [],
        "precision": [text for text in (pairing(writer), decided(writer), failed(writer)) if text],
        "all_outcomes_title": writer.say("all_outcomes", baseline=baseline),
        "baseline_label": results.short(results.baseline),
        "other_labels": [results.short(regime) for regime in results.order[1:]],
        "outcomes": tables.all_outcomes(results),
        "people_text": writer.people(),
        "hours_text": writer.hours(),
        "turns": found_turns,
        "turn_intro": _turn_intro(results, writer, bool(found_turns)),
    }


def _turn_intro(results: Results, writer: Writer, has_turns: bool) -> Markup:
    frame = results.staff_hours
    if frame.empty or not has_turns:
        return writer.say("turn_missing")
    hours = sorted(set(frame["staff_hours_per_month"]))
    return writer.say(
        "turn_intro",
        low=writer.numerals.plain(hours[0]),
        high=writer.numerals.plain(hours[-1]),
        count=str(len(hours)),
        replicates=writer.numerals.whole(float(frame["replicates"].max())),
    )


def _figures(results: Results, writer: Writer, drawn: Sequence[Drawn]) -> dict[str, dict[str, Any]]:
    """Figures by key, numbered in the order in which they stand, with captions."""
    baseline = writer.name(results.baseline)
    numbered = {}
    for number, each in enumerate(drawn, 1):
        caption = writer.say(caption_key(results, each.key), baseline=baseline)
        if each.key == "time" and results.study.scenario.shocks:
            caption += Markup(" ") + writer.say("f_events")
        numbered[each.key] = {"svg": Markup(each.svg), "number": str(number), "caption": caption}
    return numbered


def caption_key(results: Results, key: str) -> str:
    """The text that explains a figure in this study."""
    if key == "time" and not results.towns.empty and not results.compares:
        return "f_time_towns"
    if key == "time" and not results.has_intervals:
        return "f_time_one"
    if key == "towns" and results.compares:
        return "f_towns_compared"
    return f"f_{key}"


def _grounds(results: Results, writer: Writer) -> dict[str, Any]:
    """Assumptions, and how to get the numbers again."""
    names = [p.name for p in PARAMETERS]
    changed = tables.changed(results)
    assumed = sum(p.is_assumption for p in PARAMETERS)

    ranges = in_worlds.ranges(results)

    def rows(wanted: list[str]) -> list[tables.ParameterRow]:
        return tables.parameter_rows(results, wanted, ranges)

    return {
        "assumptions": writer.say("assumptions", assumed=str(assumed), count=str(len(names))),
        "changed": rows(changed),
        "levers": rows(tables.levers()),
        "important": rows(tables.important()),
        "all_parameters": rows(names),
        "shocks": [
            shock_in_words(writer, shock.to_dict()) for shock in results.study.scenario.shocks
        ],
        "articles": [f"{code}: {writer.texts[f'article_{code}']}." for code in ARTICLES],
        "facts": _facts(results, writer),
    }


def shock_in_words(words: Wording, content: Mapping[str, Any]) -> Markup:
    """An event from outside with its numbers."""
    values = {
        key: words.numerals.plain(value) if isinstance(value, int | float) else value
        for key, value in content.items()
    }
    text = words.say(f"shock_{content['kind']}", **values)
    if not content.get("source"):
        return text
    return (
        text
        + Markup(" ")
        + words.say("shock_source", source=source_in(words.language, content["source"]))
    )


def _facts(results: Results, writer: Writer) -> list[tuple[str, str]]:
    study, texts = results.study, writer.texts
    versions = ", ".join(f"{name} {version}" for name, version in study.dependencies.items())
    files = "files" if results.compares else "files_run"
    files = "files_worlds" if study.worlds is not None else files
    scenario = f"{study.scenario.name} ({study.scenario.digest()[:16]})"
    rows = [
        (texts["k_version"], f"velfaerd_sim {study.version}"),
        (texts["k_digest"], study.source_digest),
        (texts["k_fingerprint"], study.fingerprint),
        (texts["k_scenario"], scenario),
        (texts["k_seed"], str(study.scenario.seed)),
        (texts["k_dependencies"], versions),
        (texts["k_finished"], writer.numerals.day(study.finished)),
        (texts["k_files"], texts[files]),
    ]
    return [(name, value) for name, value in rows if value]
