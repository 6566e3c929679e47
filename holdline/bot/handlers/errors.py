"""Refusals for customers: a friendly sentence for whatever the desk refuses."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from holdline.bot.work import Work
from holdline.desk.customers.customers import get_or_create_customer, language_of, notify
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.refusal import DeskError, NotFound, Throttled
from holdline.store.tx import Tx
from holdline.texts import say

P = ParamSpec("P")
R = TypeVar("R")


async def act_or_refuse(
    work: Work,
    sender: MessageSender,
    use_case: Callable[Concatenate[Tx, P], R],
    /,
    *args: P.args,
    **words: P.kwargs,
) -> R | None:
    """Runs the use case. If the desk refuses, sends the refusal to the customer and returns None."""
    try:
        return await work.act(use_case, *args, **words)
    except DeskError as error:
        await work.act(send_refusal, sender=sender, error=error, key=f"refused:{work.update_id}")
        return None


def send_refusal(tx: Tx, *, sender: MessageSender, error: DeskError, key: str) -> None:
    """Sends the sentence through the outbox, so that it is not lost with the process."""
    text, words = refusal_text(error)
    notify(tx, get_or_create_customer(tx, sender=sender), text, words=words, key=key)


def refusal_text(error: DeskError) -> tuple[str, dict[str, object]]:
    """The key and the text, without the desk's terms, names or dialog numbers."""
    match error:
        case Throttled():
            return "customer.slow_down", {"seconds": error.seconds}
        case NotFound():
            return "customer.button_old", {}
        case _:
            return "customer.not_possible", {}


def refusal_toast(tx: Tx, *, sender: MessageSender, error: DeskError) -> str:
    """The same text as an answer to a press."""
    text, words = refusal_text(error)
    return say(text, language_of(tx, sender), **words)
