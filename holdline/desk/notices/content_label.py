"""What somebody said, named inside a sentence of ours: its words quoted, else its kind."""

from typing import Any

from holdline.dialogs.message import KINDS, Content
from holdline.dialogs.text.splitting import truncate

ContentLabel = dict[str, Any]
"""A key with its words, which each reader gets in their own language."""


def content_label(content: Content, *, most: int) -> ContentLabel:
    """`most`: how much of the words is quoted."""
    quoted = truncate(content.text, most)
    if quoted.strip():
        return {"key": "delivery.what_words", "words": {"quoted": quoted}}
    return {"key": kind_key(content)}


def kind_key(content: Content) -> str:
    """The text that names its kind."""
    return f"desk_notices.kind_{content.kind if content.kind in KINDS else 'other'}"
