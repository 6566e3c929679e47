"""What the probes say."""

from typing import Literal

from holdline.web.schemas.fields import Out


class AliveOut(Out):
    status: Literal["ok"] = "ok"


class ReadyOut(Out):
    ready: bool
    reasons: list[str]
    notes: list[str]
