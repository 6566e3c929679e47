"""The close form: stars for those who handled it, the rating form's tick, the explanation."""

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.settings.desk_fields import add_field
from holdline.desk.settings.lists import add_to_list
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, ANNA, GROUP, manager, opened, words, wrote

BOSS = 400000078


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    assert dialog.id == 1
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def close_form(staff: Staff, person: int = ADMIN) -> tuple[Said, str]:
    await staff.presses("dlg.close:1", person, chat=GROUP, on=5, thread=await thread_of(staff.store, 1))
    window = await staff.answer()
    return window, window.form


async def press(staff: Staff, window: Said, *data: str, person: int = ADMIN) -> None:
    thread = await thread_of(staff.store, 1)
    for one in data:
        await staff.presses(one, person, chat=GROUP, on=window.number, thread=thread)


async def state(staff: Staff) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, 1))


@pytest.mark.row("L-55")
@pytest.mark.row("L-58")
async def test_stars_are_chosen_and_the_dialog_is_closed(staff: Staff) -> None:
    window, form = await close_form(staff)
    assert {f"{form}:score:{n}" for n in (0, 1, 2, 3)} <= set(window.offered)
    await press(staff, window, f"{form}:score:3", f"{form}:close")
    dialog = await state(staff)
    assert (dialog.state, dialog.customer_score) == ("closed", 3)
    card = (await staff.heard("info_card_edit"))[-1]
    assert "Manager → customer: 3" in card.text


@pytest.mark.row("L-55")
@pytest.mark.row("L-69")
async def test_the_score_may_be_skipped(staff: Staff) -> None:
    window, form = await close_form(staff)
    await press(staff, window, f"{form}:score:3", f"{form}:score:0", f"{form}:close")
    dialog = await state(staff)
    assert (dialog.state, dialog.customer_score) == ("closed", None)


@pytest.mark.row("L-56")
async def test_a_manager_who_did_not_handle_the_dialog_sees_no_stars_and_cannot_forge_them(
    staff: Staff,
) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=BOSS, name="Boss", role="manager"))
    window, form = await close_form(staff, BOSS)
    assert not [data for data in window.offered if ":score:" in data]
    await press(staff, window, f"{form}:score:1", f"{form}:close", person=BOSS)
    dialog = await state(staff)
    assert (dialog.state, dialog.customer_score) == ("closed", None)


@pytest.mark.row("L-57")
@pytest.mark.row("L-59")
async def test_the_checkbox_decides_whether_the_rating_form_is_sent(staff: Staff) -> None:
    window, form = await close_form(staff)
    assert "☑️" in str(window.call.params["reply_markup"])
    await press(staff, window, f"{form}:form")
    assert "⬜️" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await press(staff, window, f"{form}:form", f"{form}:close")
    sent = (await staff.heard("rating_form"))[0]
    assert sent.row["chat_id"] == ANNA.telegram_id and len(sent.offered) == 3


async def test_an_unselected_rating_form_is_not_sent(staff: Staff) -> None:
    window, form = await close_form(staff)
    await press(staff, window, f"{form}:form", f"{form}:close")
    assert (await state(staff)).state == "closed"
    assert await staff.heard("rating_form") == []


@pytest.mark.row("R-29")
async def test_explain_and_close_keeps_reason_comment_and_root_cause(staff: Staff) -> None:
    cause = await staff.store.act(
        lambda tx: add_to_list(tx, manager=manager(tx), kind="root_causes", name="Carrier")["id"]
    )
    window, form = await close_form(staff)
    thread = await thread_of(staff.store, 1)
    await press(staff, window, f"{form}:explain", f"{form}:reason")
    await staff.says("Parcel found", chat=GROUP, thread=thread)
    await press(staff, window, f"{form}:comment")
    await staff.says("Call them first", chat=GROUP, thread=thread)
    await press(staff, window, f"{form}:root_cause", f"{form}:cause:{cause}", f"{form}:close")
    dialog = await state(staff)
    assert (dialog.close_reason, dialog.close_comment, dialog.root_cause) == (
        "Parcel found",
        "Call them first",
        "Carrier",
    )
    assert await staff.heard("message") == [], "what was typed into the form reached nobody"


@pytest.mark.row("L-31")
async def test_a_closed_dialog_offers_no_close_form(staff: Staff) -> None:
    window, form = await close_form(staff)
    await press(staff, window, f"{form}:close")
    await staff.heard()
    await staff.presses("dlg.close:1", chat=GROUP, on=5)
    assert "closed" in staff.gateway.toast


@pytest.mark.row("R-03")
async def test_without_the_permission_the_close_form_asks_managers_who_have_it(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=BOSS, name="Ivan", role="agent"))
    window, form = await close_form(staff, BOSS)
    assert "Closing needs a manager" in window.text
    await press(staff, window, f"{form}:close", person=BOSS)
    assert (await state(staff)).state == "active"
    assert "I have asked them" in staff.gateway.window


def _history(tx: Tx) -> list[str]:
    return [row["kind"] for row in tx.all("SELECT kind FROM history ORDER BY id")]


@pytest.mark.row("W-22")
async def test_leaving_the_form_changes_nothing(staff: Staff) -> None:
    before = await staff.store.read(_history)
    window, form = await close_form(staff)
    await press(staff, window, f"{form}:score:1", f"{form}:cancel")
    assert (await state(staff)).state == "active"
    assert await staff.store.read(_history) == before


async def test_a_close_asks_only_for_the_fields_that_are_missing(staff: Staff) -> None:
    def lay(tx: Tx) -> list[int]:
        kinds = {"Order": "text", "Pieces": "number", "Insured": "yes_no"}
        ids = [
            add_field(
                tx,
                manager=manager(tx),
                values={"name": name, "kind": kind, "required_on_close": ["Support"]},
            ).id
            for name, kind in kinds.items()
        ]
        change_dialog(tx, manager=manager(tx), dialog_id=1, changes={"fields": {"Order": "A-1"}})
        return ids

    *_, insured = await staff.store.act(lay)
    await staff.heard()
    thread = await thread_of(staff.store, 1)
    await staff.says("/close 3", chat=GROUP, thread=thread)
    assert "Pieces" in (await staff.answer()).text and (await state(staff)).state == "active"
    window, form = await close_form(staff)
    await press(staff, window, f"{form}:close")
    assert "Pieces" in staff.gateway.window and "Order" not in staff.gateway.window
    await staff.says("two", chat=GROUP, thread=thread)
    assert "⚠️" in staff.gateway.window
    await staff.says("2", chat=GROUP, thread=thread)
    await press(staff, window, f"{form}:own{insured}:1")
    assert "Pieces: 2" in staff.gateway.window and "Insured: no" in staff.gateway.window
    assert (await state(staff)).state == "active"
    await press(staff, window, f"{form}:close")
    dialog = await state(staff)
    assert (dialog.state, dialog.stage) == ("closed", "Closed")
    assert dialog.fields == {"Order": "A-1", "Pieces": 2, "Insured": False}
