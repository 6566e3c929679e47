"""After a customer's press the message shows the present state, and no button without effect stays."""

from dataclasses import replace

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs, ratings
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.door import PERSON, Door
from tests.bot.staging import ANNA, all_sent, buttons_of, manager, opened, rendered, text_of

IN = {
    "en": ("no offers from us now", "you will get our offers again", "✔ No, just pass my message on"),
    "ru": ("сейчас не приходят", "предложения снова будут", "✔ Нет, просто передайте сообщение"),
    "pl": ("nie wysyłamy Ci ofert", "znów będziesz dostawać", "✔ Nie, tylko przekażcie"),
}


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


async def changed(door: Door, kind: str = "customer_notice_edit") -> Call:
    """What becomes of the message under the newest press."""
    found = (await rendered(door.store, kind))[-1]
    assert isinstance(found, Call)
    return found


async def newest(door: Door, kind: str = "customer_notice") -> Call:
    return await changed(door, kind)


async def closed_with_form(store: Store, dialog_id: int = 1) -> str:
    def work(tx: Tx) -> str:
        close_dialog(tx, manager=manager(tx), dialog_id=dialog_id, closing=Closing(send_rating_form=True))
        rating = ratings.by_id(tx, dialog_id)
        assert rating is not None
        return str(rating["token"])

    return await store.act(work)


@pytest.mark.row("M-09")
@pytest.mark.parametrize("language", IN)
async def test_resubscribing_changes_the_pressed_message_too(door: Door, language: str) -> None:
    off, back, _ = IN[language]
    await door.says("/stop", **{"from": {**PERSON, "language_code": language}})
    assert [data for _, data in buttons_of(await newest(door))] == ["offers_back"]
    await door.presses("offers_back", {**PERSON, "language_code": language}, on=20)
    edit = await changed(door)
    assert edit.params["message_id"] == 20 and back in text_of(edit) and buttons_of(edit) == []
    assert off not in text_of(edit)


@pytest.mark.row("M-09")
@pytest.mark.parametrize("language", IN)
@pytest.mark.parametrize(
    ("command", "kind", "name"), [("/start", "standard", "greeting"), ("/help", "customer_notice", "help")]
)
async def test_an_unsubscribed_customer_finds_the_button_to_resubscribe(
    door: Door, language: str, command: str, kind: str, name: str
) -> None:
    off, back, _ = IN[language]
    person = {"from": {**PERSON, "language_code": language}}
    await door.says(command, **person)
    assert off not in text_of(await newest(door, kind)) and buttons_of(await newest(door, kind)) == []
    await door.says("/stop", **person)
    await all_sent(door.store)
    await door.says(command, **person)
    shown = await newest(door, kind)
    first_words = text_of(shown).partition("\n\n")[0]
    assert off in text_of(shown) and [data for _, data in buttons_of(shown)] == [f"offers_back:{name}"]
    await door.presses(f"offers_back:{name}", person["from"], on=21)
    edit = await changed(door)
    assert text_of(edit).startswith(first_words) and back in text_of(edit) and off not in text_of(edit)
    assert buttons_of(edit) == [] and (await door.customer()).opted_out_at is None


@pytest.mark.parametrize("language", IN)
async def test_the_answer_about_offers_stays_readable(door: Door, language: str) -> None:
    person = {**PERSON, "language_code": language}
    await door.says("/stop the delivery", **{"from": person})
    question = await newest(door)
    await door.presses("offers:keep", person, on=22)
    edit = await changed(door)
    assert text_of(edit).startswith(text_of(question)) and IN[language][2] in text_of(edit)
    assert buttons_of(edit) == []


async def test_a_late_press_on_keep_does_not_resubscribe(door: Door) -> None:
    await door.says("/stop the delivery")
    await door.presses("offers:stop", on=22)
    await door.presses("offers:keep", on=22)
    assert "no more offers" in door.heard.toast
    assert text_of(await changed(door)).endswith("✔ 🔕 Yes, no more offers")
    assert len(await rendered(door.store, "customer_notice_edit")) == 1, "only the newest state is shown"


async def test_the_chosen_language_stays_readable(door: Door) -> None:
    await door.says("/language")
    await door.presses("lang:pl", on=23)
    edit = await changed(door)
    assert text_of(edit).endswith("rozmawiać?\n\n✔ Polski") and buttons_of(edit) == []


