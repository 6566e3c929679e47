"""Typed commands: each acts at once and answers under the command."""

from itertools import pairwise

import pytest

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.text.marks import parse_command
from holdline.screens.console.commands import COMMANDS, HIDDEN
from holdline.screens.help import GROUPS
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.texts import LANGUAGES, say
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, ANNA, GROUP, IVAN, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?\nIt is late."))
    return Staff(group_desk)


@pytest.fixture
async def alone(private_desk: Store) -> Staff:
    """No group: everything happens in the manager's own chat."""
    await wrote(private_desk, words())
    return Staff(private_desk)


async def card_of(staff: Staff) -> tuple[Said, int]:
    card = (await staff.heard("inbox_card"))[0]
    return card, await thread_of(staff.store, None)


async def the_dialog(staff: Staff, dialog_id: int = 1) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, dialog_id))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/close 3 form", ("close", None, "3 form")),
        ("/close@desk_bot 3", ("close", "desk_bot", "3")),
        ("/HELP", ("help", None, "")),
        ("/open Late\nparcel", ("open", None, "Late\nparcel")),
        ("/etc/hosts", None),
        ("/ close", None),
        ("/", None),
        ("close", None),
        (" /close", None),
        ("//close", None),
        ("/закрыть", None),
    ],
)
def test_commands_are_recognised(text: str, found: object) -> None:
    assert parse_command(text) == found


@pytest.mark.row("L-04")
@pytest.mark.row("L-22")
async def test_open_with_a_title_as_a_reply_to_a_card_opens_at_once_and_links_there(staff: Staff) -> None:
    card, inbox = await card_of(staff)
    await staff.says("/open Late parcel", chat=GROUP, thread=inbox, reply_to=card.number)
    dialog = await the_dialog(staff)
    assert (dialog.title, dialog.type, dialog.state) == ("Late parcel", "Support", "active")
    answer = await staff.answer()
    topic = await thread_of(staff.store, dialog.id)
    assert f"https://t.me/c/{str(GROUP)[4:]}/{topic}" in answer.offered


async def test_open_without_a_card_explains_how(staff: Staff) -> None:
    await staff.says("/open Late parcel")
    assert "Inbox card" in (await staff.answer()).text


@pytest.mark.row("L-43")
async def test_open_beside_an_active_dialog_is_refused_with_the_two_buttons(staff: Staff) -> None:
    card, inbox = await card_of(staff)
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("/open Another", chat=GROUP, thread=inbox, reply_to=card.number)
    answer = await staff.answer()
    assert answer.offered[1:] == [f"dlg.pause:{dialog.id}", f"dlg.close:{dialog.id}"]


