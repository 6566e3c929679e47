"""Lists of the desk: types, reasons, components, tags, stages, queues, root causes; and reasons for closing."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
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

OfKind = Annotated[Kind, Path(description="The list.")]


def lists_router() -> APIRouter:
    """Deleting a value hides it from choices. Dialogs that have it keep it."""
    router = api_router("lists")

    @reads(router, "/lists/{kind}", shows=ValuesOut, scopes=("admin", "read"))
    async def read_list(call: Read, page: Rising, kind: OfKind) -> Response:
        """Lists the values of a list that can be chosen for dialogs."""
        return await call.show(lambda rows: ValuesOut.of(page, rows), desk.list_page, kind=kind.value)

    @writes(router, "POST", "/lists/{kind}", shows=ValueOut, scope="admin", status=201)
    async def add_value(call: Write, kind: OfKind, body: ValueIn) -> Response:
        """Adds a value to a list. A name that exists is refused."""
        words: dict[str, Any] = {
            "manager": None,
            "kind": kind.value,
            "name": body.name,
            "category": body.category,
        }
        return await call.show(ValueOut.of, desk.add_to_list, status=201, **words)

    @writes(router, "DELETE", "/lists/{kind}/{value_id}", shows=DeletedOut, scope="admin")
    async def delete_value(call: Write, kind: OfKind, value_id: PathId) -> Response:
        """Deletes a value from the choices. Dialogs keep it. System stages and the last type cannot be deleted."""
        words: dict[str, Any] = {"manager": None, "kind": kind.value, "list_id": value_id}
        return await call.show(lambda _: DeletedOut(id=value_id), desk.remove_from_list, **words)

    return router


def close_reasons_router() -> APIRouter:
    """Closing with a reason sets its outcome, unless another outcome is given."""
    router = api_router("lists")

    @reads(router, "/close-reasons", shows=CloseReasonsOut, scopes=("admin", "read"))
    async def list_close_reasons(call: Read, page: Rising) -> Response:
        """Lists the reasons that can be chosen when a dialog is closed."""
        return await call.show(lambda found: CloseReasonsOut.of(page, found), reasons.close_reasons)

    @writes(router, "POST", "/close-reasons", shows=CloseReasonOut, scope="admin", status=201)
    async def add_close_reason(call: Write, body: CloseReasonIn) -> Response:
        """Adds a close reason. A name that exists is refused."""
        words: dict[str, Any] = {"manager": None, "values": body.values}
        return await call.show(CloseReasonOut.of, reasons.add_close_reason, status=201, **words)

    @writes(router, "PATCH", "/close-reasons/{reason_id}", shows=CloseReasonOut, scope="admin")
    async def change_close_reason(call: Write, reason_id: PathId, body: CloseReasonChangesIn) -> Response:
        """Changes the name or the outcome of a close reason."""
        words: dict[str, Any] = {"manager": None, "reason_id": reason_id, "values": body.values}
        return await call.show(CloseReasonOut.of, reasons.change_close_reason, **words)

    @writes(router, "DELETE", "/close-reasons/{reason_id}", shows=DeletedOut, scope="admin")
    async def delete_close_reason(call: Write, reason_id: PathId) -> Response:
        """Deletes a close reason from the choices. Closed dialogs keep it."""
        words: dict[str, Any] = {"manager": None, "reason_id": reason_id}
        return await call.show(lambda _: DeletedOut(id=reason_id), reasons.remove_close_reason, **words)

    return router
