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
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.factors import factors_of
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.theories import Theory
from velfaerd_sim.inputs.toml_files import read_text
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims.arms import check_scales
from velfaerd_sim.studies.claims.claims import BASE, CUT, Claim, ClaimFile, Variant
from velfaerd_sim.studies.claims.files import default_file, load_claims
from velfaerd_sim.studies.claims.sets import WorldSet, drawn_sets

KIND = "claims"
CLAIMS_FILE = "claims.toml"
PILOT_WORLDS = 24
"""Worlds of the pilot, from which the number of replicates follows."""
ROBUSTNESS_WORLDS = 24
"""Worlds for each theory, each cut arrow and each change that should not matter."""


@dataclass(frozen=True)
class ClaimJob:
    """A claim under a change in a set of worlds: the first `worlds` of them."""

    claim: Claim
    set: WorldSet
    variant: Variant
    worlds: int

    @property
    def name(self) -> str:
        """Its name in files."""
        return f"{self.claim.id}.{self.set.name}.{self.variant.name}"


@dataclass(frozen=True)
class ClaimPlan:
    """A study of claims that was checked. text: the file of claims as it was read.

    most: worlds of a set at most, None for all; theories: rival models, each a change of
    parameters.
    """

    file: ClaimFile
    claims: tuple[Claim, ...]
    sets: tuple[WorldSet, ...]
    most: int | None
    robustness: int
    text: str
    theories: tuple[Variant, ...] = ()

    def phases(self, everywhere: bool = False) -> list[list[ClaimJob]]:
        """Jobs in the order of their weight: each set as written, theories, cuts, the rest.

        What should not matter is tried in the first set; everywhere: in all of them.
        """
        found = [[self._job(c, each, BASE) for c in self.claims] for each in self.sets]
        for each in self.sets if everywhere else self.sets[:1]:
            found += self._robust_phases(each)
        return found

    def _robust_phases(self, worlds: WorldSet) -> list[list[ClaimJob]]:
        if not self.robustness:
            return []
        theories = [[self._job(c, worlds, one) for c in self.claims] for one in self.theories]
        cuts = [
            self._job(claim, worlds, self.file.variant(CUT, claim))
            for claim in self.claims
            if claim.arrow
        ]
        others = [[self._job(c, worlds, one) for c in self.claims] for one in self.file.variants]
        return [*theories, cuts, *others]

    def _job(self, claim: Claim, among: WorldSet, change: Variant) -> ClaimJob:
        most = len(among.worlds) if self.most is None else min(self.most, len(among.worlds))
        return ClaimJob(
            claim, among, change, most if change is BASE else min(self.robustness, most)
        )

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
            "theories": {each.name: each.to_dict() for each in self.theories},
            "model": self._model(),
            "most": self.most,
            "robustness": self.robustness,
            "pilot": PILOT_WORLDS,
            "claims_file": hashlib.sha256(self.text.encode()).hexdigest(),
        }


def plan_claims(
    ids: Sequence[str] = (),
    *,
    file: str | Path | None = None,
    sets: Sequence[str | Worlds] | None = None,
    worlds: int | None = None,
    robustness: int | None = None,
    theories: Sequence[Theory] = (),
) -> ClaimPlan:
    """Check what a study of claims is asked for.

    sets: references as of `Worlds.load`; by default the plausible worlds, where there are any.
    worlds: at most so many of a set, by default all; robustness: worlds for each theory, cut arrow
    and change that should not matter, taken from the first set; theories: rivals of the model as
    written, over which the verdict goes as over worlds. Raises InputError, also where a
    scale would leave its range in one of the worlds.
    """
    path = default_file() if file is None else Path(file)
    content = load_claims(path)
    most = None if worlds is None else checks.whole(worlds, "worlds", 1, 100_000)
    usual = ROBUSTNESS_WORLDS if most is None else min(ROBUSTNESS_WORLDS, most)
    highest = 100_000 if most is None else most
    checked = checks.whole(usual if robustness is None else robustness, "robustness", 0, highest)
    claims, drawn = content.chosen(ids), drawn_sets(sets, most)
    for claim in claims:
        for each in drawn:
            check_scales(claim, each.worlds)
    rivals = tuple(Variant.of_theory(each) for each in theories)
    names = [BASE.name, CUT, *(each.name for each in (*content.variants, *rivals))]
    if len(set(names)) != len(names):
        raise InputError("theories", names[2:], "names that no variant of the file of claims has")
    return ClaimPlan(content, claims, drawn, most, checked, read_text(path), rivals)


def claim_record(plan: ClaimPlan, command: str) -> dict[str, Any]:
    """The record of a study of which nothing is done yet."""
    status_quo = Timeline.of(REGIMES[STATUS_QUO])
    record = new_record(KIND, load_scenario("baseline"), [status_quo], plan.design(), command)
    record[ASKING] = asking_digest(KIND)
    return record
