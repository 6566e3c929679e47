"""@name in a note: the colleague is notified, in each place of work, and the customer gets nothing."""

from collections.abc import AsyncIterator

import pytest

from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.conversation import notes
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, IVAN


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk
        assert await desk.store.read(invariants.find_violations) == []


def told(said: list[Said], person: int) -> list[Said]:
    return [one for one in said if one.call.params["chat_id"] == person and "mentions you" in one.text]


@pytest.mark.row("W-19")
async def test_a_mentioned_colleague_is_notified_with_a_link(desk: Place) -> None:
    await desk.line(".@ivan can you call her?")
    said = await desk.heard()
    (notice,) = told(said, IVAN)
    assert "@ivan can you call her?" in notice.text and "Maria" in notice.text
    assert any(f"#{desk.dialog.id}" in one or f"dlg.go:{desk.dialog.id}" in one or "t.me" in one
               for one in notice.offered)  # fmt: skip
    assert to_customer(said) == []


async def test_a_reply_to_a_mention_is_a_note(desk: Place) -> None:
    await desk.line(".@ivan can you call her?")
    (notice,) = told(await desk.heard(), IVAN)
    await desk.says("I did", IVAN, reply_to=notice.number)
    assert to_customer(await desk.heard()) == []
    after = await desk.store.read(notes.page, desk.dialog.id)
    assert [note["text"] for note in after] == ["@ivan can you call her?", "I did"]


async def test_a_manager_is_not_notified_of_their_own_note(desk: Place) -> None:
    await desk.line(".@maria remember this")
    assert told(await desk.heard(), ADMIN) == []
