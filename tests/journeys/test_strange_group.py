"""Somebody adds the bot to a foreign group."""

from tests.journeys.world import MARIA, World

PIRATES = -1009


async def test_the_bot_leaves_a_foreign_group_and_reports_its_id(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    place.box.group(PIRATES, "Pirates", members=[MARIA], kind="supergroup")
    notice = await maria.gets(lambda m: "“Pirates” (-1009)" in m.get("text", ""))
    bot = place.box.tg.bot.id
    await place.until(lambda: place.box.world.chats[PIRATES].member(bot).status == "left", "the bot is out")
    assert not [m for m in place.messages(PIRATES) if m["from_bot"]]
    place.box.bot_becomes(PIRATES, "member")
    place.box.says(MARIA, f"/close #{thread.dialog_id} 3", PIRATES)
    await place.until(lambda: place.box.world.chats[PIRATES].member(bot).status == "left", "out once more")
    assert (await thread.dialog())["state"] == "active"
    assert not [m for m in place.messages(PIRATES) if m["from_bot"]]
    assert [text for text in maria.got() if "Pirates" in text] == [notice["text"]]
