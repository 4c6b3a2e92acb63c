"""Run experiments: runs, analysis, report, figure, and the answer in the README of each.

    python experiments/run.py NAME... | all  [--small] [--out DIR] [--workers N]

Everything is work of the package. An experiment with a study.toml is a sweep; its `answer.toml`
says what is told and drawn. One with a run.py is what the function `run` in there does. With
--small, a few tiny runs show the way; the READMEs then stay as they are.
"""

from __future__ import annotations

import runpy
import sys
import time
import tomllib
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import drawing  # noqa: E402
from keeping import Done, command_of, keep  # noqa: E402

import telling  # noqa: E402
from velfaerd_sim import write_report  # noqa: E402
from velfaerd_sim.analysis.sweep.answers import Answers, analyse  # noqa: E402
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice  # noqa: E402
from velfaerd_sim.cli import terminal  # noqa: E402
from velfaerd_sim.cli.bar import progress_bar  # noqa: E402
from velfaerd_sim.digests import model_digest  # noqa: E402
from velfaerd_sim.errors import InputError, StudyError, VelfaerdError  # noqa: E402
from velfaerd_sim.reporting.pages.answer_files import write_answers  # noqa: E402
from velfaerd_sim.studies.sweep import sweeping  # noqa: E402
from velfaerd_sim.studies.sweep.study import SweepStudy  # noqa: E402
from velfaerd_sim.studies.sweep.study_files import load_study_file  # noqa: E402

OUT = Path("results") / "experiments"
SMALL = {"adults": 300, "replicates": 2}
SMALL_MONTHS, SMALL_BURN_IN, SMALL_VALUES, SMALL_LEVELS, SMALL_REGIMES = 12, 6, 3, 4, 2
SMALL_SIZES = {"saltelli": 16, "sobol": 32, "latin_hypercube": 32, "morris": 4}


@dataclass(frozen=True)
class Swept(Done):
    """What came of a sweep. answers: by study file."""

    answers: Mapping[str, Answers] = field(default_factory=dict)


def names() -> list[str]:
    """All experiments: the folders with a study or a program."""
    found = [*HERE.glob("*/study.toml"), *HERE.glob("*/run.py")]
    return sorted(path.parent.name for path in found)


def loaded(file: Path) -> SweepStudy:
    """The study of a file. Raises InputError where it goes by the name of another experiment.

    That is so in a copied folder, whose results would stand among those of the original.
    """
    study = load_study_file(file)
    folder = file.parent.name
    if study.name != folder and study.name in names():
        raise InputError(f"name in {file}", study.name, f"the name of its folder, {folder}")
    return study


def shrunk(study: SweepStudy) -> SweepStudy:
    """The same question in a few tiny runs: enough to see that all of it works."""
    design = study.design
    regimes = study.regimes
    if design.levels is not None:
        design = replace(design, levels=min(design.levels, SMALL_LEVELS))
    if design.size is not None:
        design = replace(design, size=min(design.size, SMALL_SIZES[design.kind]))
        regimes = regimes[:SMALL_REGIMES]
    factors = tuple(
        replace(one, values=(one.values[0], one.values[len(one.values) // 2], one.values[-1]))
        if len(one.values) > SMALL_VALUES
        else one
        for one in study.factors
    )
    months = study.months if study.read_months else SMALL_MONTHS
    world = replace(study.scenario, burn_in_months=SMALL_BURN_IN)
    few: dict[str, Any] = {"regimes": regimes, "design": design, "factors": factors}
    return study.with_(scenario=world, months=months, **few, **SMALL)


def run(
    name: str, out: Path = OUT, small: bool = False, workers: int | None = None, **how: Any
) -> Done:
    """Run one experiment and write its results below `out`; the README is left alone.

    Raises InputError for an unknown name, VelfaerdError for what ends the work.
    """
    if name not in names():
        raise InputError("experiment", name, ", ".join([*names(), "all"]))
    program = HERE / name / "run.py"
    if program.is_file():
        done: Done = runpy.run_path(str(program))["run"](out / name, small, workers)
        return done
    return swept(name, out, small, workers, **how)


def swept(
    name: str,
    out: Path,
    small: bool,
    workers: int | None,
    executor: Executor | None = None,
    report: bool = True,
) -> Swept:
    """Run an experiment that is a sweep, or several. Raises VelfaerdError."""
    plan = tomllib.loads((HERE / name / "answer.toml").read_text(encoding="utf-8"))
    found: dict[str, Answers] = {}
    folders: dict[str, Path] = {}
    for file in sorted((HERE / name).glob("study*.toml")):
        study = loaded(file)
        study = shrunk(study) if small else study
        command = command_of(name, small)
        with progress_bar(f"Sweeping {study.name}") as bar:
            options = {"workers": workers, "executor": executor, "progress": bar}
            folder = _swept(study, out / study.name, command, options)
        with progress_bar(f"Analysing {study.name}") as bar:
            wanted = AnalysisChoice(tuple(plan["outcomes"]), regimes=tuple(plan.get("regimes", ())))
            answers = analyse(folder, wanted, bar)
            write_answers(answers, folder, command)
        if report:
            with progress_bar(f"Reporting {study.name}") as bar:
                write_report(folder, bar)
        found[file.stem], folders[file.stem] = answers, folder
    figure = drawing.draw(plan["figure"], found["study"])
    text = telling.answer(plan["sentence"], found)
    home = folders["study"]
    (home / "figure.svg").write_text(figure, encoding="utf-8")
    (home / "answer.md").write_text(text, encoding="utf-8")
    return Swept(name, text, figure, home, answers=found)


def _swept(study: SweepStudy, out: Path, command: str, options: Mapping[str, Any]) -> Path:
    """Sweep into a folder; beside what is there where that is of another study or model."""
    try:
        return sweeping.sweep(study, out, command=command, **options).folder
    except StudyError:
        model = model_digest()
        branch = f"{study.digest()[:8]}-{model[:8]}"
        return sweeping.sweep(study, out, command=command, branch=branch, **options).folder


def main(
    wanted: Annotated[list[str], typer.Argument(metavar="NAME...|all", help="Experiments.")],
    small: Annotated[
        bool, typer.Option("--small", help="A few tiny runs, to see the way.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = OUT,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes.")] = None,
) -> None:
    """Run experiments: runs, analysis and report, then figure and answer into their READMEs."""
    chosen = names() if "all" in wanted else list(dict.fromkeys(wanted))
    failed = []
    started = time.monotonic()
    terminal.compile_once()
    for name in chosen:
        before = time.monotonic()
        try:
            done = run(name, out / "small" if small else out, small, workers)
            if not small:
                keep(done, HERE / name)
        except VelfaerdError as error:
            failed.append(name)
            typer.echo(f"{name}: {error}", err=True)
            continue
        typer.echo(f"\n{name} ({time.monotonic() - before:.0f} s)\n\n{done.text}")
        typer.echo(f"The results: {done.folder}")
    if len(chosen) > 1:
        number = len(chosen) - len(failed)
        typer.echo(
            f"\n{number} of {len(chosen)} experiments in {time.monotonic() - started:.0f} s."
        )
    if failed:
        raise SystemExit(f"Not done: {', '.join(failed)}")


if __name__ == "__main__":
    typer.run(main)
