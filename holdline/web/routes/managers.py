"""Managers and their roles."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.people import staff
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.managers import ManagerChangesIn, ManagerIn, ManagerOut, ManagersOut


def managers_router() -> APIRouter:
    """An admin key acts as the desk's owner, so the call names no manager."""
    router = api_router("managers")

    @reads(router, "/managers", shows=ManagersOut, scopes=("admin", "read"))
    async def list_managers(call: Read, page: Rising) -> Response:
        """Lists all managers, including inactive ones."""
        words: dict[str, Any] = {"after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: ManagersOut.of(page, rows), staff.managers_page, **words)

    @writes(router, "POST", "/managers", shows=ManagerOut, scope="admin", status=201)
    async def add_manager(call: Write, body: ManagerIn) -> Response:
        """Adds a manager. A person who is or was a manager gets this name and role, and is active again."""
        words: dict[str, Any] = {
            "acting": None,
            "telegram_id": body.telegram_id,
            "name": body.name,
            "role": body.role,
        }
        return await call.show(ManagerOut.of, staff.add_manager, status=201, **words)

    @writes(router, "PATCH", "/managers/{manager_id}", shows=ManagerOut, scope="admin")
    async def change_manager(call: Write, manager_id: PathId, body: ManagerChangesIn) -> Response:
        """Changes only the given fields of a manager. `active` false removes their rights and assignments at once."""
        words: dict[str, Any] = {"acting": None, "manager_id": manager_id, "changes": body.changes}
        return await call.show(ManagerOut.of, staff.change_manager, **words)

    return router
