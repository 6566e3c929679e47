"""Methods that edit and delete the bot's messages."""

from collections.abc import Callable

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.keyboards import markup_of
from holdline.sandbox.markup.entities import caption_of, text_of
from holdline.sandbox.methods.uploading import file_of, input_media, media_content
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.media import CAPTIONED
from holdline.sandbox.world.posting import is_service, kind_of, remove, replace
from holdline.sandbox.world.targets import chat_of, writable

DELETABLE_SECONDS = 48 * 3600
"""Messages older than 48 hours cannot be deleted (Bot API documentation)."""


def _own(tg: Telegram, ask: ApiRequest) -> tuple[Chat, Json]:
    chat = chat_of(tg, ask)
    writable(tg, chat)
    message = chat.messages.get(ask.number("message_id"))
    if message is None:
        raise refusal("edit_not_found")
    if message["from"]["id"] != tg.bot.id or is_service(message) or "forward_origin" in message:
        raise refusal("edit_cant")
    return chat, message


def _apply_change(tg: Telegram, ask: ApiRequest, change: Callable[[Json], Json]) -> Json:
    """Applies the change and the keyboard of the request. Raises the server's error if nothing would change."""
    chat, old = _own(tg, ask)
    new = change({key: value for key, value in old.items() if key not in ("reply_markup", "edit_date")})
    markup = markup_of(ask)
    if markup:
        new["reply_markup"] = markup
    if new == {key: value for key, value in old.items() if key != "edit_date"}:
        raise refusal("not_modified")
    now = tg.clock.now()
    tg.limits.admit(chat.id, now, new=False)
    new["edit_date"] = tg.clock.date()
    tg.limits.count(chat.id, now, new=False)
    return replace(tg, chat, new)


def edit_text(tg: Telegram, ask: ApiRequest) -> Json:
    def change(message: Json) -> Json:
        if "text" not in message:
            raise refusal("edit_no_text")
        text, entities = text_of(ask.text("text"), ask.text("parse_mode"), ask.json_objects("entities"))
        message = {
            key: value for key, value in message.items() if key not in ("entities", "link_preview_options")
        }
        message["text"] = text
        if entities:
            message["entities"] = entities
        preview = ask.json_object("link_preview_options", "LinkPreviewOptions")
        return message | ({"link_preview_options": preview} if preview else {})

    return _apply_change(tg, ask, change)


def edit_caption(tg: Telegram, ask: ApiRequest) -> Json:
    def change(message: Json) -> Json:
        if kind_of(message) not in CAPTIONED:
            raise bad_request("there is no caption in the message to edit")
        caption, entities = caption_of(
            ask.text("caption"), ask.text("parse_mode"), ask.json_objects("caption_entities")
        )
        message = {key: value for key, value in message.items() if key not in ("caption", "caption_entities")}
        if caption:
            message["caption"] = caption
        return message | ({"caption_entities": entities} if entities else {})

    return _apply_change(tg, ask, change)


def edit_markup(tg: Telegram, ask: ApiRequest) -> Json:
    return _apply_change(tg, ask, lambda message: message)


def edit_media(tg: Telegram, ask: ApiRequest) -> Json:
    def change(message: Json) -> Json:
        if kind_of(message) not in (*CAPTIONED, "text"):
            raise refusal("edit_cant")
        replaced_keys = (
            *CAPTIONED,
            "text",
            "entities",
            "caption",
            "caption_entities",
            "link_preview_options",
        )
        kept = {key: value for key, value in message.items() if key not in replaced_keys}
        media = input_media(ask.params.get("media"))
        stored = file_of(tg, ask, media.get("media"), str(media["type"]))
        return kept | media_content(stored, media)

    return _apply_change(tg, ask, change)


def _deletable(tg: Telegram, chat: Chat, message: Json) -> None:
    if "forum_topic_created" in message or "migrate_from_chat_id" in message:
        raise refusal("delete_cant")
    standing = chat.member(tg.bot.id)
    own = message["from"]["id"] == tg.bot.id
    if not chat.private and not own and not (standing.is_admin and standing.may("can_delete_messages")):
        raise refusal("delete_cant")
    if tg.clock.now() - message["date"] > DELETABLE_SECONDS:
        raise refusal("delete_cant_everyone")


def delete_one(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    message = chat.messages.get(ask.number("message_id"))
    if message is None:
        raise refusal("delete_not_found")
    _deletable(tg, chat, message)
    remove(tg, chat, message["message_id"])
    return True


def delete_many(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    numbers = ask.numbers("message_ids")
    if not 0 < len(numbers) <= 100:
        raise bad_request(
            "message identifiers are not specified"
            if not numbers
            else "too many message identifiers specified"
        )
    messages = [chat.messages[number] for number in numbers if number in chat.messages]
    for message in messages:
        _deletable(tg, chat, message)
    for message in messages:
        remove(tg, chat, message["message_id"])
    return True
