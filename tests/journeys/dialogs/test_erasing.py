"""A customer is erased while the desk is at work: topic, card and copies go at Telegram, too."""

import pytest

from tests.journeys.world import GROUP, World

NAME = "Kanarek"


@pytest.mark.row("O-05")
async def test_an_erasure_deletes_topic_card_and_copies_in_telegram(desk: World) -> None:
    anna = desk.customer(511222333, name=NAME)
    thread = await desk.opened(anna, title="A canary and a screw")
    desk.manager().says("Which screw of the canary?", thread)
    await anna.reads("Which screw of the canary?")
    person = (await desk.get("/customers?telegram_id=511222333"))["items"][0]
    job = await desk.post(f"/customers/{person['id']}/erase", {}, 202)
    done = await desk.until_asked(f"/erasures/{job['id']}", lambda now: now["state"] == "done", "an erasure")
    assert done["telegram_refused"] == 0
    await desk.until_asked(
        f"/erasures/{job['id']}", lambda now: now["telegram_waiting"] == 0, "deletions at Telegram"
    )
    assert "Which screw of the canary?" not in anna.got(), "the bot's words are gone at the customer"
    group = str(
        [message["text"] for message in desk.messages(GROUP) if message["from_bot"] and "text" in message]
    )
    assert NAME not in group and "canary" not in group, "and so are the topic and the card"
    anna.says("Hello, it is me")
    await desk.until_asked("/customers?telegram_id=511222333", lambda found: found["items"], "a new customer")
    new = (await desk.get("/customers?telegram_id=511222333"))["items"][0]
    assert new["id"] != person["id"]
