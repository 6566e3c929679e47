"""Hostile updates: each is finished with a status, and the good message behind it arrives."""

import copy
import json
import reprlib
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiogram import Router
from aiogram.types import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdline.bot.dispatcher import build_dispatcher, build_feed
from holdline.bot.intake.worker import Worker
from holdline.bot.work import Work
from holdline.desk.notices.places import staff_group
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import NotAnUpdate, update_from_text, update_from_value
from tests.bot.door import Door, message
from tests.bot.inbox_kit import Json, effects, noted, rows, settle, text
from tests.bot.staging import ADMIN, ANNA, GROUP

UPDATES = [
    json.loads(line)["update"]
    for line in (Path(__file__).parents[1] / "data" / "updates.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
NUMBERS = count(1)


def deep(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = [value]
    return value


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, -1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, float("nan"), float("inf")]),
    st.text(max_size=20),
    st.sampled_from(
        ["\ud800", "\udfff\ud83d", "\x00", "\u202e" * 50, "A" * 100_000, "{}", "'; DROP TABLE inbox"]
    ),
    st.builds(deep, st.sampled_from([50, 900, 3000])),
    st.builds(dict) | st.builds(list) | st.builds(lambda: {"id": {"id": {}}}),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an update where something else could stand."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if len(path) > 6:
        return [path]
    found = [place for key, below in inner for place in places(below, (*path, key))]
    return [path, *found] if path else found


class Spoilt:
    """An update whose print stays short: a value nested thousands of levels deep would hide why the test failed."""

    def __init__(self, update: Json) -> None:
        self.update = update

    def __repr__(self) -> str:
        return f"Spoilt({reprlib.repr(self.update)})"


@st.composite
def hostile(draw: st.DrawFn) -> Spoilt:
    """A real update with one to three places spoilt: replaced, removed or added to."""
    update: Json = copy.deepcopy(draw(st.sampled_from(UPDATES)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(update)))
        holder: Any = update
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[last] = draw(HOSTILE)
            case "remove" if isinstance(holder, dict) and last != "update_id":
                del holder[last]
            case _ if isinstance(holder, dict):
                holder[draw(st.text(max_size=8))] = draw(HOSTILE)
    return Spoilt(update)


def router() -> Router:
    """Takes every message, reads its text, and notes it."""
    router = Router()

    @router.message()
    async def words(message: Message, work: Work) -> None:
        (message.text or message.caption or "").encode("utf-8", "replace")
        await work.act(noted, update_id=work.update_id)

    return router


@pytest.mark.filterwarnings(
    "ignore:Do not use the .random. module"
)  # threads of the pool throw dice meanwhile
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batch=st.lists(hostile(), min_size=5, max_size=20))
async def test_a_hostile_update_ends_and_the_next_good_one_arrives(
    store: Store, clock: ManualClock, batch: list[Spoilt]
) -> None:
    good: list[int] = []
    for update in (spoilt.update for spoilt in batch):
        if "update_id" in update and type(update["update_id"]) is int and 0 < update["update_id"] < 2**62:
            update["update_id"] = next(NUMBERS)
        received = update_from_value(update)
        follower = text(next(NUMBERS), chat=received.ordering_key if received.ordering_key > 0 else 11)
        good.append(follower["update_id"])
        await store.act(inbox.put, [received, update_from_value(follower)])
    await settle(Worker(store, build_feed(build_dispatcher([router()]), 7000000001)), clock)
    found = await rows(store)
    assert {row["state"] for row in found.values()} <= {"done", "ignored", "quarantined"}
    assert all(row["reason"] for row in found.values() if row["state"] != "done")
    assert {found[number]["state"] for number in good} == {"done"}
    assert set(good) <= set(await effects(store))


@given(body=st.one_of(st.text(), st.recursive(st.integers() | st.text(), st.lists).map(json.dumps)))
def test_any_text_is_parsed_as_an_update_or_refused(body: str) -> None:
    try:
        received = update_from_text(body)
    except NotAnUpdate:
        return
    assert json.loads(received.raw)["update_id"] == received.update_id


