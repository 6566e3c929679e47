"""Lists of dialogs as managers read them: columns, filters, sorting and pages, all in one window."""

import pytest

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.inbox_assignment import assign_inbox_item
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.people.staff import change_manager
from holdline.desk.people.time_zones import set_time_zone
from holdline.desk.settings.lists import add_to_list
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.desk.teams.teams import add_team
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.screens.lists.view import ListFilters, ListView, parse_view
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.engine import Store
from holdline.store.people import bots
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.lists_kit import captions_of, listed, tap
from tests.bot.staging import ADMIN, GROUP, IVAN, customer, manager, named, opened, words, wrote

BORIS = MessageSender(telegram_id=510000002, name="Boris")


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(bots.save, username="desk_bot", topics_in_private=False)
    await group_desk.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(group_desk, words())
    await wrote(group_desk, Content(text="Hello", chat_id=BORIS.telegram_id, tg_message_id=9), BORIS)
    return Staff(group_desk)


async def two(staff: Staff) -> tuple[Dialog, Dialog]:
    first, second = await opened(staff.store, "First"), await opened(staff.store, "Second", BORIS)
    await staff.heard()
    return first, second


async def give(staff: Staff, dialog: Dialog, to: int | None) -> None:
    await staff.store.act(
        lambda tx: assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=to)
    )
    await staff.heard()


@pytest.mark.row("W-05")
async def test_a_row_has_every_column(staff: Staff) -> None:
    """Number, subject, customer and assignee; stage, the bot it came to, opened, changed, waiting time."""
    first, second = await two(staff)
    await staff.store.act(
        lambda tx: change_manager(
            tx, acting=manager(tx), manager_id=manager(tx).id, changes={"name": "Maria"}
        )
    )
    await give(staff, second, None)
    await staff.heard()
    text = (await listed(staff, "/all")).text
    head, order, *lines = text.splitlines()
    assert (head, order) == ("🗂 All dialogs", "↕️ Newest first · Times: UTC")
    assert lines == [
        f"▶️ #{second.id} Second · Boris · Unassigned",
        "    New · @desk_bot · opened 01.01 00:00 · changed 01.01 00:00 · waits 1 min",
        f"▶️ #{first.id} First · Anna · Maria",
        "    New · @desk_bot · opened 01.01 00:00 · changed 01.01 00:00 · waits 1 min",
        "✍️ answer · ⚡ take, assign, stage, postpone …",
    ]


async def test_times_are_the_readers_own(staff: Staff) -> None:
    await two(staff)

    await staff.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Europe/Warsaw"))
    text = (await listed(staff, "/all")).text
    assert "Times: Europe/Warsaw" in text and "opened 01.01 01:00" in text


@pytest.mark.row("W-06")
async def test_a_tap_on_a_row_leads_to_its_topic(staff: Staff) -> None:
    first, _ = await two(staff)
    listing = await listed(staff, "/all")
    links = [data for data in listing.offered if data.startswith("https://t.me/c/")]
    assert len(links) == 2 and f"#{first.id} First" in " ".join(captions_of(listing.call.params))


@pytest.mark.row("W-06")
async def test_without_a_group_a_tap_on_a_row_opens_the_dialog(private_desk: Store) -> None:
    await wrote(private_desk, words())
    staff = Staff(private_desk)
    dialog = await opened(private_desk)
    await staff.heard()
    listing = await listed(staff, "/all")
    await staff.presses(listing.data("dlg.go"), on=listing.number)
    assert f"#{dialog.id}" in staff.gateway.toast
    assert (await private_desk.read(manager)).entered_dialog_id == dialog.id


@pytest.mark.row("S-05")
async def test_dialogs_of_a_person_or_a_team_are_listed_by_filters(staff: Staff) -> None:
    first, second = await two(staff)

    team = {"name": "Billing", "members": [ADMIN]}
    await staff.store.act(lambda tx: add_team(tx, manager=manager(tx), fields=team))
    await give(staff, first, IVAN)
    await staff.store.act(
        lambda tx: assign_dialog_to_team(tx, manager=manager(tx), dialog_id=second.id, team="Billing")
    )
    await staff.heard()
    listing = await listed(staff, "/handling")
    assert "First · Anna · Ivan" in listing.text and "Second · Boris · 👥 Billing" in listing.text
    of_team = await tap(staff, "Everybody’s", "My team: Billing", under=listing)
    assert "First" not in of_team and "Second" in of_team and "🔎 Only: 👥 Billing" in of_team
    ivan = await tap(staff, "👥 Billing", "👤 Ivan", under=listing)
    assert "First" in ivan and "Second" not in ivan
    mine = await tap(staff, "👤 Ivan", "🙋 Mine", under=listing)
    assert "Nothing fits. Choose other filters" in mine
    again = await tap(staff, "Show everything again", under=listing)
    assert "First" in again and "Second" in again and "Only" not in again


