"""The worked plugins do what their page says."""

import re
import shlex

import pytest

import velfaerd_sim
from velfaerd_sim import in_force
from velfaerd_sim.cli import main as cli

REGIMES = ["municipal_baton", "facilitative_dialogue"]
SIZE = {"adults": 1500, "months": 36, "replicates": 12, "seed": 1, "workers": 1}


def effects(*plugins):
    with velfaerd_sim.plugin(*plugins):
        found = velfaerd_sim.compare(REGIMES, **SIZE).effects
    return found.set_index("outcome")


def test_another_theory_of_leaving_beside_the_packaged_one(worked):
    packaged, habit = effects(), effects(worked("leaving_by_habit"))
    kept = habit.loc["retention_12m", "difference"] / packaged.loc["retention_12m", "difference"]
    assert kept < 0.5
    gain = "motivation_mean"
    assert habit.loc[gain, "difference"] > 0.75 * packaged.loc[gain, "difference"]
    assert in_force.active() == ()


def test_an_outcome_stands_among_the_effects(worked):
    found = effects(worked("volunteers_over_65"))
    assert found.loc["volunteers_over_65_per_1000", "difference"] > 0.0
    assert 0.0 < found.loc["volunteers_over_65_share", "baseline_mean"] < 1.0


def test_a_bonus_moves_competence_under_both_regimes_alike(worked):
    plain, bonus = effects(), effects(worked("training_bonus"))
    means = ["baseline_mean", "regime_mean"]
    assert (bonus.loc["competence_mean", means] > plain.loc["competence_mean", means]).all()


def test_the_commands_of_the_page_work(worked, tmp_path, monkeypatch, capsys):
    text = (worked("training_bonus").parent / "README.md").read_text("utf-8")
    home = worked("training_bonus").parents[2]
    commands = re.findall(r"^velfaerd (.*)$", text, re.MULTILINE)
    assert len(commands) == 4
    monkeypatch.chdir(tmp_path)
    for command in commands:
        words = shlex.split(command.replace("experiments/", f"{home}/experiments/"))
        more = ["--replicates", "1"] if words[0] == "compare" else []
        assert cli.main([*words, "--adults", "200", "--months", "2", *more]) == 0
    assert "OK" not in capsys.readouterr().err


DOC = "docs/plugins.md"


def blocks(worked):
    page = worked("training_bonus").parents[2] / DOC
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def test_the_blocks_of_the_documentation_are_plugins(worked, write, tmp_path, monkeypatch, capsys):
    own = [block for block in blocks(worked) if "velfaerd_sim.plugins import" in block]
    assert len(own) == 4
    for number, block in enumerate(own):
        velfaerd_sim.plugin(write(block, f"block_{number}"))
    assert len(in_force.active()) == 4
    in_force.let_be(())
    (call,) = (block for block in blocks(worked) if block not in own)
    write(own[0])
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(call, DOC, "exec"), names)  # noqa: S102
    assert "tired_share" in set(names["done"].effects["outcome"])


@pytest.mark.parametrize("name", ["volunteers_over_65", "training_bonus"])
def test_a_month_at_a_time_gives_the_same_as_many(worked, name):
    velfaerd_sim.plugin(worked(name))
    one, many = (velfaerd_sim.WelfareModel(adults=300, seed=4) for _ in range(2))
    for _ in range(5):
        one.step()
    many.run(5)
    assert one.series().equals(many.series())
