"""The aiogram dispatcher as we use it: one update at a time, async filters only, and a bot object that cannot make
calls.
"""

import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from math import isfinite
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.base import BaseSession
from aiogram.dispatcher.event.handler import CallableObject, FilterObject
from aiogram.exceptions import AiogramError
from aiogram.methods import TelegramMethod
from aiogram.types import ChatMemberAdministrator, ChatMemberRestricted, TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from holdline.bot.filters import chat_of, person_of
from holdline.bot.intake.job_runner import Feed, Undecodable
from holdline.bot.people import is_manager
from holdline.bot.work import Work
from holdline.store.engine import Store

_RIGHTS = {
    status: [
        name for name, field in model.model_fields.items() if field.is_required() and name.startswith("can_")
    ]
    for status, model in (("administrator", ChatMemberAdministrator), ("restricted", ChatMemberRestricted))
}
_LARGEST = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNREAD: dict[str, dict[str, Any]] = {"rich_message": {"blocks": []}}
"""Contents that no handler reads, and what is decoded instead. aiogram tries every type of rich text at every level: a
message with five nested formats stops the process for 20 seconds, one with six for minutes.
"""


class DirectCallRefused(AiogramError):
    """A handler called the Bot API directly. It must use the outbox, because a direct call is lost if the
    process dies.
    """


class SyncCallback(TypeError):
    """aiogram would run this handler or filter in a thread, which is a hundred times slower and breaks the order of
    updates.
    """


class RefusingSession(BaseSession):
    """The session of the handlers' Bot. It refuses every call."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> Any:
        raise DirectCallRefused(f"{method.__api_method__} from a handler: enqueue it in the use case instead")

    async def stream_content(self, url: str, *_: object, **__: object) -> AsyncGenerator[bytes, None]:
        raise DirectCallRefused("a download from a handler: use the gateway")
        yield b""  # makes it the generator that its base promises

    async def close(self) -> None:
        """Does nothing, because nothing is open."""


def build_dispatcher(routers: Sequence[Router]) -> Dispatcher:
    """Builds a dispatcher that asks the routers in this order. It does not depend on a store, so one dispatcher serves
    all feeds of a process.
    """
    Update.model_rebuild()  # the first update does not wait for it (late_types)
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(*routers)
    if threaded := list(sync_callables(dispatcher)):
        raise SyncCallback("make these async (a Filter class with async __call__): " + "; ".join(threaded))
    return dispatcher


def sync_callables(root: Router) -> Iterator[str]:
    """The names of handlers, filters and observers' filters below `root` that are not async."""
    for router in root.chain_tail:
        for kind, observer in router.observers.items():
            checked: list[CallableObject] = [*(observer._handler.filters or []), *observer.handlers]
            for handler in observer.handlers:
                checked += handler.filters or []
            names = (_name(callable_) for callable_ in checked if not callable_.awaitable)
            yield from (f"{router.name}.{kind}: {name}" for name in names)


def build_feed(dispatcher: Dispatcher, bot_id: int, **wired: Any) -> Feed:
    """Builds the function that the worker calls for each update. It decodes the update and calls the handlers, which
    get `work` and `wired` by keyword.

    The dispatcher's own middlewares (error handlers, context of the chat) are not needed and are skipped.
    """
    bot = Bot(f"{bot_id}:never-called", session=RefusingSession())

    async def feed(raw: dict[str, Any], work: Work) -> None:
        update = _decode(raw, bot)
        try:
            kind = update.event_type
        except UpdateTypeLookupError:
            await work.ignore(f"an unknown kind of update: {_kind(raw)}")
            return
        await _require_own_chat(update.event, wired.get("store"))
        answer = await dispatcher.propagate_event(kind, update.event, **wired, bot=bot, work=work)
        if isinstance(answer, TelegramMethod):
            raise DirectCallRefused(
                f"a handler of {kind} returned {answer.__api_method__}: nobody sends that"
            )

    return feed


def _decode(raw: dict[str, Any], bot: Bot) -> Update:
    try:
        return Update.model_validate(_with_every_right(_storable(raw)), context={"bot": bot})
    except ValidationError as wrong:
        raise Undecodable(_describe(wrong)) from None
    except Exception as wrong:
        raise Undecodable(type(wrong).__name__) from None


async def _require_own_chat(event: TelegramObject, store: Store | None) -> None:
    """A private chat has the id of the person in it: what answers a manager may not appear at somebody outside the
    desk. In messages of business accounts, which nobody answers, both ids differ rightly.
    """
    chat, person = chat_of(event), person_of(event)
    if store is None or chat is None or person is None or chat.id <= 0 or chat.id == person.id:
        return
    if getattr(event, "business_connection_id", None) is not None:
        return
    if await is_manager(store, person.id) and not await is_manager(store, chat.id):
        raise Undecodable("a manager in somebody else's private chat")


def _with_every_right(raw: dict[str, Any]) -> dict[str, Any]:
    """Adds missing rights as not granted, because aiogram requires all of them and older Bot API servers leave some
    out.
    """
    for kind in ("my_chat_member", "chat_member"):
        change = raw.get(kind)
        members = (
            [change.get(side) for side in ("old_chat_member", "new_chat_member")]
            if isinstance(change, dict)
            else []
        )
        for member in members:
            if isinstance(member, dict):
                for right in _RIGHTS.get(str(member.get("status")), ()):
                    member.setdefault(right, False)
    return raw


def _storable(value: Any) -> Any:
    """Replaces NUL and lone surrogates, which no database stores, by characters of the same length, so that entities
    keep their offsets. Contents that no handler reads are left out.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        raise OverflowError  # no column holds it
    if isinstance(value, float) and not isfinite(value):
        raise OverflowError  # JSON has no word for it, so nobody could be shown it
    if isinstance(value, dict):
        return {
            name: _UNREAD[name] if name in _UNREAD and isinstance(inner, dict) else _storable(inner)
            for name, inner in value.items()
        }
    return [_storable(inner) for inner in value] if isinstance(value, list) else value


def _describe(wrong: ValidationError) -> str:
    """The location and the kind of the first three errors, never their values."""
    errors = wrong.errors(include_url=False, include_context=False, include_input=False)
    parts = [f"{'.'.join(map(str, error['loc']))}: {error['type']}" for error in errors[:3]]
    return "; ".join(parts)[:300]


def _kind(raw: dict[str, Any]) -> str:
    names = [name for name in raw if name != "update_id"]
    return names[0][:40] if names and names[0].isidentifier() and names[0].isascii() else "unnamed"


def _name(callable_: CallableObject) -> str:
    magic = isinstance(callable_, FilterObject) and callable_.magic is not None
    return "a magic F" if magic else getattr(callable_.callback, "__qualname__", repr(callable_.callback))
