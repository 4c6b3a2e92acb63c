"""Write the generated tables of the documents anew: `make docs`.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`. Everything in it is
read from the code or computed by a run with a fixed seed, so nobody edits it by hand; a test fails
when a document and the code no longer agree.
"""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import velfaerd_sim.randomness as randomness
from velfaerd_sim.dashboard.model import equations
from velfaerd_sim.inputs import evidence, shocks
from velfaerd_sim.inputs.checks import plain
from velfaerd_sim.inputs.parameters import PARAMETERS, ROLES, defaults
from velfaerd_sim.inputs.scenarios import Scenario, Town, load_scenario
from velfaerd_sim.inputs.targets import TARGETS, UNASKED, Target, count_inside, of_role
from velfaerd_sim.instruments.readings import read_frame
from velfaerd_sim.measures import outcomes, questionnaire
from velfaerd_sim.model.month import ORDER
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population import schema
from velfaerd_sim.processes import loneliness
from velfaerd_sim.telling.tables_of_inputs import (
    outcomes_table,
    parameters_table,
    regimes_table,
    theories_table,
)

FOLDER = Path(__file__).resolve().parent
PACKAGE = Path(randomness.__file__).resolve().parent
TOWNS, ADULTS, SEED, YEARS = 98, 5000, 1, 30
SEEDS = range(1, 9)


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


def entities() -> str:
    parts = []
    for name, columns in schema.ENTITIES.items():
        rows = ((f"`{c.name}`", c.dtype, c.unit, ", ".join(c.writers), c.meaning) for c in columns)
        head = ("column", "type", "unit", "written by", "meaning")
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


def shown_targets() -> tuple[Target, ...]:
    """Give the targets one by one, but for the cells of the questionnaire."""
    return tuple(target for target in TARGETS if target.kind != "binomial")


def targets() -> str:
    rows = []
    for one in shown_targets():
        kept = {"fit": "fitted", "exact": "by construction", "validation": "not fitted"}[one.role]
        interval = f"{one.value:g} ({one.low:g} to {one.high:g})"
        source = one.source + (" (secondary)" if one.secondary else "")
        rows.append((one.id, one.label_en, interval, one.unit, one.definition, source, kept))
    cells = next(target for target in TARGETS if target.kind == "binomial")
    source = cells.source + (" (secondary)" if cells.secondary else "")
    shown = f"24 shares, binomial with n = {cells.respondents}"
    route = ("T9", "How collaborations start", shown, cells.unit, cells.definition, source)
    place = [target.group for target in shown_targets()].index("T10")
    rows.insert(place, (*route, "fitted"))
    return markdown(("id", "figure", "value and interval", "unit", "asked", "source", "use"), rows)


def unasked() -> str:
    rows = ((one.label_en, one.figure, one.source, one.reason) for one in UNASKED)
    return markdown(("figure", "published", "source", "why the model is not asked"), rows)


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
    bond = gained = difference = held = 0.0
    for _ in range(months):
        room = loneliness.room_left.py_func(held + gained, p.contact_ceiling)
        comfort = loneliness.comfort_of_contact.py_func(bond, 1.0, leeway, room, group, p)
        held += comfort - p.set_point_rate * held
        room = min(room, loneliness.room_left.py_func(gained, p.ties_ceiling))
        gained += loneliness.ties_growth.py_func(bond, 1.0, leeway, room, group, p)
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


def short(value: float) -> str:
    """Give a number with three digits after the point, or four where it is small."""
    return f"{value:.4f}" if abs(value) < 0.05 else f"{value:.3f}"


def patterns() -> str:
    frame = read_frame({}, SEEDS)
    mean, spread = frame.mean(), frame.std()
    rows = []
    for one in shown_targets():
        found, published = mean[one.id], f"{one.low:g} to {one.high:g}"
        distance = (
            "" if one.inside(found) else f" ({one.distance(found):+.1f} errors from the middle)"
        )
        judged = "yes" if one.inside(found) else f"no{distance}"
        row = (one.id, one.label_en, one.unit, published, short(found), short(spread[one.id]))
        rows.append((*row, judged))
    inside, cells = count_inside(mean, (t for t in of_role("fit") if t.group == "T9"))
    head = ("id", "pattern", "unit", "published", "model", "spread between seeds", "inside")
    return f"{markdown(head, rows)}\nT9: {inside} of {cells} cells inside.\n"


def drift() -> str:
    _, values, _ = stylised()
    names = ("lonely_share", "volunteers_per_1000", "participants_per_1000", "lonely_reached_share")
    rows = []
    for name in names:
        first, last = (float(values[year][outcomes.INDEX[name]]) for year in (0, -1))
        rows.append((f"`{name}`", *(f"{value:.3g}" for value in (first, last))))
    return markdown(("outcome", "year 1", f"year {YEARS}"), rows)


def routes() -> str:
    _, values, answers = denmark()
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
    fit = (target for target in of_role("fit") if target.group == "T9")
    cells = {
        f"T9.{route.route}.{answer}": answers[i, j] / 100.0
        for i, route in enumerate(evidence.kora_table())
        for j, answer in enumerate(evidence.ANSWERS)
    }
    inside, count = count_inside(cells, fit)
    names = ("lonely_share", "volunteers_per_1000", "retention_12m")
    also = ", ".join(f"`{n}` {values[0][outcomes.INDEX[n]]:.3g}" for n in names)
    mean += f" {inside} of the {count} free cells lie in their 95 % sampling interval."
    return f"{lead}\n\n{markdown(head, rows)}\n{mean} In the same run: {also}.\n"


SECTIONS: dict[str, Callable[[], str]] = {
    "parameters": parameters,
    "regimes": partial(regimes_table, "markdown"),
    "theories": partial(theories_table, "markdown"),
    "outcomes": partial(outcomes_table, "markdown"),
    "entities": entities,
    "order": order,
    "shocks": shock_kinds,
    "draws": draws,
    "fixed_numbers": fixed_numbers,
    "data_files": data_files,
    "targets": targets,
    "unasked": unasked,
    "patterns": patterns,
    "drift": drift,
    "befriending": befriending_table,
    "routes": routes,
}
# Read from the results of studies, in docs/results/, and of attacks.
for script in ("trace_tables.py", "reliability.py", "files_tables.py"):
    found = runpy.run_path(str(FOLDER / script))["SECTIONS"]
    SECTIONS |= {name: partial(make, markdown) for name, make in found.items()}
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
    carried = PACKAGE / "dashboard" / "model" / equations.FILE
    carried.write_text(written_equations(), encoding="utf-8")


def written_equations() -> str:
    """Give the equations of the description as the dashboard carries them."""
    description = (FOLDER / "odd.md").read_text(encoding="utf-8")
    return equations.as_json(equations.sections_of(description))


if __name__ == "__main__":
    main()
