"""When a customer gets a smart reply and when not: one at a time, and never beside a manager."""

from collections.abc import Callable
from typing import Any

import pytest

from holdline.desk.automation.rules import add_rule
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_general
from holdline.desk.customers.commands import dispatch_customer_message
from holdline.desk.customers.muting import mute_customer
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.settings.calendars import add_calendar, switch_away_message
from holdline.desk.smart_replies.feedback import rate_answer
from holdline.desk.smart_replies.smart_replies import add_smart_reply, list_smart_replies
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from holdline.store.dialogs import history
from holdline.store.people import customers
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk, text

REFUND = {"name": "Refunds", "any_of": ["refund"], "answer": "Within 14 days."}
HOURS = {"name": "Hours", "question": "What are your opening hours?", "answer": "From 9 to 18."}
OFFICE = {"name": "Office", "timezone": "UTC", "hours": {"fri": [["09:00", "17:00"]]}}


async def keep(desk: Desk, *replies: dict[str, Any]) -> None:
    for reply in replies:
        await desk.store.act(add_smart_reply, manager=None, values=reply)


async def write(desk: Desk, words: str, number: int) -> int:
    content = text(words, number, ANNA.telegram_id)
    message_id = await desk.store.act(receive_customer_message, sender=ANNA, content=content)
    assert message_id is not None
    return int(message_id)


async def said(desk: Desk) -> list[str]:
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT text FROM messages WHERE class = 'smart_reply' ORDER BY id")
    )
    return [row["text"] for row in rows]


async def waiting(desk: Desk) -> list[tuple[str, str]]:
    """What is on its way to Anna: kind and status."""
    rows = await desk.store.read(
        lambda tx: tx.all(
            "SELECT kind, status FROM outbox WHERE chat_id = :chat ORDER BY id", chat=ANNA.telegram_id
        )
    )
    return [(row["kind"], row["status"]) for row in rows]


def _opted_out(tx: Tx, desk: Desk) -> None:
    customers.set_fields(tx, desk.anna.id, opted_out_at=tx.at)


def _muted(tx: Tx, desk: Desk) -> None:
    mute_customer(tx, manager=desk.maria, customer_id=desk.anna.id, reason="spam")


def _answered_by_person(tx: Tx, desk: Desk) -> None:
    write_in_general(tx, manager=desk.maria, customer_id=desk.anna.id, content=Content(text="Hello"))


def _in_dialog(tx: Tx, desk: Desk) -> None:
    open_dialog(tx, manager=desk.maria, opening=Opening(desk.anna.id, "Parcel"))


@pytest.mark.parametrize("before", [_opted_out, _muted, _answered_by_person, _in_dialog])
async def test_no_smart_reply_goes_to_unsubscribed_muted_or_attended_customers(
    desk: Desk, before: Callable[[Tx, Desk], None]
) -> None:
    await keep(desk, REFUND)
    await write(desk, "hello", 1)
    await desk.store.act(before, desk)
    await write(desk, "refund", 2)
    assert await said(desk) == []


@pytest.mark.parametrize("words", ["/refund", "/help refund", "stop", "/stop refund"])
async def test_commands_and_stop_words_get_no_smart_reply(desk: Desk, words: str) -> None:
    await keep(desk, REFUND, {"name": "Stop", "any_of": ["stop"], "answer": "?"})
    content = text(words, 1, ANNA.telegram_id)
    await desk.store.act(dispatch_customer_message, sender=ANNA, content=content)
    assert await said(desk) == []


@pytest.mark.row("M-13")
async def test_the_same_reply_comes_once_in_five_minutes(desk: Desk, clock: ManualClock) -> None:
    await keep(desk, REFUND)
    for number in (1, 2, 3):
        await write(desk, "refund", number)
    assert await said(desk) == ["Within 14 days."]
    clock.advance(301)
    await write(desk, "refund", 4)
    assert len(await said(desk)) == 2


async def test_of_several_waiting_smart_replies_only_the_latest_is_sent(desk: Desk) -> None:
    await keep(desk, REFUND, HOURS)
    await write(desk, "refund", 1)
    await write(desk, "opening hours?", 2)
    answers = [status for kind, status in await waiting(desk) if kind == "message"]
    assert answers == ["cancelled", "queued"]


