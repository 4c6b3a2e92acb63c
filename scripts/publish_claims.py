"""Put the results of `velfaerd claims` into the repository: tables, ledger, figures.

python scripts/publish_claims.py results/claims
"""

import sys
from pathlib import Path

from velfaerd_sim.reporting.pages.claims_files import publish

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    for path in publish(sys.argv[1], root):
        print(path.relative_to(root))
