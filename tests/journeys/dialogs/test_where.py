"""Where a customer's messages and an active dialog are found."""

import pytest

from tests.journeys.hands import number_of, paused, window
from tests.journeys.world import IVAN, World, rows_of


@pytest.mark.row("L-53")
async def test_active_dialogs_have_a_list_of_their_own(desk: World) -> None:
    anna, bruno, clara = desk.customer(), desk.customer(510000002, "Bruno"), desk.customer(510000003, "Clara")
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    first, second, third = [
        await desk.opened(who, title)
        for who, title in ((anna, "Lost parcel"), (bruno, "Wrong colour"), (clara, "No invoice"))
    ]
    await paused(desk, maria, second)
    maria.says("/close 3", third)
    await third.card_says("Status: closed")
    ivan.says("/active")
    shown = await window(desk, ivan.id, "▶️ Active dialogs")
    assert f"▶️ #{first.dialog_id} Lost parcel" in shown["text"]
    assert "Wrong colour" not in shown["text"] and "No invoice" not in shown["text"]
    assert [b["url"] for row in rows_of(shown) for b in row if "url" in b] == [
        f"https://t.me/c/{str(desk.group)[4:]}/{first.id}"
    ]
    maria.says("/resume", second)
    await second.card_says("Status: active")
    ivan.says("/active")
    again = await window(desk, ivan.id, "Wrong colour", after=shown["message_id"])
    assert "Lost parcel" in again["text"] and "No invoice" not in again["text"]
    assert (await first.dialog())["assignee"]["name"] == "Maria"


@pytest.mark.row("L-54")
async def test_a_message_goes_to_the_active_dialog_else_to_the_general_chat(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    first = await desk.opened(anna)
    anna.says("Into the dialog")
    shown = await first.shows("Into the dialog")
    await paused(desk, maria, first)
    anna.says("While it is paused")
    card = await maria.card("While it is paused")
    assert card["message_thread_id"] != first.id
    maria.says("/resume", first)
    await first.card_says("Status: active")
    anna.says("Active again")
    await first.shows("Active again", after=shown["message_id"])
    maria.says("/close 3", first)
    await first.card_says("Status: closed")
    anna.says("After the close")
    await window(desk, desk.group, "After the close")
    shown_inside = [
        m["text"] for m in first.shown() if m.get("text") in ("While it is paused", "After the close")
    ]
    assert shown_inside == ["While it is paused"], (
        "resuming takes up the pause, a closed dialog takes up nothing"
    )
    general = await desk.get(f"/customers/{await number_of(desk, anna)}/messages")
    assert [m["text"] for m in general["items"] if m["direction"] == "in"] == [
        "Hello, about: Lost parcel", "While it is paused", "After the close",
    ]  # fmt: skip
