"""Two managers, one card: the second must confirm, and every colleague sees the answer."""

import asyncio

import pytest

from holdline.desk.conversation.replies import Origin, write_in_general
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import ADMIN, GROUP, IVAN, customer, manager, named, words, wrote


async def desk_of_two(store: Store) -> Staff:
    await store.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(store, words())
    return Staff(store)


async def answered_by_maria(staff: Staff) -> tuple[Said, int]:
    """The card in the group's Inbox, after the first answer."""
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await staff.says("On its way", chat=GROUP, thread=inbox, reply_to=card.number)
    assert to_customer(await staff.heard()) == ["On its way"]
    return card, inbox


@pytest.mark.row("C-18")
async def test_the_second_answer_is_kept_until_its_author_confirms(group_desk: Store) -> None:
    staff = await desk_of_two(group_desk)
    card, inbox = await answered_by_maria(staff)
    await staff.says("Tomorrow!", IVAN, chat=GROUP, thread=inbox, reply_to=card.number)
    said = await staff.heard()
    assert to_customer(said) == []
    (question,) = [one for one in said if "has just answered" in one.text]
    assert "Maria has just answered Anna" in question.text
    await staff.presses(question.offered[0], IVAN, chat=GROUP, on=question.number, thread=inbox)
    assert to_customer(await staff.heard()) == ["Tomorrow!"]
    await staff.says("And a voucher", chat=GROUP, thread=inbox, reply_to=card.number)
    assert to_customer(await staff.heard()) == ["And a voucher"], "she is part of the talk already"


async def test_the_second_answer_can_be_dropped(group_desk: Store) -> None:
    staff = await desk_of_two(group_desk)
    card, inbox = await answered_by_maria(staff)
    await staff.says("Tomorrow!", IVAN, chat=GROUP, thread=inbox, reply_to=card.number)
    (question,) = [one for one in await staff.heard() if "has just answered" in one.text]
    for data in reversed(question.offered):
        await staff.presses(data, IVAN, chat=GROUP, on=question.number, thread=inbox)
    assert to_customer(await staff.heard()) == []
    assert staff.gateway.toast == staff.gateway.window == "✖ Not sent."


@pytest.mark.parametrize("why", ["the customer wrote", "time went by"])
async def test_an_answer_without_a_conflict_needs_no_confirmation(
    group_desk: Store, clock: ManualClock, why: str
) -> None:
    staff = await desk_of_two(group_desk)
    card, inbox = await answered_by_maria(staff)
    if why == "time went by":
        clock.advance(4 * 60)
    else:
        await wrote(staff.store, words("And when?", 72))
        await staff.heard()
    await staff.says("Tomorrow!", IVAN, chat=GROUP, thread=inbox, reply_to=card.number)
    assert to_customer(await staff.heard()) == ["Tomorrow!"]


async def test_of_two_simultaneous_answers_exactly_one_is_sent(group_desk: Store) -> None:
    staff = await desk_of_two(group_desk)
    await staff.heard()

    async def answers(person: int, number: int) -> str:
        def work(tx: Tx) -> str:
            who = manager(tx) if person == ADMIN else named(tx, IVAN, "Ivan")
            content = Content("text", "Hello", chat_id=GROUP, tg_message_id=number)
            origin = Origin(GROUP, number)
            write_in_general(tx, manager=who, customer_id=customer(tx).id, content=content, origin=origin)
            return "sent"

        try:
            return str(await staff.store.act(work))
        except DeskError as error:
            return error.code

    found = await asyncio.gather(answers(ADMIN, 901), answers(IVAN, 902))
    assert sorted(found) == ["answered_just_now", "sent"]
    assert to_customer(await staff.heard()) == ["Hello"]


async def test_the_card_shows_who_answered_and_when(group_desk: Store) -> None:
    staff = await desk_of_two(group_desk)
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await staff.says("On its way", chat=GROUP, thread=inbox, reply_to=card.number)
    (markup,) = await staff.heard("inbox_card_markup")
    caption = markup.call.params["reply_markup"]["inline_keyboard"][0][0]["text"]
    assert caption == "💬 Maria 00:00"


async def test_colleagues_see_the_answer_under_their_own_card(private_desk: Store) -> None:
    staff = await desk_of_two(private_desk)
    cards = {one.call.params["chat_id"]: one for one in await staff.heard("inbox_card")}
    await staff.says("On its way", reply_to=cards[ADMIN].number)
    (mirror,) = await staff.heard("mirror")
    assert mirror.call.params["chat_id"] == IVAN
    assert "Maria → " in mirror.text.splitlines()[0]
    assert "Anna" in mirror.text.splitlines()[0] and "On its way" in mirror.text
    assert mirror.call.params["reply_parameters"]["message_id"] == cards[IVAN].number
    await staff.says("Anything else?", IVAN, reply_to=mirror.number)
    assert to_customer(await staff.heard()) == [], "he is asked first"
