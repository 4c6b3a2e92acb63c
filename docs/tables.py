"""Write the generated tables of the documents anew: `make docs`.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`. Everything in it is
read from the code or computed by a run with a fixed seed, so nobody edits it by hand; a test fails
when a document and the code no longer agree.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import velfaerd_sim.randomness as randomness
from velfaerd_sim.inputs import evidence, shocks
from velfaerd_sim.inputs.checks import plain
from velfaerd_sim.inputs.parameters import PARAMETERS, ROLES, defaults
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import Scenario, Town, load_scenario
from velfaerd_sim.measures import outcomes, questionnaire
from velfaerd_sim.model.month import ORDER
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population import schema
from velfaerd_sim.processes import loneliness, staff_hours
from velfaerd_sim.reporting.catalogue import outcomes_table, parameters_table, regimes_table

FOLDER = Path(__file__).resolve().parent
PACKAGE = Path(randomness.__file__).resolve().parent
TOWNS, ADULTS, SEED, YEARS = 98, 5000, 1, 10


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines) + "\n"


# What is read from the code


def parameters() -> str:
    counts = ", ".join(f"{sum(p.role == r for p in PARAMETERS)} of role {r}" for r in ROLES)
    assumed = sum(p.is_assumption for p in PARAMETERS)
    words = f"{len(PARAMETERS)} parameters: {counts}. {assumed} name an assumption as their source."
    return f"{words}\n\n{parameters_table('markdown')}"


def regimes() -> str:
    return regimes_table("markdown")


def outcome_list() -> str:
    return outcomes_table("markdown")


def entities() -> str:
    parts = []
    for name, columns in schema.ENTITIES.items():
        rows = ((f"`{c.name}`", c.dtype, c.unit, c.owner, c.meaning) for c in columns)
        head = ("column", "type", "unit", "owner", "meaning")
        parts.append(f"**{name}**\n\n{markdown(head, rows)}")
    return "\n".join(parts)


def order() -> str:
    rows = ((n, f"`{process}`", words) for n, (process, words) in enumerate(ORDER, 1))
    return markdown(("step", "process", "what happens"), rows)


def shock_kinds() -> str:
    rows = []
    for name, kind in shocks.SHOCK_KINDS.items():
        known = shocks.value_fields(kind)
        needed = {
            f.name: f.metadata["low"] for f in known if not isinstance(f.default, int | float)
        }
        touched = ", ".join(f"`{column}`" for column in kind(**needed).values(1))
        for field in known:
            limits = field.metadata
            start = plain(field.default) if isinstance(field.default, int | float) else "required"
            span = f"{plain(limits['low'])} to {plain(limits['high'])}"
            rows.append((f"`{name}`", f"`{field.name}`", limits["unit"], span, start, touched))
    head = ("kind", "field", "unit", "range", "default", "columns it moves")
    pairs = zip(shocks.SHOCK_COLUMNS, shocks.NEUTRAL, strict=True)
    neutral = ", ".join(f"`{name}` {plain(value)}" for name, value in pairs)
    return f"{markdown(head, rows)}\nValues when nothing happens: {neutral}.\n"


def sources_of_the_package() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "randomness.py")


def draw_names() -> list[str]:
    tree = ast.parse(Path(randomness.__file__).read_text(encoding="utf-8"))
    names = []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                names += [part.id for part in parts if isinstance(part, ast.Name)]
    return [name for name in names if name[0] != "_" and type(getattr(randomness, name)) is int]


def draws() -> str:
    users: dict[str, list[str]] = {name: [] for name in draw_names()}
    for path in sources_of_the_package():
        words = set(re.findall(r"\b[A-Z_]+\b", path.read_text(encoding="utf-8")))
        for name in words & users.keys():
            users[name].append(f"`{path.relative_to(PACKAGE).with_suffix('').as_posix()}`")
    rows = []
    for name, places in users.items():
        group, lane = divmod(getattr(randomness, name), 4)
        where = ", ".join(places) or "no file by this name"
        rows.append((f"`{name}`", 4 * group + lane, group, lane, where))
    return markdown(("draw", "number", "group", "lane", "named in"), rows)


def compiled_functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give the decorator and the definition of each rule, kernel and entry of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Name) and mark.id in ("rule", "kernel", "entry"):
                    yield mark.id, node


def rule_names() -> dict[str, str]:
    """Give the file of every rule of the package."""
    return {
        node.name: path.relative_to(PACKAGE).as_posix()
        for path in (*sources_of_the_package(), Path(randomness.__file__))
        for mark, node in compiled_functions(path)
        if mark == "rule"
    }


def fixed_numbers() -> str:
    """List the numbers that stand in the equations themselves, but for 0 and 1."""
    rows = []
    for path in sources_of_the_package():
        if path.parent.name not in ("processes", "population"):
            continue
        place = path.relative_to(PACKAGE).with_suffix("").as_posix()
        for name, tree in (*named_constants(path), *functions_of(path)):
            literals = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
            found = dict.fromkeys(v for v in literals if type(v) is float and v not in (0, 1))
            if found:
                rows.append((f"`{place}`", f"`{name}`", ", ".join(f"{v:g}" for v in found)))
    return markdown(("file", "function or constant", "numbers"), rows)


def functions_of(path: Path) -> list[tuple[str, ast.AST]]:
    return [(node.name, node) for _, node in compiled_functions(path)]


def named_constants(path: Path) -> list[tuple[str, ast.AST]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.targets[0].id, node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]


def data_files() -> str:
    rows = (
        (f"`{one.file}`", one.content, one.source, "yes" if one.secondary else "no")
        for one in evidence.sources().values()
    )
    return markdown(("file", "content", "source", "secondary"), rows)


# What is computed by a run


@cache
def stylised() -> tuple[list[Any], Any, float]:
    """Run 98 stylised towns under the status quo; tallies and outcomes by year, and the spread."""
    towns = tuple(
        Town(code=n, name=f"Town {n}", kind="provincial_city", adults=ADULTS)
        for n in range(1, TOWNS + 1)
    )
    scenario = Scenario(name="status_quo", towns=towns, months=12 * YEARS, seed=SEED)
    simulation = Simulation(scenario, threads=2)
    simulation.run(scenario.months)
    spread = float(simulation.population.citizens.loneliness.std(dtype=np.float64))
    return *by_year(simulation, scenario.burn_in_months, YEARS), spread


@cache
def denmark() -> tuple[list[Any], Any, Any]:
    """Run Denmark through its burn-in: tallies and outcomes of the last year, heads' answers."""
    simulation = Simulation(load_scenario("denmark").with_(months=1, seed=SEED), threads=2)
    start = simulation.scenario.burn_in_months
    state = simulation.population
    answers = questionnaire.ask_heads(
        state.records.route_starts, state.towns["code"], SEED, start, simulation.parameters
    )
    return *by_year(simulation, start - 12, 1), questionnaire.table(answers)


