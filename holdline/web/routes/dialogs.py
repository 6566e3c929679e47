"""Dialogs: open, read, move, change."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator
from starlette.responses import Response

from holdline.desk.dialogs import changes, opening, transitions
from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.due_dates import postpone_dialog
from holdline.desk.reading import reading
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.web.calls import Read, Write
from holdline.web.pages import DialogPage, NewestFirst
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.dialogs import (
    ActingIn,
    AssigneeIn,
    ChangesIn,
    ClosingIn,
    DialogIn,
    DialogOut,
    DialogsOut,
)
from holdline.web.schemas.due_dates import PauseIn, PostponeIn
from holdline.web.schemas.fields import Priority, State, refuse_nul, whose

Label = Annotated[str | None, Query(max_length=128), AfterValidator(lambda name: name and refuse_nul(name))]
OfTeam = Annotated[Label, Query(description="Only those of the team with this name.")]
InState = Annotated[State | None, Query(description="Only dialogs in this state.")]
Assignee = Annotated[
    str | None,
    Query(
        pattern=r"^(none|[1-9][0-9]{0,15})$",
        description="The Telegram id of the assigned manager, or `none` for those that are assigned to nobody.",
    ),
]
Overdue = Annotated[
    bool | None, Query(description="true: only dialogs whose due time has passed and that are not closed.")
]


async def _labels(
    stage: Annotated[Label, Query(description="Only dialogs in this stage.")] = None,
    tag: Annotated[Label, Query(description="Only dialogs with this tag.")] = None,
    queue: Annotated[Label, Query(description="Only dialogs in this queue.")] = None,
    type_: Annotated[Label, Query(alias="type", description="Only dialogs of this type.")] = None,
) -> DialogFilter:
    return DialogFilter(stage=stage, tag=tag, queue=queue, type=type_)


async def _dialog_filter(
    labels: Annotated[DialogFilter, Depends(_labels)],
    state: InState = None,
    priority: Annotated[Priority | None, Query(description="Only dialogs of this priority.")] = None,
    channel: Annotated[Label, Query(description="Only dialogs of this channel, such as `telegram`.")] = None,
    overdue: Overdue = None,
) -> DialogFilter:
    return replace(labels, state=state, priority=priority, channel=channel, overdue=overdue)


async def _assignee_filter(
    narrowed: Annotated[DialogFilter, Depends(_dialog_filter)], assignee: Assignee = None, team: OfTeam = None
) -> DialogFilter:
    return replace(narrowed, team=team, **whose(assignee))


DialogFilterQuery = Annotated[DialogFilter, Depends(_assignee_filter)]


def dialogs_router() -> APIRouter:
    """Dialogs themselves. Messages in them are in routes/talk.py."""
    router = api_router("dialogs")
    _add_reading(router)
    _add_opening(router)
    _add_moves(router)
    _add_changes(router)
    return router


def _add_reading(router: APIRouter) -> None:
    @reads(router, "/dialogs", shows=DialogsOut)
    async def list_dialogs(call: Read, page: DialogPage, narrowed: DialogFilterQuery) -> Response:
        """Lists dialogs, newest first. All given filters must match."""
        words: dict[str, Any] = {"narrowed": narrowed, **page.asked}
        return await call.show(lambda rows: DialogsOut.of(page, rows), reading.dialog_page, **words)

    @reads(router, "/dialogs/{dialog_id}", shows=DialogOut)
    async def read_dialog(call: Read, dialog_id: PathId) -> Response:
        """Shows one dialog. Reading does not assign it."""
        return await call.show(DialogOut.of, reading.dialog_by_id, dialog_id=dialog_id)

    @reads(router, "/customers/{customer_id}/dialogs", shows=DialogsOut)
    async def list_dialogs_of_customer(
        call: Read, page: NewestFirst, customer_id: PathId, state: InState = None
    ) -> Response:
        """Lists all dialogs of the customer, newest first."""
        words: dict[str, Any] = {"customer_id": customer_id, "state": state, **page.asked}
        return await call.show(lambda rows: DialogsOut.of(page, rows), _of_customer, **words)


def _add_opening(router: APIRouter) -> None:
    @writes(router, "POST", "/dialogs", shows=DialogOut, status=201)
    async def open_dialog(call: Write, body: DialogIn) -> Response:
        """Opens a dialog, which holds the customer's gate. Refused while another dialog of the customer is active."""
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, opening.open_dialog, by=by, status=201, opening=body.opening)


