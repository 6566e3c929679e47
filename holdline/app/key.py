"""`holdline key create`: the key is shown once; only its hash is kept."""

import asyncio
from pathlib import Path

import typer

from holdline.app.configuration import configured
from holdline.app.opening import log_quietly, opened
from holdline.app.stopping import Stop
from holdline.desk.keys import create_key
from holdline.dialogs.refusal import BadInput


def run_key_create(config: Path | None, *, name: str, scopes: tuple[str, ...]) -> int:
    """The secret stands alone on the last line, so that a script can take it."""
    typer.echo(asyncio.run(_created(config, name, scopes)))
    return 0


async def _created(config: Path | None, name: str, scopes: tuple[str, ...]) -> str:
    configuration = configured(config)
    log_quietly(configuration)
    if not configuration.settings.bot_id:
        raise Stop("telegram.token is empty; a key belongs to one bot, so set the token first.")
    async with opened(configuration) as store:
        try:
            return await store.act(create_key, name=name, scopes=scopes)
        except BadInput as wrong:
            raise Stop(wrong.sentence()) from wrong
