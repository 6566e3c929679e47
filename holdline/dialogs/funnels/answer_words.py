"""Which words that a customer types after a funnel's question are surely meant as its answer."""

from datetime import timedelta

PROMPT_WITHIN = timedelta(minutes=15)
"""How soon after a question words count as its answer without a Telegram reply to it. Later a customer who writes has
most likely forgotten the question.
"""
_LONGEST = 80
_ASKS = frozenset("?？؟")


def is_plain_answer(text: str) -> bool:
    """A few words on one line, which ask nothing. Anything else may be for a person as well."""
    words = text.strip()
    return 0 < len(words) <= _LONGEST and "\n" not in words and not _ASKS & set(words)
