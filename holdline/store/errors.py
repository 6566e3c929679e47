"""What the store itself can say no with; a use case never catches these."""


class StoreUnavailable(Exception):
    """Not readable or not writable now: nothing may be acknowledged; the doors answer 503."""


class MessageIdUnknownYet(StoreUnavailable):
    """It is about something that is being sent, whose number at Telegram is on the way: asked again in a moment."""


class StoreConflict(StoreUnavailable):
    """Two units met, in a deadlock or a serialization failure, again and again; nothing was written."""


class UniqueConflict(StoreConflict):
    """A unique index refused it: a race that the next try finds settled. One that stays is a fault of the code."""


class StoreChanged(Exception):
    """A migration that the database ran is not the one that this Holdline has under that number."""


class StoreTooNew(Exception):
    """The database was written by a newer Holdline than this one."""


def is_temporary(trouble: BaseException) -> bool:
    """Whether the store only says "not now": what was refused is no worse for it and is simply tried again later."""
    return isinstance(trouble, StoreUnavailable) and not isinstance(trouble, UniqueConflict)
