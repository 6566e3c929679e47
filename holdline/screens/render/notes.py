"""What only managers see: a note with its author and file, and the files of a draft."""

from dataclasses import replace

from holdline.desk.notices.note_views import content_of
from holdline.dialogs.message import CAPTIONED, Content
from holdline.dialogs.outbox.messages import DraftFile, NotePart
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.text.richtext import RichText, lines, with_mark
from holdline.dialogs.text.splitting import inline
from holdline.screens.render.headers import dialog_line, fit_header, manager_name
from holdline.screens.render.render_context import RenderContext, render_context_of
from holdline.screens.render.send_calls import fits_caption, media_call, text_call
from holdline.screens.render.text_fallback import describe_as_text
from holdline.store.conversation import drafts, notes
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import part_of, with_caption_cut
from holdline.texts import say


def note(tx: Tx, item: Row, which: NotePart) -> Call | Skip:
    """One part of the note, for the desk only."""
    context, part = render_context_of(tx, item), which.part
    row = notes.by_id(tx, which.note_id)
    if row is None:
        return Skip("the note is gone")
    head, content = _head(tx, row, context), content_of(row)
    if content.kind != "text" and part == 0:
        return _with_file(context, content, head, as_text=RetryNotes.of(item).in_words)
    words = part_of(content, part=part, has_header=True)
    if words is None:
        return Skip("the text ended in an earlier part")
    return text_call(context, lines(head, words) if part == 0 else words)


def draft_file(tx: Tx, item: Row, which: DraftFile) -> Call | Skip:
    """One file with a header only; the text is on the draft's card above. Or a part of a text too long for the card."""
    context, part = render_context_of(tx, item), drafts.part_by_id(tx, which.part_id)
    if part is None:
        return Skip("the draft is gone")
    draft, content = drafts.by_id(tx, part[0]), part[1]
    names = {"draft": draft.id, "id": draft.dialog_id, "who": inline(draft.author.name)}
    head = with_mark(say("windows.draft_head", context.language, **names), "bold")
    if which.text_part is not None:
        words = part_of(replace(content, kind="text"), part=which.text_part, has_header=True)
        if words is None:
            return Skip("the text ended in an earlier part")
        return text_call(context, words if which.text_part else lines(head, words))
    if RetryNotes.of(item).in_words or not content.is_passable:
        return text_call(context, lines(head, describe_as_text(with_caption_cut(content), context.language)))
    return media_call(context, content, head if content.kind in CAPTIONED else None)


def _head(tx: Tx, row: Row, context: RenderContext) -> RichText:
    """“📝 Note · Maria”, or that she edited it. Names the dialog if no topic does."""
    key = "cards.note_head" if row["edited_at"] is None else "cards.note_edited_head"
    line = say(key, context.language, name=manager_name(tx, row["manager_id"]))
    if context.has_header:
        line = f"{dialog_line(tx, row['dialog_id'])} · {line}"
    return fit_header(with_mark(line, "bold"))


def _with_file(context: RenderContext, content: Content, head: RichText, *, as_text: bool) -> Call | Skip:
    """The header in the caption, or else a text that describes the file."""
    caption = lines(head, RichText(content.text))
    if not as_text and content.kind in CAPTIONED and fits_caption(caption):
        return media_call(context, content, caption)
    return text_call(context, lines(head, describe_as_text(with_caption_cut(content), context.language)))
