"""The main job, end to end, in all three places of work."""

import pytest

from tests.journeys.world import World, captions


@pytest.mark.row("L-22")
@pytest.mark.row("L-57")
@pytest.mark.row("L-59")
async def test_a_case_runs_from_the_first_message_to_the_rating_in_a_group(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    held = await desk.post(
        "/outbound", {"customer": {"telegram_id": anna.id}, "class": "funnel", "text": "Sale!"}, 202
    )
    assert held["status"] == "held" and held["held_by"]["dialog_id"] == thread.dialog_id
    maria.says("It is on its way", thread)
    await anna.gets("It is on its way")
    anna.says("Thank you")
    await thread.shows("Thank you")
    maria.says("/close 3 form", thread)
    form = await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"])
    await anna.gets("Sale!")
    assert anna.got().index("Sale!") > anna.got().index(form["text"])
    anna.presses(form, "Great")
    await thread.card_says("Customer → us: 3")
    dialog = await thread.dialog()
    assert (dialog["state"], dialog["service_rating"], dialog["customer_score"]) == ("closed", 3, 3)


async def test_a_case_runs_in_a_private_desk_with_topics(private: World) -> None:
    anna, maria = private.customer(), private.manager()
    thread = await private.opened(anna)
    assert thread.chat == maria.id and thread.id
    maria.says("On its way", thread)
    await anna.gets("On its way")
    anna.says("Great")
    await thread.shows("Great")


async def test_a_case_runs_in_a_private_desk_without_topics(without_topics: World) -> None:
    anna, maria = without_topics.customer(), without_topics.manager()
    thread = await without_topics.opened(anna)
    assert thread.id == 0
    anna.says("Any news?")
    copy = await maria.reads(
        lambda m: m.get("text", "").endswith("Any news?") and f"#{thread.dialog_id}" in m["text"]
    )
    maria.says("Tomorrow", copy)
    await anna.gets("Tomorrow")
    maria.says(f"/enter {thread.dialog_id}")
    maria.says("At noon")
    await anna.gets("At noon")
