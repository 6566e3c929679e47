"""A file in a multipart body. It has its own size limit, and the Idempotency-Key ignores the boundary."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import TypeAdapter, ValidationError
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from holdline.dialogs.decisions.attachments import FILE_LIMIT
from holdline.web.errors import HttpRefusal, bad_field
from holdline.web.schemas.fields import TelegramId

FORM_ROOM = 64 * 1024
"""Bytes allowed besides the file: names, boundaries, headers."""
UPLOAD_SECONDS = 120
_MANAGER: TypeAdapter[int] = TypeAdapter(TelegramId)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The two fields of such a body."""

    name: str
    mime: str
    content: bytes
    manager_telegram_id: int


class _UploadParser(MultiPartParser):
    spool_max_size = FILE_LIMIT + 1  # it is kept in the database, and on no disk before


async def _upload(request: Request) -> UploadedFile:
    form = await _form(request)
    try:
        upload = await _read(form)
    finally:
        await form.close()
    request.state.fingerprint = _fingerprint(request, upload)
    return upload


Upload = Annotated[UploadedFile, Depends(_upload)]


async def _read(form: FormData) -> UploadedFile:
    file, others = form.get("file"), {name for name in form if name not in ("file", "manager_telegram_id")}
    if others:
        raise bad_field(min(others), "mend_unknown")
    if not isinstance(file, UploadFile):
        raise bad_field("file", "mend_missing")
    return UploadedFile(
        file.filename or "file",
        (file.content_type or "application/octet-stream").split(";")[0].strip().lower(),
        await file.read(),
        _manager(form.get("manager_telegram_id")),
    )


async def _form(request: Request) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise bad_field("Content-Type", "mend_multipart")
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await _UploadParser(request.headers, _pieces(request), max_files=1, max_fields=8).parse()
    except (MultiPartException, FormParserError, KeyError, UnicodeError) as refused:
        raise bad_field("body", "mend_multipart") from refused
    except (TimeoutError, ClientDisconnect) as broken:
        raise bad_field("body", "mend_whole_body") from broken


async def _pieces(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > FILE_LIMIT + FORM_ROOM:
            raise HttpRefusal(413, "too_large", limit=FILE_LIMIT // 1024, headers={"Connection": "close"})
        yield piece


def _manager(written: object) -> int:
    if not isinstance(written, str) or not written:
        raise bad_field("manager_telegram_id", "mend_missing")
    try:
        return _MANAGER.validate_python(int(written) if written.isascii() and written.isdigit() else written)
    except (ValidationError, ValueError) as refused:
        raise bad_field("manager_telegram_id", "mend_whole") from refused


def _fingerprint(request: Request, upload: UploadedFile) -> str:
    said = f"{request.method} {request.url.path} {upload.manager_telegram_id} {upload.mime} {upload.name} "
    return hashlib.sha256(said.encode("utf-8", "surrogatepass") + upload.content).hexdigest()
