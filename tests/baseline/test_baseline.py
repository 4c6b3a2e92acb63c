"""The baseline of results: not a bit of it moves by accident."""

import json
import math

from baseline import update
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.measures.outcomes import NAMES


def test_results_are_those_of_the_baseline():
    changes = update.moved(update.read(), update.compute())
    shown = "\n".join(f"  {run} {name}: {old} -> {new}" for run, name, old, new in changes[:12])
    assert not changes, (
        f"{len(changes)} results moved:\n{shown}\n"
        "If this was meant, run `python tests/baseline/update.py` and add a line to CHANGELOG.md "
        "that says which numbers moved and why."
    )


def test_the_baseline_holds_every_outcome_exactly():
    stored = update.read()
    assert set(stored) == {f"{s}/{r}" for s in update.scenarios() for r in update.REGIMES}
    assert set(update.REGIMES) <= set(REGIMES)
    for values in stored.values():
        assert tuple(values) == (*NAMES, "sum_of_scores")
        numbers = [x for x in values.values() if x is not None]
        assert len(numbers) > 50
        assert all(math.isfinite(x) for x in numbers)
        assert json.loads(json.dumps(numbers)) == numbers


def test_a_move_of_one_bit_is_seen():
    stored = update.read()
    run = next(iter(stored))
    changed = {run: dict(stored[run])}
    changed[run]["lonely_share"] = math.nextafter(stored[run]["lonely_share"], 1.0)
    assert [(where, name) for where, name, _, _ in update.moved(stored, stored | changed)] == [
        (run, "lonely_share")
    ]
    del changed[run]["lonely_share"]
    assert len(update.moved(stored, stored | changed)) == 1
