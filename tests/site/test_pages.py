"""Tutorials and how-tos are run as they stand, in small, and say the same in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from building import causes, notebooks, shell, site

from described import undescribed
from processes.columns import COLUMNS, uses_of
from velfaerd_sim.digests import PACKAGE_FOLDER
from velfaerd_sim.measures.outcomes import NAMES

DOCS = Path(__file__).resolve().parents[2] / "docs"
HOWTOS = sorted(path for path in (DOCS / "howto").glob("*.md") if path.suffixes == [".md"])
PAGES = [*HOWTOS, DOCS / "explain/twin.md"]
LEADING = ("index.md", "decide.md", "tutorial/index.md", "tutorial/analyst.md", "tutorial/r.md")
TRANSLATED = [*HOWTOS, *(DOCS / name for name in LEADING)]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_a_page_shows_can_be_run(path: Path, tmp_path: Path) -> None:
    if path.stem == "cluster":
        pytest.importorskip("distributed", reason="Dask is not installed (velfaerd-sim[cluster])")
    tried = list(shell.try_all(text(path), tmp_path))
    left_out = [block for block in shell.blocks(text(path)) if block.reason]
    run_here = {"sh", "python"}
    if path.stem not in ("index", "proxy"):
        assert tried
        assert any(said.strip() for _, said in tried)
    commands = [block for block in shell.blocks(text(path)) if block.language in run_here]
    assert len(commands) == len(tried) + len(left_out)


def test_a_page_that_shows_what_cannot_be_run_is_found(tmp_path: Path) -> None:
    wrong = "```sh\nvelfaerd compare municipal_baton no_such_regime --out results/x\n```\n"
    with pytest.raises(ValueError, match="no_such_regime"):
        list(shell.try_all(wrong, tmp_path))
    with pytest.raises(ValueError, match="not a command"):
        list(shell.try_all("```sh\nrm -r results\n```\n", tmp_path))


def same(block: shell.PageBlock) -> tuple[str, str]:
    """A block without what differs between languages: of the program, and words in R."""
    code = block.text.replace(" --language da", "")
    return block.language, re.sub(r'lab = "[^"]+"', "lab", code)


def shape(page: str) -> tuple[list[str], ...]:
    """What a page is made of, in order, from headings to blocks, and where it links to."""
    lines = re.sub(r"^( *)```.*?^ *```", r"\1```", page, flags=re.DOTALL | re.MULTILINE)
    marks = re.findall(r"^ *(#+ |- |\d+\. |> |\||```)", lines, re.MULTILINE)
    return marks, sorted(re.findall(r"\]\(([^)]+)\)", page))


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_both_languages_show_the_same(path: Path) -> None:
    danish = path.with_suffix(".da.md")
    one, other = ([same(block) for block in shell.blocks(text(each))] for each in (path, danish))
    assert shape(text(path)) == shape(text(danish))
    one = [(language, code) for language, code in one if "report results" not in code]
    other = [(language, code) for language, code in other if "report results" not in code]
    assert one == other


# The tutorials


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the study that all three tutorials make, with the notebook that was run."""
    folder = tmp_path_factory.mktemp("tutorial")
    asked = next(each for each in shell.blocks(text(DOCS / "tutorial/r.md")))
    shell.run(asked, folder)
    return folder


def test_the_tutorial_without_code_works(first: Path) -> None:
    tried = {}
    for block in shell.blocks(text(DOCS / "tutorial/analyst.md")):
        if not block.reason:
            tried[block.text] = shell.run(block, first)
    said = "".join(tried.values())
    assert "facilitative_dialogue" in said
    assert "agree bit for bit" in said
    assert (first / "results/first/report.html").is_file()
    danish = (first / "results/first/report.da.html").read_text(encoding="utf-8")
    english = (first / "results/first/report.html").read_text(encoding="utf-8")
    assert "What this cannot tell" in english
    assert "Hvad rapporten ikke kan sige" in danish


def test_the_notebook_runs_and_shows_frames_and_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts = notebooks.cells(text(DOCS / "tutorial/python.py"))
    code = [part.text for part in parts if part.is_code]
    shown = notebooks.run(code, "python.py")
    assert "<svg" in shown[0]
    assert all("<table" in each or "```text" in each for each in shown)
    assert "differences are clear" in shown[2]
    danish = notebooks.cells(text(DOCS / "tutorial/python.da.py"))
    assert [part.text for part in danish if part.is_code] == code
    assert [shape(part.text) for part in danish] == [shape(part.text) for part in parts]


