"""Downloads files that were attached in Telegram once, so that backups and the API have them."""

import logging
from typing import Protocol

from holdline.store.dialogs import attachments
from holdline.store.engine import Store
from holdline.telegram.call import Call, CallResult, Reply

FETCH_SECONDS = 2.0
_A_TURN, _TRIES = 5, 5

log = logging.getLogger("holdline.attachments")


class FileGateway(Protocol):
    """The methods of the gateway that this loop needs. They show nothing to anybody."""

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult: ...
    async def download(self, path: str) -> bytes | None: ...


class AttachedFiles:
    """`fetch()` is one turn. A file that cannot be downloaded is retried a few times and then stays at
    Telegram only.
    """

    def __init__(self, store: Store, gateway: FileGateway) -> None:
        self._store, self._gateway = store, gateway
        self._after = 0
        self._failures: dict[int, int] = {}

    async def fetch(self) -> int:
        """Returns the number of files that were downloaded."""
        missing = await self._store.read(attachments.without_content, after=self._after, limit=_A_TURN)
        fetched = 0
        for attachment_id, file_id in missing:
            content = await self._download(file_id)
            if content is not None:
                await self._store.act(attachments.save_content, attachment_id, content)
                fetched += 1
            elif not self._may_try_again(attachment_id):
                continue
            else:
                return fetched
            self._after = attachment_id
        return fetched

    def _may_try_again(self, attachment_id: int) -> bool:
        self._failures[attachment_id] = self._failures.get(attachment_id, 0) + 1
        if self._failures[attachment_id] < _TRIES:
            return True
        log.warning("the file of attachment %s cannot be fetched from Telegram", attachment_id)
        self._after = attachment_id
        del self._failures[attachment_id]
        return False

    async def _download(self, file_id: str) -> bytes | None:
        answer = await self._gateway.send(Call("getFile", {"file_id": file_id}))
        if not isinstance(answer, Reply) or answer.body is None or not answer.ok:
            return None
        path = answer.body["result"].get("file_path")
        return await self._gateway.download(path) if path else None
