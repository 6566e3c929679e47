"""The control side over HTTP: people, looks, events, the tool."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from holdline.sandbox import SEED_GROUP, Sandbox, SandboxOptions, ToolAccess
from tests.sandbox.wire import TOKEN, Wire

PROMPT = 5.0


async def test_a_message_from_an_unknown_person_creates_the_person(wire: Wire) -> None:
    order = {
        "user_id": 77,
        "text": "/start promo",
        "first_name": "Olga",
        "username": "olga",
        "language_code": "ru",
    }
    message = await wire.control("POST", "messages", order)
    assert wire.status == 201
    assert message["from"] == {
        "id": 77, "is_bot": False, "first_name": "Olga", "username": "olga", "language_code": "ru"
    }  # fmt: skip
    assert (await wire.good("getUpdates"))[0]["message"] == message


async def test_other_kinds_captions_and_albums_can_be_sent_over_http(wire: Wire) -> None:
    photo = await wire.control("POST", "messages", {"user_id": 5, "kind": "photo", "caption": "look"})
    place = {"user_id": 5, "kind": "location", "content": {"latitude": 1.5, "longitude": 2.5}}
    location = await wire.control("POST", "messages", place)
    album = await wire.control("POST", "albums", {"user_id": 5, "kinds": ["photo", "photo", "video"]})
    assert (photo["caption"], location["location"]["latitude"], len(album)) == ("look", 1.5, 3)


async def test_presses_edits_reactions_deletions_and_blocks_can_be_made_over_http(wire: Wire) -> None:
    await wire.good(
        "getUpdates",
        allowed_updates=["callback_query", "edited_message", "message_reaction", "my_chat_member"],
    )
    await wire.control("POST", "messages", {"user_id": 5, "text": "hi"})
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    await wire.good("sendMessage", chat_id=5, text="choose", reply_markup=keyboard)
    mine, bots = {"user_id": 5, "chat_id": 5, "message_id": 1}, {"user_id": 5, "chat_id": 5, "message_id": 2}
    press = await wire.control("POST", "presses", {**bots, "button": "A"})
    await wire.control("POST", "edits", {**mine, "text": "hello"})
    await wire.control("POST", "reactions", {**bots, "emoji": "👍"})
    await wire.control("POST", "deletions", mine)
    await wire.control("POST", "blocks", {"user_id": 5, "blocked": True})
    updates = await wire.good("getUpdates")
    assert [list(one)[1] for one in updates] == [
        "callback_query", "edited_message", "message_reaction", "my_chat_member"
    ]  # fmt: skip
    assert updates[0]["callback_query"]["id"] == press["callback_query_id"]
    items = (await wire.control("GET", "chats/5/messages"))["items"]
    assert [(item["message_id"], item["reactions"]["5"][0]["emoji"]) for item in items] == [(2, "👍")]


@pytest.mark.parametrize(
    ("path", "order", "word"),
    [
        ("presses", {"user_id": 5, "chat_id": 5, "message_id": 9, "data": "x"}, "not in chat"),
        ("messages", {"user_id": 5}, "give the text"),
        ("messages", {"user_id": 222222222, "text": "hi", "chat_id": SEED_GROUP}, "join first"),
        ("edits", {"user_id": 5, "chat_id": 404, "message_id": 1, "text": "x"}, "no chat 404"),
        ("topics/close", {"chat_id": SEED_GROUP, "thread_id": 9}, "no topic 9"),
        ("migrate", {"chat_id": 9}, "no chat 9"),
    ],
)
async def test_an_impossible_act_of_a_person_is_refused_with_a_sentence(
    wire: Wire, path: str, order: dict, word: str
) -> None:
    wire.box.leaves(222222222, SEED_GROUP)
    said = await wire.control("POST", path, order)
    assert wire.status == 409
    assert word in said["detail"]


async def test_calls_are_listed_from_a_given_number(wire: Wire) -> None:
    wire.box.says(5, "/start")
    await wire.good("sendMessage", chat_id=5, text="one")
    first = await wire.control("GET", "calls")
    await wire.call("sendMessage", chat_id=404, text="two")
    (second,) = (await wire.control("GET", f"calls?since={first['next']}"))["items"]
    assert first["items"][0]["result"]["text"] == "one"
    assert (second["params"], second["status"]) == ({"chat_id": 404, "text": "two"}, 400)
    assert second["error"]["description"] == "Bad Request: chat not found"


async def test_the_list_of_calls_has_a_maximum() -> None:
    box = Sandbox(SandboxOptions(token=TOKEN, calls_kept=5))
    for _ in range(9):
        box.tg.calls.add({"method": "getMe"})
    assert [row["seq"] for row in box.tg.calls.since(0)] == [5, 6, 7, 8, 9]
    assert [row["seq"] for row in box.tg.calls.since(7)] == [8, 9]


async def listened(response: aiohttp.ClientResponse, count: int) -> list[dict]:
    found: list[dict] = []
    async with asyncio.timeout(PROMPT):
        async for line in response.content:
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


async def test_the_event_stream_reports_every_change_in_order(wire: Wire) -> None:
    async with wire.session.get(f"{wire.url}/sandbox/events") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readline()
        wire.box.says(5, "/start")
        sent = await wire.good("sendMessage", chat_id=5, text="old")
        await wire.good("editMessageText", chat_id=5, message_id=sent["message_id"], text="new")
        await wire.good("deleteMessage", chat_id=5, message_id=sent["message_id"])
        events = await listened(stream, 5)
    assert [event["kind"] for event in events] == ["user", "message", "message", "edit", "delete"]
    assert events[3]["data"]["text"] == "new"
    async with wire.session.get(f"{wire.url}/sandbox/events?since={events[3]['seq']}") as again:
        assert await listened(again, 1) == events[4:]


async def test_a_page_of_an_earlier_sandbox_starts_again(wire: Wire) -> None:
    wire.box.says(5, "hi")
    headers = {"Last-Event-ID": "999999"}
    async with wire.session.get(f"{wire.url}/sandbox/events?since=1", headers=headers) as stream:
        assert (await listened(stream, 1))[0]["seq"] == 1


async def test_a_page_can_show_a_picture_but_not_a_foreign_page(wire: Wire) -> None:
    photo = wire.box.sends(5, "photo")["photo"][0]["file_id"]
    page = wire.box.sends(5, "document", bytes=b"<script>alert(1)</script>")["document"]["file_id"]
    async with wire.session.get(f"{wire.url}/sandbox/files/{photo}") as answer:
        assert (answer.content_type, (await answer.read())[:4]) == ("image/png", b"\x89PNG")
    async with wire.session.get(f"{wire.url}/sandbox/files/{page}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
    await wire.control("GET", "files/nothing")
    assert wire.status == 404


async def test_a_reaction_taken_back_leaves_no_trace(wire: Wire) -> None:
    wire.box.says(5, "hi")
    for emoji in ("👍", None):
        await wire.control("POST", "reactions", {"user_id": 5, "chat_id": 5, "message_id": 1, "emoji": emoji})
    assert (await wire.control("GET", "chats/5/messages"))["items"][0]["reactions"] == {}


async def test_a_new_name_keeps_the_language(wire: Wire) -> None:
    await wire.control("POST", "users", {"user_id": 5, "first_name": "Ola", "language_code": "pl"})
    message = await wire.control(
        "POST", "messages", {"user_id": 5, "first_name": "Aleksandra", "text": "hej"}
    )
    assert (message["from"]["first_name"], message["from"]["language_code"]) == ("Aleksandra", "pl")


async def test_the_chat_page_is_served_at_the_root(wire: Wire) -> None:
    async with wire.session.get(wire.url + "/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_chats_show_topics_and_members(wire: Wire) -> None:
    await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
    (group,) = (await wire.control("GET", "chats"))["items"]
    assert (group["title"], group["is_forum"], group["topics"][0]["name"]) == ("Holdline staff", True, "Case")
    assert {member["user_id"]: member["status"] for member in group["members"]}[123456] == "administrator"


async def test_a_reset_restores_the_initial_state(wire: Wire) -> None:
    wire.box.says(5, "hi")
    await wire.control("POST", "reset")
    assert await wire.good("getUpdates") == []
    assert [chat["id"] for chat in (await wire.control("GET", "chats"))["items"]] == [SEED_GROUP]


async def test_after_a_reset_no_id_is_used_again(wire: Wire) -> None:
    """A bot that goes on working takes a number it knows for a repeat, and the message would be lost."""

    async def numbers() -> set[int]:
        wire.box.says(5, "hi")
        wire.box.says(111111111, "hi", SEED_GROUP)
        topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="A case")
        updates = await wire.good("getUpdates")
        messages = {update["message"]["message_id"] for update in updates} | {topic["message_thread_id"]}
        return messages | {update["update_id"] for update in updates}

    seen: set[int] = set()
    for _ in range(3):
        new = await numbers()
        assert seen & new == set()
        seen |= new
        await wire.control("POST", "reset")


async def test_the_clock_moves_on_demand(wire: Wire) -> None:
    before = (await wire.control("GET", "state"))["now"]
    assert (await wire.control("POST", "clock", {"advance_seconds": 3600}))["now"] >= before + 3600


async def test_every_control_path_is_in_the_openapi_document(wire: Wire) -> None:
    document = await wire.control("GET", "openapi.json")
    owed = "messages presses edits reactions deletions blocks updates faults topics/delete topics/close members migrate limits clock reset calls chats events users problems"  # noqa: E501
    assert {f"/sandbox/{path}" for path in owed.split()} <= document["paths"].keys()


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_a_foreign_web_site_cannot_control_the_sandbox(wire: Wire, headers: dict[str, str]) -> None:
    async with wire.session.post(f"{wire.url}/sandbox/reset", headers=headers) as answer:
        assert answer.status == 403


async def test_the_sandbox_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        async with Sandbox(SandboxOptions(token=TOKEN)).serve(host="0.0.0.0"):
            pass


@pytest.fixture
async def desk() -> AsyncIterator[str]:
    """A desk's HTTP API that repeats what it was asked."""

    async def repeat(request: web.Request) -> web.Response:
        seen = {
            "path": request.path_qs,
            "key": request.headers["Authorization"],
            "body": await request.text(),
        }
        return web.json_response(seen, status=202)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", repeat)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_page_acts_as_the_tool_with_the_tools_key(desk: str) -> None:
    box = Sandbox(SandboxOptions(token=TOKEN, tool=ToolAccess(desk, "secret")))
    async with box.serve() as url, aiohttp.ClientSession() as session:
        wire = Wire(url, session, box)
        said = await wire.control("POST", "tool/api/v1/outbound?x=1", {"text": "sale"})
    assert (wire.status, said["path"], said["key"]) == (202, "/api/v1/outbound?x=1", "Bearer secret")
    assert json.loads(said["body"]) == {"text": "sale"}


async def test_without_a_desk_the_tool_is_missing(wire: Wire) -> None:
    said = await wire.control("POST", "tool/api/v1/outbound", {})
    assert wire.status == 404
    assert "No desk" in said["detail"]
