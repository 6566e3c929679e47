"""A desk without topics and without a group: the answer to one customer never reaches another."""

import pytest

from tests.journeys.hands import press, window
from tests.journeys.world import World, captions

TOM = 510000002


@pytest.mark.parametrize("choice", ["Anna", "Tom"])
async def test_a_plain_line_after_anothers_message_is_asked_about(without_topics: World, choice: str) -> None:
    anna, tom, maria = (
        without_topics.customer(),
        without_topics.customer(TOM, "Tom"),
        without_topics.manager(),
    )
    first, second = await without_topics.opened(anna), await without_topics.opened(tom, "Refund")
    maria.says(f"/enter {second.dialog_id}")
    await window(without_topics, maria.id, f"You are in #{second.dialog_id}")
    maria.says("Hi Tom")
    await tom.gets("Hi Tom")
    anna.says("My card is 4111")
    await maria.gets(lambda m: "My card is 4111" in m.get("text", ""))
    maria.says("Thanks, card 4111 noted")
    question = await window(without_topics, maria.id, "For whom is it?")
    assert captions(question)[:2] == [f"💬 Anna · #{first.dialog_id}", f"💬 Tom · #{second.dialog_id}"]
    assert "Thanks, card 4111 noted" not in anna.got() + tom.got()
    await press(without_topics, maria, question, choice)
    reader, other = (anna, tom) if choice == "Anna" else (tom, anna)
    await reader.gets("Thanks, card 4111 noted")
    assert "Thanks, card 4111 noted" not in other.got()


async def test_an_inbox_card_in_between_is_asked_about_and_a_reply_is_not(without_topics: World) -> None:
    tom, zoe, maria = (
        without_topics.customer(TOM, "Tom"),
        without_topics.customer(510000003, "Zoe"),
        without_topics.manager(),
    )
    thread = await without_topics.opened(tom, "Refund")
    maria.says(f"/enter {thread.dialog_id}")
    await window(without_topics, maria.id, f"You are in #{thread.dialog_id}")
    zoe.says("Anybody there?")
    card = await maria.card("Anybody there?")
    maria.sends("voice")
    question = await window(without_topics, maria.id, "For whom is it?")
    await press(without_topics, maria, question, "Do not send")
    maria.says("Yes, Zoe", card)
    await zoe.gets("Yes, Zoe")
    assert not [m for m in without_topics.messages(tom.id) if "voice" in m]
