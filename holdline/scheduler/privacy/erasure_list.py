"""The erasure list: a file beside the configuration that says who was erased and when, without saying who they are.

It outlives restored backups: at each start, everybody on it is erased again from the database that is found. Each line
holds the keyed hash of bot and Telegram id; the key is the first line.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from holdline.dialogs.text.times import to_rfc3339


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """`digest` belongs to bot and Telegram id."""

    digest: str
    erased_at: datetime


class ErasureList:
    """Its methods read and write the file, so call them in a thread."""

    def __init__(self, path: Path, bot_id: int) -> None:
        self._path, self._bot_id = path, bot_id
        self._key = b""

    @property
    def path(self) -> Path:
        return self._path

    def digest_of(self, telegram_id: int) -> str:
        """A keyed hash: only a process that has the file can find out whether an id is on the list."""
        key = self._key or self._read_key()
        return hmac.new(key, f"{self._bot_id}:{telegram_id}".encode(), hashlib.sha256).hexdigest()

    def add(self, telegram_id: int, at: datetime) -> str:
        """Returns the digest, once it is on the disk. The same person twice is two lines, which does no harm."""
        if not self._path.exists():
            self._create()
        self._read_key()  # another file may have taken its place
        digest = self.digest_of(telegram_id)
        line = json.dumps({"person": digest, "bot": self._bot_id, "erased_at": to_rfc3339(at)})
        with self._path.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell() and not self._ends_a_line():
                file.write(b"\n")  # a line that a crash has cut off
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return digest

    def people(self) -> list[ErasedPerson]:
        """The people of this bot. Skips a line that a crash has cut off: that erasure had not started."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text(encoding="utf-8").splitlines()[1:]:
            try:
                entry = json.loads(line)
                person = ErasedPerson(entry["person"], datetime.fromisoformat(entry["erased_at"]))
            except (ValueError, KeyError):
                continue
            if entry.get("bot") == self._bot_id:
                found.append(person)
        return found

    def _read_key(self) -> bytes:
        """Raises ValueError if the file is damaged: then nobody on it could be found again."""
        first = self._path.read_text(encoding="utf-8").partition("\n")[0]
        self._key = bytes.fromhex(json.loads(first)["key"])
        return self._key

    def _create(self) -> None:
        """The key appears whole or not at all."""
        part = self._path.with_name(self._path.name + ".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            note = "who was erased; keep this file apart from the backups, and never restore an older one"
            file.write(json.dumps({"holdline": note, "key": secrets.token_hex(32)}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._path)
        self._key = b""  # of a file that was removed while the desk ran
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _ends_a_line(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
