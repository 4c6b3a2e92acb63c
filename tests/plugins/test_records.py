"""Records of studies with plugins: kept, verified, resumed, told without running any code."""

import json
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import velfaerd_sim
from velfaerd_sim import in_force, plugins
from velfaerd_sim.cli import main as cli
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import NAMES

SMALL = ("--adults", "300", "--months", "3", "--seed", "2")


@pytest.fixture
def velfaerd(capsys):
    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def marking(write, tmp_path):
    """A plugin that leaves a mark whenever its code is run."""
    mark = tmp_path / "mark"
    text = f"""
open({str(mark)!r}, "w").close()

@outcome(unit="share", label_en="Tired", label_da="Trætte")
def tired_share(town):
    them = town["volunteers.exhaustion"]
    return (them > 0.5).mean() if len(them) else None
"""
    return write(text), mark


def test_a_record_holds_the_plugin_and_is_only_read(velfaerd, marking, tmp_path):
    plugin, mark = marking
    out = tmp_path / "out"
    asked = ("compare", "municipal_baton", "hands_off", "--replicates", 2, *SMALL)
    code, shown, err = velfaerd(*asked, "--plugin", plugin, "--out", out)
    assert code == 0, err
    assert "tired" in shown
    (kept,) = json.loads((out / "study.json").read_text("utf-8"))["plugins"]
    assert kept["source"] == plugin.read_text("utf-8")
    assert kept["digest"] == plugins.made_from("mine.py", kept["source"]).digest
    assert NAMES[-1] != "tired_share"
    mark.unlink()
    assert velfaerd("report", out)[0] == 0
    report = (out / "report.html").read_text("utf-8")
    assert "Tired" in report
    assert f"mine.py ({kept['digest'][:16]})" in report
    assert velfaerd("report", out, "--language", "da")[0] == 0
    assert "Trætte" in (out / "report.da.html").read_text("utf-8")
    assert "tired_share" in velfaerd_sim.load_study(out)
    code, _, err = velfaerd("verify", out)
    name = f"mine.py (SHA-256 {kept['digest'][:12]})"
    assert code == 2
    assert err.startswith("error: --plugin: nothing is given; allowed: the plugins that the study")
    assert name in err
    assert not mark.exists()
    assert velfaerd("verify", out, "--plugin", plugin)[0] == 0
    assert mark.exists()


def test_another_plugin_neither_verifies_nor_goes_on(velfaerd, marking, tmp_path):
    plugin, _ = marking
    out = tmp_path / "out"
    run = ("run", *SMALL, "--plugin", plugin, "--out", out)
    assert velfaerd(*run)[0] == 0
    plugin.write_text(plugin.read_text("utf-8").replace("0.5", "0.6"), encoding="utf-8")
    code, _, err = velfaerd("verify", out, "--plugin", plugin)
    assert code == 2
    assert "and that of the one given is" in err
    code, _, err = velfaerd(*run)
    assert code == 2
    assert "plugins[1].digest" in err
    code, _, err = velfaerd("run", *SMALL, "--out", out)
    assert code == 2
    assert "plugins[1]" in err


def test_a_study_without_plugins_is_read_and_verified_beside_them(velfaerd, marking, tmp_path):
    plugin, _ = marking
    out = tmp_path / "out"
    assert velfaerd("run", *SMALL, "--out", out)[0] == 0
    assert "plugins" not in json.loads((out / "study.json").read_text("utf-8"))
    for command in ("verify", "report"):
        code, _, err = velfaerd(command, out, "--plugin", plugin)
        assert code == 0, err


STUDY = """
plugins = ["training_bonus.py", "volunteers_over_65.py"]
regimes = ["municipal_baton", "hands_off"]
months = 3
adults = 400
replicates = 1
[factors]
course_chance = [0, 1]
"""


