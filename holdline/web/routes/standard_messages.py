"""Standard messages: the bot's own texts to customers."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from holdline.desk.settings import standard_messages as desk
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.standard_message import NAMES
from holdline.web.calls import Read, Write
from holdline.web.routes import api_router, reads, writes
from holdline.web.schemas.standard_messages import Language, StandardIn, StandardOut, StandardsOut

Key = Annotated[str, Path(min_length=1, max_length=64, description=f"One of {', '.join(NAMES)}.")]
InLanguage = Annotated[
    Language | None, Query(description="The language of the text; without it, that of the desk.")
]


async def _language(request: Request, language: InLanguage = None) -> str:
    """The given language, or the desk's own."""
    return language or str(request.app.state.store.rules.language)


async def _message_key(key: Key, language: Annotated[str, Depends(_language)]) -> dict[str, Any]:
    if key not in NAMES:
        raise NotFound("standard message", key)
    return {"name": key, "language": language}


async def _rules(request: Request) -> DeskRules:
    rules: DeskRules = request.app.state.store.rules
    return rules


Rules = Annotated[DeskRules, Depends(_rules)]
Spoken = Annotated[str, Depends(_language)]
Named = Annotated[dict[str, Any], Depends(_message_key)]


def standard_messages_router() -> APIRouter:
    """Each message has a default in each language, which the desk may replace."""
    router = api_router("standard messages")

    @reads(router, "/standard-messages", shows=StandardsOut, scopes=("admin", "read"))
    async def list_standard(call: Read, language: Spoken, rules: Rules) -> Response:
        """Lists all messages that the bot itself sends to customers, in one language."""
        return await call.show(
            partial(StandardsOut.of, rules=rules), desk.standard_messages_page, language=language
        )

    @reads(router, "/standard-messages/{key}", shows=StandardOut, scopes=("admin", "read"))
    async def read_standard(call: Read, named: Named, rules: Rules) -> Response:
        """Shows one message of the bot, with its variables in braces."""
        return await call.show(
            partial(StandardOut.of, rules=rules), desk.standard_message_as_written, **named
        )

    @writes(router, "PUT", "/standard-messages/{key}", shows=StandardOut, scope="admin")
    async def write_standard(call: Write, named: Named, body: StandardIn, rules: Rules) -> Response:
        """Replaces the text of a message of the bot."""
        words: dict[str, Any] = {"manager": None, "text": body.text, "buttons": body.buttons, **named}
        return await call.show(partial(StandardOut.of, rules=rules), desk.set_standard_message, **words)

    @writes(router, "DELETE", "/standard-messages/{key}", shows=StandardOut, scope="admin")
    async def reset_standard(call: Write, named: Named, rules: Rules) -> Response:
        """Restores the default text of a message of the bot, and returns it."""
        return await call.show(
            partial(StandardOut.of, rules=rules), desk.reset_standard_message, manager=None, **named
        )

    return router
