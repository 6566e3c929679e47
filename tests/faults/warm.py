"""Loaded by the fork server only: the HTTP API's routes, a second's work at every start, are made once."""

from fastapi import APIRouter

from holdline.web import app


def _kept(made: APIRouter):  # type: ignore[no-untyped-def] # the type of a router's maker
    return lambda: made


app._ROUTERS = tuple(_kept(maker()) for maker in app._ROUTERS)  # type: ignore[assignment]
