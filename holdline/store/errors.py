"""The errors that the store itself raises; a use case never catches these."""


class StoreUnavailable(Exception):
    """The store cannot be read or written now: nothing may be acknowledged, and HTTP requests get 503."""


class DiskFull(StoreUnavailable):
    """The disk of the database has no room, so nothing was written."""


class MessageIdUnknownYet(StoreUnavailable):
    """The work concerns a message in flight whose id at Telegram is not known yet; it is retried in a moment."""


class StoreConflict(StoreUnavailable):
    """Two transactions met again and again, in a deadlock or a serialization failure; nothing was written."""


class UniqueConflict(StoreConflict):
    """A unique index refused the row: a race that the next try resolves. If it persists, the code is at fault."""


class StoreChanged(Exception):
    """A migration that the database ran differs from the one that this Holdline has under that number."""


class StoreTooNew(Exception):
    """The database was written by a newer Holdline than this one."""


class StoreInUse(Exception):
    """The tables must change first, while processes of an earlier Holdline work on them."""


def is_temporary(trouble: BaseException) -> bool:
    """Whether the store only says "not now": the work that it refused is not at fault and is retried later."""
    return isinstance(trouble, StoreUnavailable) and not isinstance(trouble, UniqueConflict)
