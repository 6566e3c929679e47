"""One search over everything."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.responses import Response

from holdline.desk.reading.finding import find_all
from holdline.web.calls import Read
from holdline.web.routes import api_router, reads
from holdline.web.schemas.fields import refuse_nul
from holdline.web.schemas.search import HitsOut

Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        description="The number of a dialog, or words; each must be the beginning of a word in the result.",
    ),
    AfterValidator(refuse_nul),
]
Searcher = Annotated[
    int,
    Query(
        ge=1,
        lt=2**52,
        description="The Telegram id of the manager who searches. Only managers of the desk get results.",
    ),
]
OfEachKind = Annotated[int, Query(ge=1, le=100, description="The maximum number of hits of each kind.")]


def search_router() -> APIRouter:
    """Searching assigns nothing."""
    router = api_router("search")

    @reads(router, "/search", shows=HitsOut, scopes=("read", "desk"))
    async def search(call: Read, q: Words, manager_telegram_id: Searcher, limit: OfEachKind = 20) -> Response:
        """Searches dialogs, customers, messages and notes. Dialogs are found by number, title, description, field, tag
        and file name; customers by name, @username and Telegram id; messages and notes by their words.
        """
        words: dict[str, Any] = {"manager_telegram_id": manager_telegram_id, "text": q, "limit": limit}
        return await call.show(HitsOut.of, find_all, **words)

    return router
