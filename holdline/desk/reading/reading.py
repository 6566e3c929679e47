"""Reading: nothing here changes a state, an assignee or a clock."""

from typing import Any

from holdline.desk.reading.forwarded import add_results_of_forwards
from holdline.dialogs.address import Channel
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs, history, inbox_items
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.dialogs.inbox_items import ItemFilter
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


def dialog_by_id(tx: Tx, *, dialog_id: int) -> Dialog:
    return dialogs.by_id(tx, dialog_id)


WAITING_ITEMS = ItemFilter(state="new")


def dialog_page(
    tx: Tx,
    *,
    narrowed: DialogFilter | None = None,
    order: str = "oldest",
    after: int | None = None,
    limit: int = 50,
) -> list[Dialog]:
    """A page of dialogs. `order`: oldest, newest, due or changed; `after`: the last id of the previous page."""
    return dialogs.page(tx, narrowed or DialogFilter(), order=order, after=after, limit=limit)


CustomerDetails = tuple[Customer, list[str], dict[str, bool]]
"""The customer, their tags, and their choices about marketing topics."""


def customers_page(
    tx: Tx, *, telegram_id: int | None = None, after: int = 0, limit: int = 50
) -> list[CustomerDetails]:
    """A page of customers with their details; at most one if a Telegram id is given."""
    if telegram_id is None:
        page = customers.page(tx, after=after, limit=limit)
    else:
        single = customers.by_telegram_id(tx, telegram_id)
        page = [single] if single else []
    return [_details(tx, customer) for customer in page]


def customer_details(tx: Tx, *, customer_id: int) -> CustomerDetails:
    """A customer with their details; raises NotFound if there is none."""
    return _details(tx, customers.load(tx, customer_id))


def _details(tx: Tx, customer: Customer) -> CustomerDetails:
    return customer, customers.tags(tx, customer.id), topics.choices(tx, customer.id)


def transcript(
    tx: Tx,
    *,
    customer_id: int | None = None,
    dialog_id: int | None = None,
    general_only: bool = False,
    order: str = "oldest",
    after: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Messages as the API shows them: of a dialog, of a customer, or of the general chat only."""
    _exists(tx, customer_id, dialog_id)
    rows = messages.page(
        tx,
        customer_id=customer_id,
        dialog_id=dialog_id,
        general_only=general_only,
        newest_first=order == "newest",
        after=after,
        limit=limit,
    )
    return [_line(row) for row in rows]


def history_of(
    tx: Tx,
    *,
    customer_id: int | None = None,
    dialog_id: int | None = None,
    kind: str | None = None,
    order: str = "oldest",
    after: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Lines of history: {"id", "at", "kind", "actor", "text", "data"}."""
    _exists(tx, customer_id, dialog_id)
    rows = history.page(
        tx,
        customer_id=customer_id,
        dialog_id=dialog_id,
        kind=kind,
        newest_first=order == "newest",
        after=after,
        limit=limit,
    )
    return entries_of(tx, rows)


def entries_of(tx: Tx, rows: list[Row]) -> list[dict[str, Any]]:
    """Lines of history as people and programs are shown them."""
    return add_results_of_forwards(tx, [_entry(row) for row in rows])


def inbox_page(tx: Tx, *, narrowed: ItemFilter = WAITING_ITEMS, after: int = 0, limit: int = 50) -> list[Row]:
    """A page of Inbox items, the oldest first; by default those that wait."""
    return inbox_items.page(tx, narrowed, after=after, limit=limit)


def _exists(tx: Tx, customer_id: int | None, dialog_id: int | None) -> None:
    if dialog_id is not None:
        dialogs.by_id(tx, dialog_id)
    elif customer_id is not None:
        customers.load(tx, customer_id)


def _line(row: Row) -> dict[str, Any]:
    author: dict[str, Any] = {"kind": row["author_kind"], "name": row["author_kind"]}
    if row["author_kind"] == "rule":
        author["name"] = row["data_json"].get("rule", "rule")
    if row["author_kind"] == "smart_reply":
        author["name"] = row["data_json"].get("smart_reply", "smart_reply")
    if row["author_kind"] == "customer":
        author |= {"telegram_id": row["customer_telegram_id"], "name": row["customer_name"]}
    elif row["manager_id"] is not None:
        author |= {"telegram_id": row["manager_telegram_id"], "name": row["manager_name"]}
    return {
        "id": row["id"],
        "at": row["created_at"],
        "direction": row["direction"],
        "channel": Channel.TELEGRAM.value,  # the only one yet
        "author": author,
        "kind": row["kind"],
        "text": row["text"],
        "status": row["shown_status"],
        "dialog_id": row["dialog_id"],
        **_references(row["data_json"]),
    }


def _references(data: dict[str, Any]) -> dict[str, Any]:
    """From whom the message was forwarded, which message outside this chat it answers, and the quoted passage."""
    replied = data.get("replied") or {}
    return {
        "forwarded_from": data.get("forwarded"),
        "answers": {
            name: replied[name] for name in ("origin", "id", "name", "message_id", "what") if name in replied
        }
        if replied.get("outside")
        else None,
        "quote": (data.get("quote") or {}).get("text"),
    }


def _entry(row: Row) -> dict[str, Any]:
    actor: dict[str, Any] = {"kind": row["actor_kind"], "name": row["actor_name"]}
    if row["actor_telegram_id"] is not None:
        actor["telegram_id"] = row["actor_telegram_id"]
    return {
        "id": row["id"],
        "at": row["created_at"],
        "kind": row["kind"],
        "actor": actor,
        "text": row["text"],
        "data": _data_of(row),
        "dialog_id": row["dialog_id"],
    }


def _data_of(row: Row) -> dict[str, Any]:
    """The data of a line; lines of earlier versions stored a change one level deeper."""
    data: dict[str, Any] = row["data_json"]
    return {**data.pop("changes"), **data} if isinstance(data.get("changes"), dict) else data
