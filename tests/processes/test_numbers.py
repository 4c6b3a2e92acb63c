"""No number of the model stands outside the parameter table: the code is read for literals."""

import ast

import pytest

from velfaerd_sim.digests import PACKAGE_FOLDER
from velfaerd_sim.inputs import regimes
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.population import schema

ROOMS = ("processes", "population")
FILES = [
    *(path for room in ROOMS for path in sorted((PACKAGE_FOLDER / room).glob("*.py"))),
    *(PACKAGE_FOLDER / "measures" / f"{name}.py" for name in ("loneliness_scale", "observation")),
    PACKAGE_FOLDER / "model" / "month.py",
]
PLAIN = (0, 1, 2)
# Numbers that fix a form, round, convert a unit or size a table, by file and place.
STATED = {
    ("agreements", "write_roles"): {0.5: "rounds to whole months"},
    ("initiatives", "MOST_STARTS"): {50: "where a sum over Poisson numbers ends"},
    ("initiatives", "open_new"): {1000: "rates are per 1 000 adults"},
    ("loneliness", "UNITS"): {24: "bits of a whole number in which loneliness is summed"},
    ("matching", "REFERRED"): {4: "a bit", 8: "a bit"},
    ("matching", "EIGHT"): {8: "rows whose bits are one whole number"},
    ("policy_review", "review"): {0.5: "a fair coin"},
    ("layout", "_layout"): {1000: "rates are per 1 000 adults"},
    ("levels", "LEAVE"): {4: "rows of a table"},
    ("levels", "flows_of"): {4: "rows of a table"},
    ("levels", "flow_table"): {4: "rows of a table"},
    ("levels", "STEPS"): {512: "steps of a table of quantiles"},
    ("levels", "level_quantiles"): {0.5: "the middle of a step"},
    ("levels", "quantiles_of"): {64: "tables that are kept"},
    ("levels", "age_mixes"): {64: "tables that are kept"},
    ("scale", "LOWEST"): {3: "the scale", 9: "the scale", 7: "the scale's published limit"},
    ("renewal", "STAYS"): {4: "what can happen, numbered"},
    ("renewal", "TOGETHER"): {8: "rows whose marks are one whole number"},
    ("schema", "KNOWN"): {4: "a bit", 8: "a bit", 16: "a bit", 32: "a bit"},
    ("schema", "HISTORY"): {0xFFFF: "all bits"},
    ("schema", "REMEMBERED_MONTHS"): {36: "the study asked about three years"},
    ("staff_hours", "hours_of_staff"): {1000: "hours are per 1 000 adults"},
    ("stationary", "STEPS"): {84: "steps of a table of shares"},
    ("stationary", "LEVELS"): {31: "levels that a table is solved for"},
    ("stationary", "LOWEST_LEVEL"): {0.25: "ends of a table", 1.25: "ends of a table"},
    ("stationary", "ROUNDS"): {12: "rounds until a table has settled"},
    ("stationary", "TINY"): {1e-9: "keeps a division from 0 / 0"},
    ("stationary", "_HALF_WIDTH"): {6.0: "of triangular noise", 0.5: "a square root"},
    ("stationary", "ramp_of_noise"): {6.0: "an integral of triangular noise"},
    ("stationary", "add_moves"): {0.5: "the middle of a step"},
    ("stationary", "transitions"): {0.5: "the middle of a step, a root", 6.0: "variance of a hat"},
    ("stationary", "settle_known"): {0.5: "the middle of a step"},
    ("stationary", "solve"): {0.5: "the middle of a step"},
    ("stationary", "_solved"): {64: "tables that are kept"},
    ("synthesis", "born_initiatives"): {1000: "rates are per 1 000 adults"},
    ("traits", "TINY"): {1e-9: "keeps a division from 0 / 0"},
    ("tallies", "TENURES"): {48: "size of a table of counts"},
    ("loneliness_scale", "UNITS"): {30: "bits of a whole number in which loneliness is summed"},
    ("observation", "STRAINED_FROM"): {0.5: "definition of an outcome"},
    ("month", "BLOCK"): {1024: "size of a block of draws"},
}


def place_of(node):
    """The name that a statement of a file defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name), *_]):
            return name
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=name), *_]), *_]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def literals(code):
    """Numbers other than 0, 1 and 2, by the name of the statement in which they stand."""
    found = {}
    for statement in ast.parse(code).body:
        for node in ast.walk(statement):
            number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
            if number and node.value not in PLAIN:
                found.setdefault(place_of(statement), set()).add(node.value)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_numbers_are_parameters_or_stated_here(path):
    found = literals(path.read_text(encoding="utf-8"))
    stated = {place: set(why) for (file, place), why in STATED.items() if file == path.stem}
    assert found == stated


def test_a_planted_number_is_found():
    assert literals("def pull(x, p):\n    return p.rate * (x - 0.4)\n") == {"pull": {0.4}}
    assert literals("LIMIT = 7\n") == {"LIMIT": {7}}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_named_by_its_place(name):
    at = getattr(regimes, name.upper())
    assert INSTRUMENTS[at] == name
    status_quo = REGIMES[regimes.STATUS_QUO]
    assert status_quo.instruments[at] == getattr(status_quo, name)


def test_routes_and_age_bands_are_named_by_their_place():
    words = {
        "BY_INVITATION": "municipality_invites_organisations",
        "BY_RECRUITMENT": "municipality_recruits_individuals",
        "BY_DIALOGUE": "dialogue_about_what_to_do_together",
        "BY_USERS": "users_contribute_to_municipal_tasks",
        "BY_LOCAL_ACTORS": "local_civil_actors_invite",
        "BY_NATIONAL_ACTORS": "regional_or_national_civil_actors_invite",
    }
    assert tuple(words.values()) == schema.ROUTES
    for name, route in words.items():
        assert schema.ROUTES[getattr(schema, name)] == route
    bands = [name for name in vars(schema) if name.startswith("AGE_") and name != "AGE_BANDS"]
    told = [name.removeprefix("AGE_").replace("_PLUS", "+").replace("_", "-") for name in bands]
    assert tuple(told) == schema.AGE_BANDS
    assert [getattr(schema, name) for name in bands] == list(range(len(bands)))
