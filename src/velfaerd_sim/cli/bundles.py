"""Options that belong together: what several commands share stands here once, as one argument.

A command takes a bundle as an argument; `bundled` spreads it out into options for the parser.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from velfaerd_sim.cli import options


@dataclass(frozen=True)
class Changes:
    """What is changed in a scenario."""

    adults: options.Adults = None
    seed: options.Seed = None
    settings: options.Setting = None

    def values(self) -> dict[str, Any]:
        """The changes as arguments of the studies."""
        return {
            "adults": options.number(self.adults),
            "seed": options.number(self.seed),
            "parameters": options.settings(self.settings),
        }


@dataclass(frozen=True)
class Execution:
    """How a study is carried out."""

    workers: options.Workers = None
    scheduler: options.Scheduler = None
    minutes: options.Minutes = None
    task_minutes: options.TaskMinutes = None
    fail_fast: options.FailFast = False
    retry_failed: options.RetryFailed = False
    dry_run: options.DryRun = False

    @property
    def count(self) -> int | None:
        """The number of workers that is asked for. Raises InputError."""
        from velfaerd_sim.engine.cores import checked_workers

        return None if self.workers is None else checked_workers(options.number(self.workers))

    def values(self) -> dict[str, Any]:
        """The same as arguments of the studies. Raises InputError."""
        return {
            "workers": self.count,
            "scheduler": self.scheduler,
            "minutes": options.number(self.minutes),
            "task_minutes": options.number(self.task_minutes),
            "fail_fast": self.fail_fast,
            "retry_failed": self.retry_failed,
        }


@dataclass(frozen=True)
class Rewriting(Execution):
    """How a study is carried out in a folder that may be written anew."""

    overwrite: options.Overwrite = False

    def values(self) -> dict[str, Any]:
        """The same as arguments of the studies. Raises InputError."""
        return {**super().values(), "overwrite": self.overwrite}


def bundled(command: Callable[..., None]) -> Callable[..., None]:
    """A command for the parser, with the options of its bundles in the places of these."""
    signature = inspect.signature(command, eval_str=True)
    spread: list[inspect.Parameter] = []
    bundles: dict[str, Any] = {}
    for one in signature.parameters.values():
        own = [one]
        if is_dataclass(one.annotation):
            bundles[one.name] = one.annotation
            own = _options_of(one.annotation)
        spread += [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]

    def call(**given: Any) -> None:
        for name, bundle in bundles.items():
            own = {field.name: given.pop(field.name) for field in fields(bundle)}
            given[name] = bundle(**own)
        command(**given)

    call.__name__, call.__doc__, call.__annotations__ = command.__name__, command.__doc__, {}
    call.__signature__ = signature.replace(parameters=spread)  # type: ignore[attr-defined]
    return call


def _options_of(bundle: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(bundle, include_extras=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(field.name, kind, default=field.default, annotation=hints[field.name])
        for field in fields(bundle)
    ]