async def test_unassigned_dialogs_and_those_of_a_queue_a_tag_a_type(staff: Staff) -> None:
    first, second = await two(staff)

    def sort_out(tx: Tx) -> None:
        acting = manager(tx)
        for kind, name in (("queues", "Refunds"), ("tags", "vip")):
            add_to_list(tx, manager=acting, kind=kind, name=name)
        changes = {"queue": "Refunds", "tags": ["vip"], "type": "Refund"}
        change_dialog(tx, manager=acting, dialog_id=first.id, changes=changes)

    await staff.store.act(sort_out)
    await give(staff, second, None)
    listing = await listed(staff, "/all")
    for opens, value in (("🗂 Queue", "Refunds"), ("🔖 Tag", "vip"), ("🏷 Type", "Refund")):
        narrowed = await tap(staff, opens, value, under=listing)
        assert "First" in narrowed and "Second" not in narrowed
        assert "Second" in await tap(staff, value, "Any", under=listing)
    nobody = await tap(staff, "Everybody’s", "Unassigned", under=listing)
    assert "Second" in nobody and "First" not in nobody


async def test_the_order_is_chosen_and_stays_while_filters_change(staff: Staff) -> None:
    await two(staff)
    listing = await listed(staff, "/all")
    assert listing.text.index("Second") < listing.text.index("First")
    window = await tap(staff, "↕️", "Oldest first", "Everybody’s", "Mine", under=listing)
    assert window.index("First") < window.index("Second") and "Oldest first" in window


async def test_filters_stay_from_page_to_page(staff: Staff) -> None:
    for number in range(10):
        dialog = await opened(staff.store, f"Case {number}")
        await staff.store.act(lambda tx, i=dialog.id: pause_dialog(tx, manager=manager(tx), dialog_id=i))
    await staff.heard()
    listing = await listed(staff, "/all")
    first = await tap(staff, "Everybody’s", "Mine", under=listing)
    assert "Case 9" in first and "Case 1 ·" not in first
    second = await tap(staff, "▶", under=listing)
    assert "Case 1 ·" in second and "Only: " in second and "Case 9" not in second
    assert "Case 9" in await tap(staff, "⏮", under=listing)


async def test_a_list_in_the_group_works_for_every_manager(staff: Staff) -> None:
    """“Mine” are those of whoever pressed, and the window says whose they are."""
    first, _ = await two(staff)
    await give(staff, first, IVAN)
    await staff.heard()
    await staff.says("/all", chat=GROUP)
    listing = await staff.answer()
    window = await tap(staff, "Everybody’s", "🙋 Mine", under=listing, person=IVAN)
    assert "🔎 Only: 👤 Ivan" in window and "First" in window and "Second" not in window


async def test_mine_means_the_manager_who_presses(staff: Staff) -> None:
    first, _ = await two(staff)
    await give(staff, first, IVAN)
    await staff.says("/all", chat=GROUP)
    listing = await staff.answer()
    await tap(staff, "Everybody’s", under=listing, person=ADMIN)
    window = await tap(staff, "🙋 Mine", under=listing, person=IVAN)
    assert "🔎 Only: 👤 Ivan" in window and "First" in window and "Second" not in window
    again = await tap(staff, "👤 Ivan", under=listing, person=IVAN)
    assert "Whose dialogs" in again and "✅ 🙋 Mine" in captions_of(staff.gateway.edits()[-1].params)


async def test_a_list_explains_only_its_own_buttons(staff: Staff) -> None:
    first, second = await two(staff)
    assert "✍️ answer · ⚡ take" in (await listed(staff, "/all")).text
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=first.id, closing=closing)
    )
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=second.id))
    await staff.heard()
    paused = (await listed(staff, "/all")).text
    assert "⚡ take" in paused and "✍️" not in paused
    assert "⚡" not in (await listed(staff, "/closed")).text


async def test_closed_dialogs_are_in_their_own_list(staff: Staff) -> None:
    first, _ = await two(staff)
    assert "No dialog has been closed yet" in (await listed(staff, "/closed")).text
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=first.id, closing=closing)
    )
    await staff.heard()
    listing = await listed(staff, "/closed")
    assert f"✅ #{first.id} First" in listing.text and "Second" not in listing.text
    assert listing.data_or_none("row") is None, "a closed dialog takes nothing from a list"