@pytest.mark.parametrize(
    ("place", "link", "there"),
    [
        ("place.md", "[a](../experiments/README.md#b)", "[a](experiments/README.md#b)"),
        ("place.md", "![a](figures/effects.svg)", "![a](figures/effects.svg)"),
        ("trace.md", "[a](../CHANGELOG.md)", "[a](CHANGELOG.md)"),
        ("howto/sweep.md", "[a](../../README.md)", "[a](../index.md)"),
        ("tutorial/index.da.md", "[a](python.py)", "[a](python.md)"),
        ("experiments/README.md", "[a](../docs/claims.da.md)", "[a](../claims.md)"),
        ("experiments/README.md", "[a](claims)", "a"),
        ("experiments/what_carries/README.md", "[a](run.py) [b](README.md)", "a [b](README.md)"),
        ("experiments/plugins/README.md", "[a](training_bonus.py)", "[a](training_bonus.py)"),
        ("CHANGELOG.md", "[a](docs/odd.md#b)", "[a](odd.md#b)"),
        ("plugins.md", "[a](../src/velfaerd_sim/plugins.py)", "a"),
        ("odd.md", "[a](#b) [c](https://doi.org/10.1)", "[a](#b) [c](https://doi.org/10.1)"),
        ("odd.md", "```sh\n[a](../LICENSE)\n```", "```sh\n[a](../LICENSE)\n```"),
    ],
)
def test_links_lead_to_where_a_file_stands_in_the_site(place: str, link: str, there: str) -> None:
    assert site.moved(link, place) == there


def test_a_notebook_that_fails_is_found() -> None:
    with pytest.raises(ZeroDivisionError):
        notebooks.page("# %%\n1 / 0\n", "wrong.py")


R_WORDS = """
library arrow dplyr tidyr read_parquet filter select mutate count pivot_wider group_by summarise
mean sd sqrt n tail c in TRUE FALSE plot unique lines for col_select names_from values_from type
xlab ylab seq_along legend
"""


def faults_in_r(page: str, folder: Path) -> list[str]:
    """Files and columns that the R of a page names and the folder does not have."""
    faults, columns, made = [], set(), set()
    values = {*NAMES, "regime", "replicate", "month"}
    for block in shell.blocks(page):
        if block.language != "r":
            continue
        for name in re.findall(r'"(results/[^"]+)"', block.text):
            if not (folder / name).is_file():
                faults.append(name)
                continue
            frame = pd.read_parquet(folder / name)
            columns |= {*frame.columns}
            texts = frame.select_dtypes(exclude="number").columns
            values |= {str(value) for each in texts for value in frame[each].unique()}
        columns |= values & {"facilitative_dialogue", "municipal_baton"}  # of pivot_wider
        made |= set(re.findall(r"(\w+) <-", block.text)) | set(
            re.findall(r"for \((\w+)", block.text)
        )
        made |= set(re.findall(r"[(,]\s*(\w+) = ", block.text))
        for value in re.findall(r'(?:==|%in% c\(|, )\s*"([\w-]+)"', block.text):
            faults += [] if value in values | {"n"} else [value]
        code = re.sub(r'"[^"]*"', "", block.text)
        used = set(re.findall(r"[A-Za-z_]\w*", code)) - {*R_WORDS.split()} - made
        faults += sorted(used - columns)
    return faults


@pytest.mark.parametrize("name", ["r.md", "r.da.md"])
def test_the_files_and_columns_of_the_tutorial_in_r_are_there(name: str, first: Path) -> None:
    page = text(DOCS / "tutorial" / name)
    assert page.count("```r\n") == 5
    assert faults_in_r(page, first) == []
    assert faults_in_r(page.replace("gainers_share", "gainer_share"), first) == ["gainer_share"]
    assert faults_in_r(page.replace("bands.parquet", "band.parquet"), first)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_tutorial_in_r_runs(first: Path) -> None:
    lines = [b.text for b in shell.blocks(text(DOCS / "tutorial/r.md")) if b.language == "r"]
    needed = "quit(status = !all(sapply(c('arrow', 'dplyr', 'tidyr'), requireNamespace)))"
    if subprocess.run(["Rscript", "-e", needed], capture_output=True).returncode:
        pytest.skip("R has no arrow, dplyr or tidyr")
    subprocess.run(["Rscript", "-e", "\n".join(lines)], cwd=first, check=True, capture_output=True)


# The reference and the diagram


def test_every_file_and_column_of_a_comparison_is_described(first: Path) -> None:
    assert undescribed(first / "results/first", "run", "compare") == []
    assert "series.parquet: seed" not in undescribed(first / "results/first", "sweep")
    assert "bands.parquet" in undescribed(first / "results/first", "sweep")


def test_the_diagram_of_causes_is_that_of_the_code() -> None:
    uses = {
        process: uses_of(PACKAGE_FOLDER / "processes" / f"{process}.py")[:2]
        for process, _ in causes.steps()
    }
    assert len(uses) > 8
    known = set().union(*COLUMNS.values())
    for (one, other), columns in causes.carried().items():
        named = {name for _, name in columns} & known
        written = {name for own in uses[one][1].values() for name in own}
        read = {name for own in uses[other][0].values() for name in own}
        assert named <= written & read
    for one, (_, writes) in uses.items():
        for other, (reads, _) in uses.items():
            both = [c for entity in writes for c in writes[entity] & reads.get(entity, set())]
            assert one == other or not both or (one, other) in causes.carried(), (one, other)
    assert causes.diagram().count("<rect") == len(uses)
    assert causes.diagram().count('class="tip"') == len(causes.carried())