def by_year(simulation: Simulation, start: int, years: int) -> tuple[list[Any], Any]:
    """Give the last month's tallies and the summary of the outcomes of each year after a row."""
    pooled = outcomes.pool(simulation.tallies, simulation.at_risk, simulation.ended)
    series = outcomes.measure(*pooled, start=start)[0]
    ends = range(12, 12 * years + 1, 12)
    values = np.stack([outcomes.summarise(series[: end + 1]) for end in ends])
    return [pooled[0][0, start + end] for end in ends], values


def befriending(leeway: float, spread: float, months: int = 12, **changed: Any) -> float:
    """Fall of loneliness after months of taking part, in standard deviations of adults.

    Computed with the rules for one person under the status quo whose initiative has the hours that
    are asked, against the same person without it; contagion is left out.
    """
    group = changed.pop("group", False)
    p = SimpleNamespace(**(defaults() | changed))
    bond = gained = difference = 0.0
    for _ in range(months):
        comfort = loneliness.comfort_of_contact.py_func(bond, 1.0, leeway, group, p)
        gained += loneliness.ties_growth.py_func(bond, 1.0, leeway, group, p)
        bond += loneliness.bond_growth.py_func(bond, 1.0, group, p)
        difference += p.set_point_rate * (-gained - difference) - comfort
        gained *= 1.0 - p.ties_decay_rate
    return -difference / spread


def befriending_table() -> str:
    _, values, spread = stylised()
    leeway = float(values[0][outcomes.INDEX["leeway_mean"]])
    rows = []
    for effect in dict.fromkeys((defaults()["contact_effect"], 0.03)):
        for group in (False, True):
            given = {"contact_effect": effect, "group": group}
            found = (befriending(leeway, spread, months, **given) for months in (6, 12, 24))
            numbers = (f"{value:.2f}" for value in found)
            rows.append((plain(effect), "group" if group else "pair", *numbers))
    return markdown(("`contact_effect`", "format", "6 months", "12 months", "24 months"), rows)


def lonely_from_35(tally: Any) -> float:
    bands = range(2, len(evidence.AGE_BANDS))
    lonely, adults = (
        sum(tally[f"{what}_band_{band}"] for band in bands) for what in ("lonely", "adults")
    )
    return float(lonely / adults)


def hours_given(values: Any, p: Any) -> float:
    """Hours a month that a volunteer gives, forms included, under the status quo."""
    forms = staff_hours.administration_share.py_func(REGIMES[STATUS_QUO].rigidity, p)
    return float(values[outcomes.INDEX["hours_per_volunteer"]] / (1.0 - forms))


