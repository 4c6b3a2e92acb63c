"""The sets of worlds of a study of claims: loaded by name or file, and kept in the study's folder.

`DIR/sets/NAME.json` holds the worlds of a set as they were drawn, so that a folder stands by itself
when a file of worlds is elsewhere or the calibrated worlds of the package are others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.record import canonical
from velfaerd_sim.errors import InputError, StorageError, StudyError, cannot_read
from velfaerd_sim.inputs.worlds import PLAUSIBLE, PRIOR, Worlds

POOL = 240
"""Worlds of the prior that are drawn; a study takes the first of them, so that more extend it."""
SEED = 1
FOLDER = "sets"


@dataclass(frozen=True)
class WorldSet:
    """A set of worlds by the name that it has in files; reference: what it was loaded by."""

    name: str
    worlds: Worlds
    reference: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all worlds in it."""
        return hashlib.sha256(canonical(self.worlds.to_dict()).encode()).hexdigest()

    @property
    def file(self) -> str:
        """Where it stands in a folder."""
        return f"{FOLDER}/{self.name}.json"

    @property
    def text(self) -> str:
        """The worlds as JSON."""
        return json.dumps(self.worlds.to_dict(), separators=(",", ":"), allow_nan=False) + "\n"


def drawn_sets(references: Sequence[str | Worlds] | None, most: int | None) -> tuple[WorldSet, ...]:
    """The sets by their references, with all their worlds; of the prior at least `most`.

    The order is drawn by lot, so that the first worlds are a sample too. Raises InputError.
    """
    found = []
    for reference in _usual_sets() if references is None else references:
        if isinstance(reference, Worlds):
            name, worlds = reference.name, reference
        else:
            name = reference
            drawn = reference.partition(":")[0] == PRIOR and ":" not in reference
            wanted = f"{reference}:{max(POOL, most or 0)}" if drawn else reference
            worlds = _loaded(wanted, reference)
            if ":" not in reference and not drawn:
                worlds = worlds.sample(len(worlds), SEED)
        if not worlds.is_even:
            worlds = worlds.sample(len(worlds), SEED)
        short = re.sub(r"[^A-Za-z0-9_]+", "_", Path(name).name.partition(":")[0]).strip("_")
        found.append(WorldSet(short or "worlds", worlds, name))
    names = [each.name for each in found]
    if not found or len(set(names)) != len(names):
        raise InputError("sets", ", ".join(names), "one set of worlds or more, each once")
    return tuple(found)


def _loaded(wanted: str, reference: str) -> Worlds:
    """Worlds of a set; errors name the option and what it was given."""
    try:
        return Worlds.load(wanted, SEED)
    except InputError as error:
        place = error.place.replace("worlds", "sets", 1)
        value = reference if error.value == wanted else error.value
        raise InputError(place, value, error.allowed, error.suggestion) from None


def _usual_sets() -> tuple[str, ...]:
    try:
        Worlds.load(PLAUSIBLE)
    except InputError:
        return (PRIOR,)
    return (PLAUSIBLE,)


def recorded_set(folder: Path, name: str, entry: Mapping[str, Any], most: int = 1) -> WorldSet:
    """A set as a study drew it: from its folder, or by its reference where that keeps no worlds.

    entry: of the record. Raises StudyError where the worlds are missing, or are others.
    """
    reference = str(entry.get("reference", name))
    kept = folder / FOLDER / f"{name}.json"
    if kept.is_file():
        found = WorldSet(name, _read(kept), reference)
    else:
        file = Path(reference.partition(":")[0])
        if file.suffix.lower() == ".csv" and not file.is_file():
            raise StudyError(
                f"the worlds of the set {name} are missing: {folder} was made before folders kept "
                f"them, and the file '{file}' is not here; give the command where that file is, or "
                "put the file there"
            )
        found = drawn_sets([reference], max(most, int(entry["worlds"])))[0]
    if found.digest != entry["digest"]:
        raise StudyError(f"the worlds of the set {name} are others than in the record")
    return found


def _read(path: Path) -> Worlds:
    try:
        return Worlds.from_dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, InputError) as error:
        raise StorageError(cannot_read(path, error)) from None
