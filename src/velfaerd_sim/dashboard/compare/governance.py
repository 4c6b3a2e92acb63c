"""How a side of Compare governs, as a value: a named regime, what was moved of it, an own name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO, Regime, Timeline

LABELS = ("label_en", "label_da")
LONGEST_LABEL = 80
_ADJUSTED = (", adjusted", ", justeret")
_ESCAPED = {"~": "~0", ",": "~1"}


@dataclass(frozen=True)
class Governance:
    """A regime by name, where its instruments stand if they were moved, and an own name.

    moved: instruments (or `espoused_gap`) that differ from the named regime's, by name, sorted.
    labels: in English and Danish, of a regime that came from a file; both empty where it has none.
    Raises InputError for an unknown name and for values out of their limits.
    """

    regime: str
    moved: tuple[tuple[str, float], ...] = ()
    labels: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        checks.one_of(self.regime, "regime", REGIMES)
        named = REGIMES[self.regime]
        kept = {}
        for key, value in dict(self.moved).items():
            checks.one_of(key, "instrument", (*INSTRUMENTS, "espoused_gap"))
            number = round(checks.number(value, key, 0.0, 1.0), 6)
            if number != getattr(named, key):
                kept[key] = number
        object.__setattr__(self, "moved", tuple(sorted(kept.items())))
        for key, label in zip(LABELS, self.labels, strict=True):
            if len(label) > LONGEST_LABEL or not label.isprintable():
                raise InputError(key, label[:LONGEST_LABEL], refusal("label", most=LONGEST_LABEL))

    @property
    def is_own(self) -> bool:
        """Whether it has a name of its own."""
        return any(self.labels)

    @property
    def is_named(self) -> bool:
        """Whether it is a packaged regime as it comes."""
        return not (self.moved or self.is_own)

    @property
    def unnamed(self) -> Governance:
        """The same instruments without an own name: what a run depends on."""
        return replace(self, labels=("", ""))

    @property
    def instruments(self) -> dict[str, float]:
        """Where the eight instruments stand."""
        named = REGIMES[self.regime]
        return {key: dict(self.moved).get(key, getattr(named, key)) for key in INSTRUMENTS}

    @property
    def espoused_gap(self) -> float | None:
        """The gap between words and deeds, where it was set apart from the named regime's."""
        return dict(self.moved).get("espoused_gap")

    def with_instrument(self, name: str, value: float) -> Governance:
        """The governance with one instrument moved. Raises InputError."""
        checks.one_of(name, "instrument", INSTRUMENTS)
        labels = self.labels
        if self.is_own and value != self.instruments[name]:
            labels = (_adjusted(labels[0], 0), _adjusted(labels[1], 1))
        return Governance(self.regime, tuple((dict(self.moved) | {name: value}).items()), labels)

    def without_gap(self) -> Governance:
        """The governance with the named regime's gap between words and deeds."""
        kept = tuple((key, value) for key, value in self.moved if key != "espoused_gap")
        return replace(self, moved=kept)

    def as_regime(self, side: str) -> Regime:
        """The regime; one that is not as it comes carries the side in its name."""
        return _as_regime(self, side)

    def to_text(self) -> str:
        """As it stands in a link: `facilitative_dialogue,dialogue:0.6,label_en:Our agreement`."""
        labels = (
            f"{key}:{_escaped(label)}"
            for key, label in zip(LABELS, self.labels, strict=True)
            if label
        )
        return ",".join([self.regime, *(f"{key}:{value:g}" for key, value in self.moved), *labels])

    @classmethod
    def from_text(cls, text: str) -> Governance:
        """Read what `to_text` writes. Raises InputError."""
        name, *parts = text.split(",")
        labels = {}
        for part in list(parts):
            key, colon, label = part.partition(":")
            if colon and key in LABELS:
                labels[key] = _unescaped(label)
                parts.remove(part)
        own = (labels.get(LABELS[0], ""), labels.get(LABELS[1], ""))
        return cls(name, tuple(pairs_of(parts)), own)

    @classmethod
    def of(cls, timeline: Timeline) -> Governance:
        """The governance of a scenario. Raises InputError where it changes over time."""
        regime = timeline.single()
        if regime is None:
            raise InputError("regime", timeline.name, refusal("one_regime"))
        base = next((b for b in map(regime.name.removesuffix, ("_a", "_b")) if b in REGIMES), "")
        values = {key: getattr(regime, key) for key in INSTRUMENTS}
        if regime.espoused_gap is not None:
            values["espoused_gap"] = regime.espoused_gap
        found = cls(base or STATUS_QUO, tuple(values.items()))
        labels = (regime.label_en, regime.label_da)
        as_usual = found.as_regime("a")
        if base and labels in (("", ""), (as_usual.label_en, as_usual.label_da)):
            return found
        named = any(labels)
        return replace(found, labels=labels if named else (regime.name, regime.name))


def _adjusted(label: str, place: int) -> str:
    ending = _ADJUSTED[place]
    if not label or label.endswith(ending):
        return label
    return label[: LONGEST_LABEL - len(ending)] + ending


def _escaped(label: str) -> str:
    for plain, written in _ESCAPED.items():
        label = label.replace(plain, written)
    return label


def _unescaped(text: str) -> str:
    for plain, written in reversed(_ESCAPED.items()):
        text = text.replace(written, plain)
    return text


@lru_cache(maxsize=256)
def _as_regime(governance: Governance, side: str) -> Regime:
    named = REGIMES[governance.regime]
    if governance.is_named:
        return named
    english, danish = (
        f"{named.label(language)}{ending}"
        for language, ending in zip(("en", "da"), _ADJUSTED, strict=True)
    )
    source = f"adjusted in the dashboard from {governance.regime}"
    if governance.is_own:
        english, danish = governance.labels
        source = "named in a file or by the advice"
    changes: dict[str, Any] = dict(governance.moved)
    return replace(
        named,
        name=f"{governance.regime}_{side}",
        label_en=english or danish,
        label_da=danish or english,
        summary_en="",
        summary_da="",
        source=source,
        **changes,
    )


def pairs_of(parts: list[str]) -> list[tuple[str, float]]:
    """The names and numbers in parts such as `dialogue:0.6`. Raises InputError."""
    found = []
    for part in parts:
        key, colon, value = part.partition(":")
        if not colon:
            raise InputError("", part, refusal("pair"))
        try:
            found.append((key, float(value)))
        except ValueError:
            raise InputError(key, value, refusal("number")) from None
    return found
