"""Customers' updates in; the outbox and the answers to presses out."""

import pytest

from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.dialogs.message import Content
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call, Skip
from tests.bot.door import CHAT, FRESH, PERSON, Door, message
from tests.bot.inbox_kit import Json, keep
from tests.bot.staging import (
    ADMIN,
    ANNA,
    GROUP,
    all_sent,
    buttons_of,
    manager,
    named,
    opened,
    rendered,
)


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


@pytest.mark.row("L-54")
async def test_a_message_outside_any_dialog_becomes_a_card(door: Door) -> None:
    row = await door.says("Where is my order?")
    assert row["state"] == "done"
    assert await door.said("inbox_card") == ["👤 Anna · id 510000001\nWhere is my order?"]


@pytest.mark.row("L-54")
async def test_a_message_while_a_dialog_is_active_goes_there(door: Door) -> None:
    await door.says("Where is my order?")
    await opened(door.store)
    await all_sent(door.store)
    await door.says("It is late")
    assert await door.said("mirror") == ["It is late"]
    assert await door.said("inbox_card") == []


async def test_characters_that_no_database_stores_are_replaced_and_the_text_arrives(door: Door) -> None:
    bold = {"type": "bold", "offset": 4, "length": 4}
    row = await door.says("a\x00b\ud800word", entities=[bold])
    assert row["state"] == "done"
    assert await door.said("inbox_card") == ["👤 Anna · id 510000001\na\ufffdb\ufffdword"]


STORY = {"story": {"id": 4, "chat": {"id": 510000001, "type": "private"}}}


@pytest.mark.row("F-01")
@pytest.mark.parametrize("body", [STORY, {"checklist": {"title": "T", "tasks": []}}, {"from_tomorrow": {}}])
@pytest.mark.parametrize("in_dialog", [True, False])
async def test_a_message_that_cannot_be_passed_on_is_answered_with_a_reply_and_shown_to_the_desk(
    door: Door, body: Json, in_dialog: bool
) -> None:
    if in_dialog:
        await door.says("Hello")
        await opened(door.store)
        await all_sent(door.store)
    said = message(**body)
    assert (await door.comes(message=said))["state"] == "done"
    (answer,) = await rendered(door.store, "customer_notice")
    assert isinstance(answer, Call)
    assert answer.params["reply_parameters"]["message_id"] == said["message_id"]
    (shown,) = await door.said("mirror" if in_dialog else "inbox_card")
    kind = "story" if "story" in body else "unknown kind"
    assert shown.endswith(f"Telegram does not let us show this here: {kind}")
    assert await door.store.read(invariants.find_violations) == []


async def test_a_service_message_is_put_aside_with_a_reason(door: Door) -> None:
    row = await door.comes(
        message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    )
    assert (row["state"], row["reason"]) == ("ignored", "a service message")


@pytest.mark.row("F-09")
async def test_five_messages_at_once_arrive_in_order(door: Door) -> None:
    for number in range(5):
        await keep(
            door.store, {"update_id": next(FRESH["update"]), "message": message(text=f"line {number}")}
        )
    await door.says("line 5")
    said = [words.rpartition("\n")[2] for words in await door.said("inbox_card")]
    assert said == [f"line {number}" for number in range(6)]


async def test_start_greets_in_the_language_of_the_app(door: Door) -> None:
    await door.says("/start promo_7", **{"from": {**PERSON, "language_code": "ru"}})
    (greeting,) = await door.said("standard")
    assert greeting.startswith("Здравствуйте!")
    assert await door.said("inbox_card") == []
    data = await door.store.read(
        lambda tx: tx.one("SELECT data_json FROM history WHERE kind = 'customer_started'")
    )
    assert data == {"data_json": {"payload": "promo_7"}}


async def test_an_unknown_command_is_an_ordinary_message(door: Door) -> None:
    await door.says("/etc/hosts is broken")
    await door.says("/refund 12")
    assert len(await door.said("inbox_card")) == 2


@pytest.mark.row("M-09")
async def test_stop_ends_marketing_and_may_be_sent_twice(door: Door) -> None:
    await door.says("/stop")
    await door.says("/stop")
    said = await door.said("customer_notice")
    assert len(said) == 2 and all("no more offers" in words for words in said)
    assert (await door.customer()).opted_out_at is not None


