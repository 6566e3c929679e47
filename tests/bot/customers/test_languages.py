"""No sentence mixes languages, and everybody gets texts in their own language."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import holdline.texts
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.people.staff import change_manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import customers
from tests.bot.desk_kit import Staff
from tests.bot.door import PERSON, Door
from tests.bot.staging import ADMIN, furnished, manager, opened, words, wrote
from tests.conftest import BOT

THINGS = (
    "tag_rule",
    "webhook",
    "webhook delivery",
    "attachment",
    "broadcast",
    "bulk job",
    "calendar",
    "field",
    "forward",
    "funnel",
    "funnel version",
    "enrolment",
    "erasure",
    "scheduled reply",
    "sla policy",
    "team",
    "template",
    "draft",
    "note",
    "button",
    "component",
    "customer",
    "dialog",
    "form",
    "inbox item",
    "key",
    "list",
    "list entry",
    "manager",
    "message",
    "message of a manager",
    "outbound message",
    "queue",
    "rating form",
    "reason",
    "close_reason",
    "root_cause",
    "stage",
    "standard message",
    "tag",
    "task",
    "type",
    "rule",
    "smart reply",
)


def things() -> set[str]:
    path = Path(holdline.texts.__file__).parent / "en" / "things.po"
    return set(re.findall(r'^msgid "(.+)"$', path.read_text(), flags=re.MULTILINE))


@pytest.fixture
async def russian_desk(store_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    rules = DeskRules(admins=(ADMIN,), language="ru")
    store = Store(store_url, bot_id=BOT, rules=rules, clock=clock)
    await store.start()
    await store.act(furnished)
    await store.act(
        lambda tx: change_manager(tx, acting=None, manager_id=manager(tx).id, changes={"language": "ru"})
    )
    yield store
    await store.close()


@pytest.fixture
async def staff(russian_desk: Store) -> Staff:
    await wrote(russian_desk, words("Где мой заказ?"))
    return Staff(russian_desk)


@pytest.mark.row("O-10")
async def test_a_card_and_a_list_are_in_the_language_of_their_reader(staff: Staff) -> None:
    await opened(staff.store, "Заказ")
    [card] = await staff.heard("info_card")
    assert "Новый" in card.text
    await staff.says("/active")
    assert "ждёт 1 мин" in (await staff.answer()).text


@pytest.mark.row("O-10")
async def test_history_shows_states_fields_and_the_system_in_the_readers_language(staff: Staff) -> None:
    dialog = await opened(staff.store, "Заказ")

    async def done(use_case, **more) -> None:  # type: ignore[no-untyped-def]
        await staff.store.act(lambda tx: use_case(tx, manager=manager(tx), dialog_id=dialog.id, **more))

    await done(change_dialog, changes={"stage": "Awaiting review", "title": "Посылка"})
    await done(pause_dialog)
    await staff.heard()
    await staff.says(f"/history #{dialog.id}")
    told = (await staff.answer()).text
    assert "активен → приостановлен" in told
    assert "этап: Новый → Ждёт проверки" in told
    assert "название: Заказ → Посылка" in told


@pytest.mark.row("O-10")
async def test_refusals_name_the_object_in_the_language_of_the_reader(
    staff: Staff,
) -> None:
    await staff.says("/enter 99")
    assert (await staff.answer()).text.startswith("Не найдено: диалог #99.")
    dialog = await opened(staff.store, "Заказ")
    await staff.heard()
    await staff.says(f"/note #{dialog.id}")
    assert (await staff.answer()).text.startswith("В заметке нет слов.")


@pytest.mark.parametrize("what", THINGS)
def test_names_of_objects_are_translated(what: str) -> None:
    assert re.search("[a-z]", NotFound(what, 5).sentence("ru")) is None


def test_every_object_of_a_not_found_refusal_is_covered() -> None:
    assert {what.replace(" ", "_") for what in THINGS} == things()


@pytest.mark.row("O-10")
@pytest.mark.parametrize("told", [{"language_code": "de"}, {}])
async def test_a_person_whose_language_is_unknown_gets_the_language_of_the_desk(
    russian_desk: Store, told: dict[str, str]
) -> None:
    door = Door(russian_desk)
    stranger = {name: value for name, value in PERSON.items() if name != "language_code"} | told
    await door.says("/start", **{"from": stranger})
    (greeting,) = await door.said("standard")
    assert greeting.startswith("Здравствуйте")


async def test_a_known_language_is_kept_if_an_update_names_none(russian_desk: Store) -> None:
    door = Door(russian_desk)
    await door.says("/start", **{"from": PERSON | {"language_code": "pl"}})
    await door.says("hm", **{"from": {name: PERSON[name] for name in ("id", "is_bot", "first_name")}})
    known = await russian_desk.read(lambda tx: customers.by_telegram_id(tx, PERSON["id"]))
    assert known is not None and known.language == "pl"
