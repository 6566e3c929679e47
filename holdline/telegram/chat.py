"""What a chat's id tells: Telegram gives a person's chat the person's own id, above 0, and a group one below 0."""


def is_group(chat_id: int) -> bool:
    return chat_id < 0
