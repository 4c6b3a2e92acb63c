"""A SolaraViz page for users of Mesa: the model with Mesa's own controls.

    solara run velfaerd_sim.dashboard.model.mesa_page

It drives the model as any other Mesa model: Reset makes a new one from the settings, Step
takes a month. `components` and `settings` can be used in a page of one's own; see
docs/mesa_dashboard.md.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import solara
import solara.server.settings as solara_settings
from mesa.visualization import SolaraViz, make_plot_component
from numpy.typing import NDArray

from velfaerd_sim.dashboard.watch.layout import (
    MOTIVATION_COLOURS,
    SCORE_COLOURS,
    lay_out,
    team_points,
)
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.model.agents import Citizen, Initiative, StaffMember, Volunteer
from velfaerd_sim.model.model import WelfareModel
from velfaerd_sim.population.scale import LOWEST
from velfaerd_sim.population.schema import FREE, VOLUNTEERING

ADULTS = 1000
MOST_ADULTS = 5000
SLIDERS = (
    "hours_per_1000",
    "espoused_gap",
    "governance_strength",
    "companion_loss_effect",
    "contagion_strength",
)
"""Parameters that the page lets vary; any other can be added to the settings."""

INK = "#1b2430"
_STEPS = 40
DRAWER_COVERS = 960
"""Below this width of the window, in pixels, Solara lays the drawer of settings over the page."""

solara_settings.theme.show_banner = False  # read when a page is sent, before any component runs


class TownModel(WelfareModel):
    """The model with a signature that SolaraViz accepts in Mesa 3.3 and 3.5.

    Mesa 3.3 asks for the values of all arguments without a default, but for those called `kwargs`;
    Mesa 3.5 hands a scenario of its own kind on Reset, which is passed over.
    """

    def __init__(
        self,
        scenario: object = "baseline",
        *,
        regime: str = STATUS_QUO,
        adults: int = ADULTS,
        months: int = 120,
        seed: int = 1,
        **kwargs: Any,
    ) -> None:
        """As WelfareModel: scenario, regime, adults, months, seed, and parameters by name."""
        own = scenario if isinstance(scenario, str | Path | Scenario) else "baseline"
        super().__init__(own, regime=regime, adults=adults, months=months, seed=seed, **kwargs)


def settings() -> dict[str, Any]:
    """The settings that Mesa shows beside the model and makes it from, with plain values."""
    return {
        "regime": {
            "type": "Select",
            "value": STATUS_QUO,
            "values": list(REGIMES),
            "label": "Regime",
        },
        "adults": _slider("Adults", ADULTS, 200, MOST_ADULTS, 200, whole=True),
        "months": _slider("Months", 120, 12, 240, 12, whole=True),
        "seed": _slider("Seed", 1, 1, 100, 1, whole=True),
    } | {name: _parameter_slider(name) for name in SLIDERS}


def _slider(
    label: str, value: float, low: float, high: float, step: float, whole: bool = False
) -> dict[str, Any]:
    kind = "SliderInt" if whole else "SliderFloat"
    return {
        "type": kind,
        "value": value,
        "label": label,
        "min": low,
        "max": high,
        "step": step,
    }


def _parameter_slider(name: str) -> dict[str, Any]:
    parameter = BY_NAME[name]
    step = (parameter.high - parameter.low) / _STEPS
    return _slider(parameter.label(), parameter.default, parameter.low, parameter.high, step)


def start_values() -> dict[str, Any]:
    """The values with which the page begins."""
    return {name: setting["value"] for name, setting in settings().items()}


def _teams(model: WelfareModel, hubs: NDArray[Any], radius: float) -> tuple[NDArray[Any], ...]:
    """Where initiatives stand; the rows of volunteers, and where they stand."""
    state = model.simulation.population
    table, people = state.initiatives, state.volunteers
    slots = np.flatnonzero(table["running"] == 1)
    middles = np.zeros((len(table), 2))
    for department in range(len(hubs)):
        own = slots[table["department"][slots] == department]
        middles[own] = hubs[department, : len(own)]
    rows = np.flatnonzero(people["citizen"] != FREE)
    rows = rows[np.argsort(people["initiative"][rows], kind="stable")]
    team = people["initiative"][rows]
    first = np.searchsorted(team, team)
    points = team_points(middles[team], radius, np.arange(len(rows)) - first)
    return middles[slots], rows, points


def town_svg(model: WelfareModel) -> str:
    """The town as a picture: citizens by loneliness score, volunteers by motivation."""
    state = model.simulation.population
    layout = lay_out(state.citizens.age_band, len(state.initiatives))
    scores = tils_scores(state.citizens.loneliness) - LOWEST
    at_home = (state.citizens.flags & VOLUNTEERING) == 0
    middles, rows, points = _teams(model, layout.hubs, layout.team_radius)
    motivation = state.volunteers["motivation"][rows]
    shade = np.clip(np.floor((motivation - 0.2) / 0.12), 0, len(MOTIVATION_COLOURS) - 1)
    dot, member = 1.4 * layout.dot, 0.55 * layout.team_radius
    parts = [
        _dots(layout.seats[at_home & (scores == k)], colour, dot)
        for k, colour in enumerate(SCORE_COLOURS)
    ]
    parts.append(_dots(points, INK, member * 1.25))
    parts += [
        _dots(points[shade == k], colour, member) for k, colour in enumerate(MOTIVATION_COLOURS)
    ]
    parts.append(_dots(middles, INK, layout.team_radius))
    label = f"{len(scores)} citizens, {len(rows)} volunteers, {len(middles)} initiatives"
    return (
        f'<svg viewBox="-1 -1 2 2" role="img" aria-label="{label}" '
        f'style="width: 100%; max-height: 380px">{"".join(parts)}</svg>'
    )


def _dots(points: NDArray[Any], colour: str, size: float) -> str:
    """Dots as one path of lines without length and with round ends."""
    path = "".join(f"M{x:.3f} {y:.3f}h0" for x, y in points.tolist())
    line = f'stroke="{colour}" stroke-width="{size:.4f}" stroke-linecap="round"'
    return f'<path d="{path}" fill="none" {line}/>'


def Town(model: WelfareModel) -> Any:
    """Citizens in rings by age, coloured by loneliness; volunteers around their initiatives."""
    return solara.HTML(tag="div", unsafe_innerHTML=town_svg(model))


def Now(model: WelfareModel) -> Any:
    """The month and a few figures read from Mesa's agents, as any AgentSet is."""
    agents = model.agents_by_type
    volunteers, citizens = agents[Volunteer], agents[Citizen]
    motivation = np.mean(volunteers.get("motivation")) if len(volunteers) else float("nan")
    with solara.Column(gap="4px") as column:
        solara.Text(f"Month {model.month}", style={"font-weight": "bold"})
        solara.Text(f"{len(citizens)} citizens, {sum(citizens.get('lonely'))} of them lonely")
        solara.Text(f"{len(volunteers)} volunteers, mean motivation {motivation:.2f}")
        solara.Text(f"{len(agents[Initiative])} initiatives")
        solara.Text(f"{len(agents[StaffMember])} members of staff")
    return column


