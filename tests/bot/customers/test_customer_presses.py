"""What customers press: ratings, “my question is solved”, a language."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs, ratings
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.door import PERSON, Door
from tests.bot.staging import (
    buttons_of,
    manager,
    opened,
    rendered,
)


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


async def closed_with_form(store: Store) -> str:
    def work(tx: Tx) -> str:
        close_dialog(tx, manager=manager(tx), dialog_id=1, closing=Closing(send_rating_form=True))
        rating = ratings.by_id(tx, 1)
        assert rating is not None
        return str(rating["token"])

    return await store.act(work)


@pytest.mark.row("L-62")
@pytest.mark.row("L-64")
@pytest.mark.row("L-67")
async def test_the_first_rating_counts_and_the_second_is_answered(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    await door.presses(f"rate:{token}:2")
    assert door.heard.toast == "Saved: Okay."
    assert "Thank you for your rating!" in await door.said("standard")
    await door.presses(f"rate:{token}:3")
    assert door.heard.toast == "Already saved, thank you. Your answer: Okay."
    assert (await door.store.read(dialogs.by_id, 1)).service_rating == 2


async def test_a_rating_after_a_week_is_answered_politely(door: Door, clock: ManualClock) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    clock.advance(8 * 86400)
    await door.presses(f"rate:{token}:1")
    assert door.heard.toast.startswith("Thank you! This rating has closed")
    assert (await door.store.read(dialogs.by_id, 1)).service_rating is None


@pytest.mark.parametrize("data", ["rate:nothing:1", "rate:", "rate", "rate:x:y:z", "rate:x:-1"])
async def test_an_unknown_press_is_answered_too(door: Door, data: str) -> None:
    await door.says("hello")
    row = await door.presses(data)
    assert row["state"] == "done"
    assert door.heard.toast == "This button no longer works. Just write here."


async def test_a_customer_cannot_rate_for_another(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    token = await closed_with_form(door.store)
    other = {**PERSON, "id": 510000777}
    await door.presses(f"rate:{token}:1", other)
    assert "no longer works" in door.heard.toast
    assert (await door.store.read(dialogs.by_id, 1)).service_rating is None


async def test_my_question_is_solved_closes_the_dialog_once(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    await door.says("/help")
    (answer,) = [found for found in await rendered(door.store, "customer_notice") if isinstance(found, Call)]
    ((_, data),) = buttons_of(answer)
    await door.presses(data)
    assert door.heard.toast.startswith("Glad to hear it")
    assert (await door.store.read(dialogs.by_id, 1)).state == "closed"
    await door.presses(data)
    assert "closed this request" in door.heard.toast


@pytest.mark.parametrize(
    "data", ["solved:1", "solved:999", "solved:", "solved:0x1", "solved:99999999999999999999"]
)
async def test_a_customer_cannot_close_anothers_dialog(door: Door, data: str) -> None:
    await door.says("hello")
    await opened(door.store)
    row = await door.presses(data, {**PERSON, "id": 510000777})
    assert row["state"] == "done"
    assert "closed this request" in door.heard.toast
    assert (await door.store.read(dialogs.by_id, 1)).state == "active"
