"""Nobody knows whether it was sent; and what was on the wire while a dialog opened."""

from typing import Any

import pytest

from holdline.desk import delivery
from holdline.desk.dialogs import Closing, Opening, close_dialog, open_dialog
from holdline.desk.replies import Origin, write_in_dialog
from holdline.dialogs.delivery import Action, Outcome, Refused, Uncertain
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content, Message
from holdline.store.tx import Row

from .conftest import ANNA, GROUP, Bench

DESK: dict[str, Any] = {"class_": MessageClass.DESK, "chat_id": GROUP, "customer_id": None}


def no(action: Action, description: str = "Bad Request: no", code: int = 400, **more: Any) -> Refused:
    return Refused(code, description, action, **more)


async def opened(bench: Bench) -> Dialog:
    opening = Opening(customer_id=bench.anna.id, title="Lost parcel")
    return await bench.store.act(open_dialog, manager=bench.maria, opening=opening)


async def written(bench: Bench, dialog: Dialog, words: str = "hello") -> Message:
    """A manager's reply from her own chat with the bot."""
    content = Content(text=words, chat_id=bench.maria.telegram_id, tg_message_id=77)
    origin = Origin(chat_id=bench.maria.telegram_id, tg_message_id=77)
    return await bench.store.act(
        write_in_dialog, manager=bench.maria, dialog_id=dialog.id, content=content, origin=origin
    )


async def only(bench: Bench, chat_id: int = ANNA.telegram_id) -> Any:
    """The one call of that chat; everything else that is begun is sent."""
    found = None
    for begun in await bench.begin():
        if begun.chat_id == chat_id:
            found = begun
        else:
            await bench.settle(begun)
    assert found is not None
    return found


async def notices(bench: Bench) -> list[Row]:
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    return [row for row in rows if row["payload_json"].get("key", "").startswith("delivery.")]


async def test_a_lost_lease_is_an_unknown_outcome(bench: Bench) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin(lease_seconds=30)
    bench.clock.advance(29)
    assert await bench.store.act(delivery.reap) == 0
    bench.clock.advance(2)
    assert await bench.store.act(delivery.reap) == 1
    assert not await bench.settle(begun)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == ("queued", 1)
    assert await bench.drain(10) == ["a"]
    assert (await bench.one("SELECT * FROM history WHERE kind = 'possibly_repeated'"))["data_json"][
        "repeats"
    ] == 1


async def test_a_smart_reply_is_never_repeated(bench: Bench) -> None:
    item = await bench.add("a", MessageClass.SMART_REPLY)
    (begun,) = await bench.begin()
    await bench.settle(begun, Uncertain("lost"))
    assert (await bench.item(item))["status"] == "dropped"


@pytest.mark.parametrize("outcome", [None, Uncertain("lost")])
async def test_marketing_on_the_wire_while_a_dialog_opens_is_in_its_history(
    bench: Bench, outcome: Outcome | None
) -> None:
    item = await bench.add("funnel", MessageClass.FUNNEL)
    begun = await only(bench)
    dialog = await opened(bench)
    await bench.settle(begun, outcome)
    (line,) = await bench.all("SELECT * FROM history WHERE kind = 'crossed'")
    assert (line["dialog_id"], line["data_json"]["outbox_id"]) == (dialog.id, item)
    assert line["data_json"]["certain"] is (outcome is None)


async def test_an_uncertain_funnel_waits_behind_the_gate_like_any_other(bench: Bench) -> None:
    await bench.add("funnel", MessageClass.FUNNEL)
    begun = await only(bench)
    dialog = await opened(bench)
    await bench.settle(begun, Uncertain("lost"))
    assert "funnel" not in await bench.drain(20)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=Closing())
    assert "funnel" in await bench.drain(20)
    assert len(await bench.all("SELECT * FROM history WHERE kind = 'crossed'")) == 1


async def test_the_form_goes_first_and_is_known_to_be_delivered(bench: Bench) -> None:
    dialog = await opened(bench)
    await bench.add("funnel", MessageClass.FUNNEL)
    closing = Closing(send_rating_form=True)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    begun = await only(bench)
    assert begun.kind == "rating_form"
    await bench.settle(begun)
    assert (await bench.one("SELECT state FROM surveys"))["state"] == "delivered"
