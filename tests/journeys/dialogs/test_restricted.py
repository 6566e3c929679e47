"""Ivan, whose replies wait for approval: every button that he is shown works, and Maria can do the rest."""

import pytest

from tests.journeys.hands import press, refused, says_the_window, toast, window
from tests.journeys.world import IVAN, Person, Thread, World, captions


@pytest.fixture(params=["private", "without_topics"])
def own_chats(request: pytest.FixtureRequest) -> World:
    """Managers work in their own chats."""
    made: World = request.getfixturevalue(request.param)
    return made


async def make_ivan_restricted(world: World) -> Person:
    people = (await world.get("/managers"))["items"]
    number = next(one["id"] for one in people if one["telegram_id"] == IVAN)
    answer = await world.api.patch(f"/managers/{number}", json={"role": "restricted"})
    assert answer.status_code == 200, answer.text
    return world.manager(IVAN, "Ivan")


async def enter_dialog(world: World, ivan: Person, thread: Thread) -> str:
    """What he reads when he enters the dialog."""
    ivan.says(f"/enter {thread.dialog_id}")
    answer = await window(world, ivan.id, "You are in #")
    return str(answer["text"])


@pytest.mark.row("F-10")
async def test_a_reply_that_failed_is_sent_again_by_the_person_who_approved_it(own_chats: World) -> None:
    anna, maria, ivan = own_chats.customer(), own_chats.manager(), await make_ivan_restricted(own_chats)
    thread = await own_chats.opened(anna)
    own_chats.box.blocks(anna.id)
    await enter_dialog(own_chats, ivan, thread)
    said = ivan.says("It comes tomorrow")
    card = await window(own_chats, maria.id, "waits for approval")
    await press(own_chats, maria, card, "Approve & send")
    await says_the_window(own_chats, card, "approved by Maria")
    failed = await window(own_chats, maria.id, "Not delivered to Anna")
    assert "It comes tomorrow" in failed["text"] and captions(failed) == ["🔁 Send again"]
    at_author = await window(own_chats, ivan.id, "Not delivered", after=said["message_id"])
    assert captions(at_author) == []
    own_chats.box.blocks(anna.id, False)
    back = await window(own_chats, maria.id, "has not got this approved reply")
    told = await window(own_chats, ivan.id, "A colleague who may send it again")
    assert captions(told) == []
    await press(own_chats, maria, back, "Send again")
    await anna.gets("It comes tomorrow")


async def test_a_reply_to_an_inbox_card_can_become_a_draft_in_the_active_dialog(place: World) -> None:
    anna, maria, ivan = place.customer(), place.manager(), await make_ivan_restricted(place)
    thread = await place.opened(anna)
    said = ivan.says("Which number?", await ivan.card("Hello, about: Lost parcel"))
    refusal = await window(place, said["chat"]["id"], "already has an active dialog")
    await press(place, ivan, refusal, f"Send it in #{thread.dialog_id}")
    await says_the_window(place, refusal, "Became a draft for Anna")
    card = await window(place, place.group or maria.id, "waits for approval")
    await press(place, maria, card, "Approve & send")
    await anna.gets("Which number?")


async def test_a_paused_dialog_offers_nobody_a_way_that_is_then_refused(own_chats: World) -> None:
    anna, maria, ivan = own_chats.customer(), own_chats.manager(), await make_ivan_restricted(own_chats)
    thread = await own_chats.opened(anna)
    assert "becomes a draft" in await enter_dialog(own_chats, ivan, thread)
    maria.says("/pause", thread if thread.id else thread.card)
    await thread.card_says("Status: paused")
    ivan.says("Anything new?")
    refusal = await window(own_chats, ivan.id, "is paused. Resume it")
    assert captions(refusal) == ["▶️ Resume"]


async def test_the_inbox_offers_no_answer_that_is_then_refused(own_chats: World) -> None:
    anna, ivan = own_chats.customer(), own_chats.manager(IVAN, "Ivan")
    anna.says("Anybody there?")
    await ivan.card("Anybody there?")
    ivan.says("/inbox")
    earlier = await window(own_chats, ivan.id, "Anna (1)")
    await make_ivan_restricted(own_chats)
    ivan.presses(earlier, "💬 Anna")
    await toast(own_chats, "reply.direct")
    ivan.says("/inbox")
    now = await window(own_chats, ivan.id, "Anna (1)", after=earlier["message_id"])
    assert captions(now) == ["➕ Anna", "🚫 Ignore"]


async def test_a_sticker_takes_no_words_of_an_approver_and_a_photo_is_sent_with_them(
    own_chats: World,
) -> None:
    anna, maria, ivan = own_chats.customer(), own_chats.manager(), await make_ivan_restricted(own_chats)
    thread = await own_chats.opened(anna)
    await enter_dialog(own_chats, ivan, thread)
    ivan.sends("sticker")
    card = await window(own_chats, maria.id, "Draft 1 of Ivan waits")
    assert captions(card)[:2] == ["✅ Approve & send", "↩️ Return"]
    body = {"manager_telegram_id": maria.id, "text": "Not with a sticker"}
    refusal = await refused(own_chats, "/drafts/1/approve", body, "bad_input", status=400)
    assert "no text that could be changed" in refusal["message"]
    await press(own_chats, maria, card, "Approve & send")
    await anna.gets(lambda message: "sticker" in message)
    ivan.sends("photo", caption="The label")
    card = await window(own_chats, maria.id, "Draft 2 of Ivan waits")
    await press(own_chats, maria, card, "Edit & send")
    form = await window(own_chats, maria.id, "The file and your text are sent at once")
    maria.says("The label of your parcel", form)
    sent = await anna.gets(lambda message: message.get("caption") == "The label of your parcel")
    assert "photo" in sent


async def test_an_answer_from_a_list_says_that_it_becomes_a_draft(own_chats: World) -> None:
    anna, maria, ivan = own_chats.customer(), own_chats.manager(), await make_ivan_restricted(own_chats)
    thread = await own_chats.opened(anna)
    ivan.says("/active")
    shown = await window(own_chats, ivan.id, f"#{thread.dialog_id} Lost parcel")
    await press(own_chats, ivan, shown, f"✍️ #{thread.dialog_id}")
    form = await window(own_chats, ivan.id, "your next message becomes a draft for Anna")
    ivan.says("From the list", form)
    card = await window(own_chats, maria.id, "Draft 1 of Ivan waits")
    assert "From the list" in card["text"]
