"""sendMessage, and the kinds of message without a file."""

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.keyboards import markup_of
from holdline.sandbox.markup import utf16
from holdline.sandbox.markup.entities import text_of
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.media import DICE_MOST, dice, poll
from holdline.sandbox.world.posting import post
from holdline.sandbox.world.targets import chat_of, topic_of, writable

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "record_audio",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
    "cancel",
}


def place_of(tg: Telegram, ask: ApiRequest, right: str = "can_send_messages") -> tuple[Chat, Topic | None]:
    """The chat and the topic of the message. Raises the server's error if the bot may not write there."""
    chat = chat_of(tg, ask)
    writable(tg, chat, right)
    return chat, topic_of(tg, chat, ask)


def reply_fields(tg: Telegram, chat: Chat, ask: ApiRequest) -> tuple[Json | None, Json]:
    """The message that is replied to, and further fields (a quote, a reply to another chat)."""
    reply = ask.json_object("reply_parameters", "ReplyParameters")
    if not reply and ask.number("reply_to_message_id"):
        reply = {"message_id": ask.number("reply_to_message_id")}
        reply["allow_sending_without_reply"] = ask.flag("allow_sending_without_reply")
    if not reply:
        return None, {}
    source = tg.world.chats.get(reply.get("chat_id", chat.id))
    message = source.messages.get(reply.get("message_id", 0)) if source else None
    if message is None or source is None:
        if reply.get("allow_sending_without_reply") is True:
            return None, {}
        raise refusal("reply_not_found")
    more = _quote(message, reply)
    if source is not chat:
        origin = {"type": "user", "date": message["date"], "sender_user": message["from"]}
        return None, more | {"external_reply": {"origin": origin, "message_id": message["message_id"]}}
    return message, more


def _quote(message: Json, reply: Json) -> Json:
    words = reply.get("quote")
    if not isinstance(words, str) or not words:
        return {}
    before, quoted, _ = str(message.get("text", message.get("caption", ""))).partition(words)
    if not quoted:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {"quote": {"text": words, "position": utf16.length(before), "is_manual": True}}


def deliver(tg: Telegram, ask: ApiRequest, content: Json, *, right: str = "can_send_messages") -> Json:
    """Counts the message against the limits and posts it as the bot."""
    chat, topic = place_of(tg, ask, right)
    reply_to, more = reply_fields(tg, chat, ask)
    markup = markup_of(ask)
    if markup:
        content["reply_markup"] = markup
    if ask.flag("protect_content"):
        content["has_protected_content"] = True
    now, pays = tg.clock.now(), ask.flag("allow_paid_broadcast")
    tg.limits.admit(chat.id, now, pays=pays)
    message = post(tg, chat, tg.bot, more | content, topic=topic, reply_to=reply_to)
    tg.limits.count(chat.id, now, pays=pays)
    return message


def send_message(tg: Telegram, ask: ApiRequest) -> Json:
    text, entities = text_of(ask.text("text"), ask.text("parse_mode"), ask.json_objects("entities"))
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    preview = ask.json_object("link_preview_options", "LinkPreviewOptions")
    if preview:
        content["link_preview_options"] = preview
    return deliver(tg, ask, content)


def send_location(tg: Telegram, ask: ApiRequest) -> Json:
    return deliver(tg, ask, {"location": _location(ask)})


def _location(ask: ApiRequest) -> Json:
    location: Json = {"latitude": ask.decimal("latitude"), "longitude": ask.decimal("longitude")}
    if abs(location["latitude"]) > 90 or abs(location["longitude"]) > 180 or "latitude" not in ask.params:
        raise bad_request("invalid location specified")
    for name in ("live_period", "heading", "proximity_alert_radius"):
        if name in ask.params:
            location[name] = ask.number(name)
    return location


def send_venue(tg: Telegram, ask: ApiRequest) -> Json:
    venue: Json = {"location": _location(ask), "title": ask.text("title"), "address": ask.text("address")}
    for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
        if ask.text(name):
            venue[name] = ask.text(name)
    return deliver(tg, ask, {"venue": venue, "location": venue["location"]})


def send_contact(tg: Telegram, ask: ApiRequest) -> Json:
    contact: Json = {"phone_number": ask.text("phone_number"), "first_name": ask.text("first_name")}
    if not contact["phone_number"]:
        raise bad_request("phone number must be non-empty")
    if not contact["first_name"]:
        raise bad_request("first name must be non-empty")
    for name in ("last_name", "vcard"):
        if ask.text(name):
            contact[name] = ask.text(name)
    return deliver(tg, ask, {"contact": contact})


def send_poll(tg: Telegram, ask: ApiRequest) -> Json:
    options = [str(option.get("text", "")) for option in ask.json_objects("options")]
    if not ask.text("question"):
        raise bad_request("poll question must be non-empty")
    if len(options) < 2:
        raise bad_request("poll must have at least 2 option")
    flags = {name: ask.flag(name) for name in ("allows_multiple_answers", "is_closed") if name in ask.params}
    more: Json = {
        "type": ask.text("type") or "regular",
        "is_anonymous": ask.flag("is_anonymous", True),
    } | flags
    if more["type"] == "quiz":
        more["correct_option_ids"] = ask.numbers("correct_option_ids")
    content = {"poll": poll(tg, ask.text("question"), options, **more)}
    return deliver(tg, ask, content, right="can_send_polls")


def send_dice(tg: Telegram, ask: ApiRequest) -> Json:
    emoji = ask.text("emoji") or "🎲"
    if emoji not in DICE_MOST:
        raise bad_request("EMOTICON_INVALID")
    return deliver(tg, ask, {"dice": dice(tg, emoji)}, right="can_send_other_messages")


def send_chat_action(tg: Telegram, ask: ApiRequest) -> bool:
    if ask.text("action") not in ACTIONS:
        raise refusal("wrong_action")
    chat, topic = place_of(tg, ask)
    action: Json = {"action": ask.text("action")}
    if topic:
        action["message_thread_id"] = topic.id
    tg.show("action", action, chat)
    return True
