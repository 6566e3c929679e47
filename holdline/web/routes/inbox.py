"""The Inbox: customers' messages outside dialogs."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from holdline.desk.dialogs import inbox_assignment, inbox_items, inbox_opening
from holdline.desk.reading import reading
from holdline.store.dialogs.inbox_items import ItemFilter
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.routes.dialogs import Assignee, OfTeam
from holdline.web.schemas.dialogs import ActingIn, AssigneeIn, DialogOut, OpeningIn
from holdline.web.schemas.fields import whose
from holdline.web.schemas.inbox import ItemOut, ItemsOut, ItemState


async def _item_filter(
    state: Annotated[ItemState | None, Query(description="Only items in this state.")] = None,
    assignee: Assignee = None,
    team: OfTeam = None,
) -> ItemFilter:
    return ItemFilter(state=state, team=team, **whose(assignee))


ItemFilterQuery = Annotated[ItemFilter, Depends(_item_filter)]


def inbox_router() -> APIRouter:
    """Items are created by customers' messages. An assigned item is still waiting."""
    router = api_router("inbox")

    @reads(router, "/inbox", shows=ItemsOut)
    async def list_items(call: Read, page: Rising, narrowed: ItemFilterQuery) -> Response:
        """Lists inbox items, oldest first. Reading does not assign them."""
        words: dict[str, Any] = {"narrowed": narrowed, "after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: ItemsOut.of(page, rows), reading.inbox_page, **words)

    @writes(router, "POST", "/inbox/{item_id}/assign", shows=ItemOut)
    async def assign_item(call: Write, item_id: PathId, body: AssigneeIn) -> Response:
        """Assigns the item to a manager, to a team, or to nobody. Give either `assignee_telegram_id` or `team`."""
        by = body.manager_telegram_id
        if body.is_team:
            to_team = inbox_assignment.assign_inbox_item_to_team
            return await call.show_as(ItemOut.of, to_team, by=by, item_id=item_id, team=body.team)
        words: dict[str, Any] = {"item_id": item_id, "assignee_telegram_id": body.assignee_telegram_id}
        return await call.show_as(ItemOut.of, inbox_assignment.assign_inbox_item, by=by, **words)

    @writes(router, "POST", "/inbox/{item_id}/ignore", shows=ItemOut)
    async def ignore_item(call: Write, item_id: PathId, body: ActingIn) -> Response:
        """Ignores the item. The customer's next message brings it back under the same id."""
        by = body.manager_telegram_id
        return await call.show_as(ItemOut.of, inbox_items.ignore_waiting_item, by=by, item_id=item_id)

    @writes(router, "POST", "/inbox/{item_id}/open", shows=DialogOut, status=201)
    async def open_item(call: Write, item_id: PathId, body: OpeningIn) -> Response:
        """Opens a dialog with the customer and moves the messages of the item into it."""
        words: dict[str, Any] = {"item_id": item_id, "make_opening": body.make_opening}
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, inbox_opening.open_from_item, by=by, status=201, **words)

    return router