async def test_a_solved_question_loses_its_button(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    await door.presses("solved:1", on=24)
    edit = await changed(door)
    assert text_of(edit).startswith("Glad to hear it!") and buttons_of(edit) == []
    await door.presses("solved:1", on=25)
    edit = await changed(door)
    assert edit.params["message_id"] == 25
    assert "closed this request already" in text_of(edit) and buttons_of(edit) == []


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize(
    ("language", "still_open"), [("en", "still open"), ("ru", "ещё открыт"), ("pl", "nadal otwarta")]
)
async def test_an_old_solved_button_reports_another_open_question(
    door: Door, language: str, still_open: str, paused: bool
) -> None:
    person = {**PERSON, "language_code": language}
    await door.says("hello", **{"from": person})
    await opened(door.store)
    await door.presses("solved:1", person)
    await opened(door.store, "Colour")
    if paused:
        await door.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=2))
    await door.presses("solved:1", person, on=26)
    assert still_open in door.heard.toast
    assert (await door.store.read(dialogs.by_id, 2)).state != "closed"
    edit = await changed(door)
    assert still_open in text_of(edit) and [data for _, data in buttons_of(edit)] == ["solved:2"]
    await door.presses("solved:2", person, on=26)
    assert (await door.store.read(dialogs.by_id, 2)).state == "closed"


async def test_a_button_without_effect_is_removed(door: Door) -> None:
    await door.says("hello")
    await door.presses("rate:nothing:1", on=27)
    edit = await changed(door)
    assert (edit.method, edit.params["message_id"]) == ("editMessageReplyMarkup", 27)
    assert buttons_of(edit) == []


@pytest.mark.parametrize(("role", "of_people"), [("form", False), ("copy", True), ("original", True)])
async def test_forged_data_changes_only_messages_of_the_bot_itself(
    door: Door, role: str, of_people: bool
) -> None:
    await door.says("hello")

    def stands(tx: Tx) -> None:
        message_id = 1 if of_people else None
        telegram_messages.add(
            tx, ANNA.telegram_id, 28, role, audience=Audience.CUSTOMER, message_id=message_id
        )

    await door.store.act(stands)
    await door.presses("offers_back", on=28)
    assert await rendered(door.store, "customer_notice_edit") == []


@pytest.mark.row("L-64")
@pytest.mark.row("L-67")
@pytest.mark.parametrize(
    ("language", "bad", "asked"),
    [("en", "Bad", "What went wrong?"), ("ru", "Плохо", "Что пошло не так?"), ("pl", "Źle", "Co poszło nie tak?")],
)  # fmt: skip
async def test_a_bad_rating_is_asked_about_in_the_form_itself(
    door: Door, language: str, bad: str, asked: str
) -> None:
    person = {**PERSON, "language_code": language}
    await door.says("hello", **{"from": person})
    await opened(door.store)
    token = await closed_with_form(door.store)
    await door.presses(f"rate:{token}:1", person, on=29)
    assert bad in door.heard.toast
    form = await changed(door, "rating_form_edit")
    assert f"✔ {bad}\n\n" in text_of(form) and asked in text_of(form) and buttons_of(form) == []
    assert await rendered(door.store, "customer_notice") == []
    await door.presses(f"rate:{token}:3", person, on=29)
    assert bad in door.heard.toast, "it names the answer that counts"


async def test_a_desk_without_the_question_does_not_ask_about_bad_ratings(door: Door) -> None:
    door.store.rules = replace(door.store.rules, ask_after_bad_rating=False)
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    await door.presses(f"rate:{token}:1", on=29)
    assert text_of(await changed(door, "rating_form_edit")).endswith("✔ Bad")


@pytest.mark.row("L-67")
async def test_a_rating_form_sent_twice_loses_both_sets_of_buttons(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    await door.presses(f"rate:{token}:3", on=30)
    await door.presses(f"rate:{token}:3", on=31)
    forms = [one for one in await rendered(door.store, "rating_form_edit") if isinstance(one, Call)]
    assert [form.params["message_id"] for form in forms] == [30, 31]
    assert all(text_of(form).endswith("✔ Great") for form in forms)


async def test_a_second_rating_form_replies_to_the_message_of_its_dialog(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    await closed_with_form(door.store)
    assert "reply_parameters" not in (await changed(door, "rating_form")).params, (
        "a form alone needs no reply"
    )
    await door.says("Another colour, please")
    await opened(door.store, "Colour")
    token = await closed_with_form(door.store, 2)
    form = await changed(door, "rating_form")
    words = await door.store.read(
        lambda tx: tx.one("SELECT tg_message_id FROM messages WHERE text = 'Another colour, please'")
    )
    assert words is not None
    about = {"message_id": words["tg_message_id"], "allow_sending_without_reply": True}
    assert form.params["reply_parameters"] == about
    assert [caption for caption, _ in buttons_of(form)] == ["Bad", "Okay", "Great"]
    await door.presses(f"rate:{token}:3")
    assert text_of(await changed(door, "rating_form_edit")) == "How did we do?\n\n✔ Great"