@pytest.mark.row("L-52")
async def test_typed_state_commands_act_at_once(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    for command, state in (("/pause", "paused"), ("/resume", "active"), ("/close 3 form", "closed")):
        await staff.says(command, chat=GROUP, thread=topic)
        assert (await the_dialog(staff)).state == state
    assert (await the_dialog(staff)).customer_score == 3
    assert [one.row["chat_id"] for one in await staff.heard("rating_form")] == [ANNA.telegram_id]


async def test_a_bare_number_is_the_dialog_where_nothing_else_could_be_meant(staff: Staff) -> None:
    """“/pause 1” inside another dialog must not act on that other one."""
    first = await opened(staff.store, "First")
    await staff.says(f"/pause #{first.id}")
    second = await opened(staff.store, "Second")
    await staff.heard()
    await staff.says(f"/enter {second.id}")
    await staff.heard()
    await staff.says(f"/history {first.id}")
    assert "First" in (await staff.answer()).text
    await staff.says(f"/resume {first.id}")
    assert "Second" in (await staff.answer()).text  # in the way, named with its remedies
    await staff.says(f"/pause {second.id}")
    await staff.heard()
    await staff.says(f"/resume {first.id}")
    assert (await staff.answer()).text.startswith(f"▶️ #{first.id}")


@pytest.mark.row("L-57")
async def test_close_without_form_sends_no_rating_form(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.says(f"/close #{dialog.id} 2")
    assert (await the_dialog(staff)).customer_score == 2
    assert await staff.heard("rating_form") == []


@pytest.mark.parametrize("words_", ["4", "1 2", "three", "3 forms"])
async def test_close_with_unknown_words_explains_the_format(staff: Staff, words_: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says(f"/close #{dialog.id} {words_}")
    assert "/close 3 form" in (await staff.answer()).text
    assert (await the_dialog(staff)).state == "active"


@pytest.mark.row("R-03")
async def test_close_without_the_permission_becomes_a_request(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    await staff.heard()
    await staff.says(f"/close #{dialog.id} form", IVAN)
    assert (await the_dialog(staff)).state == "active"
    said = await staff.heard()
    assert "asked" in next(one.text for one in said if one.row["kind"] == "text")
    assert ADMIN in [one.row["chat_id"] for one in said if one.row["kind"] == "desk_notice"]


@pytest.mark.row("F-06")
async def test_delete_as_a_reply_removes_the_customers_copy(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    written = await staff.says("wrong", chat=GROUP, thread=topic)
    await staff.heard()
    await staff.says("/delete", chat=GROUP, thread=topic, reply_to=written)
    assert ANNA.telegram_id in [one.row["chat_id"] for one in await staff.heard("delete_copy")]


async def test_a_command_that_does_not_exist_never_reaches_the_customer(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("/cloze 3", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert [one.row["chat_id"] for one in said] == [GROUP]
    assert "/cloze" in said[0].text and "/help" in said[0].text


async def test_a_command_for_another_bot_is_left_alone(staff: Staff) -> None:
    await staff.store.act(
        lambda tx: tx.run(
            "INSERT INTO bots (id, username, created_at) VALUES (:id, 'desk_bot', :at)",
            id=tx.bot_id,
            at=tx.at,
        )
    )
    await staff.heard()
    await staff.says("/help@other_bot", chat=GROUP)
    assert await staff.heard() == []
    await staff.says("/help@Desk_Bot", chat=GROUP)
    assert len(await staff.heard("text")) == 1


async def test_help_lists_every_allowed_command_with_one_line(staff: Staff) -> None:
    await staff.heard()
    await staff.says("/help")
    lines = (await staff.answer()).text.splitlines()
    names = [line.split()[0].removeprefix("/") for line in lines if line.startswith("/")]
    assert sorted(names) == sorted(name for name in COMMANDS if name not in HIDDEN)
    heads = [line for before, line in pairwise(lines[1:]) if not before and line[0] not in "/P"]
    assert heads == ["📥 What waits", "💬 To answer", "🗂 A dialog", "⚙️ You and the desk"]


def test_each_command_is_in_one_group_of_help() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(set(COMMANDS) - HIDDEN)


async def test_help_hides_forbidden_commands(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    await staff.heard()
    await staff.says("/help", IVAN)
    assert "/report" not in (await staff.answer()).text


def test_every_command_has_a_line_in_every_language() -> None:
    for name in set(COMMANDS) - HIDDEN:
        for language in LANGUAGES:
            assert 3 < len(say(f"commands.{name}", language)) <= 256


async def test_entering_sends_plain_text_to_that_customer_until_leaving(alone: Staff) -> None:
    dialog = await opened(alone.store)
    await alone.heard()
    await alone.says("before")
    assert (await alone.answer()).text.startswith("🤔")
    await alone.says(f"/enter {dialog.id}")
    await alone.heard()
    await alone.says("inside")
    assert [one.text for one in await alone.heard("message")] == ["inside"]
    await alone.says("/enter")
    await alone.heard()
    await alone.says("after")
    assert (await alone.answer()).text.startswith("🤔")


async def test_without_a_group_a_reply_selects_the_customer(alone: Staff) -> None:
    card = (await alone.heard("inbox_card"))[0]
    await alone.says("Hello", reply_to=card.number)
    assert [one.text for one in await alone.heard("message")] == ["Hello"]
    await alone.says("/open At once", reply_to=card.number)
    assert (await the_dialog(alone)).title == "At once"


@pytest.mark.parametrize("number", ["x", "#", "99999999999999999999", "9999"])
async def test_entering_an_unknown_dialog_is_refused_with_a_sentence(alone: Staff, number: str) -> None:
    await alone.heard()
    await alone.says(f"/enter {number}")
    assert (await alone.answer()).text


@pytest.mark.row("O-10")
async def test_a_manager_chooses_a_language_of_their_own(alone: Staff) -> None:
    await alone.says("/language")
    assert (await alone.answer()).offered == ["lang:en", "lang:ru", "lang:pl"]
    await alone.says("/language pl")
    assert (await alone.answer()).text == "Dobrze, rozmawiamy po polsku."
    await alone.says("/tasks")
    assert "Brak zadań" in (await alone.answer()).text
