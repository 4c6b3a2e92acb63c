"""The test of the architecture finds what is wrong, and nothing else."""

import pytest

from test_architecture import circles, judge_imports, judge_writing

PLANTED = [
    ("inputs.regimes", "from velfaerd_sim.model.month import step", "not below inputs"),
    ("inputs.regimes", "from ..model import month", "not below inputs"),
    ("population.ties", "import velfaerd_sim.processes.matching", "not below population"),
    ("processes.matching", "from velfaerd_sim.measures.outcomes import OUTCOMES", "not below"),
    ("measures.outcomes", "from velfaerd_sim.processes.matching import step", "not below"),
    ("processes.matching", "from .loneliness import step", "imports another"),
    ("processes.matching", "from velfaerd_sim.processes import loneliness", "imports another"),
    ("curves", "from velfaerd_sim.inputs.parameters import BY_NAME", "not below"),
    ("engine.store", "from velfaerd_sim import __version__", "top package"),
    ("engine.store", "import velfaerd_sim", "top package"),
    ("engine.store", "from .. import load_study", "top package"),
    ("dashboard.app", "from velfaerd_sim.cli.main import main", "not below dashboard"),
    ("processes.matching", "import pandas as pd", "may not import pandas"),
    ("measures.outcomes", "from pandas import DataFrame", "may not import pandas"),
    ("engine.cores", "import mesa", "may not import mesa"),
    ("model.model", "from solara import Text", "may not import solara"),
    ("engine.store", "if True:\n    import mesa.batchrunner", "may not import mesa"),
    ("engine.cores", "def f():\n    from velfaerd_sim.errors import InputError", "inside a"),
    ("engine.cores", "def f():\n    import json", "inside a function"),
    ("studies.sweep.tasks", "from velfaerd_sim.studies.claims import worker", "not below"),
    ("reporting.figures.style", "from velfaerd_sim.reporting.pages import claims", "not below"),
    ("helpers", "import json", "unknown room"),
]


@pytest.mark.parametrize(("path", "source", "words"), PLANTED)
def test_a_planted_import_is_found(path: str, source: str, words: str) -> None:
    (fault,) = judge_imports(path, source)
    assert words in fault


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("processes.matching", "from velfaerd_sim.compiled import kernel, rule"),
        ("inputs.parameters", "from ..curves import clip"),
        ("compiled", "from velfaerd_sim.errors import VelfaerdError"),
        ("population.ties", "from .schema import CITIZENS"),
        ("model.month", "from velfaerd_sim.processes import loneliness, matching"),
        ("model.model", "import mesa\nimport pandas as pd"),
        ("reporting.figures.style", "def draw():\n    import matplotlib.pyplot as plt"),
        ("cli.main", "def run():\n    from velfaerd_sim.studies import runner\n    import json"),
        ("__init__", "def __getattr__(name):\n    from velfaerd_sim.model.model import Model"),
        ("__main__", "from velfaerd_sim.cli.main import main"),
    ],
)
def test_a_good_import_passes(path: str, source: str) -> None:
    assert judge_imports(path, source, is_package=path == "__init__") == []


def test_planted_writing_and_circles_are_found() -> None:
    assert judge_writing("model.model", "open(name, 'w')")
    assert judge_writing("model.model", "frame.to_parquet(name)")
    assert not judge_writing("model.model", "open(name)\nopen(name, 'rb')")
    assert not judge_writing("engine.store", "open(name, 'w')")
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]
