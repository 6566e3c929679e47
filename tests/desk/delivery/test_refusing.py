"""What a refusal makes of an item, by what it is and for whom. A wrong step would give up words that could still
arrive, or ask Telegram for ever.
"""

from typing import Any

import pytest

from holdline.desk.delivery.refusals import handle_front_refusal, handle_refusal
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.rules import DeskRules
from holdline.store.broadcasts import cards
from holdline.store.delivery import chats
from holdline.store.people import customers
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx
from holdline.telegram.group_rights import PIN, PRESENCE
from holdline.telegram.outcomes import FRONT_LIMIT, Action, RetryLater, Scope
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, opened, written

LONG = "x" * 400
EDIT: dict[str, Any] = {"kind": "edit_copy", "payload_json": {"tg_message_id": 5}}
MARIA = 400000077


async def refuse(bench: Bench, item: Row, action: Action, words: str = LONG, **more: Any) -> Row:
    """The item after that refusal of its call."""

    def work(tx: Tx) -> None:
        locked = chats.lock_all(tx, [item["chat_id"], *more.values()])
        (chat,) = [row for row in locked if row["chat_id"] == item["chat_id"]]
        handle_refusal(tx, item, chat, no(action, words, code=409, **more))

    await bench.store.act(work)
    return await bench.item(item["id"])


async def reply(bench: Bench, **fields: Any) -> Row:
    """A manager's reply to Anna that is being sent, with these fields instead."""
    message = await written(bench, await opened(bench))
    sql = "SELECT * FROM outbox WHERE message_id = :id AND audience = 'customer'"
    return {**await bench.one(sql, id=message.id), **fields}


async def line(bench: Bench, **fields: Any) -> Row:
    """A line of Anna's that is being shown in the group, with these fields instead."""
    (row,) = await lines(bench, 1, operations=0)
    return {**row, **fields}


async def keys(bench: Bench) -> list[str]:
    return [row["payload_json"]["key"] for row in await notices(bench)]


@pytest.mark.parametrize(
    ("fields", "action", "told"),
    [
        (EDIT, Action.GONE, True),
        (EDIT, Action.PARK, True),
        (EDIT, Action.BLOCKED, True),
        (EDIT, Action.IN_WORDS, True),
        ({**EDIT, "kind": "delete_copy"}, Action.GONE, True),
        ({**EDIT, "audience": "desk"}, Action.GONE, False),
        ({"kind": "rating_form_edit", "payload_json": {}}, Action.GONE, False),
        ({"kind": "pin", "payload_json": {"tg_message_id": 5}}, Action.GONE, False),
    ],
)
async def test_the_editor_is_notified_that_the_customer_still_sees_the_old_text(
    bench: Bench, fields: dict[str, Any], action: Action, told: bool
) -> None:
    row = await refuse(bench, await reply(bench, **fields), action)
    assert row["status"] == "cancelled"
    assert await keys(bench) == (["delivery.change_refused"] if told else [])


@pytest.mark.parametrize(("words", "refused"), [("REACTION_INVALID", True), ("message not found", False)])
async def test_a_chat_without_reactions_is_remembered(bench: Bench, words: str, refused: bool) -> None:
    mark = {"kind": "delivery_mark", "payload_json": {"tg_message_id": 5}, "audience": "desk"}
    row = await refuse(bench, await reply(bench, **mark), Action.GONE, words)
    assert row["status"] == "cancelled"
    assert ((await bench.chat())["reactions_refused_at"] is not None) is refused
    assert await keys(bench) == []


async def test_a_deleted_card_of_a_broadcast_is_no_longer_updated(bench: Bench) -> None:
    await bench.store.act(cards.put, 1, MARIA, said_as="card", shown={})
    fields = {"kind": "desk_notice_edit", "payload_json": {"said_as": "card", "key": "x"}}
    await refuse(bench, await reply(bench, **fields), Action.GONE)
    assert await bench.store.read(lambda tx: cards.list_live(tx, limit=9)) == []


@pytest.mark.parametrize(
    ("fields", "action", "status", "notes"),
    [
        ({}, Action.IN_WORDS, "queued", {"in_words": True}),
        ({"payload_json": {"in_words": True}}, Action.IN_WORDS, "parked", {}),
        ({"kind": "document"}, Action.IN_WORDS, "parked", {}),
        ({"audience": "customer"}, Action.IN_WORDS, "parked", {}),
        ({}, Action.BY_FILE, "queued", {"by_file": True}),
        (
            {"payload_json": {"by_file": True}},
            Action.BY_FILE,
            "queued",
            {"by_file": True, "in_words": True},
        ),
        ({"payload_json": {"by_file": True, "in_words": True}}, Action.BY_FILE, "parked", {}),
    ],
)
async def test_a_message_that_cannot_be_copied_is_sent_from_its_file_or_as_text(
    bench: Bench, fields: dict[str, Any], action: Action, status: str, notes: dict[str, Any]
) -> None:
    row = await refuse(bench, await line(bench, **fields), action)
    assert (row["status"], row["error"], row["error_code"]) == (status, LONG[:300], 409)
    if status == "queued":
        assert row["payload_json"] == notes


