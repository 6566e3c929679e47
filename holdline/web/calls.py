"""One HTTP call becomes one use case in one transaction with one answer."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from holdline.desk.people.managers import get_acting_manager
from holdline.dialogs.refusal import Throttled
from holdline.store.engine import Store
from holdline.store.intake.idempotency import StoredResponse
from holdline.store.people.api_keys import ApiKey
from holdline.store.tx import Tx
from holdline.telegram.call import FilePage
from holdline.web.idempotency import IdempotentCall

MOST_WAITING = 8
"""The most calls that may wait for a slow query. Further ones are refused with Retry-After."""
RETRY_SECONDS = 10

R = TypeVar("R")
Show = Callable[[R], BaseModel]
_KEY = Header(
    alias="Idempotency-Key",
    min_length=1,
    max_length=200,
    pattern=r"^[!-~]+$",
    description="For 48 hours, a second call with the same key and the same body gets the same "
    "answer and has no second effect.",
)


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A call that only reads."""

    store: Store

    async def show(self, show: Show[R], question: Callable[..., R], **words: Any) -> Response:
        """Runs the query in one snapshot and converts its result with `show`."""
        return _response(StoredResponse(200, _text(show(await self.store.read(question, **words)))))

    async def read_much(self, question: Callable[..., R], **words: Any) -> R:
        """For queries over many rows. Raises Throttled if too many are waiting already."""
        if self.store.heavy_reads_waiting >= MOST_WAITING:
            raise Throttled(RETRY_SECONDS)
        answer: R = await self.store.read_heavy(question, **words)
        return answer

    async def stream(
        self, page: FilePage, question: Callable[..., FilePage], **words: Any
    ) -> AsyncIterator[str]:
        """Sends page after page, so that other calls run in between. `page` is the first one."""
        yield page.text
        while page.last is not None:
            page = await self.store.read_heavy(question, after=page.last, **words)
            yield page.text


@dataclass(frozen=True, slots=True)
class WriteCall:
    """A call that writes. Repeated calls with the same Idempotency-Key have one effect."""

    store: Store
    once: IdempotentCall | None
    key: ApiKey

    async def show(
        self, show: Show[R], use_case: Callable[..., R], *, status: int = 200, **words: Any
    ) -> Response:
        """Stores the effect and the remembered answer in one transaction."""
        return await self._respond(lambda tx: show(use_case(tx, **words)), status)

    async def show_as(
        self, show: Show[R], use_case: Callable[..., R], *, by: int, status: int = 200, **words: Any
    ) -> Response:
        """The same on behalf of the manager with the Telegram id `by`, with exactly their permissions."""
        return await self._respond(
            lambda tx: show(use_case(tx, manager=get_acting_manager(tx, by), **words)), status
        )

    async def _respond(self, effect: Callable[[Tx], BaseModel], status: int) -> Response:
        def unit(tx: Tx) -> tuple[StoredResponse, bool]:
            before = self.once.earlier(tx) if self.once else None
            if before is not None:
                return before, True
            text = _text(effect(tx))
            if self.once:
                self.once.remember(tx, status, text)
            return StoredResponse(status, text), False

        answer, replayed = await self.store.act(unit)
        return _response(answer, replayed=replayed)


async def _read_call(request: Request) -> ReadCall:
    return ReadCall(request.app.state.store)


async def _write_call(request: Request, idempotency_key: Annotated[str | None, _KEY] = None) -> WriteCall:
    key = request.state.caller
    once = IdempotentCall(key.id, idempotency_key, request.state.fingerprint) if idempotency_key else None
    return WriteCall(request.app.state.store, once, key)


Read = Annotated[ReadCall, Depends(_read_call)]
Write = Annotated[WriteCall, Depends(_write_call)]


def _text(model: BaseModel) -> str:
    return model.model_dump_json(by_alias=True)


def _response(answer: StoredResponse, *, replayed: bool = False) -> Response:
    headers = {"Idempotency-Replayed": "true"} if replayed else None
    return Response(answer.text, answer.status, headers, media_type="application/json")
