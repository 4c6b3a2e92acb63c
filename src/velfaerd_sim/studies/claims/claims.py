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
from velfaerd_sim.inputs.theories import Theory
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


NO_WORDS = TwoLanguages("", "")


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
    -`least` or less, 'not_less' and 'not_more' for no worse than that.
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

    def has_sign(self, effect: float) -> bool:
        """Whether an effect is on the side that is claimed, whatever its size."""
        return bool(effect > 0.0 if self.upward else effect < 0.0)

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
class ClaimReading:
    """One way to read a claim: criteria that decide together, and who would object to it.

    says: what is compared; objection: who would object, and why. rule: whether all criteria are
    asked for or any. lever: the criterion, of any sign, that must move at least its `least` for
    the contrast to be one; '' where nothing is moved.
    """

    name: str
    says: TwoLanguages
    objection: TwoLanguages
    criteria: tuple[str, ...]
    rule: str
    lever: str = ""


@dataclass(frozen=True)
class Claim:
    """One claim with all that its experiment needs.

    replicates: of the pilot; most_replicates: what noise may ask for. arrow: the parameters, with
    the values that cut it, of the mechanism that the claim is built on. lacks: what the model
    would need to tell more. fitted: the model was fitted to what is claimed. advice_do and
    advice_stop: what follows for a municipality where the claim holds.
    """

    id: str
    source: str
    kinds: tuple[str, ...]
    statement: TwoLanguages
    overturn: TwoLanguages
    arms: tuple[Arm, ...]
    criteria: tuple[ClaimCriterion, ...]
    readings: tuple[ClaimReading, ...]
    scenario: str
    adults: int
    months: int
    replicates: int
    most_replicates: int
    step: int | None = None
    localities: tuple[Locality, ...] = ()
    towns: Mapping[str, Any] = field(default_factory=dict)
    local_variation: bool = False
    cohort: Cohort | None = None
    arrow: tuple[tuple[str, float], ...] = ()
    arrow_words: TwoLanguages = NO_WORDS
    lacks: TwoLanguages = NO_WORDS
    advice_do: TwoLanguages = NO_WORDS
    advice_stop: TwoLanguages = NO_WORDS
    fitted: bool = False
    content: str = ""

    @property
    def is_table(self) -> bool:
        """Whether the claim is about a table, judged cell by cell over all worlds."""
        return any(each.how == "table" for each in self.criteria)

    @property
    def deciding(self) -> frozenset[str]:
        """The names of criteria that a reading rests on; the others stand beside."""
        return frozenset(name for each in self.readings for name in each.criteria)

    def criterion(self, name: str) -> ClaimCriterion:
        """The criterion of that name."""
        return next(each for each in self.criteria if each.name == name)

    def missing_parameters(self) -> list[str]:
        """Parameters that the claim sets and the model does not have."""
        pairs = list(self.arrow)
        pairs += [
            pair for arm in self.arms for pair in (*arm.parameters, *arm.scale, *arm.world)
        ] + [pair for each in self.localities for pair in (*each.world, *each.scale)]
        return sorted({name for name, _ in pairs} - set(BY_NAME))

    @property
    def has_evidence(self) -> bool:
        """Whether the arrow has evidence of its own: no parameter of it is a mere assumption."""
        sources = [BY_NAME[name].source for name, _ in self.arrow]
        return bool(sources) and not any("assumption" in source for source in sources)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides the runs and the verdict."""
        return hashlib.sha256(self.content.encode()).hexdigest()


@dataclass(frozen=True)
class Variant:
    """A change of a claim's worlds: what should not matter, a rival theory, a cut arrow."""

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

    def to_dict(self) -> dict[str, Any]:
        """A change of parameters as plain values, from which `of_dict` makes it again."""
        return {"en": self.words.en, "da": self.words.da, "world": dict(self.world)}

    @classmethod
    def of_theory(cls, theory: Theory) -> Variant:
        """A rival theory as a change of parameters, at the middle of what it leaves open."""
        words = TwoLanguages(theory.label_en, theory.label_da)
        return cls(theory.name, words, world=tuple(sorted(theory.values().items())))

    @classmethod
    def of_dict(cls, name: str, content: Mapping[str, Any]) -> Variant:
        """The change of parameters that plain values tell."""
        words = TwoLanguages(str(content["en"]), str(content["da"]))
        return cls(name, words, world=tuple(sorted(content["world"].items())))


BASE = Variant("base", TwoLanguages("as written", "som skrevet"))
CUT = "cut"
"""The variant of a claim in which the arrow that it is built on is cut."""


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
        """The variant of that name: one of the file, the base, or a claim's own cut."""
        if name == BASE.name:
            return BASE
        if name == CUT:
            return Variant(CUT, claim.arrow_words, world=claim.arrow)
        return next(each for each in self.variants if each.name == name)
