"""The wizard that opens a dialog, step by step, from a card to the link."""

import pytest

from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.people.staff import add_manager
from holdline.desk.settings.lists import add_to_list, remove_from_list
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs, history, lists
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, GROUP, IVAN, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?\nIt is late."))
    await group_desk.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    return Staff(group_desk)


async def wizard(staff: Staff, person: int = ADMIN) -> tuple[Said, str]:
    """From the card's button to the first step; its window and the form's prefix."""
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(staff.store, None)
    await staff.presses(card.data("card.open"), person, chat=GROUP, thread=inbox, on=card.number)
    window = await staff.answer()
    return window, window.form


async def value(staff: Staff, kind: str, name: str) -> int:
    row = await staff.store.read(lambda tx: lists.find(tx, kind, name))
    assert row is not None
    return int(row["id"])


async def added(staff: Staff, kind: str, name: str) -> int:
    row: Row = await staff.store.act(lambda tx: add_to_list(tx, manager=manager(tx), kind=kind, name=name))
    return int(row["id"])


async def only(staff: Staff) -> Dialog:
    found = await staff.store.read(lambda tx: dialogs.page(tx, dialogs.DialogFilter()))
    assert len(found) == 1
    return found[0]


@pytest.mark.row("L-05")
async def test_the_first_line_of_the_customers_message_is_the_proposed_title(staff: Staff) -> None:
    window, _ = await wizard(staff)
    assert "Where is my order?" in window.text and "late" not in window.text


@pytest.mark.row("L-04")
@pytest.mark.row("L-06")
@pytest.mark.row("L-07")
@pytest.mark.row("L-11")
@pytest.mark.row("L-16")
@pytest.mark.row("L-22")
async def test_the_wizard_leads_from_the_card_to_the_link_of_the_dialog(staff: Staff) -> None:
    late, parcel = await added(staff, "reasons", "Late"), await added(staff, "components", "Parcel")
    refund = await value(staff, "types", "Refund")
    window, form = await wizard(staff)
    inbox = await thread_of(staff.store, None)

    async def press(action: str) -> None:
        await staff.presses(f"{form}:{action}", chat=GROUP, thread=inbox, on=window.number)

    await press("next")
    assert f"{form}:participants:{ADMIN}" in staff.gateway.offered
    assert "✅ Maria" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await press(f"participants:{IVAN}")
    await press("next")
    await press(f"type:{refund}")
    await press(f"reasons:{late}")
    await press("next")
    await press(f"components:{parcel}")
    await press("next")
    await press("create")
    dialog = await only(staff)
    assert (dialog.title, dialog.type) == ("Where is my order?", "Refund")
    assert [person.telegram_id for person in dialog.participants] == [ADMIN, IVAN]
    assert (dialog.reasons, dialog.components) == (("Late",), ("Parcel",))
    assert staff.gateway.window == "➕ New dialog with Anna\n✔ Created."
    answer = await staff.answer()
    assert answer.text == f"▶️ #{dialog.id} “Where is my order?” is open", (
        "said with the way to it, and only there"
    )
    assert answer.offered == [f"https://t.me/c/{str(GROUP)[4:]}/{await thread_of(staff.store, dialog.id)}"]


@pytest.mark.row("W-23")
@pytest.mark.row("W-24")
@pytest.mark.row("W-25")
@pytest.mark.row("W-28")
@pytest.mark.row("W-31")
async def test_a_dialog_that_an_agent_opens_is_assigned_to_them_with_defaults_and_history(
    staff: Staff,
) -> None:
    support = await value(staff, "types", "Support")
    window, form = await wizard(staff, IVAN)
    inbox = await thread_of(staff.store, None)
    for action in ("next", "next", f"type:{support}", "next", "next", "create"):
        await staff.presses(f"{form}:{action}", IVAN, chat=GROUP, thread=inbox, on=window.number)
    dialog = await only(staff)
    assert (dialog.title, dialog.type) == ("Where is my order?", "Support")
    assert (dialog.state, dialog.priority, dialog.stage) == ("active", "normal", "New")
    assert dialog.assignee is not None and dialog.assignee.telegram_id == IVAN
    told = await staff.store.read(lambda tx: history.page(tx, dialog_id=dialog.id))
    (entry,) = [row for row in told if row["kind"] == "dialog_opened"]
    said = {"title": "Where is my order?", "type": "Support", "participants": [IVAN]}
    assert entry["actor_name"] == "Ivan"
    assert {name: entry["data_json"][name] for name in said} == said


