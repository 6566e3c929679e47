"""Telegram's descriptions never reach a manager raw: our sentence states the reason, and quotes only unknown ones."""

import pytest

from holdline.telegram.refusal_reasons import reason_text
from holdline.telegram.refusal_table import TABLE
from holdline.texts import has_text, say

OWN_FAULTS = frozenset(
    {
        "text is empty", "text must be non-empty", "chat_id is empty", "name must be non-empty", "invalid icon color",
        "in the request", "wrong parameter action", "bad webhook", "webhook", "secret token", "method not found",
        "immediately deleted", "reaction_invalid", "reactions_too_many",
    }
)  # fmt: skip
"""Calls that we never make so, or of which nobody hears: where one comes all the same, its words are what helps."""
NEVER_TOLD = frozenset({"done", "migrated"})
SMALL = frozenset({"no_quote"})
"""What is sent once more without it, or drawn anew: no manager hears of the refusal."""


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
@pytest.mark.parametrize(
    "part", [part for part, action in TABLE if action not in NEVER_TOLD | SMALL and part not in OWN_FAULTS]
)
def test_every_known_refusal_has_a_text_of_ours(part: str, language: str) -> None:
    key = reason_text(f"Bad Request: {part}")["key"]
    assert has_text(key) and key != "refused_because.unknown"
    assert part not in say(key, language).lower()


def test_an_unknown_refusal_is_quoted_after_our_text() -> None:
    told = reason_text("Bad Request: SOMETHING_NEW")
    assert (
        say(told["key"], "en", **told["words"])
        == "Holdline does not know this reason yet (Bad Request: SOMETHING_NEW)"
    )
