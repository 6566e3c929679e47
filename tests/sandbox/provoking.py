"""One way to meet each documented error, by its id."""

import io
from collections.abc import Awaitable, Callable
from typing import Any

from holdline.sandbox import SEED_GROUP
from tests.sandbox.wire import Json, Wire

Provoke = Callable[[Wire], Awaitable[Json]]
PROVOKE: dict[str, Provoke] = {}
BUTTON = {"text": "Yes", "callback_data": "yes"}
GROUP = -1000000000777


def meets(error_id: str) -> Callable[[Provoke], Provoke]:
    def kept(function: Provoke) -> Provoke:
        PROVOKE[error_id] = function
        return function

    return kept


def plainly(error_id: str, method: str, **params: Any) -> None:
    """An error that one call to a person who has written meets."""

    async def provoke(wire: Wire) -> Json:
        wire.box.says(5, "/start")
        return await wire.call(method, **params)

    PROVOKE[error_id] = provoke


def at(error_id: str, path: str, token: str = "123456:sandbox") -> None:
    async def provoke(wire: Wire) -> Json:
        async with wire.session.get(f"{wire.url}/bot{token}/{path}") as answer:
            wire.status = answer.status
            body: Json = await answer.json()
            return body

    PROVOKE[error_id] = provoke


at("path_not_found", "")
at("method_not_found", "makeCoffee")
at("unauthorized", "getMe", "654321:other")
at("token_malformed", "getMe", "nonsense")

plainly("webhook_bad", "setWebhook", url="http://example.org/hook")
plainly("webhook_url_invalid", "setWebhook", url="nowhere")
plainly("webhook_secret_chars", "setWebhook", url="http://127.0.0.1:9/", secret_token="a b")
plainly("webhook_secret_long", "setWebhook", url="http://127.0.0.1:9/", secret_token="a" * 257)
plainly("chat_id_empty", "sendMessage", text="hi")
plainly("chat_not_found", "sendMessage", chat_id=404, text="hi")
plainly("bot_to_bot", "sendMessage", chat_id=123456, text="hi")
plainly("cant_initiate", "sendMessage", chat_id=111111111, text="hi")
plainly("text_empty", "sendMessage", chat_id=5, text="")
plainly("text_must_be_non_empty", "sendMessage", chat_id=5, text=" \n ")
plainly("text_too_long", "sendMessage", chat_id=5, text="x" * 4097)
plainly("caption_too_long", "sendPhoto", chat_id=5, photo="http://x.org/a.jpg", caption="x" * 1025)
plainly("html_unsupported_tag", "sendMessage", chat_id=5, text="é<foo>", parse_mode="HTML")
plainly("html_unclosed", "sendMessage", chat_id=5, text="<b>x", parse_mode="HTML")
plainly("html_unmatched", "sendMessage", chat_id=5, text="<b><i>x</b></i>", parse_mode="HTML")
plainly("html_unexpected_end", "sendMessage", chat_id=5, text="x</b>", parse_mode="HTML")
plainly("md2_reserved", "sendMessage", chat_id=5, text="a.b", parse_mode="MarkdownV2")
plainly(
    "markup_json", "sendMessage", chat_id=5, text="x", reply_markup={"inline_keyboard": [[{"text": "x"}]]}
)
plainly("markup_object", "sendMessage", chat_id=5, text="x", reply_markup=[])
plainly(
    "button_data_invalid",
    "sendMessage",
    chat_id=5,
    text="x",
    reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "я" * 33}]]},
)
plainly(
    "button_url_invalid",
    "sendMessage",
    chat_id=5,
    text="x",
    reply_markup={"inline_keyboard": [[{"text": "x", "url": "no where"}]]},
)
plainly(
    "markup_too_long",
    "sendMessage",
    chat_id=5,
    text="x",
    reply_markup={"inline_keyboard": [[BUTTON] * 8] * 50},
)
plainly("edit_not_found", "editMessageText", chat_id=5, message_id=99, text="x")
plainly("edit_cant", "editMessageText", chat_id=5, message_id=1, text="x")
plainly("delete_not_found", "deleteMessage", chat_id=5, message_id=99)
plainly("copy_not_found", "copyMessage", chat_id=5, from_chat_id=5, message_id=99)
plainly("forward_not_found", "forwardMessage", chat_id=5, from_chat_id=5, message_id=99)
plainly("reply_not_found", "sendMessage", chat_id=5, text="x", reply_parameters={"message_id": 99})
plainly("pin_not_found", "pinChatMessage", chat_id=5, message_id=99)
plainly("react_not_found", "setMessageReaction", chat_id=5, message_id=99, reaction=[])
plainly(
    "reaction_invalid",
    "setMessageReaction",
    chat_id=5,
    message_id=1,
    reaction=[{"type": "emoji", "emoji": "🧀"}],
)
plainly("query_too_old", "answerCallbackQuery", callback_query_id="nothing")
plainly("thread_not_found", "sendMessage", chat_id=SEED_GROUP, message_thread_id=1, text="x")
plainly("topic_name_empty", "createForumTopic", chat_id=SEED_GROUP, name=" ")
plainly("topic_icon_color", "createForumTopic", chat_id=SEED_GROUP, name="x", icon_color=1)
plainly("no_file_in_request", "sendPhoto", chat_id=5)
plainly("wrong_file_id", "getFile", file_id="nothing")
plainly("wrong_file_identifier", "sendPhoto", chat_id=5, photo="nothing")
plainly("wrong_action", "sendChatAction", chat_id=5, action="dance")
plainly("commands_json", "setMyCommands", commands="[oops")


