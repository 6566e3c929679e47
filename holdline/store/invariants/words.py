"""Invariants of the desk's own words: drafts, notes, scheduled replies, merges, bulk jobs, search."""

from holdline.dialogs.outbox.messages import NotePart
from holdline.store.invariants.invariant import Invariant

_WORDS_BEFORE_EDITS = """COALESCE((
    SELECT h.text FROM history h WHERE h.customer_id = m.customer_id AND h.kind = 'message_edited'
    AND CAST(json_extract(h.data_json, '$.message_id') AS BIGINT) = m.id ORDER BY h.id LIMIT 1), m.text)"""

WORDS = (
    Invariant(
        "approved_is_what_was_sent",
        "a draft that was approved was sent with the very words that it says",
        f"""SELECT f.id, f.dialog_id, f.message_id FROM drafts f LEFT JOIN messages m ON m.id = f.message_id
            WHERE f.state = 'sent' AND f.part_of IS NULL AND (m.id IS NULL OR {_WORDS_BEFORE_EDITS} <> f.text)""",
        "look at the dialog's history: draft_approved says what was approved, reply_given what the customer read; "
        "correct it with a reply",
    ),
    Invariant(
        "nobody_approves_themselves",
        "a draft was approved by somebody else than its author",
        "SELECT id, author_id, decided_by FROM drafts WHERE state = 'sent' AND decided_by = author_id",
        "show the reply to a colleague; give whoever should not need approval the permission reply.direct",
    ),
    Invariant(
        "no_draft_after_the_close",
        "no draft waits in a closed dialog",
        """SELECT f.id, f.dialog_id, f.state FROM drafts f JOIN dialogs d ON d.id = f.dialog_id
           WHERE d.state = 'closed' AND f.state IN ('waiting', 'returned')""",
        "say its words in a new dialog of the customer: nobody can approve it any more",
    ),
    Invariant(
        "notes_reach_no_customer",
        "a note is only ever shown to the desk",
        f"""SELECT o.id, o.chat_id, o.dialog_id FROM outbox o
            LEFT JOIN managers m ON m.bot_id = o.bot_id AND m.telegram_id = o.chat_id
            WHERE o.kind = '{NotePart.kind}' AND (o.audience <> 'desk' OR (o.chat_id > 0 AND m.id IS NULL))""",
        "stop the desk, delete what was shown in that chat, and report it: nobody outside may read a note",
    ),
    Invariant(
        "scheduled_reply_was_said",
        "a scheduled reply that was sent names its message, and one that was not has none",
        """SELECT s.id, s.dialog_id, s.state FROM scheduled_replies s LEFT JOIN messages m ON m.id = s.message_id
           WHERE (s.state = 'sent') <> (m.id IS NOT NULL)""",
        "read the dialog: what is missing there is to be said once more",
    ),
    Invariant(
        "merged_dialog_is_empty",
        "what was said in a dialog that was merged stands in the other one of the same customer",
        """SELECT d.id, d.merged_into FROM dialogs d LEFT JOIN dialogs t ON t.id = d.merged_into
           WHERE d.merged_into IS NOT NULL AND (d.state <> 'closed' OR t.id IS NULL OR t.customer_id <> d.customer_id
               OR EXISTS (SELECT 1 FROM messages m WHERE m.dialog_id = d.id))""",
        "take the merge back (its button in the dialog that goes on), then merge again",
    ),
    Invariant(
        "bulk_job_tells_of_each",
        "one act on many dialogs has a result for each of them once it is over",
        """SELECT j.id, j.total, COUNT(i.dialog_id) AS items FROM bulk_jobs j LEFT JOIN bulk_items i ON i.job_id = j.id
           GROUP BY j.id, j.total, j.finished_at HAVING COUNT(i.dialog_id) <> j.total
           OR (j.finished_at IS NOT NULL AND SUM(CASE i.state WHEN 'waiting' THEN 1 ELSE 0 END) > 0)""",
        "do it again with the same filter: what is done already stays as it is",
    ),
    Invariant(
        "said_is_found",
        "the search knows every message that is newer than what it is still being filled with",
        """SELECT m.id, m.dialog_id FROM messages m
           WHERE m.class IN ('customer', 'manager')
           AND m.id > COALESCE((SELECT MAX(b.until_id) FROM search_backlog b WHERE b.source = 'messages'), 0)
           AND NOT EXISTS (SELECT 1 FROM search_messages s WHERE s.rowid = m.id)""",
        "fill the index again: INSERT INTO search_backlog SELECT 'messages', MAX(id) FROM messages; "
        "the desk does the rest",
    ),
)
