"""The erasure of a customer, and how far it has come."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from holdline.desk.privacy.figures import ErasureProgress
from holdline.web.schemas.fields import In, OurId, Out, YesNo


class ErasureIn(In):
    """`keep_copies`: leave the bot's messages at Telegram."""

    keep_copies: YesNo = False


class ErasureOut(Out):
    """`state` is `running` until everything is erased here. Deletions at Telegram may go on: `telegram_waiting`."""

    id: OurId
    customer_id: OurId
    state: Literal["running", "done"]
    step: str = Field(examples=["values"])
    rows: int
    telegram_done: int
    telegram_waiting: int
    telegram_refused: int
    telegram_too_old: int
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, progress: ErasureProgress) -> "ErasureOut":
        erasure = progress.erasure
        return cls(
            id=erasure.id,
            customer_id=erasure.customer_id,
            state="running" if erasure.ended_at is None else "done",
            step=erasure.state,
            rows=erasure.figures.get("rows", 0),
            telegram_done=progress.done,
            telegram_waiting=progress.waiting,
            telegram_refused=progress.refused,
            telegram_too_old=erasure.figures.get("too_old", 0),
            created_at=erasure.created_at,
            ended_at=erasure.ended_at,
        )