@pytest.mark.parametrize(
    ("fields", "action", "status", "in_history"),
    [
        ({}, Action.NO_BUTTONS, "queued", True),
        ({}, Action.PLAIN, "queued", False),
        ({"audience": "desk"}, Action.NO_BUTTONS, "queued", False),
        ({"customer_id": None}, Action.NO_BUTTONS, "queued", False),
        ({"payload_json": {"mends": ["no_buttons"]}}, Action.NO_BUTTONS, "parked", False),
        ({"kind": "rating_form", "payload_json": {"rating_id": 1}}, Action.NO_BUTTONS, "parked", False),
        ({"kind": "rating_form", "payload_json": {"rating_id": 1}}, Action.PLAIN, "queued", False),
        ({"broadcast_id": 1}, Action.PLAIN, "parked", False),
        ({"broadcast_id": 1}, Action.NO_BUTTONS, "parked", False),
        ({"broadcast_id": 1}, Action.NO_QUOTE, "queued", False),
    ],
)
async def test_a_refused_inessential_part_is_left_out_once(
    bench: Bench, fields: dict[str, Any], action: Action, status: str, in_history: bool
) -> None:
    item = await reply(bench, **fields)
    row = await refuse(bench, item, action)
    assert (row["status"], row["error"], row["error_code"]) == (status, LONG[:300], 409)
    if status == "queued":
        assert row["payload_json"] == {**item["payload_json"], "mends": [action.value]}
    told = await bench.all("SELECT * FROM history WHERE kind = 'buttons_left_out'")
    assert len(told) == in_history
    for entry in told:
        assert (entry["customer_id"], entry["dialog_id"]) == (bench.anna.id, item["dialog_id"])
        data = {"outbox_id": item["id"], "message_id": item["message_id"], "reason": LONG}
        assert entry["data_json"] == data


@pytest.mark.parametrize(
    ("action", "reach"),
    [
        (Action.BLOCKED, "blocked"),
        (Action.DEACTIVATED, "deactivated"),
        (Action.UNKNOWN_CHAT, "unknown"),
    ],
)
@pytest.mark.parametrize(
    ("fields", "status", "key"),
    [
        ({}, "parked", "delivery.{}"),
        ({"class": "funnel"}, "cancelled", None),
        (EDIT, "cancelled", "delivery.change_refused"),
    ],
)
async def test_a_customers_closed_chat_cancels_marketing_and_notifies_the_author(
    bench: Bench, action: Action, reach: str, fields: dict[str, Any], status: str, key: str | None
) -> None:
    item = await reply(bench, **fields)
    if action is Action.UNKNOWN_CHAT:
        row = await refuse(bench, item, action)
        assert (row["status"], row["error"], row["error_code"]) == ("queued", LONG[:300], 409)
        assert row["payload_json"] == {**item["payload_json"], "doubted": True}
        item = {**item, "payload_json": row["payload_json"]}
    row = await refuse(bench, item, action)
    assert (row["status"], row["error_code"]) == (status, 409)
    if fields:
        assert row["error"] == reach
    assert await keys(bench) == ([key.format(reach)] if key else [])
    (told,) = await bench.all("SELECT * FROM history WHERE kind = 'became_unreachable'")
    assert (told["customer_id"], told["data_json"]) == (bench.anna.id, {"reach": reach})
    anna = await bench.store.read(customers.by_id, bench.anna.id)
    assert anna is not None and anna.reach == reach


async def test_a_managers_closed_chat_cancels_items_without_marking_a_customer_unreachable(
    bench: Bench,
) -> None:
    own = await bench.item(await bench.add("view", **{**DESK, "chat_id": MARIA}, kind="desk_notice"))
    row = await refuse(bench, own, Action.BLOCKED)
    assert (row["status"], row["error"]) == ("cancelled", f"unreachable: {LONG}"[:300])
    assert await bench.all("SELECT id FROM history WHERE kind = 'became_unreachable'") == []
    stopped = await refuse(bench, await reply(bench), Action.CHAT_STOPPED)
    assert stopped["status"] == "parked"
    assert await keys(bench) == ["delivery.unknown"]


