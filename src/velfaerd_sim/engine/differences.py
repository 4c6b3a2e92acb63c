"""Comparing two tables of the same form, to the bit or to a tolerance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TOLERANCE = 1e-12
"""Relative difference allowed in means and intervals; runs must agree to the bit."""
_KEYS = (
    "hours_per_1000",
    "regime",
    "outcome",
    "grouping",
    "group",
    "replicate",
    "municipality",
    "month",
)


def first_difference(recorded: pa.Table, again: pa.Table, tolerance: float = 0.0) -> str | None:
    """Say where the recorded table first differs from the one made again, or None.

    tolerance: relative to the larger of 1 and the number; 0 means to the bit. Missing equals
    missing.
    """
    if recorded.column_names != again.column_names:
        return f"columns {_apart(recorded.column_names, again.column_names)}"
    if recorded.num_rows != again.num_rows:
        return f"{recorded.num_rows} rows instead of {again.num_rows}"
    for name in recorded.column_names:
        one, other = recorded.column(name), again.column(name)
        if one.type != other.type:
            return f"column {name} holds {one.type} instead of {other.type}"
        if one.equals(other):
            continue
        rows = np.flatnonzero(_differs(one, other, tolerance))
        if len(rows):
            row = int(rows[0])
            place = ", ".join(
                f"{key} {recorded.column(key)[row].as_py()}"
                for key in _KEYS
                if key in recorded.column_names and key != name
            )
            more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
            recorded_value, value, where = _apart_in(one[row].as_py(), other[row].as_py())
            return (
                f"row {row} ({place}), column {name}{where}: {_shown(recorded_value)} is recorded, "
                f"{_shown(value)} comes out{more}"
            )
    return None


def _apart(recorded: list[str], again: list[str]) -> str:
    extra = [name for name in recorded if name not in again]
    missing = [name for name in again if name not in recorded]
    return f"{extra} instead of {missing}" if extra or missing else "in another order"


def _apart_in(one: Any, other: Any) -> tuple[Any, Any, str]:
    """Two values that differ; of two lists of one length the first values that do, and where."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                return left, right, f", value {place}"
    return one, other, ""


def _differs(one: Any, other: Any, tolerance: float) -> NDArray[np.bool_]:
    if pa.types.is_list(one.type):
        pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
        return np.array([left != right for left, right in pairs], np.bool_)
    if not pa.types.is_floating(one.type):
        left, right = np.array(one.to_pylist(), object), np.array(other.to_pylist(), object)
        return np.asarray(left != right, np.bool_)
    left, right = one.to_numpy(), other.to_numpy()
    both_missing = np.isnan(left) & np.isnan(right)
    if not tolerance:
        return np.asarray(~both_missing & (left.view(np.int64) != right.view(np.int64)))
    with np.errstate(invalid="ignore"):
        near = np.abs(left - right) <= tolerance * np.maximum(1.0, np.abs(left))
    return np.asarray(~(both_missing | near | (left == right)))


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)
