"""The folder of a study as a Process Run Crate: what ran, on what, and what came of it.

`ro-crate-metadata.json` is JSON-LD after RO-Crate 1.1 and the profile Process Run Crate 0.5, so
that archives and workflow tools read the record without this package. It is made from the record
and from the files that are there, and the same folder gives the same file.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.engine.store import read_record
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.reporting.files import brief_path, report_path, write_whole
from velfaerd_sim.telling.words import LANGUAGES, Words

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
BASE = "https://w3id.org/ro/crate/1.1"
PROFILE, PROFILE_VERSION = "https://w3id.org/ro/wfrun/process/0.5", "0.5"
PROGRAM, ACTION, LICENSE = "#velfaerd_sim", "#run", "#license"
_TYPES = {".parquet": "application/vnd.apache.parquet", ".toml": "application/toml"}


def write_crate(folder: str | Path) -> Path:
    """Write ro-crate-metadata.json into the folder of a study; gives its path.

    Raises InputError where the folder holds no study that is done, StorageError where it cannot be
    written.
    """
    path = Path(folder)
    record = read_record(path)
    if record["status"] != COMPLETE:
        raise InputError("folder", str(folder), refusal("done_study"))
    text = json.dumps(crate_of(path, record), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(path / CRATE, (text + "\n").encode())
    return path / CRATE


def crate_of(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a folder as JSON-LD; record: of its study."""
    files = _files(folder, record)
    made = [each["@id"] for each in files]
    return {
        "@context": CONTEXT,
        "@graph": [
            _of(CRATE, "CreativeWork", about=_ref("./"), conformsTo=_ref(BASE)),
            _root(record, made),
            _of(PROFILE, "CreativeWork", name="Process Run Crate", version=PROFILE_VERSION),
            _program(record),
            *_inputs(record),
            _action(record, made),
            _license(),
            *files,
        ],
    }


def _of(id: str, type: str, **values: Any) -> dict[str, Any]:
    """An entity; empty values are left out."""
    return {"@id": id, "@type": type} | {key: value for key, value in values.items() if value}


def _ref(id: str) -> dict[str, str]:
    return {"@id": id}


def _root(record: Mapping[str, Any], made: list[str]) -> dict[str, Any]:
    words = Words("en", "report")
    kind = record["kind"]
    return _of(
        "./",
        "Dataset",
        name=words("crate_name", kind=kind, fingerprint=str(record["fingerprint"])[:16]),
        description=words("crate_what", kind=kind),
        datePublished=record["times"]["finished"],
        license=_ref(LICENSE),
        conformsTo=_ref(PROFILE),
        hasPart=[_ref(id) for id in made],
        mentions=_ref(ACTION),
        identifier=record["fingerprint"],
    )


def _program(record: Mapping[str, Any]) -> dict[str, Any]:
    package = record["package"]
    needs = [f"{name} {version}" for name, version in record["dependencies"].items()]
    return _of(
        PROGRAM,
        "SoftwareApplication",
        name=package["name"],
        softwareVersion=package["version"],
        softwareRequirements=needs,
        identifier=package.get("model_digest"),
        license="https://spdx.org/licenses/MIT",
    )


def _inputs(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the program was given: scenario, regimes and seeds; all of it stands in study.json."""
    regimes = [each["name"] for each in record.get("regimes") or ()]
    values = {
        "scenario": record.get("scenario_digest"),
        "regimes": ", ".join(regimes),
        "seeds": ", ".join(map(str, record.get("seeds") or ())),
    }
    return [
        _of(f"#{name}", "PropertyValue", name=name, value=str(value))
        for name, value in values.items()
        if value
    ]


def _action(record: Mapping[str, Any], made: list[str]) -> dict[str, Any]:
    times, words = record["times"], Words("en", "report")
    return _of(
        ACTION,
        "CreateAction",
        name=words("crate_run", kind=record["kind"]),
        description=record.get("command"),
        instrument=_ref(PROGRAM),
        object=[_ref(each["@id"]) for each in _inputs(record)],
        result=[_ref(id) for id in made],
        startTime=times["started"],
        endTime=times["finished"],
        actionStatus=_ref("http://schema.org/CompletedActionStatus"),
    )


def _license() -> dict[str, Any]:
    words = Words("en", "report")
    return _of(LICENSE, "CreativeWork", name=words("crate_licence"), description=words("crate_who"))


def _files(folder: Path, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The record, its files and the reports that are there, each with its size and digest."""
    reports = [path(folder, each) for path in (report_path, brief_path) for each in LANGUAGES]
    named = dict(record["files"])
    paths = [folder / RECORD, *(folder / name for name in named), *reports]
    found = []
    for path in paths:
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found.append(
                _of(
                    quote(name),
                    "File",
                    name=name,
                    contentSize=str(path.stat().st_size),
                    encodingFormat=_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0],
                    sha256=(named.get(name) or {}).get("sha256"),
                )
            )
    return found