@pytest.fixture
def study(worked, tmp_path):
    for name in ("training_bonus", "volunteers_over_65"):
        text = worked(name).read_text("utf-8")
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_workers_take_plugins_along(study, tmp_path):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as others:
        velfaerd_sim.sweep(study, tmp_path / "others", executor=others)
    velfaerd_sim.sweep(study, tmp_path / "own", workers=1)
    in_force.let_be(())
    one, other = (velfaerd_sim.load_study(tmp_path / name) for name in ("others", "own"))
    assert one.drop(columns="seconds").equals(other.drop(columns="seconds"))
    assert one["outcome.volunteers_over_65_share"].notna().all()
    low, high = (
        one[one["parameter.course_chance"] == chance]["outcome.competence_mean"].to_numpy()
        for chance in (0, 1)
    )
    assert (high > low).all()


def test_names_of_runs_depend_on_plugins(study, tmp_path):
    text = study.read_text("utf-8")
    velfaerd_sim.sweep(study, tmp_path / "with", workers=1)
    in_force.let_be(())
    study.write_text(text.replace(', "volunteers_over_65.py"', ""), encoding="utf-8")
    velfaerd_sim.sweep(study, tmp_path / "without", workers=1)
    one, other = (velfaerd_sim.load_study(tmp_path / name) for name in ("with", "without"))
    assert not set(one["run_id"]) & set(other["run_id"])


def test_a_scenario_file_names_plugins_beside_itself(study, tmp_path):
    path = tmp_path / "town.toml"
    path.write_text(
        'based_on = "baseline"\nplugins = ["training_bonus.py"]\n[parameters]\ncourse_gain = 0.3\n',
        encoding="utf-8",
    )
    assert load_scenario(path).parameter_values()["course_gain"] == 0.3
    assert [each.name for each in in_force.session()] == ["training_bonus.py"]


def test_where_files_come_from_others_none_names_plugins(study, monkeypatch):
    monkeypatch.setattr(in_force._state, "closed", False)
    in_force.close()
    with pytest.raises(InputError, match="plugins named on the command line only"):
        velfaerd_sim.sweep(study, "nowhere")
    assert in_force.session() == ()


def test_those_who_want_other_plugins_wait(worked):
    first = in_force.made((("one.py", worked("volunteers_over_65").read_text("utf-8")),))
    other = in_force.made((("two.py", worked("training_bonus").read_text("utf-8")),))
    seen, began = [], threading.Event()

    def later():
        began.set()
        with in_force.holding(other):
            seen.append(in_force.active())

    thread = threading.Thread(target=later)
    with in_force.holding(first):
        thread.start()
        began.wait(5)
        thread.join(0.2)
        assert seen == []
        with in_force.holding(first):
            assert in_force.active() == first
    thread.join(5)
    assert seen == [other]
    assert in_force.active() == ()


