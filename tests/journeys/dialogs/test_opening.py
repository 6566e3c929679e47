"""A dialog for the people around it: one conversation among several, shared by managers, with tasks for others."""

from datetime import datetime, timedelta

import pytest

from holdline.store.clock import Clock
from tests.journeys.dialogs.test_wizard import CREATE, wizard_for
from tests.journeys.hands import number_of, press, window
from tests.journeys.world import IVAN, Person, Thread, World, captions


class Ahead(Clock):
    """The wall clock, moved forward by hand."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


async def opened_with_ivan(world: World, words: str) -> Thread:
    """Maria opens it in the wizard and adds Ivan."""
    maria, customer = world.manager(), world.customer()
    customer.says(words)
    wizard = await wizard_for(world, maria, words)
    await press(world, maria, wizard, "Next", "Ivan", "Next", "Support", CREATE)
    return await maria.thread(words)


def texts(thread: Thread) -> list[str]:
    """What stands in the thread, its card aside."""
    return [m["text"] for m in thread.shown() if "text" in m and m["message_id"] != thread.card["message_id"]]


@pytest.mark.row("C-10")
@pytest.mark.row("L-01")
@pytest.mark.row("L-23")
async def test_one_general_chat_and_dialogs_inside_it_each_with_its_own_messages(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    first = await desk.opened(anna, "Lost parcel")
    anna.says("The first dialog's words")
    await first.shows("The first dialog's words")
    maria.says("/close", first)
    await press(desk, maria, await first.shows(lambda m: "Close #" in m.get("text", "")), "✅ Close #")
    await first.card_says("Status: closed")
    anna.says("Words between")
    card = await maria.card("Words between")
    maria.says("An answer between", card)
    await anna.gets("An answer between")
    second = await desk.opened(anna, "Wrong invoice")
    anna.says("The second dialog's words")
    await second.shows("The second dialog's words")
    assert first.id != second.id and card["message_thread_id"] not in (first.id, second.id)
    assert not [text for text in texts(first) if "second" in text or "between" in text]
    assert not [text for text in texts(second) if "first" in text or "between" in text]
    inbox = [m.get("text", "") for m in desk.messages(desk.group, card["message_thread_id"])]
    assert not [text for text in inbox if "dialog's words" in text]
    number = await number_of(desk, anna)
    general = [line["text"] for line in (await desk.get(f"/customers/{number}/messages"))["items"]]
    asked = [f"Hello, about: {title}" for title in ("Lost parcel", "Wrong invoice")]
    assert general == [asked[0], "Words between", "An answer between", asked[1]]
    inside = [line["text"] for line in (await desk.get(f"/dialogs/{second.dialog_id}/transcript"))["items"]]
    assert "The second dialog's words" in inside and "The first dialog's words" not in inside
    dialogs = (await desk.get(f"/customers/{number}/dialogs?order=oldest"))["items"]
    assert [dialog["title"] for dialog in dialogs] == ["Lost parcel", "Wrong invoice"]


@pytest.mark.row("L-02")
async def test_several_managers_share_a_dialog_and_all_are_notified(desk: World) -> None:
    anna, maria, ivan = desk.customer(), desk.manager(), desk.manager(IVAN, "Ivan")
    thread = await opened_with_ivan(desk, "Lost parcel")
    assert "Participants: Maria, Ivan" in thread.card["text"]
    ivan.says("Ivan is on it", thread)
    await anna.gets("Ivan is on it")
    maria.says("/close 3 form", thread)
    form = await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"])
    anna.presses(form, "Great")
    for person in (maria, ivan):
        await person.gets(lambda m: "The customer rated dialog #" in m.get("text", ""))


@pytest.mark.row("L-02")
async def test_in_private_desks_the_customers_messages_reach_every_participant(private: World) -> None:
    anna, maria, ivan = private.customer(), private.manager(), private.manager(IVAN, "Ivan")
    await opened_with_ivan(private, "Lost parcel")
    anna.says("Any news?")
    for person in (maria, ivan):
        thread = await person.thread("Lost parcel")
        assert thread.chat == person.id
        await thread.shows("Any news?")


@pytest.mark.row("L-08")
@pytest.mark.row("L-09")
@pytest.mark.row("L-10")
async def test_an_added_manager_has_a_task_and_two_reminders_and_the_creator_has_none(
    desk: World,
) -> None:
    desk.store.clock = clock = Ahead()
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    thread = await opened_with_ivan(desk, "Lost parcel")
    soon = await ivan.gets(lambda m: "starts in 5 min" in m.get("text", ""))
    assert soon["text"] == f"📌 New task from Maria: #{thread.dialog_id} “Lost parcel”, starts in 5 min."
    assert soon["date"] - thread.card["date"] <= 60
    assert await tasks_of(desk, ivan) == [f"📌 #{thread.dialog_id} Lost parcel"]
    assert not [text for text in ivan.got() if "starts now" in text]
    clock.by += timedelta(minutes=5)
    await ivan.gets(f"📌 Your task starts now: #{thread.dialog_id} “Lost parcel”.")
    assert await tasks_of(desk, maria) == ["No tasks. 🎉"]
    assert not [text for text in maria.got() if "task" in text and "starts" in text]


async def tasks_of(world: World, manager: Person) -> list[str]:
    """The lines of /tasks, without the hour."""
    manager.says("/tasks")
    shown = await manager.gets(lambda m: m.get("text", "").startswith("📌 My tasks\n"))
    return [line.partition(" · ")[0] for line in shown["text"].splitlines()[1:]]


@pytest.mark.row("L-08")
@pytest.mark.row("L-10")
async def test_the_api_plans_the_same_task(desk: World) -> None:
    anna, maria, ivan = desk.customer(), desk.manager(), desk.manager(IVAN, "Ivan")
    anna.says("Hi")
    body = {
        "customer_id": await number_of(desk, anna),
        "title": "By a program",
        "participants": [IVAN, maria.id],
    }
    await desk.post("/dialogs", body | {"manager_telegram_id": maria.id}, 201)
    await ivan.gets(lambda m: "“By a program”, starts in 5 min" in m.get("text", ""))
    await maria.thread("By a program")
    assert await tasks_of(desk, maria) == ["No tasks. 🎉"]
    assert not [text for text in maria.got() if "starts in" in text]


@pytest.mark.row("L-23")
async def test_without_topics_only_a_dialogs_own_messages_have_its_header(without_topics: World) -> None:
    anna, boris, maria = (
        without_topics.customer(),
        without_topics.customer(510000002, "Boris"),
        without_topics.manager(),
    )
    thread = await without_topics.opened(anna)
    anna.says("Inside the dialog")
    boris.says("Outside any dialog")
    card = await window(without_topics, maria.id, "Outside any dialog")
    shown = await window(without_topics, maria.id, "Inside the dialog")
    assert shown["text"] == f"#{thread.dialog_id} Lost parcel · Anna\nInside the dialog"
    assert card["text"] == "👤 Boris · id 510000002\nOutside any dialog"
