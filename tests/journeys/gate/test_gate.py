"""While a dialog is active, nothing automatic reaches its customer."""

import pytest

from tests.journeys.hands import became, number_of, offered, paused, refused
from tests.journeys.world import MARIA, World

BY_MARIA = {"manager_telegram_id": MARIA}


@pytest.mark.row("L-32")
@pytest.mark.row("L-33")
@pytest.mark.row("L-34")
async def test_while_a_dialog_is_active_only_managers_write_to_the_customer(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    anna.says("/start")
    await anna.gets(lambda m: "Tell us how we can help" in m.get("text", ""))
    await offered(place, anna, "Welcome to our shop")
    await anna.gets("Welcome to our shop")
    thread = await place.opened(anna)
    heard = len(anna.got())
    held_by = {"dialog_id": thread.dialog_id, "title": "Lost parcel"}
    for class_, status in (("funnel", "held"), ("broadcast", "held"), ("smart_reply", "dropped")):
        offer = await offered(place, anna, f"From a {class_}", class_)
        assert (offer["status"], offer["held_by"]) == (status, held_by)
    maria.says(f"/enter {thread.dialog_id}")
    await maria.gets(lambda m: f"You are in #{thread.dialog_id}" in m.get("text", ""))
    maria.says("I am looking")
    await anna.gets("I am looking")
    assert anna.got()[heard:] == ["I am looking"]


@pytest.mark.row("L-32")
@pytest.mark.row("L-33")
async def test_queued_marketing_is_held_when_a_dialog_opens(desk: World) -> None:
    """Accepted with the gate open, still unsent when it closes: Telegram had asked to wait."""
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hi")
    number = await number_of(desk, anna)
    desk.box.faults.add("sendMessage", match=f'"chat_id": {anna.id}', count=0, retry_after=1)
    offers = [await offered(desk, anna, "Step one"), await offered(desk, anna, "Sale!", "broadcast")]
    assert [offer["status"] for offer in offers] == ["queued", "queued"]
    await desk.post("/dialogs", {"customer_id": number, "title": "Lost parcel", **BY_MARIA}, 201)
    for offer in offers:
        await became(desk, offer, "held")
    desk.box.faults.clear()
    thread = await maria.thread("Lost parcel")
    maria.says("I am looking", thread)
    await anna.gets("I am looking")
    assert anna.got() == ["I am looking"]
    await paused(desk, maria, thread)
    await anna.gets("Sale!")
    assert anna.got() == ["I am looking", "Step one", "Sale!"]


@pytest.mark.row("L-34")
@pytest.mark.row("L-35")
async def test_a_smart_reply_overtaken_by_a_dialog_is_never_sent(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hi")
    number = await number_of(desk, anna)
    desk.box.faults.add("sendMessage", match=f'"chat_id": {anna.id}', count=0, retry_after=1)
    answers = [await offered(desk, anna, f"Automatic {name}", "smart_reply") for name in ("hint", "summary")]
    assert [answer["status"] for answer in answers] == ["queued", "queued"]
    await desk.post("/dialogs", {"customer_id": number, "title": "Lost parcel", **BY_MARIA}, 201)
    for answer in answers:
        await became(desk, answer, "dropped")
    desk.box.faults.clear()
    thread = await maria.thread("Lost parcel")
    maria.says("I am looking", thread)
    await anna.gets("I am looking")
    await paused(desk, maria, thread)
    await offered(desk, anna, "Automatic, after the pause", "smart_reply")
    await anna.gets("Automatic, after the pause")
    assert anna.got() == ["I am looking", "Automatic, after the pause"]


@pytest.mark.row("L-35")
async def test_no_message_class_lets_a_program_send_past_the_gate(desk: World) -> None:
    """Whatever is no funnel and no broadcast has to call itself a smart reply, and as such it is dropped."""
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    order = {"customer": {"telegram_id": anna.id}, "text": "Let me through"}
    for class_ in ("manager", "system", "ai", "operator", "desk", ""):
        await refused(desk, "/outbound", order | {"class": class_}, "bad_input", 400)
    await refused(desk, "/outbound", order, "bad_input", 400)
    assert (await offered(desk, anna, "Let me through", "smart_reply"))["status"] == "dropped"
    maria.says("I am looking", thread)
    await anna.gets("I am looking")
    assert anna.got() == ["I am looking"]
