"""The documents say what the code does: tables, formulas, names, links."""

import importlib.util
import inspect
import math
import re
import textwrap
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from velfaerd_sim import curves, randomness
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.scenarios import SHOCK_COLUMNS
from velfaerd_sim.measures import observation, questionnaire
from velfaerd_sim.population import levels, scale, schema, stationary, synthesis, ties, traits
from velfaerd_sim.processes import (
    agreements,
    initiatives,
    loneliness,
    matching,
    policy_review,
    renewal,
    staff,
    staff_hours,
    volunteering,
)

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
MODULES = (
    *(curves, randomness, traits, scale, levels, stationary, synthesis, ties),
    *(observation, questionnaire),
    *(agreements, initiatives, loneliness, matching, policy_review, renewal),
    *(staff, staff_hours, volunteering),
)
RUNS = ("patterns", "drift", "routes", "befriending")
# Rules that take a key or a table, and so are described in words.
IN_WORDS = {"philox", "words", "uniform", "turn"}
IN_WORDS |= {"need_weights", "need_traits", "hours_trait", "tolerance_rank"}
IN_WORDS |= {"level_at", "rank_of", "level_kept", "at_level", "quantile"}
IN_WORDS |= {"first_loneliness", "first_known", "lonely_a_year_ago"}


@cache
def tables():
    spec = importlib.util.spec_from_file_location("tables_of_the_documents", DOCS / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def odd():
    return (DOCS / "odd.md").read_text(encoding="utf-8")


@cache
def prose():
    """Give the model's description without its generated parts."""
    return tables().PART.sub("", odd())


@cache
def generated():
    found = {}
    for path in tables().documents():
        found |= tables().parts(path.read_text(encoding="utf-8"))
    return found


def test_every_table_stands_in_a_document_once():
    names = [
        match[2]
        for path in tables().documents()
        for match in tables().PART.finditer(path.read_text(encoding="utf-8"))
    ]
    assert sorted(names) == sorted(tables().SECTIONS)


@pytest.mark.parametrize("name", [n for n in sorted(tables().SECTIONS) if n not in RUNS])
def test_table_matches_the_code(name):
    assert generated()[name] == tables().written(name), "run: make docs"


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_figures_match_a_run(name):
    assert generated()[name] == tables().written(name), "run: make docs"


def test_a_stale_table_is_found():
    stale = generated()["order"].replace("scenario events", "events")
    assert stale != tables().written("order")


# Formulas

FORMULA = re.compile(r"^( *)```formula\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
HEAD = re.compile(r"(\w+)\(([\w, ]*)\) =\s*(.*)", re.DOTALL)


@cache
def formulas():
    """Give the arguments and the right side of every formula by the name of its rule."""
    found = {}
    for match in FORMULA.finditer(odd()):
        name, arguments, right = HEAD.fullmatch(textwrap.dedent(match[2]).strip()).groups()
        assert name not in found, f"{name} has two formulas"
        found[name] = ([a.strip() for a in arguments.split(",")], right)
    return found


@cache
def rules():
    """Give the Python form of every rule of the package by name."""
    found = {}
    for module in MODULES:
        for name, function in vars(module).items():
            own = getattr(function, "py_func", None)
            if own is not None and own.__module__ == module.__name__:
                found[name] = own
    return {name: found[name] for name in tables().rule_names() if name in found}


def test_every_module_with_rules_is_tested():
    assert set(rules()) == set(tables().rule_names())


def test_every_rule_has_its_formula():
    assert set(formulas()) == set(rules()) - IN_WORDS


def test_rules_told_in_words_are_named():
    assert not [name for name in IN_WORDS if f"`{name}`" not in prose()]


WHOLE = {"band": 7, "route": 5, "instrument": 7, "form": 1, "tenure_months": 12}
WHOLE |= {"participants": 30, "starts": 10, "total": 60, "count": 10}
SPREAD = {"x": (-30.0, 30.0), "hours": (0.0, 60.0), "needed": (0.0, 12.0), "mean": (0.0, 8.0)}
WIDE = {"ceiling": (0.01, 1.0), "z": (-2.5, 2.5), "spread": (0.0, 1.2)}
WIDE |= {
    "level": (-0.5, 1.5),
    "asked": (-2.0, 3.0),
    "volunteers": (0.0, 500.0),
    "adults": (1.0, 5000.0),
}
TRUTHS = ("lonely", "known", "group", "happened", "empty")


def drawn(name, rule, generator):
    if name in TRUTHS:
        return bool(generator.integers(2))
    if name in WHOLE:
        return int(generator.integers(WHOLE[name] + 1))
    if name in ("word", "other"):
        return int(generator.integers(2**32))
    if rule == "logarithm":
        return float(generator.uniform(1e-6, 50.0))
    low, high = (SPREAD | WIDE).get(name, (0.0, 1.0))
    inside = generator.uniform(low, high)
    # A draw never is 0 or 1, everything else may be at an end of its range.
    return float(inside if name == "u" else generator.choice([low, high, inside]))


def parameter_values(generator):
    """Draw every parameter from its range."""
    ranks = generator.uniform(size=len(PARAMETERS))
    return {p.name: p.quantile(rank) for p, rank in zip(PARAMETERS, ranks, strict=True)}


def worth(expression, names):
    """Evaluate the right side of a formula."""
    functions = {"min": min, "max": max, "sum": sum, "range": range}
    functions |= {name: getattr(math, name) for name in ("exp", "log", "sqrt", "floor")}
    functions |= {"clip": curves.clip.py_func, "logistic": curves.logistic.py_func}
    functions["factorial"] = math.factorial
    return eval(f"({expression})", functions | names | {"__builtins__": {}})


@pytest.mark.parametrize("name", sorted(formulas()))
def test_formula_is_what_the_code_does(name):
    arguments, right = formulas()[name]
    rule = rules()[name]
    own = [argument for argument in inspect.signature(rule).parameters if argument != "p"]
    assert arguments == own
    generator = np.random.default_rng(sum(map(ord, name)))
    for _ in range(200):
        values = {argument: drawn(argument, name, generator) for argument in own}
        parameters = parameter_values(generator)
        if {"starts", "total"} <= values.keys():
            values["total"] = max(values["starts"], values["total"])
        given = [np.uint64(v) if a in ("word", "other") else v for a, v in values.items()]
        if "p" in inspect.signature(rule).parameters:
            given.append(SimpleNamespace(**parameters))
        expected = rule(*given)
        # exp is written out in the code: the last bits may differ.
        assert worth(right, parameters | values) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_wrong_formula_is_found():
    _, right = formulas()["fit_change"]
    names = parameter_values(np.random.default_rng(1))
    values = {"fit": 0.4, "dialogue": 0.4, "clarity": 0.3, "drift": 0.05}
    wrong = right.replace("(1 - fit)", "fit")
    assert wrong != right
    true = rules()["fit_change"](*values.values(), SimpleNamespace(**names))
    assert worth(right, names | values) == pytest.approx(true)
    assert worth(wrong, names | values) != pytest.approx(true)


# Names

UPDATE = re.compile(r"^( *)```update\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
ENTITY = {
    "town": "municipalities",
    "department": "departments",
    "staff": "staff",
    "initiative": "initiatives",
    "volunteer": "volunteers",
    "participation": "participations",
    "citizen": "citizens",
}


def test_columns_in_updates_exist():
    columns = {
        name: {column.name for column in schema.ENTITIES[entity]} for name, entity in ENTITY.items()
    } | {"shock": set(SHOCK_COLUMNS)}
    text = " ".join(match[2] for match in UPDATE.finditer(odd()))
    text += " ".join(re.findall(r"`([^`\n]+)`", prose()))
    named = re.findall(rf"\b({'|'.join(columns)})\.(\w+)", text)
    assert len(named) > 60
    assert not [f"{entity}.{name}" for entity, name in named if name not in columns[entity]]


def test_every_parameter_is_described():
    described = set(re.findall(r"\w+", prose()))
    assert not [p.name for p in PARAMETERS if p.name not in described]


def test_names_in_code_marks_exist():
    """Every word of the form `word_word` in prose is a name of the model."""
    sources = " ".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".py", ".csv", ".toml"}
    )
    known = set(re.findall(r"\w+", sources))
    words = set(re.findall(r"`([a-z]{2,}(?:_[a-z0-9]+)+)`", prose()))
    assert len(words) > 30
    assert not sorted(words - known)


def test_every_draw_in_use_is_described():
    used = {
        name
        for name in tables().draw_names()
        if any(
            re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))
            for path in tables().sources_of_the_package()
        )
    }
    assert not sorted(name for name in used if not re.search(rf"\b{name}\b", prose()))


