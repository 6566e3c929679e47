"""An album is treated as one message: what one part says applies to all parts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import is_for_desk_only, is_note, note_text

GATHER = timedelta(seconds=0.8)
"""Parts arrive milliseconds apart. An album is complete when no part has arrived for this long."""


def main_part(parts: Sequence[Content]) -> Content:
    """The part that decides how the album is treated: one for the desk only, else one with text, else the first."""
    by_rank = sorted(parts, key=lambda part: (not is_for_desk_only(part.text), not part.text))
    return by_rank[0]


def with_one_reply(parts: Sequence[Content]) -> list[Content]:
    """Gives every part the reply reference that only one of them may carry."""
    reply = next((part.reply_to_tg_id for part in parts if part.reply_to_tg_id is not None), None)
    outside = next((part.reply_outside for part in parts if part.reply_outside is not None), None)
    return [replace(part, reply_to_tg_id=reply, reply_outside=outside) for part in parts]


def without_note_marks(parts: Sequence[Content]) -> list[Content]:
    """The parts as a note stores them, without the note mark."""
    return [replace(part, text=note_text(part.text)) if is_note(part.text) else part for part in parts]
