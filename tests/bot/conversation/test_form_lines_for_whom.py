"""A line taken by a form in a chat of several dialogs: every possible reader is offered."""

import pytest

from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.conversation.two_dialogs_kit import TOM, enter_toms_dialog
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.staging import ADMIN, ANNA, words, wrote

LINE = "Thanks, it is on its way"


@pytest.fixture
async def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


async def line_under(staff: Staff, clock: ManualClock, *actions: str, command: str = "/close") -> Said:
    """Maria is in Tom's dialog, a form of it waits for words, Anna writes, Maria types a line: what is said at it."""
    await enter_toms_dialog(staff, clock)
    await staff.says(command)
    form = (await staff.heard("text"))[0]
    number = form.data("form:").split(":")[1]
    for action in actions:
        await staff.presses(f"form:{number}:{action}", on=form.number)
    clock.advance(1)
    await wrote(staff.store, words("Where is it?", 81))
    await staff.heard()
    clock.advance(1)
    line = await staff.says(LINE)
    said = await staff.heard()
    assert to_customer(said, ANNA) == to_customer(said, TOM) == []
    (told,) = [one for one in said if one.call.params.get("reply_parameters", {}).get("message_id") == line]
    return told


def captions(told: Said) -> list[str]:
    return [row[0]["text"] for row in told.call.params["reply_markup"]["inline_keyboard"]]


@pytest.mark.parametrize(
    ("actions", "command"),
    [(("explain",), "/close"), (("explain", "comment"), "/close"), (("edit:title",), "/info")],
)
@pytest.mark.parametrize("reader", ["Anna", "Tom"])
async def test_each_reader_has_a_button_and_the_tapped_one_gets_the_line(
    staff: Staff, clock: ManualClock, actions: tuple[str, ...], command: str, reader: str
) -> None:
    told = await line_under(staff, clock, *actions, command=command)
    assert [caption.split(" · ")[0] for caption in captions(told)] == ["💬 Send to Anna", "💬 Send to Tom"]
    chosen = told.offered[captions(told).index(next(one for one in captions(told) if reader in one))]
    await staff.presses(chosen, on=told.number)
    said = await staff.heard()
    got = {"Anna": to_customer(said, ANNA), "Tom": to_customer(said, TOM)}
    assert got == {"Anna": [], "Tom": []} | {reader: [LINE]}
    shown = [str(one.params["text"]) for one in staff.gateway.edits()]
    assert not any(LINE in text for text in shown[-2:]), "the form gave the line back"


async def test_a_form_that_acts_at_once_names_both_in_its_question(staff: Staff, clock: ManualClock) -> None:
    told = await line_under(staff, clock, "open:reasons", command="/settings")
    assert "Anna · #" in told.text and "Tom · #" in told.text
    assert len(told.offered) == 3


async def test_the_only_possible_reader_is_offered(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    await staff.says("/close")
    form = (await staff.heard("text"))[0]
    await staff.presses(f"form:{form.data('form:').split(':')[1]}:explain", on=form.number)
    await staff.says(LINE)
    assert captions((await staff.heard())[0]) == ["💬 Send to Tom instead"]


@pytest.mark.parametrize(("actions", "command"), [(("edit:title",), "/info"), (("explain",), "/close")])
async def test_a_form_never_takes_a_line_marked_as_a_note(
    staff: Staff, clock: ManualClock, actions: tuple[str, ...], command: str
) -> None:
    """Nor where no dialog is entered any more."""
    await enter_toms_dialog(staff, clock)
    await staff.says(command)
    form = (await staff.heard("text"))[0]
    for action in actions:
        await staff.presses(f"form:{form.data('form:').split(':')[1]}:{action}", on=form.number)
    await staff.says("/enter")
    await staff.heard()
    before = len(staff.gateway.edits())
    line = await staff.says(". he sounds tired")
    (told,) = await staff.heard()
    assert told.call.params["chat_id"] == ADMIN
    assert told.call.params["reply_parameters"]["message_id"] == line
    assert len(staff.gateway.edits()) == before, "the form did not change"
