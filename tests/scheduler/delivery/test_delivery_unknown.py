"""Calls with an unknown outcome, and calls in flight while a dialog opened."""

import pytest

from holdline.desk.delivery.delivery import settle_orphans
from holdline.desk.delivery.settle import reap
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.telegram.outcomes import Outcome, RetryLater, Scope, Uncertain
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, only, opened, written


async def test_a_lost_lease_is_an_unknown_outcome(bench: Bench) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin(lease_seconds=30)
    bench.clock.advance(29)
    assert await bench.store.act(reap) == 0
    bench.clock.advance(2)
    assert await bench.store.act(reap) == 1
    assert not await bench.settle(begun)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("queued", 1)
    assert await bench.drain(10) == ["a"]
    assert (await bench.one("SELECT * FROM history WHERE kind = 'possibly_repeated'"))["data_json"][
        "repeats"
    ] == 1


async def test_the_calls_of_a_dead_sender_are_unknown_at_once_in_any_order_of_chats(bench: Bench) -> None:
    added = [await bench.add(f"to {chat}", **{**DESK, "chat_id": chat}) for chat in (GROUP, GROUP - 1)]
    added.append(await bench.add("to the customer"))
    await bench.begin(lease_seconds=3600)
    assert await bench.store.act(settle_orphans, epoch=2) == len(added)
    assert {(await bench.item(item))["status"] for item in added} == {"queued"}


async def test_a_smart_reply_is_never_repeated(bench: Bench) -> None:
    item = await bench.add("a", MessageClass.SMART_REPLY)
    (begun,) = await bench.begin()
    await bench.settle(begun, Uncertain("lost"))
    assert (await bench.item(item))["status"] == "dropped"


@pytest.mark.row("L-38")
async def test_an_automatic_answer_that_must_wait_while_a_dialog_opens_is_dropped(bench: Bench) -> None:
    item = await bench.add("hint", MessageClass.SMART_REPLY)
    begun = await only(bench)
    await opened(bench)
    await bench.settle(begun, RetryLater("Too Many Requests", Scope.CHAT, 1.0))
    assert (await bench.item(item))["status"] == "dropped"
    assert "hint" not in await bench.drain(10)


@pytest.mark.parametrize("outcome", [None, Uncertain("lost")])
async def test_marketing_in_flight_while_a_dialog_opens_is_in_its_history(
    bench: Bench, outcome: Outcome | None
) -> None:
    item = await bench.add("funnel", MessageClass.FUNNEL)
    begun = await only(bench)
    dialog = await opened(bench)
    await bench.settle(begun, outcome)
    (line,) = await bench.all("SELECT * FROM history WHERE kind = 'crossed'")
    assert (line["dialog_id"], line["data_json"]["outbox_id"]) == (dialog.id, item)
    assert line["data_json"]["certain"] is (outcome is None)


async def test_history_shows_the_message_that_crossed(bench: Bench) -> None:
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Step one")
    await bench.store.act(accept_outbound, order=order)
    begun = await only(bench)
    await opened(bench)
    await bench.settle(begun)
    (line,) = await bench.all("SELECT * FROM history WHERE kind = 'crossed'")
    assert line["text"] == "Step one"


async def test_an_uncertain_funnel_message_waits_at_the_gate_like_others(bench: Bench) -> None:
    await bench.add("funnel", MessageClass.FUNNEL)
    begun = await only(bench)
    dialog = await opened(bench)
    await bench.settle(begun, Uncertain("lost"))
    assert "funnel" not in await bench.drain(20)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=Closing())
    assert "funnel" in await bench.drain(20)
    assert len(await bench.all("SELECT * FROM history WHERE kind = 'crossed'")) == 1


async def test_the_rating_form_is_sent_first_and_stored_as_delivered(bench: Bench) -> None:
    dialog = await opened(bench)
    await bench.add("funnel", MessageClass.FUNNEL)
    closing = Closing(send_rating_form=True)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    begun = await only(bench)
    assert begun.kind == "rating_form"
    await bench.settle(begun)
    assert (await bench.one("SELECT state FROM ratings"))["state"] == "delivered"


async def test_a_message_undone_in_flight_is_not_sent_again(bench: Bench) -> None:
    dialog = await opened(bench)
    await bench.drain(10)
    message = await written(bench, dialog)
    begun = await only(bench)
    await bench.store.act(
        lambda tx: tx.run("UPDATE messages SET deleted_at = :at WHERE id = :id", at=tx.at, id=message.id)
    )
    await bench.settle(begun, Uncertain("lost"))
    sent = await bench.drain(60)
    assert [key.split(":")[0] for key in sent] == ["delivery.taken_back", "mark"], (
        "only the manager is notified"
    )
    assert (await bench.item(begun.outbox_id))["status"] == "cancelled"


async def test_an_info_card_that_was_parked_is_sent_again_with_the_next_change(bench: Bench) -> None:
    """Otherwise the dialog would never have its buttons. A card that is refused again and again is given up."""
    dialog = await opened(bench)
    kinds: list[str] = []

    async def pass_a_while(*, card: Outcome | None = None) -> None:
        async for begun in bench.calls(120):
            if begun.chat_id == bench.maria.telegram_id:
                kinds.append(begun.kind)
            await bench.settle(begun, card if begun.kind == "info_card" else None)

    await pass_a_while(card=Uncertain("lost"))
    await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=dialog.id)
    await pass_a_while()
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id AND live = 1", id=dialog.id)
    assert (kinds.count("info_card"), place["card_tg_message_id"] is not None) == (4, True)
    await bench.store.act(resume_dialog, manager=bench.maria, dialog_id=dialog.id)
    await pass_a_while()
    assert (kinds.count("info_card"), kinds.count("info_card_edit") > 0) == (4, True)


async def test_an_undeliverable_info_card_is_abandoned_after_three_tries(bench: Bench) -> None:
    dialog, moves = await opened(bench), [pause_dialog, resume_dialog] * 3
    for move in moves:
        async for begun in bench.calls(120):
            await bench.settle(begun, Uncertain("lost") if begun.kind == "info_card" else None)
        await bench.store.act(move, manager=bench.maria, dialog_id=dialog.id)
    cards = await bench.all("SELECT status FROM outbox WHERE kind = 'info_card'")
    assert [card["status"] for card in cards] == ["parked"] * 3