REFUSED = {
    "x = 1 / 0": r"plugin mine\.py: 'line 2' .*ZeroDivisionError",
    "def f(:": r"plugin mine\.py: 'line 2' .*SyntaxError",
    "x = 1": r"plugin mine\.py: 'nothing' is not allowed",
    '@outcome(unit="share", label_en="X", label_da="X")\ndef lonely_share(town): pass': (
        r"plugin mine\.py: outcome: 'lonely_share' .*no other outcome has"
    ),
    '@outcome(unit="share", label_en="X", label_da="X")\ndef mine(): pass': (
        r"outcome mine: '\(\)' .*a function of town"
    ),
    '@outcome(unit="share", label_en="", label_da="X")\ndef mine(town): pass': (
        r"outcome mine: label_en: '' .*a text of one line"
    ),
    '@outcome(unit="share", label_en="X", label_da="X", kind="levl")\ndef mine(town): pass': (
        r"outcome mine: kind: 'levl' .*did you mean 'level'"
    ),
    '@intervention(writes={"volunteers.tenure": (0, 1)})\ndef mine(town, write): pass': (
        r"intervention mine: writes: 'volunteers\.tenure' is not allowed"
    ),
    '@intervention(writes={"volunteers.motivation": (0, 2)})\ndef mine(town, write): pass': (
        r"intervention mine: writes: volunteers\.motivation: .*within 0 to 1"
    ),
    "@intervention(writes={})\ndef mine(town, write): pass": r"a table of columns",
    'parameter("drift_rate", 1, unit="x", low=0, high=2, source="s", label_en="X", label_da="X")': (
        r"plugin mine\.py: parameter: 'drift_rate' .*no other parameter has"
    ),
    'parameter("mine", 3, unit="x", low=0, high=2, source="s", label_en="X", label_da="X")': (
        r"parameter mine: default: 3 .*from 0 to 2"
    ),
    'parameter("mine", 1, unit="x", low=0, high=2, source="", label_en="X", label_da="X")': (
        r"parameter mine: source: ''"
    ),
    'parameter("Mine", 1, unit="x", low=0, high=2, source="s", label_en="X", label_da="X")': (
        r"'Mine' .*small letters"
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_fit_is_refused_by_name_and_nothing_changed(write, text):
    before = list(NAMES)
    with pytest.raises(InputError, match=REFUSED[text]):
        velfaerd_sim.plugin(write(text))
    assert in_force.session() == in_force.active() == ()
    assert before == NAMES


def test_a_file_that_is_not_there_is_refused(velfaerd, tmp_path):
    code, _, err = velfaerd("outcomes", "--plugin", tmp_path / "none.py")
    assert code == 2
    assert err.startswith("error: --plugin: ")
    assert "allowed: a file that can be read (No such file or directory)" in err
    assert velfaerd("outcomes", "--plugin", "mine.toml")[0] == 2


def test_what_a_run_refuses_of_a_plugin_is_wrong_input(velfaerd, write, tmp_path):
    text = '@outcome(unit="share", label_en="X", label_da="X")\ndef big(town):\n    return 1.7\n'
    asked = (*SMALL, "--plugin", write(text), "--out", tmp_path / "out")
    wrong = "plugin mine.py: outcome big: 1.7 is not allowed; allowed: a number from 0 to 1"
    code, _, err = velfaerd("run", *asked, "--overwrite")
    assert (code, err[: err.index(",")]) == (2, f"error: the run failed: {wrong}")
    several = ("compare", "municipal_baton", "hands_off", "--replicates", 2, *asked, "--overwrite")
    code, _, err = velfaerd(*several)
    assert code == 2
    assert wrong in err


MINE = """
@outcome(unit="share", label_en="X", label_da="X")
def mine_share(town):
    return {}
"""


def test_two_files_of_one_name_are_refused(velfaerd, write, tmp_path):
    (tmp_path / "other").mkdir()
    first = write(MINE.format(0.5))
    second = tmp_path / "other" / "mine.py"
    second.write_text(first.read_text("utf-8"), encoding="utf-8")
    code, _, err = velfaerd("outcomes", "--plugin", first, "--plugin", second)
    assert code == 2
    assert "each name of a file once" in err


def test_worlds_draw_parameters_of_plugins(worked):
    velfaerd_sim.plugin(worked("training_bonus"))
    done = velfaerd_sim.compare(
        ["municipal_baton", "hands_off"],
        worlds="prior:3",
        replicates=1,
        adults=300,
        months=2,
        workers=1,
    )
    drawn = done.study["design"]["worlds"]["parameters"]
    assert len(set(drawn["course_gain"])) == 3
    assert "course_chance" not in drawn
    assert [each["name"] for each in done.study["plugins"]] == ["training_bonus.py"]


def test_decorators_stand_in_a_plugin_only():
    with pytest.raises(InputError, match=r"velfaerd_sim\.plugin"):
        plugins.rule("volunteering.hours_given")(lambda motivation, factor, p: 1.0)


def test_a_changed_file_takes_the_place_of_what_it_was(write):
    first = velfaerd_sim.plugin(write(MINE.format(0.25)))
    second = velfaerd_sim.plugin(write(MINE.format(0.75)))
    assert second.names == first.names == ("mine.py",)
    model = velfaerd_sim.WelfareModel(adults=100, seed=1)
    assert model.series()["mine_share"].tolist() == [0.75]
    second.close()
    assert in_force.session() == first._now


def test_every_command_takes_plugins():
    import typer

    commands = typer.main.get_command(cli.app).commands
    for name, command in commands.items():
        assert "--plugin" in {option for one in command.params for option in one.opts}, name