# Sources and links


MODEL_ROOMS = ("inputs", "population", "processes", "measures", "model")


def test_every_doi_of_the_model_stands_in_the_sources():
    listed = (DOCS / "sources.md").read_text(encoding="utf-8")
    rooms = [path for room in MODEL_ROOMS for path in (ROOT / "src/velfaerd_sim" / room).rglob("*")]
    files = [path for path in rooms if path.suffix in {".py", ".csv", ".toml"}]
    text = " ".join(path.read_text(encoding="utf-8") for path in files) + prose()
    named = {doi.rstrip(".)") for doi in re.findall(r"doi (10\.[^\s;,\"|]+)", text)}
    assert len(named) > 5
    assert not sorted(doi for doi in named if doi not in listed)


def test_articles_of_the_parameters_stand_in_the_sources():
    listed = (DOCS / "sources.md").read_text(encoding="utf-8")
    codes = {code for p in PARAMETERS for code in re.findall(r"\bS\d\b", p.source)}
    assert not [code for code in codes if f"| {code} |" not in listed]


def anchors(path):
    """Give the anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    heads = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def documents_with_links():
    return [path for path in (*DOCS.rglob("*.md"), *ROOT.glob("*.md")) if path.is_file()]


@pytest.mark.parametrize(
    "path", documents_with_links(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_links_resolve(path):
    faults = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        if not other.exists() or (anchor and anchor not in anchors(other)):
            faults.append(target)
    assert not faults
