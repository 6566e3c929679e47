"""Templates of replies and notes."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.conversation.from_template import preview_template
from holdline.desk.settings import templates as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.lists import DeletedOut
from holdline.web.schemas.templates import (
    PreviewIn,
    PreviewOut,
    TemplateChangesIn,
    TemplateIn,
    TemplateOut,
    TemplatesOut,
)


def templates_router() -> APIRouter:
    """Use a template by its id in place of `text`, in messages and notes."""
    router = api_router("templates")

    @reads(router, "/templates", shows=TemplatesOut, scopes=("admin", "read"))
    async def list_templates(call: Read, page: Rising) -> Response:
        """Lists all templates of replies and notes."""
        words: dict[str, Any] = {"after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: TemplatesOut.of(page, rows), desk.templates_page, **words)

    @writes(router, "POST", "/templates", shows=TemplateOut, scope="admin", status=201)
    async def add_template(call: Write, body: TemplateIn) -> Response:
        """Adds a template. An unknown variable is refused."""
        words: dict[str, Any] = {"manager": None, "values": body.values}
        return await call.show(TemplateOut.of, desk.add_template, status=201, **words)

    @writes(router, "PATCH", "/templates/{template_id}", shows=TemplateOut, scope="admin")
    async def change_template(call: Write, template_id: PathId, body: TemplateChangesIn) -> Response:
        """Changes only the given fields of a template."""
        words: dict[str, Any] = {"manager": None, "template_id": template_id, "values": body.values}
        return await call.show(TemplateOut.of, desk.change_template, **words)

    @writes(router, "DELETE", "/templates/{template_id}", shows=DeletedOut, scope="admin")
    async def delete_template(call: Write, template_id: PathId) -> Response:
        """Deletes a template. Messages written with it stay."""
        words: dict[str, Any] = {"manager": None, "template_id": template_id}
        return await call.show(lambda _: DeletedOut(id=template_id), desk.remove_template, **words)

    @writes(router, "POST", "/templates/{template_id}/preview", shows=PreviewOut)
    async def preview(call: Write, template_id: PathId, body: PreviewIn) -> Response:
        """Shows the text that the template would have in a dialog. Nothing is sent."""
        words: dict[str, Any] = {"template_id": template_id, "dialog_id": body.dialog_id}
        by = body.manager_telegram_id
        return await call.show_as(lambda text: PreviewOut(text=text), preview_template, by=by, **words)

    return router