@pytest.mark.parametrize("command", ["new", "handling", "review", "active", "overdue", "all", "dialogs"])
async def test_an_empty_list_explains_what_to_do(staff: Staff, command: str) -> None:
    text = (await listed(staff, f"/{command}")).text
    assert len(text.splitlines()) == 2 and text.splitlines()[1].endswith((".", "🎉"))


@pytest.mark.row("W-11")
async def test_looking_at_lists_and_filters_assigns_nobody(staff: Staff) -> None:
    first, _ = await two(staff)
    listing = await listed(staff, "/all", IVAN)
    await tap(staff, "Everybody’s", "Mine", under=listing, person=IVAN)
    listing = await listed(staff, "/new", IVAN)
    await tap(staff, f"⚡ #{first.id}", "Stage", "Back", under=listing, person=IVAN)
    after = await staff.store.read(lambda tx: dialogs.by_id(tx, first.id))
    assert after.assignee is not None and after.assignee.telegram_id == ADMIN
    assert [person.telegram_id for person in after.participants] == [ADMIN]


@pytest.mark.parametrize(
    "data",
    ["list:all:0:0:zz", "list:none:0:0", "list.by:who:all", "list.by:shoe:l.0.0.", "row:1:main:all.0.0.P!",
     "row!:1:stage-zzz:l.0.0.", "row!:1:due-zzzzzzzzzz:all.0.0.", "row:1:shoe:all.0.0.",
     "list:all:0:0:T77", "list:all:0:0:P77", "list:all:0:0:Q77"],
)  # fmt: skip
async def test_a_button_that_nobody_made_changes_nothing(staff: Staff, data: str) -> None:
    await two(staff)
    before = len(staff.gateway.edits())
    await staff.presses(data, on=5)
    assert staff.gateway.toast and len(staff.gateway.edits()) == before


async def test_buttons_fit_with_very_large_ids(staff: Staff) -> None:
    chosen = ListFilters(person=10**5, queue=10**5, tag=10**5, type=10**5, order=3)
    view = ListView("handling", about=0, after=10**9, filters=chosen)
    for choice in ("priority-3", "due-hvls0h", "assign-1njchs0", "until-1mo"):
        button_data(DeskVerb.CHANGE_ROW, 10**9, choice, view.word())
    assert parse_view(view.word()) == view


async def test_work_lists_read_only_open_dialogs(staff: Staff) -> None:
    """On a desk with a million closed dialogs they are as quick as on the first day."""

    def steps(tx: Tx) -> str:
        conditions, values = DialogFilter(open=True, stage="New").sql(tx, rare_tag=False)
        text = f"SELECT d.id FROM dialogs d WHERE d.bot_id = :bot AND {' AND '.join(conditions)}"
        return str(tx.all(f"EXPLAIN QUERY PLAN {text}", bot=tx.bot_id, **values))

    if staff.store.engine.name != "sqlite":
        pytest.skip("PostgreSQL chooses by the statistics of what is stored")
    assert "dialogs_open" in await staff.store.read(steps)


async def test_waiting_inbox_items_are_mentioned_beside_new_dialogs(staff: Staff) -> None:
    listing = await listed(staff, "/new")
    inbox = await tap(staff, "📥 Inbox: 2", under=listing)
    assert "Anna" in inbox and "Boris" in inbox
    assert "📥" not in str(captions_of((await listed(staff, "/handling")).call.params))

    item = await staff.store.act(lambda tx: inbox_items.lock_new(tx, customer(tx).id))
    assert item is not None
    await staff.store.act(
        lambda tx: assign_inbox_item(tx, manager=manager(tx), item_id=item.id, assignee_telegram_id=IVAN)
    )
    await staff.heard()
    assert "📥 Inbox: 1" in captions_of((await listed(staff, "/new")).call.params)
    assigned = await tap(staff, "📥 Inbox: 1", under=await listed(staff, "/handling"))
    assert "Anna" in assigned and "Boris" not in assigned


async def test_a_tap_on_a_dialog_that_now_has_a_topic_keeps_the_list(staff: Staff) -> None:
    first, _ = await two(staff)
    listing = await listed(staff, "/all")
    go = f"dlg.go:{first.id}"
    shown = [[{"text": "#1", "data": go}, {"text": "⚡", "data": f"row:{first.id}:main:l.0.0."}]]
    await staff.presses(go, on=listing.number, shown=shown)
    link, other = staff.gateway.offered
    assert link.startswith("https://t.me/c/") and other.startswith("row:")
