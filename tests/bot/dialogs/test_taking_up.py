"""Messages from before a dialog, or from its pause, are shown in the dialog."""

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.conversation.replies import Origin
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.scheduler.made_files import attach_file
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.earlier_kit import active_dialog, answered, file, in_topic, items, said, topic_made
from tests.bot.staging import (
    ANNA,
    GROUP,
    all_sent,
    call,
    customer,
    manager,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)  # fmt: skip


async def test_a_dialog_opens_with_everything_the_customer_wrote(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is my parcel?", 71))
    await wrote(group_desk, words("Order 9913", 72))
    await wrote(group_desk, file("photo", 73))
    await wrote(group_desk, file("voice", 74))
    await wrote(group_desk, file("photo", 75, album_id="a"))
    await wrote(group_desk, file("photo", 76, album_id="a"))
    await wrote(group_desk, file("document", 77))
    await all_sent(group_desk)
    await group_desk.act(apply_customer_edit, sender=ANNA, content=words("Order 9914, sorry", 72))
    dialog = await opened(group_desk)
    thread = await topic_made(group_desk, dialog.id)
    assert said(await in_topic(group_desk, thread))[1:] == [
        "Where is my parcel?",
        "Order 9914, sorry",
        "copyMessage 73",
        "copyMessage 74",
        "copyMessages 75 76",
        "copyMessage 77",
    ]


async def test_a_copy_of_the_first_message_can_be_answered_in_its_place(group_desk: Store) -> None:
    number = await wrote(group_desk, file("voice", 71))
    dialog = await opened(group_desk)
    await all_sent(group_desk)
    thread = await thread_of(group_desk, dialog.id)
    copy = await group_desk.read(
        lambda tx: tx.one(
            "SELECT tg_message_id FROM telegram_messages WHERE message_id = :m AND dialog_id = :d",
            m=number,
            d=dialog.id,
        )
    )
    assert copy is not None
    staff = Staff(group_desk)
    await staff.says("I hear you", chat=GROUP, thread=thread, reply_to=copy["tg_message_id"])
    reply = await call(group_desk, "message")
    assert reply.params["reply_parameters"]["message_id"] == 71


async def test_of_many_messages_the_last_twenty_are_shown_and_the_rest_is_a_file(group_desk: Store) -> None:
    for number in range(25):
        await wrote(group_desk, words(f"line {number}", 100 + number))
    await all_sent(group_desk)
    dialog = await opened(group_desk)
    thread = await topic_made(group_desk, dialog.id)
    _, line, document, *shown = await in_topic(group_desk, thread)
    assert text_of(line) == "🔼 5 earlier messages are in the file below."
    assert said(shown) == [f"line {number}" for number in range(5, 25)]
    name, content = (await attach_file(group_desk, document)).files["document"]
    assert name == f"dialog-{dialog.id}.txt" and b"line 0\n" in content and b"line 24\n" in content


async def test_in_a_chat_without_topics_the_cards_are_not_repeated(private_desk: Store) -> None:
    await wrote(private_desk, words("Where is my parcel?", 71))
    await wrote(private_desk, words("Order 9913", 72))
    await all_sent(private_desk)
    await opened(private_desk)
    assert not await rendered(private_desk, "mirror")
    line = await call(private_desk, "desk_notice")
    assert text_of(line) == "🔼 What was said before stands above (2 messages)."
    assert line.params["reply_parameters"]["message_id"]


async def test_cards_still_on_their_way_to_that_chat_are_not_repeated_either(private_desk: Store) -> None:
    await wrote(private_desk, words("Where is my parcel?", 71))
    await opened(private_desk)
    assert len(await rendered(private_desk, "inbox_card")) == 1
    assert not await rendered(private_desk, "mirror")


async def test_opening_from_an_older_card_includes_the_waiting_messages_too(group_desk: Store) -> None:
    await wrote(group_desk, words("The first thing", 71))
    await answered(group_desk, "We look into it")
    await wrote(group_desk, words("The second thing", 72))
    await all_sent(group_desk)
    first = await group_desk.read(lambda tx: tx.one("SELECT MIN(id) AS id FROM inbox_items"))
    assert first is not None
    card = await group_desk.read(
        lambda tx: tx.one(
            "SELECT tg_message_id FROM telegram_messages WHERE inbox_item_id = :i AND chat_id = :c",
            i=first["id"],
            c=GROUP,
        )
    )
    assert card is not None
    await Staff(group_desk).says("/open Parcel", chat=GROUP, reply_to=card["tg_message_id"])
    assert await items(group_desk) == ["moved", "moved"]
    dialog_id = await active_dialog(group_desk)
    thread = await topic_made(group_desk, dialog_id)
    assert said(await in_topic(group_desk, thread))[1:] == [
        "The first thing",
        "👤 Maria:\nWe look into it",
        "The second thing",
    ]
    assert await group_desk.read(find_violations) == []


async def test_resuming_includes_the_messages_of_the_pause(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is my parcel?", 71))
    dialog = await opened(group_desk)
    await group_desk.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await wrote(group_desk, words("Are you there?", 72))
    await answered(group_desk, "A moment")
    await wrote(group_desk, words("And the invoice?", 73))
    await all_sent(group_desk)
    thread = await thread_of(group_desk, dialog.id)
    await group_desk.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    assert await items(group_desk) == ["moved", "answered", "moved"]
    found = [one for one in await rendered(group_desk, "mirror") if isinstance(one, Call)]
    assert {one.params["message_thread_id"] for one in found} == {thread}
    assert said(found) == ["Are you there?", "👤 Administrator:\nA moment", "And the invoice?"]
    assert await group_desk.read(find_violations) == []


async def test_messages_of_a_pause_taken_by_another_dialog_stay_there(group_desk: Store) -> None:
    """What another dialog took up meanwhile stays there."""
    await wrote(group_desk, words("The first case", 71))
    first = await opened(group_desk, "First")
    await group_desk.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=first.id))
    await wrote(group_desk, words("The second case", 72))
    second = await opened(group_desk, "Second")
    await group_desk.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=second.id))
    await all_sent(group_desk)
    await group_desk.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=first.id))
    assert not await rendered(group_desk, "mirror")


