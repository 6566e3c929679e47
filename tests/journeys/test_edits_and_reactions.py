"""Edits, quotes, reactions and removal of a sent message."""

from typing import Any

import pytest

from holdline.dialogs.conversation.delivery_mark import DELIVERED
from tests.journeys.kinds import carries, entered, speaks, words
from tests.journeys.world import Message, World


def shown_reaction(world: World, message: Message) -> str:
    """The emoji that the bot has put under the message; empty without one."""
    chat = world.box.world.chat(message["chat"]["id"])
    of_bot = chat.reactions.get(message["message_id"], {}).get(world.box.tg.bot.id, [])
    return "".join(one["emoji"] for one in of_bot)


async def changed(world: World, message: Message, text: str) -> None:
    """The very message, not another one, once it ends with these words."""

    def now() -> bool:
        seen = world.messages(message["chat"]["id"])
        return any(m["message_id"] == message["message_id"] and words(m).endswith(text) for m in seen)

    await world.until(now, f"the message now says {text!r}")


@pytest.mark.row("C-22")
@pytest.mark.row("F-03")
async def test_the_customers_edits_reach_the_desk(place: World) -> None:
    anna = place.customer()
    thread = await place.opened(anna)
    said, photo = anna.says("I want a refund"), anna.sends("photo", caption="The broken one")
    copy = await thread.shows(lambda m: words(m).endswith("I want a refund"))
    picture = await thread.shows(lambda m: carries(m, photo))
    place.box.edits(anna.id, anna.id, said["message_id"], text="I want an exchange")
    place.box.edits(anna.id, anna.id, photo["message_id"], caption="The whole one")
    await changed(place, copy, "I want an exchange")
    await changed(place, picture, "The whole one")
    assert words(copy).split("\n")[:-1] == words(_now(place, copy)).split("\n")[:-1], "the heading stays"
    history = await place.get(f"/dialogs/{thread.dialog_id}/history")
    edits = [item for item in history["items"] if item["kind"] == "message_edited"]
    assert [(e["text"], e["data"]["new_text"], e["actor"]["kind"]) for e in edits] == [
        ("I want a refund", "I want an exchange", "customer"),
        ("The broken one", "The whole one", "customer"),
    ]


def _now(world: World, message: Message) -> Message:
    seen = world.messages(message["chat"]["id"])
    return next(m for m in seen if m["message_id"] == message["message_id"])


