"""Custom fields of dialogs."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.settings import desk_fields as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.desk_fields import FieldChangesIn, FieldIn, FieldOut, FieldsOut
from holdline.web.schemas.lists import DeletedOut


def desk_fields_router() -> APIRouter:
    """Set values with PATCH /dialogs/{id}."""
    router = api_router("fields")

    @reads(router, "/fields", shows=FieldsOut, scopes=("admin", "read"))
    async def list_fields(call: Read, page: Rising) -> Response:
        """Lists the desk's own fields of dialogs, in the order in which people see them. A new field is the last."""
        return await call.show(lambda fields: FieldsOut.of(page, fields), desk.list_fields)

    @writes(router, "POST", "/fields", shows=FieldOut, scope="admin", status=201)
    async def add_field(call: Write, body: FieldIn) -> Response:
        """Adds a field to all dialogs. A name that exists is refused."""
        return await call.show(FieldOut.of, desk.add_field, status=201, manager=None, values=body.values)

    @writes(router, "PATCH", "/fields/{field_id}", shows=FieldOut, scope="admin")
    async def change_field(call: Write, field_id: PathId, body: FieldChangesIn) -> Response:
        """Changes a field. Dialogs keep their values, including choices that were removed. `position`
        moves the field.
        """
        return await call.show(
            FieldOut.of, desk.change_field, manager=None, field_id=field_id, values=body.values
        )

    @writes(router, "DELETE", "/fields/{field_id}", shows=DeletedOut, scope="admin")
    async def delete_field(call: Write, field_id: PathId) -> Response:
        """Deletes a field. Dialogs no longer show it, and closing does not require it."""
        return await call.show(
            lambda _: DeletedOut(id=field_id), desk.remove_field, manager=None, field_id=field_id
        )

    return router
