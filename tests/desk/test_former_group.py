"""Another staff group is configured: the one before reads nothing more, and nothing said meanwhile is lost."""

from dataclasses import replace

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.delivery.former_groups import leave_former_groups
from holdline.desk.dialogs.dialogs import Opening, open_dialog
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.rules import DeskRules
from holdline.store import invariants
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk, text

BEFORE, NOW = -1001234567890, -1009876543210


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=BEFORE)


async def opened(desk: Desk) -> Dialog:
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def wrote(desk: Desk, words: str, number: int) -> None:
    await desk.store.act(receive_customer_message, sender=ANNA, content=text(words, number, ANNA.telegram_id))


async def reconfigured(desk: Desk, group: int) -> None:
    desk.store.rules = replace(desk.store.rules, staff_group=group)
    await desk.store.act(leave_former_groups)


async def waiting(desk: Desk, chat_id: int) -> list[Row]:
    def queued(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT * FROM outbox WHERE chat_id = :c AND status = 'queued' AND audience = 'desk' ORDER BY id",
            c=chat_id,
        )

    return await desk.store.read(queued)


def shown(items: list[Row]) -> list[str]:
    return [item["kind"] for item in items if item["kind"] in ("topic_create", "info_card", "mirror")]


@pytest.mark.parametrize("group", [NOW, 0])
async def test_an_open_dialog_goes_on_in_the_new_place_and_nowhere_else(desk: Desk, group: int) -> None:
    await opened(desk)
    await wrote(desk, "said before", 5)
    await reconfigured(desk, group)
    place = group or desk.maria.telegram_id
    assert await waiting(desk, BEFORE) == []
    assert shown(await waiting(desk, place))[-1] == "mirror"
    mirrors = shown(await waiting(desk, place)).count("mirror")
    await wrote(desk, "said afterwards", 6)
    assert await waiting(desk, BEFORE) == []
    assert shown(await waiting(desk, place)).count("mirror") == mirrors + 1
    assert await desk.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("group", [NOW, 0])
async def test_a_card_that_stood_nowhere_yet_stands_in_the_new_place(desk: Desk, group: int) -> None:
    await wrote(desk, "is anybody there?", 5)
    await reconfigured(desk, group)
    found = await desk.store.read(
        lambda tx: tx.all("SELECT chat_id FROM outbox WHERE kind = 'inbox_card' AND status = 'queued'")
    )
    assert found and BEFORE not in {row["chat_id"] for row in found}


async def test_a_group_that_comes_back_is_shown_what_was_said_meanwhile(desk: Desk) -> None:
    await opened(desk)
    await reconfigured(desk, NOW)
    await wrote(desk, "said in between", 6)
    await reconfigured(desk, BEFORE)
    assert await waiting(desk, NOW) == []
    assert "mirror" in shown(await waiting(desk, BEFORE))