@pytest.mark.parametrize(
    "action", [Action.BLOCKED, Action.DEACTIVATED, Action.UNKNOWN_CHAT, Action.CHAT_STOPPED]
)
@pytest.mark.parametrize(
    ("stop", "lacks", "told"),
    [(None, (), True), ("kicked", (), False), (None, (PRESENCE,), False), (None, (PIN,), True)],
)
async def test_a_group_that_removed_the_bot_keeps_its_items_and_is_reported_once(
    bench: Bench, action: Action, stop: str | None, lacks: tuple[str, ...], told: bool
) -> None:
    bench.store.rules = DeskRules(staff_group=GROUP)
    item = await bench.item(await bench.add("card", **DESK))

    def known(tx: Tx) -> None:
        settings.put(tx, "group_state", {"group": GROUP, "lacks": list(lacks)})
        tx.run("UPDATE chats SET stop_reason = :stop WHERE chat_id = :id", stop=stop, id=GROUP)

    await bench.store.act(known)
    row = await refuse(bench, item, action)
    assert (row["status"], row["error"], row["error_code"]) == ("queued", LONG[:300], 409)
    assert await keys(bench) == (["delivery.group_stopped"] if told else [])
    for notice in await notices(bench):
        assert notice["payload_json"]["words"]["group"] == GROUP


async def test_a_group_that_moved_to_an_unknown_id_is_tried_again(bench: Bench) -> None:
    item = await bench.item(await bench.add("card", **DESK))
    row = await refuse(bench, item, Action.MIGRATED)
    assert (row["status"], row["chat_id"]) == ("queued", GROUP)
    await bench.store.act(chats.add, [GROUP - 5])
    row = await refuse(bench, item, Action.MIGRATED, new_chat_id=GROUP - 5)
    assert (row["status"], row["chat_id"], row["error"]) == ("queued", GROUP - 5, LONG)


async def test_an_edit_that_changes_nothing_counts_as_sent(bench: Bench) -> None:
    item = await bench.item(await bench.add("edit", kind="edit_copy", payload={"tg_message_id": 5}))
    assert (await refuse(bench, item, Action.DONE))["status"] == "sent"


@pytest.mark.parametrize(("action", "tries"), [(Action.TRY_AGAIN, 2), (Action.MEDIA, 3), (Action.UNPAID, 3)])
@pytest.mark.parametrize(("fields", "last"), [({}, "parked"), (EDIT, "cancelled")], ids=["reply", "edit"])
async def test_a_temporary_refusal_is_tried_a_few_times(
    bench: Bench, action: Action, tries: int, fields: dict[str, Any], last: str
) -> None:
    item = await reply(bench, **fields)
    for failures in range(tries):
        row = await refuse(bench, {**item, "failures": failures}, action)
        assert (row["error"], row["error_code"]) == (LONG[:300], 409)
        if failures < tries - 1:
            assert (row["status"], row["failures"]) == ("queued", failures + 1)
    assert row["status"] == last


@pytest.mark.parametrize(
    ("fields", "last", "code"), [({}, "parked", 403), (EDIT, "cancelled", 0), (EDIT, "cancelled", 403)]
)
async def test_a_call_answered_by_a_proxy_is_not_repeated_for_ever(
    bench: Bench, fields: dict[str, Any], last: str, code: int
) -> None:
    item = await reply(bench, **fields)
    later = RetryLater("a page", Scope.FRONT, None, code or None)
    before = item["payload_json"]
    for pages in (FRONT_LIMIT - 2, FRONT_LIMIT - 1):
        noted = {**item, "payload_json": {**before, "pages": pages}}
        assert await bench.store.act(handle_front_refusal, noted, later) == pages + 1
        row = await bench.item(item["id"])
        if pages == FRONT_LIMIT - 2:
            assert (row["status"], row["error"]) == ("queued", "a page")
            assert row["payload_json"] == {**before, "pages": FRONT_LIMIT - 1}
    assert (row["status"], row["error"], row["error_code"]) == (last, "a page", code)
    assert await keys(bench) == ["delivery.uncertain" if last == "parked" else "delivery.change_refused"]


async def test_an_automatic_offer_is_parked_without_a_notice(bench: Bench) -> None:
    offer = await bench.item(await bench.add("offer", MessageClass.BROADCAST))
    assert (await refuse(bench, offer, Action.PARK))["status"] == "parked"
    assert await keys(bench) == []
    assert offer["chat_id"] == ANNA.telegram_id
