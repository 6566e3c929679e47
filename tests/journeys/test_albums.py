"""Albums stay together, name their sender, and lose no part, in all three places of work."""

import pytest

from tests.journeys.kinds import carries, entered, named, words
from tests.journeys.world import Message, Person, World

pytestmark = pytest.mark.row("F-02")


async def all_shown(
    world: World, chat: int, parts: list[Message], thread: int | None = None
) -> list[Message]:
    """The copies of those parts, oldest first, once each of them is there."""

    def found() -> list[Message] | None:
        seen = [m for m in world.messages(chat, thread) if m["from_bot"]]
        copies = [m for m in seen if any(carries(m, part) for part in parts)]
        return copies if all(any(carries(m, part) for m in copies) for part in parts) else None

    shown: list[Message] = await world.until(found, f"{len(parts)} parts in {chat}")
    return shown


def together(copies: list[Message]) -> bool:
    return len({m.get("media_group_id", m["message_id"]) for m in copies}) == 1


@pytest.mark.row("C-39")
@pytest.mark.parametrize("kinds", [["photo", "video", "photo"], ["document"] * 2, ["audio"] * 10])
async def test_a_customers_album_in_a_dialog_stays_together(place: World, kinds: list[str]) -> None:
    anna = place.customer()
    thread = await place.opened(anna)
    parts = anna.album(kinds, number="77", caption="From all sides")
    anna.says("These are they")
    copies = await all_shown(place, thread.chat, parts, thread.id or None)
    last = await thread.shows(lambda m: words(m).endswith("These are they"))
    assert len(copies) == len(parts) and together(copies)
    assert all(carries(copy, part) for copy, part in zip(copies, parts, strict=True))
    assert copies[-1]["message_id"] < last["message_id"], "what was said after it comes after it"
    assert words(copies[0]).endswith("From all sides")
    assert thread.id or f"#{thread.dialog_id} Lost parcel · Anna" in words(copies[0])


@pytest.mark.row("C-39")
async def test_a_managers_album_in_a_dialog_stays_together(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    parts = maria.album(["photo", "photo", "video"], thread, number="78", caption="Like this")
    copies = await all_shown(place, anna.id, parts)
    assert len(copies) == 3 and together(copies)
    assert [words(m) for m in copies] == ["Like this", "", ""]


async def test_albums_outside_any_dialog_arrive_both_ways(place: World) -> None:
    """The card comes first and names the customer; its buttons work, and a reply may be an album too."""
    anna, maria = place.customer(), place.manager()
    chat = place.group or maria.id
    parts = anna.album(["photo", "photo"], number="79", caption="Broken")
    card = await place.until(lambda: _card(place, chat), "a card that announces the album")
    copies = await all_shown(place, chat, parts)
    assert together(copies) and len(copies) == 2
    assert "Anna · id 510000001" in words(copies[0])
    answer = maria.album(["photo", "photo"], card, number="80", caption="Do this")
    got = await all_shown(place, anna.id, answer)
    assert together(got) and len(got) == 2
    maria.says("Or reply to the picture itself", await place.read(copies[1]))
    await anna.gets("Or reply to the picture itself")
    await place.until(lambda: "💬 Maria" in str(named(_card(place, chat))), "the card says it was answered")


def _card(world: World, chat: int) -> Message:
    return next((m for m in world.messages(chat) if "An album follows" in words(m)), {})


async def test_an_album_without_room_for_the_name_still_names_the_customer(place: World) -> None:
    """The second album of the same run has no card of its own."""
    anna, maria = place.customer(), place.manager()
    chat = place.group or maria.id
    anna.says("First words")
    await maria.card("First words")
    parts = anna.album(["photo", "photo"], number="81", caption="x" * 1024)
    copies = await all_shown(place, chat, parts)
    assert words(copies[0]) == "x" * 1024
    assert "Anna · id 510000001" in words(copies[1])


async def late_part(world: World, writer: Person, reader: int, at: Message | None = None) -> None:
    """Three photos; the third is on the way for so long that the first two have been sent."""
    parts = writer.album(["photo", "photo"], at, number="90", caption="Look")
    first = await all_shown(world, reader, parts)
    third = writer.album(["photo"], at, number="90")
    writer.says("That was all", at)
    await world.until(
        lambda: [m for m in world.messages(reader) if words(m).endswith("That was all")], "what came after"
    )
    copies = await all_shown(world, reader, [*parts, *third])
    assert len(copies) == 3, "nothing twice"
    assert together(first) and [m["message_id"] for m in copies[:2]] == [m["message_id"] for m in first]


async def test_a_late_part_of_a_customer_arrives_and_nothing_is_doubled(place: World) -> None:
    anna = place.customer()
    thread = await place.opened(anna)
    await late_part(place, anna, thread.chat)


async def test_a_late_part_outside_any_dialog_arrives(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    await late_part(place, anna, place.group or maria.id)


async def test_a_late_part_of_a_manager_arrives_and_nothing_is_doubled(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hello")
    card = await maria.card("Hello")
    await late_part(desk, maria, anna.id, card)


async def test_an_album_split_by_an_opening_is_complete_in_the_dialog_and_not_doubled(
    desk: World,
) -> None:
    """The dialog opens between two parts: the dialog shows both, once each."""
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hello, about: Lost parcel")
    card = await maria.card("Hello, about: Lost parcel")
    before = anna.album(["photo"], number="91")
    await all_shown(desk, desk.group, before)
    maria.says("/open Lost parcel", card)
    thread = await maria.thread("Lost parcel")
    after = anna.album(["photo"], number="91")
    anna.says("Done")
    await thread.shows("Done")
    copies = await all_shown(desk, desk.group, [*before, *after])
    assert [m["message_thread_id"] == thread.id for m in copies] == [False, True, True]


async def test_one_part_of_an_album_is_removed_and_the_others_stay(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    parts = maria.album(["photo", "photo", "photo"], thread, number="92")
    await all_shown(desk, anna.id, parts)
    maria.says("/delete", parts[0])
    await desk.until(
        lambda: not [m for m in desk.messages(anna.id) if carries(m, parts[0])], "the first copy is gone"
    )
    await all_shown(desk, anna.id, parts[1:])


async def test_one_part_is_removed_before_the_album_is_sent(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    parts = maria.album(["photo", "photo", "photo"], thread, number="93", caption="Not this one")
    maria.says("/delete", parts[0])
    maria.says("Only these two", thread)
    await anna.gets("Only these two")
    copies = await all_shown(desk, anna.id, parts[1:])
    assert len(copies) == 2
    await desk.until(
        lambda: not [m for m in desk.messages(anna.id) if carries(m, parts[0])],
        "nothing is left of the first",
    )
