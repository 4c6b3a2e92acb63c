"""The report of a calibration: what does not fit first, then targets, parameters, trade-offs."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from velfaerd_sim.analysis import recovery
from velfaerd_sim.analysis.calibration import (
    SIX_ROUTES,
    Findings,
    facts,
    groups_inside,
    read_calibration,
)
from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.engine.runner import Advance, Progress
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.reporting.figures import calibration as plots
from velfaerd_sim.reporting.figures import comparison as drawing
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.comparison import Drawn
from velfaerd_sim.reporting.files import write_whole
from velfaerd_sim.reporting.pages.calibration_files import write_tables
from velfaerd_sim.studies.calibrate.plausibility import IDENTIFIED, PARTLY, PRIOR
from velfaerd_sim.telling.facts import told
from velfaerd_sim.telling.formats import plain, whole
from velfaerd_sim.telling.in_worlds import limits
from velfaerd_sim.telling.words import Words

REPORT, FIGURES_FOLDER = "report.html", "figures"
_TEMPLATES = Path(__file__).with_name("templates")
_CAPTIONS = {
    "targets": "Figures that were fitted. Grey: the middle nine tenths of the prior; line and dot: "
    "nine tenths and median of the plausible sets, blue where the median is inside the published "
    "interval, orange where it is not; stroke: the medoid. Arrows lie beyond the ruler.",
    "routes": "The six-route table, drawn as figure 1; the intervals are those of a sample of the "
    "size of the survey.",
    "others": "Figures that were not fitted, drawn as figure 1.",
    "shrinkage": "Parameters that the figures say something about. Left: nine tenths, half and "
    "median of the plausible sets as ranks in the prior; stroke: the default. Right: how much of "
    "the prior's standard deviation is left.",
    "pairs": "The strongest trade-offs: each dot a plausible set, its place in ranks of the prior, "
    "its size its weight.",
}


def write_calibration_report(
    folder: Path, progress: Progress | None = None, language: str = "en"
) -> Path:
    """Write the report, figures and tables of a calibration into its folder; gives its path.

    Raises as `read_calibration`, and StorageError where the folder cannot be written.
    """
    found = read_calibration(folder)
    write_tables(found)
    drawn = draw_calibration(found, language, progress)
    drawing.save(drawn, folder / FIGURES_FOLDER)
    target = folder / REPORT
    write_whole(target, render(found, drawn, language).encode())
    return target


def draw_calibration(
    found: Findings, language: str = "en", progress: Progress | None = None
) -> list[Drawn]:
    """Draw all figures of a calibration."""
    table = found.targets
    fitted = table["role"] == "fit"
    routes = table["group"] == SIX_ROUTES
    parts = {
        "targets": (table[fitted & ~routes], "Targets, before and after"),
        "routes": (table[routes & (table["role"] != "exact")], "The six-route table"),
        "others": (table[(table["role"] == "validation") & ~routes], "Not fitted"),
    }
    drawn: list[Drawn] = []
    with style.styled():
        made = [
            (key, plots.targets_figure(rows, language, title))
            for key, (rows, title) in parts.items()
            if len(rows)
        ]
        made.append(("shrinkage", plots.shrinkage_figure(found, language)))
        if len(found.pairs):
            made.append(("pairs", plots.pairs_figure(found, language)))
        for number, (key, figure) in enumerate(made, 1):
            style.small_print(figure, _small_print(found))
            drawn.append(drawing.rendered(figure, key, _CAPTIONS[key]))
            if progress is not None:
                progress(Advance(float(number), float(len(made)), 0, 0))
    return drawn


def _small_print(found: Findings) -> str:
    record, result = found.record, found.result
    return (
        f"velfaerd_sim {record['package']['version']} · {found.calibration.name} · "
        f"{result['plausible']} of {result['members']} sets plausible · fingerprint "
        f"{str(record['fingerprint'])[:16]}"
    )


def render(found: Findings, drawn: list[Drawn], language: str = "en") -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("calibration.html").render(_context(found, drawn, language))


def _context(found: Findings, drawn: list[Drawn], language: str) -> dict[str, Any]:
    record, calibration = found.record, found.calibration
    table = found.targets
    ordered = table.assign(away=-table["outside_by"].abs()).sort_values("away", kind="stable")
    fitted = ordered[ordered["role"] == "fit"]
    others = table[table["role"] != "fit"]
    counts = found.parameters["standing"].value_counts()
    return {
        "language": language,
        "version": record["package"]["version"],
        "fingerprint": record["fingerprint"],
        "title": f"Calibration: {calibration.name}",
        "meta": _meta(found),
        "told": told(facts(found), language),
        "outside": [_target_row(row, language) for row in _rows(fitted[~fitted["inside"]])],
        "inside": [_target_row(row, language) for row in _rows(fitted[fitted["inside"]])],
        "others": [_target_row(row, language) for row in _rows(others)],
        "groups": _groups(table, language),
        "figures": [
            {
                "svg": Markup(one.svg),
                "key": one.key,
                "number": number,
                "caption": _CAPTIONS[one.key],
            }
            for number, one in enumerate(drawn, 1)
        ],
        "counts": [(name, int(counts.get(name, 0))) for name in (IDENTIFIED, PARTLY, PRIOR)],
        "parameters": [
            _parameter_row(row, language)
            for row in _rows(found.parameters[found.parameters["standing"] != PRIOR])
        ],
        "idle": [
            str(row[f"label_{language}"])
            for row in _rows(found.parameters[found.parameters["standing"] == PRIOR])
        ],
        "pairs": [
            (_label(row["first"], language), _label(row["second"], language), _signed(row))
            for row in _rows(found.pairs)
            if row["shown"]
        ],
        "recovery": _recovery(found.folder),
        "limits": limits(False, language),
        "commands": [
            str(record.get("command") or ""),
            shlex.join(["velfaerd", "report", str(found.folder)]),
        ],
        "facts": _facts(found),
    }


def _groups(table: pd.DataFrame, language: str) -> list[dict[str, Any]]:
    """Figures inside by target, with the label of the first figure of each."""
    found = _rows(groups_inside(table))
    for row in found:
        labels = table.loc[table["group"] == row["group"], f"label_{language}"]
        row["label"] = str(labels.iloc[0]).partition(":")[0]
    return found


def _label(name: object, language: str) -> str:
    return BY_NAME[str(name)].label(language) if str(name) in BY_NAME else str(name)


def _signed(row: Mapping[str, Any]) -> str:
    return Words("en").number(row["correlation"], 2, signed=True)


def _recovery(folder: Path) -> list[str]:
    """What the test of recovery beside a calibration found, if there is one that is done."""
    path = folder / recovery.FOLDER
    if not (path / RECORD).is_file():
        return []
    record = read_record(path)
    if record["status"] != COMPLETE:
        return []
    return told(recovery.facts(record["coverage"]))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _meta(found: Findings) -> list[str]:
    calibration, result = found.calibration, found.result
    return [
        f"{len(calibration.targets)} figures, {len(calibration.free)} free parameters",
        f"{whole(calibration.members)} sets, {calibration.assimilations} assimilations",
        f"{whole(result['plausible'])} plausible (effective {result['effective']:.0f})",
        f"{whole(found.record['counts']['done'])} readings of {whole(calibration.adults)} adults",
        f"fingerprint {str(found.record['fingerprint'])[:16]}",
    ]


def number(value: float) -> str:
    """A figure with three digits, a dash where there is none."""
    return plain(float(f"{value:.3g}")) if math.isfinite(value) else "–"


def _target_row(row: Mapping[str, Any], language: str) -> dict[str, str]:
    away = float(row["outside_by"])
    return {
        "id": str(row["target"]),
        "label": str(row[f"label_{language}"]),
        "role": str(row["role"]),
        "published": f"{number(row['low'])} to {number(row['high'])}",
        "before": f"{number(row['prior_05'])} to {number(row['prior_95'])}",
        "after": f"{number(row['posterior_05'])} to {number(row['posterior_95'])}",
        "median": number(row["posterior_50"]),
        "medoid": number(row["medoid"]),
        "defaults": number(row["defaults"]),
        "share": f"{100.0 * float(row['share_inside']):.0f}%",
        "away": f"{away:+.1f}" if away else "",
        "unit": str(row["unit"]),
    }


def _parameter_row(row: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        "name": str(row["parameter"]),
        "label": str(row[f"label_{language}"]),
        "spread": f"{float(row['spread']):.2f}",
        "standing": str(row["standing"]),
        "range": f"{number(row['low'])} to {number(row['high'])}",
        "after": f"{number(row['posterior_05'])} to {number(row['posterior_95'])}",
        "median": number(row["posterior_50"]),
        "default": number(row["default"]),
        "suggested": number(row["suggested"]),
    }


def _facts(found: Findings) -> list[tuple[str, str]]:
    record, calibration = found.record, found.calibration
    versions = ", ".join(f"{name} {text}" for name, text in record["dependencies"].items())
    return [
        ("Version", f"velfaerd_sim {record['package']['version']}"),
        ("Model digest", str(record["package"]["model_digest"])),
        ("Fingerprint", str(record["fingerprint"])),
        ("Seed", str(calibration.seed)),
        ("Readings redrawn by stage", ", ".join(map(str, found.result["redrawn"]))),
        ("Versions of dependencies", versions),
        ("Work in all", f"{record['times']['seconds'] / 60.0:.1f} minutes"),
        (
            "Data beside this report",
            "worlds.csv (plausible sets with weights), medoid.toml (suggested defaults), "
            "members.csv, readings.parquet, ensembles.parquet, tables/ (CSV and Parquet), figures/ "
            "(SVG and PNG), study.json",
        ),
    ]
