"""Settings → People as an administrator uses it: everybody can be found, each typed line is answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.customers.customers import greet_customer
from holdline.desk.people.staff import add_manager, change_manager
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff
from tests.bot.people.test_joining import People, buttons, people_of
from tests.bot.staging import ADMIN, IVAN, opened, words, wrote
from tests.conftest import BOT

OLGA = MessageSender(510000900, "Olga Nowak", "olga_n", "en")


@pytest.fixture
def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


async def starts(staff: Staff, sender: MessageSender = OLGA, number: int = 5) -> None:
    content = Content(text="/start", chat_id=sender.telegram_id, tg_message_id=number)
    await staff.store.act(greet_customer, sender=sender, payload="", content=content)


async def strangers(staff: Staff, many: int) -> None:
    for number in range(many):
        await starts(staff, MessageSender(520000000 + number, f"Stranger {number}", None, "en"))


async def person(staff: Staff, telegram_id: int = OLGA.telegram_id) -> Manager | None:
    return await staff.store.read(managers.by_telegram_id, telegram_id)


async def typed(staff: Staff, *lines: str) -> Said:
    """The answer at the message with these lines."""
    await staff.heard()
    number = await staff.says("\n".join(lines))
    answers = [one for one in await staff.heard("text") if one.call.params["chat_id"] == ADMIN]
    assert len(answers) == 1 and answers[0].call.params["reply_parameters"]["message_id"] == number
    return answers[0]


async def welcomes(staff: Staff, telegram_id: int = OLGA.telegram_id) -> int:
    found = await staff.store.read(
        lambda tx: tx.one(
            "SELECT COUNT(*) AS n FROM outbox WHERE chat_id = :chat AND key LIKE 'welcome:%'",
            chat=telegram_id,
        )
    )
    return int(found["n"])


async def test_a_person_who_writes_start_again_is_offered_again(staff: Staff, clock: ManualClock) -> None:
    await starts(staff)
    clock.advance(timedelta(days=10).total_seconds())
    await starts(staff, number=6)
    await people_of(staff)
    assert any(text.startswith("➕ Olga") for text in await buttons(staff))


async def test_strangers_do_not_push_others_off_the_page(staff: Staff) -> None:
    await starts(staff)
    await strangers(staff, 25)
    page = await people_of(staff)
    assert not any("Olga" in text for text in await buttons(staff))
    assert "👥 Everybody who wrote /start (26)" in await buttons(staff)
    await page.press("newcomers")
    first = await buttons(staff)
    await page.press("page:20")
    second = await buttons(staff)
    listed = [text for text in (*first, *second) if text.startswith("➕")]
    assert len(listed) == len(set(listed)) == 26
    await page.press(f"add:{OLGA.telegram_id}", "join")
    assert (await person(staff)).active


@pytest.mark.parametrize("sought", ["olga", "NOWAK", "@olga_n", "510000900"])
async def test_anybody_who_wrote_to_the_bot_is_found_by_a_word(
    staff: Staff, clock: ManualClock, sought: str
) -> None:
    await starts(staff)
    clock.advance(timedelta(days=30).total_seconds())
    await strangers(staff, 7)
    await people_of(staff)
    found = await typed(staff, sought)
    assert found.offered[0].endswith(f":add:{OLGA.telegram_id}")
    assert [text for text in await buttons(staff) if text.startswith("➕")] == ["➕ Olga Nowak @olga_n"]


async def test_a_colleague_is_found_too_and_an_unknown_person_is_reported(staff: Staff) -> None:
    ivan = await staff.store.act(add_manager, acting=None, telegram_id=IVAN, name="Ivan", role="agent")
    await people_of(staff)
    assert (await typed(staff, "iva")).offered[0].endswith(f":person:{ivan.id}")
    assert "Nobody is found by “Zoe”" in (await typed(staff, "Zoe")).text
    assert "only people" in (await typed(staff, "@parcels_bot")).text


async def test_each_line_adds_somebody_and_the_page_continues_taking_them(staff: Staff) -> None:
    await people_of(staff)
    both = await typed(staff, "400000091 Ola", "400000092 Zoe", "who?", f"{BOT} Holdline", "-3 Bo")
    assert both.text.splitlines()[:2] == [
        "✅ Ola belongs to the desk now (role: Agent).",
        "✅ Zoe belongs to the desk now (role: Agent).",
    ]
    assert both.text.count("✖ “") == 3 and "only people" in both.text
    assert "✅ Tom" in (await typed(staff, "400000093 Tom")).text
    assert "✅ Kim" in (await typed(staff, "400000094\tKim")).text
    people = await staff.store.read(managers.page)
    assert {one.name for one in people} >= {"Ola", "Zoe", "Tom", "Kim"} and len(people) == 5


async def test_lines_beyond_what_is_read_are_counted(staff: Staff) -> None:
    await people_of(staff)
    said = await typed(staff, *(f"{400001000 + n} Nr {n}" for n in range(41)))
    assert said.text.splitlines()[-1].startswith("✖ 1 more line was not read.")


@pytest.mark.parametrize("role", ["manager", "admin", "restricted"])
async def test_an_existing_manager_is_not_changed(staff: Staff, role: str) -> None:
    await starts(staff)
    who: dict[str, Any] = {"telegram_id": OLGA.telegram_id, "name": "Olga", "role": role}
    olga = await staff.store.act(add_manager, acting=None, **who)
    page = await people_of(staff)
    said = await typed(staff, f"{OLGA.telegram_id} Helga")
    assert "Olga is already a manager (role: " in said.text
    assert replace(await person(staff), language=olga.language) == olga and not await welcomes(staff)
    await staff.presses(next(data for data in said.offered if ":rename:" in data), on=said.number)
    renamed = await person(staff)
    assert (renamed.name, renamed.role) == ("Helga", role)
    await page.press(f"add:{OLGA.telegram_id}", "role:agent")
    assert (await person(staff)).role == "agent" and not await welcomes(staff)


async def test_an_administrator_is_not_demoted_by_a_line(staff: Staff) -> None:
    await people_of(staff)
    assert "already a manager (role: Admin)" in (await typed(staff, f"{ADMIN} Me")).text
    assert (await person(staff, ADMIN)).role == "admin"


async def test_a_person_added_twice_gets_one_welcome(staff: Staff) -> None:
    await starts(staff)
    page = await people_of(staff)
    await page.press(f"add:{OLGA.telegram_id}")
    await staff.store.act(add_manager, acting=None, telegram_id=OLGA.telegram_id, name="Olga", role="manager")
    await page.press("join")
    assert (await person(staff)).role == "manager" and not await welcomes(staff)


async def test_a_returned_manager_has_their_former_role(staff: Staff) -> None:
    ivan = await staff.store.act(add_manager, acting=None, telegram_id=IVAN, name="Ivan", role="manager")
    await staff.store.act(change_manager, acting=None, manager_id=ivan.id, changes={"active": False})
    await people_of(staff)
    assert "Ivan is back at the desk (role: Manager)" in (await typed(staff, f"{IVAN} Ivan")).text
    assert (await person(staff, IVAN)).active


@pytest.mark.parametrize("telegram_id", [BOT, 777000, 1087968824, 136817688])
async def test_a_bot_is_refused_however_it_is_added(staff: Staff, telegram_id: int) -> None:
    with pytest.raises(BadInput, match="bad_input") as refused:
        await staff.store.act(add_manager, acting=None, telegram_id=telegram_id, name="Bot", role="agent")
    assert "only people" in refused.value.sentence()
    await people_of(staff)
    await staff.writes(contact={"phone_number": "1", "first_name": "Bot", "user_id": telegram_id})
    assert "only people" in (await staff.answer()).text
    assert await person(staff, telegram_id) is None


async def test_a_username_or_id_of_somebody_who_wrote_here_is_enough_in_a_list(staff: Staff) -> None:
    await starts(staff)
    await starts(staff, MessageSender(510000901, "Zoe", None, "en"))
    await people_of(staff)
    said = await typed(staff, "@Olga_N", "510000901", "Olga", "@nobody", "510000999")
    assert said.text.splitlines()[:2] == [
        "✅ Olga Nowak belongs to the desk now (role: Agent).",
        "✅ Zoe belongs to the desk now (role: Agent).",
    ]
    assert said.text.count("✖ “") == 3


async def test_the_page_of_a_person_explains_how_to_rename_them(staff: Staff) -> None:
    ivan = await staff.store.act(add_manager, acting=None, telegram_id=IVAN, name="Ivan", role="agent")
    page = await people_of(staff)
    await page.press(f"person:{ivan.id}")
    assert f"“{IVAN} New name”" in staff.gateway.window


async def with_a_dialog(staff: Staff) -> tuple[Manager, People, int]:
    ivan = await staff.store.act(add_manager, acting=None, telegram_id=IVAN, name="Ivan", role="manager")
    await wrote(staff.store, words())
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: dialogs.set_fields(tx, dialog.id, assignee_id=ivan.id))
    page = await people_of(staff)
    await page.press(f"person:{ivan.id}", "active:0")
    return ivan, page, dialog.id


async def test_removing_asks_once_and_names_the_dialogs(staff: Staff) -> None:
    ivan, page, dialog_id = await with_a_dialog(staff)
    assert "Remove Ivan from the desk?" in staff.gateway.window
    assert f"⚠️ 1 dialog will have no assignee:\n▶️ #{dialog_id} Delivery" in staff.gateway.window
    await page.press(f"person:{ivan.id}")
    assert (await person(staff, IVAN)).active
    await page.press("active:0", "leave")
    assert not (await person(staff, IVAN)).active
    assert (await staff.store.read(dialogs.by_id, dialog_id)).assignee is None


async def test_a_line_typed_at_the_question_removes_nobody(staff: Staff) -> None:
    _, page, _ = await with_a_dialog(staff)
    await typed(staff, "400000093 Tom")
    await page.press("leave")
    assert (await person(staff, IVAN)).active


async def test_a_configured_administrator_cannot_be_removed_and_no_question_is_asked(staff: Staff) -> None:
    page = await people_of(staff)
    admin = await person(staff, ADMIN)
    await page.press(f"person:{admin.id}", "active:0")
    assert "telegram.admins" in staff.gateway.toast


def app_in(language: str, telegram_id: int = ADMIN) -> dict[str, Any]:
    who = {"id": telegram_id, "is_bot": False, "first_name": "Maria", "language_code": language}
    return {"from": who}


@pytest.mark.parametrize("door", ["/start", "/help", "hello", "/close"])
async def test_a_configured_administrator_gets_texts_in_their_own_language(staff: Staff, door: str) -> None:
    await staff.heard()
    await staff.says(door, **app_in("pl"))
    said = (await staff.answer()).text
    assert any(word in said for word in ("Należysz", "Co możesz", "Nie przekazano", "O który dialog")), said
    await staff.says("/start", **app_in("ru"))
    await staff.says("/language en", **app_in("ru"))
    await staff.says("/start", **app_in("ru"))
    assert "You belong to this desk" in (await staff.heard("text"))[-1].text


async def test_a_colleague_added_by_id_gets_texts_in_their_own_language(staff: Staff) -> None:
    await staff.store.act(add_manager, acting=None, telegram_id=IVAN, name="Ivan", role="agent")
    await staff.heard()
    await staff.says("/start", IVAN, **app_in("ru", IVAN))
    assert "команд" in (await staff.answer()).text
    assert (await person(staff, IVAN)).name == "Ivan", "the desk's name for them stays"
