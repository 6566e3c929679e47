"""Funnels and managers share one chat: the answer to a press, and who gets the messages after a dialog."""

from dataclasses import replace

import pytest

from holdline.desk.automation.habits import change_habits
from holdline.desk.automation.rules import add_rule
from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.customers.muting import mute_customer
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.message import Content
from holdline.screens.render.headers import funnel_answer_line
from holdline.store.conversation import messages
from holdline.store.funnels import profiles
from holdline.store.tx import Tx
from holdline.texts import say
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs
from tests.scheduler.funnels.test_answers import OFFER, QUESTION

THANKS = {"send": {"text": "Thanks"}}


def told(key: str) -> str:
    return say(f"customer.{key}", "ru")


async def talked(runs: Runs) -> None:
    """A dialog in which Maria says something, and its pause."""
    dialog = await opened(runs.bench)
    words = {"content": Content(text="We look into it")}
    await runs.bench.store.act(write_in_dialog, manager=runs.bench.maria, dialog_id=dialog.id, **words)
    await runs.passes()
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes()


async def test_every_press_is_answered(runs: Runs) -> None:
    """The way that was taken, a second tap, another button: the customer never wonders whether it worked."""
    await runs.enrol(await runs.funnel(OFFER))
    await runs.passes()
    said = [await runs.presses(caption) for caption in ("Yes", "Yes", "No")]
    assert said == [told("press_taken"), told("press_before"), told("press_before")]


async def test_a_press_that_comes_too_late_says_so(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(OFFER))
    await runs.passes()
    await runs.sleeps(3600)
    await runs.passes()
    assert await runs.presses("Yes") == told("button_old")
    assert runs.texts == ["A gift?", "Still there?"]


async def test_a_message_after_a_talk_with_a_person_answers_no_funnel(runs: Runs) -> None:
    """“Thank you, bye” to Maria is no place to live; a Telegram reply to the question still is its answer."""
    enrolment = await runs.enrol(await runs.funnel(QUESTION, THANKS))
    await runs.passes()
    question = await runs.bench.one("SELECT tg_message_id FROM outbox WHERE status = 'sent' ORDER BY id DESC")
    await talked(runs)
    await runs.says("Thank you, bye")
    await runs.passes()
    assert ((await runs.now(enrolment)).answers, runs.texts) == ({}, ["Where do you live?"])
    await runs.says("Łódź", reply_to_tg_id=question["tg_message_id"])
    await runs.passes()
    assert (await runs.now(enrolment)).answers == {"city": "Łódź"}
    assert runs.texts == ["Where do you live?", "Thanks"]


async def test_a_held_question_is_answered_after_the_dialog(runs: Runs) -> None:
    dialog = await opened(runs.bench)
    words = {"content": Content(text="We look into it")}
    enrolment = await runs.enrol(await runs.funnel(QUESTION))
    await runs.bench.store.act(write_in_dialog, manager=runs.bench.maria, dialog_id=dialog.id, **words)
    await runs.passes()
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes()
    await runs.says("Łódź")
    assert (await runs.now(enrolment)).answers == {"city": "Łódź"}


@pytest.mark.parametrize("asked", [OFFER, {**QUESTION, "else": OFFER["else"]}])
async def test_a_customer_who_talks_with_a_person_does_not_count_as_silent(
    runs: Runs, asked: dict[str, object]
) -> None:
    """The time for an answer begins anew when the dialog is over."""
    await runs.enrol(await runs.funnel(asked))
    await runs.passes()
    dialog = await opened(runs.bench)
    await runs.sleeps(30 * 24 * 3600)
    await runs.passes()
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes(20)
    assert len(runs.texts) == 1
    await runs.sleeps(8 * 24 * 3600)
    await runs.passes()
    assert runs.texts[1:] == ["Still there?"]


async def test_a_customer_who_writes_a_stop_word_gets_an_answer(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(QUESTION, stop_words=["enough"]))
    await runs.passes()
    await runs.says("Enough!")
    (row,) = await runs.bench.all("SELECT payload_json FROM outbox WHERE kind = 'customer_notice'")
    assert row["payload_json"]["key"] == "customer.funnel_stopped"


async def test_the_card_of_an_answer_shows_the_question(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(QUESTION, {"wait": "1h"}, stop_words=["enough"]))
    await runs.passes()
    said = [await runs.says(words) for words in ("Łódź", "Hello?", "enough")]

    def lines(tx: Tx) -> list[str]:
        found = [messages.by_id(tx, number or 0) for number in said]
        return [funnel_answer_line(tx, message, "en") for message in found if message is not None]

    assert await runs.bench.store.read(lines) == [
        "🧭 Answers the funnel “Welcome”: Where do you live?",
        "",
        "🧭 This word stopped the funnel “Welcome”",
    ]


