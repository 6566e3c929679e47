"""A desk with a group, a manager and a customer; what waits in the outbox is rendered or counted as sent."""

import json
from typing import Any

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.notices.sent_notices import confirm_sent
from holdline.desk.people.managers import ensure_admins, get_acting_manager
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.sandbox.check import any_of
from holdline.sandbox.facts import api
from holdline.screens.render import render
from holdline.store.delivery import delivery_results, telegram_messages
from holdline.store.engine import Store
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip

GROUP = -1002100000001
ADMIN, IVAN = 400000077, 400000078
ANNA = MessageSender(510000001, "Anna", "anna", "en")
_NUMBERS = iter(range(5000, 10**6))


def furnished(tx: Tx) -> None:
    ensure_lists(tx)
    ensure_admins(tx)


def manager(tx: Tx) -> Manager:
    return get_acting_manager(tx, ADMIN)


def named(tx: Tx, telegram_id: int, name: str) -> Manager:
    return managers.insert(tx, telegram_id=telegram_id, name=name, role="manager")


def customer(tx: Tx, sender: MessageSender = ANNA) -> Customer:
    found = customers.by_telegram_id(tx, sender.telegram_id)
    assert found is not None
    return found


def words(text: str = "Where is my order?", number: int = 71, **more: Any) -> Content:
    return Content("text", text, chat_id=ANNA.telegram_id, tg_message_id=number, **more)


async def wrote(store: Store, content: Content, sender: MessageSender = ANNA) -> int:
    number = await store.act(receive_customer_message, sender=sender, content=content)
    assert number is not None
    return number


async def opened(store: Store, title: str = "Delivery", sender: MessageSender = ANNA) -> Dialog:
    def work(tx: Tx) -> Dialog:
        return open_dialog(tx, manager=manager(tx), opening=Opening(customer(tx, sender).id, title))

    return await store.act(work)


def waiting(tx: Tx) -> list[Row]:
    return tx.all("SELECT * FROM outbox WHERE status = 'queued' ORDER BY id")


async def rendered(store: Store, kind: str | None = None) -> list[Call | Skip]:
    """What would be called for everything queued, or for one kind of it."""

    def work(tx: Tx) -> list[Call | Skip]:
        return [render(tx, row) for row in waiting(tx) if kind in (None, row["kind"])]

    found = await store.read(work)
    assert [problem for one in found if isinstance(one, Call) for problem in problems(one)] == []
    return found


def problems(called: Call) -> list[str]:
    """Where it is not a call of the published Bot API."""
    fields = api().methods[called.method].fields
    files = [*called.files, *([called.order.field] if called.order is not None else [])]
    given = called.params | dict.fromkeys(files, "attach")
    found = [f"{called.method}.{name}: unknown" for name in given if name not in fields]
    found += [
        f"{called.method}.{name}: missing"
        for name, one in fields.items()
        if one.required and name not in given
    ]
    json.dumps(called.params)
    for name, value in given.items():
        if name in fields:
            found += any_of(fields[name].types)(value, f"{called.method}.{name}")
    return found


async def call(store: Store, kind: str) -> Call:
    """The newest of that kind, as a call."""
    found = (await rendered(store, kind))[-1]
    assert isinstance(found, Call), found
    return found


def _role(kind: str) -> str:
    if kind in ("message", "mirror", "inbox_card", "album"):
        return "copy"
    return {"info_card": "card", "rating_form": "form"}.get(kind, "notice")


def settle(tx: Tx, row: Row) -> None:
    """What follows from a send that Telegram took: the least that later renders look at."""
    number = next(_NUMBERS)
    tx.run(
        "UPDATE outbox SET status = 'sent', settled_at = :at, tg_message_id = :tg WHERE id = :id",
        at=tx.at,
        tg=number,
        id=row["id"],
    )
    if row["kind"] == "topic_create":
        tx.run("UPDATE places SET thread_id = :t WHERE id = :id", t=number, id=row["place_id"])
        return
    if row["kind"] == "delivery_mark":
        return
    if row["kind"] == "delete_copy":
        telegram_messages.mark_deleted(tx, row["chat_id"], row["payload_json"]["tg_message_id"])
        return
    if row["kind"] == "message":
        delivery_results.mark_messages_sent(tx, [row["message_id"]])
        confirm_sent(tx, [row["message_id"]])
    if row["kind"] == "info_card":
        tx.run("UPDATE places SET card_tg_message_id = :t WHERE id = :id", t=number, id=row["place_id"])
    links = {name: row[name] for name in ("message_id", "dialog_id", "customer_id", "place_id")}
    payload = row["payload_json"]
    telegram_messages.add(
        tx,
        row["chat_id"],
        number,
        _role(row["kind"]),
        audience=Audience(row["audience"]),
        **links,
        inbox_item_id=payload.get("inbox_item_id"),
        part=payload.get("part", 0),
    )


async def all_sent(store: Store) -> None:
    def work(tx: Tx) -> None:
        for row in waiting(tx):
            settle(tx, row)

    await store.act(work)


def text_of(found: Call) -> str:
    return str(found.params.get("text") or found.params.get("caption"))


def marked_words(found: Call) -> list[tuple[str, str]]:
    """Each entity with the words it covers, counted as Telegram counts."""
    entities = found.params.get("entities") or found.params.get("caption_entities") or []
    raw = text_of(found).encode("utf-16-le")
    return [
        (e["type"], raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in entities
    ]


def buttons_of(found: Call) -> list[tuple[str, str]]:
    rows = found.params.get("reply_markup", {}).get("inline_keyboard", [])
    return [(b["text"], b.get("callback_data") or b["url"]) for row in rows for b in row]