@given(value=hostile().map(lambda spoilt: spoilt.update) | HOSTILE)
def test_every_result_of_a_poll_is_kept(value: object) -> None:
    received = update_from_value(value)
    received.raw.encode("ascii")
    assert "\x00" not in received.raw
    assert -(2**63) <= received.ordering_key < 2**63
    assert -(2**63) <= received.update_id < 2**63
    assert received.update_id >= 0 or received.fault


async def test_deeply_nested_formatting_delays_no_other_update(group_desk: Store) -> None:
    """Each level takes aiogram sixteen times as long: 20 seconds for these five, and nothing runs meanwhile."""
    words: Any = "hello"
    for level in range(5):
        words = {"type": ("bold", "italic")[level % 2], "text": words}
    door, began = Door(group_desk), time.process_time()
    row = await door.comes(
        message=message(rich_message={"blocks": [{"type": "paragraph", "text": words}]}),
    )
    assert time.process_time() - began < 5
    assert row["state"] == "done"
    assert [said for said in await door.said("customer_notice") if "cannot be passed on" in said]


async def test_a_number_too_large_for_its_column_is_quarantined_at_once(group_desk: Store) -> None:
    row = await Door(group_desk).comes(
        message=message(text="hello", reply_to_message=message(message_id=2**63))
    )
    assert (row["state"], row["attempts"]) == ("quarantined", 1)
    assert row["reason"] == "cannot be decoded: OverflowError"


POLL = {
    "id": "1", "question": "?", "options": [{"persistent_id": "0", "text": "a", "voter_count": 0}], "type": "regular",
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "allows_multiple_answers": False,
    "allows_revoting": False, "members_only": False, "close_date": "0001-01-01",
}  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"poll": POLL},
        {"location": {"latitude": float("inf"), "longitude": 2.0}},
        {"location": {"latitude": float("nan"), "longitude": 2.0}},
    ],
)
async def test_an_update_that_cannot_be_stored_is_set_aside_at_once(group_desk: Store, body: Json) -> None:
    """A date before the first one, and numbers for which JSON has no word."""
    row = await Door(group_desk).comes(message=message(**body))
    assert (row["state"], row["attempts"]) == ("quarantined", 1)
    assert row["reason"].startswith("cannot be decoded")


BOSS = {"id": ADMIN, "is_bot": False, "first_name": "Boss"}
HERS = message(text="/find Anna", **{"from": BOSS})
MEMBER = {"user": {"id": 7, "is_bot": True, "first_name": "Bot"}, "status": "member"}
ABOUT = {"chat": HERS["chat"], "date": 1}


@pytest.mark.parametrize(
    "update",
    [
        {"message": HERS},
        {"edited_message": HERS | {"edit_date": 2}},
        {"callback_query": {"id": "1", "from": BOSS, "chat_instance": "1", "message": HERS, "data": "n.all"}},
        {"message_reaction": ABOUT | {"user": BOSS, "message_id": 5, "old_reaction": [], "new_reaction": []}},
        {"my_chat_member": ABOUT | {"from": BOSS, "old_chat_member": MEMBER, "new_chat_member": MEMBER}},
    ],
)
async def test_an_update_with_a_manager_in_a_customers_private_chat_is_refused(
    group_desk: Store, update: Json
) -> None:
    """What the desk answers a manager would appear at the customer's."""
    row = await Door(group_desk).comes(**update)
    assert (row["state"], row["attempts"]) == ("quarantined", 1)
    shown = await group_desk.read(
        lambda tx: tx.all("SELECT id FROM outbox WHERE chat_id = :id", id=ANNA.telegram_id)
    )
    assert shown == []


async def test_texts_with_an_album_id_arrive_as_texts(group_desk: Store) -> None:
    """Telegram groups files only, and no album can say a text."""
    door = Door(group_desk)
    for words in ("first", "second"):
        await door.comes(message=message(text=words, media_group_id="7"))
    found = await group_desk.read(lambda tx: tx.all("SELECT album_id FROM messages WHERE direction = 'in'"))
    assert [row["album_id"] for row in found] == [None, None]


@pytest.mark.parametrize("new", [236, ANNA.telegram_id, 0])
async def test_the_desk_never_moves_into_a_persons_chat(group_desk: Store, new: int) -> None:
    group = {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}
    await Door(group_desk).comes(message=message(chat=group, migrate_to_chat_id=new))
    assert await group_desk.read(staff_group) == GROUP
