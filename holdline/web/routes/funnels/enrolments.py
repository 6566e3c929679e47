"""Enrolments: customers in funnels."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from holdline.desk.funnels import figures
from holdline.desk.funnels.enrolments import enrol, leave_enrolment
from holdline.dialogs.funnels.enrolment import EnrolmentState
from holdline.web.calls import Read, Write
from holdline.web.pages import NewestFirst, Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.routes.funnels.funnels import SCOPES
from holdline.web.schemas.funnels.enrolments import EnrolmentIn, EnrolmentOut, EnrolmentsOut

InState = Annotated[EnrolmentState | None, Query(description="Only enrolments in this state.")]


def enrolments_router() -> APIRouter:
    """A customer has at most one running enrolment in a funnel."""
    router = api_router("enrolments")

    @writes(
        router, "POST", "/funnels/{funnel_id:int}/enrolments", shows=EnrolmentOut, scope="send", status=201
    )
    async def add_enrolment(call: Write, funnel_id: PathId, body: EnrolmentIn) -> Response:
        """Puts a customer into the funnel. For a customer who is in it, or has finished it, the existing enrolment is
        returned unchanged; with `again` a customer who has finished it starts anew.
        """
        words: dict[str, Any] = {
            "telegram_id": body.telegram_id,
            "again": body.again,
            "by": call.key.as_actor(),
        }
        return await call.show(EnrolmentOut.of, enrol, status=201, funnel_id=funnel_id, **words)

    @reads(router, "/funnels/{funnel_id:int}/enrolments", shows=EnrolmentsOut, scopes=SCOPES)
    async def list_enrolments(call: Read, page: Rising, funnel_id: PathId, state: InState = None) -> Response:
        """Lists the enrolments in the funnel, oldest first."""
        words: dict[str, Any] = {
            "funnel_id": funnel_id,
            "state": state,
            "after": page.after or 0,
            "limit": page.limit + 1,
        }
        return await call.show(lambda rows: EnrolmentsOut.of(page, rows), figures.enrolment_page, **words)

    _add_single(router)
    return router


def _add_single(router: APIRouter) -> None:
    @reads(router, "/customers/{customer_id}/enrolments", shows=EnrolmentsOut, scopes=SCOPES)
    async def list_of_customer(
        call: Read, page: NewestFirst, customer_id: PathId, state: InState = None
    ) -> Response:
        """Lists the customer's enrolments in all funnels, newest first, including those that have ended."""
        words: dict[str, Any] = {"customer_id": customer_id, "state": state, **page.asked}
        return await call.show(
            lambda rows: EnrolmentsOut.of(page, rows), figures.enrolments_of_customer, **words
        )

    @reads(router, "/enrolments/{enrolment_id}", shows=EnrolmentOut, scopes=SCOPES)
    async def read_enrolment(call: Read, enrolment_id: PathId) -> Response:
        """Shows an enrolment: the step that the customer has reached, and when it continues."""
        return await call.show(EnrolmentOut.of, figures.enrolment_by_id, enrolment_id=enrolment_id)

    @writes(router, "POST", "/enrolments/{enrolment_id}/leave", shows=EnrolmentOut, scope="send")
    async def leave(call: Write, enrolment_id: PathId) -> Response:
        """Removes the customer from the funnel and cancels its waiting messages. An enrolment that has ended is
        returned unchanged.
        """
        return await call.show(
            EnrolmentOut.of, leave_enrolment, enrolment_id=enrolment_id, by=call.key.as_actor()
        )