def name_curves(axes: Any) -> None:
    """Call the curves of a plot what their outcomes are called, with their unit beside them."""
    units = set()
    for line in axes.get_lines():
        name = line.get_label() if line.get_label() in INDEX else axes.get_ylabel()
        if name in INDEX:
            outcome = OUTCOMES[INDEX[name]]
            line.set_label(outcome.label_en)
            units.add(outcome.unit)
    axes.set_ylabel(", ".join(sorted(units)))
    axes.legend(loc="best", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e2")


components = [
    Town,
    Now,
    make_plot_component(
        {"lonely_share": "#d4600f", "lonely_reached_share": "#0067a3"}, name_curves
    ),
    make_plot_component({"motivation_mean": "#0067a3", "exhaustion_mean": "#b34700"}, name_curves),
    make_plot_component("volunteers_per_1000", name_curves),
]
"""What the page shows of the model; each is a component of a Mesa model."""


@solara.component_vue("../widgets/narrow.vue")
def _Narrow(limit: int, event_narrow: Callable[[Any], None]) -> None:
    """Tells where the window is narrower than a limit."""


@solara.component
def Layout(children: list[Any]) -> None:
    """Solara's own, but the settings stay folded away where they would cover the page."""
    is_open, set_open = solara.use_state(True)
    with solara.Div():
        solara.AppLayout(children=children, sidebar_open=is_open)
        _Narrow(limit=DRAWER_COVERS, event_narrow=lambda _: set_open(False))


@solara.component
def Page() -> None:
    """The page; every visitor has a model of their own."""
    model = solara.use_memo(lambda: TownModel(**start_values()), [])
    SolaraViz(model, components=components, model_params=settings(), name="velfaerd_sim")
