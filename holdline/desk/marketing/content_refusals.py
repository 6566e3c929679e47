"""Whether a marketing message failed because of its content, which then fails for everybody."""

from holdline.dialogs.marketing.content_refusals import ABOUT_CONTENT
from holdline.store.delivery import outbound
from holdline.store.tx import Tx
from holdline.telegram.refusal_table import action_for


def is_about_content(tx: Tx, outbox_id: int, reason: str) -> bool:
    """Refusals that concern one reader, and messages that Telegram never answered, are not."""
    code = outbound.refusal_code(tx, outbox_id)
    return code is not None and action_for(code, reason) in ABOUT_CONTENT
