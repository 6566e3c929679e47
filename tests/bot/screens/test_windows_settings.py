"""/settings: lists, standard messages, roles, people; each refused by the name of the missing permission."""

import pytest

from holdline.desk.customers.customers import greet_customer
from holdline.desk.people.roles import roles
from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.dialogs import dialogs, lists
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.staging import IVAN, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    return Staff(group_desk)


class Settings:
    """One person's settings window in their own chat."""

    def __init__(self, staff: Staff, on: int, form: str, person: int) -> None:
        self.staff, self.on, self.form, self.person = staff, on, form, person

    async def press(self, *actions: str) -> None:
        for action in actions:
            await self.staff.presses(f"{self.form}:{action}", self.person, on=self.on)

    async def type(self, text: str) -> None:
        await self.staff.says(text, self.person)


async def settings(staff: Staff, person: int = 400000077) -> Settings:
    await staff.heard()
    await staff.says("/settings", person)
    window = await staff.answer()
    return Settings(staff, window.number, window.form, person)


async def names(staff: Staff, kind: str) -> list[str]:
    return await staff.store.read(lambda tx: lists.names(tx, kind))


@pytest.mark.row("L-12")
@pytest.mark.row("L-13")
async def test_types_are_added_by_a_typed_line_and_deleted_by_two_taps(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:types")
    assert await names(staff, "types") == ["Support", "Refund"]
    await window.type("Complaint")
    assert await names(staff, "types") == ["Support", "Refund", "Complaint"]
    assert "Complaint" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    support = await staff.store.read(lambda tx: lists.find(tx, "types", "Support"))
    assert support is not None
    await window.press(f"delete:{support['id']}")
    assert "Support" in await names(staff, "types")
    await window.press(f"delete!:{support['id']}")
    assert await names(staff, "types") == ["Refund", "Complaint"]


@pytest.mark.row("L-15")
async def test_a_deleted_type_stays_on_its_dialogs(staff: Staff) -> None:
    await wrote(staff.store, words())
    dialog = await opened(staff.store)
    window = await settings(staff)
    support = await staff.store.read(lambda tx: lists.find(tx, "types", "Support"))
    assert support is not None
    await window.press("open:types", f"delete:{support['id']}", f"delete!:{support['id']}")
    assert (await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))).type == "Support"


@pytest.mark.row("L-16")
@pytest.mark.row("L-17")
@pytest.mark.row("L-19")
@pytest.mark.parametrize("kind", ["reasons", "components", "tags", "root_causes"])
async def test_the_other_lists_start_empty_and_are_filled_here(staff: Staff, kind: str) -> None:
    window = await settings(staff)
    await window.press(f"open:{kind}")
    assert "empty" in staff.gateway.window
    await window.type("Late")
    assert await names(staff, kind) == ["Late"]


