"""Warns silent customers and closes their dialogs, each dialog in its own transaction."""

from holdline.desk.automation.silence import follow_silence, list_possibly_silent
from holdline.scheduler.each import for_each_dialog
from holdline.store.engine import Store


async def follow_silences(store: Store) -> int:
    """Makes one pass and returns the number of dialogs that were warned or closed."""
    return await for_each_dialog(store, follow_silence, await store.read(list_possibly_silent))
