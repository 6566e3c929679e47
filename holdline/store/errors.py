"""What the store itself can say no with; a use case never catches these."""


class StoreUnavailable(Exception):
    """Not readable or not writable now: nothing may be acknowledged; the doors answer 503."""


class NotNumberedYet(StoreUnavailable):
    """It is about something that is being sent, whose number at Telegram is on the way: asked again in a moment."""


class StoreConflict(Exception):
    """Two units met: a deadlock, a serialization failure or a unique index; tried again once."""


class StoreTooNew(Exception):
    """The database was written by a newer Holdline than this one."""
