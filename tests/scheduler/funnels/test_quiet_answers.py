"""An answer for a funnel alone makes no Inbox item; any message that may be for a manager does."""

from typing import Any

import pytest

from holdline.desk.automation.rules import add_rule
from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.conversation.replies import write_in_general
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.message import Content
from holdline.store.invariants import find_violations
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs
from tests.scheduler.funnels.test_answers import QUESTION

CHOICES = {"question": {"text": "Size?", "name": "size", "choices": ["S", "M"]}}
MUCH = "I live in a small town by the river, where my grandmother was born, and it has no name of its own"
WAIT = {"wait": "1h"}


async def items(runs: Runs) -> int:
    return len(await runs.bench.all("SELECT id FROM inbox_items WHERE state = 'new'"))


async def shown(runs: Runs) -> int:
    return len(await runs.bench.all("SELECT id FROM outbox WHERE kind = 'inbox_card'"))


@pytest.mark.parametrize(
    ("asked", "said", "is_quiet"),
    [
        (QUESTION, "Łódź", True),
        (QUESTION, "Łódź. And where is my parcel?", False),
        (QUESTION, MUCH, False),
        (QUESTION, "Łódź\nPlease call me", False),
        (QUESTION, "enough", True),
        (CHOICES, "m", True),
        (CHOICES, "XXL", False),
    ],
)
async def test_only_plain_answers_are_kept_from_the_inbox(
    runs: Runs, asked: dict[str, Any], said: str, is_quiet: bool
) -> None:
    enrolment = await runs.enrol(await runs.funnel(asked, WAIT, stop_words=["enough"]))
    await runs.passes()
    message_id = await runs.says(said)
    assert (await items(runs), await shown(runs)) == ((0, 0) if is_quiet else (1, 1))
    taken = await runs.bench.all("SELECT message_id FROM enrolment_steps WHERE message_id IS NOT NULL")
    assert [row["message_id"] for row in taken] == ([] if said == "XXL" else [message_id])
    now = await runs.now(enrolment)
    assert now.reason == "stop_word" or now.answers or said == "XXL"
    assert await runs.bench.store.read(find_violations) == []
    await runs.says("Hello")
    assert await items(runs) == 1, "the next words are for a person"


async def test_a_quiet_answer_stays_in_the_transcript(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(QUESTION, WAIT))
    await runs.passes()
    message_id = await runs.says("Łódź")
    row = await runs.bench.one("SELECT text, inbox_item_id FROM messages WHERE id = :id", id=message_id)
    assert (row["text"], row["inbox_item_id"]) == ("Łódź", None)


async def waits_for_a_person(runs: Runs) -> None:
    await runs.says("Where is my parcel?")
    await runs.passes(3)


async def has_a_paused_dialog(runs: Runs) -> None:
    dialog = await opened(runs.bench)
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes(3)


async def nothing(runs: Runs) -> None:
    """Nothing is open between the customer and a person."""


async def person_speaks(runs: Runs) -> None:
    content = Content(text="Which order do you mean")
    customer_id = runs.bench.anna.id
    await runs.bench.store.act(
        write_in_general, manager=runs.bench.maria, customer_id=customer_id, content=content
    )
    await runs.passes(5)


async def much_later(runs: Runs) -> None:
    await runs.sleeps(16 * 60)


async def rule_looks_for_it(runs: Runs) -> None:
    rule = Rule(
        0, "Opens", "message", Conditions(text_contains=("łódź", "m", "enough")), ({"answer": "Thanks"},)
    )
    await runs.bench.store.act(add_rule, manager=None, rule=rule)


async def in_inbox(runs: Runs, message_id: int | None) -> bool:
    row = await runs.bench.one("SELECT inbox_item_id FROM messages WHERE id = :id", id=message_id)
    return row["inbox_item_id"] is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (waits_for_a_person, nothing),
        (has_a_paused_dialog, nothing),
        (nothing, person_speaks),
        (nothing, much_later),
        (nothing, rule_looks_for_it),
    ],
)
@pytest.mark.parametrize(("asked", "said"), [(QUESTION, "Łódź"), (CHOICES, "M"), (QUESTION, "enough")])
async def test_a_message_that_may_be_for_a_person_reaches_one(
    runs: Runs, before: Any, after: Any, asked: dict[str, Any], said: str
) -> None:
    """A person may have asked “Is that enough?”, so choices and stop words are no exception, except long after."""
    funnel_id = await runs.funnel(asked, WAIT, stop_words=["enough"])
    await before(runs)
    await runs.enrol(funnel_id)
    await runs.passes()
    await after(runs)
    reaches = after is not much_later or said == "Łódź"
    assert await in_inbox(runs, await runs.says(said)) is reaches
    assert await runs.bench.store.read(find_violations) == []


@pytest.mark.parametrize(
    ("asked", "said"), [(QUESTION, "the blue one"), (CHOICES, "M"), (QUESTION, "enough")]
)
async def test_a_reply_to_another_message_reaches_a_person(
    runs: Runs, asked: dict[str, Any], said: str
) -> None:
    await person_speaks(runs)
    row = await runs.bench.one(
        """SELECT t.tg_message_id FROM telegram_messages t JOIN messages m ON m.id = t.message_id
           WHERE m.author_kind = 'manager' AND t.chat_id = :chat""",
        chat=ANNA.telegram_id,
    )
    enrolment = await runs.enrol(await runs.funnel(asked, WAIT, stop_words=["enough"]))
    await runs.passes()
    assert await in_inbox(runs, await runs.says(said, reply_to_tg_id=row["tg_message_id"]))
    assert (await runs.now(enrolment)).answers == {}, "it is no answer either"


async def test_a_forwarded_message_reaches_a_person(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(QUESTION, WAIT))
    await runs.passes()
    assert await in_inbox(runs, await runs.says("It is sold out", data={"forwarded": {"name": "Shop"}}))


@pytest.mark.parametrize(("edited", "reaches"), [("Gdańsk", False), ("Łódź. And where is my parcel?", True)])
async def test_an_edit_that_makes_more_of_an_answer_reaches_a_person(
    runs: Runs, edited: str, reaches: bool
) -> None:
    """The next question does not take the words of the one before."""
    size = {"question": {"text": "Which size?", "name": "size"}}
    enrolment = await runs.enrol(await runs.funnel(QUESTION, size))
    await runs.passes()
    message_id = await runs.says("Łódź")
    await runs.passes()
    row = await runs.bench.one(
        "SELECT tg_message_id FROM telegram_messages WHERE message_id = :id", id=message_id
    )
    content = Content(text=edited, chat_id=ANNA.telegram_id, tg_message_id=row["tg_message_id"])
    for _ in range(2):
        await runs.bench.store.act(apply_customer_edit, sender=ANNA, content=content)
    assert await in_inbox(runs, message_id) is reaches
    assert (await items(runs), await shown(runs)) == ((1, 1) if reaches else (0, 0))
    assert (await runs.now(enrolment)).answers == {"city": edited}
    assert await runs.bench.store.read(find_violations) == []
