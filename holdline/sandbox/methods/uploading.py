"""Messages with a file: by upload, by file_id or by URL; single or as an album."""

from urllib.parse import urlsplit

from holdline.sandbox.check import valid_part
from holdline.sandbox.errors import Refusal, bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.markup.entities import caption_of
from holdline.sandbox.methods.sending import deliver, place_of, reply_fields
from holdline.sandbox.server.api_request import ApiRequest, Upload
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.media import CAPTIONED, file_content
from holdline.sandbox.world.posting import post
from holdline.sandbox.world.stored_files import StoredFile

UPLOAD_MOST = 50 * 1024 * 1024
PHOTO_MOST = 10 * 1024 * 1024
"""Upload limits of the hosted Bot API (its documentation)."""

RIGHTS = {
    "photo": "can_send_photos",
    "video": "can_send_videos",
    "audio": "can_send_audios",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "video_note": "can_send_video_notes",
}
SHAPE = ("duration", "width", "height", "length", "performer", "title")


def file_of(tg: Telegram, ask: ApiRequest, value: object, kind: str) -> StoredFile:
    """The file that a parameter refers to."""
    if isinstance(value, str) and value.startswith("attach://"):
        upload = ask.uploads.get(value.removeprefix("attach://"))
        if upload is not None:
            return _store_upload(tg, kind, upload)
        value = None
    if not value or not isinstance(value, str):
        raise _none_given(kind)
    stored = tg.files.find(value)
    if stored:
        return stored
    try:
        parts = urlsplit(value)
    except ValueError:
        raise refusal("wrong_file_identifier") from None
    if parts.scheme in ("http", "https") and parts.hostname:
        return tg.files.add(kind, name=parts.path.rsplit("/", 1)[-1] or None)
    raise refusal("wrong_file_identifier")


def _none_given(kind: str) -> Refusal:
    error = refusal("no_file_in_request")
    named = kind.replace("_", " ")
    return Refusal(error.code, error.description.replace("photo", named))


def _store_upload(tg: Telegram, kind: str, upload: Upload) -> StoredFile:
    if len(upload.content) > UPLOAD_MOST:
        raise refusal("entity_too_large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo" and len(upload.content) > PHOTO_MOST:
        raise bad_request("too big file for a photo")
    return tg.files.add(kind, name=upload.name, mime=upload.mime, content=upload.content)


def media_content(stored: StoredFile, fields: Json) -> Json:
    """The message fields of an InputMedia, with its caption."""
    kind = str(fields["type"])
    extra = {name: fields[name] for name in SHAPE if name in fields}
    content = file_content(stored, kind, extra)
    caption, entities = caption_of(
        str(fields.get("caption") or ""),
        str(fields.get("parse_mode") or ""),
        fields.get("caption_entities") or [],
    )
    if caption:
        content["caption"] = caption
    if entities:
        content["caption_entities"] = entities
    for name, field in (("has_spoiler", "has_media_spoiler"), ("show_caption_above_media",) * 2):
        if fields.get(name) is True:
            content[field] = True
    return content


KINDS = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendDocument": "document",
    "sendSticker": "sticker",
}
NUMBERS = ("duration", "width", "height", "length")


def send_file(tg: Telegram, ask: ApiRequest) -> Json:
    """sendPhoto and the similar methods."""
    kind = KINDS[ask.method]
    fields: Json = {"type": kind}
    fields |= {name: ask.number(name) for name in NUMBERS if name in ask.params}
    fields |= {name: ask.text(name) for name in ("performer", "title", "emoji") if ask.text(name)}
    if kind in CAPTIONED:
        fields |= {"caption": ask.text("caption"), "parse_mode": ask.text("parse_mode")}
        fields["caption_entities"] = ask.json_objects("caption_entities")
        fields["has_spoiler"] = ask.flag("has_spoiler")
        fields["show_caption_above_media"] = ask.flag("show_caption_above_media")
    place_of(tg, ask, RIGHTS.get(kind, "can_send_other_messages"))
    content = media_content(file_of(tg, ask, ask.params.get(kind), kind), fields)
    return deliver(tg, ask, content, right=RIGHTS.get(kind, "can_send_other_messages"))


ALONE = {"document", "audio"}
INPUT = {
    "photo": "InputMediaPhoto",
    "video": "InputMediaVideo",
    "animation": "InputMediaAnimation",
    "audio": "InputMediaAudio",
    "document": "InputMediaDocument",
}


def input_media(value: object) -> Json:
    """The InputMedia. Raises the server's error if it is malformed."""
    kind = value.get("type") if isinstance(value, dict) else None
    part = valid_part(value, INPUT[kind]) if isinstance(kind, str) and kind in INPUT else None
    if part is None:
        raise bad_request("can't parse InputMedia: a type and a file are needed")
    return part


def send_media_group(tg: Telegram, ask: ApiRequest) -> list[Json]:
    """Sends all parts or none. Documents and audio cannot be mixed with other kinds."""
    chat, topic = place_of(tg, ask)
    media = [input_media(item) for item in ask.json_objects("media")]
    kinds = {str(item["type"]) for item in media}
    if not 2 <= len(media) <= 10:
        raise bad_request("media group must include 2-10 items")
    if not kinds <= {"photo", "video", "document", "audio"} or (kinds & ALONE and len(kinds) > 1):
        raise bad_request("the media group's type can't be used")
    reply_to, more = reply_fields(tg, chat, ask)
    now, pays = tg.clock.now(), ask.flag("allow_paid_broadcast")
    tg.limits.admit(chat.id, now, parts=len(media), pays=pays)
    contents = [media_content(file_of(tg, ask, item.get("media"), str(item["type"])), item) for item in media]
    group = {"media_group_id": str(tg.world.random.getrandbits(53))}
    messages = [
        post(tg, chat, tg.bot, more | group | content, topic=topic, reply_to=reply_to) for content in contents
    ]
    tg.limits.count(chat.id, now, parts=len(media), pays=pays)
    return messages
