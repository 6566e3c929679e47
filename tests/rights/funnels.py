"""A funnel of one relation, and somebody who is on the way through it."""

from typing import Any

from holdline.desk.funnels.definitions import add_funnel
from holdline.desk.funnels.enrolments import enrol


async def make_funnel(do: Any, relation: str, telegram_id: int) -> tuple[int, int]:
    """The numbers of the funnel and of the enrolment."""
    funnel = await do(add_funnel, written={"name": f"Welcome {relation}", "steps": [{"wait": "9d"}]})
    enrolment = await do(enrol, funnel_id=funnel.id, telegram_id=telegram_id)
    return funnel.id, enrolment.id
