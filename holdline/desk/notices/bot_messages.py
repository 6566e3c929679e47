"""The bot's own answers to the desk: composed texts, sent through the outbox like everything else."""

from dataclasses import dataclass, field

from holdline.dialogs.address import Address
from holdline.dialogs.message import Entities
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.text.splitting import split_text
from holdline.store.delivery import outbox
from holdline.store.tx import Tx

Buttons = list[list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class BotMessage:
    """A composed message; `buttons` are rows of {"text" or "key", "data" or "url"}. With a `customer_id` it asks for a
    reply, which goes to that customer. With `is_answer` it answers a command or a press.
    """

    text: str
    entities: Entities = ()
    buttons: Buttons = field(default_factory=list)
    customer_id: int | None = None
    is_answer: bool = False


def send_bot_message(
    tx: Tx,
    *,
    chat_id: int,
    said: BotMessage,
    key: str,
    thread_id: int | None = None,
    reply_to_tg_id: int | None = None,
    dialog_id: int | None = None,
) -> str:
    """Sends a text of any length, once per key; the first part quotes, the last carries the buttons. Returns the key of
    the last part: when that part has arrived, all have.
    """
    parts = split_text(said.text, said.entities)
    last = len(parts) - 1
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(chat_id, thread_id),
                key=f"{key}:{at}" if at else key,
                item=BotText(
                    part,
                    list(marks),
                    buttons=said.buttons if at == last else [],
                    reply_to_tg_id=reply_to_tg_id if at == 0 else None,
                    asks_for_reply=said.customer_id is not None,
                ),
                dialog_id=dialog_id,
                customer_id=said.customer_id,
                is_answer=said.is_answer,
            )
            for at, (part, marks) in enumerate(parts)
        ],
    )
    return f"{key}:{last}" if last else key
