"""What managers write in the staff group: replies, notes, hints, refusals with their remedy."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.store.engine import Store
from holdline.store.people import bots
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Staff, thread_of, to_customer
from tests.bot.staging import ADMIN, GROUP, all_sent, manager, named, opened, words, wrote

STRANGER = 666000001


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """A customer has written; the card hangs in the Inbox."""
    await wrote(group_desk, words())
    return Staff(group_desk)


def history(tx: Tx) -> list[Row]:
    return tx.all("SELECT kind, text FROM history ORDER BY id")


@pytest.mark.row("W-12")
async def test_plain_text_in_a_topic_is_a_public_reply_at_once(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("We are looking.", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    assert to_customer(await staff.heard()) == ["We are looking."]


@pytest.mark.row("C-20", "W-18", "R-18")
@pytest.mark.parametrize("written", [". He is angry", "/note He is angry", "/note@desk_bot He is angry"])
async def test_a_dot_or_note_reaches_no_customer(staff: Staff, written: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says(written, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    noted = f"📝 Noted in #{dialog.id}. Only the desk sees it."
    assert [one.text for one in said if "Noted" in one.text] == [noted]
    notes = await staff.store.read(lambda tx: tx.all("SELECT text FROM notes"))
    assert notes == [{"text": "He is angry"}]


@pytest.mark.row("L-46")
async def test_a_reply_to_an_inbox_card_goes_to_that_customer(staff: Staff) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await staff.says("Hello Anna", chat=GROUP, thread=inbox, reply_to=card.number)
    assert to_customer(await staff.heard()) == ["Hello Anna"]


@pytest.mark.row("L-45")
async def test_writing_past_an_active_dialog_is_refused_with_a_link_and_two_buttons(staff: Staff) -> None:
    card = (await staff.heard("inbox_card"))[0]
    dialog = await opened(staff.store)
    await staff.heard()
    inbox, topic = await thread_of(staff.store, None), await thread_of(staff.store, dialog.id)
    written = await staff.says("Hello", chat=GROUP, thread=inbox, reply_to=card.number)
    said = await staff.heard()
    assert to_customer(said) == []
    refusal = said[0]
    assert refusal.call.params["reply_parameters"]["message_id"] == written
    assert refusal.offered == [
        f"https://t.me/c/{str(GROUP)[4:]}/{topic}",
        f"dlg.pause:{dialog.id}",
        f"dlg.close:{dialog.id}",
        refusal.data("form:"),
    ]
    await staff.presses(refusal.data("form:"), chat=GROUP, thread=inbox, on=refusal.number)
    assert to_customer(await staff.heard()) == ["Hello"]
    assert staff.gateway.window == f"💬 Goes to Anna · #{dialog.id}."
    assert [one.text for one in await staff.heard()] == [f"Sent to Anna · #{dialog.id}."], "once Anna has it"


@pytest.mark.row("L-47")
@pytest.mark.row("L-48")
async def test_a_paused_dialog_refuses_and_offers_to_resume_or_to_send_that_very_message(
    staff: Staff,
) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    await staff.says("Still there?", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    assert said[0].offered[0] == f"dlg.resume:{dialog.id}"
    general = said[0].data("form:")
    await staff.presses(general, chat=GROUP, on=said[0].number)
    assert to_customer(await staff.heard()) == ["Still there?"]
    await staff.presses(general, chat=GROUP, on=said[0].number)
    assert to_customer(await staff.heard()) == []
    assert staff.gateway.toast == staff.gateway.window == "💬 Goes to Anna, outside any dialog."


@pytest.mark.row("L-50")
@pytest.mark.row("L-51")
async def test_a_closed_dialog_refuses_and_offers_the_general_chat_or_a_new_dialog(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )
    await staff.heard()
    await staff.says("One more thing", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    assert [data.partition(":")[0] for data in said[0].offered] == ["dlg.new", "form"]


async def test_talk_in_the_inbox_topic_gets_one_hint_a_day_and_is_not_sent(staff: Staff) -> None:
    await staff.heard()
    inbox = await thread_of(staff.store, None)
    for line in ("lunch?", "pizza!"):
        await staff.says(line, chat=GROUP, thread=inbox)
    said = await staff.heard()
    assert to_customer(said) == []
    assert len([one for one in said if one.text.startswith("💡")]) == 1


async def test_talk_in_the_general_topic_gets_one_hint_a_day_and_is_not_sent(staff: Staff) -> None:
    await staff.heard()
    for line in ("good morning", "coffee?"):
        await staff.says(line, chat=GROUP)
    said = await staff.heard()
    assert [one.text[:1] for one in said] == ["💡"]


async def test_a_stranger_who_writes_a_lot_is_warned_once(staff: Staff) -> None:
    await staff.heard()
    for line in range(40):
        await staff.says(f"line {line}", STRANGER, chat=GROUP)
    said = await staff.heard()
    assert len([one for one in said if str(STRANGER) in one.text]) == 1


@pytest.mark.parametrize("command", ["/start", "/help", "/help@HoldlineBot"])
async def test_a_stranger_who_asks_is_answered_whatever_was_said_before(staff: Staff, command: str) -> None:
    await staff.store.act(bots.save, username="HoldlineBot", topics_in_private=False)
    await staff.says("hello", STRANGER, chat=GROUP)
    await staff.heard()
    for line in (command, "hello again", command):
        await staff.says(line, STRANGER, chat=GROUP)
    said = await staff.heard()
    assert len([one for one in said if str(STRANGER) in one.text]) == 1


async def test_a_stranger_in_the_group_is_refused_and_told_how_to_become_a_manager(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("hi", STRANGER, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    assert str(STRANGER) in said[0].text and "/settings" in said[0].text


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (
            {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP},
            "anonymous",
        ),
        (
            {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}, "sender_chat": -1009},
            "channel",
        ),
    ],
)
async def test_an_unnamed_author_is_refused(staff: Staff, raw: dict[str, object], sentence: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    behind = {"id": raw["sender_chat"], "type": "supergroup", "title": "x"}
    thread = await thread_of(staff.store, dialog.id)
    await staff.writes(chat=GROUP, thread=thread, text="hi", **{**raw, "sender_chat": behind})
    said = await staff.heard()
    assert to_customer(said) == []
    assert sentence in said[0].text


async def test_a_service_message_of_the_group_is_not_a_reply(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    await staff.writes(chat=GROUP, thread=thread, forum_topic_closed={})
    assert await staff.heard() == []


async def test_a_refused_command_says_what_to_write_and_names_no_field(staff: Staff) -> None:
    await staff.says("/find")
    assert (await staff.answer()).text.startswith("Write what to look for: /find #12")


@pytest.mark.row("L-52")
async def test_a_state_button_takes_two_taps(staff: Staff) -> None:
    dialog = await opened(staff.store)
    card = (await staff.heard("info_card"))[0]
    shown = [[{"text": "⏸ Pause", "data": f"dlg.pause:{dialog.id}"}]]
    await staff.presses(f"dlg.pause:{dialog.id}", chat=GROUP, on=card.number, shown=shown)
    assert await _state(staff, dialog.id) == "active"
    assert staff.gateway.offered == [
        f"dlg.pause:{dialog.id}",
        f"dlg.pause!:{dialog.id}",
        f"dlg.keep:{dialog.id}",
    ]
    await staff.presses(f"dlg.pause!:{dialog.id}", chat=GROUP, on=card.number, shown=shown)
    assert await _state(staff, dialog.id) == "paused"


async def test_answering_no_keeps_the_buttons(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    shown = [
        [{"text": "⏸ Pause", "data": f"dlg.pause:{dialog.id}"}],
        [{"text": "Yes", "data": f"dlg.pause!:{dialog.id}"}, {"text": "No", "data": f"dlg.keep:{dialog.id}"}],
    ]
    await staff.presses(f"dlg.keep:{dialog.id}", chat=GROUP, shown=shown)
    assert staff.gateway.offered == [f"dlg.pause:{dialog.id}"]
    assert await _state(staff, dialog.id) == "active"


@pytest.mark.row("L-44")
async def test_resuming_beside_another_active_dialog_is_refused_with_its_name(staff: Staff) -> None:
    first = await opened(staff.store, "First")
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=first.id))
    second = await opened(staff.store, "Second")
    await staff.heard()
    await staff.presses(f"dlg.resume!:{first.id}", chat=GROUP, on=5)
    assert f"#{second.id}" in staff.gateway.toast
    answer = await staff.answer()
    assert answer.offered[1:] == [f"dlg.pause:{second.id}", f"dlg.close:{second.id}"]


async def test_a_press_by_a_stranger_changes_nothing(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.presses(f"dlg.pause!:{dialog.id}", STRANGER, chat=GROUP)
    assert await _state(staff, dialog.id) == "active"
    assert staff.gateway.last("answerCallbackQuery").params["show_alert"] is True


@pytest.mark.parametrize(
    "data", ["dlg.pause", "dlg.pause!:x", "form:1", "nonsense:1:2", "list:mine:a:b", ":", "assign:1"]
)
async def test_broken_data_of_a_button_is_refused_with_a_sentence(staff: Staff, data: str) -> None:
    await staff.heard()
    await staff.presses(data, chat=GROUP)
    assert staff.gateway.toast


async def test_a_former_manager_is_treated_as_a_stranger(staff: Staff) -> None:
    dialog = await opened(staff.store)

    def leave(tx: Tx) -> None:
        left = named(tx, STRANGER, "Left")
        tx.run("UPDATE managers SET active = 0 WHERE id = :id", id=left.id)

    await staff.store.act(leave)
    await staff.heard()
    await staff.says("hi", STRANGER, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == [] and str(STRANGER) in said[0].text


async def test_the_same_update_handled_twice_refuses_once(staff: Staff) -> None:
    """The outbox key is made of the message, so a crash between commit and confirmation repeats nothing."""
    await all_sent(staff.store)
    inbox = await thread_of(staff.store, None)
    message = {
        "message_id": 77,
        "date": 1,
        "chat": {"id": GROUP, "type": "supergroup", "title": "x"},
        "from": {"id": ADMIN, "is_bot": False, "first_name": "M"},
        "message_thread_id": inbox,
        "is_topic_message": True,
        "text": "/nonsense",
    }
    await staff.update(message=message)
    await staff.update(message=message)
    assert len(await staff.heard("text")) == 1


async def _state(staff: Staff, dialog_id: int) -> str:
    row = await staff.store.read(lambda tx: tx.one("SELECT state FROM dialogs WHERE id = :id", id=dialog_id))
    assert row is not None
    return str(row["state"])


async def test_a_line_in_an_empty_private_desk_is_answered_with_the_help(private_desk: Store) -> None:
    staff = Staff(private_desk)
    await staff.says("Hello?")
    told = (await staff.answer()).text
    assert told.startswith("🤔 Not passed on") and "/help" in told
