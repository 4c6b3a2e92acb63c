"""A simulation ends where its tables do."""

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import LAST_MONTH
from velfaerd_sim.model.simulation import Simulation
from worlds import small


def test_no_month_beyond_the_last_one() -> None:
    simulation = Simulation(small(100))
    simulation.run(LAST_MONTH - 1)
    with pytest.raises(InputError, match="months"):
        simulation.run(2)
    simulation.run(1)
    assert simulation.month == LAST_MONTH
