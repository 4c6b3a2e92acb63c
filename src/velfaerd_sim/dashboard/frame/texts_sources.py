"""Danish for what the tables of inputs say in English; it stands with the texts of reports."""

from velfaerd_sim.telling.texts_sources import GROUPS as GROUPS
from velfaerd_sim.telling.texts_sources import OTHERS as OTHERS
from velfaerd_sim.telling.texts_sources import PHRASES as PHRASES
from velfaerd_sim.telling.texts_sources import UNITS as UNITS
from velfaerd_sim.telling.texts_sources import danish_source as danish_source
