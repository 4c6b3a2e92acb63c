"""The diagram of what drives what: boxes to press, and what stands in the one that is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import solara

from velfaerd_sim.dashboard.frame.links import path_of, query_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.model.boxes import (
    BESIDE,
    Box,
    KnockOut,
    boxes,
    condition_of,
    groups_of,
    knock_out,
    knock_out_of_group,
    sentence_in,
)
from velfaerd_sim.dashboard.model.causes import Look, arcs, carried, steps
from velfaerd_sim.dashboard.model.parts import group_name, source_text
from velfaerd_sim.dashboard.studies.parts import cell_text
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.telling.words import Words

LOOK = Look(step=72, width=500, box=264, least=20.0, bend=0.2)
BOXES = tuple(box.name for box in boxes())
FIRST = "volunteering"
"""The box that is open where none was pressed."""
COMPARE = "compare"
_WORDS = (
    *("causes_intro", "causes_legend_down", "causes_legend_up", "beside", "box_rules"),
    *("box_others", "box_knock_outs", "no_parameters", "formula", "try_without"),
)


@solara.component_vue("../widgets/causes.vue")
def _Causes(
    look: dict[str, int],
    boxes: list[dict[str, str]],
    beside: list[dict[str, str]],
    arcs: list[dict[str, Any]],
    chosen: dict[str, Any],
    words: dict[str, str],
    event_pick: Callable[[str], None],
    event_go: Callable[[str], None],
) -> None:
    """The diagram's template."""


@solara.component
def Causes(box: str, on_box: Callable[[str], None], session: Session, words: Words) -> None:
    """The boxes with their arcs, and the rules, parameters and knock-outs of one."""
    router = solara.use_router()
    by_name = {one.name: one for one in boxes()}

    def picked(name: object) -> None:
        if isinstance(name, str) and name in by_name:
            on_box(name)

    _Causes(
        look={"step": LOOK.step, "width": LOOK.width, "left": LOOK.left, "box": LOOK.box},
        boxes=[_button(name, words) for name, _ in steps()],
        beside=[_button(name, words) for name in BESIDE],
        arcs=[arc._asdict() for arc in arcs(LOOK)],
        chosen=opened(by_name.get(box, by_name[FIRST]), session, words),
        words={key: words(key) for key in _WORDS},
        event_pick=picked,
        event_go=router.push,
    )


def _button(name: str, words: Words) -> dict[str, str]:
    return {"name": name, "title": words(f"box_{name}"), "text": words(f"box_{name}_does")}


def opened(box: Box, session: Session, words: Words) -> dict[str, Any]:
    """All that is told of a box, as plain values."""
    rules = []
    for rule in box.rules:
        sentence, language = sentence_in(rule, words.language)
        names = [_parameter(name, session, words) for name in rule.parameters]
        told = {"name": rule.name, "sentence": sentence, "lang": language}
        rules.append({**told, "formula": rule.formula, "parameters": names})
    return {
        **_button(box.name, words),
        "ways": ways(box.name, words),
        "rules": rules,
        "others": [_parameter(name, session, words) for name in box.others],
        "cut": [_group(group, names, session, words) for group, names in groups_of(box)],
        "note": _note(box, words),
    }


def ways(name: str, words: Words) -> list[str]:
    """From which boxes a box takes something, and to which it gives."""

    def titles(found: Iterable[str]) -> str:
        own = set(found)
        return ", ".join(words(f"box_{step}").lower() for step, _ in steps() if step in own)

    takes = titles(one for one, other in carried() if other == name)
    gives = titles(other for one, other in carried() if one == name)
    told = (("box_takes", takes), ("box_gives", gives))
    return [words(key, boxes=found) for key, found in told if found]


def _parameter(name: str, session: Session, words: Words) -> dict[str, str]:
    one = BY_NAME[name]
    told = {
        "name": name,
        "label": one.label(words.language),
        "value": f"{cell_text(one.default, words)} {words.unit(one.unit)}".strip(),
        "source": source_text(one.source, words),
        "effect": "",
        "link": "",
    }
    if name in condition_of():
        found = knock_out(name)
        told["effect"] = words("not_knocked_out") if found is None else effect(found, words)
        told["link"] = without((name,), session)
    return told


def _group(group: str, names: tuple[str, ...], session: Session, words: Words) -> dict[str, str]:
    """All arrows of a group at zero; what was found is told only of the very same arrows."""
    found = knock_out_of_group(group)
    told = words("knock_out_group", count=len(names), group=group_name(group, words))
    if found is not None and found.is_current:
        told += f" {effect(found, words)}"
    return {"name": group, "effect": told, "link": without(names, session)}


def effect(found: KnockOut, words: Words) -> str:
    """What became of the clear statements with an arrow at zero."""
    counts = {key: words.number(getattr(found, key)) for key in ("survives", "weakens", "turns")}
    return words("knocked_out", all=words.number(found.all), **counts)


def _note(box: Box, words: Words) -> str:
    """How the effects are to be read: from which model, and that a run tells today's."""
    if not box.arrows:
        return words("no_knock_out")
    known = [found for found in map(knock_out, box.arrows) if found is not None]
    old = any(not found.is_current for found in known)
    return f"{words('knock_out_note')} {words('knock_out_old') if old else ''}".strip()


def without(names: Iterable[str], session: Session) -> str:
    """The link that runs the pair of governances in Compare with arrows at zero."""
    values = {"set": ",".join(f"{name}:0.0" for name in names)}
    view = query_of(session.carried.of_page(COMPARE, values))
    place = query_of(session.carried.query())
    parts = [view, place, f"lang={session.language.value}"]
    return f"{path_of(COMPARE)}?{'&'.join(filter(None, parts))}"
