"""The store as edges see it: `act` is one write transaction, `read` one snapshot, both one hop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from holdline.dialogs.rules import DeskRules
from holdline.store.bells import Bells
from holdline.store.clock import Clock
from holdline.store.errors import StoreConflict
from holdline.store.memory import Memory
from holdline.store.sqlite import SqliteEngine
from holdline.store.tx import Cursor, Row, Tx

P = ParamSpec("P")
R = TypeVar("R")


class Engine(Protocol):
    """What SQLite and PostgreSQL both offer."""

    name: str

    async def start(self) -> list[str]: ...
    async def close(self) -> None: ...
    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]: ...
    async def read(self, work: Callable[[Tx], Any]) -> Any: ...


class Store:
    """One database for one bot's desk; `url` as in the configuration, paths relative to `base`."""

    def __init__(
        self,
        url: str,
        *,
        bot_id: int = 0,
        rules: DeskRules | None = None,
        clock: Clock | None = None,
        base: Path | None = None,
    ) -> None:
        self.bot_id = bot_id
        self.rules = rules or DeskRules()
        self.clock = clock or Clock()
        self.bells = Bells()
        self.engine = self._engine(url, base or Path())

    async def start(self) -> list[str]:
        """Open and migrate; the names of the migrations that ran."""
        return await self.engine.start()

    async def close(self) -> None:
        await self.engine.close()

    async def act(self, use_case: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """One transaction; tried again once where two units met; what it woke is rung."""

        def work(tx: Tx) -> R:
            return use_case(tx, *args, **kwargs)

        try:
            result, woken = await self.engine.write(work)
        except StoreConflict:
            result, woken = await self.engine.write(work)
        for channel in woken:
            self.bells.ring(channel)
        return result  # type: ignore[no-any-return] # the engine carries it through untyped

    async def read(
        self, question: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """One snapshot; never writes."""
        return await self.engine.read(lambda tx: question(tx, *args, **kwargs))  # type: ignore[no-any-return] # as above

    def _engine(self, url: str, base: Path) -> Engine:
        if url.startswith("sqlite:///"):
            return SqliteEngine(base / url.removeprefix("sqlite:///"), self._tx, self.bells.ring)
        if url.startswith(("postgresql://", "postgres://")):
            from holdline.store.postgres import PostgresEngine  # noqa: PLC0415 - an extra, not always installed

            return PostgresEngine(url, self._tx, self.bells.ring)
        raise ValueError(f"store.url {url!r} is neither sqlite:///path nor postgresql://…")

    def _tx(self, execute: Callable[[str, Row], Cursor], memory: Memory | None = None) -> Tx:
        return Tx(execute, at=self.clock.now(), bot_id=self.bot_id, rules=self.rules, memory=memory)
