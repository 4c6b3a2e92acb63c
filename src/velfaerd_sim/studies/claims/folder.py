"""What a folder of claims holds, joined with what is asked for now: nothing that is there is lost.

The rule: a folder holds the union of all that it was asked for, as long as claims, worlds, variants
and model are the same. Asking for less runs nothing and takes nothing away; asking for more adds.
The first set of worlds decides verdicts: that of the folder, unless all sets of the folder are
asked for in an order of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.asking import check_asking
from velfaerd_sim.engine.record import check_kind
from velfaerd_sim.errors import StudyError
from velfaerd_sim.inputs.toml_files import read_text
from velfaerd_sim.studies.claims.claims import Variant
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.sets import recorded_set
from velfaerd_sim.studies.claims.study import ClaimJob, ClaimPlan, claim_record

JOBS = "jobs"
"""The key of a record: the worlds that were asked for at most, by the name of a job."""
_ELSE = "choose another folder or have this one overwritten"


@dataclass(frozen=True)
class Joined:
    """All that a folder is to hold.

    asked: by the name of a job, worlds that are asked for at most now; earlier: the same of all
    times before.
    """

    plan: ClaimPlan
    asked: Mapping[str, int]
    earlier: Mapping[str, int]

    @property
    def wanted(self) -> dict[str, int]:
        """Worlds that were ever asked for at most, by the name of a job."""
        names = dict.fromkeys([*self.earlier, *self.asked])
        return {name: max(self.asked.get(name, 0), self.earlier.get(name, 0)) for name in names}

    @property
    def adds_nothing(self) -> bool:
        """Whether all that is asked for now was asked for before."""
        return all(count <= self.earlier.get(name, 0) for name, count in self.asked.items())

    def jobs(self) -> list[list[ClaimJob]]:
        """All jobs that were ever asked for, each with its worlds, in the order of their weight."""
        wanted = self.wanted
        return [
            [replace(job, worlds=wanted[job.name]) for job in phase if job.name in wanted]
            for phase in self.plan.phases(everywhere=True)
        ]

    def record(self, command: str) -> dict[str, Any]:
        """The record of all that the folder is to hold."""
        return claim_record(self.plan, command) | {JOBS: dict(sorted(self.wanted.items()))}


def joined(plan: ClaimPlan, old: Mapping[str, Any] | None, folder: Path) -> Joined:
    """A plan joined with what a folder holds by its record. Raises StudyError."""
    if old is None:
        return _joined(plan, plan, {})
    there = _plan_there(plan, old, folder)
    sets = {each.name: each for each in (*there.sets, *plan.sets)}
    names = [each.name for each in plan.sets]
    order = names if {each.name for each in there.sets} <= set(names) else list(sets)
    ids = {claim.id for claim in (*there.claims, *plan.claims)}
    whole = replace(
        plan,
        claims=tuple(claim for claim in plan.file.claims if claim.id in ids),
        sets=tuple(sets[name] for name in order),
        most=_more(plan.most, there.most),
        robustness=max(plan.robustness, there.robustness),
        theories=tuple({each.name: each for each in (*there.theories, *plan.theories)}.values()),
    )
    return _joined(whole, plan, old.get(JOBS, {}))


def _more(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _joined(whole: ClaimPlan, plan: ClaimPlan, earlier: Mapping[str, int]) -> Joined:
    """What is asked for: the plan's sets, and what should not matter in the set that decides."""
    first = whole.sets[0]
    asked = {job.name: job.worlds for phase in plan.phases()[: len(plan.sets)] for job in phase}
    robust = replace(plan, sets=(first,)).phases()[1:]
    asked |= {job.name: job.worlds for phase in robust for job in phase}
    return Joined(whole, asked, earlier)


def _plan_there(plan: ClaimPlan, old: Mapping[str, Any], folder: Path) -> ClaimPlan:
    """What a folder was asked for so far; sets that are asked for again are taken from the plan."""
    design, sets = old["design"], {each.name: each for each in plan.sets}
    return replace(
        plan,
        claims=tuple(claim for claim in plan.file.claims if claim.id in design["claims"]),
        sets=tuple(
            sets.get(name) or recorded_set(folder, name, entry)
            for name, entry in design["sets"].items()
        ),
        most=design["most"],
        robustness=design["robustness"],
        theories=tuple(
            Variant.of_dict(name, content) for name, content in design.get("theories", {}).items()
        ),
    )


def plan_of(folder: Path, record: Mapping[str, Any], file: str) -> ClaimPlan:
    """The plan of all that a folder holds; file: of claims, in the folder. Raises StudyError."""
    design, path = record["design"], folder / file
    content = load_claims(path)
    claims = content.chosen(list(design["claims"]))
    bare = ClaimPlan(content, claims, (), design["most"], design["robustness"], read_text(path))
    return _plan_there(bare, record, folder)


def check_same_claims(
    plan: ClaimPlan, old: Mapping[str, Any], new: Mapping[str, Any], folder: str
) -> None:
    """Raise StudyError unless a study goes on with the one in a folder.

    It does where the model (but for defaults that worlds set), all claims, variants and worlds of
    the folder are the same now; there may be more of them. new: the record of the plan alone.
    """
    check_kind(old, new, folder)
    parts = []
    same = old["package"].get("model_digest") == new["package"]["model_digest"]
    if not same and old["design"].get("model") != new["design"]["model"]:
        parts.append("it was made by another version of the model")
    parts += _others(old["design"].get("claims", {}), {c.id: c.digest for c in plan.file.claims})
    parts += _others(old["design"].get("variants", {}), new["design"]["variants"])
    parts += _others(
        old["design"].get("theories", {}),
        new["design"]["theories"],
        gone=False,
    )
    sets = old["design"].get("sets", {})
    parts += [
        f"{each.name} is another there"
        for each in plan.sets
        if each.name in sets and sets[each.name]["digest"] != each.digest
    ]
    if parts:
        raise StudyError(f"out: '{folder}' holds another study: {'; '.join(parts[:3])}; {_ELSE}")
    try:
        whole = joined(plan, old, Path(folder))
    except StudyError as error:
        raise StudyError(f"out: {error}; or {_ELSE}") from None
    check_asking(old, new, folder, whole.adds_nothing)


def _others(there: Mapping[str, Any], here: Mapping[str, Any], gone: bool = True) -> list[str]:
    """What is not the same any more of what a folder holds, in words; gone: or is missing."""
    changed = [name for name, entry in there.items() if here.get(name, entry) != entry]
    missing = [name for name in there if gone and name not in here]
    return [f"{name} is another there" for name in changed] + [
        f"{name} is there and not in the file of claims" for name in missing
    ]
