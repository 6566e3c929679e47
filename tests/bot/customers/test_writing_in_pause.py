"""A message during a pause, or just after a close, is marked as such."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.call import Call, Skip
from tests.bot.desk_kit import Said, Staff
from tests.bot.earlier_kit import items
from tests.bot.staging import (
    ADMIN,
    ANNA,
    GROUP,
    IVAN,
    all_sent,
    buttons_of,
    call,
    manager,
    named,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)


async def paused_with_ivan(store: Store, title: str = "Lost parcel") -> Dialog:
    """Ivan has it, everything is shown, it is paused."""

    def work(tx: Tx, dialog: Dialog) -> None:
        if managers.by_telegram_id(tx, IVAN) is None:
            named(tx, IVAN, "Ivan")
        assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=IVAN)
        pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id)
        assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=IVAN)

    await wrote(store, words("Where is it?", 60))
    dialog = await opened(store, title)
    await store.act(lambda tx: work(tx, dialog))
    await all_sent(store)
    return dialog


def in_words(found: list[Said]) -> list[str]:
    return [one.text for one in found]


async def test_the_card_names_the_paused_dialog_and_resumes_it(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    card = await call(group_desk, "inbox_card")
    assert text_of(card).splitlines() == [
        "👤 Anna · id 510000001",
        f"⏸ #{dialog.id} Lost parcel · Ivan",
        "Any news?",
    ]
    assert buttons_of(card)[:2] == [
        (f"▶️ Resume #{dialog.id}", f"dlg.resume:{dialog.id}"),
        ("💬 Answer", f"card.answer:{dialog.customer_id}"),
    ]


async def test_an_edit_keeps_the_line_about_the_pause(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    await all_sent(group_desk)
    await group_desk.act(apply_customer_edit, sender=ANNA, content=words("Any news today?", 71))
    edit = await call(group_desk, "edit_copy")
    assert text_of(edit).splitlines()[1:] == [f"⏸ #{dialog.id} Lost parcel · Ivan", "Any news today?"]
    assert f"dlg.resume:{dialog.id}" in dict(map(reversed, buttons_of(edit)))


async def test_an_edit_after_the_close_says_when_the_message_came(
    group_desk: Store, clock: ManualClock
) -> None:
    dialog = await paused_with_ivan(group_desk)
    clock.advance(60)
    await wrote(group_desk, words("Any news?", 71))
    clock.advance(60)
    await group_desk.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await group_desk.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )
    await all_sent(group_desk)
    clock.advance(60)
    await group_desk.act(apply_customer_edit, sender=ANNA, content=words("Any news today?", 71))
    heads = [
        text_of(edit).splitlines()[1] for edit in await rendered(group_desk, "edit_copy") if _is_card(edit)
    ]
    assert [head.partition(" · ")[0] for head in heads] == [f"⏸ #{dialog.id} Lost parcel"]


async def test_an_edit_does_not_make_the_close_older(group_desk: Store, clock: ManualClock) -> None:
    dialog = await paused_with_ivan(group_desk)
    await group_desk.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )
    clock.advance(300)
    await wrote(group_desk, words("Thank you!", 72))
    await all_sent(group_desk)
    clock.advance(86_400)
    await group_desk.act(apply_customer_edit, sender=ANNA, content=words("Thank you all!", 72))
    edit = await call(group_desk, "edit_copy")
    assert text_of(edit).splitlines()[1] == f"↩️ after #{dialog.id} Lost parcel, closed 5 min ago"


def _is_card(edit: Call | Skip) -> bool:
    return isinstance(edit, Call) and text_of(edit).startswith("👤")


async def test_the_topic_and_the_assignee_are_notified_once_a_series(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    await wrote(group_desk, words("Hello?", 72))
    told = [one for one in await rendered(group_desk, "desk_notice") if isinstance(one, Call)]
    assert [one.params["chat_id"] for one in told] == [GROUP, IVAN]
    assert all(
        text_of(one).startswith(f"⏸ Anna has written while #{dialog.id} “Lost parcel” is paused.")
        for one in told
    )
    assert all(f"dlg.resume:{dialog.id}" in [data for _, data in buttons_of(one)] for one in told)
    assert "/c/" in buttons_of(told[1])[-1][1], "the way to the topic"


async def test_without_topics_the_card_itself_notifies_the_assignee(private_desk: Store) -> None:
    dialog = await paused_with_ivan(private_desk)
    await wrote(private_desk, words("Any news?", 71))
    assert not await rendered(private_desk, "desk_notice")
    cards = [one for one in await rendered(private_desk, "inbox_card") if isinstance(one, Call)]
    assert {one.params["chat_id"] for one in cards} == {ADMIN, IVAN}
    assert all(f"dlg.resume:{dialog.id}" in [data for _, data in buttons_of(one)] for one in cards)


async def test_in_a_group_without_topics_the_card_says_it_once(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await group_desk.act(lambda tx: tx.run("UPDATE places SET mode = 'with_header', thread_id = NULL"))
    await wrote(group_desk, words("Any news?", 71))
    told = [one for one in await rendered(group_desk, "desk_notice") if isinstance(one, Call)]
    assert [one.params["chat_id"] for one in told] == [IVAN]
    [card] = [one for one in await rendered(group_desk, "inbox_card") if isinstance(one, Call)]
    assert f"dlg.resume:{dialog.id}" in [data for _, data in buttons_of(card)]


async def test_resume_on_the_card_takes_two_taps_and_moves_the_item(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    staff = Staff(group_desk)
    [card] = await staff.heard("inbox_card")
    shown = [[{"text": text, "data": data}] for text, data in buttons_of(card.call)]
    await staff.presses(f"dlg.resume:{dialog.id}", on=card.number, chat=GROUP, shown=shown)
    assert staff.gateway.offered[:3] == [
        f"dlg.resume:{dialog.id}",
        f"dlg.resume!:{dialog.id}",
        f"dlg.keep:{dialog.id}",
    ]
    await staff.presses(f"dlg.resume!:{dialog.id}", on=card.number, chat=GROUP, shown=shown)
    assert await items(group_desk) == ["moved", "moved"]
    said = await staff.heard()
    assert "Any news?" in [one.text for one in said if one.row["kind"] == "mirror"]
    [redrawn] = [
        one
        for one in said
        if one.row["kind"] == "inbox_card_markup" and one.call.params["message_id"] == card.number
    ]
    assert redrawn.offered[0].startswith("https://t.me/c/")


async def test_a_resume_changes_the_card_once_and_keeps_the_assignee(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    staff = Staff(group_desk)
    [card] = await staff.heard("inbox_card")
    await group_desk.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    changes = [one for one in await staff.heard() if one.call.params.get("message_id") == card.number]
    assert [one.row["kind"] for one in changes] == ["inbox_card_markup"]


@pytest.mark.parametrize("chat", [GROUP, ADMIN])
async def test_answer_asks_for_a_reply_that_goes_to_the_customer(group_desk: Store, chat: int) -> None:
    dialog = await paused_with_ivan(group_desk)
    await wrote(group_desk, words("Any news?", 71))
    staff = Staff(group_desk)
    await staff.heard()
    await staff.presses(f"card.answer:{dialog.customer_id}", chat=chat)
    question = await staff.answer()
    assert question.text == "💬 Reply to this message: what you write goes to Anna."
    assert ("reply_markup" in question.call.params) is (chat == ADMIN)
    await staff.says("Tomorrow", chat=chat, reply_to=question.number)
    [sent] = await staff.heard("message")
    assert (sent.text, sent.call.params["chat_id"]) == ("Tomorrow", ANNA.telegram_id)


async def test_a_message_after_a_close_says_after_which_dialog(group_desk: Store, clock: ManualClock) -> None:
    dialog = await paused_with_ivan(group_desk)
    await group_desk.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing())
    )
    clock.advance(timedelta(minutes=5).total_seconds())
    await wrote(group_desk, words("Thanks!", 71))
    card = await call(group_desk, "inbox_card")
    assert text_of(card).splitlines()[1] == f"↩️ after #{dialog.id} Lost parcel, closed 5 min ago"
    await all_sent(group_desk)
    clock.advance(timedelta(days=2).total_seconds())
    await group_desk.act(lambda tx: tx.run("UPDATE inbox_items SET state = 'ignored'"))
    await wrote(group_desk, words("Another thing", 72))
    assert "after #" not in text_of(await call(group_desk, "inbox_card"))


async def test_every_notice_in_a_private_chat_links_to_the_dialog(group_desk: Store) -> None:
    dialog = await paused_with_ivan(group_desk)
    await group_desk.act(
        lambda tx: assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=ADMIN)
    )
    told = await call(group_desk, "desk_notice")
    [_, (caption, url)] = buttons_of(told)
    assert caption == f"➡️ Go to #{dialog.id}" and url.startswith("https://t.me/c/")


async def test_without_a_topic_the_notice_enters_the_dialog(private_desk: Store) -> None:
    dialog = await paused_with_ivan(private_desk)
    await private_desk.act(
        lambda tx: assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=ADMIN)
    )
    told = await call(private_desk, "desk_notice")
    assert [data for _, data in buttons_of(told)] == [f"dlg.take:{dialog.id}", f"dlg.go:{dialog.id}"]
