"""An intervention of one's own: some new volunteers get a course that makes them feel able.

Every volunteer in the first year takes the course once in a while; who takes it feels more
competent from the next month on. The model's own rule then draws the need back toward what the
setting allows, so that one course wears off.
"""

import numpy

from velfaerd_sim.plugins import intervention, parameter

parameter(
    "course_chance",
    0.1,
    unit="per month",
    low=0.0,
    high=1.0,
    role="lever",
    source="assumption",
    label_en="Chance that a new volunteer takes the course",
    label_da="Sandsynlighed for, at en ny frivillig tager kurset",
)
parameter(
    "course_gain",
    0.2,
    unit="0-1",
    low=0.0,
    high=0.5,
    source="assumption; a course is not measured on this scale",
    label_en="Competence gained by the course",
    label_da="Kompetence vundet ved kurset",
)


@intervention(writes={"volunteers.competence": (0.0, 1.0)})
def training_bonus(town, write):
    """Let new volunteers take the course."""
    drawn = write.draws(town["volunteers.citizen"])
    takes = drawn < town.parameters["course_chance"]
    takes &= town["volunteers.tenure_months"] < 12
    better = town["volunteers.competence"][takes] + town.parameters["course_gain"]
    write("volunteers.competence", numpy.minimum(1.0, better), takes)
