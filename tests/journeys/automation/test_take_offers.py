"""In private desks a dialog opened by a rule is offered to available managers; one tap takes it."""

from tests.journeys.hands import press, says_the_window, toast
from tests.journeys.world import IVAN, Message, Person, World, captions

EVERYTHING = {"name": "All", "on": "first_message", "if": {}, "then": [{"open_dialog": {}}]}


async def offer_to(person: Person) -> Message:
    return await person.reads(lambda m: "has opened dialog" in m.get("text", ""))


async def test_one_tap_takes_the_offered_dialog_and_the_others_are_notified(private: World) -> None:
    maria, ivan, anna = private.manager(), private.manager(IVAN, "Ivan"), private.customer()
    await private.post("/rules", EVERYTHING, 201)
    anna.says("Help me please")
    hers, his = await offer_to(maria), await offer_to(ivan)
    assert captions(hers) == ["🎯 Take", "➡️ Go to #1"]
    assert "The rule “All” has opened dialog #1 “Help me please”" in hers["text"]
    await press(private, ivan, his, "🎯 Take")
    await private.until_asked(
        "/dialogs/1", lambda found: (found["assignee"] or {}).get("name") == "Ivan", "Ivan has it"
    )
    shown = await says_the_window(private, hers, "Ivan is in charge of dialog #1")
    assert captions(shown) == ["➡️ Go to #1"]
    anna.says("Are you there?")
    thread = await ivan.thread("Help me please")
    ivan.says("Yes, I am.", thread)
    await anna.gets("Yes, I am.")
    assert not [m for m in private.messages(maria.id) if "Are you there?" in m.get("text", "")]


async def test_the_second_manager_to_tap_is_asked_for_confirmation(without_topics: World) -> None:
    """Both saw the button; nobody loses a dialog by a late tap."""
    desk = without_topics
    maria, ivan, anna = desk.manager(), desk.manager(IVAN, "Ivan"), desk.customer()
    await desk.post("/rules", EVERYTHING, 201)
    anna.says("Help me please")
    hers, his = await offer_to(maria), await offer_to(ivan)
    maria.presses(hers, "🎯 Take")
    ivan.presses(his, "🎯 Take")
    answer = await toast(desk, "is in charge")
    dialog = await desk.get("/dialogs/1")
    assert dialog["assignee"]["name"] in answer
    late, window = (maria, hers) if dialog["assignee"]["name"] == "Ivan" else (ivan, his)
    await says_the_window(desk, window, f"{dialog['assignee']['name']} is in charge of dialog #1")
    assert (await desk.get("/dialogs/1"))["assignee"] == dialog["assignee"]
    late.says("/take #1")
    await desk.until_asked(
        "/dialogs/1", lambda found: found["assignee"]["name"] == late.name, "they insisted"
    )


async def test_only_available_managers_are_offered_the_dialog(private: World) -> None:
    maria, ivan, anna = private.manager(), private.manager(IVAN, "Ivan"), private.customer()
    await private.post("/rules", EVERYTHING, 201)
    maria.says("/ready")
    await private.until_asked(
        "/managers", lambda found: any(one["ready"] for one in found["items"]), "Maria is ready"
    )
    anna.says("Help me please")
    await offer_to(maria)
    await ivan.thread("Help me please")  # he may look
    assert not [text for text in ivan.got() if "has opened dialog" in text]


async def test_a_dialog_that_the_rule_assigns_is_offered_to_nobody_else(private: World) -> None:
    maria, ivan, anna = private.manager(), private.manager(IVAN, "Ivan"), private.customer()
    steps = [{"open_dialog": {}}, {"assign": IVAN}]
    await private.post("/rules", {**EVERYTHING, "then": steps}, 201)
    anna.says("Help me please")
    await ivan.thread("Help me please")
    await private.until_asked("/dialogs/1", lambda found: found["assignee"], "Ivan has it")
    assert not [text for text in (*maria.got(), *ivan.got()) if "has opened dialog" in text]


async def test_in_a_staff_group_a_new_dialog_is_shown_only_by_its_topic(desk: World) -> None:
    maria, anna = desk.manager(), desk.customer()
    await desk.post("/rules", EVERYTHING, 201)
    anna.says("Help me please")
    await maria.thread("Help me please")
    assert not [text for text in maria.got() if "has opened dialog" in text]
