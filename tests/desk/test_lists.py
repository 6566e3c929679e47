"""Types, reasons, components and the other lists."""

import asyncio

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.reading.reading import dialog_by_id
from holdline.desk.settings import lists
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.refusal import BadInput, NotAllowed, NotFound
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers
from holdline.texts import LANGUAGES
from tests.desk.conftest import Desk


@pytest.fixture
async def head(desk: Desk) -> Desk:
    """Maria may edit the lists."""
    await desk.store.act(managers.update, desk.maria.id, role="admin")
    return desk


async def names(store: Store, kind: str) -> list[str]:
    return [row["name"] for row in await store.read(lists.list_page, kind=kind)]


async def id_of(store: Store, kind: str, name: str) -> int:
    return next(row["id"] for row in await store.read(lists.list_page, kind=kind) if row["name"] == name)


@pytest.mark.row("L-12")
async def test_support_and_refund_are_the_types_of_a_new_desk(desk: Desk) -> None:
    assert await names(desk.store, "types") == ["Support", "Refund"]


@pytest.mark.row("L-16")
@pytest.mark.row("L-19")
async def test_reasons_and_components_start_empty_and_can_be_added(head: Desk) -> None:
    for kind in ("reasons", "components"):
        assert await names(head.store, kind) == []
        await head.store.act(lists.add_to_list, manager=head.maria, kind=kind, name="  Late\ndelivery ")
        assert await names(head.store, kind) == ["Late delivery"]


@pytest.mark.row("L-13")
async def test_types_can_be_added_and_the_default_ones_deleted(head: Desk) -> None:
    await head.store.act(lists.add_to_list, manager=head.maria, kind="types", name="Complaint")
    support = await id_of(head.store, "types", "Support")
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=support)

    assert await names(head.store, "types") == ["Refund", "Complaint"]


@pytest.mark.row("L-13")
async def test_a_deleted_default_does_not_come_back_with_the_next_start(head: Desk) -> None:
    refund = await id_of(head.store, "types", "Refund")
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=refund)
    await head.store.act(lists.ensure_lists)

    assert await names(head.store, "types") == ["Support"]


@pytest.mark.row("L-14")
@pytest.mark.row("L-17")
@pytest.mark.row("L-70")
@pytest.mark.parametrize("kind", ["types", "reasons", "components"])
async def test_without_the_permission_lists_cannot_be_changed_and_the_refusal_names_it(
    desk: Desk, kind: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        await desk.store.act(lists.add_to_list, manager=desk.ivan, kind=kind, name="Complaint")

    assert "dialog_settings.edit" in refused.value.sentence()
    assert "Complaint" not in await names(desk.store, kind)


async def test_a_permission_withdrawn_meanwhile_does_not_count(head: Desk) -> None:
    maria = await head.store.read(managers.by_id, head.maria.id)
    assert maria is not None
    await head.store.act(managers.update, maria.id, role="agent")

    with pytest.raises(NotAllowed):
        await head.store.act(lists.add_to_list, manager=maria, kind="types", name="Complaint")


@pytest.mark.row("L-15")
async def test_a_deleted_type_stays_valid_in_its_dialogs(head: Desk) -> None:
    opening = Opening(customer_id=head.anna.id, title="Parcel", type="Refund")
    dialog = await head.store.act(open_dialog, manager=head.maria, opening=opening)
    refund = await id_of(head.store, "types", "Refund")
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=refund)

    assert (await head.store.read(dialog_by_id, dialog_id=dialog.id)).type == "Refund"
    assert "Refund" not in await names(head.store, "types")


async def test_the_last_type_cannot_be_deleted(head: Desk) -> None:
    first, last = await id_of(head.store, "types", "Support"), await id_of(head.store, "types", "Refund")
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=first)

    with pytest.raises(BadInput) as refused:
        await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=last)

    assert all("Refund" in refused.value.sentence(language) for language in LANGUAGES)
    assert await names(head.store, "types") == ["Refund"]


async def test_two_deletions_at_once_leave_one_type(head: Desk) -> None:
    ids = [await id_of(head.store, "types", name) for name in ("Support", "Refund")]

    await asyncio.gather(
        *(
            head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=one)
            for one in ids
        ),
        return_exceptions=True,
    )

    assert len(await names(head.store, "types")) == 1


async def test_system_stages_cannot_be_deleted_and_own_stages_can(head: Desk) -> None:
    for name in ("New", "In handling", "Awaiting review", "Closed"):
        with pytest.raises(BadInput, match="bad_input"):
            await head.store.act(
                lists.remove_from_list,
                manager=head.maria,
                kind="stages",
                list_id=await id_of(head.store, "stages", name),
            )
    added = await head.store.act(
        lists.add_to_list, manager=head.maria, kind="stages", name="At the bank", category="waiting"
    )
    assert added["category"] == "waiting"
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="stages", list_id=added["id"])

    assert await names(head.store, "stages") == ["New", "In handling", "Awaiting review", "Closed"]


@pytest.mark.parametrize("name", ["Support", "support", " SUPPORT ", "", "x" * 65, "\u202e"])
async def test_a_name_is_unique_visible_and_short(head: Desk, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        await head.store.act(lists.add_to_list, manager=head.maria, kind="types", name=name)

    assert refused.value.field == "name"


async def test_a_deleted_name_can_be_added_again(head: Desk) -> None:
    refund = await id_of(head.store, "types", "Refund")
    await head.store.act(lists.remove_from_list, manager=head.maria, kind="types", list_id=refund)
    await head.store.act(lists.add_to_list, manager=head.maria, kind="types", name="Refund")

    assert await names(head.store, "types") == ["Support", "Refund"]
    assert await id_of(head.store, "types", "Refund") != refund


async def test_an_unknown_value_cannot_be_deleted(head: Desk) -> None:
    support = await id_of(head.store, "types", "Support")

    with pytest.raises(NotFound):
        await head.store.act(lists.remove_from_list, manager=head.maria, kind="reasons", list_id=support)
    with pytest.raises(BadInput):
        await head.store.act(lists.list_page, kind="wishes")


async def test_every_change_is_in_the_admin_log(head: Desk) -> None:
    added = await head.store.act(lists.add_to_list, manager=head.maria, kind="tags", name="vip")
    await head.store.act(lists.remove_from_list, manager=None, kind="tags", list_id=added["id"])

    newest, before = await head.store.read(admin_log.page)

    assert (newest["change"], newest["manager_name"], newest["before_json"]) == (
        "list_value_deleted",
        "system",
        "vip",
    )
    assert (before["change"], before["manager_telegram_id"], before["after_json"]) == (
        "list_value_added",
        head.maria.telegram_id,
        "vip",
    )
