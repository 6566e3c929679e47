"""A message as the desk sees it in its dialog: byte for byte in a topic, under one line of heading elsewhere."""

from holdline.dialogs.message import CAPTIONED, Message
from holdline.dialogs.references import has_references
from holdline.dialogs.text.limits import BUTTON_TEXT_LIMIT, TEXT_LIMIT, fits
from holdline.dialogs.text.richtext import Rich, lines
from holdline.dialogs.text.splitting import capped
from holdline.screens.render.headers import head_of
from holdline.screens.render.messages import preview_of
from holdline.screens.render.references import with_references
from holdline.screens.render.render_context import Params, Scene, message_of, scene_of, what_it_replies_to
from holdline.screens.render.send_calls import fits_caption, media_call, text_call
from holdline.screens.render.text_fallback import in_words
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import part_of, with_caption_cut

NAME_LINES = 4


def mirror(tx: Tx, item: Row) -> Call | Skip:
    """One part of it in the item's place; a topic that never came to be is replaced by headings."""
    said, scene = message_of(tx, item), scene_of(tx, item)
    if said is None:
        return Skip("the message is gone")
    quoted = what_it_replies_to(tx, item, said, scene)
    head = with_references(tx, head_of(tx, said, scene), said, scene)
    part = item["payload_json"].get("part", 0)
    if said.content.kind != "text" and part == 0:
        return shown_media(scene, said, head, quoted, as_text=bool(item["payload_json"].get("in_words")))
    words = headed_part(said, head, part=part)
    return (
        text_call(scene, words, preview_of(said), quoted)
        if words
        else Skip("the text ended in an earlier part")
    )


def headed_part(said: Message, head: Rich, *, part: int) -> Rich | None:
    """The words of one part; the head stands above the first, which leaves room for it."""
    found = part_of(said.content, part=part, has_header=bool(head.text) or has_references(said.content))
    return lines(head, found) if found and part == 0 else found


def headed(head: Rich, words: Rich) -> Rich:
    """Words go before headings: a head that does not fit gives way."""
    both = lines(head, words)
    return both if fits(both.text, TEXT_LIMIT) else words


def shown_media(
    scene: Scene, said: Message, head: Rich, extra: Params, *, as_text: bool = False
) -> Call | Skip:
    """As it came where that can be; else a text that says what came, because somebody said it to the desk."""
    in_text = as_text or not said.content.is_passable
    call = Skip("as a text") if in_text else _headed_media(scene, said, head, extra)
    if isinstance(call, Call):
        return call
    told = in_words(with_caption_cut(said.content), scene.language)
    return text_call(scene, headed(head, told), extra)


def _headed_media(scene: Scene, said: Message, head: Rich, extra: Params) -> Call | Skip:
    """The head in the caption where a caption can be; else a button that names whose it is."""
    content = said.content
    if not head.text:
        return media_call(scene, content, None, extra)
    caption = lines(head, Rich(content.text, content.entities))
    if content.kind in CAPTIONED and fits_caption(caption):
        return media_call(scene, content, caption, extra)
    named = name_button(head.text, said.customer_id)["reply_markup"]["inline_keyboard"]
    below = extra.get("reply_markup", {}).get("inline_keyboard", [])
    return media_call(scene, content, None, {**extra, "reply_markup": {"inline_keyboard": [*named, *below]}})


def name_button(caption: str, customer_id: int) -> Params:
    """A round video or a place on the map can carry no words, but it can carry a button for each line."""
    data = f"card.dialogs:{customer_id}"
    shown = [capped(line, BUTTON_TEXT_LIMIT) for line in caption.splitlines() if line.strip()][:NAME_LINES]
    rows = [[{"text": line, "callback_data": data}] for line in shown]
    return {"reply_markup": {"inline_keyboard": rows}}
