"""The SolaraViz page: settings, picture, figures; the page in docs/mesa_dashboard.md."""

import inspect
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara")

import solara
from matplotlib.figure import Figure
from mesa.visualization import solara_viz

from velfaerd_sim.dashboard.model import mesa_page
from velfaerd_sim.dashboard.model.mesa_page import TownModel, settings, start_values, town_svg
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES
from velfaerd_sim.population.schema import FREE, VOLUNTEERING

PAGE = Path(__file__).resolve().parents[3] / "docs" / "mesa_dashboard.md"


@pytest.fixture(scope="module")
def model() -> TownModel:
    made = TownModel(regime="facilitative_dialogue", adults=600, seed=2)
    made.run(24)
    return made


def test_settings_make_the_model() -> None:
    values = start_values()
    assert values["espoused_gap"] == settings()["espoused_gap"]["value"]
    model = TownModel(**values)
    assert model.simulation.scenario.adults == values["adults"]
    assert model.simulation.parameters["espoused_gap"] == values["espoused_gap"]


def test_mesa_takes_the_signature() -> None:
    check = solara_viz._check_model_params
    first = next(iter(inspect.signature(check).parameters))
    model = TownModel(adults=200, months=1)
    check(TownModel.__init__ if first == "init_func" else model, settings())


def test_a_scenario_of_mesa_is_passed_over_and_one_of_ours_is_not() -> None:
    assert TownModel(object(), adults=200).simulation.scenario.name == "baseline"
    crisis = load_scenario("crisis")
    assert TownModel(crisis, adults=200).simulation.scenario.name == "crisis"


def test_everybody_is_in_the_picture_once(model: TownModel) -> None:
    svg = town_svg(model)
    state = model.simulation.population
    volunteers = int((state.volunteers["citizen"] != FREE).sum())
    initiatives = int((state.initiatives["running"] == 1).sum())
    at_home = int(((state.citizens.flags & VOLUNTEERING) == 0).sum())
    # Volunteers are drawn twice: their edge and themselves.
    assert svg.count("M") == at_home + 2 * volunteers + initiatives
    assert f"600 citizens, {volunteers} volunteers, {initiatives} initiatives" in svg


def texts(widget: Any) -> str:
    """Everything that a page shows, as text."""
    if isinstance(widget, str):
        return widget
    if isinstance(widget, list | tuple):
        return " ".join(texts(each) for each in widget)
    parts = [getattr(widget, name, "") for name in ("children", "items", "grid_items")]
    inner = getattr(widget, "v_slots", None) or []
    return texts([part for part in (*parts, *(slot["children"] for slot in inner)) if part])


def shown(page: Any) -> str:
    """The text of a page that renders; an error in it is raised."""
    box, context = solara.render(page(), handle_error=False)
    try:
        return texts(box)
    finally:
        context.close()


def test_curves_are_called_what_they_show() -> None:
    axes = Figure().subplots()
    axes.plot([0, 1], label="lonely_share")
    axes.plot([1, 0], label="lonely_reached_share")
    mesa_page.name_curves(axes)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        OUTCOMES[INDEX[name]].label_en for name in ("lonely_share", "lonely_reached_share")
    ]
    assert axes.get_ylabel() == "share"
    alone = Figure().subplots()
    alone.plot([0, 1])
    alone.set_ylabel("volunteers_per_1000")  # as Mesa does for one measure
    mesa_page.name_curves(alone)
    assert alone.get_ylabel() == "per 1000 adults"
    assert len(alone.get_legend().get_texts()) == 1


def test_the_page_renders() -> None:
    text = shown(mesa_page.Page)
    assert "Month 0" in text
    assert f"{mesa_page.ADULTS} citizens" in text


def test_the_page_in_the_docs_renders(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "my_page.py").write_text(code, "utf-8")
    page = runpy.run_path(str(tmp_path / "my_page.py"))["Page"]
    assert "lonely citizens whom nobody knows" in shown(page)
