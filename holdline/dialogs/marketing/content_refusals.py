"""Content that Telegram refuses: after three equal refusals its broadcast or its funnel is paused."""

from collections.abc import Mapping

EQUAL_REFUSALS = 3
ABOUT_CONTENT = frozenset({"park", "plain", "no_buttons", "media", "by_file", "try_again"})
"""The actions for refusals that concern the text, the buttons or the file, and not the recipient."""


def count_refusal(before: Mapping[str, int], reason: str) -> dict[str, int]:
    """The counts with one more refusal for this reason."""
    return {**before, reason: before.get(reason, 0) + 1}


def is_enough(refusals: Mapping[str, int], reason: str) -> bool:
    """Whether the content should not be tried on anybody else."""
    return refusals.get(reason, 0) >= EQUAL_REFUSALS
