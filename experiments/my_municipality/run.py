"""Learn from the figures of an example town, and write the answer into the README.

    python experiments/my_municipality/run.py [DIR]

DIR: where the results are, or go; results/experiments/my_municipality without. Results that are
there are told as they are.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from velfaerd_sim import place, write_report
from velfaerd_sim.studies.place.place import PlaceStudy, load_place_study
from velfaerd_sim.telling.place.words import in_short, place_words

HERE = Path(__file__).resolve().parent
OUT = Path("results") / "experiments" / "my_municipality"
MARKED = re.compile(r"(<!-- answer -->\n).*?(<!-- end -->)", re.DOTALL)


def answer(found: PlaceStudy) -> str:
    """The answer as it stands in the README."""
    said = in_short(place_words("en"), found.study, found.learned, found.moves)
    counts, version = found.study["counts"], found.study["package"]["version"]
    made = f"*{counts['done']:,} runs. Version {version}, fingerprint `{found.fingerprint[:16]}`.*"
    return "\n".join([*(f"- {text}" for text in said), "", made, ""])


def main(out: Path) -> None:
    """Run the example where it is not done, write its reports and the answer."""
    if not (out / "effects.parquet").is_file():
        place(HERE / "town.toml", out=out)
    for language in ("en", "da"):
        write_report(out, language=language)
    text = answer(load_place_study(out))
    page = HERE / "README.md"
    written = MARKED.sub(lambda found: found[1] + text + found[2], page.read_text("utf-8"))
    page.write_text(written, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
