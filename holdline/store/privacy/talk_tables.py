"""Dialogs, and what was said in them and about them."""

from holdline.store.privacy.table_rule import (
    NO_NAME,
    OF_CUSTOMER,
    OF_DIALOGS,
    STRINGS_REMOVED,
    TableRule,
)

_OF_DRAFTS = f"draft_id IN (SELECT f.id FROM drafts f WHERE f.{OF_DIALOGS})"
_OF_ATTACHMENTS = f"attachment_id IN (SELECT a.id FROM attachments a WHERE a.{OF_DIALOGS})"
_OF_FORWARDS = f"forward_id IN (SELECT f.id FROM forwards f WHERE f.{OF_DIALOGS})"
_OF_MAILS = f"""id IN (SELECT r.mail_id FROM forward_recipients r JOIN forwards f ON f.id = r.forward_id
    WHERE f.{OF_DIALOGS})"""
_IS_LISTED = """EXISTS (SELECT 1 FROM lists l WHERE l.bot_id = dialogs.bot_id AND l.kind = 'close_reasons'
    AND l.name = dialogs.close_reason)"""
"""Another reason is in somebody's own words, and reports count it as none."""

TALK = (
    TableRule(
        "messages",
        """id bot_id customer_id dialog_id direction class author_kind manager_id kind reply_to_id inbox_item_id status
           created_at sent_at edited_at deleted_at moved_to_dialog_id dialog_chosen origin_dialog_id muted""",
        {
            "text": "''",
            "entities_json": "'[]'",
            "data_json": "'{}'",
            "chat_id": "NULL",
            "thread_id": "NULL",
            "tg_message_id": "NULL",
            "album_id": "NULL",
        },
        rows=OF_CUSTOMER,
        exported="""id, dialog_id, direction, class, author_kind, kind, text, entities_json, data_json,
            reply_to_id, status, created_at, sent_at, edited_at, deleted_at""",
    ),
    TableRule(
        "dialogs",
        """id bot_id customer_id state type_id stage_id queue_id root_cause_id assignee_id priority due_at follow_up_of
           created_by customer_score service_rating created_at changed_at closed_at team_id channel
           outcome sla_policy_id attachment_count team_waits_at overdue_noticed paused_until_at sla_policy_named
           merged_into hold_told_at""",
        {
            "title": f"'{NO_NAME}'",
            "description": "''",
            "close_comment": "NULL",
            "close_reason": f"CASE WHEN {_IS_LISTED} THEN close_reason END",
            "fields_json": "'{}'",
        },
        rows=OF_CUSTOMER,
        exported="""id, title, state, description, priority, due_at, close_reason,
            CASE WHEN :with_notes = 1 THEN close_comment END AS close_comment,
            customer_score,
            service_rating, fields_json, channel, outcome, created_at, changed_at, closed_at, merged_into""",
    ),
    TableRule(
        "dialog_labels",
        "dialog_id list_id source",
        rows=OF_DIALOGS,
        exported="dialog_id, source, (SELECT l.name FROM lists l WHERE l.id = list_id) AS name",
    ),
    TableRule(
        "notes",
        "id dialog_id manager_id created_at deleted_at chat_id tg_message_id edited_at origin_dialog_id",
        {"text": "''", "data_json": "'{}'"},
        rows=OF_DIALOGS,
        exported="id, dialog_id, text, created_at, edited_at, deleted_at",
        notes=True,
    ),
    TableRule(
        "drafts",
        """id bot_id dialog_id author_id state part_of kind chat_id thread_id tg_message_id seen_message_id decided_by
           message_id created_at changed_at""",
        {
            "text": "''",
            "entities_json": "'[]'",
            "data_json": "'{}'",
            "album_id": "NULL",
            "reason": "NULL",
            "cards_json": "'[]'",
        },
        rows=OF_DIALOGS,
        exported="id, dialog_id, state, kind, text, created_at, changed_at",
        notes=True,
    ),
    TableRule(
        "draft_notes",
        "id draft_id manager_id created_at deleted_at",
        {"text": "''"},
        rows=_OF_DRAFTS,
        exported="id, draft_id, text, created_at, deleted_at",
        notes=True,
    ),
    TableRule(
        "scheduled_replies",
        "id bot_id dialog_id author_id send_at state seen_message_id reason message_id created_at",
        {"content_json": """'{"text": ""}'""", "parts_json": "'[]'"},
        rows=OF_DIALOGS,
        exported="id, dialog_id, content_json, parts_json, send_at, state, created_at",
    ),
    TableRule(
        "attachments",
        "id bot_id dialog_id manager_id mime size kind created_at deleted_at origin_dialog_id",
        {"name": f"'{NO_NAME}'", "file_id": "NULL"},
        rows=OF_DIALOGS,
        exported="id, dialog_id, name, mime, size, kind, file_id, created_at, deleted_at",
    ),
    TableRule("attachment_contents", "attachment_id", {"content": "''"}, rows=_OF_ATTACHMENTS, deleted=True),
    TableRule(
        "history",
        "id bot_id customer_id dialog_id kind actor_kind actor_id created_at",
        {
            "actor_name": f"CASE actor_kind WHEN 'customer' THEN '{NO_NAME}' ELSE actor_name END",
            "actor_telegram_id": "CASE actor_kind WHEN 'customer' THEN NULL ELSE actor_telegram_id END",
            "text": "NULL",
            "data_json": STRINGS_REMOVED,
        },
        rows=OF_CUSTOMER,
        exported="""id, dialog_id, kind, actor_kind, created_at,
            CASE WHEN kind LIKE 'message%' OR :with_notes = 1 THEN text END AS text""",
    ),
    TableRule(
        "inbox_items",
        """id bot_id customer_id state first_message_id message_count dialog_id handled_by created_at changed_at
           assignee_id team_id""",
        rows=OF_CUSTOMER,
        exported="id, state, first_message_id, message_count, dialog_id, created_at, changed_at",
    ),
    TableRule(
        "ratings",
        "id token bot_id dialog_id customer_id state value assignee_id participants_json sent_at answered_at",
        rows=OF_CUSTOMER,
        exported="id, dialog_id, state, value, sent_at, answered_at",
    ),
    TableRule(
        "forwards",
        "id bot_id dialog_id manager_id form_id created_at",
        {"subject": "''", "message": "''", "parts_json": "'[]'"},
        rows=OF_DIALOGS,
        exported="id, dialog_id, subject, CASE WHEN :with_notes = 1 THEN message END AS message, created_at",
    ),
    TableRule(
        "forward_recipients",
        "id forward_id telegram_id mail_id said_as status",
        {
            "name": f"'{NO_NAME}'",
            "email": f"CASE WHEN email IS NULL THEN NULL ELSE '{NO_NAME}' END",
            "reason": "NULL",
        },
        rows=_OF_FORWARDS,
        exported="id, forward_id, email, status",
    ),
    TableRule(
        "mails",
        "id bot_id status attempts due_at created_at settled_at reader_id",
        {"subject": "''", "body": "''", "to_address": f"'{NO_NAME}'", "error": "NULL"},
        rows=_OF_MAILS,
        searched="subject body",
        settled="(status <> 'queued' OR reader_id IS NOT NULL)",  # what informs a manager may be lost
        ends="""status = CASE status WHEN 'queued' THEN 'refused' ELSE status END,
            settled_at = COALESCE(settled_at, :at)""",
    ),
    TableRule(
        "notifications",
        "id bot_id manager_id dialog_id channel topic created_at sent_at",
        {"words_json": "'{}'"},
        rows=OF_DIALOGS,
        by_window=True,
    ),
    TableRule(
        "tasks",
        "id bot_id manager_id dialog_id state starts_at start_announced created_at",
        {"title": f"'{NO_NAME}'"},
        rows=OF_DIALOGS,
        by_window=True,
        exported="id, dialog_id, title, state, starts_at, created_at",
        notes=True,
    ),
    TableRule(
        "places",
        "id bot_id chat_id dialog_id thread_id live card_tg_message_id created_at named_at mode",
        {"name": "NULL"},
        rows=OF_DIALOGS,
    ),
    TableRule("dialog_participants", "dialog_id manager_id added_at"),
    TableRule(
        "sla_clocks",
        "id bot_id dialog_id policy_id name state started_at counts_from_at spent due_at warn_at stopped_at",
    ),
    TableRule("silence_warnings", "dialog_id bot_id message_id warned_at closes_at said_as"),
    TableRule("tag_jobs", "dialog_id bot_id tries due_at"),
    TableRule("tag_corrections", "id bot_id dialog_id tag_id source created_at"),
    TableRule("rule_runs", "id bot_id rule_id customer_id dialog_id created_at"),
    TableRule("rule_waits", "rule_id customer_id bot_id dialog_id due_at", rows=OF_CUSTOMER, deleted=True),
    TableRule("bulk_jobs", "id bot_id manager_id total chat_id created_at finished_at step_json"),
    TableRule(
        "bulk_items",
        "job_id dialog_id position state code",
        {"message": "NULL"},
        rows=OF_DIALOGS,
    ),
)
