"""A topic deleted in Telegram is recreated with its card and last messages, before the waiting ones."""

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.notes import add_note
from holdline.desk.notices import places as desk_places
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.store import invariants
from holdline.store.people import bots
from holdline.store.tx import Row
from holdline.telegram.outcomes import Action, Sent
from tests.scheduler.conftest import ANNA, GROUP, Bench, no, opened, written


@pytest.fixture(params=[GROUP, 0], ids=["group", "private"])
def rules(request: pytest.FixtureRequest) -> DeskRules:
    return DeskRules(staff_group=request.param)


async def says(bench: Bench, words: str, number: int, **more: object) -> None:
    content = Content("text", words, chat_id=ANNA.telegram_id, tg_message_id=number, **more)  # type: ignore[arg-type] # kinds of contents differ
    await bench.store.act(receive_customer_message, sender=ANNA, content=content)


async def deliver(bench: Bench, *, lost: int | None = None, inbox: bool = False) -> list[Row]:
    """What arrives in the desk's topics, or in the Inbox; the thread `lost` does not exist any more."""
    arrived: list[Row] = []
    for _ in range(400):
        for begun in await bench.begin():
            item = await bench.item(begun.outbox_id)
            place = (
                await bench.one("SELECT * FROM places WHERE id = :id", id=item["place_id"])
                if item["place_id"]
                else None
            )
            if item["kind"] == "topic_create":
                await bench.settle(begun, Sent({"message_thread_id": item["place_id"] + 5000}))
            elif place is not None and place["thread_id"] == lost and lost is not None:
                await bench.settle(begun, no(Action.TOPIC_LOST))
                continue
            else:
                await bench.settle(begun)
            if place is not None and (place["dialog_id"] is not None) is not inbox:
                arrived.append({**item, "live": place["live"]})
        bench.clock.advance(0.5)
    return arrived


async def prepared(bench: Bench) -> Dialog:
    await bench.store.act(bots.save, username="desk_bot", topics_in_private=True)
    await says(bench, "Where is it?", 1)
    dialog = await opened(bench)
    await written(bench, dialog, "I look into it")
    await says(bench, "Thank you", 2)
    await bench.store.act(add_note, manager=bench.maria, dialog_id=dialog.id, text="He is patient.")
    bench.clock.advance(1)
    await deliver(bench)
    return dialog


async def words_of(bench: Bench, items: list[Row]) -> list[str]:
    """Each item as what it shows: a message's or a note's words, else its kind."""
    told = []
    for item in items:
        if item["kind"] in ("mirror", "album", "inbox_card"):
            message = await bench.one("SELECT text FROM messages WHERE id = :id", id=item["message_id"])
            told.append(message["text"])
        elif item["kind"] == "note":
            note = await bench.one(
                "SELECT text FROM notes WHERE id = :id", id=item["payload_json"]["note_id"]
            )
            told.append(note["text"])
        elif item["kind"] == "desk_notice":
            told.append(item["payload_json"]["key"])
        elif item["kind"] != "pin":
            told.append(item["kind"])
    return told


EARLIER = [
    "topic_create",
    "info_card",
    "desk_notices.earlier_last",
    "Where is it?",
    "I look into it",
    "Thank you",
    "He is patient.",
]


async def test_a_recreated_topic_begins_with_its_card_and_the_last_messages(bench: Bench) -> None:
    dialog = await prepared(bench)
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id AND live = 1", id=dialog.id)
    await says(bench, "Are you there?", 3)
    await says(bench, "Hello?", 4)
    arrived = await deliver(bench, lost=place["thread_id"])
    assert await words_of(bench, arrived) == [*EARLIER, "Are you there?", "Hello?"]
    [notice] = [item for item in arrived if item["kind"] == "desk_notice"]
    assert notice["payload_json"]["buttons"][0][0]["data"] == f"dlg.file:{dialog.id}"
    assert await bench.store.read(invariants.find_violations) == []


async def test_a_note_refused_by_a_lost_topic_is_shown_once_and_last(bench: Bench) -> None:
    dialog = await prepared(bench)
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id AND live = 1", id=dialog.id)
    await bench.store.act(add_note, manager=bench.maria, dialog_id=dialog.id, text="Call her.")
    arrived = await deliver(bench, lost=place["thread_id"])
    assert await words_of(bench, arrived) == [*EARLIER, "Call her."]


async def test_other_customers_do_not_wait_for_a_recreated_topic(bench: Bench) -> None:
    """Nothing of it is more urgent than other customers' words."""
    dialog = await prepared(bench)
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id AND live = 1", id=dialog.id)
    await says(bench, "Are you there?", 3)
    [begun] = [one for one in await bench.begin() if one.chat_id == place["chat_id"]]
    await bench.settle(begun, no(Action.TOPIC_LOST))
    ranks = await bench.all(
        "SELECT DISTINCT kind, rank FROM outbox WHERE status = 'queued' AND chat_id = :chat AND rank < 0",
        chat=place["chat_id"],
    )
    assert {row["kind"] for row in ranks} == {"topic_create", "info_card"}
    assert await bench.store.read(desk_places.staff_group) in (GROUP, 0)


async def lose_inbox(bench: Bench) -> list[Row]:
    """Somebody deletes the topic of the Inbox; what arrives in the one that comes after it."""
    place = await bench.one("SELECT * FROM places WHERE dialog_id IS NULL AND live = 1")
    await says(bench, "Hello?", 3)
    return await deliver(bench, lost=place["thread_id"], inbox=True)


@pytest.mark.parametrize("rules", [GROUP], indirect=True)
async def test_the_inbox_comes_back_with_the_cards_that_wait(bench: Bench) -> None:
    guest = MessageSender(510000002, "Guest", "en")
    hello = Content("text", "I wait, too", chat_id=guest.telegram_id, tg_message_id=1)
    await says(bench, "Where is it?", 1)
    await bench.store.act(receive_customer_message, sender=guest, content=hello)
    await says(bench, "Are you there?", 2)
    bench.clock.advance(1)
    await deliver(bench)
    arrived = await lose_inbox(bench)
    words = await words_of(bench, arrived)
    assert words[0] == "topic_create"
    assert sorted(words[1:]) == ["Are you there?", "Hello?", "I wait, too", "Where is it?"]
    of_anna = [word for word in words if word in ("Where is it?", "Are you there?", "Hello?")]
    assert of_anna == ["Where is it?", "Are you there?", "Hello?"]
    with_buttons = [item for item in arrived if item["payload_json"].get("first")]
    assert sorted(await words_of(bench, with_buttons)) == ["I wait, too", "Where is it?"]
    assert await bench.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("rules", [GROUP], indirect=True)
async def test_handled_items_do_not_come_back_with_the_inbox(bench: Bench) -> None:
    await says(bench, "Where is it?", 1)
    await deliver(bench)
    handled = "UPDATE inbox_items SET state = 'answered'"
    await bench.store.act(lambda tx: tx.run(handled))
    assert await words_of(bench, await lose_inbox(bench)) == ["topic_create", "Hello?"]
