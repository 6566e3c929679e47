"""A whole desk and a sandbox in one process, for the demo and the bench."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from holdline.app.configuration import Configuration
from holdline.app.open_store import open_store
from holdline.app.run_desk import run_desk_loops
from holdline.app.settings import Settings
from holdline.app.web_server import bind_listener
from holdline.app.wiring import ALL, prepare
from holdline.desk.people.keys import create_key
from holdline.dialogs.text.api_key import SCOPES
from holdline.sandbox import Sandbox, SandboxOptions, ToolAccess
from holdline.store.engine import Store

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DemoStack:
    """`url` is the sandbox's address, `api` the desk's; `key` gives access to the desk's API with every scope."""

    box: Sandbox
    url: str
    api: str
    key: str
    store: Store


@asynccontextmanager
async def open_demo_stack(
    folder: Path,
    options: SandboxOptions,
    *,
    settings: dict[str, dict[str, Any]],
    furnish: Callable[[Sandbox], None] | None = None,
    port: int = 0,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[DemoStack]:
    """Runs both until the block ends, or `stop`. `settings` are configuration keys except token and addresses.

    `furnish` adds people and groups to the sandbox before the desk reads it.
    """
    stop, listener = stop or asyncio.Event(), bind_listener(HOST, 0)
    api = f"http://{HOST}:{listener.getsockname()[1]}"
    async with open_store(_configuration(folder, settings, options.token, ""), may_create=True) as store:
        await prepare(store)
        key = await store.act(create_key, name="beside the sandbox", scopes=SCOPES)
        box = Sandbox(replace(options, tool=ToolAccess(api, key)))
        if furnish is not None:
            furnish(box)
        async with box.serve(HOST, port) as url, asyncio.TaskGroup() as group:
            configuration = _configuration(folder, settings, options.token, url)
            group.create_task(run_desk_loops(configuration, store, role=ALL, listener=listener, stop=stop))
            try:
                yield DemoStack(box, url, api, key, store)
            finally:
                stop.set()


def _configuration(folder: Path, settings: dict[str, dict[str, Any]], token: str, url: str) -> Configuration:
    """The configuration without the environment."""
    telegram = {**settings.get("telegram", {}), "token": token, "api_base": url}
    return Configuration(
        settings=Settings.model_validate({**settings, "telegram": telegram}), path=None, base=folder
    )
