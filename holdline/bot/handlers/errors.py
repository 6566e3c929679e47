"""The customers' door for refusals: whatever the desk says no to, a customer hears a friendly sentence."""

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
    """The use case; where the desk refuses, the refusal is said in its place, and None comes back."""
    try:
        return await work.act(use_case, *args, **words)
    except DeskError as error:
        await work.act(tell_refusal, sender=sender, error=error, key=f"refused:{work.update_id}")
        return None


def tell_refusal(tx: Tx, *, sender: MessageSender, error: DeskError, key: str) -> None:
    """Through the outbox: the sentence must not be lost with the process."""
    text, words = refusal_text(error)
    notify(tx, get_or_create_customer(tx, sender=sender), text, words=words, key=key)


def refusal_text(error: DeskError) -> tuple[str, dict[str, object]]:
    """Key and words; nothing of the desk's own terms, no names, no numbers of dialogs."""
    match error:
        case Throttled():
            return "customer.slow_down", {"seconds": error.seconds}
        case NotFound():
            return "customer.button_old", {}
        case _:
            return "customer.not_possible", {}


def refusal_toast(tx: Tx, *, sender: MessageSender, error: DeskError) -> str:
    """The same as the answer to a press."""
    text, words = refusal_text(error)
    return say(text, language_of(tx, sender), **words)
