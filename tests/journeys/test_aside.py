"""An unreadable update: administrators are notified, and the next message still arrives."""

from tests.journeys.hands import now, press, toast
from tests.journeys.world import World, captions

POISON = {
    "message": {
        "message_id": 77,
        "date": 1_794_204_201,
        "chat": {"id": 510000001, "type": "private"},
        "from": {"id": 510000001, "is_bot": False, "first_name": "Anna"},
        "photo": "not a list of sizes",
    }
}


async def test_a_message_that_cannot_be_processed_is_reported_to_the_administrator(place: World) -> None:
    anna, maria, ivan = place.customer(), place.manager(), place.manager(400000078, "Ivan")
    place.box.raw_update(POISON)
    notice = await maria.gets(lambda m: "from Anna (photo)" in m.get("text", ""))
    assert captions(notice) == ["🔁 Try again"]
    anna.says("Did you see it?")
    await maria.card("Did you see it?")
    await press(place, maria, notice, "🔁 Try again")
    await toast(place, "Trying again")
    await place.until(lambda: not captions(now(place, notice)), "the button goes")
    await maria.gets(lambda m: "from Anna (photo)" in m.get("text", ""), notice["message_id"])
    assert not [text for text in ivan.got() if "could not be processed" in text]
