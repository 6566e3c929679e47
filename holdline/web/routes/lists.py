"""The desk's lists: types, reasons, components, tags, stages, queues, root causes; and reasons for closes."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.settings import close_reasons as reasons
from holdline.desk.settings import lists as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.lists import (
    CloseReasonChangesIn,
    CloseReasonIn,
    CloseReasonOut,
    CloseReasonsOut,
    DeletedOut,
    Kind,
    ValueIn,
    ValueOut,
    ValuesOut,
)


def lists_router() -> APIRouter:
    """Deleting hides a value from the pickers; dialogs that carry it keep it."""
    router = api_router("lists")

    @reads(router, "/lists/{kind}", shows=ValuesOut, scopes=("admin", "read"))
    async def read_list(call: Read, page: Rising, kind: Kind) -> Response:
        """The values that can be chosen now."""
        return await call.show(lambda rows: ValuesOut.of(page, rows), desk.list_page, kind=kind.value)

    @writes(router, "POST", "/lists/{kind}", shows=ValueOut, scope="admin", status=201)
    async def add_value(call: Write, kind: Kind, body: ValueIn) -> Response:
        """A new value; the same name twice is refused."""
        words: dict[str, Any] = {
            "manager": None,
            "kind": kind.value,
            "name": body.name,
            "category": body.category,
        }
        return await call.show(ValueOut.of, desk.add_to_list, status=201, **words)

    @writes(router, "DELETE", "/lists/{kind}/{value_id}", shows=DeletedOut, scope="admin")
    async def delete_value(call: Write, kind: Kind, value_id: PathId) -> Response:
        """System stages and the last type stay."""
        words: dict[str, Any] = {"manager": None, "kind": kind.value, "list_id": value_id}
        return await call.show(lambda _: DeletedOut(id=value_id), desk.remove_from_list, **words)

    return router


def close_reasons_router() -> APIRouter:
    """A close with such a reason has its outcome, where nobody gave another one."""
    router = api_router("lists")

    @reads(router, "/close-reasons", shows=CloseReasonsOut, scopes=("admin", "read"))
    async def list_close_reasons(call: Read, page: Rising) -> Response:
        """Those that are offered now."""
        return await call.show(lambda found: CloseReasonsOut.of(page, found), reasons.close_reasons)

    @writes(router, "POST", "/close-reasons", shows=CloseReasonOut, scope="admin", status=201)
    async def add_close_reason(call: Write, body: CloseReasonIn) -> Response:
        """A new reason; the same name twice is refused."""
        words: dict[str, Any] = {"manager": None, "values": body.values}
        return await call.show(CloseReasonOut.of, reasons.add_close_reason, status=201, **words)

    @writes(router, "PATCH", "/close-reasons/{reason_id}", shows=CloseReasonOut, scope="admin")
    async def change_close_reason(call: Write, reason_id: PathId, body: CloseReasonChangesIn) -> Response:
        """Its name, or what it says of the outcome."""
        words: dict[str, Any] = {"manager": None, "reason_id": reason_id, "values": body.values}
        return await call.show(CloseReasonOut.of, reasons.change_close_reason, **words)

    @writes(router, "DELETE", "/close-reasons/{reason_id}", shows=DeletedOut, scope="admin")
    async def delete_close_reason(call: Write, reason_id: PathId) -> Response:
        """It is offered no more; dialogs that are closed keep it."""
        words: dict[str, Any] = {"manager": None, "reason_id": reason_id}
        return await call.show(lambda _: DeletedOut(id=reason_id), reasons.remove_close_reason, **words)

    return router
