"""Customers, and their gates."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from holdline.desk.customers import muting
from holdline.desk.customers.changes import change_customer
from holdline.desk.marketing.outbound import gate_state
from holdline.desk.reading import reading
from holdline.desk.reading.consents import consents_of
from holdline.desk.reading.overview import overview_of
from holdline.desk.reading.reading import CustomerDetails
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager
from holdline.store.tx import Tx
from holdline.web.calls import Read, Write
from holdline.web.pages import NewestFirst, OldestFirst, Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.customers import (
    ConsentsOut,
    CustomerChangesIn,
    CustomerOut,
    CustomersOut,
    GateOut,
    MuteIn,
    OverviewOut,
)
from holdline.web.schemas.dialogs import ActingIn

AnyState = Annotated[
    Literal["active", "paused", "closed", "open"] | None,
    Query(description="The state of the dialogs; `open` means active or paused."),
]
ByTelegramId = Annotated[
    int | None, Query(ge=1, lt=2**52, description="Only the customer with this id in Telegram.")
]


def customers_router() -> APIRouter:
    """Customers are created when they write to the bot, not by the API."""
    router = api_router("customers")

    @reads(router, "/customers", shows=CustomersOut)
    async def list_customers(call: Read, page: Rising, telegram_id: ByTelegramId = None) -> Response:
        """Lists customers, oldest first. Everybody who has written to the bot is a customer, except managers."""
        words: dict[str, Any] = {
            "telegram_id": telegram_id,
            "after": page.after or 0,
            "limit": page.limit + 1,
        }
        return await call.show(lambda rows: CustomersOut.of(page, rows), reading.customers_page, **words)

    @reads(router, "/customers/{customer_id}", shows=CustomerOut)
    async def read_customer(call: Read, customer_id: PathId) -> Response:
        """Shows one customer."""
        return await call.show(
            lambda row: CustomerOut.of(*row), reading.customer_details, customer_id=customer_id
        )

    @reads(router, "/customers/{customer_id}/gate", shows=GateOut, scopes=("read", "send"))
    async def read_gate(call: Read, customer_id: PathId) -> Response:
        """Shows whether marketing may be sent now, which dialog holds it, and how many messages wait. Whether the
        customer accepts marketing at all is in `opted_out` of the customer.
        """
        return await call.show(GateOut.of, gate_state, customer_id=customer_id)

    @reads(router, "/customers/{customer_id}/overview", shows=OverviewOut)
    async def read_overview(
        call: Read, page: NewestFirst, customer_id: PathId, state: AnyState = None
    ) -> Response:
        """Shows the customer's dialogs in short, newest first, with the tags that recur."""
        words: dict[str, Any] = {"customer_id": customer_id, "state": state, **page.asked}
        return await call.show(lambda found: OverviewOut.of(page, found), overview_of, **words)

    _add_changing(router)
    _add_muting(router)
    return router


def _add_changing(router: APIRouter) -> None:
    @reads(router, "/customers/{customer_id}/consents", shows=ConsentsOut, scopes=("read", "send"))
    async def read_consents(call: Read, page: OldestFirst, customer_id: PathId) -> Response:
        """Lists every yes and no of the customer to marketing, with its time and its way. Entries are never changed."""
        words: dict[str, Any] = {"customer_id": customer_id, **page.asked}
        return await call.show(lambda rows: ConsentsOut.of(page, rows), consents_of, **words)

    @writes(router, "PATCH", "/customers/{customer_id}", shows=CustomerOut, scope=("send", "desk"))
    async def patch_customer(call: Write, customer_id: PathId, body: CustomerChangesIn) -> Response:
        """Changes only the given fields of the customer. `opt_out` and `topics` cancel waiting messages at once."""
        words: dict[str, Any] = {"actor": call.key.as_actor(), "changes": body.changes}
        return await call.show(lambda row: CustomerOut.of(*row), _change, customer_id=customer_id, **words)


def _add_muting(router: APIRouter) -> None:
    @writes(router, "POST", "/customers/{customer_id}/mute", shows=CustomerOut)
    async def mute_customer(call: Write, customer_id: PathId, body: MuteIn) -> Response:
        """Mutes the customer: messages outside dialogs are stored but shown to nobody. Refused while the customer has
        an active dialog.
        """
        words: dict[str, Any] = {"customer_id": customer_id, "reason": body.reason, "shift": body.shift}
        by = body.manager_telegram_id
        return await call.show_as(lambda rows: CustomerOut.of(*rows), _mute, by=by, **words)

    @writes(router, "POST", "/customers/{customer_id}/unmute", shows=CustomerOut)
    async def unmute_customer(call: Write, customer_id: PathId, body: ActingIn) -> Response:
        """Ends the mute of the customer."""
        by = body.manager_telegram_id
        return await call.show_as(lambda rows: CustomerOut.of(*rows), _unmute, by=by, customer_id=customer_id)


def _change(tx: Tx, *, actor: Actor, customer_id: int, changes: dict[str, Any]) -> CustomerDetails:
    change_customer(tx, actor=actor, customer_id=customer_id, changes=changes)
    return reading.customer_details(tx, customer_id=customer_id)


def _mute(tx: Tx, *, manager: Manager, customer_id: int, **words: Any) -> CustomerDetails:
    muting.mute_customer(tx, manager=manager, customer_id=customer_id, **words)
    return reading.customer_details(tx, customer_id=customer_id)


def _unmute(tx: Tx, *, manager: Manager, customer_id: int) -> CustomerDetails:
    muting.unmute_customer(tx, manager=manager, customer_id=customer_id)
    return reading.customer_details(tx, customer_id=customer_id)
