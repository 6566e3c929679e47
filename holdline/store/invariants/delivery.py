"""Invariants of the outbox: everything ends, nothing is in flight twice, nothing is forgotten."""

from holdline.dialogs.outbox.messages import Album, TopicCreation
from holdline.store.delivery import kind_lists
from holdline.store.invariants.invariant import Invariant

DELIVERY = (
    Invariant(
        "said_once",
        "the same cause leaves one row in the outbox",
        "SELECT bot_id, key, COUNT(*) AS times FROM outbox GROUP BY bot_id, key HAVING COUNT(*) > 1",
    ),
    Invariant(
        "settled_says_when",
        "a row that is over says when, one that is not does not",
        """SELECT id, status FROM outbox
           WHERE (status IN ('queued', 'sending')) <> (settled_at IS NULL)""",
    ),
    Invariant(
        "sent_has_its_message",
        "what was sent as a message has Telegram's number of it",
        f"""SELECT id, kind FROM outbox WHERE status = 'sent' AND tg_message_id IS NULL
            AND kind IN {kind_lists.LEAVING_MESSAGE}""",
    ),
    Invariant(
        "reply_has_its_row",
        "a manager's message that waits has a row that will send it",
        f"""SELECT m.id, m.customer_id, m.status FROM messages m
           WHERE m.direction = 'out' AND m.author_kind = 'manager' AND m.status IN ('queued', 'sending')
           AND m.deleted_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM outbox o WHERE o.audience = 'customer' AND o.status IN ('queued', 'sending')
               AND o.message_id = m.id)
           AND m.customer_id NOT IN (
               SELECT o.customer_id FROM outbox o WHERE o.audience = 'customer' AND o.status IN ('queued', 'sending')
               AND o.kind = '{Album.kind}' AND o.customer_id IS NOT NULL)""",
    ),
    Invariant(
        "one_in_flight",
        "a chat has at most one call in flight",
        """SELECT bot_id, chat_id, COUNT(*) AS flying FROM outbox WHERE status = 'sending'
           GROUP BY bot_id, chat_id HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "in_flight_has_its_lease",
        "what is being sent is what its chat has in flight, under a lease that ends",
        """SELECT o.id, o.chat_id, ch.in_flight_id FROM outbox o
           LEFT JOIN chats ch ON ch.bot_id = o.bot_id AND ch.chat_id = o.chat_id
           WHERE o.status = 'sending'
           AND (ch.in_flight_id IS NULL OR ch.in_flight_id <> o.id OR ch.leased_until_at IS NULL)""",
    ),
    Invariant(
        "chat_flies_what_is_sent",
        "what a chat has in flight is being sent",
        """SELECT ch.bot_id, ch.chat_id, ch.in_flight_id FROM chats ch LEFT JOIN outbox o ON o.id = ch.in_flight_id
           WHERE ch.in_flight_id IS NOT NULL AND (o.id IS NULL OR o.status <> 'sending' OR o.chat_id <> ch.chat_id)""",
    ),
    Invariant(
        "queued_will_be_seen",
        "whatever waits is in a chat that will come to it in time",
        f"""SELECT o.id, o.chat_id, o.stream FROM outbox o
           LEFT JOIN chats ch ON ch.bot_id = o.bot_id AND ch.chat_id = o.chat_id
           LEFT JOIN places p ON p.id = o.place_id
           WHERE o.status = 'queued' AND (ch.chat_id IS NULL OR (ch.in_flight_id IS NULL AND COALESCE(
               CASE o.stream WHEN 'dialog' THEN ch.dialog_due_at ELSE ch.marketing_due_at END,
               9000000000000000) > 60000000 + CASE WHEN o.due_at > :at THEN o.due_at ELSE :at END
               AND (o.bot_id, o.chat_id, o.stream) NOT IN (SELECT w.bot_id, w.chat_id, w.stream FROM waiting_chats w)))
           AND (p.id IS NULL OR p.mode <> 'topic' OR p.thread_id IS NOT NULL OR o.kind = '{TopicCreation.kind}')""",
    ),
    Invariant(
        "announced_chat_exists",
        "whatever is announced to the sender is in a chat that it can find",
        """SELECT w.id, w.chat_id FROM waiting_chats w
           LEFT JOIN chats ch ON ch.bot_id = w.bot_id AND ch.chat_id = w.chat_id WHERE ch.chat_id IS NULL""",
    ),
    Invariant(
        "merged_message_is_on_the_wire",
        "a line that waits under another's number leaves with a call that is being made",
        """SELECT o.id, o.merged_into FROM outbox o LEFT JOIN outbox f ON f.id = o.merged_into
           WHERE o.status = 'queued' AND o.merged_into IS NOT NULL
           AND (f.id IS NULL OR f.id = o.id OR f.status <> 'sending')""",
    ),
    Invariant(
        "merged_lines_are_one_customers",
        "lines that left as one message are one customer's, of one dialog or inbox item, and each of them is sent",
        """SELECT o.id, o.merged_into FROM outbox o JOIN outbox f ON f.id = o.merged_into
           WHERE o.about_customer_id <> f.about_customer_id OR COALESCE(o.dialog_id, 0) <> COALESCE(f.dialog_id, 0)
           OR o.kind <> f.kind OR (f.status = 'sent' AND o.status <> 'sent')""",
    ),
    Invariant(
        "merged_message_has_its_copy",
        "a line that left with others is shown by a message that stands for words of the same customer",
        """SELECT l.chat_id, l.tg_message_id, l.message_id FROM merged_messages l
           LEFT JOIN telegram_messages c
               ON c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.tg_message_id = l.tg_message_id
           LEFT JOIN messages n ON n.id = c.message_id LEFT JOIN messages m ON m.id = l.message_id
           WHERE n.id IS NULL OR m.id IS NULL OR n.customer_id <> m.customer_id OR m.id >= n.id""",
    ),
    Invariant(
        "merged_message_is_shown",
        "a line that left with others is shown by their message, or has a row of its own since",
        """SELECT o.id, o.chat_id, o.message_id FROM outbox o JOIN telegram_messages c
               ON c.bot_id = o.bot_id AND c.chat_id = o.chat_id AND c.tg_message_id = o.tg_message_id
           WHERE o.merged_into IS NOT NULL AND o.status = 'sent' AND c.message_id <> o.message_id
           AND NOT EXISTS (SELECT 1 FROM merged_messages l WHERE l.bot_id = o.bot_id AND l.chat_id = o.chat_id
                           AND l.tg_message_id = o.tg_message_id AND l.message_id = o.message_id)
           AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.bot_id = o.bot_id AND s.message_id = o.message_id
                           AND s.chat_id = o.chat_id AND s.kind = o.kind AND s.id > o.id)""",
    ),
    Invariant(
        "attempt_written_first",
        "every try of a row was written down before it was made",
        """SELECT o.id, o.attempts, COUNT(a.id) AS written FROM outbox o
           LEFT JOIN outbox_attempts a ON a.outbox_id = o.id
           GROUP BY o.id, o.attempts HAVING COUNT(a.id) < o.attempts""",
    ),
    Invariant(
        "uncertain_is_bounded",
        "after the third unknown end a row is parked, not repeated",
        "SELECT id, status, uncertain FROM outbox WHERE uncertain >= 3 AND status IN ('queued', 'sending')",
    ),
    Invariant(
        "parked_says_why",
        "what is parked says why",
        "SELECT id, kind FROM outbox WHERE status = 'parked' AND error IS NULL AND uncertain = 0",
    ),
    Invariant(
        "silent_while_held",
        "no marketing message was begun after its gate was held",
        """SELECT o.id, o.class, o.customer_id FROM outbox o
           JOIN customers c ON c.id = o.customer_id
           WHERE o.stream = 'marketing' AND o.status = 'sending' AND c.gate = 'held'
           AND o.gate_epoch = c.gate_epoch""",
    ),
    Invariant(
        "dropped_stays_dropped",
        "only a smart reply is dropped, and a dropped one was never sent",
        """SELECT id, class, tg_message_id FROM outbox
           WHERE status = 'dropped' AND (class <> 'smart_reply' OR tg_message_id IS NOT NULL)""",
    ),
    Invariant(
        "no_smart_reply_while_held",
        "no smart reply waits behind a held gate",
        """SELECT o.id, o.customer_id FROM outbox o
           JOIN customers c ON c.id = o.customer_id
           WHERE o.class = 'smart_reply' AND o.status = 'queued' AND c.gate = 'held'""",
    ),
    Invariant(
        "no_marketing_after_stop",
        "no marketing waits for a customer who asked for no more",
        """SELECT o.id, o.customer_id FROM outbox o JOIN customers c ON c.id = o.customer_id
           WHERE o.stream = 'marketing' AND o.status = 'queued' AND c.opted_out_at IS NOT NULL""",
    ),
    Invariant(
        "addressed_to_its_customer",
        "what is meant for a customer goes to that customer's own chat",
        """SELECT o.id, o.chat_id, o.customer_id FROM outbox o JOIN customers c ON c.id = o.customer_id
           WHERE o.audience = 'customer' AND (o.chat_id <> c.telegram_id OR o.bot_id <> c.bot_id)""",
    ),
    Invariant(
        "moments_of_this_clock",
        "no chat and no role waits for a moment that only another clock could have meant",
        """SELECT 'pause' AS what, bot_id, chat_id FROM chats WHERE paused_at > CAST(:at AS BIGINT) + 60000000
           UNION ALL SELECT 'lease', bot_id, epoch FROM leases WHERE expires_at > CAST(:at AS BIGINT) + 60000000
           UNION ALL SELECT 'due', bot_id, id FROM outbox WHERE status = 'queued'
           AND created_at > CAST(:at AS BIGINT) + 60000000 AND due_at > CAST(:at AS BIGINT) + 60000000""",
    ),
    Invariant(
        "notes_stay_inside",
        "nothing of the desk's own waits for the own chat of somebody who does not belong to it",
        """SELECT o.id, o.chat_id, o.kind FROM outbox o LEFT JOIN managers m
           ON m.bot_id = o.bot_id AND m.telegram_id = o.chat_id
           WHERE o.audience = 'desk' AND o.chat_id > 0
           AND (m.id IS NULL OR (m.active = 0 AND o.status IN ('queued', 'sending', 'parked')))""",
    ),
)
