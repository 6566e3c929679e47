"""The content of a marketing message: text with formatting, files, buttons. The same rules apply to every author."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.entities import LINK_LIMIT, valid_entities
from holdline.dialogs.text.html import parse_html
from holdline.dialogs.text.limits import CAPTION_LIMIT, OUTBOUND_LIMIT, fits, refuse_too_long
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import is_blank

MEDIA_KINDS = ("photo", "video", "animation", "document", "audio", "voice")
MOST_FILES = 10  # Bot API, sendMediaGroup
_ALBUMS = (frozenset({"photo", "video"}), frozenset({"document"}), frozenset({"audio"}))
"""The kinds that Telegram allows together in an album."""
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Medium:
    """A file: its kind, and Telegram's file id or the https address from which Telegram fetches it."""

    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class MarketingContent:
    """`media`: one file with the text as its caption, or an album. `link_preview` False shows none."""

    words: RichText
    media: tuple[Medium, ...] = ()
    buttons: tuple[Sequence[dict[str, Any]], ...] = ()
    link_preview: bool = True

    @property
    def parts(self) -> tuple[Content, ...]:
        """One message, or the parts of an album with the text in the first. `album_id` is set when it is stored."""
        data: dict[str, Any] = {} if self.link_preview else {"link_preview_options": {"is_disabled": True}}
        if self.buttons:
            data["buttons"] = [list(row) for row in self.buttons]
        words = (self.words.text, self.words.entities)
        if not self.media:
            return (Content("text", *words, data=data),)
        first, *others = self.media
        return (
            Content(first.kind, *words, data={**data, "file_id": first.source}),
            *(Content(other.kind, data={"file_id": other.source}) for other in others),
        )


def read_words(
    text: str | None, *, html: str | None = None, entities: Sequence[Mapping[str, Any]] | None = None
) -> RichText:
    """A plain text, a text with entities, or HTML. BadInput names what is wrong. With no argument the text is empty."""
    if html is not None:
        if text is not None or entities:
            raise BadInput("html", "mends.html_or_text")
        return parse_html(html)
    return RichText(text or "", valid_entities(text or "", entities or ()))


def read_media(written: Any) -> tuple[Medium, ...]:
    """{"photo": file_id or https address}, or up to ten of them as an album. BadInput names the invalid one."""
    if written is None:
        return ()
    if not isinstance(written, list):
        return (_read_medium(written, "media"),)
    if not 1 <= len(written) <= MOST_FILES:
        raise BadInput("media", "mends.media_count", most=MOST_FILES)
    media = tuple(_read_medium(one, f"media.{at}") for at, one in enumerate(written))
    kinds = {one.kind for one in media}
    if len(media) > 1 and not any(kinds <= together for together in _ALBUMS):
        raise BadInput("media", "mends.media_album")
    return media


def refuse_unsayable(content: MarketingContent) -> None:
    """Raises BadInput if the content is empty, too long, or more than Telegram allows in one message."""
    if not content.media and is_blank(content.words.text):
        raise BadInput("text", "text_empty")
    if len(content.media) > 1:
        if content.buttons:
            raise BadInput("buttons", "mends.album_buttons")
        refuse_too_long(content.words.text, CAPTION_LIMIT, field="text")
    refuse_too_long(content.words.text, OUTBOUND_LIMIT, field="text")


def _read_medium(written: Any, field: str) -> Medium:
    if not isinstance(written, dict) or len(written) != 1:
        raise BadInput(field, "mends.medium", kinds=", ".join(MEDIA_KINDS))
    kind, source = next(iter(written.items()))
    if kind not in MEDIA_KINDS:
        raise BadInput(field, "mends.medium", kinds=", ".join(MEDIA_KINDS))
    if not isinstance(source, str) or not (_FILE_ID.fullmatch(source) or _is_address(source)):
        raise BadInput(f"{field}.{kind}", "mends.medium_source")
    return Medium(str(kind), source)


def _is_address(source: str) -> bool:
    """Whether Telegram can fetch the file from this address. Only https, because http content could be replaced on the
    way.
    """
    if not fits(source, LINK_LIMIT) or any(sign.isspace() for sign in source):
        return False
    try:
        parts = urlsplit(source)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host and port != 0 and parts.username is None
