"""Errors with the texts of the real server."""

from holdline.sandbox import facts
from holdline.sandbox.json_types import Json


class Refusal(Exception):
    """An answer with `ok: false`; its code is also the HTTP status."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def envelope(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ControlError(ValueError):
    """A request to the control API that no person could carry out. The sentence says what to do instead."""


def refusal(error_id: str, **words: object) -> Refusal:
    """The documented error of that id, with its placeholders filled in."""
    fact = facts.errors()[error_id]
    return Refusal(fact.code, fact.text.format(**words) if words else fact.text)


def bad_request(text: str) -> Refusal:
    """A 400 error that is not among the collected facts."""
    return Refusal(400, f"Bad Request: {text}")


def too_many(seconds: int) -> Refusal:
    error = refusal("too_many_requests", n=seconds)
    error.parameters = {"retry_after": seconds}
    return error
