"""Acts on a row of a list without opening the dialog, and an answer straight from the list."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.people.time_zones import set_time_zone
from holdline.desk.settings.lists import add_to_list
from holdline.desk.teams.teams import add_team
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.lists_kit import listed, tap
from tests.bot.staging import ADMIN, IVAN, manager, named, opened, words, wrote

RON = 77


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(group_desk, words())
    return Staff(group_desk)


async def one(staff: Staff) -> Dialog:
    dialog = await opened(staff.store)
    await staff.heard()
    return dialog


async def as_it_is(staff: Staff, dialog: Dialog) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))


@pytest.mark.row("R-16")
@pytest.mark.parametrize(
    ("taps", "field", "value", "said"),
    [
        (["Stage", "In handling"], "stage", "In handling", "In handling"),
        (["Queue", "Refunds"], "queue", "Refunds", "Refunds"),
        (["Priority", "urgent"], "priority", "urgent", "urgent"),
    ],
)
async def test_a_value_is_set_under_a_row(
    staff: Staff, taps: list[str], field: str, value: str, said: str
) -> None:
    dialog = await one(staff)
    await staff.store.act(lambda tx: add_to_list(tx, manager=manager(tx), kind="queues", name="Refunds"))
    listing = await listed(staff, "/all")
    window = await tap(staff, f"⚡ #{dialog.id}", *taps, under=listing)
    assert getattr(await as_it_is(staff, dialog), field) == value
    head, done = window.splitlines()[:2]
    assert (head, done) == ("🗂 All dialogs", staff.gateway.toast)
    assert done.startswith(f"✔ #{dialog.id} Delivery · ") and done.endswith(f"{taps[0]}: {said}")


@pytest.mark.row("R-16")
async def test_a_dialog_is_taken_assigned_and_unassigned_under_a_row(staff: Staff) -> None:
    dialog = await one(staff)
    listing = await listed(staff, "/all")
    await tap(staff, f"⚡ #{dialog.id}", "👤 Assign", "Ivan", under=listing)
    given = (await as_it_is(staff, dialog)).assignee
    assert given is not None and given.telegram_id == IVAN
    await tap(staff, f"⚡ #{dialog.id}", "🙋 Take", under=listing)
    taken = (await as_it_is(staff, dialog)).assignee
    assert taken is not None and taken.telegram_id == ADMIN
    await tap(staff, f"⚡ #{dialog.id}", "👤 Assign", "Nobody", under=listing)
    assert (await as_it_is(staff, dialog)).assignee is None
    team = {"name": "Billing", "members": [IVAN]}
    await staff.store.act(lambda tx: add_team(tx, manager=manager(tx), fields=team))
    await tap(staff, f"⚡ #{dialog.id}", "👤 Assign", "👥 Billing", under=listing)
    assert (await as_it_is(staff, dialog)).team == "Billing"


@pytest.mark.row("R-16")
async def test_postponing_shows_and_sets_the_date_in_the_managers_time_zone(
    staff: Staff, clock: ManualClock
) -> None:
    dialog = await one(staff)
    await staff.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Europe/Warsaw"))
    listing = await listed(staff, "/all")
    asked = await tap(staff, f"⚡ #{dialog.id}", "⏰ Postpone", "4 h", under=listing)
    shown = next(line for line in asked.splitlines() if "Europe/Warsaw" in line and "Times" not in line)
    assert "05:0" in shown
    assert (await as_it_is(staff, dialog)).due_at is None, "nothing is set before the second tap"
    clock.advance(timedelta(minutes=10).total_seconds())
    done = await tap(staff, "Set", under=listing)
    due = (await as_it_is(staff, dialog)).due_at
    assert due is not None and f"{due + timedelta(hours=1):%H:%M}" in shown
    assert "Europe/Warsaw" in done.splitlines()[1]


async def test_a_restricted_manager_is_offered_only_allowed_acts(staff: Staff) -> None:
    dialog = await one(staff)
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=RON, name="Ron", role="restricted"))
    listing = await listed(staff, "/all", RON)
    await tap(staff, f"⚡ #{dialog.id}", under=listing, person=RON)
    assert not [data for data in staff.gateway.offered if ":assign:" in data]
    await staff.presses(f"row!:{dialog.id}:assign-{IVAN:d}:l.0.0.", RON, on=listing.number)
    after = (await as_it_is(staff, dialog)).assignee
    assert after is not None and after.telegram_id == ADMIN


async def test_a_dialog_that_a_colleague_closed_meanwhile_is_refused_with_a_sentence(staff: Staff) -> None:
    dialog = await one(staff)
    listing = await listed(staff, "/all")
    await tap(staff, f"⚡ #{dialog.id}", under=listing)
    await staff.says(f"/close #{dialog.id} 3")
    await staff.heard()
    before = len(staff.gateway.edits())
    await staff.presses(f"row!:{dialog.id}:take-0:l.0.0.", on=listing.number)
    assert "closed" in staff.gateway.toast and len(staff.gateway.edits()) == before


async def asked(staff: Staff, dialog: Dialog, person: int = ADMIN) -> Said:
    listing = await listed(staff, "/all", person)
    await staff.presses(f"row.answer:{dialog.id}", person, on=listing.number)
    return await staff.answer()


async def test_the_next_line_is_sent_as_the_answer(staff: Staff) -> None:
    dialog = await one(staff)
    form = await asked(staff, dialog, IVAN)
    assert "👤 Anna: Where is my order?" in form.text and "your next message goes to Anna" in form.text
    before = (await as_it_is(staff, dialog)).assignee
    assert before is not None and before.telegram_id == ADMIN, "asking assigns nobody"
    await staff.says("It comes tomorrow.", IVAN)
    assert to_customer(await staff.heard()) == ["It comes tomorrow."]
    assert staff.gateway.window == f"💬 Goes to Anna · #{dialog.id}."
    after = (await as_it_is(staff, dialog)).assignee
    assert after is not None and after.telegram_id == IVAN
    await staff.says("And this?", IVAN)
    assert to_customer(await staff.heard()) == [], "the form is over"


async def test_an_answer_that_crosses_a_new_message_needs_confirmation(staff: Staff) -> None:
    dialog = await one(staff)
    form = await asked(staff, dialog)
    await wrote(staff.store, words("I have found it, thank you", 72))
    await staff.heard()
    await staff.says("It comes tomorrow.")
    assert to_customer(await staff.heard()) == []
    assert "👤 Anna: I have found it, thank you" in staff.gateway.window
    assert "has written in the meantime" in staff.gateway.window
    await tap(staff, "anyway", under=form)
    assert to_customer(await staff.heard()) == ["It comes tomorrow."]


async def test_an_answer_that_crossed_can_be_dropped_or_rewritten(staff: Staff) -> None:
    dialog = await one(staff)
    form = await asked(staff, dialog)
    await wrote(staff.store, words("I have found it, thank you", 72))
    await staff.heard()
    await staff.says("It comes tomorrow.")
    await staff.says("Good to hear!")
    assert to_customer(await staff.heard()) == ["Good to hear!"]
    await staff.presses(f"{form.form}:anyway", on=form.number)
    assert to_customer(await staff.heard()) == []


async def test_a_refused_answer_ends_the_form(staff: Staff) -> None:
    """It is kept at the line itself: what is typed afterwards may be for colleagues."""
    dialog = await one(staff)
    await asked(staff, dialog)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    await staff.says("It comes tomorrow.")
    said = await staff.heard()
    refused = next(one for one in said if "is paused" in one.text)
    ended = next(one for one in said if "is not sent" in one.text)
    assert f"Your answer to Anna · #{dialog.id} is not sent" in ended.text and not ended.offered
    await staff.store.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    await staff.says("Who has lunch now?")
    assert to_customer(await staff.heard()) == []
    await staff.presses(f"{refused.form}:to:{dialog.id}", on=refused.number)
    assert "Who has lunch now?" not in to_customer(await staff.heard())


async def test_a_note_typed_into_the_form_goes_to_nobody(staff: Staff) -> None:
    dialog = await one(staff)
    await asked(staff, dialog)
    await staff.says(".a secret")
    assert to_customer(await staff.heard()) == []


async def test_a_restricted_manager_writes_a_draft_from_the_list(staff: Staff) -> None:
    dialog = await one(staff)
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=RON, name="Ron", role="restricted"))
    await asked(staff, dialog, RON)
    await staff.says("May I?", RON)
    assert to_customer(await staff.heard()) == [] and "waits for approval" in staff.gateway.window


async def test_a_paused_dialog_accepts_no_answer_from_a_list(staff: Staff) -> None:
    dialog = await one(staff)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    listing = await listed(staff, "/all")
    assert listing.data_or_none("row.answer") is None
    await staff.presses(f"row.answer:{dialog.id}", on=listing.number)
    assert "paused" in staff.gateway.toast
    await staff.says("Hello?")
    assert to_customer(await staff.heard()) == []


async def test_a_photo_is_an_answer_too(staff: Staff) -> None:
    dialog = await one(staff)
    await asked(staff, dialog)
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
    await staff.writes(photo=photo, caption="Here it is")
    assert to_customer(await staff.heard()) == ["Here it is"]


async def test_a_dialog_paused_meanwhile_takes_no_answer_and_the_text_is_not_lost(staff: Staff) -> None:
    dialog = await one(staff)
    await asked(staff, dialog)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    await staff.says("It comes tomorrow.")
    said = await staff.heard()
    assert to_customer(said) == [] and "paused" in said[-1].text
    (kept,) = [data for data in said[-1].offered if data.startswith("form:")]
    await staff.presses(kept, on=said[-1].number)
    assert to_customer(await staff.heard()) == ["It comes tomorrow."]


async def test_the_last_answer_form_takes_the_line(staff: Staff) -> None:
    dialog = await one(staff)
    first = await asked(staff, dialog)
    await asked(staff, dialog)
    await staff.presses(f"{first.form}:cancel", on=first.number)
    await staff.says("It comes tomorrow.")
    assert to_customer(await staff.heard()) == ["It comes tomorrow."]


async def test_an_answer_that_is_edited_changes_at_the_customer(staff: Staff) -> None:
    dialog = await one(staff)
    await asked(staff, dialog)
    number = await staff.says("It comes tomorow.")
    await staff.heard()
    await staff.edits(number, "It comes tomorrow.")
    assert "It comes tomorrow." in to_customer(await staff.heard())


@pytest.mark.parametrize("where", ["main", "stage", "due", "until-1h"])
async def test_a_button_of_a_dialog_closed_since_reports_the_close(staff: Staff, where: str) -> None:
    dialog = await one(staff)
    listing = await listed(staff, "/all")
    await staff.says(f"/close #{dialog.id} 3")
    await staff.heard()
    await staff.presses(f"row:{dialog.id}:{where}:l.0.0.", on=listing.number)
    if where == "main":
        assert [data for data in staff.gateway.offered if data.startswith("row")] == []
    else:
        assert "closed" in staff.gateway.toast


async def test_an_answer_that_crosses_a_colleagues_needs_confirmation(staff: Staff) -> None:
    dialog = await one(staff)
    form = await asked(staff, dialog, IVAN)
    await staff.store.act(
        lambda tx: write_in_dialog(
            tx, manager=manager(tx), dialog_id=dialog.id, content=Content(text="It is with the courier.")
        )
    )
    await staff.heard()
    await staff.says("It comes tomorrow.", IVAN)
    assert to_customer(await staff.heard()) == []
    assert "💬: It is with the courier." in staff.gateway.window
    assert "has answered in the meantime" in staff.gateway.window
    await staff.presses(f"{form.form}:anyway", IVAN, on=form.number)
    assert to_customer(await staff.heard()) == ["It comes tomorrow."]
