"""Changing fields from the info card: collected unsaved, then saved in one entry or dropped."""

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.people.staff import add_manager
from holdline.desk.settings.lists import add_to_list, remove_from_list
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs, lists
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, GROUP, IVAN, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await opened(group_desk)
    await group_desk.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    return Staff(group_desk)


async def card_form(staff: Staff, button: str = "dlg.title:1") -> tuple[Said, str]:
    """From a button of the pinned card."""
    card = (await staff.heard("info_card"))[0]
    assert button in card.offered
    await staff.presses(button, chat=GROUP, on=card.number, thread=await thread_of(staff.store, 1))
    window = await staff.answer()
    return window, window.form


async def press(staff: Staff, window: Said, *data: str) -> None:
    thread = await thread_of(staff.store, 1)
    for one in data:
        await staff.presses(one, chat=GROUP, on=window.number, thread=thread)


async def state(staff: Staff) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, 1))


def changes(tx: Tx) -> list[Row]:
    return tx.all("SELECT data_json FROM history WHERE kind = 'dialog_changed'")


@pytest.mark.row("L-25")
@pytest.mark.row("L-26")
@pytest.mark.row("L-18")
@pytest.mark.row("L-20")
async def test_all_fields_are_saved_together_in_one_entry(staff: Staff) -> None:
    def lay(tx: Tx) -> tuple[int, int, int]:
        late = add_to_list(tx, manager=manager(tx), kind="reasons", name="Late")
        parcel = add_to_list(tx, manager=manager(tx), kind="components", name="Parcel")
        refund = lists.find(tx, "types", "Refund")
        assert refund is not None
        return late["id"], parcel["id"], refund["id"]

    late, parcel, refund = await staff.store.act(lay)
    window, form = await card_form(staff)
    await staff.says("Lost parcel", chat=GROUP, thread=await thread_of(staff.store, 1))
    await press(staff, window, f"{form}:edit:type", f"{form}:type:{refund}")
    await press(staff, window, f"{form}:edit:participants", f"{form}:participants:{IVAN}", f"{form}:back")
    await press(staff, window, f"{form}:edit:reasons", f"{form}:reasons:{late}", f"{form}:back")
    await press(staff, window, f"{form}:edit:components", f"{form}:components:{parcel}", f"{form}:back")
    assert staff.gateway.last("editMessageText").params["text"].count("unsaved") == 5
    assert (await state(staff)).title == "Delivery", "nothing applies before 💾"
    await press(staff, window, f"{form}:save")
    dialog = await state(staff)
    assert (dialog.title, dialog.type) == ("Lost parcel", "Refund")
    assert (dialog.reasons, dialog.components) == (("Late",), ("Parcel",))
    assert [person.telegram_id for person in dialog.participants] == [ADMIN, IVAN]
    entries = await staff.store.read(changes)
    assert len(entries) == 1 and len(entries[0]["data_json"]) == 5
    renamed = (await staff.heard("topic_name"))[-1].call
    assert "Lost parcel" in renamed.params["name"]


async def test_tags_are_added_and_removed_also_in_a_closed_dialog(staff: Staff) -> None:
    tags = await staff.store.act(
        lambda tx: [
            add_to_list(tx, manager=manager(tx), kind="tags", name=name)["id"] for name in ("vip", "lost")
        ]
    )
    window, form = await card_form(staff, "dlg.tags:1")
    await press(staff, window, *(f"{form}:tags:{tag}" for tag in tags), f"{form}:save")
    assert (await state(staff)).tags == ("lost", "vip")
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=1, closing=Closing(customer_score=3))
    )
    card = (await staff.heard("info_card_edit"))[-1]
    assert "Tags: lost, vip" in card.text
    offered = [data for data in card.offered if data.startswith("dlg.")]
    assert offered == ["dlg.tags:1", "dlg.new:1", "dlg.history:1", "dlg.forward:1"]
    await staff.presses("dlg.tags:1")
    window = await staff.answer()
    form = window.form
    await press(staff, window, f"{form}:tags:{tags[0]}", f"{form}:back")
    offered = [data for data in staff.gateway.offered if ":edit:" in data]
    assert offered == [f"{form}:edit:tags"], "nothing else of it can be changed any more"
    await press(staff, window, f"{form}:save")
    dialog = await state(staff)
    assert (dialog.tags, dialog.state) == (("lost",), "closed")


@pytest.mark.row("L-26")
async def test_dropping_unsaved_changes_changes_nothing(staff: Staff) -> None:
    window, form = await card_form(staff)
    await staff.says("Lost parcel", chat=GROUP, thread=await thread_of(staff.store, 1))
    await press(staff, window, f"{form}:cancel", f"{form}:save")
    assert (await state(staff)).title == "Delivery"
    assert await staff.store.read(changes) == []


