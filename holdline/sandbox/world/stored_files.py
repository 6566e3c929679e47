"""The files of the sandbox, in memory. If they are too large in total, the oldest are dropped."""

import struct
import zlib
from dataclasses import dataclass

from holdline.sandbox.errors import refusal

DOWNLOAD_MOST = 20 * 1024 * 1024
"""getFile refuses files over 20 MB (Bot API documentation)."""

EXTENSIONS = {
    "photo": "jpg",
    "video": "mp4",
    "animation": "mp4",
    "audio": "mp3",
    "voice": "oga",
    "video_note": "mp4",
    "sticker": "webp",
}


@dataclass(slots=True)
class StoredFile:
    """`content` is None for a simulated file of a person; its bytes are generated on request."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str | None
    size: int
    content: bytes | None
    path: str

    def bytes(self) -> bytes:
        if self.content is not None:
            return self.content
        return picture(zlib.crc32(self.unique_id.encode())) if self.kind == "photo" else self.name.encode()


class StoredFiles:
    def __init__(self, bot_id: int, kept_bytes: int) -> None:
        self._bot_id = bot_id
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._count = 0
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(
        self,
        kind: str,
        *,
        name: str | None = None,
        mime: str | None = None,
        content: bytes | None = None,
        size: int = 1024,
    ) -> StoredFile:
        self._count += 1
        number = self._count
        extension = EXTENSIONS.get(kind, "bin")
        stored = StoredFile(
            file_id=f"SBX{kind[:3].upper()}{self._bot_id:x}_{number:08x}",
            unique_id=f"SBXu{number:08x}",
            kind=kind,
            name=name or f"{kind}_{number}.{extension}",
            mime=mime,
            size=len(content) if content is not None else size,
            content=content,
            path=f"{kind}s/file_{number}.{extension}",
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        self._bytes += len(content or b"") + 300
        while self._bytes > self._kept_bytes and len(self._by_id) > 1:
            self._drop_content(next(iter(self._by_id.values())))
        return stored

    def _drop_content(self, stored: StoredFile) -> None:
        del self._by_id[stored.file_id], self._by_path[stored.path]
        self._bytes -= len(stored.content or b"") + 300

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def downloadable(self, file_id: str) -> StoredFile:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise refusal("wrong_file_id")
        if stored.size > DOWNLOAD_MOST:
            raise refusal("file_too_big")
        return stored


def picture(number: int, side: int = 64) -> bytes:
    """A small PNG of one colour, so that a chat page has something to show."""
    colour = bytes((80 + number % 150, 80 + number // 7 % 150, 80 + number // 49 % 150))
    rows = (b"\0" + colour * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
        for tag, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
