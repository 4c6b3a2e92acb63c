"""The plan of a study of claims: which claims, in which worlds, how many, and its record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError, StudyError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.toml_files import read_text
from velfaerd_sim.studies.claim_files import default_file, load_claims
from velfaerd_sim.studies.claims import BASE, COUNTER, Claim, ClaimFile, Variant
from velfaerd_sim.studies.factors import factors_of
from velfaerd_sim.studies.record import (
    canonical,
    check_kind,
    model_digest,
    model_in_worlds_digest,
    new_record,
)
from velfaerd_sim.studies.worlds import PLAUSIBLE, PRIOR, Worlds

KIND = "claims"
CLAIMS_FILE = "claims.toml"
BATCH = 12
"""Worlds between two looks at a verdict; fixed, so that it does not depend on workers."""
LEAST_WORLDS = 24
MOST_WORLDS = 120
"""Worlds in which a claim is judged at most, unless told otherwise."""
ROBUSTNESS_WORLDS = 12
POOL = 240
"""Worlds that are drawn of a set; a study takes the first of them, so that more extend it."""
SEED = 1


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


@dataclass(frozen=True)
class Job:
    """A claim under a variant in a set of worlds: the first `worlds` of them.

    looks: it may stop when its verdict is settled.
    """

    claim: Claim
    set: WorldSet
    variant: Variant
    worlds: int
    looks: bool

    @property
    def name(self) -> str:
        """Its name in files."""
        return f"{self.claim.id}.{self.set.name}.{self.variant.name}"


@dataclass(frozen=True)
class ClaimPlan:
    """A study of claims that was checked. text: the file of claims as it was read."""

    file: ClaimFile
    claims: tuple[Claim, ...]
    sets: tuple[WorldSet, ...]
    most: int
    robustness: int
    text: str

    def phases(self) -> list[list[Job]]:
        """Jobs in the order of their weight: each set as written, then what should not matter."""
        found = []
        for each in self.sets:
            found.append([Job(c, each, BASE, self._most(c), True) for c in self.claims])
        if self.robustness:
            found += [
                [self._robust(claim, variant) for claim in self.claims]
                for variant in self.file.variants
            ]
            found.insert(
                len(self.sets),
                [
                    self._robust(claim, self.file.variant(COUNTER, claim))
                    for claim in self.claims
                    if claim.has_counter
                ],
            )
        return found

    def _most(self, claim: Claim) -> int:
        return self.most if claim.most_worlds is None else min(self.most, claim.most_worlds)

    def _robust(self, claim: Claim, variant: Variant) -> Job:
        most = self.robustness if claim.most_robustness is None else claim.most_robustness
        worlds = min(most, self.robustness, self._most(claim))
        return Job(claim, self.sets[0], variant, worlds, False)

    def _model(self) -> str:
        """Digest of the model, but for the defaults of parameters that every set of worlds sets."""
        every = set(factors_of(("uncertainty",)))
        whole = all(every <= set(each.worlds.names) for each in self.sets)
        return model_in_worlds_digest() if whole else model_digest()

    def design(self) -> dict[str, Any]:
        """The design as it stands in the record."""
        return {
            "claims": {claim.id: claim.digest for claim in self.claims},
            "sets": {
                each.name: {
                    "reference": each.reference,
                    "worlds": len(each.worlds),
                    "digest": each.digest,
                }
                for each in self.sets
            },
            "variants": {each.name: each.digest for each in self.file.variants},
            "model": self._model(),
            "most": self.most,
            "robustness": self.robustness,
            "batch": BATCH,
            "least": LEAST_WORLDS,
            "claims_file": hashlib.sha256(self.text.encode()).hexdigest(),
        }


def plan_claims(
    ids: Sequence[str] = (),
    *,
    file: str | Path | None = None,
    sets: Sequence[str | Worlds] | None = None,
    worlds: int | None = None,
    robustness: int | None = None,
) -> ClaimPlan:
    """Check what a study of claims is asked for.

    sets: references as of `Worlds.load`; by default the plausible worlds, where there are any, and
    the prior. worlds: at most so many of a set for each claim; robustness: worlds for each variant
    and counter-mechanism, taken from the first set. Raises InputError.
    """
    path = default_file() if file is None else Path(file)
    content = load_claims(path)
    most = checks.whole(MOST_WORLDS if worlds is None else worlds, "worlds", 1, 100_000)
    usual = min(ROBUSTNESS_WORLDS, most)
    checked = checks.whole(usual if robustness is None else robustness, "robustness", 0, most)
    return ClaimPlan(
        content,
        content.chosen(ids),
        _sets(sets, most),
        most,
        checked,
        read_text(path),
    )


def _sets(references: Sequence[str | Worlds] | None, most: int) -> tuple[WorldSet, ...]:
    pool = max(POOL, most)
    if references is None:
        references = _usual_sets()
    found = []
    for reference in references:
        if isinstance(reference, Worlds):
            name, worlds = reference.name, reference
        else:
            name = reference
            wanted = reference if re.search(r":\d+$", reference) else f"{reference}:{pool}"
            worlds = _loaded(wanted, reference)
        if len(worlds) < most or not worlds.is_even:
            worlds = worlds.sample(most, SEED)
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
    return (PLAUSIBLE, PRIOR)


def claim_record(plan: ClaimPlan, command: str) -> dict[str, Any]:
    """The record of a study of which nothing is done yet."""
    status_quo = Timeline.of(REGIMES[STATUS_QUO])
    return new_record(KIND, load_scenario("baseline"), [status_quo], plan.design(), command)


def check_same_claims(old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
    """Raise StudyError unless a study goes on with the one in a folder.

    It does where the model (but for defaults that worlds set), the claims that both have and the
    worlds are the same; there may be more claims and more worlds.
    """
    check_kind(old, new, folder)
    parts = []
    same = old["package"].get("model_digest") == new["package"]["model_digest"]
    if not same and old["design"].get("model") != new["design"]["model"]:
        parts.append("it was made by another version of the model")
    for key in ("claims", "sets", "variants"):
        before, after = old["design"].get(key, {}), new["design"][key]
        parts += [
            f"{name} is another there"
            for name in before
            if name in after and before[name] != after[name]
        ]
    if parts:
        raise StudyError(
            f"out: '{folder}' holds another study: {'; '.join(parts[:3])}; choose another folder "
            "or have this one overwritten"
        )
