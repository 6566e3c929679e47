"""Each conversation is a thread; without routing, managers handle new ones by hand."""

import pytest

from tests.journeys.hands import press, window
from tests.journeys.world import IVAN, World, captions


@pytest.mark.row("S-01")
async def test_a_conversation_is_a_thread_and_is_answered_in_it(desk: World) -> None:
    """What a channel is stands in a field; everybody answers from Telegram."""
    maria, anna, boris = desk.manager(), desk.customer(), desk.customer(510000002, "Boris")
    parcel = await desk.opened(anna, "Lost parcel", maria)
    invoice = await desk.opened(boris, "Wrong invoice", maria)
    assert parcel.id != invoice.id
    anna.says("Any news?")
    await parcel.read("Any news?")
    maria.says("It is on its way.", parcel)
    maria.says("Corrected.", invoice)
    await anna.gets("It is on its way.")
    await boris.gets("Corrected.")
    assert "Corrected." not in anna.got()
    for thread, words in ((parcel, "It is on its way."), (invoice, "Corrected.")):
        dialog = await thread.dialog()
        assert (dialog["channel"], bool(dialog["inbox"])) == ("telegram", True)
        said = (await desk.get(f"/dialogs/{dialog['id']}/transcript"))["items"]
        assert [line["text"] for line in said if line["direction"] == "out"] == [words]


@pytest.mark.row("S-06")
async def test_without_routing_new_conversations_are_handled_by_hand(desk: World) -> None:
    """Nobody gets them by themselves: each is a card in the Inbox topic until somebody does something."""
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    people = [
        desk.customer(510000001 + number, name) for number, name in enumerate(("Anna", "Boris", "Clara"))
    ]
    cards = []
    for person in people:
        person.says(f"Hello from {person.name}")
        cards.append(await maria.card(f"Hello from {person.name}"))
    topics = {card["message_thread_id"] for card in cards}
    assert len(topics) == 1  # the Inbox
    waiting = (await desk.get("/inbox?state=new"))["items"]
    assert [(item["name"], item["assignee"], item["team"]) for item in waiting] == [
        (person.name, None, None) for person in people
    ]
    assert all(any("Ignore" in one for one in captions(card)) for card in cards)
    await press(desk, maria, cards[0], "Ignore")
    ivan.says("/open Boris's case", cards[1])
    await ivan.thread("Boris's case")
    await press(desk, maria, cards[2], "Assign")
    await press(desk, maria, await window(desk, desk.group, "Who takes the Inbox card of Clara?"), "Ivan")
    left = await desk.until_asked(
        "/inbox?state=new",
        lambda found: [bool(item["assignee"]) for item in found["items"]] == [True],
        "one still waits, and somebody has it",
    )
    (clara,) = left["items"]
    assert (clara["name"], clara["assignee"]["name"]) == ("Clara", "Ivan")
    maria.says("Hello Clara, how can we help?", cards[2])
    await people[2].gets("Hello Clara, how can we help?")
    await desk.until_asked("/inbox?state=new", lambda found: not found["items"], "nothing waits any more")
