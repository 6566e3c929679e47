"""After a restore no earlier message is sent until a decision, and new messages are sent as always."""

from datetime import timedelta

import pytest

from holdline.desk.restores.decision import carry_out_decisions, decide_on_restored
from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.scheduler.restores import carry_out
from holdline.store.clock_steps import correct_stored_times
from holdline.store.delivery import outbox, unseen_messages
from holdline.store.delivery.albums import add_part
from holdline.store.invariants import find_violations
from tests.scheduler.conftest import Bench, Written, opened, written

MINUTE = timedelta(minutes=1)
WORDS = {
    "first",
    "second",
    "tomorrow",
    "new",
    "reply",
    "system",
    "offer",
    "old",
    "flying",
    "perhaps sent already",
}


async def texts(bench: Bench, seconds: float = 20) -> list[str]:
    """What leaves for customers, in order."""
    return [text for text in await bench.drain(seconds) if text in WORDS]


async def held(bench: Bench) -> dict[HeldKind, int]:
    hold = await bench.store.read(current_hold)
    assert hold is not None
    return hold.counts


async def test_only_new_items_are_sent_until_a_release_in_the_old_order(bench: Bench) -> None:
    await bench.add("b2", payload={"text": "first"})
    await bench.add("b1", payload={"text": "second"})
    late = await bench.add("later", payload={"text": "tomorrow"}, due_at=bench.clock.now() + 1440 * MINUTE)
    await bench.store.act(hold_restored)
    assert await held(bench) == {HeldKind.REPLIES: 3}
    await bench.add("new", payload={"text": "new"})
    assert await texts(bench) == ["new"]
    assert await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE) == 3
    await carry_out(bench.store)
    assert await texts(bench) == ["first", "second"]
    assert (await bench.item(late))["waits_for"] is None
    assert (await bench.item(late))["due_at"] > bench.clock.now() + 600 * MINUTE
    assert await bench.store.read(current_hold) is None
    assert await bench.store.read(find_violations) == []


async def test_discarded_messages_are_never_sent_and_are_recorded_in_history(bench: Bench) -> None:
    dialog = await opened(bench)
    await written(bench, dialog, "perhaps sent already")
    await bench.store.act(hold_restored)
    await bench.store.act(decide_on_restored, verdict=Verdict.DISCARD)
    await carry_out(bench.store)
    assert await texts(bench) == []
    (message,) = await bench.all("SELECT status FROM messages WHERE text = 'perhaps sent already'")
    assert message["status"] == "cancelled"
    (told,) = await bench.all("SELECT text FROM history WHERE kind = 'undelivered'")
    assert "discarded" in told["text"]
    assert await bench.store.read(find_violations) == []


async def test_a_message_that_ends_during_the_hold_is_not_counted(bench: Bench) -> None:
    first = await bench.add("b1", payload={"text": "first"})
    await bench.add("b2", payload={"text": "second"})
    await bench.store.act(hold_restored)
    await bench.store.act(
        lambda tx: tx.run("UPDATE outbox SET status = 'cancelled' WHERE id = :id", id=first)
    )
    assert await held(bench) == {HeldKind.REPLIES: 1}


async def test_each_kind_may_be_decided_alone(bench: Bench) -> None:
    await bench.add("reply", payload={"text": "reply"})
    await bench.add("system", MessageClass.SYSTEM, payload={"text": "system"})
    await bench.add("offer", MessageClass.BROADCAST, payload={"text": "offer"})
    await bench.store.act(hold_restored)
    assert await held(bench) == {HeldKind.REPLIES: 1, HeldKind.SYSTEM: 1, HeldKind.MARKETING: 1}
    await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE, kinds=[HeldKind.REPLIES])
    await carry_out(bench.store)
    assert await texts(bench) == ["reply"]
    await bench.store.act(decide_on_restored, verdict=Verdict.DISCARD, kinds=[HeldKind.MARKETING])
    await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE)
    await carry_out(bench.store)
    assert await texts(bench) == ["system"]
    with pytest.raises(DeskError, match="nothing_on_hold"):
        await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE)


async def test_a_call_in_flight_in_the_backup_is_held_too(bench: Bench) -> None:
    item = await bench.add("flying", payload={"text": "flying"})
    assert len(await bench.begin()) == 1
    await bench.store.act(hold_restored)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("queued", 1)
    assert await texts(bench) == []
    await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE)
    await carry_out(bench.store)
    assert await texts(bench) == ["flying"]


