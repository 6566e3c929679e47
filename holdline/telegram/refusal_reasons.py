"""Why Telegram refused something, in the desk's own words: its descriptions are English and meant for programs."""

from typing import Any

_WORDS: tuple[tuple[str, str], ...] = (
    ("balance_too_low", "no_stars"),
    ("not enough stars", "no_stars"),
    ("paid_broadcast", "not_paid"),
    ("paid broadcast", "not_paid"),
    ("bot was blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("input_user_deactivated", "deactivated"),
    ("can't initiate conversation", "never_started"),
    ("can't send messages to the bot", "never_started"),
    ("chat not found", "never_started"),
    ("peer_id_invalid", "never_started"),
    ("have no access to the user", "never_started"),
    ("user not found", "never_started"),
    ("bot was kicked", "not_in_group"),
    ("bot is not a member", "not_in_group"),
    ("chat was deleted", "not_in_group"),
    ("was deactivated", "not_in_group"),
    ("channel_private", "not_in_group"),
    ("channel_invalid", "not_in_group"),
    ("chat_forbidden", "not_in_group"),
    ("not enough rights to create a topic", "no_topics"),
    ("chat is not a forum", "no_topics"),
    ("voice_messages_forbidden", "kind_not_accepted"),
    ("restricted receiving of", "kind_not_accepted"),
    ("chat_send_", "no_rights"),
    ("not enough rights", "no_rights"),
    ("have no write access", "no_rights"),
    ("have no rights", "no_rights"),
    ("chat_write_forbidden", "no_rights"),
    ("chat_restricted", "no_rights"),
    ("user_banned_in_channel", "no_rights"),
    ("message thread not found", "topic_closed"),
    ("topic_", "topic_closed"),
    ("message can't be edited", "not_editable"),
    ("there is no text in the message to edit", "not_editable"),
    ("there is no caption in the message to edit", "not_editable"),
    ("message can't be deleted", "not_deletable"),
    ("message to edit not found", "message_gone"),
    ("message to pin not found", "message_gone"),
    ("message to react not found", "message_gone"),
    ("message_id_invalid", "message_gone"),
    ("message to copy not found", "original_gone"),
    ("there are no messages to copy", "original_gone"),
    ("message to forward not found", "original_gone"),
    ("message can't be copied", "protected"),
    ("message can't be forwarded", "protected"),
    ("chat_forwards_restricted", "protected"),
    ("file_id or the file is temporarily unavailable", "file_not_found"),
    ("wrong file identifier", "file_not_found"),
    ("failed to get http url content", "file_not_found"),
    ("wrong type of the web page content", "file_not_found"),
    ("too big", "too_large"),
    ("too large", "too_large"),
    ("is too long", "too_large"),
    ("entit", "formatting"),
    ("can't parse", "formatting"),
    ("button", "buttons"),
    ("reply markup", "buttons"),
    ("reply_markup", "buttons"),
    ("inline keyboard", "buttons"),
)
"""Parts of Telegram's descriptions, as in `refusal_table`; the first match names the sentence."""


def reason_text(description: str) -> dict[str, Any]:
    """The reason as a text that each reader gets in their language; an unknown description is quoted in it."""
    folded = description.lower()
    for part, name in _WORDS:
        if part in folded:
            return {"key": f"refused_because.{name}"}
    return {"key": "refused_because.unknown", "words": {"quoted": description}}
