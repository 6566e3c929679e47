"""Queues and technical copies, the desk's own settings, and its people."""

from holdline.store.privacy.table_rule import OF_CHAT, OF_CUSTOMER, OF_DIALOGS, OF_MESSAGES, TableRule

TECHNICAL = (
    TableRule(
        "inbox",
        "id bot_id update_id state attempts retry_at reason received_at done_at",
        {"raw": "'{}'", "ordering_key": "0"},
        rows="bot_id = :bot AND ordering_key = :telegram_id AND state <> 'new'",
        by_window=True,
        searched="raw",
        settled="state IN ('done', 'ignored')",
        ends="state = CASE state WHEN 'quarantined' THEN 'ignored' ELSE state END",
    ),
    TableRule(
        "outbox",
        """id bot_id stream class kind rank customer_id dialog_id message_id place_id due_at expires_at status attempts
           failures uncertain gate_epoch begun_at settled_at tg_message_id error_code error created_at audience
           about_customer_id turn merged_into broadcast_id enrolment_id api_key_id marketing_topic waits_for paid""",
        {
            "payload_json": "'{}'",
            "key": "CASE WHEN key LIKE 'erase:%' THEN key ELSE 'erased:' || id END",
            "collapse_key": "NULL",
            "chat_id": "CASE chat_id WHEN :telegram_id THEN :stand_in ELSE chat_id END",
        },
        rows=f"""settled_at IS NOT NULL AND ({OF_CUSTOMER} OR about_customer_id = :customer
            OR ({OF_CHAT} AND id <= :last_item) OR {OF_DIALOGS} OR {OF_MESSAGES})""",
        by_window=True,
        searched="payload_json",
        settled="settled_at IS NOT NULL",
    ),
    TableRule(
        "outbox_attempts",
        "id outbox_id attempt epoch begun_at ended_at outcome code description retry_after",
    ),
    TableRule(
        "forms",
        """id bot_id manager_id chat_id thread_id place_id tg_message_id kind step awaits_text done_at created_at
           asked_at""",
        {"values_json": "'{}'"},
        searched="values_json",
        settled="done_at IS NOT NULL",
        names_ids=True,
        ends="awaits_text = 0, done_at = COALESCE(done_at, :at)",
    ),
    TableRule(
        "webhook_deliveries",
        """id bot_id webhook_id message_key event_type status attempts due_at http_status error created_at tried_at
           settled_at""",
        {"body": "'{}'"},
        searched="body",
        settled="status = 'sent'",  # a failed one can be sent again by hand
        names_ids=True,
    ),
    TableRule(
        "idempotency",
        "api_key_id fingerprint status created_at",
        {"key": "''", "answer_json": "'{}'"},
        searched="key answer_json",
    ),
    TableRule("webhook_health", "webhook_id failing_since_at alarmed_at last_sent_at last_failed_at error"),
    TableRule("webhooks", "id bot_id url events_json secret active off_reason created_at"),
    TableRule(
        "admin_log",
        """id bot_id manager_id manager_name manager_telegram_id change object before_json after_json created_at""",
    ),
    TableRule("api_key_windows", "api_key_id span begins_at used"),
    TableRule(
        "api_keys",
        "id bot_id name hash scopes_json created_at revoked_at last_used_at expires_at per_minute per_day",
    ),
    TableRule("bots", "id username topics_in_private created_at"),
    TableRule("calendars", "id bot_id name timezone hours_json holidays_json deleted_at created_at"),
    TableRule("desk_fields", "id bot_id name kind choices_json required_json deleted_at created_at position"),
    TableRule(
        "desk_rules",
        "id bot_id name trigger_name conditions_json steps_json active deleted_at created_at position",
    ),
    TableRule("lists", "id bot_id kind name category system deleted_at created_at outcome"),
    TableRule(
        "managers",
        """id bot_id telegram_id name username role permissions_json ready active language entered_dialog_id created_at
           member_of member_seen_at entered_at language_is_default away_at time_zone""",
    ),
    TableRule(
        "erasures",
        """id bot_id customer_id person_hash state keeps_copies actor_kind actor_name actor_id actor_telegram_id
           table_position after_id figures_json copies_until_at created_at ended_at""",
        {"values_json": "NULL"},
    ),
    TableRule("migrations", "version name checksum"),
    TableRule("notification_settings", "manager_id bot_id channels_json email"),
    TableRule("restored_work", "bot_id source row_id kind due_at waits_for verdict"),
    TableRule("restores", "id bot_id backup_at restored_at ended_at"),
    TableRule("roles", "bot_id name permissions_json"),
    TableRule("search_backlog", "source until_id"),
    TableRule("settings", "bot_id name value_json"),
    TableRule(
        "sla_policies",
        """id bot_id name conditions_json first_response next_response resolution calendar_id position deleted_at
           created_at""",
    ),
    TableRule("standard_messages", "bot_id name language text buttons_json changed_at"),
    TableRule(
        "tag_models",
        "id bot_id state manager_id tries file checksum figures_json reason asked_at started_at ended_at",
    ),
    TableRule("tag_rules", "id bot_id tag_id words_json regex created_at enabled"),
    TableRule("team_members", "team_id manager_id added_at position last_turn"),
    TableRule("teams", "id bot_id name routing capacity deleted_at created_at"),
    TableRule(
        "templates",
        "id bot_id name kind text team_id language file_json uses deleted_at changed_at created_at",
    ),
)
