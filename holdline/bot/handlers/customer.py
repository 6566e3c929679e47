"""Messages of customers. Every message of every kind is either passed on or refused with an explanation."""

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import content_of, sender_of
from holdline.bot.filters import PrivateCustomer
from holdline.bot.handlers.errors import act_or_refuse
from holdline.bot.work import Work
from holdline.desk.customers.commands import dispatch_customer_message


def router() -> Router:
    """The router for customers' messages, after the managers' router. An unknown command is an ordinary message."""
    built = Router(name="customers")
    built.message.filter(PrivateCustomer())
    built.message.register(on_message)
    return built


async def on_message(message: Message, work: Work) -> None:
    sender, content = sender_of(message), content_of(message)
    if sender is None or content is None:
        await work.ignore("a service message")
        return
    await act_or_refuse(work, sender, dispatch_customer_message, sender=sender, content=content)