@pytest.mark.row("C-22")
@pytest.mark.row("F-03")
async def test_the_managers_edits_reach_the_customer(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    said, photo = maria.says("At 5", thread), maria.sends("photo", thread, caption="Here")
    copy = await anna.gets("At 5")
    picture = await anna.gets(lambda m: carries(m, photo))
    place.box.edits(maria.id, thread.chat, said["message_id"], text="At 6")
    place.box.edits(maria.id, thread.chat, photo["message_id"], caption="There")
    await changed(place, copy, "At 6")
    await changed(place, picture, "There")
    assert "At 5" not in anna.got()
    told = await place.get(f"/dialogs/{thread.dialog_id}/transcript")
    assert [item["text"] for item in told["items"] if item["direction"] == "out"] == ["At 6", "There"]
    history = await place.get(f"/dialogs/{thread.dialog_id}/history")
    assert [i["text"] for i in history["items"] if i["kind"] == "message_edited"] == ["At 5", "Here"]


@pytest.mark.row("F-03")
async def test_edits_outside_any_dialog_change_the_card_and_keep_its_buttons(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    said = anna.says("Helo")
    card = await maria.card("Helo")
    place.box.edits(anna.id, anna.id, said["message_id"], text="Hello")
    await changed(place, card, "\nHello")
    assert _now(place, card)["reply_markup"] == card["reply_markup"]


@pytest.mark.row("F-03")
async def test_an_edit_in_a_paused_dialog_is_refused_with_a_sentence(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    said = maria.says("At 5", thread)
    await anna.gets("At 5")
    maria.says("/pause", thread)
    await thread.card_says("Status: paused")
    desk.box.edits(maria.id, thread.chat, said["message_id"], text="At 6")
    refusal = await thread.shows(lambda m: "is paused" in words(m) and "Resume" in words(m))
    assert refusal["reply_to_message"]["message_id"] == said["message_id"]
    assert anna.got().count("At 5") == 1


@pytest.mark.row("F-03")
async def test_an_edit_while_the_copy_is_on_its_way_is_not_lost(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    desk.box.faults.add("sendMessage", match="Tomorow", delay=0.4)
    said = maria.says("Tomorow", thread)
    copy = await anna.gets("Tomorow")
    desk.box.edits(maria.id, thread.chat, said["message_id"], text="Tomorrow")
    await changed(desk, copy, "Tomorrow")


@pytest.mark.row("F-04")
async def test_replies_keep_their_quote_both_ways(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    question, other = anna.says("Red or blue?"), anna.says("And when?")
    shown = await thread.read(lambda m: words(m).endswith("Red or blue?"))
    await thread.shows(lambda m: words(m).endswith("And when?"))
    maria.says("Blue", shown)
    answer = await anna.reads("Blue")
    assert answer["reply_to_message"]["message_id"] == question["message_id"]
    assert other["message_id"] != question["message_id"]
    anna.says("Thank you", answer)
    thanks = await thread.shows(lambda m: words(m).endswith("Thank you"))
    assert words(thanks["reply_to_message"]).endswith("Blue"), "the manager's own message is quoted"


@pytest.mark.row("F-04")
async def test_a_reply_of_every_kind_keeps_its_quote(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    asked = anna.says("Show me")
    shown = await thread.read("Show me")
    for kind in ("photo", "voice", "sticker", "location", "poll"):
        sent = speaks(maria, kind, shown)
        copy = await anna.gets(lambda m, sent=sent: carries(m, sent))
        assert copy["reply_to_message"]["message_id"] == asked["message_id"]


@pytest.mark.row("F-04")
async def test_a_quote_is_passed_on_with_the_reply(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    anna.says("Red 🎈 or blue?")
    shown = await thread.read("Red 🎈 or blue?")
    like = maria.says("placeholder", shown)
    await anna.gets("placeholder")
    raw: dict[str, Any] = {**like, "message_id": like["message_id"] + 1000, "text": "This one"}
    raw["quote"] = {"text": "blue", "position": 10, "is_manual": True}
    desk.box.raw_update({"update_id": 900_000_001, "message": raw})
    answer = await anna.gets("This one")
    assert answer["quote"]["text"] == "blue"


@pytest.mark.row("F-04")
async def test_a_reply_to_a_deleted_message_still_arrives(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    asked = anna.says("Never mind")
    shown = await thread.read("Never mind")
    desk.box.deletes(anna.id, anna.id, asked["message_id"])
    maria.says("I have read it anyway", shown)
    await anna.gets("I have read it anyway")


@pytest.mark.row("F-05")
async def test_reactions_are_passed_on_both_ways_and_can_be_removed(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    ours, theirs = maria.says("Done", thread), anna.says("Really?")
    at_customer = await anna.reads("Done")
    at_desk = await thread.read(lambda m: words(m).endswith("Really?"))
    for emoji in ("👍", "❤", None):
        place.box.reacts(anna.id, anna.id, at_customer["message_id"], emoji)
        place.box.reacts(maria.id, thread.chat, at_desk["message_id"], emoji)
        for message, without in ((ours, DELIVERED), (theirs, "")):  # our own words get their mark back
            await place.until(
                lambda message=message, mark=emoji or without: shown_reaction(place, message) == mark,
                f"the reaction {emoji}",
            )


@pytest.mark.row("F-05")
async def test_reactions_outside_any_dialog_are_passed_on(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    said = anna.says("Thanks, all solved")
    card = await maria.card("Thanks, all solved")
    place.box.reacts(maria.id, card["chat"]["id"], card["message_id"], "🎉")
    await place.until(lambda: shown_reaction(place, said) == "🎉", "the reaction at the customer's")


@pytest.mark.row("F-06")
async def test_delete_removes_the_customers_copy(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    kinds = ("text", "photo", "sticker", "poll")
    sent = [speaks(maria, kind, thread) for kind in kinds]
    for one in sent:
        await anna.gets(lambda m, one=one: carries(m, one))
        maria.says("/delete", one)
        await place.until(
            lambda one=one: not [m for m in place.messages(anna.id) if carries(m, one)], "the copy is gone"
        )
    history = await place.get(f"/dialogs/{thread.dialog_id}/history")
    gone = [item["text"] for item in history["items"] if item["kind"] == "message_deleted"]
    assert gone == ["This is my text", "This is my photo", "", ""], "the words stay in the history"


@pytest.mark.row("F-06")
async def test_a_split_text_is_removed_completely(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    answer = await desk.post(
        f"/dialogs/{thread.dialog_id}/messages",
        {"manager_telegram_id": maria.id, "text": "word " * 1500},
        201,
    )
    assert answer["status"] == "queued"
    await desk.until(lambda: "".join(anna.got()).count("word") == 1500, "the whole text")
    shown = await thread.read(lambda m: "word word" in words(m))
    maria.says("/delete", shown)
    await desk.until(lambda: "word" not in "".join(anna.got()), "every part is gone")


@pytest.mark.row("F-06")
async def test_the_desk_cannot_delete_a_customers_message(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    anna.says("Mine")
    shown = await thread.read("Mine")
    maria.says("/delete", shown)
    await thread.shows(lambda m: "Only what the desk wrote to a customer can be taken back" in words(m))
    assert [m for m in desk.messages(anna.id) if words(m) == "Mine"]