async def test_a_rule_answers_nothing_that_a_funnel_has_taken(runs: Runs) -> None:
    rule = Rule(0, "Hello", "message", Conditions(), ({"answer": "A person reads this soon."},))
    await runs.bench.store.act(add_rule, manager=None, rule=rule)
    await runs.enrol(await runs.funnel(QUESTION, {"wait": "1h"}))
    await runs.passes()
    for words in ("Łódź. Is there a shop?", "Hello?"):  # a plain answer would not reach the rules at all
        await runs.says(words)
    answers = await runs.bench.all("SELECT id FROM messages WHERE author_kind = 'rule'")
    assert len(answers) == 1


async def test_an_answer_to_a_funnel_ends_no_pause(runs: Runs) -> None:
    """Where answers resume dialogs: a choice, a reply to the question and a stop word are for the funnel alone."""
    await runs.bench.store.act(change_habits, manager=None, changes={"answer_ends_pause": True})
    choices = {"question": {"text": "Size?", "name": "size", "choices": ["S", "M"]}}
    funnel = await runs.funnel(choices, QUESTION, {"wait": "1h"}, stop_words=["enough"])
    dialog = await opened(runs.bench)
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    enrolment = await runs.enrol(funnel)
    await runs.passes()
    await runs.says("m")
    await runs.passes()
    question = await runs.bench.one("SELECT tg_message_id FROM outbox WHERE status = 'sent' ORDER BY id DESC")
    await runs.says("Łódź", reply_to_tg_id=question["tg_message_id"])
    await runs.says("enough")
    now = await runs.now(enrolment)
    assert (now.answers, now.reason) == ({"size": "M", "city": "Łódź"}, "stop_word")
    row = await runs.bench.one("SELECT state FROM dialogs")
    assert row["state"] == "paused"
    await runs.says("Any news?")
    assert (await runs.bench.one("SELECT state FROM dialogs"))["state"] == "active"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (QUESTION, "answer_in_words"),
        ({"question": {"text": "Size?", "name": "size", "choices": ["S"]}}, "answer_by_button"),
    ],
)
async def test_a_customer_who_answers_with_a_voice_message_is_asked_for_text_once(
    runs: Runs, asked: dict[str, object], sentence: str
) -> None:
    await runs.enrol(await runs.funnel(asked))
    await runs.passes()
    await runs.says("", kind="voice", data={"file_id": "v"})
    await runs.says("", kind="photo", data={"file_id": "p"})
    rows = await runs.bench.all("SELECT payload_json FROM outbox WHERE kind = 'customer_notice'")
    assert [row["payload_json"]["key"] for row in rows] == [f"customer.{sentence}"]


async def test_a_voice_message_after_a_dialog_goes_to_the_desk(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(QUESTION))
    await runs.passes()
    await talked(runs)
    await runs.says("", kind="voice", data={"file_id": "v"})
    assert await runs.bench.all("SELECT id FROM outbox WHERE kind = 'customer_notice'") == []


async def test_an_edited_answer_is_stored_in_its_new_version(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel(QUESTION, {"wait": "1h"}))
    await runs.passes()
    await runs.says("Lodz")
    sent = await runs.bench.one("SELECT MAX(tg_message_id) AS number FROM messages WHERE direction = 'in'")
    edit = Content(text="Łódź", chat_id=ANNA.telegram_id, tg_message_id=sent["number"])
    await runs.bench.store.act(apply_customer_edit, sender=ANNA, content=edit)
    row = await runs.bench.one("SELECT fields_json FROM customers")
    assert (await runs.now(enrolment)).answers == row["fields_json"] == {"city": "Łódź"}
    await runs.bench.store.act(lambda tx: profiles.set_field(tx, runs.bench.anna.id, "city", "Kraków"))
    again = replace(edit, text="Warszawa")
    await runs.bench.store.act(apply_customer_edit, sender=ANNA, content=again)
    row = await runs.bench.one("SELECT fields_json FROM customers")
    assert row["fields_json"] == {"city": "Kraków"}, "somebody knew better meanwhile"


async def test_a_muted_customers_stop_word_counts(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel(QUESTION, stop_words=["enough"]))
    await runs.passes()
    muted = {"manager": runs.bench.maria, "customer_id": runs.bench.anna.id, "reason": "spam"}
    await runs.bench.store.act(mute_customer, **muted)
    await runs.says("My city is Łódź")
    assert (await runs.now(enrolment)).answers == {}, "nobody reads it, and no robot either"
    await runs.says("enough")
    assert (await runs.now(enrolment)).reason == "stop_word"
