"""From the record and the frames of a study to what the report shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim import in_force
from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import scenario_of
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.theories import theory_of
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.compare import comparison
from velfaerd_sim.studies.compare.plan import STAFF_HOURS_RUNS
from velfaerd_sim.studies.run import single
from velfaerd_sim.telling.results import (
    EVERYWHERE,
    Frame,
    RegimeWords,
    Results,
    Study,
    pooled,
    values_of,
)
from velfaerd_sim.telling.words import LANGUAGES, Words

LONGEST_LABEL = 30


def load(folder: Path, language: str = "en") -> Results:
    """Read a study from its folder; nothing is run and nothing in the folder changes.

    Raises InputError where the folder holds no finished run or comparison.
    """
    record = store.read_record(folder)
    if record["kind"] == single.KIND:
        run = single.load_run(folder)
        return results_of(run.study, {"series": run.series}, language)
    found = comparison.load_comparison(folder)
    frames: dict[str, Frame | None] = {
        "series": found.series,
        "levels": found.levels,
        "effects": found.effects,
        "bands": found.bands,
        "groups": found.groups,
        "staff_hours": found.staff_hours,
        "worlds": found.worlds,
        "theories": found.theories,
    }
    if STAFF_HOURS_RUNS in found.study["files"]:
        frames["staff_hours_runs"] = store.frame(store.read_table(folder / STAFF_HOURS_RUNS))
    return results_of(found.study, frames, language)


def results_of(
    record: Mapping[str, Any], frames: Mapping[str, Frame | None], language: str = "en"
) -> Results:
    """Return what the report shows of a study.

    record: as in study.json; frames: by name, of which a single run has only 'series' and a
    comparison 'series', 'levels', 'effects', 'bands', 'groups' and, if it was run, 'staff_hours',
    'staff_hours_runs', 'worlds' and 'theories'.
    """
    scenario = scenario_of(record)
    regimes = tuple(str(content["name"]) for content in record["regimes"])
    series = frames.get("series")
    given = {key: found for key, found in frames.items() if found is not None and key != "series"}
    everywhere = Frame() if series is None else pooled(series)
    if "levels" not in given and series is not None:
        given |= one_run(everywhere, None if everywhere is series else series)
    return Results(
        study=study_of(record, scenario, _replicates(record)),
        regimes=regimes,
        spoken={
            each: {
                str(content["name"]): words_of(str(content["name"]), content, each)
                for content in record["regimes"]
            }
            for each in LANGUAGES
        },
        values=Frame() if series is None else judged_values(everywhere),
        language=language,
        towns=Frame() if series is None else town_values(series, scenario),
        **given,
    )


def _worlds_of(record: Mapping[str, Any]) -> Worlds | None:
    content = (record.get("design") or {}).get("worlds")
    return None if content is None else Worlds.from_dict(content)


def _replicates(record: Mapping[str, Any]) -> int:
    return max(1, len(record.get("seeds") or [0]))


def study_of(record: Mapping[str, Any], scenario: Scenario, replicates: int) -> Study:
    """What ran, from its record."""
    package = record["package"]
    design = record.get("design") or {}
    return Study(
        kind=str(record["kind"]),
        version=str(package["version"]),
        source_digest=str(package["source_digest"]),
        fingerprint=str(record["fingerprint"]),
        command=str(record.get("command") or ""),
        scenario=scenario,
        replicates=replicates,
        stopping=record.get("stopping") or {},
        sequential=design.get("precision") is not None,
        dependencies=record.get("dependencies") or {},
        failed=int((record.get("counts") or {}).get("failed", 0)),
        finished=str((record.get("times") or {}).get("finished") or ""),
        worlds=_worlds_of(record),
        theories=tuple(theory_of(each) for each in design.get("theories") or ()),
        plugins=tuple(f"{p['name']} ({p['digest'][:16]})" for p in in_force.listed(record)),
    )


def words_of(name: str, content: Mapping[str, Any] | None, language: str = "en") -> RegimeWords:
    """The words of a regime, from what the study recorded of it or from the named regimes.

    content: a timeline as plain values. A timeline of several phases has no instruments of its
    own; its summary says what is in force when.
    """
    phases = list((content or {}).get("phase") or [])
    single = len(phases) == 1 and not (content or {}).get("departments")
    if content is None or not phases:
        regime: Mapping[str, Any] = REGIMES[name].to_dict() if name in REGIMES else {}
        single = bool(regime)
    else:
        regime = phases[0]["regime"]
    own = content or {}
    words = Words(language, "report")
    label = _told(own, "label", language) or (_told(regime, "label", language) if single else "")
    label = label or name.replace("_", " ")
    summary = _told(regime, "summary", language) if single else _phases_in_words(own, words)
    instruments = tuple(float(regime[key]) for key in INSTRUMENTS if key in regime)
    short = words.known("report", f"short_{name}", label) if name in REGIMES else label
    return RegimeWords(
        name=name,
        label=label,
        short=short if len(short) <= LONGEST_LABEL else short[: LONGEST_LABEL - 1].rstrip() + "…",
        summary=summary,
        source=str(regime.get("source", "")) if single else "",
        instruments=instruments if single and len(instruments) == len(INSTRUMENTS) else (),
    )


def _told(content: Mapping[str, Any], key: str, language: str) -> str:
    """A text of a regime in a language, or else in the one that its author wrote."""
    both = (f"{key}_{language}", f"{key}_en")
    return next((str(content[name]) for name in both if content.get(name)), "")


def _phases_in_words(content: Mapping[str, Any], words: Words) -> str:
    """What a timeline has in force when."""
    parts = []
    for phase in content.get("phase") or []:
        regime = phase["regime"]
        label = _told(regime, "label", words.language) or regime.get("name", "")
        ramp = phase.get("ramp_months") or 0
        key = "phase_ramp" if ramp else "phase"
        parts.append(words(key, month=phase["month"], regime=label, ramp=ramp))
    text = "; ".join(parts)
    if content.get("departments"):
        text += words("phase_departments", count=len(content["departments"]))
    return text


def one_run(series: Frame, towns: Frame | None) -> dict[str, Frame]:
    """Levels and bands of a study of one replicate: values without intervals.

    series: all municipalities pooled; towns: series by municipality, of which the bands take the
    middle 80 % (columns town_low and town_high), or None where there is only one.
    """
    values = values_of(series)
    own = [name for name in NAMES if name in series]  # of plugins, some may not be in the study
    levels = values.reset_index().melt(
        id_vars=["regime", "replicate"], var_name="outcome", value_name="mean"
    )
    levels = levels.drop(columns="replicate").assign(ci_low=math.nan, ci_high=math.nan)
    bands = series.melt(
        id_vars=["regime", "month"], value_vars=own, var_name="outcome", value_name="mean"
    ).assign(ci_low=math.nan, ci_high=math.nan)
    if towns is not None:
        each = towns[towns["municipality"] != EVERYWHERE].groupby(["regime", "month"])[own]
        for column, share in (("town_low", 0.1), ("town_high", 0.9)):
            edge = each.quantile(share).reset_index()
            edge = edge.melt(id_vars=["regime", "month"], var_name="outcome", value_name=column)
            bands = bands.merge(edge, on=["regime", "month", "outcome"], how="left")
    return {"levels": levels, "bands": bands}


def judged_values(series: Frame) -> Frame:
    """The value of every run, as comparisons judge it: losing all volunteers is the worst."""
    values = values_of(series)
    return Frame(losses_as_worst(values.to_numpy()), index=values.index, columns=values.columns)


def town_values(series: Frame, scenario: Scenario) -> Frame:
    """Every municipality's outcomes, mean over replicates; empty where there is only one.

    Columns: regime, municipality, kind, adults, and the outcomes.
    """
    if len(scenario.towns) < 2:
        return Frame()
    each = series[series["municipality"] != EVERYWHERE]
    values = values_of(each, ("regime", "replicate", "municipality"))
    means = values.groupby(level=["regime", "municipality"]).mean().reset_index()
    by_code = {town.code: town for town in scenario.towns}
    codes = means["municipality"].map(int)
    means.insert(2, "kind", [by_code[code].kind for code in codes])
    means.insert(3, "adults", np.array([by_code[code].adults for code in codes]))
    return means
