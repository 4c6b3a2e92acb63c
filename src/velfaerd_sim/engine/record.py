"""The study record: what ran, in full, as it stands in `study.json`.

Everything but times and the command enters the fingerprint, so two runs of the same study have
the same fingerprint, and a changed parameter no longer fits it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from velfaerd_sim import in_force
from velfaerd_sim.digests import model_digest, source_digest
from velfaerd_sim.errors import StudyError, shown
from velfaerd_sim.inputs.regime_files import timeline_from_table
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures import outcomes

FORMAT = 2
RECORD = "study.json"
COMPLETE, INCOMPLETE = "complete", "incomplete"
ROW_FILES = "row_files"
"""Where a finished study names the files of its rows; how they are cut depends on its sessions."""
_PASSING = ("fingerprint", "command", "times", ROW_FILES)
_IDENTITY = (
    "kind",
    "model",
    "scenario",
    "parameters",
    "regimes",
    "outcomes",
    "design",
    "plugins",
)
_LIBRARIES = ("numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "mesa")


def package() -> dict[str, str]:
    """Name and version of the installed package, digests of its sources and of the model."""
    name = __name__.partition(".")[0]
    found = getattr(sys.modules[name], "__version__", "unknown")
    digests = {"source_digest": source_digest(), "model_digest": model_digest()}
    return {"name": name, "version": found, **digests}


def dependencies() -> dict[str, str]:
    """Versions of what the results rest on."""
    found = {"python": platform.python_version(), "system": platform.system().lower()}
    found["machine"] = platform.machine()
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def new_record(
    kind: str,
    scenario: Scenario,
    timelines: Sequence[Timeline],
    design: Mapping[str, Any],
    command: str,
) -> dict[str, Any]:
    """The record of a study of which nothing is done yet."""
    record = {
        "format": FORMAT,
        "kind": kind,
        "status": INCOMPLETE,
        "package": package(),
        "dependencies": dependencies(),
        "scenario": scenario.to_dict(),
        "scenario_digest": scenario.digest(),
        "parameters": scenario.parameter_values(),
        "regimes": [timeline.to_dict() for timeline in timelines],
        "baseline": timelines[0].name,
        "outcomes": list(outcomes.NAMES),
        "design": dict(design),
        "seeds": [],
        "counts": {"planned": 0, "done": 0, "failed": 0},
        "failures": [],
        "files": {},
        "command": command,
        "times": {"started": now(), "finished": None, "seconds": 0.0},
    }
    if plugins := in_force.active():
        in_force.check_runs()
        record["plugins"] = [each.to_dict() for each in plugins]
    return record


def now() -> str:
    """The present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def canonical(content: Any) -> str:
    """Plain values as JSON text that does not depend on the order of keys."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(record: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a record without its times, command, files of rows and fingerprint."""
    content = {key: value for key, value in record.items() if key not in _PASSING}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def text(record: dict[str, Any]) -> str:
    """The record as the text of `study.json`; the fingerprint is taken anew."""
    record["fingerprint"] = fingerprint(record)
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def scenario_of(record: Mapping[str, Any]) -> Scenario:
    """The scenario of a study, with every parameter as recorded."""
    scenario = Scenario.from_dict(record["scenario"])
    return scenario.with_(parameters=record["parameters"])


def timelines_of(record: Mapping[str, Any]) -> tuple[Timeline, ...]:
    """The regimes of a study, the baseline first."""
    return tuple(timeline_from_table(content) for content in record["regimes"])


def differences(
    there: Any, here: Any, place: str = "", absent: str = "(nothing)"
) -> Iterator[tuple[str, str, str]]:
    """Yield (place, value there, value here) wherever two plain values differ."""
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        if there.get("name") != here.get("name"):  # another thing altogether
            yield place, _brief(there), _brief(here)
            return
        for key in dict.fromkeys([*there, *here]):
            inner = f"{place}.{key}" if place else str(key)
            yield from differences(there.get(key, absent), here.get(key, absent), inner)
    elif isinstance(there, list) and isinstance(here, list):
        for index in range(max(len(there), len(here))):
            one = there[index] if index < len(there) else absent
            other = here[index] if index < len(here) else absent
            yield from differences(one, other, f"{place}[{index + 1}]")
    elif there != here or type(there) is not type(here):
        yield place, _brief(there), _brief(here)


def _brief(value: Any) -> str:
    if isinstance(value, Mapping) and "name" in value:
        return shown(value["name"])
    return shown(value)


def check_kind(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError unless a folder holds a study of the kind of the new one."""
    if old.get("kind") != new["kind"]:
        raise StudyError(
            f"out: '{folder}' holds a study of another kind, {shown(old.get('kind'))}; choose "
            "another folder or have this one overwritten"
        )


def check_same_study(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError, naming what differs, unless the new study goes on with the old one.

    A study goes on when everything that decides its results is the same; only the number of
    replicates may be raised, and the staff hours may be added.
    """
    check_kind(old, new, folder)
    before, after = _identity(old), _identity(new)
    found = [
        (place, one, other)
        for key in _IDENTITY
        for place, one, other in differences(before[key], after[key], key)
        if not place.startswith("scenario.regime") or len(new["regimes"]) == 1
    ]
    if not found or _only_grows(old, new, [place for place, _, _ in found]):
        return
    parts = [
        f"{place} is {one} there and {other} here"
        for place, one, other in found
        if place != "model"
    ]
    if len(parts) < len(found):
        parts.insert(0, "it was made by another version of the model")
    more = f", and {len(parts) - 3} more differences" if len(parts) > 3 else ""
    raise StudyError(
        f"out: '{folder}' holds another study: {'; '.join(parts[:3])}{more}; choose another folder "
        "or have this one overwritten"
    )


def _identity(record: Mapping[str, Any]) -> dict[str, Any]:
    model = record.get("package", {}).get("model_digest")
    plugins = [{key: each[key] for key in ("name", "digest")} for each in in_force.listed(record)]
    own = {"model": model, "plugins": plugins}
    return {key: record.get(key) for key in _IDENTITY} | own


def _only_grows(old: Mapping[str, Any], new: Mapping[str, Any], places: list[str]) -> bool:
    before, after = old["design"], new["design"]
    for place in places:
        if place == "design.replicates":
            had, wants = before.get("replicates"), after["replicates"]
            if not (isinstance(had, int) and isinstance(wants, int) and had < wants):
                return False
        elif not place.startswith("design.hours") or before.get("hours") is not None:
            return False
    return True