async def test_a_rule_that_answers_prevents_a_smart_reply(desk: Desk) -> None:
    await keep(desk, REFUND)
    rule = Rule(0, "Hi", "message", Conditions(), ({"answer": "We got it"},))
    await desk.store.act(add_rule, manager=None, rule=rule)
    await write(desk, "refund", 1)
    assert await said(desk) == []


async def test_a_customer_with_a_smart_reply_gets_no_away_message(desk: Desk) -> None:
    """The clock stands on Thursday, and the office opens on Friday."""
    await keep(desk, REFUND)
    calendar = await desk.store.act(add_calendar, manager=None, values=OFFICE)
    await desk.store.act(switch_away_message, manager=None, calendar_id=calendar.id)
    await write(desk, "refund", 1)
    assert [kind for kind, _ in await waiting(desk)] == ["message"]
    await write(desk, "and something else", 2)
    assert [kind for kind, _ in await waiting(desk)] == ["message", "standard"]


@pytest.mark.row("M-13")
async def test_an_answer_that_waits_is_dropped_when_a_dialog_opens(desk: Desk) -> None:
    await keep(desk, REFUND)
    await write(desk, "refund", 1)
    await desk.store.act(_in_dialog, desk)
    assert [status for kind, status in await waiting(desk) if kind == "message"] == ["dropped"]
    ((_, counts),) = await desk.store.read(list_smart_replies)
    assert counts.answers == 0


@pytest.mark.row("M-13")
async def test_a_customers_reaction_to_a_smart_answer_is_counted_and_shown(desk: Desk) -> None:
    await keep(desk, HOURS)
    asked = await write(desk, "opening hours?", 1)

    async def press(feedback: str, who: int = ANNA.telegram_id) -> str:
        return str(
            await desk.store.act(
                rate_answer, telegram_id=who, asked_message_id=asked, feedback=feedback, tg_message_id=None
            )
        )

    assert await press("helped", 999) == "button_old"
    assert await press("bogus") == "button_old"
    assert [await press("helped"), await press("helped")] == ["helped", "feedback_before"]
    assert [await press("person"), await press("helped")] == ["person", "feedback_before"]
    ((_, counts),) = await desk.store.read(list_smart_replies)
    assert (counts.answers, counts.helped, counts.to_person) == (1, 0, 1)
    rows = await desk.store.read(lambda tx: history.page(tx, customer_id=desk.anna.id, limit=10))
    judged = [row["data_json"]["feedback"] for row in rows if row["kind"] == "smart_reply_judged"]
    assert judged == ["helped", "person"]
    notices = await desk.store.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice'")
    )
    assert ["smart.wants_person" in str(row["payload_json"]) for row in notices].count(True) == 2, (
        "both managers"
    )


@pytest.mark.parametrize("more", ["nothing", "before", "after"])
async def test_an_item_whose_answer_helped_waits_no_longer(desk: Desk, more: str) -> None:
    """Unless the customer has written anything else that waits in it."""
    await keep(desk, HOURS)
    if more == "before":
        await write(desk, "My parcel came broken", 1)
    asked = await write(desk, "opening hours?", 2)
    if more == "after":
        await write(desk, "and where is my parcel", 3)

    async def press(feedback: str) -> list[str]:
        words = {"asked_message_id": asked, "feedback": feedback, "tg_message_id": None}
        await desk.store.act(rate_answer, telegram_id=ANNA.telegram_id, **words)
        return [
            row["state"] for row in await desk.store.read(lambda tx: tx.all("SELECT state FROM inbox_items"))
        ]

    assert await press("helped") == ["answered" if more == "nothing" else "new"]
    assert await press("person") == ["new"], "a person is asked for after all"


async def test_a_customer_who_asked_for_a_person_gets_no_smart_reply_until_one_writes(
    desk: Desk, clock: ManualClock
) -> None:
    await keep(desk, REFUND, HOURS)
    asked = await write(desk, HOURS["question"], 1)
    words = {"telegram_id": ANNA.telegram_id, "asked_message_id": asked, "tg_message_id": None}
    await desk.store.act(rate_answer, feedback="person", **words)
    await write(desk, "refund", 2)
    assert await said(desk) == ["From 9 to 18."]
    await desk.store.act(_answered_by_person, desk)
    clock.advance(16 * 60)
    await write(desk, "refund", 3)
    assert await said(desk) == ["From 9 to 18.", "Within 14 days."]