async def test_an_edited_reply_from_outside_the_dialog_changes_in_the_topic_too(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is my parcel?", 71))
    await answered(group_desk, "We look into it", Origin(GROUP, 9001, 2))
    await wrote(group_desk, words("Thank you", 72))
    first = await group_desk.read(lambda tx: tx.one("SELECT MIN(id) AS id FROM inbox_items"))
    assert first is not None
    dialog = await opened_from(group_desk, first["id"])
    await all_sent(group_desk)
    edit = Content("text", "We looked into it", chat_id=GROUP, tg_message_id=9001)
    await group_desk.act(lambda tx: apply_manager_edit(tx, manager=manager(tx), content=edit))
    edits = [one for one in await rendered(group_desk, "edit_copy") if isinstance(one, Call)]
    assert sorted(one.params["chat_id"] for one in edits) == [GROUP, ANNA.telegram_id]
    in_group = next(one.params["message_id"] for one in edits if one.params["chat_id"] == GROUP)
    shown = "SELECT p.dialog_id FROM telegram_messages c JOIN places p ON p.id = c.place_id WHERE c.tg_message_id = :id"
    assert await group_desk.read(lambda tx: tx.one(shown, id=in_group)) == {"dialog_id": dialog.id}


async def opened_from(store: Store, item_id: int) -> Dialog:
    def work(tx: Tx) -> Dialog:
        opening = Opening(customer(tx).id, "Delivery", inbox_item_id=item_id)
        return open_dialog(tx, manager=manager(tx), opening=opening)

    return await store.act(work)
