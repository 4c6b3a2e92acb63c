"""Figures of analyses: one for every method, in both languages, the same each time."""

import io

import pytest

from analysis.made import studied
from velfaerd_sim.analysis.discovery import cart, prim
from velfaerd_sim.analysis.distributions import pawn
from velfaerd_sim.analysis.front import front
from velfaerd_sim.analysis.layouts import Design
from velfaerd_sim.analysis.maps import reversal_map
from velfaerd_sim.analysis.robustness import Criterion, best_regimes, regret, satisficing
from velfaerd_sim.analysis.screening import morris
from velfaerd_sim.analysis.sensitivity import sobol
from velfaerd_sim.analysis.variance import split
from velfaerd_sim.reporting.plots_analysis import FIGURES, draw
from velfaerd_sim.reporting.style import styled
from velfaerd_sim.reporting.texts_analysis import WORDS

pytest.importorskip("SALib")
pytest.importorskip("ema_workbench")

PAIR = ("retention_12m", "facilitative_dialogue", "rigid_rules")


@pytest.fixture(scope="module")
def findings():
    made = {}
    designs = {}
    for kind, options in (
        ("saltelli", {"size": 32}),
        ("latin_hypercube", {"size": 100}),
        ("grid", {"levels": 4}),
        ("morris", {"size": 8}),
    ):
        frame, study = studied(kind, **options)
        designs[kind] = frame, Design.of(study.design, study.points)
    frame, design = designs["saltelli"]
    made["sobol"] = sobol(frame, *PAIR, design=design)
    frame, design = designs["morris"]
    made["morris"] = morris(frame, *PAIR, design=design)
    frame, design = designs["grid"]
    hours, gap = "staff_hours_per_month", "espoused_gap"
    made["map"] = reversal_map(frame, *PAIR, hours, gap, design=design, draws=50)
    frame, design = designs["latin_hypercube"]
    made["pawn"] = pawn(frame, *PAIR, design=design, resamples=20)
    made["variance"] = split(frame, *PAIR, design=design, draws=50)
    made["prim"] = prim(frame, *PAIR, design=design, resamples=5)
    made["cart"] = cart(frame, *PAIR, design=design)
    made["regret"] = regret(frame, PAIR[0], design=design, draws=50)
    made["best_regimes"] = best_regimes(frame, PAIR[0], design=design, draws=50)
    made["front"] = front(frame, PAIR[0], design=design, draws=50)
    made["satisficing"] = satisficing(frame, [Criterion(PAIR[0], at_least=0.5)], design=design)
    made["none"] = prim(frame, *PAIR, by=9.0, design=design)
    return made


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("method", sorted(set(FIGURES) - {"one_at_a_time"}))
def test_every_method_has_its_figure(findings, method, language):
    texts = []
    for _ in range(2):
        figure = draw(findings[method], language)
        assert figure is not None
        with styled():
            file = io.StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None})
        texts.append(file.getvalue())
    assert texts[0] == texts[1]
    key = {"prim": "box", "best_regimes": "best"}.get(method, method)
    assert WORDS[language][key].replace("'", "&#x27;")[:20] in texts[0].replace("'", "&#x27;")


def test_where_nothing_was_found_nothing_is_drawn(findings):
    assert draw(findings["none"]) is None


def test_both_languages_have_the_same_words():
    assert set(WORDS["en"]) == set(WORDS["da"])
