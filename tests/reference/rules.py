"""The equations of the package in their plain Python form, a name space a process.

`agreements.fit_change` is the same function that the engine compiles, or a plugin's in its place.
Only equations of single numbers are taken over: nothing that loops over rows.
"""

from types import ModuleType, SimpleNamespace

from velfaerd_sim import in_force
from velfaerd_sim.compiled import in_python
from velfaerd_sim.population import levels as _levels
from velfaerd_sim.population import scale as _scale
from velfaerd_sim.population import stationary as _stationary
from velfaerd_sim.population import traits as _traits
from velfaerd_sim.processes import agreements as _agreements
from velfaerd_sim.processes import initiatives as _initiatives
from velfaerd_sim.processes import loneliness as _loneliness
from velfaerd_sim.processes import matching as _matching
from velfaerd_sim.processes import policy_review as _policy_review
from velfaerd_sim.processes import renewal as _renewal
from velfaerd_sim.processes import staff as _staff
from velfaerd_sim.processes import staff_hours as _staff_hours
from velfaerd_sim.processes import volunteering as _volunteering

_spaces: list[tuple[ModuleType, SimpleNamespace]] = []


def plain(module: ModuleType) -> SimpleNamespace:
    """Return the rules that are written in a module, without those it only uses."""
    space = SimpleNamespace(**_rules(module))
    _spaces.append((module, space))
    return space


def _rules(module: ModuleType) -> dict[str, object]:
    rules = {}
    for name, function in vars(module).items():
        plain_form = getattr(function, "py_func", None)
        if plain_form is None or plain_form.__module__ != module.__name__:
            continue
        is_kernel = "no_cpython_wrapper" in function.targetoptions
        if not is_kernel:
            rules[name] = in_python(function)
    return rules


def _renew(_: object) -> None:
    """Take the rules of the plugins that are in force now."""
    for module, space in _spaces:
        space.__dict__.update(_rules(module))


traits = plain(_traits)
staff_hours = plain(_staff_hours)
agreements = plain(_agreements)
volunteering = plain(_volunteering)
matching = plain(_matching)
loneliness = plain(_loneliness)
initiatives = plain(_initiatives)
staff = plain(_staff)
policy_review = plain(_policy_review)
scale = plain(_scale)
stationary = plain(_stationary)
levels = plain(_levels)
renewal = plain(_renewal)
in_force.listen(_renew)
