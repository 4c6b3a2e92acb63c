"""What the page of the model shows: its tables, how it fits, and everything to take along."""

from __future__ import annotations

import csv
import io
import math
import re
import threading
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from velfaerd_sim.dashboard.model.equations import FILE, as_json, carried
from velfaerd_sim.inputs.checks import plain
from velfaerd_sim.inputs.evidence import DATA, age_groups, kora_table, municipalities, sources
from velfaerd_sim.inputs.parameters import PARAMETERS, Parameter, defaults
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.inputs.scenarios import SCENARIOS, load_scenario
from velfaerd_sim.inputs.targets import TARGETS, UNASKED, Target
from velfaerd_sim.inputs.toml_files import toml_text
from velfaerd_sim.instruments.readings import read
from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling import tables_of_inputs as catalogue

ADULTS, REPLICATES = 20_000, 4
"""Of the towns that are asked for the published figures."""
_NUMBER = re.compile(r"^(-?\d+)\.(\d+(?:e-?\d+)?)$")
_FIXED_DATE = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Fit:
    """One published figure, and the model's answer to it (NaN where it was not asked)."""

    target: Target
    reading: float

    @property
    def known(self) -> bool:
        """Whether the model has an answer."""
        return math.isfinite(self.reading)

    @property
    def inside(self) -> bool:
        """Whether the answer lies in the interval that counts as inside."""
        return self.known and bool(self.target.inside(self.reading))

    @property
    def distance(self) -> float:
        """Standard errors of observation between answer and figure, with its sign."""
        return float(self.target.distance(self.reading)) if self.known else math.nan


class Readings:
    """The model's answers to the published figures under its defaults, asked once a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, float] | None = None

    @property
    def known(self) -> dict[str, float] | None:
        """The answers, or None where they have not been asked for yet."""
        return self._found

    def get(self) -> dict[str, float]:
        """The answers; runs four towns of 20 000 adults the first time, which takes seconds."""
        with self._lock:
            if self._found is None:
                self._found = read(defaults(), adults=ADULTS, replicates=REPLICATES)
            return self._found


READINGS = Readings()
"""The answers of this server: the same for everybody, and never changed."""


def fits(readings: Mapping[str, float] | None) -> list[Fit]:
    """Every published figure with the model's answer, as far as it was asked."""
    found = readings or {}
    return [Fit(target, float(found.get(target.id, math.nan))) for target in TARGETS]


def groups_of_parameters() -> list[str]:
    """The groups of the parameter table, in its order."""
    return list(dict.fromkeys(parameter.group for parameter in PARAMETERS))


def chosen_parameters(role: str, group: str) -> list[Parameter]:
    """The parameters of a role and a group; '' stands for all."""
    return [each for each in PARAMETERS if role in ("", each.role) and group in ("", each.group)]


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; numbers with the digits they have."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([plain(cell) if isinstance(cell, float) else cell for cell in row])
    return buffer.getvalue()


def danish_csv(text: str) -> bytes:
    """A CSV text as a Danish spreadsheet opens it: semicolon, decimal comma, a byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    for row in csv.reader(io.StringIO(text)):
        writer.writerow([_NUMBER.sub(r"\1,\2", cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _parameters_csv() -> str:
    head = tuple(Parameter.__dataclass_fields__)
    return csv_text(head, ([getattr(each, key) for key in head] for each in PARAMETERS))


def _regimes_csv() -> str:
    words = ("label_en", "label_da", "summary_en", "summary_da", "source")
    rows = (
        [one.name, *one.instruments, one.espoused_gap, *(getattr(one, key) for key in words)]
        for one in REGIMES.values()
    )
    return csv_text(("name", *INSTRUMENTS, "espoused_gap", *words), rows)


def _outcomes_csv() -> str:
    head = ("name", "unit", "kind", "direction", "label_en", "label_da", "definition")
    return csv_text(head, ([getattr(each, key) for key in head] for each in OUTCOMES))


def _targets_csv(readings: Mapping[str, float] | None) -> str:
    head = ("id", "label_en", "label_da", "value", "low", "high", "unit", "role", "year")
    more = ("source", "secondary", "definition")
    rows = (
        [
            *(getattr(one.target, key) for key in head),
            one.reading if one.known else "",
            ("yes" if one.inside else "no") if one.known else "",
            *(getattr(one.target, key) for key in more),
        ]
        for one in fits(readings)
    )
    return csv_text((*head, "model", "inside", *more), rows)


def _figures() -> dict[str, str]:
    """The published figures that come with the model, as tables."""
    towns = municipalities()
    keys = ("code", "name", "region", "kind", "population", "latitude", "longitude")
    named = sources().items()
    return {
        "data/municipalities.csv": csv_text(keys, ([getattr(t, k) for k in keys] for t in towns)),
        "data/age_shares.csv": csv_text(
            ("band", "persons", "share"), ((g.band, g.persons, g.share) for g in age_groups())
        ),
        "data/kora_2016.csv": csv_text(
            ("route", "as_a_rule", "sometimes", "seldom", "never", "dont_know"),
            ((row.route, *row.percent) for row in kora_table()),
        ),
        "data/sources.toml": toml_text({name: asdict(entry) for name, entry in named}),
        "data/unasked.csv": csv_text(
            ("label_en", "label_da", "figure", "source", "reason"),
            ((u.label_en, u.label_da, u.figure, u.source, u.reason) for u in UNASKED),
        ),
    }


def everything(readings: Mapping[str, float] | None = None) -> dict[str, str]:
    """All that can be taken along: the texts of files by name."""
    found = {
        "README.txt": _README,
        "parameters.csv": _parameters_csv(),
        "parameters.json": catalogue.parameters_table("json"),
        "regimes.csv": _regimes_csv(),
        "regimes.json": catalogue.regimes_table("json"),
        "regimes.toml": (DATA / "regimes.toml").read_text(encoding="utf-8"),
        "outcomes.csv": _outcomes_csv(),
        "outcomes.json": catalogue.outcomes_table("json"),
        "targets.csv": _targets_csv(readings),
        "targets.toml": (DATA / "targets.toml").read_text(encoding="utf-8"),
        FILE: as_json(carried()),
    }
    for name in SCENARIOS:
        found[f"scenarios/{name}.toml"] = load_scenario(name).to_toml()
    return found | _figures()


def archive(files: Mapping[str, str]) -> bytes:
    """Files as one zip; the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(entry, text.encode())
    return buffer.getvalue()


_README = """The model of velfaerd_sim: its tables, as its own program uses them.

parameters   what can be varied: default, range, unit, role, source
regimes      the named ways of governing, as points among eight instruments
outcomes     what is measured, with units and definitions
targets      published figures, and the model's answers where they were asked for
equations    the equations, by chapter of the model's description
scenarios    files that `velfaerd run`, `compare` and `sweep` take
data         the published figures that the model starts from, with their sources

CSV files have a comma between cells and a dot in numbers; all texts are UTF-8.
"""
