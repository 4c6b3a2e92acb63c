"""The tables say what the definitions say, in all three forms."""

import json
import re
from collections.abc import Callable

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES
from velfaerd_sim.measures.outcomes import NAMES, OUTCOMES
from velfaerd_sim.telling.tables_of_inputs import (
    ARTICLES,
    FORMATS,
    outcomes_table,
    parameters_table,
    regimes_table,
)

TABLES = {
    parameters_table: tuple(one.name for one in PARAMETERS),
    regimes_table: tuple(REGIMES),
    outcomes_table: NAMES,
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_name_stands_in_every_form(table: Callable[..., str], form: str) -> None:
    text = table(form)
    words = set(re.findall(r"\w+", text))
    assert set(TABLES[table]) <= words
    assert text.endswith("\n")


def test_json_holds_what_is_defined() -> None:
    for one, row in zip(PARAMETERS, json.loads(parameters_table("json")), strict=True):
        assert row == {**vars(one)}
    for regime, row in zip(REGIMES.values(), json.loads(regimes_table("json")), strict=True):
        assert tuple(row[name] for name in INSTRUMENTS) == regime.instruments
        assert row["espoused_gap"] is None
        assert row["summary_da"] == regime.summary_da
    for outcome, row in zip(OUTCOMES, json.loads(outcomes_table("json")), strict=True):
        assert row["definition"] == outcome.definition
        assert row["direction"] == outcome.direction


@pytest.mark.parametrize("table", TABLES)
def test_markdown_is_a_table(table: Callable[..., str]) -> None:
    rows = table("markdown").split("\n\n")[0].splitlines()
    columns = {len(re.split(r"(?<!\\)\|", row)) for row in rows}
    assert len(columns) == 1
    assert len(rows) == len(TABLES[table]) + 2


@pytest.mark.parametrize("table", TABLES)
def test_text_fits_a_screen(table: Callable[..., str]) -> None:
    lines = table("text").splitlines()
    assert max(len(line) for line in lines) <= 110
    assert not any(line != line.rstrip() for line in lines)


def test_text_has_the_numbers() -> None:
    (line,) = re.findall(r".*hours_per_1000 .*", parameters_table("text"))
    assert re.search(r"\b20 +\(2 to 80\) +hours per 1000 adults and month; lever", line)
    (line,) = re.findall(r"^rigid_rules .*", regimes_table("text"), re.MULTILINE)
    assert line.split()[1:] == [f"{value:.2f}" for value in REGIMES["rigid_rules"].instruments]


@pytest.mark.parametrize("table", TABLES)
def test_some_names_only(table: Callable[..., str]) -> None:
    first, second = TABLES[table][:2]
    rows = json.loads(table("json", [second, first]))
    assert [row["name"] for row in rows] == [first, second]
    with pytest.raises(InputError, match=f"NAME: '{first[:-1]}' .* did you mean '{first}'"):
        table("text", [first[:-1]])
    with pytest.raises(InputError, match="one of text, json, markdown"):
        table("yaml")


def test_every_article_that_is_named_is_explained() -> None:
    used = {code for one in PARAMETERS for code in re.findall(r"\bS\d\b", one.source)}
    assert used <= set(ARTICLES)
    for form in ("text", "markdown"):
        text = parameters_table(form)
        assert all(f"{code}: {ARTICLES[code]}" in text for code in used)