PER_CENT = 100.0
# Pattern, unit, factor on the outcome, lowest and highest published value, outcome.
TARGETS = (
    ("T1 lonely adults", "%", PER_CENT, 7.8, 10.1, "lonely_share"),
    ("T2 lonely, 16-24", "%", PER_CENT, 17.0, 21.0, "lonely_share_16_24"),
    ("T2 lonely, 25-34", "%", PER_CENT, 10.7, 14.7, "lonely_share_25_34"),
    ("T2 lonely, 35 and over", "%", PER_CENT, 5.1, 9.1, "35+"),
    ("T3 lonely, 65-74 (published: 65-79)", "%", PER_CENT, 3.0, 5.0, "lonely_share_65_74"),
    ("T3 lonely, 85+ (published: 80+, 90+)", "%", PER_CENT, 6.5, 20.0, "lonely_share_85_plus"),
    ("T4 onset of loneliness", "% a year", PER_CENT, 1.5, 3.5, "lonely_onset_rate"),
    ("T4 recovery from loneliness", "% a year", PER_CENT, 14.0, 33.0, "lonely_recovery_rate"),
    ("T5 volunteers in the social field", "% of adults", 0.1, 3.0, 6.0, "volunteers_per_1000"),
    ("T6 hours per volunteer", "a month", 1.0, 15.0, 18.0, "hours"),
    ("T7 retention of newcomers", "share, 12 months", 1.0, 0.65, 0.83, "retention_12m"),
    ("T7 retention of all volunteers", "share, 12 months", 1.0, 0.65, 0.83, "stock_retention_12m"),
    ("T8 volunteers in associations", "%", PER_CENT, 62.0, 72.0, "affiliated_share"),
    ("T12 a year with a companion", "SD of loneliness", 1.0, 0.0, 0.36, "befriending"),
    ("lonely adults who take part", "%", PER_CENT, None, None, "lonely_reached_share"),
    ("participants", "per 1 000 adults", 1.0, None, None, "participants_per_1000"),
)


def pattern(name: str, tally: Any, values: Any, spread: float) -> float:
    if name == "35+":
        return lonely_from_35(tally)
    if name == "hours":
        return hours_given(values, SimpleNamespace(**defaults()))
    if name == "befriending":
        return befriending(float(values[outcomes.INDEX["leeway_mean"]]), spread)
    return float(values[outcomes.INDEX[name]])


def judged(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no figure"
    return "yes" if low <= value <= high else "too low" if value < low else "too high"


def patterns() -> str:
    tallies, values, spread = stylised()
    rows = []
    for label, unit, factor, low, high, name in TARGETS:
        first, last = (factor * pattern(name, tallies[y], values[y], spread) for y in (0, -1))
        published = "-" if low is None else f"{low:g} to {high:g}"
        digits = 3 if "share" in unit or "SD" in unit else 1
        numbers = f"{first:.{digits}f}", f"{last:.{digits}f}"
        rows.append((label, unit, published, *numbers, judged(first, low, high)))
    head = ("pattern", "unit", "published range", "year 1", f"year {YEARS}", "year 1 inside")
    return markdown(head, rows)


def routes() -> str:
    tallies, values, answers = denmark()
    rows = []
    for published, found in zip(evidence.kora_table(), answers, strict=True):
        pairs = (f"{p:.1f} / {m:.1f}" for p, m in zip(published.percent, found, strict=True))
        rows.append((published.route.replace("_", " "), *pairs))
    published = np.array([route.percent for route in evidence.kora_table()])
    off = float(np.abs(published - answers).mean())
    words = (answer.replace("_", " ").replace("dont", "don't") for answer in evidence.ANSWERS)
    head = ("route", *words)
    heads = len(evidence.municipalities()) * 5
    lead = f"Published / model, per cent of heads; {heads} simulated heads answer."
    mean = f"The mean distance over the thirty cells is {off:.1f} points."
    chosen = ("T1 lonely adults", "T5 volunteers in the social field", "T7 retention of newcomers")
    also = "; ".join(
        f"{label} {factor * pattern(name, tallies[0], values[0], 1.0):.3g} ({unit})"
        for label, unit, factor, _, _, name in TARGETS
        if label in chosen
    )
    return f"{lead}\n\n{markdown(head, rows)}\n{mean} In the same run: {also}.\n"


SECTIONS: dict[str, Callable[[], str]] = {
    "parameters": parameters,
    "regimes": regimes,
    "outcomes": outcome_list,
    "entities": entities,
    "order": order,
    "shocks": shock_kinds,
    "draws": draws,
    "fixed_numbers": fixed_numbers,
    "data_files": data_files,
    "patterns": patterns,
    "befriending": befriending_table,
    "routes": routes,
}
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def documents() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def parts(text: str) -> dict[str, str]:
    """Give the content of each generated part of a document by its name."""
    return {match[2]: match[0] for match in PART.finditer(text)}


def written(name: str) -> str:
    """Give a generated part as it should stand, with its marks."""
    return f"<!-- generated: {name} -->\n\n{SECTIONS[name]()}\n<!-- end -->"


def main() -> None:
    for path in documents():
        text = path.read_text(encoding="utf-8")
        new = PART.sub(lambda match: written(match[2]), text)
        print(
            f"{path.name}: {len(parts(text))} tables, {'as before' if new == text else 'changed'}"
        )
        if new != text:
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
