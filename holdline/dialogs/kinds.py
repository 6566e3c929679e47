"""Kinds of outbox items: what each is worth when it cannot be said."""

WORDS = frozenset(
    {
        "message",
        "album",
        "rating_form",
        "standard",
        "customer_notice",
        "mirror",
        "inbox_card",
        "note",
        "text",
        "document",
        "report",
        "transcript",
    }
)
"""Somebody said it to somebody: it is sent, refused in words or parked in sight."""

COSMETIC = frozenset(
    {
        "edit_copy",
        "delete_copy",
        "reaction",
        "markup",
        "rating_form_edit",
        "customer_notice_edit",
        "inbox_card_markup",
        "topic_name",
        "info_card_edit",
        "desk_notice_edit",
        "pin",
        "leave_chat",
    }
)
"""It changes what is there; doing it twice looks like once, and it is dropped when there is nothing to change."""

TO_A_PERSON = frozenset({"message", "album", "rating_form", "standard", "customer_notice"})
"""What a customer reads, when it goes to a customer."""

SHOWS_CUSTOMER = frozenset({"mirror", "inbox_card", "album"})
"""What lets the desk read a customer's words."""

ROLES = {
    "message": "copy",
    "mirror": "copy",
    "inbox_card": "copy",
    "album": "copy",
    "info_card": "card",
    "rating_form": "form",
}
"""What the message in Telegram stands for; everything else that can be replied to is a notice."""

SHOWN = frozenset({*WORDS, "info_card", "desk_notice"})
"""What leaves a message of ours in the chat."""

ALARM_DAYS = 7
"""A notice whose payload says `alarm` waits so long for an administrator whose chat is closed to us."""

READER_LEFT_DESK = "its reader has left the desk"
"""Why an item for the desk is cancelled that was meant for somebody's own chat."""
