"""The rating form: one message, exactly three buttons; a button carries a position, never a caption."""

from holdline.bot.keyboards import markup, press
from holdline.bot.render.saying import text_call
from holdline.bot.render.scene import scene_of
from holdline.bot.render.standard import captions_of, filled
from holdline.desk.standard_messages import standard_message
from holdline.dialogs.call import Call, Skip
from holdline.dialogs.rating import SCALE
from holdline.dialogs.richtext import Rich
from holdline.store import dialogs, surveys
from holdline.store.tx import Row, Tx
from holdline.texts import say


def rating_form(tx: Tx, item: Row) -> Call | Skip:
    """The request in the customer's language; a survey that is answered asks no more."""
    survey, scene = surveys.by_id(tx, item["payload_json"]["survey_id"]), scene_of(tx, item)
    if survey is None or survey["state"] == "answered":
        return Skip("the survey is over")
    text, buttons = standard_message(tx, name="rating_request", language=scene.language)
    words = {"title": dialogs.by_id(tx, survey["dialog_id"]).title}
    captions = _captions(buttons, scene.language)
    row = [
        press(caption, "rate", survey["token"], value) for caption, value in zip(captions, SCALE, strict=True)
    ]
    return text_call(scene, Rich(filled(text, words)), {"reply_markup": markup([row])})


def _captions(buttons: object, language: str) -> list[str]:
    """The desk's own three, else ours."""
    own = [caption for caption in captions_of(buttons) if caption.strip()]
    return own if len(own) == len(SCALE) else [say(f"standard.rating_{value}", language) for value in SCALE]
