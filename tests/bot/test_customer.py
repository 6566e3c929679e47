"""Customers through the door: updates in, the outbox and the answers to presses out."""

from itertools import count
from typing import Any

import pytest

from holdline.bot.dispatcher import build_dispatcher, build_feed
from holdline.bot.handlers import customer, edits, membership, rating, reactions
from holdline.bot.intake.worker import Worker
from holdline.desk.dialogs import Closing, close_dialog
from holdline.desk.replies import Origin, write_in_dialog
from holdline.dialogs.call import Call, Skip
from holdline.dialogs.message import Content
from holdline.store import customers, dialogs, surveys
from holdline.store.clock import HandClock
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.inbox_kit import Json, keep, rows
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
    text_of,
)
from tests.conftest import BOT

ROUTERS = (customer.router, edits.router, reactions.router, membership.router, rating.router)
PERSON = {"id": ANNA.telegram_id, "is_bot": False, "first_name": "Anna", "language_code": "en"}
CHAT = {"id": ANNA.telegram_id, "type": "private"}
FRESH = {"query_id": count(1), "update": count(1), "message": count(100)}


class Heard:
    """The gateway's door for what may be lost, as the handlers see it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def ephemeral(self, call: Call) -> object:
        self.calls.append(call)
        return True

    @property
    def toast(self) -> str:
        return str(self.calls[-1].params["text"])


class Door:
    """Lets updates in and waits until they are handled."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.heard = Heard()
        dispatcher = build_dispatcher([make() for make in ROUTERS], store=store, gateway=self.heard)
        self._worker = Worker(store, build_feed(dispatcher, BOT))

    async def comes(self, **update: Any) -> Row:
        """The inbox row as it ended."""
        number = next(FRESH["update"])
        await keep(self.store, {"update_id": number, **update})
        while await self._worker.tick():
            pass
        return (await rows(self.store))[number]

    async def says(self, text: str, **more: Any) -> Row:
        return await self.comes(message=message(text=text, **more))

    async def presses(self, data: str, person: Json | None = None) -> Row:
        query = {
            "id": str(next(FRESH["query_id"])), "from": person or PERSON, "chat_instance": "1", "data": data,
            "message": {"message_id": 9, "date": 1, "chat": CHAT, "text": "?"},
        }  # fmt: skip
        return await self.comes(callback_query=query)

    async def said(self, kind: str) -> list[str]:
        """The words of everything queued of that kind."""
        return [text_of(found) for found in await rendered(self.store, kind) if isinstance(found, Call)]

    async def customer(self) -> Any:
        return await self.store.read(customers.by_telegram_id, ANNA.telegram_id)


def message(**body: Any) -> Json:
    return {"message_id": next(FRESH["message"]), "date": 1767225600, "chat": CHAT, "from": PERSON, **body}


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


@pytest.mark.row("F-01")
@pytest.mark.parametrize("body", [{"checklist": {"title": "T", "tasks": []}}, {"from_tomorrow": {}}])
async def test_what_cannot_be_passed_on_is_refused_in_words(door: Door, body: Json) -> None:
    row = await door.comes(message=message(**body))
    assert row["state"] == "done"
    (words,) = await door.said("customer_notice")
    assert "cannot be passed on" in words
    assert await door.said("inbox_card") == []


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
async def test_stop_ends_marketing_and_may_be_said_twice(door: Door) -> None:
    await door.says("/stop")
    await door.says("/stop")
    said = await door.said("customer_notice")
    assert len(said) == 2 and all("no more advertising" in words for words in said)
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


async def closed_with_form(store: Store) -> str:
    def work(tx: Tx) -> str:
        close_dialog(tx, manager=manager(tx), dialog_id=1, closing=Closing(send_rating_form=True))
        survey = surveys.by_id(tx, 1)
        assert survey is not None
        return str(survey["token"])

    return await store.act(work)


@pytest.mark.row("L-62")
@pytest.mark.row("L-64")
@pytest.mark.row("L-67")
async def test_the_first_tap_counts_and_the_second_is_told_so(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    await door.presses(f"rate:{token}:2")
    assert door.heard.toast == "Thank you! Your rating is saved."
    assert "Thank you for your rating!" in await door.said("standard")
    await door.presses(f"rate:{token}:3")
    assert door.heard.toast == "Already saved, thank you."
    assert (await door.store.read(dialogs.by_id, 1)).service_rating == 2


async def test_a_rating_after_a_week_is_answered_politely(door: Door, clock: HandClock) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    clock.advance(8 * 86400)
    await door.presses(f"rate:{token}:1")
    assert door.heard.toast.startswith("Thank you for thinking of us")
    assert (await door.store.read(dialogs.by_id, 1)).service_rating is None


@pytest.mark.parametrize("data", ["rate:nothing:1", "rate:", "rate", "rate:x:y:z", "rate:x:-1"])
async def test_a_press_that_means_nothing_is_answered_too(door: Door, data: str) -> None:
    await door.says("hello")
    row = await door.presses(data)
    assert row["state"] == "done"
    assert door.heard.toast == "This button no longer works. Just write here, please."


async def test_nobody_can_rate_in_anothers_name(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    other = {**PERSON, "id": 510000777}
    await door.presses(f"rate:{token}:1", other)
    assert "no longer works" in door.heard.toast
    assert (await door.store.read(dialogs.by_id, 1)).service_rating is None


async def test_my_question_is_solved_closes_the_dialog_once(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    await door.says("/help")
    (answer,) = [found for found in await rendered(door.store, "customer_notice") if isinstance(found, Call)]
    ((_, data),) = buttons_of(answer)
    await door.presses(data)
    assert door.heard.toast.startswith("Glad to hear it")
    assert (await door.store.read(dialogs.by_id, 1)).state == "closed"
    await door.presses(data)
    assert "already closed" in door.heard.toast


@pytest.mark.parametrize(
    "data", ["solved:1", "solved:999", "solved:", "solved:0x1", "solved:99999999999999999999"]
)
async def test_nobody_closes_anothers_dialog(door: Door, data: str) -> None:
    await door.says("hello")
    await opened(door.store)
    row = await door.presses(data, {**PERSON, "id": 510000777})
    assert row["state"] == "done"
    assert "already closed" in door.heard.toast
    assert (await door.store.read(dialogs.by_id, 1)).state == "active"


@pytest.mark.row("F-03")
async def test_an_edit_reaches_the_desk_and_the_old_words_stay_in_history(door: Door) -> None:
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
async def test_reactions_travel_both_ways(door: Door, clock: HandClock) -> None:
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


async def test_blocking_and_coming_back_change_the_reach(door: Door) -> None:
    await door.says("hello")
    for status, reach in (("kicked", "blocked"), ("member", "ok")):
        bot = {"id": BOT, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
        new: Json = {"user": bot, "status": status}
        old: Json = {"user": bot, "status": "member" if status == "kicked" else "kicked"}
        for one in (new, old):
            one.update({"until_date": 0} if one["status"] == "kicked" else {})
        await door.comes(
            my_chat_member={
                "chat": CHAT,
                "from": PERSON,
                "date": 1,
                "old_chat_member": old,
                "new_chat_member": new,
            }
        )
        assert (await door.customer()).reach == reach


async def test_a_managers_private_words_are_nobodys_customer_message(door: Door) -> None:
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
