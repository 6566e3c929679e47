"""Whatever is sent, the sandbox answers in the shapes of the published Bot API, and never breaks."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdline.sandbox import SEED_GROUP, Sandbox, SandboxOptions, check, facts
from holdline.sandbox.methods.table import TABLE
from holdline.sandbox.server.api_request import parse_request
from holdline.sandbox.world.posting import post
from tests.sandbox.wire import TOKEN, Wire

WAITING = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}


def test_every_implemented_method_is_documented() -> None:
    assert facts.api().methods.keys() >= TABLE.keys() | WAITING


def test_the_checker_finds_unknown_missing_and_ill_typed_fields() -> None:
    found = check.problems_of_update({"update_id": "1", "message": {"message_id": 1, "colour": 2}})
    assert sorted(found) == [
        "update.message.chat: missing",
        "update.message.colour: unknown",
        "update.message.date: missing",
        "update.update_id: not Integer",
    ]


async def test_calls_of_the_bot_are_checked_too(loose_wire: Wire) -> None:
    loose_wire.box.says(5, "/start")
    await loose_wire.good("sendMessage", chat_id=5, text="x", disable_web_page_preview=True)
    await loose_wire.call("sendChatAction", chat_id=5)
    assert [problem["problem"] for problem in loose_wire.box.problems] == [
        "sendMessage.disable_web_page_preview: unknown",
        "sendChatAction.action: missing",
    ]
    assert (await loose_wire.control("GET", "problems"))["items"] == loose_wire.box.problems


NEAR = {"message_id": [1, 2, 3, 4], "from_chat_id": [5, SEED_GROUP], "message_thread_id": [0, 2]}
VALUES = st.one_of(
    st.sampled_from([5, 1, 2, SEED_GROUP, 404, -1, 0, "5", "", "x", "@nobody", True, None, 1.5, 2**70]),
    st.text(max_size=5),
    st.lists(
        st.one_of(st.integers(), st.text(max_size=3), st.dictionaries(st.text(max_size=3), st.integers()))
    ),
    st.dictionaries(
        st.sampled_from(["type", "emoji", "message_id", "quote", "inline_keyboard", "text"]), st.text()
    ),
)


def seeded() -> Sandbox:
    box = Sandbox(SandboxOptions(token=TOKEN))
    box.says(5, "/start")
    box.sends(5, "photo")
    box.opens_topic(111111111, SEED_GROUP, "Case")
    post(box.tg, box.world.chat(5), box.tg.bot, {"text": "to be edited"})
    return box


@pytest.mark.parametrize("method", sorted(TABLE.keys() - {"logOut"}))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_hostile_values_are_answered_or_refused(method: str, data: st.DataObject) -> None:
    box = seeded()
    names = sorted(facts.api().methods[method].fields)
    raw: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(names), VALUES)) if names else {}
    if "chat_id" in names:
        raw["chat_id"] = data.draw(st.sampled_from([5, SEED_GROUP]))
    for name in {"message_id", "from_chat_id", "message_thread_id"} & set(names):
        raw[name] = data.draw(st.sampled_from(NEAR[name]))
    status, body = await box.app.bot_api.execute(parse_request(method, raw, {}, strict=False))
    json.dumps(body)
    assert status in (200, 400, 403), box.problems
    assert box.problems == []


NASTY: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "x/y", "entities": [{"offset": 0, "length": 1}]}),
    ("sendMessage", {"text": "x", "entities": [{"type": 5, "offset": 0, "length": 1}]}),
    ("sendMessage", {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 1, "spin": 1}]}),
    ("sendMessage", {"text": "x", "entities": [{"type": "bold", "offset": True, "length": True}]}),
    ("sendMessage", {"text": "x", "link_preview_options": {"colour": 1}}),
    ("sendMessage", {"text": {"a": 1}}),
    ("sendMessage", {"text": "x", "parse_mode": {"a": 1}}),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": [1], "chat_id": {}}}),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1, "quote": 7}}),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1, "quote": {"a": 1}}}),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": {"a": 1}}}),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[5]]}}),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": 5}]]}}),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": "http://[a"}]]}},
    ),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "pay": 5}]]}}),
    ("sendPhoto", {"photo": "http://[x"}),
    ("sendPhoto", {"photo": {"a": 1}}),
    ("sendVideo", {"video": "http://x.org/a.mp4", "duration": "long"}),
    ("sendMediaGroup", {"media": [{"type": {}, "media": []}] * 2}),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "http://x.org/a", "caption": 5}] * 2}),
    ("sendMediaGroup", {"media": [{"type": "video", "media": "http://x.org/a", "width": "wide"}] * 2}),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "http://x.org/a", "caption_entities": 5}] * 2}),
    ("editMessageMedia", {"message_id": 3, "media": {"type": {"a": 1}, "media": 5}}),
    ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": ["x"]}]}),
    ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍", "spin": 1}]}),
    ("sendPoll", {"question": "?", "options": [{"text": 5}, {}], "type": "quiz", "correct_option_ids": "x"}),
    ("copyMessages", {"from_chat_id": 5, "message_ids": [True, 2]}),
    ("copyMessages", {"from_chat_id": 5, "message_ids": {"a": 1}}),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b", "spin": 1}]}),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}], "scope": [1]}),
    ("sendMessage", {"text": "lone \ud83d surrogate"}),
]


@pytest.mark.parametrize(("method", "params"), NASTY)
async def test_ill_formed_objects_never_come_back_in_an_answer(
    loose_wire: Wire, method: str, params: dict[str, Any]
) -> None:
    loose_wire.box.tg.world = seeded().world
    known = facts.api().methods[method].fields
    body = await loose_wire.call(method, **({"chat_id": 5} if "chat_id" in known else {}), **params)
    assert loose_wire.status in (200, 400), body
    await loose_wire.call("getMyCommands")
