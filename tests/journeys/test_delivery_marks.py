"""One mark on each reply, at the manager's own message; a notice only after a failure."""

from tests.journeys.hands import press
from tests.journeys.kinds import entered, words
from tests.journeys.test_edits_and_reactions import shown_reaction
from tests.journeys.test_failures import told_at
from tests.journeys.world import Message, World


async def marked(world: World, message: Message, mark: str) -> None:
    await world.until(lambda: shown_reaction(world, message) == mark, f"the mark {mark!r}")


async def test_a_delivered_reply_is_marked_until_the_customer_reacts(
    place: World,
) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    said = maria.says("Tomorrow", thread)
    got = await anna.gets("Tomorrow")
    await marked(place, said, "🕊")
    place.box.reacts(anna.id, anna.id, got["message_id"], "🔥")
    await marked(place, said, "🔥")
    place.box.reacts(anna.id, anna.id, got["message_id"], None)
    await marked(place, said, "🕊")


async def test_a_reply_that_failed_is_sent_again_by_its_button(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    place.box.blocks(anna.id)
    said = maria.says("It comes tomorrow", thread)
    notice = await told_at(place, said, "the customer has blocked the bot")
    await marked(place, said, "💔")
    await press(place, maria, notice, "Send again")
    await place.until(lambda: _is_told_after(place, notice), "it is told once more why it did not arrive")
    place.box.blocks(anna.id, False)
    back = await told_at(place, said, "can be reached again")
    await press(place, maria, back, "Send again")
    await anna.gets("It comes tomorrow")
    await marked(place, said, "🕊")


def _is_told_after(world: World, notice: Message) -> bool:
    later = [m for m in world.messages(notice["chat"]["id"]) if m["message_id"] > notice["message_id"]]
    return any("Not delivered" in words(m) for m in later)
