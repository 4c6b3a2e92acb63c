"""The answers of a sweep as files: a table each as Parquet and CSV, and all sentences in one."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from velfaerd_sim.analysis.arrays.facts import plain
from velfaerd_sim.analysis.sweep.answers import AnalysisAnswer, Answers
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice
from velfaerd_sim.errors import StorageError, StudyError, cannot_read, refusal
from velfaerd_sim.reporting.files import remove_written, write_whole
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.sweep_words import Labels

FOLDER = "analysis"
ANSWERS = "answers.json"


def stem(answer: AnalysisAnswer) -> str:
    """The name of the files of an answer, without what follows the dot."""
    return re.sub(r"[^\w.-]+", "_", answer.key)


def write_answers(answers: Answers, folder: str | Path, command: str = "") -> Path:
    """Write tables and sentences into the folder of a sweep; gives the path of the sentences.

    Files of an earlier analysis that are no longer among the answers are removed. Raises
    StorageError where the disk fails.
    """
    home = Path(folder) / FOLDER
    names = {f"{stem(one)}{end}" for one in answers.answers for end in (".parquet", ".csv")}
    old = _written(home)
    for answer in answers.answers:
        table = answer.finding.table
        buffer = io.BytesIO()
        table.to_parquet(buffer, index=False)
        write_whole(home / f"{stem(answer)}.parquet", buffer.getvalue())
        text = table.to_csv(index=False, lineterminator="\n")
        write_whole(home / f"{stem(answer)}.csv", text.encode())
    path = home / ANSWERS
    content = json.dumps(as_plain(answers, command), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(path, f"{content}\n".encode())
    for name in old - names:
        remove_written(home / name)
    return path


def as_plain(answers: Answers, command: str = "") -> dict[str, Any]:
    """The answers without their tables, as plain values."""
    wanted, study = answers.wanted, answers.study
    tell = Labels.of(answers).teller()
    return {
        "study": study.name,
        "fingerprint": answers.record.get("fingerprint"),
        "package": answers.record.get("package"),
        "command": command,
        "state": tell.sentence(*answers.state()),
        "runs": {
            "planned": answers.planned,
            "done": answers.done,
            "failed": answers.failed,
            "missing": answers.missing,
        },
        "design": study.design.kind,
        "options": {
            "outcomes": list(wanted.outcomes),
            "baseline": wanted.baseline,
            "regimes": list(wanted.regimes),
            "at_least": dict(wanted.at_least),
            "seed": wanted.seed,
        },
        "answers": [_plain_answer(one, tell) for one in answers.answers],
        "not_done": [
            {
                "method": one.method,
                "about": tell.fact(one.about),
                "reason": tell.fact(one.reason),
            }
            for one in answers.not_done
        ],
    }


def _plain_answer(answer: AnalysisAnswer, tell: Teller) -> dict[str, Any]:
    return {
        "method": answer.method,
        "outcome": answer.outcome or None,
        "regime": answer.regime,
        "against": answer.against,
        "factors": list(answer.factors),
        "about": tell.fact(answer.finding.about),
        "sentence": tell.sentence(*answer.finding.facts),
        "facts": [plain(fact) for fact in answer.finding.facts],
        "sufficient": answer.finding.sufficient,
        "tables": [f"{stem(answer)}.parquet", f"{stem(answer)}.csv"],
        "first_rows": _rows(answer.finding.table.head(3)),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is not a finite number is null."""
    plain = json.loads(table.to_json(orient="records", double_precision=15))
    return [
        {key: None if _is_endless(value) else value for key, value in row.items()} for row in plain
    ]


def _is_endless(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _read(home: Path) -> Mapping[str, Any]:
    path = home / ANSWERS
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StorageError(cannot_read(path, error)) from None
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _written(home: Path) -> set[str]:
    """Files that an earlier analysis has written."""
    names: set[str] = set()
    for one in _read(home).get("answers") or []:
        names |= {str(name) for name in one.get("tables") or [] if Path(str(name)).name == name}
    return names


def asked_before(folder: str | Path) -> tuple[AnalysisChoice, str] | None:
    """What the last analysis of a folder was asked, and its command; None without one.

    Raises StudyError where the file does not say.
    """
    content = _read(Path(folder) / FOLDER)
    if not content:
        return None
    try:
        options = content["options"]
        wanted = AnalysisChoice(
            tuple(options["outcomes"]),
            options["baseline"],
            tuple(options["regimes"]),
            {str(name): float(value) for name, value in options["at_least"].items()},
            int(options["seed"]),
        )
        return wanted, str(content.get("command") or "")
    except (KeyError, TypeError, ValueError, AttributeError):
        path = Path(folder) / FOLDER / ANSWERS
        raise StudyError(refusal("no_analysis", name=path)) from None
