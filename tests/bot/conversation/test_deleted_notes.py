"""/delete as a reply to one's own note, in each place of work."""

from collections.abc import AsyncIterator

import pytest

from holdline.store.clock import ManualClock
from holdline.store.conversation import notes
from tests.bot.desk_kit import to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, IVAN


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        await desk.says(f"/take #{desk.dialog.id}", IVAN)
        await desk.says(f"/take #{desk.dialog.id}", ADMIN)
        await desk.heard()
        yield desk


async def test_a_deleted_note_is_marked_as_deleted_for_colleagues(desk: Place) -> None:
    number = await desk.says(f"/note #{desk.dialog.id} he is angry", ADMIN, **await desk.where(ADMIN))
    await desk.heard()
    await desk.says("/delete", ADMIN, reply_to=number, **await desk.where(ADMIN))
    said = await desk.heard()
    assert any("note is deleted" in one.text for one in said) and to_customer(said) == []
    (note,) = await desk.store.read(notes.page, desk.dialog.id)
    assert note["deleted_at"] is not None
    if desk.mode != "group topic":  # there all read the message itself
        assert any("Maria has deleted this note" in one.text for one in said)