async def test_a_clock_that_is_put_right_releases_nothing(bench: Bench) -> None:
    await bench.add("old", payload={"text": "old"})
    await bench.add("offer", MessageClass.BROADCAST, payload={"text": "offer"})
    await bench.store.act(hold_restored)
    bench.clock.advance(-172_800)
    await bench.store.act(correct_stored_times, None)
    assert await texts(bench, 5) == []


async def test_a_view_queued_again_is_no_longer_on_hold(bench: Bench) -> None:
    await bench.add("card 1", payload={"text": "old"}, collapse_key="card")
    await bench.store.act(hold_restored)
    again = Outgoing(
        Address(bench.anna.telegram_id),
        Written("message", {"text": "new"}),
        "card 2",
        class_=MessageClass.MANAGER,
        audience=Audience.CUSTOMER,
        collapse_key="card",
    )
    assert await bench.store.act(outbox.add, [again]) == [], "the one that waits shows what is stored now"
    await bench.store.act(decide_on_restored, verdict=Verdict.DISCARD)
    await carry_out(bench.store)
    assert await texts(bench) == ["old"]


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_items_parked_during_the_hold_are_decided_too(bench: Bench, verdict: Verdict) -> None:
    """As when a manager's chat is closed: without it, what is queued again later would wait for the year 2200."""
    item = await bench.add("old", payload={"text": "old"})
    await bench.store.act(hold_restored)
    await bench.store.act(lambda tx: tx.run("UPDATE outbox SET status = 'parked' WHERE id = :id", id=item))
    await bench.store.act(decide_on_restored, verdict=verdict)
    await carry_out(bench.store)
    row = await bench.item(item)
    if verdict is Verdict.DISCARD:
        assert row["status"] == "cancelled"
    else:
        assert (row["status"], row["waits_for"]) == ("parked", None)
        assert row["due_at"] <= bench.clock.now()


async def test_items_moved_to_another_chat_during_the_hold_are_shown_there(bench: Bench) -> None:
    item = await bench.add("old", MessageClass.DESK, payload={"text": "old"})
    await bench.store.act(hold_restored)
    await bench.store.act(lambda tx: tx.run("UPDATE outbox SET status = 'cancelled' WHERE id = :id", id=item))
    place = {"id": None, "chat_id": bench.maria.telegram_id}
    row = await bench.item(item)
    await bench.store.act(unseen_messages.move_to_place, row, place)
    await bench.store.act(decide_on_restored, verdict=Verdict.DISCARD)
    await carry_out(bench.store)
    row = await bench.item(item)
    assert (row["status"], row["waits_for"]) == ("queued", None)
    assert row["due_at"] <= bench.clock.now()


async def test_a_new_part_does_not_send_the_album_that_is_on_hold(bench: Bench) -> None:
    album = await bench.add("album 1", kind="album", payload={"message_ids": [1]}, collapse_key="album")
    await bench.store.act(hold_restored)
    part = {"chat_id": bench.anna.telegram_id, "collapse_key": "album", "message_id": 2}
    assert not await bench.store.act(add_part, due_at=bench.clock.now(), **part)
    assert (await bench.item(album))["waits_for"] == "restored"
    assert (await bench.item(album))["due_at"] > bench.clock.now() + 1440 * MINUTE


async def test_a_backup_made_on_hold_is_held_completely(bench: Bench) -> None:
    """A decision that it holds half carried out counts no longer: the lost desk may have gone on with it."""
    await bench.add("old", payload={"text": "old"})
    await bench.store.act(hold_restored)
    await bench.store.act(decide_on_restored, verdict=Verdict.RELEASE)
    await bench.store.act(hold_restored)
    assert await held(bench) == {HeldKind.REPLIES: 1, HeldKind.DESK: 1}  # the notice about the first restore
    assert await bench.store.act(carry_out_decisions) == 0
    assert await texts(bench) == []


async def test_administrators_are_notified_once_with_the_numbers(bench: Bench) -> None:
    await bench.add("old", payload={"text": "old"})
    await bench.store.act(hold_restored)
    (row,) = await bench.all("SELECT chat_id, payload_json FROM outbox WHERE kind = 'desk_notice'")
    told = row["payload_json"]
    assert (row["chat_id"], told["key"], told["words"]["count"]) == (
        bench.maria.telegram_id,
        "restores.notice",
        1,
    )
    assert [len(buttons) for buttons in told["buttons"]] == [1, 2]
