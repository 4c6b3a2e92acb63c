"""Ask for the best package of a town with few hours, and write the answer into the README.

    python experiments/best_package/run.py [--small]

With --small a tiny search shows the way, and the README stays as it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from velfaerd_sim import advise
from velfaerd_sim.reporting.figures import style
from velfaerd_sim.reporting.figures.decisions.advice import front_figure, front_shown
from velfaerd_sim.reporting.pages.decisions.advice import write_advice
from velfaerd_sim.studies.advise.advising import Advice
from velfaerd_sim.telling.advice import AdviceWords

HERE = Path(__file__).resolve().parent
OUT = Path("results") / "experiments"
MARKED = re.compile(r"(<!-- answer -->\n).*?(<!-- end -->)", re.DOTALL)
HOURS = 12.0
SMALL: dict[str, Any] = {
    "adults": 300,
    "months": 12,
    "evaluations": 24,
    "search_worlds": 4,
    "fresh": 6,
}


def answer(advice: Advice) -> str:
    """The answer as it stands in the README."""
    counts, version = advice.study["counts"], advice.study["package"]["version"]
    lines = [f"- {sentence}" for sentence in AdviceWords(advice).told()]
    made = f"*{counts['done']:,} runs. Version {version}, fingerprint `{advice.fingerprint[:16]}`.*"
    by = "*Made by `python experiments/best_package/run.py`; intervals hold 95 %.*"
    return "\n".join([*lines, "", made, "", by, ""])


def run(small: bool = False, out: Path = OUT) -> str:
    """Search, write the report, and unless it is small answer and figure; gives the answer."""
    folder = out / ("small" if small else "") / "best_package"
    given = SMALL if small else {}
    advice = advise(HERE / "town.toml", hours_at_most=HOURS, out=folder, **given)
    for language in ("en", "da"):
        write_advice(advice, folder, language)
    text = answer(advice)
    if not small:
        page = HERE / "README.md"
        written = MARKED.sub(
            lambda found: found[1] + text + found[2], page.read_text(encoding="utf-8")
        )
        page.write_text(written, encoding="utf-8")
        with style.styled():
            front_figure(front_shown(AdviceWords(advice))).savefig(
                HERE / "figure.svg", metadata={"Date": None, "Creator": None}
            )
    return text


if __name__ == "__main__":
    sys.stdout.write(run(small="--small" in sys.argv[1:]))
