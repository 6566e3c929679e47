"""Topics are deleted or slow, groups move: every message still arrives where it belongs."""

import pytest

from tests.journeys.kinds import words
from tests.journeys.world import World

KILLERS = pytest.mark.parametrize("end", ["deletes_topic", "closes_topic"])


@KILLERS
@pytest.mark.row("F-12")
async def test_a_topic_that_is_gone_is_made_again_and_the_message_arrives(desk: World, end: str) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    getattr(desk.box, end)(desk.group, thread.id)
    anna.says("Are you there?")
    shown = await desk.until(
        lambda: [m for m in desk.messages(desk.group) if words(m) == "Are you there?"], "the message"
    )
    new = shown[0]["message_thread_id"]
    if end == "deletes_topic":
        assert new != thread.id
        await desk.until(
            lambda: [m for m in desk.messages(desk.group, new) if "Status: active" in words(m)], "its card"
        )
    maria.says("Yes, here", shown[0])
    await anna.gets("Yes, here")
    assert len([m for m in desk.messages(desk.group) if words(m) == "Are you there?"]) == 1


@pytest.mark.row("F-12")
async def test_a_closed_topic_that_refuses_the_bot_is_replaced(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    desk.box.faults.add(
        "sendMessage",
        match=f'"message_thread_id": {thread.id}',
        count=0,
        error_code=400,
        description="Bad Request: TOPIC_CLOSED",
    )
    anna.says("Are you there?")
    shown = await desk.until(
        lambda: [m for m in desk.messages(desk.group) if words(m) == "Are you there?"], "the message"
    )
    assert shown[0]["message_thread_id"] != thread.id
    maria.says("Yes, here", shown[0])
    await anna.gets("Yes, here")


@pytest.mark.row("F-12")
async def test_a_private_topic_that_is_gone_is_made_again(private: World) -> None:
    anna, maria = private.customer(), private.manager()
    thread = await private.opened(anna)
    private.box.deletes_topic(maria.id, thread.id)
    anna.says("Are you there?")
    shown = await maria.gets("Are you there?")
    assert shown["message_thread_id"] != thread.id
    maria.says("Yes, here", shown)
    await anna.gets("Yes, here")


@pytest.mark.row("F-12")
async def test_a_deleted_inbox_topic_is_recreated(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("First")
    card = await maria.card("First")
    desk.box.deletes_topic(desk.group, card["message_thread_id"])
    boris = desk.customer(510000002, "Boris")
    boris.says("Second")
    again = await maria.card("Second")
    assert again["message_thread_id"] != card["message_thread_id"]
    maria.says("Welcome", again)
    await boris.gets("Welcome")


@pytest.mark.row("F-12")
async def test_the_deleted_topics_of_twenty_customers_are_recreated(desk: World) -> None:
    maria = desk.manager()
    guests = [desk.customer(510000100 + n, f"Guest{n}") for n in range(20)]
    threads = [await desk.opened(guest, f"Case {n:02}") for n, guest in enumerate(guests)]
    for thread in threads:
        desk.box.deletes_topic(desk.group, thread.id)
    for n, guest in enumerate(guests):
        guest.says(f"one of {n:02}")
        guest.says(f"two of {n:02}")
    homes = set()
    for n, guest in enumerate(guests):
        last = await desk.until(
            lambda n=n: [m for m in desk.messages(desk.group) if words(m) == f"two of {n:02}"], f"guest {n}"
        )
        home = last[0]["message_thread_id"]
        homes.add(home)
        said = [words(m) for m in desk.messages(desk.group, home) if " of " in words(m)]
        assert said == [f"one of {n:02}", f"two of {n:02}"], "both, once, in order, and nobody else's"
        maria.says(f"answer {n:02}", last[0])
        await guest.gets(f"answer {n:02}")
    assert len(homes) == 20


async def test_a_message_typed_into_a_topic_that_is_not_known_yet_reaches_the_customer(desk: World) -> None:
    """The answer that tells the new topic's number is slow; people see the topic at once and type."""
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hello, about: Lost parcel")
    card = await maria.card("Hello, about: Lost parcel")
    desk.box.faults.add("createForumTopic", match="Lost parcel", delay=0.7)
    maria.says("/open Lost parcel", card)

    def made() -> int:
        topics = desk.box.world.chat(desk.group).topics.values()
        return next((topic.id for topic in topics if "Lost parcel" in topic.name), 0)

    number = await desk.until(made, "the topic at Telegram")
    desk.box.says(maria.id, "I am on it", desk.group, number)
    desk.box.says(maria.id, "/note careful", desk.group, number)
    await anna.gets("I am on it")
    thread = await maria.thread("Lost parcel")
    await thread.shows(lambda m: "Noted in #" in words(m))
    assert not [m for m in desk.messages(desk.group) if "stays inside the desk" in words(m)]
    assert anna.got() == ["I am on it"]


@pytest.mark.row("F-13")
async def test_a_group_that_becomes_a_supergroup_is_followed(desk: World) -> None:
    anna, boris, maria = desk.customer(), desk.customer(510000002, "Boris"), desk.manager()
    await desk.opened(anna)
    moved = desk.box.migrates(desk.group)
    anna.says("Does it still work?")
    shown = await desk.until(
        lambda: [m for m in desk.messages(moved) if words(m).endswith("Does it still work?")], "the message"
    )
    maria.says("It does", shown[0])
    await anna.gets("It does")
    boris.says("And for me?")
    card = await desk.until(
        lambda: [m for m in desk.messages(moved) if words(m).endswith("And for me?")], "the card"
    )
    maria.says("For you too", await desk.read(card[0]))
    await boris.gets("For you too")
    assert len([m for m in desk.messages(moved) if words(m).endswith("Does it still work?")]) == 1


@pytest.mark.row("F-13")
async def test_waiting_messages_follow_a_group_that_moves(desk: World) -> None:
    """Only the refusal tells of the move: the update about it is late."""
    anna, maria = desk.customer(), desk.manager()
    await desk.opened(anna)
    desk.box.faults.add("sendMessage", match="number 0", delay=0.3)
    for number in range(5):
        anna.says(f"number {number}")
    moved = desk.box.migrates(desk.group)
    await desk.until(
        lambda: [m for m in desk.messages(moved) if words(m).endswith("number 4")], "the last of them"
    )
    both = [*desk.messages(desk.group), *desk.messages(moved)]
    shown = [words(m)[-8:] for m in both if m["from_bot"] and "number " in words(m)]
    assert shown == [f"number {n}" for n in range(5)]
    assert maria.id
