"""`holdline export`: one ZIP with everything about a customer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, ZipFile

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.privacy.named import find_named_person
from holdline.app.privacy.progress import progress_bar
from holdline.bot.gateway import Gateway
from holdline.screens.privacy.export_file import ExportRequest, name_in_archive, write_export
from holdline.store.tx import Row
from holdline.telegram.call import Call, Reply
from holdline.texts.figures import count_of

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What the command line says. `megabytes`: the most to download from Telegram; 0 downloads nothing."""

    customer: str
    to: Path | None
    with_notes: bool
    megabytes: int


def run_export(config: Path | None, order: ExportOrder) -> int:
    """Prints the name of the file. It appears whole or not at all, readable by its owner only."""
    for line in asyncio.run(_export(load_configuration(config), order)):
        typer.echo(line)
    return 0


async def _export(configuration: Configuration, order: ExportOrder) -> list[str]:
    log_quietly(configuration)
    async with open_store(configuration) as store:
        person = await find_named_person(store, order.customer)
        language = configuration.settings.desk.language
        asked = ExportRequest(person.customer_id, language, order.with_notes)
        target = order.to or Path(asked.file_name)
        if target.exists():
            raise CommandFailed(f"{target} exists already; name another file with --to.", 1)
        async with _whole_file(target) as out:
            media = await store.read_heavy(write_export, target=out, asked=asked)
            notes = await _download(configuration, out, media, order.megabytes)
    return [
        *notes,
        f"{target} holds everything about customer {person.customer_id}. Read it before you give it away.",
    ]


@asynccontextmanager
async def _whole_file(target: Path) -> AsyncIterator[IO[bytes]]:
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    except OSError as refused:
        raise CommandFailed(f"{target} cannot be written: {refused.strerror}.", 1) from refused
    finally:
        part.unlink(missing_ok=True)


async def _download(
    configuration: Configuration, out: IO[bytes], media: list[Row], megabytes: int
) -> list[str]:
    """Adds the files to the ZIP; says how many Telegram no longer gives, or that there are some."""
    if not media or not megabytes:
        hint = f"Listed, but not downloaded: {count_of(len(media), 'file')}; --files downloads what Telegram has."
        return [hint] if media else []
    telegram = configuration.settings.telegram
    left, got = megabytes * MEGABYTE, 0
    async with Gateway(telegram.token.get_secret_value(), telegram.api_base) as gateway:
        with (
            ZipFile(out, "a", ZIP_STORED) as archive,
            progress_bar("Files", media) as bar,
        ):
            for file in bar:
                content = await _fetch(gateway, file, left)
                if content is not None:
                    name = name_in_archive(str(file.get("file_name") or file["kind"]))
                    archive.writestr(f"files/{file['message_id']}-{name}", content)
                    left, got = left - len(content), got + 1
    return (
        [
            f"Downloaded: {got} of {count_of(len(media), 'file')}. The others are too big for a bot (20 MB), beyond "
            "--megabytes, or no longer at Telegram."
        ]
        if got < len(media)
        else [f"Downloaded: {count_of(got, 'file')}."]
    )


async def _fetch(gateway: Gateway, file: Row, left: int) -> bytes | None:
    if int(file.get("file_size") or 0) > left:
        return None
    answer = await gateway.send(Call("getFile", {"file_id": file["file_id"]}))
    if not isinstance(answer, Reply) or answer.body is None or not answer.ok:
        return None
    path = answer.body["result"].get("file_path")
    content = await gateway.download(path) if path else None
    return content if content is not None and len(content) <= left else None
