"""Plugins in Python: put in force with a call, and out of force again."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from velfaerd_sim import in_force
from velfaerd_sim.inputs import parameters as parameters
from velfaerd_sim.measures import outcomes as outcomes
from velfaerd_sim.model.own_code import OwnCode


class plugin:  # noqa: N801  called as a function
    """Put plugins in force for this session, or inside of `with` only.

    paths: files of Python, see docs/plugins.md. They are code and are run. What is made from then
    on has their outcomes, interventions, rules and parameters, and keeps them. A file that was
    changed and is named again takes the place of what it was. Raises InputError where a file
    cannot be read, fails, or does not fit the model; then nothing is changed.

    >>> with velfaerd_sim.plugin("mine.py"):
    ...     velfaerd_sim.compare(["municipal_baton", "hands_off"], out="results/mine")
    """

    def __init__(self, *paths: str | Path) -> None:
        self._before = in_force.session()
        self._now = in_force.put_in_force(*paths)
        try:
            OwnCode.of(self._now)
        except BaseException:
            self.close()
            raise

    @property
    def names(self) -> tuple[str, ...]:
        """The plugins of the session."""
        return tuple(each.name for each in in_force.session())

    def close(self) -> None:
        """Let those be in force that were before."""
        in_force.let_be(self._before)

    def __enter__(self) -> plugin:
        """The plugins are in force."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """They are so no more."""
        self.close()

    def __repr__(self) -> str:
        """What is in force."""
        return f"plugin({', '.join(self.names)})"
