"""The columns of every entity are declared once, with unit, owner and meaning."""

from pathlib import Path

import numpy as np
import pytest

import velfaerd_sim
from velfaerd_sim.population import schema
from velfaerd_sim.population.schema import CITIZEN, ENTITIES, Citizens
from worlds import arrays_of, settled

PACKAGE = Path(velfaerd_sim.__file__).parent
ROWS = {name: columns for name, columns in ENTITIES.items() if name != "citizens"}
every_entity = pytest.mark.parametrize("name", ENTITIES)


@every_entity
def test_columns_are_declared_in_full(name):
    owners = {
        path.stem
        for room in ("population", "processes", "measures")
        for path in (PACKAGE / room).iterdir()
    }
    columns = ENTITIES[name]
    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert column.name.isidentifier()
        assert np.dtype(column.dtype).kind in "iuf"
        assert column.unit
        assert column.meaning
        assert column.writers
        assert set(column.writers) <= owners


@pytest.mark.parametrize("name", ROWS)
def test_records_have_the_declared_columns_in_order(name):
    kind = schema.record_type(ROWS[name])
    assert kind.names == tuple(column.name for column in ROWS[name])
    assert [kind[column.name] for column in ROWS[name]] == [c.dtype for c in ROWS[name]]


def test_citizens_have_the_declared_columns_in_order():
    assert Citizens._fields == tuple(column.name for column in CITIZEN)
    population = settled(500).population
    for column, values in zip(CITIZEN, population.citizens, strict=True):
        assert values.dtype == column.dtype
        assert values.shape == (500,)


def test_a_copy_shares_nothing_but_the_ties():
    population = settled(500).population
    first, second = arrays_of(population), arrays_of(population.copy())
    assert first.keys() == second.keys()
    for name, array in first.items():
        assert array.tobytes() == second[name].tobytes()
        assert np.shares_memory(array, second[name]) == name.startswith("ties.")


def test_flags_are_single_bits():
    roles = (schema.VOLUNTEERING, schema.PARTICIPATING, schema.WAITING)
    assert (schema.KNOWN, schema.RECOVERED, *roles) == (1, 8, 2, 4, 32)
    assert schema.FORMATS[schema.ONE_TO_ONE] == "one_to_one"
    assert schema.FORMATS[schema.GROUP] == "group"
    assert len(schema.ROUTES) == 6
