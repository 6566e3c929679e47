"""Gives routes access to the sandbox that they control."""

from typing import Annotated

from fastapi import Depends, Request

from holdline.sandbox.box import Sandbox


def box_of(request: Request) -> Sandbox:
    box = request.app.state.box
    assert isinstance(box, Sandbox)
    return box


Box = Annotated[Sandbox, Depends(box_of)]
