"""The webhook endpoint on a real socket: never 200 without the secret or the commit, never 500."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake.backlog_watch import BacklogWatch
from holdline.store.intake.received_update import ReceivedUpdate
from holdline.web import webhook_endpoint
from holdline.web.shared_commit import SharedCommit
from holdline.web.webhook_endpoint import BODY_BYTES, webhook_route

SECRET = "s3cret-Token_1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 11}, "text": "Hello"}}
BODY = json.dumps(UPDATE).encode()


class Server(uvicorn.Server):
    """Says when it listens."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    listening: asyncio.Event


async def serve(store: Any) -> AsyncIterator[tuple[str, int]]:
    app = Starlette(routes=[webhook_route("/hook/x", SECRET, store)])
    server = Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", access_log=False))
    server.listening = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await server.listening.wait()
        yield server.servers[0].sockets[0].getsockname()[:2]
        server.should_exit = True


@pytest.fixture
async def address(store: Store) -> AsyncIterator[tuple[str, int]]:
    async for address in serve(store):
        yield address


async def ask(
    address: tuple[str, int], head: list[bytes], body: bytes = b"", *, verb: bytes = b"POST /hook/x"
) -> tuple[int, bytes]:
    """Bytes out, status and whole answer back; whatever the server does not read stays unread."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"\r\n".join([verb + b" HTTP/1.1", b"Host: x", b"Connection: close", *head, b"", body]))
    async with asyncio.timeout(60):
        answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer


def secret(value: bytes = SECRET.encode()) -> bytes:
    return HEADER.encode() + b": " + value


def length(body: bytes) -> bytes:
    return b"Content-Length: %d" % len(body)


def chunked(body: bytes, size: int = 65_536) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


async def stored(store: Store) -> list[dict[str, Any]]:
    return await store.read(
        lambda tx: tx.all("SELECT update_id, ordering_key, raw, state FROM inbox ORDER BY id")
    )


async def test_an_update_is_stored_before_it_is_answered(store: Store, address: tuple[str, int]) -> None:
    status, _ = await ask(address, [secret(), length(BODY)], BODY)
    assert status == 200
    assert await stored(store) == [{"update_id": 7, "ordering_key": 11, "raw": BODY.decode(), "state": "new"}]
    status, _ = await ask(address, [secret(), b"Transfer-Encoding: chunked"], chunked(BODY, 5))
    assert status == 200
    assert len(await stored(store)) == 1
    assert await store.bells.wait("inbox", 5)


@pytest.mark.parametrize(
    "head",
    [
        [],
        [secret(b"")],
        [secret(b"wrong")],
        [secret(SECRET.encode() + b"1")],
        [secret(SECRET.encode()[:-1])],
        [secret(SECRET.lower().encode())],
        [secret("секрет".encode())],
        [secret(b"\xff\xfe\x80")],
        [secret(b"x" * 20_000)],
        [secret(b"wrong"), secret()],
        [b"X-Telegram-Bot-Api-Secret: " + SECRET.encode()],
        [b"X-Forwarded-For: 149.154.167.220"],
        [b"Authorization: Bearer " + SECRET.encode()],
    ],
)
async def test_without_the_secret_nothing_is_stored(
    store: Store, address: tuple[str, int], head: list[bytes]
) -> None:
    status, answer = await ask(address, [*head, length(BODY)], BODY)
    assert status == 401
    assert SECRET.encode() not in answer
    assert await stored(store) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"update_id"',
        b"update_id=7",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": null}',
        b'{"update_id": 7.5}',
        b'{"update_id": -7}',
        b'{"update_id": 1e3}',
        b'{"update_id": ' + b"9" * 30 + b"}",
        b'{"update_id": ' + b"9" * 6000 + b"}",
        b'{"update_id": 7',
        b'{"update_id": 7} trailing',
        b'{"update_id": 7, "x": "\x00"}',
        b'{"update_id": 7, "x": "\xed\xa0\x80"}',
        b'{"update_id": 7, "x": "\xff"}',
        b'{"update_id": 7, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\xef\xbb\xbf" + BODY,
        BODY.decode().encode("utf-16"),
        gzip.compress(BODY, mtime=0),
        gzip.compress(b"0" * 50_000_000, mtime=0),
    ],
)
async def test_a_body_that_is_no_update_is_refused(
    store: Store, address: tuple[str, int], body: bytes
) -> None:
    status, answer = await ask(address, [secret(), length(body), b"Content-Encoding: gzip"], body)
    assert status == 400
    assert b"update_id" in answer
    assert await stored(store) == []


async def test_a_body_too_large_is_refused_whether_it_says_so_or_not(
    store: Store, address: tuple[str, int]
) -> None:
    large = b'{"update_id": 7, "x": "' + b"x" * BODY_BYTES + b'"}'
    told = await ask(address, [secret(), length(large)], large[:1000])
    untold = await ask(address, [secret(), b"Transfer-Encoding: chunked"], chunked(large))
    lying = await ask(address, [secret(), b"Content-Length: 9" + b"0" * 17], b"{")
    just = b'{"update_id": 8, "x": "' + b"x" * (BODY_BYTES - 25) + b'"}'
    assert len(just) == BODY_BYTES
    assert [told[0], untold[0], lying[0]] == [413, 413, 413]
    assert (await ask(address, [secret(), length(just)], just))[0] == 200
    assert [row["update_id"] for row in await stored(store)] == [8]


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        (b"GET /hook/x", 405),
        (b"PUT /hook/x", 405),
        (b"DELETE /hook/x", 405),
        (b"OPTIONS /hook/x", 405),
        (b"POST /hook", 404),
        (b"POST /hook/x/", 307),
        (b"POST /HOOK/x", 404),
        (b"POST /hook/../hook/x", 404),
    ],
)
async def test_only_a_post_at_the_very_path_comes_in(
    store: Store, address: tuple[str, int], verb: bytes, status: int
) -> None:
    assert (await ask(address, [secret(), length(BODY)], BODY, verb=verb))[0] == status
    assert await stored(store) == []


async def test_a_body_that_never_ends_is_given_up(
    store: Store, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_endpoint, "BODY_SECONDS", 0.2)
    status, _ = await ask(address, [secret(), length(BODY)], BODY[:-1])
    assert status == 408
    assert await stored(store) == []


async def test_an_update_that_cannot_be_stored_is_answered_so_that_it_is_sent_again() -> None:
    class Full:
        """A store with a full disk."""

        async def act(self, *_: object, **__: object) -> None:
            raise StoreUnavailable("disk full at /secret/place")

    async for address in serve(Full()):
        status, answer = await ask(address, [secret(), length(BODY)], BODY)
        assert status == 503
        assert b"retry-after: 1" in answer.lower()
        assert b"/secret/place" not in answer


async def test_many_updates_at_once_are_all_stored_beside_wrong_secrets(
    store: Store, address: tuple[str, int]
) -> None:
    async def send(number: int) -> int:
        body = b'{"update_id": %d, "message": {"chat": {"id": %d}}}' % (number // 4, number % 7)
        shown = secret() if number % 2 == 0 else secret(b"guess")
        return (await ask(address, [shown, length(body)], body))[0]

    statuses = await asyncio.gather(*(send(number) for number in range(400)))
    assert statuses == [200, 401] * 200
    assert sorted(row["update_id"] for row in await stored(store)) == list(range(100))


async def test_a_commit_that_fails_fails_for_all_that_shared_it_and_nobody_else(store: Store) -> None:
    tries: list[int] = []

    class Flaky:
        """Refuses the second commit."""

        backlog = BacklogWatch()

        async def act(self, use_case: Any, updates: list[ReceivedUpdate]) -> Any:
            tries.append(len(updates))
            if len(tries) == 2:
                raise StoreUnavailable("full")
            return await store.act(use_case, updates)

    commit = SharedCommit(Flaky())  # type: ignore[arg-type] # a store that refuses
    updates = [ReceivedUpdate(number, 0, "{}") for number in range(103)]
    outcomes = await asyncio.gather(*(commit.keep(update) for update in updates), return_exceptions=True)
    assert tries == [1, 100, 2]
    assert [type(outcome) for outcome in outcomes] == [type(None)] + [StoreUnavailable] * 100 + [
        type(None)
    ] * 2
    assert [row["update_id"] for row in await stored(store)] == [0, 101, 102]


async def test_a_caller_that_goes_away_does_not_stop_the_others(store: Store) -> None:
    commit = SharedCommit(store)
    updates = [ReceivedUpdate(number, 0, "{}") for number in range(9)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(commit.keep(update)) for update in updates]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[1].cancel()
    await commit.keep(ReceivedUpdate(100, 0, "{}"))
    assert {row["update_id"] for row in await stored(store)} >= {2, 3, 4, 5, 6, 7, 8, 100}


async def test_a_caller_that_goes_away_when_handed_the_lead_passes_it_on(store: Store) -> None:
    tasks: list[asyncio.Task[None]] = []

    class Leaving:
        """At the end of the first commit the second caller hangs up."""

        backlog = BacklogWatch()

        async def act(self, use_case: Any, updates: list[ReceivedUpdate]) -> Any:
            kept = await store.act(use_case, updates)
            asyncio.get_running_loop().call_soon(tasks[1].cancel)
            return kept

    commit = SharedCommit(Leaving())  # type: ignore[arg-type] # a store with a caller
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        tasks += [group.create_task(commit.keep(ReceivedUpdate(number, 0, "{}"))) for number in range(3)]
    assert tasks[1].cancelled()
    assert [row["update_id"] for row in await stored(store)] == [0, 2]


def test_a_webhook_without_a_secret_is_not_built(store_url: str) -> None:
    with pytest.raises(ValueError, match="pretend to be Telegram"):
        webhook_route("/hook", "", Store(store_url))
