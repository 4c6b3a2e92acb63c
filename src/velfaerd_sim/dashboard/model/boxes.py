"""What stands in each box of the diagram of causes: its rules, and the parameters that they use.

Rules and parameters are read from the code. Each step of the month is a box, with the rules that
it defines and those that it takes from the rooms below; what no step uses stands in a box beside
the month. What was found with an arrow at zero is in `knock_outs.csv`, which `docs/results.py`
writes from the evaluation of the model.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from velfaerd_sim.dashboard.model.causes import steps
from velfaerd_sim.dashboard.model.equations import FORMULA
from velfaerd_sim.dashboard.model.equations import carried as sections
from velfaerd_sim.digests import PACKAGE_FOLDER, model_digest
from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS
from velfaerd_sim.instruments.conditions import CONTAGION, NO, NONE_OF, arrows

START, MEASURES, TOOLS = "start", "measures", "tools"
BESIDE = {
    START: ("population/*.py",),
    MEASURES: ("measures/*.py",),
    TOOLS: ("curves.py", "randomness.py"),
}
"""Boxes that are no step of the month, and the files that they stand for."""
_ELSEWHERE = {"renewal": "renewal", "moving_rate": "renewal", "espoused_gap": "staff_hours"}
"""Parameters whose name stands in no rule: they reach their step in a table made beforehand."""
_GROUPS = {"staff hours": "staff_hours", "questionnaire": MEASURES}
"""Where the parameters of a group stand that are in no file of a box; the others start a town."""
DANISH, FOUND = "rules_danish.json", "knock_outs.csv"
_DIGITS = 16


@dataclass(frozen=True)
class Rule:
    """A rule: its name, what it says, its formula ('' where it is told in words), parameters."""

    name: str
    sentence: str
    formula: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A box: its name, its rules, and the parameters that are used outside of its rules."""

    name: str
    rules: tuple[Rule, ...]
    others: tuple[str, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """All parameters of the box, each once."""
        own = (name for rule in self.rules for name in rule.parameters)
        return tuple(dict.fromkeys((*own, *self.others)))

    @property
    def arrows(self) -> tuple[str, ...]:
        """Those of its parameters that are sizes of an effect that may not exist."""
        return tuple(name for name in self.parameters if name in condition_of())


@dataclass(frozen=True)
class KnockOut:
    """What became of the clear statements about two regimes with one or several arrows at zero."""

    survives: int
    weakens: int
    turns: int
    model: str

    @property
    def all(self) -> int:
        """How many statements were looked at."""
        return self.survives + self.weakens + self.turns

    @property
    def is_current(self) -> bool:
        """Whether the model is still the one that was looked at."""
        return self.model == model_digest()[:_DIGITS]


@cache
def boxes() -> tuple[Box, ...]:
    """The steps of the month in their order, then the boxes beside it."""
    formulas = _formulas()
    homes = {name: [PACKAGE_FOLDER / "processes" / f"{name}.py"] for name, _ in steps()}
    trees = {
        name: [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
        for name, paths in homes.items()
    }
    for name, patterns in BESIDE.items():
        paths = [path for pattern in patterns for path in sorted(PACKAGE_FOLDER.glob(pattern))]
        trees[name] = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    own = {name: [rule for tree in some for rule in _rules(tree)] for name, some in trees.items()}
    below = {rule.name: rule for name in (START, MEASURES) for rule in own[name]}
    taken: dict[str, list[ast.FunctionDef]] = {
        name: [below[each] for tree in trees[name] for each in _imported(tree) if each in below]
        for name, _ in steps()
    }
    used = {rule.name for rules in taken.values() for rule in rules}
    shown = {
        name: [
            *(rule for rule in own[name] if name not in BESIDE or rule.name not in used),
            *taken.get(name, []),
        ]
        for name in trees
    }
    found = {
        name: tuple(_rule(rule, formulas.get(rule.name, "")) for rule in rules)
        for name, rules in shown.items()
    }
    others = {name: [p for tree in trees[name] for p in _parameters(tree)] for name in trees}
    _place_the_rest(others)
    in_rules = {p for rules in found.values() for rule in rules for p in rule.parameters}
    return tuple(
        Box(name, found[name], tuple(p for p in dict.fromkeys(others[name]) if p not in in_rules))
        for name in trees
    )


def _place_the_rest(others: dict[str, list[str]]) -> None:
    """Put what no file of a box names where its group belongs."""
    known = {name for names in others.values() for name in names}
    for one in PARAMETERS:
        if one.name not in known:
            others[_ELSEWHERE.get(one.name, _GROUPS.get(one.group, START))].append(one.name)


def _rules(tree: ast.Module) -> list[ast.FunctionDef]:
    return [
        each
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
        and any(isinstance(d, ast.Name) and d.id == "rule" for d in each.decorator_list)
    ]


def _imported(tree: ast.Module) -> Iterator[str]:
    for each in tree.body:
        if isinstance(each, ast.ImportFrom):
            yield from (alias.name for alias in each.names)


def _parameters(tree: ast.AST) -> Iterator[str]:
    """Parameters that are read from the record of parameters, which is called p everywhere."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Attribute) and each.attr in BY_NAME:
            holder = each.value
            name = holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")
            if name == "p":
                yield each.attr


def _rule(code: ast.FunctionDef, formula: str) -> Rule:
    sentence = " ".join((ast.get_docstring(code) or "").split("\n\n")[0].split())
    return Rule(code.name, sentence, formula, tuple(dict.fromkeys(_parameters(code))))


def _formulas() -> dict[str, str]:
    parts = (part for section in sections() for part in section.parts if part.kind == FORMULA)
    return {part.text.partition("(")[0].strip(): part.text for part in parts}


def digest_of(sentence: str) -> str:
    """What a Danish sentence names the English one by that it says."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:8]


@cache
def _in_danish() -> dict[str, list[str]]:
    text = files("velfaerd_sim.dashboard.model").joinpath(DANISH).read_text("utf-8")
    found: dict[str, list[str]] = json.loads(text)
    return found


def sentence_in(rule: Rule, language: str) -> tuple[str, str]:
    """What a rule says, and the language it is said in: English where the Danish is of another."""
    digest, danish = _in_danish().get(rule.name, ("", "")) if language == "da" else ("", "")
    return (danish, "da") if digest == digest_of(rule.sentence) else (rule.sentence, "en")


@cache
def condition_of() -> dict[str, str]:
    """The name of the condition that sets an arrow to zero, by parameter."""
    found = {name: f"{NO}{name}" for names in arrows().values() for name in names}
    return {**found, CONTAGION: "no_contagion"}


def groups_of(box: Box) -> list[tuple[str, tuple[str, ...]]]:
    """Groups of arrows of which most stand in a box; each can be set to zero as a whole."""
    found = []
    for group, names in arrows().items():
        inside = sum(name in box.arrows for name in names)
        if len(names) > 1 and 2 * inside > len(names):
            found.append((group, names))
    return found


@cache
def _found() -> dict[str, KnockOut]:
    text = files("velfaerd_sim.dashboard.model").joinpath(FOUND).read_text("utf-8")
    return {
        row["condition"]: KnockOut(
            int(row["survives"]), int(row["weakens"]), int(row["turns"]), row["model"]
        )
        for row in csv.DictReader(text.splitlines())
    }


def knock_out(name: str) -> KnockOut | None:
    """What was found with an arrow at zero, by parameter, or None where nobody looked."""
    return _found().get(condition_of().get(name, ""))


def knock_out_of_group(group: str) -> KnockOut | None:
    """What was found with all arrows of a group at zero, or None where nobody looked."""
    return _found().get(f"{NONE_OF}{group}")
