"""The info card: what it shows, what can be changed from it, and where it leads."""

from datetime import UTC, datetime

import pytest

from tests.journeys.hands import number_of, press, window
from tests.journeys.world import IVAN, Message, Thread, World, captions


async def closed(world: World, thread: Thread) -> None:
    world.manager().says(f"/close #{thread.dialog_id}", thread)
    form = await thread.shows(lambda m: "Close #" in m.get("text", "") and captions(m))
    await press(world, world.manager(), form, "✅ Close #")
    await thread.card_says("Status: closed")


async def changes_of(world: World, thread: Thread) -> list[dict[str, object]]:
    """What history tells of changed fields, one entry a save."""
    told = (await world.get(f"/dialogs/{thread.dialog_id}/history?order=oldest"))["items"]
    return [entry["data"] for entry in told if entry["kind"] == "dialog_changed"]


@pytest.fixture(params=["desk", "private"])
def topical(request: pytest.FixtureRequest) -> World:
    """The two places where a dialog has a topic of its own."""
    made: World = request.getfixturevalue(request.param)
    return made


@pytest.mark.row("L-24")
async def test_the_card_is_the_first_message_of_the_dialog_and_pinned(topical: World) -> None:
    thread = await topical.opened(topical.customer())
    first = next(m for m in thread.shown() if m["from_bot"] and "text" in m)
    assert first["message_id"] == thread.card["message_id"]
    pinned = await topical.until(
        lambda: [m for m in thread.shown() if "pinned_message" in m], "Telegram says what was pinned"
    )
    assert [m["pinned_message"]["message_id"] for m in pinned] == [thread.card["message_id"]]


@pytest.mark.row("L-24")
async def test_without_topics_the_card_comes_first_and_entering_leads_back_to_it(
    without_topics: World,
) -> None:
    anna, maria = without_topics.customer(), without_topics.manager()
    thread = await without_topics.opened(anna)
    anna.says("Any news?")
    first = await window(without_topics, maria.id, "Any news?")
    assert thread.card["message_id"] < first["message_id"]
    maria.says(f"/enter {thread.dialog_id}")
    answer = await window(without_topics, maria.id, f"You are in #{thread.dialog_id}")
    assert answer["reply_to_message"]["message_id"] == thread.card["message_id"]


