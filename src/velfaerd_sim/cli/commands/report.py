"""The commands `velfaerd report` and `velfaerd verify`: what is done with a finished study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.work import study_work

REPORT_EXAMPLES = """\b
Examples:
  velfaerd report results/first
  velfaerd report results/first --language da
  velfaerd report results/first --brief
  velfaerd report results/first --crate

A report can be written anew at any time: it only reads, and nothing is run again.
"""


@options.command(REPORT_EXAMPLES)
def report(
    folder: options.Folder,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="LANGUAGE",
            help="en or da.",
        ),
    ] = "en",
    brief: Annotated[
        bool,
        typer.Option("--brief", help="Write one sheet for those who decide instead."),
    ] = False,
    crate: Annotated[
        bool,
        typer.Option("--crate", help="Write ro-crate-metadata.json for archives instead."),
    ] = False,
) -> None:
    """Write the report of a study, of any kind.

    DIR/report.html holds text, tables and figures in one file, to be read offline and forwarded;
    in Danish it is DIR/report.da.html, with its figures in DIR/figures.da. With --brief it is one
    sheet of A4, DIR/brief.html or DIR/brief.da.html: the answer, a figure, the command. With
    --crate the folder becomes a Process Run Crate, by DIR/ro-crate-metadata.json.
    """
    with study_work("Drawing", "no report was written", folder="DIR", language="--language") as bar:
        from velfaerd_sim.reporting.crate import write_crate
        from velfaerd_sim.reporting.pages.report import write_report

        if crate:
            typer.echo(f"The crate: {write_crate(folder)}")
            return
        path = write_report(folder, bar, language, brief)
    typer.echo(f"The report: {path}")


VERIFY_EXAMPLES = """\b
Examples:
  velfaerd verify results/first
  velfaerd verify results/first --sample 2
  velfaerd verify results/study --sample 8 --workers 2

The folder stands by itself: it can be verified from anywhere, and after it was moved. Another
version of the model gives other numbers; which version made the folder stands in its study.json.
"""


@options.command(VERIFY_EXAMPLES)
def verify(
    folder: options.Folder,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Replicates to recompute; default: all of a small study, a few of a large one.",
        ),
    ] = None,
    workers: options.Workers = None,
) -> None:
    """Recompute recorded runs and compare bit for bit.

    Says what was checked. Ends with exit code 1 where a result or the record was changed.
    """
    with study_work("Recomputing", "not verified", folder="DIR") as bar:
        from velfaerd_sim.cli import terminal
        from velfaerd_sim.engine.store import read_record
        from velfaerd_sim.studies.verification import checked_sample
        from velfaerd_sim.studies.verification import verify as recompute

        read_record(Path(folder))
        wanted = checked_sample(options.number(sample))
        terminal.compile_once()
        found = recompute(folder, sample=wanted, workers=options.number(workers), progress=bar)
    for note in found.notes:
        typer.echo(note)
    typer.echo(f"OK: {found}")
