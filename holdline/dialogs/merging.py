"""Short lines of one customer that wait for their turn in a chat of the desk: which may leave as one message.

Only what the pace of the chat makes wait is merged. A line whose turn comes at once leaves alone, so where no limit is
wanted, or a high one, every line stays a message of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from holdline.dialogs.message import Content, Message
from holdline.dialogs.text.limits import HEADER_ROOM, TEXT_LIMIT, length
from holdline.dialogs.text.richtext import RichText, lines

MERGED_FROM = 4
"""Lines that must wait: fewer are read more easily one by one."""
MERGED_AT_MOST = 20
WORTH_MERGING = timedelta(seconds=0.5)
"""A shorter pause of the chat is over before anybody misses the next line."""


def may_be_merged(message: Message) -> bool:
    """A customer's plain words, without anything that belongs to this message alone."""
    content = message.content
    plain = content.kind == "text" and not content.data and content.album_id is None
    return plain and message.author_kind == "customer" and message.reply_to_id is None


def fit_together(contents: Iterable[Content]) -> bool:
    """Whether one message holds them, each on a line of its own under a head."""
    return sum(length(content.text) + 1 for content in contents) <= TEXT_LIMIT - HEADER_ROOM


def count_fitting(messages: Sequence[Message]) -> int:
    """How many of them from the start may leave as one message."""
    count = 0
    for message in messages[:MERGED_AT_MOST]:
        if not may_be_merged(message) or not fit_together(m.content for m in messages[: count + 1]):
            break
        count += 1
    return count


def with_lines(first: RichText, others: Iterable[Content]) -> RichText:
    """One under another, as they were written."""
    return lines(first, *(RichText(content.text, content.entities) for content in others))
