"""Rules of plugins in the place of the model's own, and the code that calls them made anew.

A compiled function holds on to the functions that it calls. So where a rule is replaced, everything
on the way from it up to the loop over months is made once more from the same code, with the
plugin's rule among its names; what does not call it stays.
"""

from __future__ import annotations

import ast
import inspect
import math
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import CodeType, FunctionType, ModuleType
from typing import Any

from velfaerd_sim.errors import InputError, nearest
from velfaerd_sim.plugins import OwnRule, Plugin

Replaced = dict[Any, tuple[Any, FunctionType]]
"""A compiled rule of the package -> the rule of a plugin, compiled and in Python."""
Decorators = Mapping[Any, Callable[[Any], Any]]

ROOMS = ("processes", "population", "measures")
_PACKAGE = __name__.partition(".")[0]
_LIMITED = {"clip", "logistic"}
"""Functions whose results lie from 0 to 1."""
_LARGEST = sys.float_info.max
_CHECKED = """
def {name}({arguments}):
    value = own({arguments})
    if not ({low!r} <= value <= {high!r}):
        raise InputError({place!r}, {given!r}, {allowed!r})
    return {kind}(value)
"""


def rules_of(module: ModuleType, decorators: Decorators, rule: Any) -> dict[str, Any]:
    """The rules that are written in a module, by name."""
    return {
        name: each
        for name, each in vars(module).items()
        if _decorator(each, decorators) is rule and _plain(each).__module__ == module.__name__
    }


def replaced_by(plugins: Iterable[Plugin], rule: Any, decorators: Decorators) -> Replaced:
    """The rules that plugins replace, with theirs. Raises InputError for one that does not fit."""
    found: Replaced = {}
    for plugin in plugins:
        for own in plugin.rules:
            place = f"plugin {plugin.name}: rule {own.name}"
            packaged = _packaged(own, place, rule, decorators)
            if packaged in found:
                raise InputError(place, own.name, "each rule replaced once")
            checked = _checked(own, place, _plain(packaged))
            found[packaged] = rule(_calling(checked, rule(own.function))), checked
    return found


def _packaged(own: OwnRule, place: str, rule: Any, decorators: Decorators) -> Any:
    home, _, name = own.name.rpartition(".")
    paths = [f"{_PACKAGE}.{room}.{home}" for room in ROOMS] if home.isidentifier() else []
    for path in paths:
        if find_spec(path) is not None:
            rules = rules_of(import_module(path), decorators, rule)
            if name in rules:
                return rules[name]
            allowed = f"a rule of {home}: {', '.join(rules)}"
            raise InputError(place, own.name, allowed, nearest(name, rules))
    allowed = "MODULE.NAME of a rule of the model, such as volunteering.leaving_probability"
    raise InputError(place, own.name, allowed)


def _calling(checked: FunctionType, own: Any) -> FunctionType:
    """The same function, calling the compiled one."""
    made = FunctionType(checked.__code__, {**checked.__globals__, "own": own}, checked.__name__)
    made.__module__ = checked.__module__
    return made


def _checked(own: OwnRule, place: str, packaged: Any) -> FunctionType:
    """The plugin's function with a check of what it gives, in the form of the packaged rule."""
    assert own.function is not None
    wanted = list(inspect.signature(packaged).parameters)
    given = list(inspect.signature(own.function).parameters)
    if given != wanted:
        raise InputError(place, f"({', '.join(given)})", f"the arguments ({', '.join(wanted)})")
    returns = str(packaged.__annotations__.get("return", ""))
    names: dict[str, Any] = {"own": own.function, "InputError": InputError}
    low, high = _range(own, packaged)
    if returns not in ("float", "int", "bool"):  # several values, or arrays
        text = f"def {packaged.__name__}({', '.join(wanted)}):\n    return own({', '.join(wanted)})"
    else:
        ends = f"{low:g} to {high:g}"
        allowed = "a finite number" if high == _LARGEST else f"a number from {ends}"
        what = "what it gave"
        text = _CHECKED.format(
            name=packaged.__name__,
            arguments=", ".join(wanted),
            kind=returns,
            low=low,
            high=high,
            place=place,
            given=what,
            allowed=allowed,
        )
    exec(compile(text, own.function.__code__.co_filename, "exec"), names)  # noqa: S102
    made: FunctionType = names[packaged.__name__]
    made.__module__ = own.function.__module__
    return made


def _range(own: OwnRule, packaged: Any) -> tuple[float, float]:
    usual = (0.0, 1.0) if _is_limited(packaged) else (-_LARGEST, _LARGEST)
    low = usual[0] if own.low is None else own.low
    high = usual[1] if own.high is None else own.high
    return (low, high) if math.isfinite(low) and math.isfinite(high) else usual


def _is_limited(packaged: Any) -> bool:
    """Whether a rule ends in a function whose results lie from 0 to 1."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(packaged)))
    except (OSError, SyntaxError):
        return False
    ends = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return all(
        isinstance(end, ast.Call) and getattr(end.func, "id", "") in _LIMITED and len(end.args) == 1
        for end in ends
    )


def _decorator(function: Any, decorators: Decorators) -> Any:
    try:
        return decorators.get(function)
    except TypeError:  # what cannot be a key is no compiled function
        return None


def _plain(function: Any) -> Any:
    return getattr(function, "py_func", function)


class Twins:
    """Compiled functions with rules replaced in them, each made once.

    tag: added to their names, so that compiled code of two versions is never mixed up.
    """

    def __init__(self, replaced: Replaced, decorators: Decorators, tag: str) -> None:
        self._made: dict[Any, Any] = {rule: compiled for rule, (compiled, _) in replaced.items()}
        self._decorators = decorators
        self._tag = tag

    def of(self, function: Any) -> Any:
        """A function as it is with the rules replaced; itself where it calls none of them."""
        if _decorator(function, self._decorators) is None:
            return function
        if function not in self._made:
            self._made[function] = function  # for one that calls itself
            self._made[function] = self._anew(function)
        return self._made[function]

    def _anew(self, function: Any) -> Any:
        plain = _plain(function)
        own = dict(self._changed(plain.__globals__, _names(plain.__code__)))
        if not own:
            return function
        names = {**plain.__globals__, **own}
        made = FunctionType(
            plain.__code__, names, plain.__name__, plain.__defaults__, plain.__closure__
        )
        made.__kwdefaults__, made.__module__ = plain.__kwdefaults__, plain.__module__
        made.__qualname__ = f"{plain.__qualname__}_{self._tag}"
        made.__annotations__ = plain.__annotations__
        return self._decorators[function](made)

    def _changed(self, names: Mapping[str, Any], used: set[str]) -> Iterable[tuple[str, Any]]:
        """The names that stand for something else now: functions, and modules with functions."""
        for name in used & names.keys():
            value = names[name]
            if isinstance(value, ModuleType):
                if value.__name__.startswith(f"{_PACKAGE}."):
                    own = dict(self._changed(vars(value), used))
                    if own:
                        twin = ModuleType(value.__name__, value.__doc__)
                        twin.__dict__.update(vars(value) | own)
                        yield name, twin
            elif (twin_of := self.of(value)) is not value:
                yield name, twin_of


def _names(code: CodeType) -> set[str]:
    """The names that code uses, with those of the functions inside it."""
    inner = (_names(each) for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*inner)
