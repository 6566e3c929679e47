"""Whether a marketing message failed because of its content, which then fails for everybody."""

from holdline.dialogs.marketing.content_refusals import ABOUT_CONTENT
from holdline.dialogs.text.splitting import is_blank
from holdline.store.conversation import messages
from holdline.store.delivery import outbound
from holdline.store.tx import Tx
from holdline.telegram.refusal_table import action_for


def is_about_content(tx: Tx, outbox_id: int, reason: str) -> bool:
    """Refusals that concern one reader, and messages that Telegram never answered, are not. A text without words has
    only variables, and this reader has no values for them.
    """
    refused = outbound.refusal_of(tx, outbox_id)
    if refused is None or action_for(refused["error_code"], reason) not in ABOUT_CONTENT:
        return False
    message = messages.by_id(tx, refused["message_id"])
    return message is None or message.content.kind != "text" or not is_blank(message.content.text)
