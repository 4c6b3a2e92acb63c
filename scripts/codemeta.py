"""Write codemeta.json anew, from CITATION.cff and pyproject.toml.

    python scripts/codemeta.py

CodeMeta 3.0 (https://w3id.org/codemeta/3.0) is what archives and catalogues of software read.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def citation(text: str) -> dict[str, Any]:
    """The plain entries of CITATION.cff: texts, folded texts and lists of texts."""
    found: dict[str, Any] = {}
    for key, first, rest in re.findall(r"^([\w-]+):[ ]*(.*)\n((?:  .*\n)*)", text, re.MULTILINE):
        lines = [line.strip() for line in rest.splitlines()]
        if first in (">-", ">"):
            found[key] = " ".join(lines)
        elif first:
            found[key] = first.strip('"')
        else:
            found[key] = [line.removeprefix("- ") for line in lines]
    return found


def codemeta() -> dict[str, Any]:
    """What codemeta.json says."""
    cited = citation((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    authors = [author["name"] for author in project["authors"]]
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": cited["abstract"],
        "headline": cited["title"],
        "version": cited["version"],
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"@type": "Organization", "name": name} for name in authors],
        "keywords": cited["keywords"],
        "programmingLanguage": {
            "@type": "ComputerLanguage",
            "name": "Python",
            "version": project["requires-python"],
        },
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "developmentStatus": "wip",
        "readme": project["readme"],
    }


def text() -> str:
    """The content of the file."""
    return json.dumps(codemeta(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


if __name__ == "__main__":
    (ROOT / "codemeta.json").write_text(text(), encoding="utf-8")