@pytest.mark.row("L-06")
async def test_the_creator_cannot_be_unticked(staff: Staff) -> None:
    window, form = await wizard(staff)
    for action in ("next", f"participants:{ADMIN}"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    assert "✅ Maria" in str(staff.gateway.last("editMessageText").params["reply_markup"])


@pytest.mark.row("L-05")
@pytest.mark.parametrize("replies", [True, False])
async def test_a_typed_title_takes_the_proposals_place_in_the_same_window(
    staff: Staff, replies: bool
) -> None:
    """Though nobody has pressed anything in it yet."""
    window, form = await wizard(staff)
    inbox = await thread_of(staff.store, None)
    reply = window.number if replies else None
    await staff.says("Lost parcel", chat=GROUP, thread=inbox, reply_to=reply)
    edit = staff.gateway.last("editMessageText").params
    assert (edit["chat_id"], edit["message_id"]) == (GROUP, window.number)
    await staff.presses(f"{form}:back", chat=GROUP, thread=inbox, on=window.number)
    assert "Lost parcel" in staff.gateway.window
    assert await staff.heard("message") == []


@pytest.mark.row("L-21")
@pytest.mark.row("L-18")
@pytest.mark.row("L-20")
async def test_the_wizard_needs_its_mandatory_fields(staff: Staff) -> None:
    window, form = await wizard(staff)
    for action in ("next", "next", "next", "next"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    assert f"{form}:next" not in staff.gateway.offered, "no type yet"
    await staff.presses(f"{form}:create", chat=GROUP, on=window.number)
    assert await staff.store.read(lambda tx: dialogs.page(tx, dialogs.DialogFilter())) == []
    await staff.presses(f"{form}:type:{await value(staff, 'types', 'Support')}", chat=GROUP, on=window.number)
    assert "No reasons yet." in staff.gateway.window and "settings.page:reasons" in staff.gateway.offered
    for action in ("next", "next", "create"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    assert (await only(staff)).reasons == ()


@pytest.mark.parametrize("title", ["x" * 129, "   "])
async def test_a_title_unsuitable_for_a_topic_is_refused_in_the_window(staff: Staff, title: str) -> None:
    window, form = await wizard(staff)
    inbox = await thread_of(staff.store, None)
    await staff.presses(f"{form}:back", chat=GROUP, thread=inbox, on=window.number)
    await staff.says(title, chat=GROUP, thread=inbox)
    assert "⚠️" in staff.gateway.window and "Where is my order?" in staff.gateway.window


@pytest.mark.row("L-15")
async def test_a_value_deleted_meanwhile_is_reported_and_not_used(staff: Staff) -> None:
    late = await added(staff, "reasons", "Late")
    window, form = await wizard(staff)
    support = await value(staff, "types", "Support")
    for action in ("next", "next", f"type:{support}"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    await staff.store.act(lambda tx: remove_from_list(tx, manager=manager(tx), kind="reasons", list_id=late))
    await staff.presses(f"{form}:reasons:{late}", chat=GROUP, on=window.number)
    assert "deleted" in staff.gateway.window


@pytest.mark.row("L-43")
async def test_a_dialog_opened_meanwhile_stops_the_last_step_and_keeps_the_form(staff: Staff) -> None:
    window, form = await wizard(staff)
    support = await value(staff, "types", "Support")
    for action in ("next", "next", f"type:{support}", "next", "next"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    other = await opened(staff.store, "Faster")
    await staff.heard()
    await staff.presses(f"{form}:create", chat=GROUP, on=window.number)
    assert f"#{other.id}" in staff.gateway.toast
    assert (await staff.answer()).offered[1:] == [f"dlg.pause:{other.id}", f"dlg.close:{other.id}"]
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=other.id))
    await staff.presses(f"{form}:create", chat=GROUP, on=window.number)
    assert len(await staff.store.read(lambda tx: dialogs.page(tx, dialogs.DialogFilter()))) == 2


async def test_two_taps_on_create_open_one_dialog(staff: Staff) -> None:
    window, form = await wizard(staff)
    support = await value(staff, "types", "Support")
    for action in ("next", "next", f"type:{support}", "next", "next", "create", "create"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    await only(staff)
    assert staff.gateway.toast == "This form is finished."


async def test_a_colleagues_press_is_refused_politely(staff: Staff) -> None:
    window, form = await wizard(staff)
    await staff.presses(f"{form}:cancel", IVAN, chat=GROUP, on=window.number)
    toast = "A colleague has this form open. Start your own from the card or with the command."
    assert staff.gateway.toast == toast
    await staff.presses(f"{form}:next", chat=GROUP, on=window.number)
    assert "Step 2" in staff.gateway.window


async def test_cancelling_leaves_nothing(staff: Staff) -> None:
    window, form = await wizard(staff)
    await staff.presses(f"{form}:cancel", chat=GROUP, on=window.number)
    assert staff.gateway.offered == []
    assert await staff.store.read(lambda tx: dialogs.page(tx, dialogs.DialogFilter())) == []


async def test_a_half_filled_form_survives_a_restart(staff: Staff) -> None:
    window, form = await wizard(staff)
    for action in ("next", f"participants:{IVAN}"):
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)
    again = Staff(staff.store)
    await again.presses(f"{form}:next", chat=GROUP, on=window.number)
    assert "Step 3" in again.gateway.window

    def kept(tx: Tx) -> list[int]:
        row = tx.one("SELECT values_json FROM forms")
        assert row is not None
        return list(row["values_json"]["participants"])

    assert await staff.store.read(kept) == [ADMIN, IVAN]


@pytest.mark.row("L-15")
async def test_values_deleted_while_the_form_was_open_leave_it_with_a_notice(staff: Staff) -> None:
    late = await added(staff, "reasons", "Late")
    support = await value(staff, "types", "Support")
    window, form = await wizard(staff)
    way = (
        "next",
        f"participants:{IVAN}",
        "next",
        f"type:{support}",
        f"reasons:{late}",
        "next",
        "next",
    )
    for action in way:
        await staff.presses(f"{form}:{action}", chat=GROUP, on=window.number)

    def go_away(tx: Tx) -> None:
        remove_from_list(tx, manager=manager(tx), kind="reasons", list_id=late)
        tx.run("UPDATE managers SET active = 0 WHERE telegram_id = :id", id=IVAN)

    await staff.store.act(go_away)
    await staff.presses(f"{form}:create", chat=GROUP, on=window.number)
    assert "no longer in this form" in staff.gateway.window
    await staff.presses(f"{form}:create", chat=GROUP, on=window.number)
    dialog = await only(staff)
    assert (dialog.reasons, [person.telegram_id for person in dialog.participants]) == ((), [ADMIN])