@pytest.mark.row("L-26")
async def test_without_a_change_there_is_nothing_to_save(staff: Staff) -> None:
    window, form = await card_form(staff, "dlg.type:1")
    await press(staff, window, f"{form}:back")
    assert f"{form}:save" not in staff.gateway.offered


@pytest.mark.row("L-25")
async def test_selecting_twice_deselects(staff: Staff) -> None:
    window, form = await card_form(staff, "dlg.participants:1")
    await press(staff, window, f"{form}:participants:{IVAN}", f"{form}:participants:{IVAN}", f"{form}:save")
    assert [person.telegram_id for person in (await state(staff)).participants] == [ADMIN]
    assert await staff.store.read(changes) == []


@pytest.mark.row("L-16")
@pytest.mark.row("L-19")
async def test_an_empty_list_names_whom_to_ask(staff: Staff) -> None:
    window, _ = await card_form(staff, "dlg.reasons:1")
    assert "No reasons yet." in window.text and window.offered[0] == "settings.page:reasons"
    await staff.presses("settings.page:reasons")
    page = await staff.answer()
    assert page.text.startswith("❓ Reasons")
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN + 5, name="Olga", role="agent"))
    await staff.presses("dlg.reasons:1", IVAN + 5)
    assert "no reasons yet – ask an admin" in (await staff.answer()).text
    await staff.presses("settings.page:reasons", IVAN + 5)
    assert "dialog_settings.edit" in staff.gateway.toast


@pytest.mark.row("L-15")
async def test_a_reason_deleted_from_the_list_stays_on_the_dialog_when_another_is_added(staff: Staff) -> None:
    def lay(tx: Tx) -> tuple[int, int]:
        late = add_to_list(tx, manager=manager(tx), kind="reasons", name="Late")
        lost = add_to_list(tx, manager=manager(tx), kind="reasons", name="Lost")
        change_dialog(tx, manager=manager(tx), dialog_id=1, changes={"reasons": ["Late"]})
        remove_from_list(tx, manager=manager(tx), kind="reasons", list_id=late["id"])
        return late["id"], lost["id"]

    _, lost = await staff.store.act(lay)
    window, form = await card_form(staff, "dlg.reasons:1")
    await press(staff, window, f"{form}:reasons:{lost}", f"{form}:save")
    assert (await state(staff)).reasons == ("Late", "Lost")


@pytest.mark.row("L-02")
async def test_a_manager_added_to_a_dialog_is_notified(staff: Staff) -> None:
    window, form = await card_form(staff, "dlg.participants:1")
    await press(staff, window, f"{form}:participants:{IVAN}", f"{form}:save")
    assert IVAN in [one.row["chat_id"] for one in await staff.heard("desk_notice")]


async def test_a_colleagues_change_meanwhile_stays(staff: Staff) -> None:
    """Only the fields that were touched are saved."""
    window, form = await card_form(staff)
    await staff.says("Mine", chat=GROUP, thread=await thread_of(staff.store, 1))
    await staff.store.act(lambda tx: dialogs.set_fields(tx, 1, priority="high"))
    await press(staff, window, f"{form}:save")
    dialog = await state(staff)
    assert (dialog.title, dialog.priority) == ("Mine", "high")


@pytest.mark.row("L-27")
@pytest.mark.row("L-28")
async def test_the_card_leads_to_all_dialogs_and_to_the_history(staff: Staff) -> None:
    card = (await staff.heard("info_card"))[0]
    topic = await thread_of(staff.store, 1)
    await staff.presses(card.data("card.dialogs"), chat=GROUP, on=card.number, thread=topic)
    assert "Dialogs of Anna" in (await staff.answer()).text
    await staff.presses(card.data("dlg.history"), chat=GROUP, on=card.number, thread=topic)
    assert "History of #1" in (await staff.answer()).text


@pytest.mark.row("L-36")
async def test_held_messages_are_listed_on_tap(staff: Staff) -> None:
    from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound  # noqa: PLC0415 - only this test markets
    from holdline.dialogs.gate import MessageClass  # noqa: PLC0415 - as above
    from tests.bot.staging import ANNA  # noqa: PLC0415 - as above

    for text in ("Ten percent off", "Last chance"):
        order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, text)
        await staff.store.act(lambda tx, order=order: accept_outbound(tx, order=order))
    await staff.presses("dlg.held:1", chat=GROUP, on=5)
    lines = (await staff.heard("text"))[0].text.splitlines()[1:]
    assert lines[::2][:2] == ["1. 📣 Broadcast: Ten percent off", "2. 📣 Broadcast: Last chance"]