async def test_the_same_name_twice_is_refused_and_the_window_continues(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:types")
    await window.type("support")
    assert "in the list already" in (await staff.answer()).text
    await window.type("Complaint")
    assert "Complaint" in await names(staff, "types")


@pytest.mark.row("L-14")
@pytest.mark.row("L-70")
@pytest.mark.parametrize(
    ("page", "permission"),
    [
        ("types", "dialog_settings.edit"),
        ("reasons", "dialog_settings.edit"),
        ("components", "dialog_settings.edit"),
        ("standard", "messages.edit"),
        ("roles", "managers.edit"),
        ("people", "managers.edit"),
    ],
)
async def test_a_page_is_refused_by_the_name_of_the_missing_permission(
    staff: Staff, page: str, permission: str
) -> None:
    window = await settings(staff, IVAN)
    await window.press(f"open:{page}")
    assert permission in staff.gateway.toast


@pytest.mark.row("L-14")
async def test_a_permission_withdrawn_meanwhile_applies_from_the_next_line(staff: Staff) -> None:
    await staff.store.act(
        lambda tx: tx.run(
            "UPDATE managers SET permissions_json = :p WHERE telegram_id = :id",
            p=["dialog_settings.edit"],
            id=IVAN,
        )
    )
    window = await settings(staff, IVAN)
    await window.press("open:types")
    await staff.store.act(
        lambda tx: tx.run("UPDATE managers SET permissions_json = NULL WHERE telegram_id = :id", id=IVAN)
    )
    await window.type("Complaint")
    assert "dialog_settings.edit" in (await staff.answer()).text
    assert "Complaint" not in await names(staff, "types")


@pytest.mark.parametrize("action", ["page:0", "newcomers", "list", "person:1"])
async def test_a_page_shows_nothing_once_its_permission_is_withdrawn(staff: Staff, action: str) -> None:
    async def permit(*permissions: str) -> None:
        await staff.store.act(
            lambda tx: tx.run(
                "UPDATE managers SET permissions_json = :p WHERE telegram_id = :id",
                p=list(permissions),
                id=IVAN,
            )
        )

    await permit("managers.edit")
    window = await settings(staff, IVAN)
    await window.press("open:people")
    await permit("dialog.update")
    shown = len(staff.gateway.edits())
    await window.press(action)
    assert "managers.edit" in staff.gateway.toast
    await window.type("Anna")
    assert "managers.edit" in (await staff.answer()).text
    assert len(staff.gateway.edits()) == shown
    await window.press("menu")
    assert len(staff.gateway.edits()) == shown + 1, "the way out is open"


@pytest.mark.row("L-61")
async def test_a_standard_message_is_previewed_edited_and_reset_per_language(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:standard", "show:rating_request", "say:pl")
    before = staff.gateway.window
    assert "[ Źle ]" in before
    await window.press("text")
    await window.type("Jak było?")
    assert "Jak było?" in staff.gateway.window
    await window.press("captions")
    await window.type("Słabo\nTak sobie\nSuper")
    assert "[ Tak sobie ]" in staff.gateway.window

    def told(tx: Tx) -> tuple[object, object]:
        return standard_message(tx, name="rating_request", language="pl"), standard_message(
            tx, name="rating_request", language="en"
        )[1]

    assert await staff.store.read(told) == (
        ("Jak było?", ("Słabo", "Tak sobie", "Super")),
        ("Bad", "Okay", "Great"),
    )
    await window.press("reset")
    assert "is gone then" in staff.gateway.window
    await window.press("reset!")
    assert staff.gateway.window == before


@pytest.mark.row("L-60")
async def test_the_rating_form_keeps_exactly_three_captions(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:standard", "show:rating_request", "captions")
    await window.type("Good\nBad")
    assert "three buttons" in (await staff.answer()).text


@pytest.mark.row("L-70")
async def test_a_permission_is_granted_and_withdrawn_by_name(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:roles", "role:agent", "grant:dialog_settings.edit")
    assert "dialog_settings.edit" in (await staff.store.read(roles))["agent"]
    await staff.presses(f"{(await settings(staff, IVAN)).form}:open:types", IVAN)
    assert "Types" in staff.gateway.window
    await window.press("grant:dialog_settings.edit")
    assert "dialog_settings.edit" not in (await staff.store.read(roles))["agent"]


async def test_every_permission_can_be_granted_in_settings(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:roles", "role:agent", "grant:draft.approve")
    assert "✅ draft.approve" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    assert "draft.approve" in staff.gateway.window, "and what it means"


async def test_a_manager_added_by_a_line_works_at_once(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:people")
    await window.type("400000099 Olga Nowak")
    await window.press("role:manager")
    olga = await staff.store.read(lambda tx: managers.by_telegram_id(tx, 400000099))
    assert olga is not None and (olga.name, olga.role) == ("Olga Nowak", "manager")
    assert "✅ Olga Nowak belongs to the desk now (role: Agent)." in (await staff.answer()).text
    await staff.says("/help", 400000099)
    assert "/report" in (await staff.answer()).text


@pytest.mark.parametrize("line", ["Olga", "400000099", "-5 Olga", "٣ Olga", "0 Olga"])
async def test_a_line_that_names_nobody_explains_the_format(staff: Staff, line: str) -> None:
    window = await settings(staff)
    await window.press("open:people")
    await window.type(line)
    assert "510000001" in (await staff.answer()).text


async def test_a_manager_is_removed_and_added_again(staff: Staff) -> None:
    window = await settings(staff)
    ivan = await staff.store.read(lambda tx: managers.by_telegram_id(tx, IVAN))
    assert ivan is not None
    await window.press("open:people", f"person:{ivan.id}", "active:0", "leave")
    assert not (await staff.store.read(lambda tx: managers.by_id(tx, ivan.id))).active
    await window.press("active:1")
    assert (await staff.store.read(lambda tx: managers.by_id(tx, ivan.id))).active


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
async def test_a_former_colleague_is_listed_once_without_roles_and_was_notified(
    staff: Staff, language: str
) -> None:
    """They wrote /start lately, so they could be offered as somebody new as well."""
    content = Content(text="/start", chat_id=IVAN, tg_message_id=5)
    await staff.store.act(greet_customer, sender=MessageSender(IVAN, "Ivan"), payload="", content=content)
    await staff.heard()
    ivan = await staff.store.read(lambda tx: managers.by_telegram_id(tx, IVAN))
    assert ivan is not None
    await staff.store.act(lambda tx: managers.update(tx, ivan.id, language=language))
    window = await settings(staff)
    await window.press("open:people", f"person:{ivan.id}", "active:0", "leave")
    assert "no rights" in staff.gateway.window
    assert not [data for data in staff.gateway.offered if ":role:" in data]
    told = [one for one in await staff.heard() if one.call.params["chat_id"] == IVAN]
    assert len(told) == 1 and told[0].text.startswith("👋")
    await window.press("role:manager")
    assert "no rights" in staff.gateway.window, "a window from before"
    assert (await staff.store.read(lambda tx: managers.by_id(tx, ivan.id))).role == ivan.role
    await window.press("list")
    assert not [data for data in staff.gateway.offered if data.endswith(f":add:{IVAN}")]


async def test_the_menu_is_open_to_everybody_and_closes(staff: Staff) -> None:
    window = await settings(staff, IVAN)
    await window.press("cancel")
    assert staff.gateway.offered == []


async def test_a_finished_page_takes_no_more_text(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:types", "menu")
    await window.type("Complaint")
    assert "Complaint" not in await names(staff, "types")
    assert (await staff.answer()).text.startswith("🤔")
