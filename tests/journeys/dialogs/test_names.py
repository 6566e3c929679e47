"""Nothing that names a manager ever reaches a customer, whatever the manager sends (F-11)."""

import json
from typing import Any

import pytest

from tests.journeys.kinds import PASSED_ON, carries, entered, speaks
from tests.journeys.world import Person, Thread, World

FIRST, LAST, NAME = "Mariacanary", "Lastcanary", "usercanary"


def canary(world: World) -> Person:
    """Maria, under names that nothing else could contain."""
    maria = world.manager()
    world.box.customer(maria.id, first_name=FIRST, last_name=LAST, username=NAME)
    return maria


def leaks(world: World, customer: Person, maria: Person) -> list[str]:
    """What of a manager any call or visible message bound for the customer holds; a copy's source is none."""
    found = []
    for call in world.box.calls:
        params: dict[str, Any] = dict(call["params"])
        if str(params.get("chat_id")) != str(customer.id):
            continue
        assert not call["method"].startswith("forward"), call["method"]
        params.pop("from_chat_id", None)  # Telegram shows it to nobody
        found += _canaries(call["method"], params, maria)
    for message in world.messages(customer.id):
        if message["from_bot"]:
            assert "forward_origin" not in message and "sender_chat" not in message
            found += _canaries("shown", message, maria)
    return found


def _canaries(where: str, thing: object, maria: Person) -> list[str]:
    text = json.dumps(thing, ensure_ascii=False, default=str)
    return [f"{where}: {word}" for word in (FIRST, LAST, NAME, str(maria.id)) if word in text]


async def everything_said(world: World, maria: Person, customer: Person, thread: Thread) -> None:
    mention = {"type": "text_mention", "offset": 0, "length": 4, "user": {"id": maria.id, "is_bot": False,
               "first_name": FIRST, "username": NAME}}  # fmt: skip
    for kind in PASSED_ON:
        said = speaks(maria, kind, thread)
        await customer.gets(lambda m, said=said: carries(m, said))
    maria.says("Look here", thread, entities=[mention])
    maria.sends("photo", thread, caption="Look there", entities=[mention])
    said = maria.album(["photo", "video"], thread, number="11", caption="Both")
    await customer.gets("Look here")
    await customer.gets("Look there")
    await customer.gets(lambda m: carries(m, said[-1]))


@pytest.mark.row("F-11")
async def test_a_whole_case_names_no_manager(place: World) -> None:
    """Every kind, mentions, an album, an edit, a reaction, a reply, the close and its form."""
    anna, maria = place.customer(), canary(place)
    thread = await place.opened(anna)
    await entered(maria, thread)
    await everything_said(place, maria, anna, thread)
    first = maria.says("Wait", thread)
    await anna.gets("Wait")
    place.box.edits(maria.id, thread.chat, first["message_id"], text="Please wait")
    await anna.gets("Please wait")
    asked = anna.says("And then?")
    shown = await thread.read(lambda m: m.get("text", "").endswith("And then?"))
    place.box.reacts(maria.id, thread.chat, shown["message_id"], "👍")
    maria.says("Then it comes", shown)
    answer = await anna.gets("Then it comes")
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    maria.says(f"/close #{thread.dialog_id} 3 form" if not thread.id else "/close 3 form", thread)
    await anna.gets(lambda m: "reply_markup" in m)
    assert leaks(place, anna, maria) == []


@pytest.mark.row("F-11")
async def test_replies_to_cards_name_no_manager(place: World) -> None:
    anna, maria = place.customer(), canary(place)
    anna.says("Hello")
    card = await maria.card("Hello")
    for kind in PASSED_ON:
        said = speaks(maria, kind, card)
        await anna.gets(lambda m, said=said: carries(m, said))
    assert leaks(place, anna, maria) == []


@pytest.mark.row("F-11")
async def test_a_message_that_a_manager_forwards_arrives_without_its_sender(desk: World) -> None:
    anna, maria = desk.customer(), canary(desk)
    thread = await desk.opened(anna)
    like = maria.says("placeholder", thread)
    await anna.gets("placeholder")
    origin = {"type": "user", "date": like["date"], "sender_user": like["from"]}
    raw = {**like, "message_id": like["message_id"] + 1000, "text": "From a colleague"}
    desk.box.raw_update({"update_id": 900_000_002, "message": raw | {"forward_origin": origin}})
    await anna.gets("From a colleague")
    assert leaks(desk, anna, maria) == []


@pytest.mark.row("F-11")
async def test_the_api_gives_customers_no_managers_name_either(desk: World) -> None:
    """Words by the API, and the refusals that a customer may meet."""
    anna, maria = desk.customer(), canary(desk)
    thread = await desk.opened(anna)
    body = {"manager_telegram_id": maria.id, "text": "From the office"}
    await desk.post(f"/dialogs/{thread.dialog_id}/messages", body, 201)
    await anna.gets("From the office")
    for words in ("/help", "/language", "/stop", "/start x"):
        anna.says(words)
    anna.sends("story")
    await anna.gets(lambda m: "cannot be passed on" in m.get("text", ""))
    assert leaks(desk, anna, maria) == []
