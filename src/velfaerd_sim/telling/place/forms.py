"""What a place fills in: the questions on its governance, and a file to start from."""

from __future__ import annotations

from velfaerd_sim.inputs.governing import LETTERS, questionnaire
from velfaerd_sim.telling.words import Words

_EXAMPLE = {
    "name": '"Our town"',
    "municipality": '"Kolding"',
    "volunteers": "2900",
    "volunteers_left": "{value = 700, plus_minus = 150}",
    "lonely_share": "{value = 0.11, n = 1200}",
    "initiatives": '"about 300"',
    "hours": '"about 1500"',
}
"""Keys and values as they stand in a TOML file."""
_MORE = {"waiting": '"about 60"', "ages": '"ages.csv"'}
"""Keys that a place seldom knows, shown behind a sign."""
_ANSWER = "b"


def questions_text(language: str = "en") -> str:
    """The questions with their answers, a to d, and the instrument that each is about."""
    words = Words(language, "place")
    asked = questionnaire()
    lines = [words("questions_intro", count=words.number(len(asked.questions))), ""]
    for each in asked.questions:
        lines.append(f"{each.id}: {each.text(language)}")
        answers = zip(LETTERS, each.answers(language), strict=True)
        lines += [
            f"  {letter}  {text}  ({words.number(asked.values[letter], 2)})"
            for letter, text in answers
        ]
        lines += [f"     {words.name('instrument', each.instrument)}", ""]
    answered, unanswered = (words.number(sd, 2) for sd in (asked.answered, asked.unanswered))
    lines.append(words("questions_outro", answered=answered, unanswered=unanswered))
    return "\n".join(lines) + "\n"


def example_text(language: str = "en") -> str:
    """A file of a place to start from, with a comment to every line."""
    words = Words(language, "place")
    lines = [f"# {words('example_intro')}"]
    danish = {"about": "ca.", "Our town": "Vores by"} if language == "da" else {}
    for key, value in (_EXAMPLE | _MORE).items():
        for english, said in danish.items():
            value = value.replace(english, said)
        sign = "# " if key in _MORE else ""
        lines += [f"# {words(f'line_{key}_is')}", f"{sign}{key} = {value}"]
    first = {each.id: _ANSWER for each in questionnaire().questions}
    lines += ["", f"# {words('line_routes_is')}", "[routes]"]
    lines += ["municipality_invites_organisations = {as_a_rule = 1, sometimes = 3}"]
    lines += ["", f"# {words('line_today_is')}", "[today.answers]"]
    lines += [f'{id} = "{letter}"' for id, letter in first.items()]
    return "\n".join(lines) + "\n"