def _add_moves(router: APIRouter) -> None:
    @writes(router, "POST", "/dialogs/{dialog_id}/pause", shows=DialogOut)
    async def pause_dialog(call: Write, dialog_id: PathId, body: PauseIn) -> Response:
        """Pauses the dialog. The held marketing messages are sent in order. With `until` it is resumed then."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "until": body.until}
        return await call.show_as(
            DialogOut.of, transitions.pause_dialog, by=body.manager_telegram_id, **words
        )

    @writes(router, "POST", "/dialogs/{dialog_id}/resume", shows=DialogOut)
    async def resume_dialog(call: Write, dialog_id: PathId, body: ActingIn) -> Response:
        """Resumes the dialog. Refused while another dialog of the customer is active."""
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, transitions.resume_dialog, by=by, dialog_id=dialog_id)

    @writes(router, "POST", "/dialogs/{dialog_id}/close", shows=DialogOut)
    async def close_dialog(call: Write, dialog_id: PathId, body: ClosingIn) -> Response:
        """Closes the dialog for good. If the manager lacks the permission `dialog.close`, the managers who have it are
        asked to close it, and the dialog is returned unchanged.
        """
        words: dict[str, Any] = {"dialog_id": dialog_id, "closing": body.closing}
        return await call.show_as(
            DialogOut.of, transitions.close_dialog, by=body.manager_telegram_id, **words
        )


def _add_changes(router: APIRouter) -> None:
    @writes(router, "PATCH", "/dialogs/{dialog_id}", shows=DialogOut)
    async def change_dialog(call: Write, dialog_id: PathId, body: ChangesIn) -> Response:
        """Changes the given fields of the dialog. All changes of one call become one entry of the history."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "changes": body.changes}
        return await call.show_as(DialogOut.of, changes.change_dialog, by=body.manager_telegram_id, **words)

    @writes(router, "POST", "/dialogs/{dialog_id}/assign", shows=DialogOut)
    async def assign(call: Write, dialog_id: PathId, body: AssigneeIn) -> Response:
        """Assigns the dialog to a manager, to a team, or to nobody. Give either `assignee_telegram_id` or `team`."""
        if body.is_team:
            to_team: dict[str, Any] = {"dialog_id": dialog_id, "team": body.team}
            return await call.show_as(
                DialogOut.of, assign_dialog_to_team, by=body.manager_telegram_id, **to_team
            )
        words: dict[str, Any] = {"dialog_id": dialog_id, "assignee_telegram_id": body.assignee_telegram_id}
        return await call.show_as(DialogOut.of, assign_dialog, by=body.manager_telegram_id, **words)

    @writes(router, "POST", "/dialogs/{dialog_id}/postpone", shows=DialogOut)
    async def postpone(call: Write, dialog_id: PathId, body: PostponeIn) -> Response:
        """Moves the due date by a time, counted from the current one or from now if it has passed, or to a time."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "shift": body.shift}
        return await call.show_as(DialogOut.of, postpone_dialog, by=body.manager_telegram_id, **words)


def _of_customer(tx: Tx, *, customer_id: int, state: State | None, **page: Any) -> list[Dialog]:
    """Raises NotFound for an unknown customer instead of an empty list."""
    customers.load(tx, customer_id)
    return reading.dialog_page(tx, narrowed=DialogFilter(customer_id=customer_id, state=state), **page)
