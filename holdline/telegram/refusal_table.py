"""The Bot API's refusals by their descriptions: one table, read from top to bottom, first match wins.

Telegram uses one error code for many errors, so the description decides. Every text here is part of a description
from the server's source or from public reports. An unknown refusal is tried once more and then parked.
"""

MULTI = frozenset({"copyMessages", "forwardMessages", "sendMediaGroup"})
"""Calls that may have been carried out in part although they return an error."""

BEFORE_ANY_PART = frozenset(
    {
        "blocked",
        "deactivated",
        "unknown_chat",
        "chat_stopped",
        "topic_lost",
        "migrated",
        "in_words",
        "by_file",
        "unpaid",
    }
)
"""Refusals that happen before the first part of such a call is sent."""

TABLE: tuple[tuple[str, str], ...] = (
    ("balance_too_low", "unpaid"),
    ("paid_broadcast", "unpaid"),
    ("paid broadcast", "unpaid"),
    ("not enough stars", "unpaid"),
    ("message is not modified", "done"),
    ("topic_not_modified", "done"),
    ("message to delete not found", "done"),
    ("query is too old", "done"),
    ("query_id_invalid", "done"),
    ("bot was blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("input_user_deactivated", "deactivated"),
    ("can't initiate conversation", "unknown_chat"),
    ("can't send messages to the bot", "unknown_chat"),
    ("chat not found", "unknown_chat"),
    ("peer_id_invalid", "unknown_chat"),
    ("have no access to the user", "unknown_chat"),
    ("user not found", "unknown_chat"),
    ("bot was kicked", "chat_stopped"),
    ("bot is not a member", "chat_stopped"),
    ("chat was deleted", "chat_stopped"),
    ("not enough rights to create a topic", "no_topics"),
    ("chat is not a forum", "no_topics"),
    ("not enough rights to close or open the topic", "gone"),
    ("not enough rights to edit the topic", "gone"),
    ("not enough rights to delete", "gone"),
    ("not enough rights to manage pinned messages", "gone"),
    ("not enough rights to pin a message", "gone"),
    ("not enough rights to send text", "chat_stopped"),
    ("not enough rights to send messages", "chat_stopped"),
    ("not enough rights to send", "in_words"),
    ("not enough rights", "chat_stopped"),
    ("chat_send_plain_forbidden", "chat_stopped"),
    ("chat_send_", "in_words"),
    ("voice_messages_forbidden", "in_words"),
    ("restricted receiving of", "in_words"),
    ("channel_private", "chat_stopped"),
    ("channel_invalid", "chat_stopped"),
    ("chat_forbidden", "chat_stopped"),
    ("was deactivated", "chat_stopped"),
    ("user_banned_in_channel", "chat_stopped"),
    ("have no write access", "chat_stopped"),
    ("have no rights to send", "chat_stopped"),
    ("chat_write_forbidden", "chat_stopped"),
    ("chat_restricted", "chat_stopped"),
    ("message thread not found", "topic_lost"),
    ("topic_deleted", "topic_lost"),
    ("topic_closed", "topic_lost"),
    ("topic_id_invalid", "topic_lost"),
    ("message to be replied not found", "no_quote"),
    ("message to reply not found", "no_quote"),
    ("replied message not found", "no_quote"),
    ("reply_message_id_invalid", "no_quote"),
    ("inline keyboard", "no_buttons"),
    ("reply markup", "no_buttons"),
    ("reply_markup", "no_buttons"),
    ("text buttons are unallowed", "no_buttons"),
    ("button_", "no_buttons"),
    ("can't parse entities", "plain"),
    ("entity_", "plain"),
    ("entities_too_long", "plain"),
    ("message to edit not found", "gone"),
    ("message can't be edited", "gone"),
    ("there is no text in the message to edit", "gone"),
    ("there is no caption in the message to edit", "gone"),
    ("message can't be deleted", "gone"),
    ("message to pin not found", "gone"),
    ("message to react not found", "gone"),
    ("reaction_invalid", "gone"),
    ("reactions_too_many", "gone"),
    ("message_id_invalid", "gone"),
    ("message to copy not found", "by_file"),
    ("there are no messages to copy", "by_file"),
    ("message can't be copied", "in_words"),
    ("chat_forwards_restricted", "in_words"),
    ("message to forward not found", "park"),
    ("message can't be forwarded", "park"),
    ("wrong file_id or the file is temporarily unavailable", "media"),
    ("wrong file identifier", "media"),
    ("failed to get http url content", "media"),
    ("wrong type of the web page content", "media"),
    ("file is too big", "park"),
    ("request entity too large", "park"),
    ("text is empty", "park"),
    ("text must be non-empty", "park"),
    ("is too long", "park"),
    ("can't parse", "park"),
    ("chat_id is empty", "park"),
    ("name must be non-empty", "park"),
    ("invalid icon color", "park"),
    ("in the request", "park"),
    ("wrong parameter action", "park"),
    ("bad webhook", "park"),
    ("webhook", "park"),
    ("secret token", "park"),
    ("method not found", "park"),
    ("immediately deleted", "park"),
)


def action_for(code: int, description: str) -> str:
    """The action's name. An unknown 413 means that our request is too large. Other unknown refusals say nothing about
    the reader.
    """
    folded = description.lower()
    for part, action in TABLE:
        if part in folded:
            return action
    return "park" if code == 413 else "try_again"
