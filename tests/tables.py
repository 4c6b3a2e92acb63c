"""Small tables of entities with the values that a test names, zero elsewhere."""

import numpy as np

from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.inputs.scenarios import SHOCK_COLUMNS
from velfaerd_sim.inputs.shocks import NEUTRAL
from velfaerd_sim.population.schema import (
    CITIZEN,
    DEPARTMENT_TYPE,
    FREE,
    INITIATIVE_TYPE,
    PARTICIPATION_TYPE,
    STAFF_TYPE,
    TOWN_TYPE,
    VOLUNTEER_TYPE,
    Citizens,
    Ties,
)
from velfaerd_sim.population.tallies import TALLY_TYPE, TENURES

ANNOUNCED_TYPE = np.dtype([(name, "f8") for name in (*INSTRUMENTS, "espoused_gap")])
SHOCK_TYPE = np.dtype([(name, "f8") for name in SHOCK_COLUMNS])


def _table(kind, count, values):
    table = np.zeros(count, kind)
    for name, value in values.items():
        table[name] = value
    return table


def towns(count=1, **values):
    levels = dict.fromkeys(("loneliness_level", "volunteering_tradition", "hours_level"), 1.0)
    return _table(TOWN_TYPE, count, levels | values)


def departments(count=1, **values):
    return _table(DEPARTMENT_TYPE, count, values)


def staff(count=1, **values):
    return _table(STAFF_TYPE, count, values)


def initiatives(count=1, **values):
    table = _table(INITIATIVE_TYPE, count, {"running": 1, "first_volunteer": FREE} | values)
    return table


def teams(table, *members):
    """Volunteers in rows 0, 1, ..., the citizens of the same numbers, on the teams named."""
    rows = np.zeros(len(members), VOLUNTEER_TYPE)
    rows["citizen"] = np.arange(len(members))
    rows["initiative"] = members
    for row, k in enumerate(members):
        rows["next_in_team"][row] = table["first_volunteer"][k]
        table["first_volunteer"][k] = row
        table["volunteers"][k] += 1
    return rows


def participations(count=1, **values):
    return _table(PARTICIPATION_TYPE, count, {"companion": FREE} | values)


def citizens(count=1, **values):
    columns = [np.zeros(count, column.dtype) for column in CITIZEN]
    made = Citizens(*columns)
    for name, value in values.items():
        getattr(made, name)[:] = value
    return made


def ties(*neighbours):
    """Ties from one list of neighbours a citizen."""
    offsets = np.cumsum([0, *(len(row) for row in neighbours)]).astype(np.int32)
    flat = [other for row in neighbours for other in sorted(row)]
    return Ties(offsets, np.array(flat, np.int32))


def shock(**values):
    return _table(SHOCK_TYPE, 1, dict(zip(SHOCK_COLUMNS, NEUTRAL, strict=True)) | values)


def announced(count=1, **values):
    return _table(ANNOUNCED_TYPE, count, values)


def tally():
    return np.zeros(1, TALLY_TYPE)


def ledger():
    return np.zeros(TENURES, np.int32)
