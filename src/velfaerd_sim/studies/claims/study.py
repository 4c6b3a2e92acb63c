"""The plan of a study of claims: which claims, in which worlds, how many, and its record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from velfaerd_sim.digests import model_digest, model_in_worlds_digest
from velfaerd_sim.engine.asking import ASKING, asking_digest
from velfaerd_sim.engine.record import new_record
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.factors import factors_of
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.toml_files import read_text
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims.claims import BASE, COUNTER, Claim, ClaimFile, Variant
from velfaerd_sim.studies.claims.files import default_file, load_claims
from velfaerd_sim.studies.claims.sets import WorldSet, drawn_sets

KIND = "claims"
CLAIMS_FILE = "claims.toml"
BATCH = 12
"""Worlds between two looks at a verdict; fixed, so that it does not depend on workers."""
LEAST_WORLDS = 24
MOST_WORLDS = 120
"""Worlds in which a claim is judged at most, unless told otherwise."""
ROBUSTNESS_WORLDS = 12


@dataclass(frozen=True)
class ClaimJob:
    """A claim under a variant in a set of worlds: the first `worlds` of them.

    may_stop: it may stop when its verdict is settled.
    """

    claim: Claim
    set: WorldSet
    variant: Variant
    worlds: int
    may_stop: bool

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

    def phases(self, everywhere: bool = False) -> list[list[ClaimJob]]:
        """Jobs in the order of their weight: each set as written, then what should not matter.

        What should not matter is tried in the first set; everywhere: in all of them.
        """
        found = []
        for each in self.sets:
            found.append([ClaimJob(c, each, BASE, self._most(c), True) for c in self.claims])
        for each in self.sets if everywhere else self.sets[:1]:
            found += self._robust_phases(each)
        return found

    def _robust_phases(self, worlds: WorldSet) -> list[list[ClaimJob]]:
        if not self.robustness:
            return []
        counters = [
            self._robust(claim, self.file.variant(COUNTER, claim), worlds)
            for claim in self.claims
            if claim.has_counter
        ]
        others = [
            [self._robust(claim, variant, worlds) for claim in self.claims]
            for variant in self.file.variants
        ]
        return [counters, *others]

    def _most(self, claim: Claim) -> int:
        return self.most if claim.most_worlds is None else min(self.most, claim.most_worlds)

    def _robust(self, claim: Claim, variant: Variant, among: WorldSet) -> ClaimJob:
        most = self.robustness if claim.most_robustness is None else claim.most_robustness
        worlds = min(most, self.robustness, self._most(claim))
        return ClaimJob(claim, among, variant, worlds, False)

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
        drawn_sets(sets, most),
        most,
        checked,
        read_text(path),
    )


def claim_record(plan: ClaimPlan, command: str) -> dict[str, Any]:
    """The record of a study of which nothing is done yet."""
    status_quo = Timeline.of(REGIMES[STATUS_QUO])
    record = new_record(KIND, load_scenario("baseline"), [status_quo], plan.design(), command)
    record[ASKING] = asking_digest(KIND)
    return record
