"""Every word of the report by language, so that another language is one more entry.

A text is markup: names that come from users are escaped where they are filled in.
"""

from __future__ import annotations

from velfaerd_sim.reporting import texts_answer, texts_page, texts_worlds


def _unbreakable(texts: dict[str, str]) -> dict[str, str]:
    """The texts without a line break inside numbers and after signs."""
    result = {}
    for key, text in texts.items():
        for sign in "▲▼≈●":
            text = text.replace(f"{sign} ", f"{sign}\u00a0")
        result[key] = text.replace("1 000", "1\u202f000")
    return result


TEXTS: dict[str, dict[str, str]] = {
    "en": _unbreakable(texts_page.ENGLISH | texts_answer.ENGLISH | texts_worlds.ENGLISH),
}
LIMITS: dict[str, tuple[tuple[str, str], ...]] = {"en": texts_page.LIMITS_ENGLISH}
NARROW: dict[str, tuple[str, str]] = {"en": texts_page.NARROW_ENGLISH}
"""The one of the limits that says that parameters are held fixed."""

IMPORTANT_PARAMETERS = (
    "espoused_gap",
    "dialogue_hours_asked",
    "adults_per_staff",
    "promise_weight",
    "autonomy_from_influence",
    "autonomy_lost_to_rules",
    "influence_from_dialogue",
    "leaving_log_odds",
    "leaving_motivation",
    "contact_effect",
    "companion_loss_effect",
    "contagion_strength",
    "life_event_probability",
    "outreach_rate",
)
"""The uncertain parameters that are shown unfolded; chosen by judgement."""
