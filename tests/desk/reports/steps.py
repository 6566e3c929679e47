"""The acts of people in the stories of reports, and the reports made from them."""

from collections.abc import Callable
from typing import Any

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.reading.figures import make_report
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from tests.desk.conftest import ANNA, Desk, text

NO_ANSWERS = {"given": 0, "dropped": 0, "helped": 0, "person": 0}
NOBODY = {"count": 0, "mean": None, "median": None, "p90": None}
BORIS = MessageSender(telegram_id=510000002, name="Boris")


def one(seconds: float) -> dict[str, float]:
    return {"count": 1, "mean": seconds, "median": seconds, "p90": seconds}


async def figures(desk: Desk, kind: str, **within: Any) -> Any:
    asked = ReportQuery(**within)
    return (await desk.store.read(make_report, kind=ReportKind(kind), asked=asked)).figures


async def times(desk: Desk, **within: Any) -> Any:
    return await figures(desk, "times", **within)


async def says(desk: Desk, sender: MessageSender = ANNA) -> int:
    said = await desk.store.act(receive_customer_message, sender=sender, content=text("Where is it?"))
    assert said is not None
    return said


async def opened(desk: Desk, customer: Customer | None = None, **more: Any) -> int:
    opening = Opening((customer or desk.anna).id, "Parcel", **more)
    return (await desk.store.act(open_dialog, manager=desk.maria, opening=opening)).id


async def answers(desk: Desk, dialog_id: int, **more: Any) -> int:
    reply = await desk.store.act(
        write_in_dialog, manager=more.get("by", desk.maria), dialog_id=dialog_id, content=text("On its way")
    )
    return reply.id


async def moved(desk: Desk, move: Callable[..., Any], dialog_id: int, **more: Any) -> None:
    await desk.store.act(move, manager=desk.maria, dialog_id=dialog_id, **more)
