"""Entering a dialog shows where lines will go; the question about the reader offers dialogs that accept messages."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.conversation.two_dialogs_kit import TOM, two_dialogs
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.staging import ADMIN, ANNA, manager, words, wrote


@pytest.fixture
async def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


async def close(staff: Staff, dialog: Dialog) -> None:
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )
    await staff.heard()


@pytest.mark.parametrize("by", ["command", "button"])
@pytest.mark.parametrize(("state", "remedy"), [("closed", "dlg.new"), ("paused", "dlg.resume")])
async def test_entering_a_dialog_that_accepts_no_messages_shows_the_remedy(
    staff: Staff, clock: ManualClock, by: str, state: str, remedy: str
) -> None:
    anna, _ = await two_dialogs(staff, clock)
    if state == "closed":
        await close(staff, anna)
    else:
        await staff.says(f"/pause {anna.id}")
        await staff.heard()
    if by == "command":
        await staff.says(f"/enter {anna.id}")
    else:
        await staff.presses(f"dlg.go:{anna.id}")
    answer = next(one for one in await staff.heard("text") if one.offered)
    assert state in answer.text and "goes to this customer" not in answer.text
    assert answer.data(remedy)
    await staff.says("hello?")
    assert to_customer(await staff.heard()) == []


async def question(staff: Staff) -> Said:
    return next(one for one in await staff.heard() if "For whom" in one.text)


@pytest.mark.parametrize("ended", ["closed", "paused"])
async def test_the_question_offers_only_dialogs_that_accept_messages(
    staff: Staff, clock: ManualClock, ended: str
) -> None:
    anna, tom = await two_dialogs(staff, clock)
    await staff.says(f"/enter {anna.id}")
    await staff.heard()
    clock.advance(1)
    if ended == "closed":
        await close(staff, anna)
    else:
        await staff.says(f"/pause {anna.id}")
        await staff.heard()
    clock.advance(1)
    await wrote(staff.store, words("My card is 4111", 81), TOM)
    await staff.heard()
    await staff.says("Thanks")
    asked = await question(staff)
    keyboard = asked.call.params["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in keyboard][:2] == [f"💬 Tom · #{tom.id}", "💬 Anna"]
    await staff.presses(keyboard[1][0]["callback_data"], on=asked.number)
    assert to_customer(await staff.heard(), ANNA) == ["Thanks"]


async def test_a_managers_own_list_is_shown_while_a_dialog_is_entered(
    staff: Staff, clock: ManualClock
) -> None:
    anna, tom = await two_dialogs(staff, clock)
    await staff.says(f"/enter {anna.id}")
    await staff.heard()
    await staff.says("/dialogs")
    (listed,) = await staff.heard("text")
    assert f"#{anna.id}" in listed.text and f"#{tom.id}" in listed.text


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("9999", "Not found: dialog #9999"), ("abc", "/enter 12"), ("9" * 19, "/enter 12")],
)
async def test_after_a_mistyped_number_the_next_line_goes_to_nobody(
    staff: Staff, clock: ManualClock, typed: str, reason: str
) -> None:
    anna, _ = await two_dialogs(staff, clock)
    await staff.says(f"/enter {anna.id}")
    await staff.heard()
    await staff.says(f"/enter {typed}")
    (answer,) = await staff.heard("text")
    assert reason in answer.text
    assert answer.text.endswith(
        "You have left the dialog. What you write here goes to nobody until you reply or /enter again."
    )
    await staff.says("Your refund is on its way")
    assert to_customer(await staff.heard(), ANNA) == []


async def answers_to_enter_keep_their_order(staff: Staff, clock: ManualClock) -> None:
    """Customers write meanwhile, so that much waits for Maria's own chat."""
    anna, tom = await two_dialogs(staff, clock)
    for number in range(3):
        await wrote(staff.store, words(f"more {number}", 81 + number), ANNA)
        await wrote(staff.store, words(f"more {number}", 91 + number), TOM)
    typed = ["", f" {anna.id}", "", f" {tom.id}", f" {anna.id}", ""]
    for number in typed:
        await staff.says(f"/enter{number}")
    sent = await staff.store.read(_queue)
    answers = [text for text in sent if "You " in text]
    entered = [next((f" {one.id}" for one in (anna, tom) if f"#{one.id} " in text), "") for text in answers]
    assert entered == typed, sent


def _queue(tx: Tx) -> list[str]:
    """What waits for Maria's own chat, in the order in which it would be sent."""
    rows = tx.all(
        "SELECT * FROM outbox WHERE chat_id = :chat AND status = 'queued' ORDER BY rank, turn, due_at, id",
        chat=ADMIN,
    )
    return [str(row["payload_json"].get("text", row["kind"])) for row in rows]


async def test_answers_to_enter_keep_their_order_in_a_private_desk(staff: Staff, clock: ManualClock) -> None:
    await answers_to_enter_keep_their_order(staff, clock)


async def test_answers_to_enter_keep_their_order_beside_a_group(
    group_desk: Store, clock: ManualClock
) -> None:
    await answers_to_enter_keep_their_order(Staff(group_desk), clock)