async def test_a_save_adds_and_removes_only_what_its_form_changed(staff: Staff) -> None:
    """Maria adds Zoe while a colleague takes Ivan out and puts a tag on: all three stay as each of them wanted."""
    zoe = 400000079

    def lay(tx: Tx) -> dict[str, int]:
        add_manager(tx, acting=manager(tx), telegram_id=zoe, name="Zoe", role="agent")
        change_dialog(tx, manager=manager(tx), dialog_id=1, changes={"participants": [ADMIN, IVAN]})
        return {
            name: add_to_list(tx, manager=manager(tx), kind="tags", name=name)["id"] for name in ("vip", "eu")
        }

    tags = await staff.store.act(lay)
    window, form = await card_form(staff, "dlg.participants:1")
    await press(
        staff, window, f"{form}:participants:{zoe}", f"{form}:edit:tags", f"{form}:tags:{tags['vip']}"
    )
    meanwhile = {"participants": [ADMIN], "tags": ["eu"]}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=meanwhile))
    await press(staff, window, f"{form}:back", f"{form}:save")
    dialog = await state(staff)
    assert {person.telegram_id for person in dialog.participants} == {ADMIN, zoe}
    assert set(dialog.tags) == {"vip", "eu"}


async def test_a_save_needs_confirmation_if_a_colleague_saved_first(staff: Staff) -> None:
    def lay(tx: Tx) -> int:
        add_to_list(tx, manager=manager(tx), kind="types", name="Claim")
        refund = lists.find(tx, "types", "Refund")
        assert refund is not None
        return int(refund["id"])

    refund = await staff.store.act(lay)
    window, form = await card_form(staff)
    await staff.says("Mine", chat=GROUP, thread=await thread_of(staff.store, 1))
    await press(staff, window, f"{form}:edit:type", f"{form}:type:{refund}")
    theirs = {"title": "Theirs", "type": "Claim"}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=theirs))
    await press(staff, window, f"{form}:save")
    question = staff.gateway.window.split("⚠️")[1]
    assert "Theirs" in question and "Claim" in question
    assert ((await state(staff)).title, (await state(staff)).type) == ("Theirs", "Claim")
    await press(staff, window, f"{form}:save")
    assert ((await state(staff)).title, (await state(staff)).type) == ("Mine", "Refund")


@pytest.mark.parametrize("field", ["title", "type"])
async def test_a_colleague_who_saved_before_the_answer_is_named_too(staff: Staff, field: str) -> None:
    """The question was asked before the colleague's save, and answered after it."""
    await staff.store.act(lambda tx: add_to_list(tx, manager=manager(tx), kind="types", name="Claim"))
    refund = await staff.store.read(lambda tx: lists.find(tx, "types", "Refund"))
    assert refund is not None
    window, form = await card_form(staff, f"dlg.{field}:1")
    theirs = {"title": "Theirs", "type": "Claim"}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=theirs))
    if field == "title":
        await staff.says("Mine", chat=GROUP, thread=await thread_of(staff.store, 1))
    else:
        await press(staff, window, f"{form}:type:{refund['id']}")
    await press(staff, window, f"{form}:save")
    assert theirs[field] in staff.gateway.window.split("⚠️")[1]
    assert getattr(await state(staff), field) == theirs[field]
    await press(staff, window, f"{form}:save")
    assert getattr(await state(staff), field) == {"title": "Mine", "type": "Refund"}[field]


@pytest.mark.parametrize("late", ["text", "save"])
async def test_a_form_of_a_dialog_that_was_closed_takes_no_title_and_keeps_its_tags(
    staff: Staff, late: str
) -> None:
    """A title that could not be saved is not shown as unsaved, and no button leads to a refusal."""
    vip = await staff.store.act(lambda tx: add_to_list(tx, manager=manager(tx), kind="tags", name="vip"))
    window, form = await card_form(staff)
    await press(staff, window, f"{form}:edit:tags", f"{form}:tags:{vip['id']}", f"{form}:edit:title")
    if late == "save":
        await staff.says("Mine", chat=GROUP, thread=await thread_of(staff.store, 1))
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=1, closing=Closing(send_rating_form=False))
    )
    if late == "save":
        await press(staff, window, f"{form}:save")
    else:
        await staff.says("Mine", chat=GROUP, thread=await thread_of(staff.store, 1))
    shown = staff.gateway.window
    assert "closed for good" in shown.split("⚠️")[1] and "Mine" not in shown and "vip" in shown
    assert staff.gateway.offered == [f"{form}:edit:tags", f"{form}:save", f"{form}:cancel"]
    await press(staff, window, f"{form}:save")
    assert (await state(staff)).tags == ("vip",)
