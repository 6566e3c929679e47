"""The whole conversation as a text file, as it is at the moment of sending."""

from holdline.bot.render.scene import scene_of
from holdline.desk.transcripts import transcript_text
from holdline.dialogs.call import Call, Skip
from holdline.store import dialogs
from holdline.store.tx import Row, Tx
from holdline.texts import say


def transcript(tx: Tx, item: Row) -> Call | Skip:
    """For managers alone: no path leads from here to a customer."""
    scene = scene_of(tx, item)
    dialog = dialogs.by_id(tx, item["dialog_id"])
    text = transcript_text(tx, dialog=dialog, language=scene.language)
    caption = say("windows.transcript_caption", scene.language, id=dialog.id)
    file = (f"dialog-{dialog.id}.txt", text.encode())
    return Call("sendDocument", {**scene.target(), "caption": caption}, {"document": file})
