"""Records to be damaged: one of each kind, with the keys that its study writes."""

import json
from pathlib import Path
from typing import Any

from velfaerd_sim.engine import record as records
from velfaerd_sim.inputs.scenarios import load_scenario

KINDS = (
    *("run", "compare", "sweep", "calibration", "recovery"),
    *("claims", "validation", "robustness"),
)


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
