"""The fields that a desk adds to its dialogs."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.settings import desk_fields as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.desk_fields import FieldChangesIn, FieldIn, FieldOut, FieldsOut
from holdline.web.schemas.lists import DeletedOut


def desk_fields_router() -> APIRouter:
    """Values are set with PATCH /dialogs/{id}."""
    router = api_router("fields")

    @reads(router, "/fields", shows=FieldsOut, scopes=("admin", "read"))
    async def list_fields(call: Read, page: Rising) -> Response:
        """In the order in which people see them; a new one is the last."""
        return await call.show(lambda fields: FieldsOut.of(page, fields), desk.list_fields)

    @writes(router, "POST", "/fields", shows=FieldOut, scope="admin", status=201)
    async def add_field(call: Write, body: FieldIn) -> Response:
        """A new field; the same name twice is refused."""
        return await call.show(FieldOut.of, desk.add_field, status=201, manager=None, values=body.values)

    @writes(router, "PATCH", "/fields/{field_id}", shows=FieldOut, scope="admin")
    async def change_field(call: Write, field_id: PathId, body: FieldChangesIn) -> Response:
        """Dialogs keep their values, also those that cannot be chosen any more; `position` moves it."""
        return await call.show(
            FieldOut.of, desk.change_field, manager=None, field_id=field_id, values=body.values
        )

    @writes(router, "DELETE", "/fields/{field_id}", shows=DeletedOut, scope="admin")
    async def delete_field(call: Write, field_id: PathId) -> Response:
        """Dialogs show it no more, and no close asks for it."""
        return await call.show(
            lambda _: DeletedOut(id=field_id), desk.remove_field, manager=None, field_id=field_id
        )

    return router
