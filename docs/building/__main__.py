"""Build the site: `python -m building FOLDER`, with `docs` on the path."""

from __future__ import annotations

import sys
from pathlib import Path

from building.site import build


def main() -> int:
    """Build into the folder that is named; 1 where there was a warning."""
    if len(sys.argv) != 2:
        print("usage: python -m building FOLDER", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1]).resolve()
    warnings = build(folder)
    for each in warnings:
        print(each, file=sys.stderr)
    if warnings:
        return 1
    print(f"Open it in a browser: {folder / 'index.html'}")
    return 0


sys.exit(main())
