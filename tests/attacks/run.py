"""`make attack`: every attack many times; prints what was tried and what failed.

With --write, the counts go to docs/reliability.json, from which docs/reliability.md is made.
"""

from __future__ import annotations

import argparse
import json
import logging
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from attacks.attack import Tried, carried_out
from attacks.every import ATTACKS

FILE = Path(__file__).parents[2] / "docs" / "reliability.json"


def main() -> int:
    """Make the attacks; gives 1 where a promise did not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=10.0, help="for one attack at most")
    asked.add_argument("--only", nargs="*", default=[], metavar="ATTACK")
    asked.add_argument("--write", action="store_true", help="write docs/reliability.json")
    chosen = asked.parse_args()
    logging.disable(logging.CRITICAL)
    rows: dict[str, dict[str, object]] = {}
    results: list[Tried] = []
    failed = 0
    for attack in ATTACKS:
        if chosen.only and attack.key not in chosen.only:
            continue
        begun = time.monotonic()
        reason = attack.possible()
        found = carried_out(attack, 0 if reason else attack.many, chosen.seed, 60 * chosen.minutes)
        rows[attack.key] = {
            "promise": attack.promise,
            "how": attack.how,
            "tried": found.tried,
            "failed": len(found.failed),
        }
        results.append(found)
        failed += len(found.failed)
        spent = time.monotonic() - begun
        told = f"not possible here: {reason}" if reason else f"{spent:.0f} s"
        counts = f"{found.tried:6} tried  {len(found.failed):4} failed"
        print(f"{attack.key:16} {counts}  {told}", flush=True)
        for each in found.failed[:5]:
            print(f"    {each}", flush=True)
    tried = sum(found.tried for found in results)
    print(f"{'together':16} {tried:6} tried  {failed:4} failed")
    if chosen.write:
        former = json.loads(FILE.read_text(encoding="utf-8"))["attacks"] if FILE.exists() else {}
        rows = former | rows
        content = {
            "date": datetime.now(UTC).date().isoformat(),
            "seed": chosen.seed,
            "python": platform.python_version(),
            "system": platform.system(),
            "attacks": {one.key: rows[one.key] for one in ATTACKS if one.key in rows},
        }
        text = json.dumps(content, indent=1, allow_nan=False)
        FILE.write_text(text + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
