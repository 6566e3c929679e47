"""The bot loses a right while people work: the loss is reported, and work begun without it is completed later."""

import pytest

from tests.journeys.world import GROUP, Thread, World, words_of


@pytest.mark.row("F-12")
async def test_a_dialog_opened_without_the_topic_right_gets_its_topic_when_the_right_returns(
    desk: World,
) -> None:
    anna, boris, maria = desk.customer(), desk.customer(510000002, "Boris"), desk.manager()
    await desk.opened(anna, "First")
    bot = desk.box.tg.bot.id
    desk.box.bot_becomes(GROUP, "administrator", can_manage_topics=False)
    await maria.gets(lambda m: "may not manage topics" in m.get("text", ""))
    general = await desk.opened(boris, "Second")
    assert general.id == 0
    boris.says("are you there?")
    await general.shows(lambda m: "are you there?" in words_of(m))
    desk.box.bot_becomes(GROUP, "administrator")
    await maria.gets(lambda m: "may manage topics" in m.get("text", ""))

    def own() -> Thread | None:
        for topic in next(chat for chat in desk.box.chats() if chat["id"] == GROUP)["topics"]:
            if "Second" in topic["name"]:
                return Thread(desk, GROUP, topic["message_thread_id"], general.card)
        return None

    thread = await desk.until(own, "a topic of its own")
    await thread.shows(lambda m: "are you there?" in words_of(m))
    boris.says("still waiting")
    await thread.shows(lambda m: "still waiting" in words_of(m))
    answer = maria.says("Here I am", thread)
    await boris.gets("Here I am")
    assert answer["message_thread_id"] == thread.id
    assert not [text for text in maria.got() if "cannot make topics" in text]  # said once, in better words
    assert desk.box.world.chats[GROUP].member(bot).is_admin