async def test_the_chosen_language_stays_chosen(door: Door) -> None:
    await door.says("/language")
    (asked,) = [found for found in await rendered(door.store, "customer_notice") if isinstance(found, Call)]
    assert buttons_of(asked) == [("English", "lang:en"), ("Русский", "lang:ru"), ("Polski", "lang:pl")]
    await door.presses("lang:pl")
    assert door.heard.toast == "Dobrze, rozmawiamy po polsku."
    await door.says("hello")
    assert (await door.customer()).language == "pl"
    await door.presses("lang:xx")
    assert "nie znamy" in door.heard.toast
    await door.says("/language ru")
    assert (await door.customer()).language == "ru"


@pytest.mark.row("F-03")
async def test_an_edit_reaches_the_desk_and_the_old_text_stays_in_history(door: Door) -> None:
    sent = message(text="Wher is it")
    await door.comes(message=sent)
    await all_sent(door.store)
    await door.comes(edited_message={**sent, "text": "Where is it", "edit_date": 1767225700})
    assert await door.said("edit_copy") == ["👤 Anna · id 510000001\nWhere is it"]
    old = await door.store.read(lambda tx: tx.one("SELECT text FROM history WHERE kind = 'message_edited'"))
    assert old == {"text": "Wher is it"}


@pytest.mark.row("F-03")
async def test_a_managers_edit_in_the_topic_reaches_the_customer(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)

    def reply(tx: Tx) -> None:
        origin = Origin(chat_id=GROUP, tg_message_id=300)
        content = Content("text", "On teh way", chat_id=GROUP, tg_message_id=300)
        write_in_dialog(tx, manager=manager(tx), dialog_id=1, content=content, origin=origin)

    await door.store.act(reply)
    await all_sent(door.store)
    boss = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}
    edit = {"message_id": 300, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "from": boss}
    row = await door.comes(edited_message={**edit, "text": "On the way", "edit_date": 2})
    assert row["state"] == "done"
    assert await door.said("edit_copy") == ["On the way"]


def reacted(chat: Json, number: int, person: Json, *emoji: Json) -> Json:
    return {
        "chat": chat, "message_id": number, "user": person, "date": 1, "old_reaction": [], "new_reaction": list(emoji),
    }  # fmt: skip


@pytest.mark.row("F-05")
async def test_reactions_travel_both_ways(door: Door, clock: ManualClock) -> None:
    sent = message(text="hello")
    await door.comes(message=sent)
    await all_sent(door.store)
    heart = {"type": "emoji", "emoji": "❤"}
    await door.comes(message_reaction=reacted(CHAT, sent["message_id"], PERSON, heart))
    (call,) = await calls(door, "reaction")
    assert (call.params["chat_id"], call.params["reaction"]) == (GROUP, [heart])
    boss = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}
    group = {"id": GROUP, "type": "supergroup"}
    await door.comes(message_reaction=reacted(group, call.params["message_id"], boss, heart))
    assert (await calls(door, "reaction"))[-1].params == {
        "chat_id": ANNA.telegram_id, "message_id": sent["message_id"], "reaction": [heart],
    }  # fmt: skip
    clock.advance(1)
    custom = {"type": "custom_emoji", "custom_emoji_id": "5"}
    await door.comes(message_reaction=reacted(CHAT, sent["message_id"], PERSON, custom))
    assert (await calls(door, "reaction"))[-1].params["reaction"] == []


async def calls(door: Door, kind: str) -> list[Call]:
    found: list[Call | Skip] = await rendered(door.store, kind)
    return [one for one in found if isinstance(one, Call)]


async def test_a_managers_private_message_is_not_a_customers_message(door: Door) -> None:
    boss = {"id": ADMIN, "is_bot": False, "first_name": "Maria"}
    chat = {"id": ADMIN, "type": "private"}
    row = await door.comes(message=message(text="hi", **{"from": boss, "chat": chat}))
    assert (row["state"], row["reason"]) == ("ignored", "no handler wanted it")


async def test_a_new_manager_is_known_at_once(door: Door) -> None:
    await door.says("hello")
    await door.store.act(named, telegram_id=ANNA.telegram_id, name="Anna")
    row = await door.says("hello again")
    assert row["state"] == "ignored"


async def test_the_same_update_twice_is_one_message(door: Door) -> None:
    sent = message(text="hello")
    await door.comes(message=sent)
    await door.comes(message=sent)
    assert len(await door.said("inbox_card")) == 1
