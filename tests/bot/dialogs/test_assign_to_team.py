"""The list of /assign offers teams below the people."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.teams.teams import add_team
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import IVAN


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def team(desk: Place, routing: str) -> None:
    fields = {"name": "Refunds", "members": [IVAN], "routing": routing}
    await desk.store.act(add_team, manager=None, fields=fields)


async def give(desk: Place) -> None:
    await desk.line("/assign")
    (people,) = await desk.heard("text")
    await desk.press(people, "assign.team:")


@pytest.mark.row("S-10")
async def test_a_dialog_is_given_to_a_team_whose_members_choose_by_hand(desk: Place) -> None:
    await team(desk, "manual")
    await give(desk)
    assert desk.gateway.window == f"✔ #{desk.dialog.id}: Refunds"
    now = await desk.store.read(dialogs.by_id, desk.dialog.id)
    assert (now.team, now.assignee) == ("Refunds", None)


@pytest.mark.row("W-03")
async def test_a_ready_member_gets_waiting_dialogs_and_an_away_member_does_not(
    desk: Place,
) -> None:
    await team(desk, "round_robin")
    await give(desk)
    await desk.says("/away", IVAN, chat=IVAN)
    now = await desk.store.read(dialogs.by_id, desk.dialog.id)
    assert now.assignee is None
    await desk.says("/ready", IVAN, chat=IVAN)
    now = await desk.store.read(dialogs.by_id, desk.dialog.id)
    assert now.assignee is not None and now.assignee.telegram_id == IVAN
