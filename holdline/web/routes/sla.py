"""Working calendars and SLA policies."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.settings import calendars as desk_calendars
from holdline.desk.settings import sla_policies as desk_policies
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.lists import DeletedOut
from holdline.web.schemas.sla import (
    CalendarChangesIn,
    CalendarIn,
    CalendarOut,
    CalendarsOut,
    PoliciesOut,
    PolicyChangesIn,
    PolicyIn,
    PolicyOut,
)


def sla_router() -> APIRouter:
    """The type, priority and queue of a dialog choose its policy, or PATCH names one."""
    router = api_router("sla")
    _add_calendars(router)
    _add_policies(router)
    return router


def _add_calendars(router: APIRouter) -> None:
    @reads(router, "/calendars", shows=CalendarsOut, scopes=("admin", "read"))
    async def list_calendars(call: Read, page: Rising) -> Response:
        """Lists the working calendars, oldest first."""
        return await call.show(lambda rows: CalendarsOut.of(page, rows), desk_calendars.list_calendars)

    @writes(router, "POST", "/calendars", shows=CalendarOut, scope="admin", status=201)
    async def add_calendar(call: Write, body: CalendarIn) -> Response:
        """Adds a calendar. A name that exists is refused."""
        return await call.show(
            CalendarOut.of, desk_calendars.add_calendar, status=201, manager=None, values=body.values
        )

    @writes(router, "PATCH", "/calendars/{calendar_id}", shows=CalendarOut, scope="admin")
    async def change_calendar(call: Write, calendar_id: PathId, body: CalendarChangesIn) -> Response:
        """Changes a calendar. The running time limits that use it are recalculated."""
        return await call.show(
            CalendarOut.of,
            desk_calendars.change_calendar,
            manager=None,
            calendar_id=calendar_id,
            values=body.values,
        )

    @writes(router, "DELETE", "/calendars/{calendar_id}", shows=DeletedOut, scope="admin")
    async def delete_calendar(call: Write, calendar_id: PathId) -> Response:
        """Deletes a calendar. Refused while an SLA policy uses it."""
        return await call.show(
            lambda _: DeletedOut(id=calendar_id),
            desk_calendars.remove_calendar,
            manager=None,
            calendar_id=calendar_id,
        )


def _add_policies(router: APIRouter) -> None:
    @reads(router, "/sla-policies", shows=PoliciesOut, scopes=("admin", "read"))
    async def list_policies(call: Read) -> Response:
        """Lists the SLA policies in the order in which they are tried."""
        return await call.show(PoliciesOut.of, desk_policies.list_policies)

    @writes(router, "POST", "/sla-policies", shows=PolicyOut, scope="admin", status=201)
    async def add_policy(call: Write, body: PolicyIn) -> Response:
        """Adds an SLA policy for dialogs that are opened or changed from now on."""
        return await call.show(
            PolicyOut.of, desk_policies.add_policy, status=201, manager=None, values=body.values
        )

    @writes(router, "PATCH", "/sla-policies/{policy_id}", shows=PolicyOut, scope="admin")
    async def change_policy(call: Write, policy_id: PathId, body: PolicyChangesIn) -> Response:
        """Changes an SLA policy. Running time limits are recalculated, and those that the policy no longer has are
        removed.
        """
        return await call.show(
            PolicyOut.of, desk_policies.change_policy, manager=None, policy_id=policy_id, values=body.values
        )

    @writes(router, "DELETE", "/sla-policies/{policy_id}", shows=DeletedOut, scope="admin")
    async def delete_policy(call: Write, policy_id: PathId) -> Response:
        """Deletes an SLA policy and its running time limits."""
        return await call.show(
            lambda _: DeletedOut(id=policy_id),
            desk_policies.remove_policy,
            manager=None,
            policy_id=policy_id,
        )
