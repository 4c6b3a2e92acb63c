"""Sentences of analyses for readers: labels in the place of names, true minus signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from velfaerd_sim.telling.formats import MINUS


def true_minus(text: str) -> str:
    """The text with a minus sign before numbers that have a hyphen there."""
    return re.sub(r"(?<![\w.)-])-(?=\d)", MINUS, text)


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """The text with every name that stands alone replaced by its label, and true minus signs."""
    if labels:
        names = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
        text = re.sub(rf"(?<![\w.])({names})(?!\w|\.\w)", lambda match: labels[match[1]], text)
    return true_minus(text)
