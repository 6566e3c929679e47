"""The label of a message inside a sentence: a quote of its text, otherwise its kind."""

from typing import Any

from holdline.dialogs.message import KINDS, Content
from holdline.dialogs.text.splitting import truncate

ContentLabel = dict[str, Any]
"""A text key with its words, rendered for each reader in their language."""


def content_label(content: Content, *, most: int) -> ContentLabel:
    """The label of the content; `most`: how much of the text is quoted."""
    quoted = truncate(content.text, most)
    if quoted.strip():
        return {"key": "delivery.what_words", "words": {"quoted": quoted}}
    return {"key": kind_key(content)}


def kind_key(content: Content) -> str:
    """The key of the text that names its kind."""
    return f"desk_notices.kind_{content.kind if content.kind in KINDS else 'other'}"