@pytest.mark.row("L-03")
async def test_the_card_shows_every_field_and_both_ratings(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    for kind, name in (("reasons", "Late"), ("components", "Courier")):
        await desk.post(f"/lists/{kind}", {"name": name}, 201)
    anna.says("Hi")
    body = {
        "customer_id": await number_of(desk, anna), "title": "Lost parcel", "type": "Refund", "participants": [IVAN],
        "reasons": ["Late"], "components": ["Courier"], "manager_telegram_id": maria.id,
    }  # fmt: skip
    made = await desk.post("/dialogs", body, 201)
    thread = await maria.thread("Lost parcel")
    assert thread.card["text"].splitlines()[0] == f"▶️ #{made['id']} Lost parcel"
    shown = set(thread.card["text"].splitlines())
    assert {"👤 Anna · id 510000001", "Status: active", "Type: Refund", "Participants: Maria, Ivan"} < shown
    assert {"Reasons: Late", "Components: Courier"} < shown
    maria.says("/close 2 form", thread)
    form = await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"])
    await thread.card_says("Customer → us: —")
    anna.presses(form, "Great")
    card = await thread.card_says("Customer → us: 3")
    ended = {"Status: closed", "Manager → customer: 2 ⭐⭐", "Customer → us: 3 of 3, “Great”"}
    assert ended < set(card["text"].splitlines())


@pytest.mark.row("L-25")
@pytest.mark.row("L-26")
async def test_each_field_has_its_button_and_all_changes_are_one_save(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    for kind, name in (("reasons", "Late"), ("components", "Courier")):
        await place.post(f"/lists/{kind}", {"name": name}, 201)
    thread = await place.opened(anna)
    fields = ["✏️ Title", "🏷 Type", "👥 Participants", "❓ Reasons", "🧩 Components"]
    assert [one for one in captions(thread.card) if one in fields] == fields
    assert captions(thread.card)[:2] == ["⏸ Pause", "✅ Close"]
    await press(place, maria, thread.card, "🏷 Type")
    form = await thread.shows(lambda m: "Which type is it?" in m.get("text", ""))
    await press(place, maria, form, "Refund", "👥 Participants", "Ivan", "Back", "❓ Reasons", "Late", "Back")
    await press(place, maria, form, "🧩 Components", "Courier", "Back", "✏️ Title")
    await thread.shows(lambda m: "new title" in m.get("text", ""))
    maria.says("Found parcel", thread)
    main = await thread.shows(lambda m: "Title: Found parcel · unsaved" in m.get("text", ""))
    assert main["text"].count("· unsaved") == 5
    assert "Lost parcel" in now(place, thread.card)["text"]
    assert await changes_of(place, thread) == []
    await press(place, maria, form, "💾 Save")
    card = await thread.card_says("Found parcel")
    shown = set(card["text"].splitlines())
    assert {"Type: Refund", "Participants: Maria, Ivan", "Reasons: Late", "Components: Courier"} < shown
    [saved] = await changes_of(place, thread)
    assert set(saved) == {"title", "type", "participants", "reasons", "components"}
    assert "Found parcel" not in anna.got()
    if thread.id:
        topic = place.box.world.chats[thread.chat].topics[thread.id]
        await place.until(lambda: topic.name == "▶️ Found parcel", "the topic is named anew")


def now(world: World, message: Message) -> Message:
    return next(m for m in world.messages(message["chat"]["id"]) if m["message_id"] == message["message_id"])


@pytest.mark.row("L-26")
async def test_dropped_changes_are_not_saved(desk: World) -> None:
    maria = desk.manager()
    thread = await desk.opened(desk.customer())
    await press(desk, maria, thread.card, "🏷 Type")
    form = await thread.shows(lambda m: "Which type is it?" in m.get("text", ""))
    await press(desk, maria, form, "Refund")
    await thread.shows(lambda m: "Type: Refund · unsaved" in m.get("text", ""))
    await press(desk, maria, form, "✖ Drop")
    await thread.shows("✖ Cancelled, nothing was changed.")
    assert "Type: Support" in now(desk, thread.card)["text"]
    assert (await thread.dialog())["type"] == "Support"
    assert await changes_of(desk, thread) == []


@pytest.mark.row("L-25")
@pytest.mark.row("L-26")
async def test_a_program_saves_several_fields_as_one_change_too(desk: World) -> None:
    thread = await desk.opened(desk.customer())
    body = {"manager_telegram_id": IVAN, "title": "Found parcel", "type": "Refund", "participants": [IVAN]}
    answer = await desk.api.patch(f"/dialogs/{thread.dialog_id}", json=body)
    assert answer.status_code == 200, answer.text
    card = await thread.card_says("Found parcel")
    assert "Type: Refund" in card["text"]
    [saved] = await changes_of(desk, thread)
    assert {"title", "type"} <= set(saved)


@pytest.mark.row("L-27")
@pytest.mark.row("L-28")
async def test_the_card_and_the_command_list_all_dialogs_of_the_customer(place: World) -> None:
    """In the dialog and under an Inbox card; another customer's dialogs are not among them."""
    anna, boris, maria = place.customer(), place.customer(510000002, "Boris"), place.manager()
    first = await place.opened(anna, "Lost parcel")
    await closed(place, first)
    second = await place.opened(anna, "Wrong invoice")
    await place.opened(boris, "Broken lamp")
    await press(place, maria, second.card, "All dialogs of this customer")
    listed = await window(place, second.chat, "🎫 Dialogs of Anna")
    rows = [line for line in listed["text"].splitlines() if "·" in line and "#" in line]
    assert rows == [
        f"▶️ #{second.dialog_id} Wrong invoice · Anna · Maria",
        f"✅ #{first.dialog_id} Lost parcel · Anna · Maria",
    ]
    assert f"opened {datetime.now(UTC):%d.%m}" in listed["text"] and "waits 1 min" in listed["text"]
    ways = [row[0] for row in listed["reply_markup"]["inline_keyboard"]]
    assert [way["text"] for way in ways[:2]] == [
        f"▶️ #{second.dialog_id} Wrong invoice",
        f"✅ #{first.dialog_id} Lost parcel",
    ]
    if place.group:
        group = str(place.group)[4:]
        assert [way["url"] for way in ways[:2]] == [
            f"https://t.me/c/{group}/{second.id}", f"https://t.me/c/{group}/{first.id}"
        ]  # fmt: skip
    if second.id:
        maria.says("/dialogs", second)
        await window(place, second.chat, "🎫 Dialogs of Anna", after=listed["message_id"])
    maria.says("/dialogs", await maria.card("Hello, about: Broken lamp"))
    others = await window(place, second.chat, "🎫 Dialogs of Boris")
    assert "Broken lamp" in others["text"] and "parcel" not in others["text"]


@pytest.mark.row("L-28")
async def test_a_long_list_of_dialogs_is_paged(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hi")
    body = {"customer_id": await number_of(desk, anna), "manager_telegram_id": maria.id}
    for number in range(9):
        made = await desk.post("/dialogs", body | {"title": f"Case {number}"}, 201)
        await desk.post(f"/dialogs/{made['id']}/close", {"manager_telegram_id": maria.id})
    thread = await maria.thread("Case 8")
    maria.says("/dialogs", thread)
    listed = await window(desk, desk.group, "🎫 Dialogs of Anna")
    titles = [f"Case {number}" for number in range(8, -1, -1)]
    assert [title for title in titles if title in listed["text"]] == titles[:8]
    await press(desk, maria, listed, "▶")
    await desk.until(lambda: "Case 0" in now(desk, listed)["text"], "the next page")
    assert not [title for title in titles[:8] if title in now(desk, listed)["text"]]
    await press(desk, maria, listed, "⏮")
    await desk.until(lambda: "Case 8" in now(desk, listed)["text"], "the first page again")
