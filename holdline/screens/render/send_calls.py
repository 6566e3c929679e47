"""The calls that send a message: text as text, everything else as a copy, never as a forward."""

from collections.abc import Mapping
from typing import Any

from holdline.dialogs.message import CAPTIONED, Content, Entities
from holdline.dialogs.text.limits import CAPTION_LIMIT, fits
from holdline.dialogs.text.richtext import RichText, lines
from holdline.screens.render.render_context import Params, RenderContext
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import within_caption

BY_FILE = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "animation": "sendAnimation",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "video_note": "sendVideoNote",
    "document": "sendDocument",
    "sticker": "sendSticker",
}
"""The method that sends a file of that kind by its Telegram file id."""
_PLACE = ("latitude", "longitude", "horizontal_accuracy", "heading", "proximity_alert_radius")
_BY_FIELDS = {
    "location": ("sendLocation", (*_PLACE, "live_period")),
    "venue": ("sendVenue", ("latitude", "longitude", "title", "address", "foursquare_id", "foursquare_type",
                            "google_place_id", "google_place_type")),
    "contact": ("sendContact", ("phone_number", "first_name", "last_name", "vcard")),
    "dice": ("sendDice", ("emoji",)),
}  # fmt: skip


def text_call(context: RenderContext, text: RichText, *extra: Mapping[str, Any]) -> Call | Skip:
    """sendMessage. Skips an empty text, which Telegram would refuse."""
    if not text.text.strip():
        return Skip("there are no words in it")
    params = {**context.target(), "text": text.text, **entities_as("entities", text.entities)}
    return Call("sendMessage", _merge(params, extra))


def media_call(
    context: RenderContext, content: Content, caption: RichText | None, *extra: Mapping[str, Any]
) -> Call | Skip:
    """copyMessage of the original, or its data sent again if it cannot be copied. `caption` None keeps the caption.

    A caption longer than a bot may send is cut; further items send the rest.
    """
    if caption is None and not fits(content.text, CAPTION_LIMIT):
        caption = RichText(content.text, content.entities)
    words = _caption(content, caption)
    moves = content.kind == "location" and content.data.get("live_period")  # a copy would not move
    if content.chat_id is None or content.tg_message_id is None or content.data.get("protected") or moves:
        return _send_anew(context, content, extra, caption)
    source = {"from_chat_id": content.chat_id, "message_id": content.tg_message_id}
    return Call("copyMessage", _merge({**context.target(), **source, **words}, extra))


def input_medium(content: Content, caption: RichText | None) -> Params:
    """The file in the form of sendMediaGroup and editMessageMedia. `caption` None keeps its own caption."""
    words = within_caption(caption or RichText(content.text, content.entities))
    medium = {"type": content.kind, "media": content.data["file_id"]}
    if words.text:
        medium |= {"caption": words.text, **entities_as("caption_entities", words.entities)}
    if content.data.get("has_media_spoiler"):
        medium["has_spoiler"] = True
    if content.data.get("show_caption_above_media"):
        medium["show_caption_above_media"] = True
    return medium


def location_fields(content: Content) -> Params:
    """A location's fields as the Bot API names them."""
    return {name: content.data[name] for name in _PLACE if content.data.get(name) is not None}


def fits_caption(text: RichText) -> bool:
    return fits(text.text, CAPTION_LIMIT)


def with_last_line(caption: RichText, line: str) -> RichText:
    """The caption and a line below it, if both fit into a caption."""
    both = lines(caption, RichText(line))
    return both if fits_caption(both) else caption


def entities_as(name: str, entities: Entities) -> Params:
    return {name: list(entities)} if entities else {}


def _caption(content: Content, caption: RichText | None) -> Params:
    if caption is None or content.kind not in CAPTIONED:
        return {}
    within = within_caption(caption)
    above = {"show_caption_above_media": True} if content.data.get("show_caption_above_media") else {}
    return {"caption": within.text, **entities_as("caption_entities", within.entities), **above}


def _send_anew(
    context: RenderContext, content: Content, extra: tuple[Mapping[str, Any], ...], caption: RichText | None
) -> Call | Skip:
    """Sends content that cannot be copied (no original, or protected) from its stored data."""
    data = content.data
    if content.kind in BY_FILE and data.get("file_id") and not data.get("live"):
        words = _caption(content, caption or RichText(content.text, content.entities))
        spoiler = {"has_spoiler": True} if data.get("has_media_spoiler") else {}
        params = {**context.target(), content.kind: data["file_id"], **words, **spoiler}
        return Call(BY_FILE[content.kind], _merge(params, extra))
    if content.kind in _BY_FIELDS:
        method, fields = _BY_FIELDS[content.kind]
        kept = {name: data[name] for name in fields if data.get(name) is not None}
        return Call(method, _merge({**context.target(), **kept}, extra))
    return Skip(f"a {content.kind} without its original cannot be said again", is_loss=True)


def _merge(params: Params, extra: tuple[Mapping[str, Any], ...]) -> Params:
    for more in extra:
        params.update(more)
    return params
