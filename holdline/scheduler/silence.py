"""Silent customers are warned, and their dialogs closed: each dialog in a unit of its own."""

from holdline.desk.automation.silence import follow_silence, list_to_look_at
from holdline.scheduler.each import for_each_dialog
from holdline.store.engine import Store


async def follow_silences(store: Store) -> int:
    """One pass; for how many dialogs something was said or moved."""
    return await for_each_dialog(store, follow_silence, await store.read(list_to_look_at))
