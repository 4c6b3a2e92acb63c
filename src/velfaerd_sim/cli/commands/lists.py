"""The commands that list what there is: parameters, regimes, outcomes."""

from __future__ import annotations

import typer

from velfaerd_sim.cli import example_files, options


@options.command()
def parameters(names: options.Names = None, format: options.Format = "text") -> None:
    """List parameters with default, range and source."""
    from velfaerd_sim.telling.tables_of_inputs import parameters_table

    typer.echo(parameters_table(format, names or ()), nl=False)


@options.command()
def regimes(
    names: options.Names = None,
    format: options.Format = "text",
    example: example_files.Governance = None,
) -> None:
    """List the named regimes and their instruments; --example regime prints a file of one's own."""
    from velfaerd_sim.telling.tables_of_inputs import regimes_table

    typer.echo(regimes_table(format, names or ()), nl=False)


@options.command()
def theories(names: options.Names = None, format: options.Format = "text") -> None:
    """List the rival theories and the parameters that they set."""
    from velfaerd_sim.telling.tables_of_inputs import theories_table

    typer.echo(theories_table(format, names or ()), nl=False)


@options.command()
def outcomes(names: options.Names = None, format: options.Format = "text") -> None:
    """List the outcomes with unit and meaning."""
    from velfaerd_sim.telling.tables_of_inputs import outcomes_table

    typer.echo(outcomes_table(format, names or ()), nl=False)
