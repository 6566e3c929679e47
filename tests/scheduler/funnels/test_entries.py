"""How customers enter a funnel."""

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.customers.customers import greet_customer, resume_marketing, stop_marketing
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.funnels.entries import enrol_by_button
from holdline.dialogs.closing import Closing
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs

HELLO = {"send": {"text": "hello"}}


async def starts(runs: Runs, payload: str) -> None:
    content = Content(text=f"/start {payload}", tg_message_id=next(runs.bench.ids))
    await runs.bench.store.act(greet_customer, sender=ANNA, payload=payload, content=content)


@pytest.mark.row("M-02")
async def test_a_start_link_lets_in(runs: Runs) -> None:
    await runs.funnel(HELLO, entry={"start": "promo"})
    await starts(runs, "other")
    await runs.passes()
    assert runs.texts == []
    await starts(runs, "promo")
    await starts(runs, "promo")
    await runs.passes(10)
    assert runs.texts == ["hello"]
    await runs.sleeps(120)
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == ["hello", "hello"], "much later it is a new way"


@pytest.mark.row("M-02")
async def test_a_tag_lets_in_and_two_that_tag_for_each_other_come_to_an_end(runs: Runs) -> None:
    for name, tag, other in (("A", "a", "b"), ("B", "b", "a")):
        await runs.funnel(HELLO, {"untag": tag}, {"tag": other}, name=name, entry={"tag": tag})
    words = {"actor": SYSTEM, "customer_id": runs.bench.anna.id, "changes": {"tags": ["a", "z"]}}
    await runs.bench.store.act(change_customer, **words)
    for _ in range(5):
        await runs.passes(5)
        await runs.sleeps(100)
    assert runs.texts == ["hello", "hello"]


@pytest.mark.row("M-02")
async def test_a_button_of_a_broadcast_lets_in_where_the_funnel_wants_it(runs: Runs) -> None:
    await runs.funnel(HELLO, name="Open", entry={"button": True})
    await runs.funnel(HELLO, name="Shut")
    customer_id = runs.bench.anna.id
    let_in = [
        await runs.bench.store.act(lambda tx, name=name: enrol_by_button(tx, customer_id, name))
        for name in ("Open", "Shut", "None")
    ]
    await runs.passes()
    assert (let_in, runs.texts) == ([True, False, False], ["hello"])


@pytest.mark.row("M-02")
@pytest.mark.parametrize(
    ("entry", "enters"), [(True, True), ({"type": "Support"}, True), ({"type": "Refund"}, False)]
)
async def test_the_close_of_a_dialog_lets_in(runs: Runs, entry: object, enters: bool) -> None:
    await runs.funnel(HELLO, entry={"dialog_closed": entry})
    dialog = await opened(runs.bench)
    words = {"manager": runs.bench.maria, "dialog_id": dialog.id, "closing": Closing()}
    await runs.bench.store.act(close_dialog, **words)
    await runs.passes()
    assert runs.texts == (["hello"] if enters else [])


async def test_who_took_no_offers_is_let_in_once_they_want_them_again(runs: Runs) -> None:
    """The link was what they asked for; the button under the greeting brings it about."""
    await runs.funnel(HELLO, entry={"start": "promo"})
    await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == []
    await runs.bench.store.act(resume_marketing, telegram_id=ANNA.telegram_id, under="greeting")
    await runs.passes()
    assert runs.texts == ["hello"]


async def test_who_left_and_comes_by_a_link_is_let_in_at_once(runs: Runs) -> None:
    await runs.funnel(HELLO, {"wait": "1h"}, entry={"start": "promo"}, stop_words=["enough"])
    await starts(runs, "promo")
    await runs.passes()
    await runs.says("enough")
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == ["hello", "hello"]