@meets("logged_out")
async def _logged_out(wire: Wire) -> Json:
    await wire.good("logOut")
    return await wire.call("getMe")


@meets("restart")
async def _restart(wire: Wire) -> Json:
    wire.box.faults.add("getMe", error_code=500, description="Internal Server Error: restart")
    return await wire.call("getMe")


@meets("bad_gateway")
async def _bad_gateway(wire: Wire) -> Json:
    wire.box.faults.add("getMe", error_code=502)
    return await wire.call("getMe")


@meets("too_many_requests")
async def _too_many(wire: Wire) -> Json:
    wire.box.tg.limits.configure(on=True)
    wire.box.says(5, "/start")
    for _ in range(3):
        await wire.good("sendMessage", chat_id=5, text="x")
    return await wire.call("sendMessage", chat_id=5, text="x")


@meets("entity_too_large")
async def _too_large(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    form = {"chat_id": "5", "document": io.BytesIO(bytes(50 * 1024 * 1024 + 1))}
    async with wire.session.post(wire.address("sendDocument"), data=form) as answer:
        wire.status = answer.status
        body: Json = await answer.json()
        return body


@meets("conflict_webhook")
async def _conflict_webhook(wire: Wire) -> Json:
    await wire.good("setWebhook", url="http://127.0.0.1:9/")
    return await wire.call("getUpdates")


@meets("bot_blocked")
async def _blocked(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    wire.box.blocks(5)
    return await wire.call("sendMessage", chat_id=5, text="x")


@meets("user_deactivated")
async def _deactivated(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    wire.box.deactivates(5)
    return await wire.call("sendMessage", chat_id=5, text="x")


def _after_standing(error_id: str, kind: str, status: str, **rights: bool) -> None:
    @meets(error_id)
    async def provoke(wire: Wire) -> Json:
        wire.box.group(GROUP, "Yard", [5], kind)
        wire.box.bot_becomes(GROUP, status, **rights)
        method = "sendMessage" if error_id != "no_write_access" else "sendDice"
        params = {"text": "x"} if method == "sendMessage" else {}
        return await wire.call(method, chat_id=GROUP, **params)


_after_standing("kicked_group", "group", "kicked")
_after_standing("kicked_supergroup", "supergroup", "kicked")
_after_standing("kicked_channel", "channel", "kicked")
_after_standing("not_member_supergroup", "supergroup", "left")
_after_standing("no_rights_text", "supergroup", "restricted")
_after_standing("no_write_access", "supergroup", "restricted")


@meets("group_deleted")
async def _group_deleted(wire: Wire) -> Json:
    wire.box.group(GROUP, "Yard", [5])
    wire.box.deletes_group(GROUP)
    return await wire.call("sendMessage", chat_id=GROUP, text="x")


@meets("migrated")
async def _migrated(wire: Wire) -> Json:
    wire.box.group(GROUP, "Yard", [5])
    wire.box.migrates(GROUP)
    return await wire.call("sendMessage", chat_id=GROUP, text="x")


@meets("not_modified")
async def _not_modified(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    sent = await wire.good("sendMessage", chat_id=5, text="same")
    return await wire.call("editMessageText", chat_id=5, message_id=sent["message_id"], text="same")


@meets("edit_no_text")
async def _no_text(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    sent = await wire.good("sendDice", chat_id=5)
    return await wire.call("editMessageText", chat_id=5, message_id=sent["message_id"], text="x")


@meets("delete_cant_everyone")
async def _too_old(wire: Wire) -> Json:
    wire.box.says(5, "/start")
    wire.box.tg.clock.advance(49 * 3600)
    return await wire.call("deleteMessage", chat_id=5, message_id=1)


def _with_service_message(error_id: str, method: str, **params: Any) -> None:
    @meets(error_id)
    async def provoke(wire: Wire) -> Json:
        topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
        number = topic["message_thread_id"]
        return await wire.call(method, chat_id=SEED_GROUP, message_id=number, **params)


_with_service_message("delete_cant", "deleteMessage")
_with_service_message("copy_cant", "copyMessage", from_chat_id=SEED_GROUP)
_with_service_message("forward_cant", "forwardMessage", from_chat_id=SEED_GROUP)


@meets("topic_closed")
async def _topic_closed(wire: Wire) -> Json:
    topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
    await wire.good("closeForumTopic", chat_id=SEED_GROUP, message_thread_id=topic["message_thread_id"])
    wire.box.bot_becomes(SEED_GROUP, "administrator", can_manage_topics=False)
    thread = topic["message_thread_id"]
    return await wire.call("sendMessage", chat_id=SEED_GROUP, message_thread_id=thread, text="x")


@meets("topic_not_modified")
async def _topic_not_modified(wire: Wire) -> Json:
    topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
    thread = topic["message_thread_id"]
    return await wire.call("reopenForumTopic", chat_id=SEED_GROUP, message_thread_id=thread)


@meets("not_a_forum")
async def _not_a_forum(wire: Wire) -> Json:
    wire.box.group(GROUP, "Yard", [5], "supergroup")
    return await wire.call("createForumTopic", chat_id=GROUP, name="x")


def _without_topic_right(error_id: str, method: str, **params: Any) -> None:
    @meets(error_id)
    async def provoke(wire: Wire) -> Json:
        topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
        wire.box.bot_becomes(SEED_GROUP, "administrator", can_manage_topics=False)
        if method != "createForumTopic":
            params["message_thread_id"] = topic["message_thread_id"]
        return await wire.call(method, chat_id=SEED_GROUP, **params)


_without_topic_right("topic_no_right_create", "createForumTopic", name="x")
_without_topic_right("topic_no_right_close", "closeForumTopic")
_without_topic_right("topic_no_right_edit", "editForumTopic", name="x")


@meets("file_too_big")
async def _file_too_big(wire: Wire) -> Json:
    message = wire.box.sends(5, "video", file_size=21 * 1024 * 1024)
    return await wire.call("getFile", file_id=message["video"]["file_id"])
