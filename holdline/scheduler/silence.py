"""Silent customers are warned, and their dialogs closed: each dialog in a unit of its own."""

from holdline.desk.automation.silence import follow_silence, list_to_look_at
from holdline.store.engine import Store


async def follow_silences(store: Store) -> int:
    """One pass; for how many dialogs something was said or moved."""
    done = 0
    for dialog_id in await store.read(list_to_look_at):
        done += await store.act(follow_silence, dialog_id=dialog_id)
    return done
