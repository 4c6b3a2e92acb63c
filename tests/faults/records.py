"""Records to be damaged: one of each kind, with the keys that its study writes."""

import copy
import json
import random
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies import kinds

KINDS = tuple(kinds.KINDS)


def made(kind: str = "compare") -> dict[str, Any]:
    """The record of a finished study of a kind."""
    scenario = load_scenario("baseline").with_(adults=300, months=3)
    design: dict[str, Any] = {"replicates": 2}
    record = records.new_record(kind, scenario, [scenario.timeline], design, "a test")
    record |= {"status": records.COMPLETE, "seeds": [1, 2]}
    record["counts"] = {"planned": 2, "done": 2, "failed": 0}
    record["files"] = {"series.parquet": {"sha256": "0" * 64}}
    result: dict[str, Any] = json.loads(records.text(record))
    return result


def written(folder: Path, content: Any) -> Path:
    """A folder whose record has a content, or is the text given."""
    folder.mkdir(exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "study.json").write_text(text, encoding="utf-8")
    return folder


def places(content: Any) -> list[tuple[Any, Any]]:
    """Every container of a record, with each key or index in it."""
    found, waiting = [], [content]
    while waiting:
        each = waiting.pop()
        pairs = each.items() if isinstance(each, dict) else enumerate(each)
        for key, value in pairs:
            found.append((each, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    return found


def mutated(record: dict[str, Any], draws: random.Random) -> str:
    """A record with one value removed, replaced or doubled, or with its text cut or changed."""
    record = copy.deepcopy(record)
    within, key = draws.choice(places(record))
    values = [None, -1, 1e300, 10**30, True, "", "\0", "x" * 5000, [], {}, [[]], {"a": None}]
    way = draws.randrange(4)
    if way == 0:
        del within[key]
    elif way == 1:
        within[key] = draws.choice(values)
    text = json.dumps(record)
    place = draws.randrange(len(text))
    if way == 2:
        text = (
            text[:place] + draws.choice(["", "{", "]", '"', "NaN", "9" * 400]) + text[place + 1 :]
        )
    elif way == 3:
        text = text[:place]
    return text
