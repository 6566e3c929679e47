"""Customers, their chats, choices and consents."""

from holdline.store.privacy.table_rule import NO_NAME, OF_CHAT, OF_CUSTOMER, TableRule

PEOPLE = (
    TableRule(
        "customers",
        "id bot_id language_chosen started_at opted_out_at created_at last_wrote_at gate gate_epoch gate_changed_at",
        {
            "name": f"'{NO_NAME}'",
            "username": "NULL",
            "language": "'en'",
            "muted_at": "NULL",
            "muted_until_at": "NULL",
            "mute_reason": "NULL",
            "time_zone": "NULL",
            "fields_json": "NULL",
            "telegram_id": ":stand_in",
        },
        rows="id = :customer",
        exported="""id, telegram_id, name, username, language, language_chosen, started_at, opted_out_at,
            created_at, last_wrote_at, muted_at, muted_until_at,
            CASE WHEN :with_notes = 1 THEN mute_reason END AS mute_reason,
            time_zone, fields_json""",
    ),
    TableRule(
        "customer_tags", "customer_id", {"name": "''"}, rows=OF_CUSTOMER, deleted=True, exported="name"
    ),
    TableRule(
        "customer_topics",
        "customer_id topic wanted changed_at",
        rows=OF_CUSTOMER,
        deleted=True,
        exported="topic, wanted, changed_at",
    ),
    TableRule(
        "consents",
        "id bot_id customer_id topic given how actor_kind actor_id created_at",
        {
            "words": "words",
            "actor_name": f"CASE actor_kind WHEN 'customer' THEN '{NO_NAME}' ELSE actor_name END",
            "actor_telegram_id": "CASE actor_kind WHEN 'customer' THEN NULL ELSE actor_telegram_id END",
        },
        rows=OF_CUSTOMER,
        searched="words",
        settled=OF_CUSTOMER,
        exported="id, topic, given, how, words, actor_kind, created_at",
    ),
    TableRule(
        "chats",
        """bot_id customer_id kind dialog_due_at marketing_due_at not_before_at leased_until_at lease_token
           in_flight_id recent_operations_json stop_reason moved_to_chat_id no_burst_until_at paused_at doubt_reason
           urgency reactions_refused_at""",
        {"chat_id": ":stand_in", "reach": "'deactivated'"},
        rows=OF_CUSTOMER,
        exported="reach",
    ),
    TableRule(
        "telegram_messages",
        """bot_id tg_message_id role message_id customer_id dialog_id inbox_item_id place_id part created_at
           deleted_at audience""",
        {"chat_id": "0"},
        rows=OF_CHAT,
        deleted=True,
        at_once=True,
    ),
    TableRule(
        "merged_messages",
        "bot_id tg_message_id message_id",
        {"chat_id": "0"},
        rows=OF_CHAT,
        deleted=True,
        at_once=True,
    ),
    TableRule(
        "waiting_chats",
        "id bot_id stream due_at taken",
        {"chat_id": "0"},
        rows=OF_CHAT,
        deleted=True,
        at_once=True,
    ),
    TableRule(
        "waiting_album_parts",
        "id bot_id album_id tg_message_id failures created_at",
        {"chat_id": "0", "telegram_id": "0", "sender_json": "''", "content_json": "''"},
        rows="bot_id = :bot AND telegram_id = :telegram_id",
        deleted=True,
        at_once=True,
    ),
    TableRule(
        "leases",
        """bot_id role holder epoch expires_at frozen_until_at marketing_frozen_until_at freeze_reason flood_at pace
           careful_until_at""",
        {"flood_chat_id": "NULL"},
        rows="bot_id = :bot AND flood_chat_id = :telegram_id",
    ),
)
