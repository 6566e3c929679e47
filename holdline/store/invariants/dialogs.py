"""Invariants of dialogs, their messages, their people and their ratings."""

from holdline.dialogs.outbox.item import READER_LEFT_DESK
from holdline.store.delivery import kind_lists
from holdline.store.invariants.invariant import Invariant

_MOVES = "('dialog_opened', 'dialog_paused', 'dialog_resumed', 'dialog_closed', 'dialog_unmerged')"
_SLACK = 10_000_000  # microseconds: a transaction that waited for a lock carries the time before the wait

DIALOGS = (
    Invariant(
        "one_active_dialog",
        "a customer has at most one active dialog",
        """SELECT bot_id, customer_id, COUNT(*) AS active FROM dialogs WHERE state = 'active'
           GROUP BY bot_id, customer_id HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "gate_follows_dialog",
        "a gate is held exactly while its customer has an active dialog",
        """SELECT c.bot_id, c.id, c.gate FROM customers c
           WHERE (c.gate = 'held') <> EXISTS (
               SELECT 1 FROM dialogs d WHERE d.customer_id = c.id AND d.state = 'active')""",
    ),
    Invariant(
        "customer_has_chat",
        "every customer has a row for the own chat",
        """SELECT c.id, c.bot_id FROM customers c LEFT JOIN chats ch
           ON ch.customer_id = c.id AND ch.bot_id = c.bot_id AND ch.chat_id = c.telegram_id
           WHERE ch.chat_id IS NULL""",
    ),
    Invariant(
        "message_of_the_dialogs_customer",
        "a message in a dialog is of that dialog's customer and bot",
        """SELECT m.id, m.dialog_id, m.customer_id FROM messages m JOIN dialogs d ON d.id = m.dialog_id
           WHERE d.customer_id <> m.customer_id OR d.bot_id <> m.bot_id""",
    ),
    Invariant(
        "attachments_are_counted",
        "a dialog says how many files it has",
        """SELECT d.id, d.attachment_count FROM dialogs d WHERE d.attachment_count <> (
               SELECT COUNT(*) FROM attachments a WHERE a.dialog_id = d.id AND a.deleted_at IS NULL)""",
    ),
    Invariant(
        "state_has_its_history",
        "a dialog is in the state in which its history left it",
        f"""SELECT d.id, d.state, e.kind FROM dialogs d LEFT JOIN history e ON e.id = (
               SELECT MAX(h.id) FROM history h WHERE h.dialog_id = d.id AND h.kind IN {_MOVES})
           WHERE e.kind IS NULL OR d.state <> CASE e.kind WHEN 'dialog_paused' THEN 'paused'
               WHEN 'dialog_unmerged' THEN 'paused' WHEN 'dialog_closed' THEN 'closed' ELSE 'active' END""",
    ),
    Invariant(
        "only_legal_moves",
        "a dialog was opened once, and every later move was a legal one",
        f"""SELECT e.id, e.dialog_id, p.kind AS before, e.kind AS after FROM history e LEFT JOIN history p
           ON p.id = (SELECT MAX(h.id) FROM history h
                      WHERE h.dialog_id = e.dialog_id AND h.kind IN {_MOVES} AND h.id < e.id)
           WHERE e.kind IN {_MOVES} AND COALESCE(p.kind, '') || '>' || e.kind NOT IN (
               '>dialog_opened', 'dialog_opened>dialog_paused', 'dialog_opened>dialog_closed',
               'dialog_paused>dialog_resumed', 'dialog_paused>dialog_closed',
               'dialog_resumed>dialog_paused', 'dialog_resumed>dialog_closed', 'dialog_closed>dialog_unmerged',
               'dialog_unmerged>dialog_resumed', 'dialog_unmerged>dialog_closed')""",
    ),
    Invariant(
        "reply_only_while_active",
        "no manager's reply went into a paused or closed dialog",
        f"""SELECT r.id, r.dialog_id, e.kind FROM history r JOIN history e ON e.id = (
               SELECT MAX(h.id) FROM history h
               WHERE h.dialog_id = r.dialog_id AND h.kind IN {_MOVES} AND h.id < r.id)
           WHERE r.kind = 'reply_given' AND e.kind IN ('dialog_paused', 'dialog_closed')""",
    ),
    Invariant(
        "general_only_without_active",
        "no manager wrote in the general chat while the customer had an active dialog",
        """SELECT r.id, r.customer_id, e.dialog_id FROM history r JOIN history e
           ON e.customer_id = r.customer_id AND e.id < r.id AND e.kind IN ('dialog_opened', 'dialog_resumed')
           WHERE r.kind = 'reply_given' AND r.dialog_id IS NULL AND NOT EXISTS (
               SELECT 1 FROM history s WHERE s.dialog_id = e.dialog_id AND s.id > e.id AND s.id < r.id
               AND s.kind IN ('dialog_paused', 'dialog_closed'))""",
    ),
    Invariant(
        "nothing_after_the_close",
        "no customer's message was added to a closed dialog",
        f"""SELECT m.id, m.dialog_id FROM messages m JOIN dialogs d ON d.id = m.dialog_id
           WHERE m.direction = 'in' AND d.closed_at IS NOT NULL AND m.created_at > d.closed_at + {_SLACK}""",
    ),
    Invariant(
        "general_message_has_its_item",
        "a customer's message in the general chat belongs to an inbox item, unless the customer was muted then or a "
        "funnel took it",
        """SELECT m.id, m.customer_id FROM messages m LEFT JOIN inbox_items i
           ON i.id = m.inbox_item_id AND i.customer_id = m.customer_id
           WHERE m.direction = 'in' AND m.dialog_id IS NULL AND m.muted = 0 AND i.id IS NULL
           AND NOT EXISTS (SELECT 1 FROM enrolment_steps s WHERE s.message_id = m.id)""",
    ),
    Invariant(
        "counted_right",
        "the number of messages of an inbox item is how many there are",
        """SELECT i.id, i.message_count, COUNT(m.id) AS counted FROM inbox_items i
           LEFT JOIN messages m ON m.inbox_item_id = i.id
           GROUP BY i.id, i.message_count HAVING COUNT(m.id) <> i.message_count""",
    ),
    Invariant(
        "moved_item_has_its_dialog",
        "an inbox item that was moved names a dialog of the same customer",
        """SELECT i.id, i.dialog_id FROM inbox_items i LEFT JOIN dialogs d
           ON d.id = i.dialog_id AND d.customer_id = i.customer_id WHERE i.state = 'moved' AND d.id IS NULL""",
    ),
    Invariant(
        "nothing_waits_beside_a_dialog",
        "no inbox item waits while its customer has an active dialog: opening and resuming take it up",
        """SELECT i.id, i.customer_id, d.id AS dialog_id FROM inbox_items i JOIN dialogs d
           ON d.customer_id = i.customer_id AND d.state = 'active' WHERE i.state = 'new'""",
    ),
    Invariant(
        "assignee_is_active",
        "the assignee of an open dialog is an active manager of the same bot",
        """SELECT d.id, d.assignee_id FROM dialogs d JOIN managers m ON m.id = d.assignee_id
           WHERE d.state <> 'closed' AND (m.active = 0 OR m.bot_id <> d.bot_id)""",
    ),
    Invariant(
        "participants_belong_to_the_desk",
        "who takes part in an open dialog belongs to the desk",
        """SELECT p.dialog_id, p.manager_id FROM dialog_participants p
           JOIN dialogs d ON d.id = p.dialog_id JOIN managers m ON m.id = p.manager_id
           WHERE d.state <> 'closed' AND m.active = 0""",
    ),
    Invariant(
        "no_place_after_leaving",
        "nothing is shown in the own chat of somebody who has left the desk",
        """SELECT p.id, p.chat_id, p.dialog_id FROM places p
           JOIN managers m ON m.bot_id = p.bot_id AND m.telegram_id = p.chat_id
           WHERE p.live = 1 AND m.active = 0""",
    ),
    Invariant(
        "nothing_open_after_leaving",
        "who has left the desk has no open task, no open form and no dialog entered",
        """SELECT 'task' AS what, t.id, t.manager_id FROM tasks t JOIN managers m ON m.id = t.manager_id
           WHERE t.state = 'open' AND m.active = 0
           UNION ALL SELECT 'form', f.id, f.manager_id FROM forms f JOIN managers m ON m.id = f.manager_id
           WHERE f.done_at IS NULL AND m.active = 0
           UNION ALL SELECT 'entered', m.entered_dialog_id, m.id FROM managers m
           WHERE m.active = 0 AND (m.entered_dialog_id IS NOT NULL OR m.ready = 1)""",
    ),
    Invariant(
        "shown_to_who_stays",
        "what a customer says and only a former manager would have seen is shown to somebody else",
        f"""SELECT o.id, o.chat_id, o.message_id FROM outbox o JOIN messages m ON m.id = o.message_id
           LEFT JOIN dialogs d ON d.id = m.dialog_id LEFT JOIN inbox_items i ON i.id = m.inbox_item_id
           WHERE o.status = 'cancelled' AND o.error = '{READER_LEFT_DESK}' AND m.direction = 'in'
           AND o.kind IN {kind_lists.SHOWING_CUSTOMER} AND (d.state <> 'closed' OR i.state = 'new')
           AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.message_id = o.message_id AND s.chat_id <> o.chat_id
                           AND s.kind IN {kind_lists.SHOWING_CUSTOMER}
                           AND s.status IN ('queued', 'sending', 'sent', 'parked'))""",
    ),
    Invariant(
        "said_in_its_own_topic",
        "what a manager wrote in the topic of one dialog went to another one only where a button chose that",
        """SELECT m.id, m.dialog_id, p.dialog_id AS topic_of FROM messages m JOIN places p
           ON p.bot_id = m.bot_id AND p.chat_id = m.chat_id AND p.thread_id = m.thread_id AND p.dialog_id IS NOT NULL
           WHERE m.author_kind = 'manager' AND m.dialog_chosen = 0
           AND COALESCE(m.origin_dialog_id, m.dialog_id, 0) <> p.dialog_id
           AND NOT EXISTS (SELECT 1 FROM places o WHERE o.bot_id = m.bot_id AND o.chat_id = m.chat_id
                           AND o.thread_id = m.thread_id
                           AND o.dialog_id = COALESCE(m.origin_dialog_id, m.dialog_id))
           AND NOT EXISTS (SELECT 1 FROM messages s WHERE s.bot_id = m.bot_id AND s.album_id = m.album_id
                           AND s.chat_id = m.chat_id AND s.dialog_chosen = 1)""",
    ),
    Invariant(
        "notes_are_no_replies",
        "no reply written in Telegram begins with the mark of a note, or with /note",
        """SELECT id, dialog_id FROM messages WHERE author_kind = 'manager' AND direction = 'out'
           AND chat_id IS NOT NULL
           AND (text LIKE '.%' AND text NOT LIKE '..%' OR text = '/note' OR text LIKE '/note %')""",
    ),
    Invariant(
        "newest_edit_is_the_text",
        "a message says what its newest edit says, and each edit began from the words of the one before",
        """SELECT e.id, e.message_id FROM (
               SELECT h.id, h.text AS before, json_extract(h.data_json, '$.new_text') AS after,
                      CAST(json_extract(h.data_json, '$.message_id') AS BIGINT) AS message_id,
                      LAG(json_extract(h.data_json, '$.new_text')) OVER same AS earlier,
                      LEAD(h.id) OVER same AS later
               FROM history h WHERE h.kind = 'message_edited'
               AND NOT EXISTS (SELECT 1 FROM erasures g WHERE g.customer_id = h.customer_id)
               WINDOW same AS (PARTITION BY json_extract(h.data_json, '$.message_id') ORDER BY h.id)) e
           LEFT JOIN messages m ON m.id = e.message_id
           WHERE e.earlier <> e.before OR (e.later IS NULL AND (m.id IS NULL OR m.text <> e.after))""",
    ),
    Invariant(
        "closed_says_when",
        "a dialog says when it was closed exactly if it is",
        "SELECT id, state FROM dialogs WHERE (state = 'closed') <> (closed_at IS NOT NULL)",
    ),
    Invariant(
        "closed_stage",
        "a closed dialog is in the stage Closed",
        """SELECT d.id, d.stage_id FROM dialogs d JOIN lists l ON l.id = d.stage_id
           WHERE d.state = 'closed' AND l.name <> 'Closed'""",
    ),
    Invariant(
        "one_live_place",
        "a dialog is shown once in a chat, and a topic shows one thing",
        """SELECT bot_id, chat_id, dialog_id, COUNT(*) AS places FROM places WHERE live = 1
           GROUP BY bot_id, chat_id, dialog_id HAVING COUNT(*) > 1
           UNION ALL
           SELECT bot_id, chat_id, MIN(dialog_id) AS dialog_id, COUNT(*) AS places FROM places
           WHERE live = 1 AND thread_id IS NOT NULL GROUP BY bot_id, chat_id, thread_id HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "rating_is_the_customers",
        "a service rating is the answer of that dialog's customer, from 1 to 3, after the close",
        """SELECT d.id AS dialog_id, r.id AS rating_id, r.value, d.service_rating
           FROM dialogs d LEFT JOIN ratings r ON r.dialog_id = d.id
           WHERE (r.id IS NULL AND d.service_rating IS NOT NULL)
           OR (r.id IS NOT NULL AND (r.customer_id <> d.customer_id OR d.state <> 'closed'
               OR COALESCE(r.value, 0) <> COALESCE(d.service_rating, 0)
               OR COALESCE(r.value, 1) NOT IN (1, 2, 3)
               OR (SELECT MIN(a.id) FROM history a WHERE a.dialog_id = d.id AND a.kind = 'rating_answered')
                < (SELECT MIN(c.id) FROM history c WHERE c.dialog_id = d.id AND c.kind = 'dialog_closed')))""",
    ),
    Invariant(
        "one_rating_form",
        "a dialog has at most one rating form",
        "SELECT dialog_id, COUNT(*) AS forms FROM ratings GROUP BY dialog_id HAVING COUNT(*) > 1",
    ),
)
