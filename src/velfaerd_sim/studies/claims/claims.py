"""Claims of the articles as experiments: what is compared, what is read, what decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from velfaerd_sim.errors import InputError, nearest
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regime_files import load_timeline, timeline_from_table
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.instruments.claim_measures import unit_of

KINDS = ("assumed", "emergent", "descriptive", "normative")
SIGNS = ("up", "down", "not_less", "not_more")
HOWS = (
    *("difference", "relative", "standardised", "level", "interaction", "mediated"),
    *("delay", "half_time", "largest_swing", "regret", "table"),
)
RULES = ("all", "any")
FOLLOWED = ("referred", "joined")
"""Who may be followed: known persons who come into an initiative; those who become volunteers."""
GAP_ENDS = (0.0, 0.9)
"""The espoused gaps that are compared beside the instruments."""
ROUTE_CELLS = 30


@dataclass(frozen=True)
class TwoLanguages:
    """A text in English and Danish."""

    en: str
    da: str

    def of(self, language: str) -> str:
        """The text in ``en`` or ``da``."""
        return self.da if language == "da" else self.en


@dataclass(frozen=True)
class Arm:
    """One side of a comparison.

    regime: a name or a table as in a file with a regime. parameters and scale (factors on the
    world's own values) hold from month 1 on, world from the start of the burn-in.
    """

    name: str
    label: TwoLanguages
    regime: Any
    parameters: tuple[tuple[str, float], ...] = ()
    scale: tuple[tuple[str, float], ...] = ()
    world: tuple[tuple[str, float], ...] = ()
    policy_review: bool = False

    @property
    def timeline(self) -> Timeline:
        """The regime over time. Raises InputError."""
        if isinstance(self.regime, Mapping):
            return timeline_from_table(self.regime, default_name=self.name)
        return load_timeline(self.regime)


@dataclass(frozen=True)
class Locality:
    """A place in which all arms are compared; world and scale hold from the start."""

    name: str
    label: TwoLanguages
    town_kind: str = "provincial_city"
    world: tuple[tuple[str, float], ...] = ()
    scale: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ClaimCriterion:
    """What is read and what it must be.

    of and against are names of arms; sign 'up' asks for an effect of `least` or more, 'down' for
    -`least` or less, 'not_less' and 'not_more' for no worse than that. Only some of them count.
    """

    name: str
    measure: str
    how: str
    of: tuple[str, ...]
    against: tuple[str, ...]
    sign: str
    least: float
    reason: TwoLanguages
    window: tuple[int, int]
    counts: bool = True
    reference: float = 0.0
    rival: str = ""
    beats_by: float = 0.0

    @property
    def unit(self) -> str:
        """The unit of the effect."""
        if self.how in ("relative", "mediated", "table"):
            return "share"
        if self.how in ("delay", "half_time"):
            return "months"
        return "standard deviations" if self.how == "standardised" else unit_of(self.measure)

    def holds(self, effect: float) -> bool:
        """Whether an effect is as the criterion asks; one that is missing is not."""
        wanted = {
            "up": effect >= self.least,
            "down": effect <= -self.least,
            "not_less": effect >= -self.least,
            "not_more": effect <= self.least,
        }
        return bool(wanted[self.sign])

    @property
    def upward(self) -> bool:
        """Whether more of the effect speaks for the claim."""
        return self.sign in ("up", "not_less")

    @property
    def threshold(self) -> float:
        """The effect from which on, in the claimed direction, the criterion is met."""
        return self.least if self.sign in ("up", "not_more") else -self.least


@dataclass(frozen=True)
class Cohort:
    """Persons followed through all arms: who comes in under one arm until a month."""

    arm: str
    who: str
    until: int


@dataclass(frozen=True)
class Claim:
    """One claim with all that its experiment needs."""

    id: str
    source: str
    kinds: tuple[str, ...]
    statement: TwoLanguages
    reading: TwoLanguages
    overturn: TwoLanguages
    arms: tuple[Arm, ...]
    criteria: tuple[ClaimCriterion, ...]
    rule: str
    scenario: str
    adults: int
    months: int
    replicates: int
    step: int | None = None
    localities: tuple[Locality, ...] = ()
    towns: Mapping[str, Any] = field(default_factory=dict)
    local_variation: bool = False
    cohort: Cohort | None = None
    counter: tuple[tuple[str, float], ...] = ()
    counter_words: TwoLanguages = TwoLanguages("", "")
    but: TwoLanguages = TwoLanguages("", "")
    most_worlds: int | None = None
    most_robustness: int | None = None
    content: str = ""

    @property
    def counting(self) -> tuple[ClaimCriterion, ...]:
        """The criteria that decide."""
        return tuple(each for each in self.criteria if each.counts)

    @property
    def is_table(self) -> bool:
        """Whether the claim is about a table, judged cell by cell over all worlds."""
        return any(each.how == "table" for each in self.counting)

    def criterion(self, name: str) -> ClaimCriterion:
        """The criterion of that name."""
        return next(each for each in self.criteria if each.name == name)

    def missing_parameters(self) -> list[str]:
        """Parameters that the claim sets and the model does not have; not those of its counter."""
        pairs = [
            pair for arm in self.arms for pair in (*arm.parameters, *arm.scale, *arm.world)
        ] + [pair for each in self.localities for pair in (*each.world, *each.scale)]
        return sorted({name for name, _ in pairs} - set(BY_NAME))

    @property
    def has_counter(self) -> bool:
        """Whether there is a counter-mechanism that the model can carry out."""
        return bool(self.counter) and all(name in BY_NAME for name, _ in self.counter)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides the runs and the verdict."""
        return hashlib.sha256(self.content.encode()).hexdigest()


@dataclass(frozen=True)
class Variant:
    """A change that should not matter."""

    name: str
    words: TwoLanguages
    adults_factor: float = 1.0
    seed: int = 0
    town_code: int | None = None
    world: tuple[tuple[str, float], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides a run."""
        decides = (self.adults_factor, self.seed, self.town_code, self.world)
        return hashlib.sha256(repr(decides).encode()).hexdigest()


BASE = Variant("base", TwoLanguages("as written", "som skrevet"))
COUNTER = "counter"


@dataclass(frozen=True)
class ClaimFile:
    """All claims, the variants, and what was changed since they were written."""

    written: str
    changes: tuple[Mapping[str, Any], ...]
    variants: tuple[Variant, ...]
    claims: tuple[Claim, ...]

    def chosen(self, ids: Sequence[str]) -> tuple[Claim, ...]:
        """The claims of these ids, in the order of the file; all without any.

        Raises InputError for an unknown id and for parameters that the model does not have.
        """
        known = [claim.id for claim in self.claims]
        for name in ids:
            if name not in known:
                raise InputError("claims", name, ", ".join(known), nearest(name, known))
        found = tuple(claim for claim in self.claims if not ids or claim.id in ids)
        for claim in found:
            for name in claim.missing_parameters():
                raise InputError(claim.id, name, "parameters of this version of the model")
        return found

    def variant(self, name: str, claim: Claim) -> Variant:
        """The variant of that name: one of the file, the base, or a claim's counter-mechanism."""
        if name == BASE.name:
            return BASE
        if name == COUNTER:
            return Variant(COUNTER, claim.counter_words, world=claim.counter)
        return next(each for each in self.variants if each.name == name)
