"""Funnels, broadcasts and automatic answers."""

from holdline.store.privacy.table_rule import OF_CUSTOMER, OF_MESSAGES, TableRule

MARKETING = (
    TableRule(
        "enrolments",
        """id bot_id funnel_id version_id customer_id state position phase next_at visit outbox_id sent_at kept_press
           goal reason entry created_at ended_at moved_at version""",
        {"answers_json": "'{}'"},
        rows=OF_CUSTOMER,
        exported="""id, (SELECT f.name FROM funnels f WHERE f.id = funnel_id) AS funnel, state, position, answers_json,
            goal, reason, entry, created_at, ended_at""",
    ),
    TableRule(
        "enrolment_steps", "id bot_id version_id enrolment_id kind address branch message_id created_at"
    ),
    TableRule(
        "funnels",
        "id bot_id name version active created_at changed_at pause_reason pause_version pause_step deleted_at",
    ),
    TableRule(
        "waiting_entries",
        "bot_id funnel_id customer_id entry created_at",
        rows=OF_CUSTOMER,
        deleted=True,
        exported="(SELECT f.name FROM funnels f WHERE f.id = funnel_id) AS funnel, entry, created_at",
    ),
    TableRule("step_refusals", "version_id address reason number"),
    TableRule("funnel_versions", "id funnel_id version definition_json created_at"),
    TableRule("funnel_entries", "bot_id funnel_id kind value"),
    TableRule(
        "broadcasts",
        """id bot_id content_json audience_json topic expires_at starts_at local_time status api_key_id manager_id
           gathered_until_id gathered_at expected recipients sent blocked failed expired cancelled measured_at
           measured_sent per_second refusals_json pause_reason ended_at created_at change_kind changed_until_id
           changes_done deleted_at""",
    ),
    TableRule(
        "broadcast_recipients",
        "broadcast_id customer_id status due_at waits_for variant outbox_id reason changed_at",
        rows=OF_CUSTOMER,
        exported="broadcast_id, status, reason, changed_at",
    ),
    TableRule("broadcast_tallies", "id broadcast_id status change"),
    TableRule("broadcast_buttons", "broadcast_id data presses people"),
    TableRule("broadcast_press_tallies", "id broadcast_id data people"),
    TableRule("broadcast_cards", "id bot_id broadcast_id chat_id said_as shown_json shown_at ended"),
    TableRule("broadcast_budgets", "broadcast_id bot_id budget spent floods stopped_reason stopped_at"),
    TableRule("marketing_topics", "id bot_id name created_at"),
    TableRule(
        "presses",
        "id bot_id outbox_id customer_id created_at",
        {"data": "''"},
        rows=OF_CUSTOMER,
        by_window=True,
        exported="id, data, created_at",
    ),
    TableRule(
        "smart_replies",
        """id bot_id name answer words_json regex questions_json calendar_id hours_when active position created_at
           deleted_at""",
    ),
    TableRule(
        "smart_answers",
        """message_id bot_id customer_id reply_id asked_message_id inbox_item_id score source feedback feedback_at
           created_at""",
        rows=OF_CUSTOMER,
        exported="message_id, asked_message_id, source, feedback, feedback_at, created_at",
    ),
    TableRule("smart_jobs", "message_id bot_id inbox_item_id created_at", rows=OF_MESSAGES, deleted=True),
)
