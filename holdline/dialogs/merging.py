"""Which short messages of one customer may leave as one message while they wait in a chat of the desk.

Only messages that wait because of the chat's pace are merged. A message whose turn comes at once is sent alone, so
with no limit or a high one, nothing is merged.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from holdline.dialogs.message import Content, Message
from holdline.dialogs.text.limits import HEADER_ROOM, TEXT_LIMIT, length
from holdline.dialogs.text.richtext import RichText, lines

MERGED_FROM = 4
"""The fewest waiting messages that are merged; fewer are easier to read one by one."""
MERGED_AT_MOST = 20
WORTH_MERGING = timedelta(seconds=0.5)
"""If the chat pauses for less than this, nothing is merged."""


def may_be_merged(message: Message) -> bool:
    """Whether the message is a customer's plain text that carries no data, album or reply of its own."""
    content = message.content
    plain = content.kind == "text" and not content.data and content.album_id is None
    return plain and message.author_kind == "customer" and message.reply_to_id is None


def fit_together(contents: Iterable[Content]) -> bool:
    """Whether one message has room for all of them, each on its own line below a header."""
    return sum(length(content.text) + 1 for content in contents) <= TEXT_LIMIT - HEADER_ROOM


def count_fitting(messages: Sequence[Message]) -> int:
    """How many messages, from the first on, may leave as one message."""
    count = 0
    for message in messages[:MERGED_AT_MOST]:
        if not may_be_merged(message) or not fit_together(m.content for m in messages[: count + 1]):
            break
        count += 1
    return count


def with_lines(first: RichText, others: Iterable[Content]) -> RichText:
    """Joins the texts, one below another, with their formatting."""
    return lines(first, *(RichText(content.text, content.entities) for content in others))
