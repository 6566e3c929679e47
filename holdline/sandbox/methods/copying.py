"""copyMessage and forwardMessage, for one and for many messages."""

from itertools import pairwise

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.keyboards import markup_of
from holdline.sandbox.markup.entities import caption_of
from holdline.sandbox.methods.sending import deliver, place_of
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.media import CAPTIONED, dice, poll
from holdline.sandbox.world.posting import CONTENT, is_service, kind_of, post
from holdline.sandbox.world.targets import chat_of

KEPT = (
    "entities",
    "caption",
    "caption_entities",
    "link_preview_options",
    "has_media_spoiler",
    "show_caption_above_media",
)
MANY_MOST = 100


def _source(tg: Telegram, ask: ApiRequest, missing: str) -> Json:
    chat = chat_of(tg, ask, "from_chat_id")
    message = chat.messages.get(ask.number("message_id"))
    if message is None:
        raise refusal(missing)
    return message


def _copiable(message: Json) -> bool:
    if is_service(message):
        return False
    original_poll = message.get("poll", {})
    return not (original_poll.get("type") == "quiz" and not original_poll.get("correct_option_ids"))


def _content(tg: Telegram, message: Json, *, fresh: bool) -> Json:
    """The content of the message. With `fresh` (a copy) a poll or a dice throw is created again."""
    content = {name: message[name] for name in (*CONTENT, *KEPT) if name in message}
    if fresh and "poll" in content:
        old = content["poll"]
        options = [option["text"] for option in old["options"]]
        same = ("type", "is_anonymous", "allows_multiple_answers", "correct_option_ids")
        content["poll"] = poll(tg, old["question"], options, **{key: old[key] for key in same if key in old})
    if fresh and "dice" in content:
        content["dice"] = dice(tg, content["dice"]["emoji"])
    if fresh and "location" in content:
        content["location"] = {k: v for k, v in content["location"].items() if k in ("latitude", "longitude")}
    return content


def copy_message(tg: Telegram, ask: ApiRequest) -> Json:
    chat_of(tg, ask)
    source = _source(tg, ask, "copy_not_found")
    if not _copiable(source):
        raise refusal("copy_cant")
    content = _content(tg, source, fresh=True)
    if "caption" in ask.params and kind_of(source) in CAPTIONED:
        text, entities = caption_of(
            ask.text("caption"), ask.text("parse_mode"), ask.json_objects("caption_entities")
        )
        content.pop("caption_entities", None)
        content["caption"] = text
        if entities:
            content["caption_entities"] = entities
        if not text:
            del content["caption"]
    return {"message_id": deliver(tg, ask, content)["message_id"]}


def forward_message(tg: Telegram, ask: ApiRequest) -> Json:
    chat_of(tg, ask)
    source = _source(tg, ask, "forward_not_found")
    if not _forwardable(source):
        raise refusal("forward_cant")
    return deliver(tg, ask, _content(tg, source, fresh=False) | _origin(source))


def _forwardable(message: Json) -> bool:
    return not is_service(message) and not message.get("has_protected_content")


def _origin(message: Json) -> Json:
    first: Json = {"type": "user", "date": message["date"], "sender_user": message["from"]}
    return {"forward_origin": message.get("forward_origin", first)}


def copy_messages(tg: Telegram, ask: ApiRequest) -> list[Json]:
    sources = [message for message in _sources(tg, ask) if _copiable(message)]
    if not sources:
        raise bad_request("there are no messages to copy")
    contents = [_content(tg, message, fresh=True) for message in sources]
    if ask.flag("remove_caption"):
        contents = [
            {k: v for k, v in content.items() if k not in ("caption", "caption_entities")}
            for content in contents
        ]
    return _deliver_many(tg, ask, sources, contents)


def forward_messages(tg: Telegram, ask: ApiRequest) -> list[Json]:
    sources = [message for message in _sources(tg, ask) if _forwardable(message)]
    if not sources:
        raise bad_request("there are no messages to forward")
    contents = [_content(tg, message, fresh=False) | _origin(message) for message in sources]
    return _deliver_many(tg, ask, sources, contents)


def _sources(tg: Telegram, ask: ApiRequest) -> list[Json]:
    """The messages to copy. Deleted ones are skipped, as on the real server."""
    numbers = ask.numbers("message_ids")
    if not numbers:
        raise bad_request(
            "there are no messages to copy" if "copy" in ask.method else "there are no messages to forward"
        )
    if len(numbers) > MANY_MOST:
        raise bad_request("too many messages to forward")
    if any(first >= second for first, second in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = chat_of(tg, ask, "from_chat_id")
    return [chat.messages[number] for number in numbers if number in chat.messages]


def _deliver_many(tg: Telegram, ask: ApiRequest, sources: list[Json], contents: list[Json]) -> list[Json]:
    chat, topic = place_of(tg, ask)
    markup_of(ask)
    now = tg.clock.now()
    tg.limits.admit(chat.id, now, parts=len(contents))
    groups = _groups(tg, sources)
    for source, content in zip(sources, contents, strict=True):
        if source.get("media_group_id") in groups:
            content["media_group_id"] = groups[source["media_group_id"]]
    messages = [_post_as_bot(tg, chat, content, topic) for content in contents]
    tg.limits.count(chat.id, now, parts=len(contents))
    return messages


def _post_as_bot(tg: Telegram, chat: Chat, content: Json, topic: Topic | None) -> Json:
    return {"message_id": post(tg, chat, tg.bot, content, topic=topic)["message_id"]}


def _groups(tg: Telegram, sources: list[Json]) -> dict[str, str]:
    """A new group id for each album of which at least two parts are copied."""
    old = [message["media_group_id"] for message in sources if "media_group_id" in message]
    return {group: str(tg.world.random.getrandbits(53)) for group in old if old.count(group) > 1}
