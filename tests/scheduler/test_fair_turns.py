"""One chat of the desk, many customers: each gets one turn before any gets the next."""

from datetime import timedelta
from typing import Any

from holdline.desk.customers import customers
from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.dialogs.opening import open_dialog
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.gate import MessageClass
from holdline.store.delivery import outbox
from holdline.telegram.outcomes import RetryLater, Scope
from tests.scheduler.conftest import DESK, GROUP, Bench, only


async def another(bench: Bench, number: int) -> Customer:
    sender = MessageSender(telegram_id=520_000_000 + number, name=f"Guest {number}", language="en")
    return await bench.store.act(customers.get_or_create_customer, sender=sender)


async def line(bench: Bench, key: str, about: Customer | None = None, **fields: Any) -> int:
    return await bench.add(key, **{**DESK, "customer_id": about.id if about else None, **fields})


async def say(bench: Bench, who: Customer, name: str, lines: int) -> None:
    for number in range(lines):
        await line(bench, f"{name}{number}", who)


async def leave(bench: Bench, calls: int) -> list[str]:
    """The next so many things said in the group."""
    said: list[str] = []
    while len(said) < calls:
        for begun in await bench.begin():
            said += [begun.call.params["text"]] if begun.chat_id == GROUP else []
            await bench.settle(begun)
        bench.clock.advance(1)
    return said


async def test_a_hundred_lines_of_one_customer_do_not_delay_the_next_customer(bench: Bench) -> None:
    other = await another(bench, 1)
    await say(bench, bench.anna, "anna", 100)
    await leave(bench, 3)
    await line(bench, "other", other)
    assert "other" in await leave(bench, 2)


async def test_every_customer_gets_turns_and_keeps_their_own_order(bench: Bench) -> None:
    other, third = await another(bench, 1), await another(bench, 2)
    await say(bench, bench.anna, "a", 3)
    await say(bench, other, "b", 2)
    await say(bench, third, "c", 2)
    assert await leave(bench, 7) == ["a0", "b0", "c0", "a1", "b1", "c1", "a2"]


async def test_a_customer_who_came_late_gets_no_turns_for_the_time_before(bench: Bench) -> None:
    other = await another(bench, 1)
    await say(bench, bench.anna, "a", 6)
    await leave(bench, 3)
    await say(bench, other, "b", 3)
    assert await leave(bench, 6) == ["a3", "b0", "a4", "b1", "a5", "b2"]


async def test_the_desks_own_notices_take_turns_like_a_customer(bench: Bench) -> None:
    for number in range(4):
        await line(bench, f"answer{number}")
    await say(bench, bench.anna, "a", 2)
    assert await leave(bench, 6) == ["answer0", "a0", "answer1", "a1", "answer2", "answer3"]


async def test_a_notice_about_a_dialog_stays_behind_its_customers_messages(bench: Bench) -> None:
    opening = Opening(customer_id=bench.anna.id, title="Parcel")
    dialog = await bench.store.act(open_dialog, manager=bench.maria, opening=opening)
    await bench.drain(10)
    await say(bench, bench.anna, "a", 2)
    await line(bench, "closed", dialog_id=dialog.id)
    await line(bench, "b0", await another(bench, 1))
    assert await leave(bench, 4) == ["a0", "b0", "a1", "closed"]


async def test_a_line_that_is_tried_again_keeps_its_place(bench: Bench) -> None:
    other = await another(bench, 1)
    await say(bench, bench.anna, "a", 2)
    await say(bench, other, "b", 1)
    await bench.settle(await only(bench, GROUP), RetryLater("429", Scope.CHAT, 2, 429))
    bench.clock.advance(5)
    assert await leave(bench, 3) == ["a0", "b0", "a1"]


async def test_a_line_in_flight_that_is_refused_is_sent_before_later_messages(bench: Bench) -> None:
    await say(bench, bench.anna, "a", 5)
    await leave(bench, 4)
    begun = await only(bench, GROUP)
    await line(bench, "a5", bench.anna)
    await bench.settle(begun, RetryLater("429", Scope.CHAT, 2, 429))
    bench.clock.advance(5)
    assert await leave(bench, 2) == ["a4", "a5"]


async def test_messages_that_waited_in_a_closed_chat_come_in_order_and_before_newer_ones(
    bench: Bench,
) -> None:
    maria = {"chat_id": bench.maria.telegram_id}
    for key in ("a0", "a1"):
        await line(bench, key, bench.anna, **maria)
    parked = "UPDATE outbox SET status = 'parked', error = 'unreachable: blocked'"
    await bench.store.act(lambda tx: tx.run(parked))
    await line(bench, "a2", bench.anna, **maria)
    await bench.store.act(reopen_chat, chat_id=bench.maria.telegram_id)
    assert await bench.drain(10) == ["a0", "a1", "a2"]


async def test_a_message_in_flight_keeps_its_place_while_turns_are_renumbered(bench: Bench) -> None:
    await say(bench, bench.anna, "a", 5)
    await leave(bench, 4)
    begun = await only(bench, GROUP)
    await line(bench, "b0", await another(bench, 1))
    await line(bench, "a5", bench.anna)
    await bench.store.act(reopen_chat, chat_id=GROUP)
    await bench.settle(begun, RetryLater("429", Scope.CHAT, 2, 429))
    bench.clock.advance(5)
    said = await leave(bench, 3)
    assert said.index("a4") < said.index("a5")


async def test_a_group_that_moved_keeps_everybodys_order(bench: Bench) -> None:
    await say(bench, bench.anna, "a", 6)
    await leave(bench, 3)
    await line(bench, "b0", await another(bench, 1))
    await line(bench, "new", bench.anna, chat_id=GROUP - 1)
    await bench.store.act(outbox.follow_group, GROUP, GROUP - 1)
    rows = await bench.all(
        "SELECT key FROM outbox WHERE status = 'queued' AND about_customer_id = :anna ORDER BY turn",
        anna=bench.anna.id,
    )
    assert [row["key"] for row in rows] == ["a3", "a4", "a5", "new"]


async def test_an_item_that_is_not_due_takes_no_turn_from_others(bench: Bench) -> None:
    later = bench.clock.now() + timedelta(hours=1)
    await line(bench, "later", await another(bench, 9), due_at=later)
    await say(bench, bench.anna, "a", 5)
    await leave(bench, 2)
    await line(bench, "b0", await another(bench, 1))
    await line(bench, "b1", await another(bench, 1))
    assert await leave(bench, 5) == ["a2", "b0", "a3", "b1", "a4"]


async def test_a_customers_own_chat_keeps_its_order(bench: Bench) -> None:
    await bench.add("reply")
    await bench.add("form", MessageClass.SYSTEM)
    await bench.add("reply again")
    assert await bench.drain(10) == ["reply", "form", "reply again"]
