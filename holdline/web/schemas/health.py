"""Answers of the probes."""

from importlib.metadata import version
from typing import Literal

from holdline.web.schemas.fields import Out


class AliveOut(Out):
    status: Literal["ok"] = "ok"
    version: str = version("holdline")


class ReadyOut(Out):
    ready: bool
    reasons: list[str]
    notes: list[str]
