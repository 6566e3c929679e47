"""Content that Telegram refuses: three equal answers, and a broadcast waits for its author."""

from collections.abc import Mapping

EQUAL_REFUSALS = 3
ABOUT_CONTENT = frozenset({"park", "plain", "no_buttons", "media", "by_file", "try_again"})
"""What the table of refusals says of them: the words, the buttons or the file are wrong, whoever should read them."""


def count_refusal(before: Mapping[str, int], reason: str) -> dict[str, int]:
    """The same words of Telegram's once more."""
    return {**before, reason: before.get(reason, 0) + 1}


def is_enough(refusals: Mapping[str, int], reason: str) -> bool:
    """Whether nobody should try it on anybody else."""
    return refusals.get(reason, 0) >= EQUAL_REFUSALS
