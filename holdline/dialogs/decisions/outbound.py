"""What outside programs may send to a customer, and when it expires. The gate decides whether it is held."""

from datetime import datetime, timedelta

from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.content import MarketingContent, refuse_unsayable
from holdline.dialogs.refusal import BadInput, DeskError, Unreachable

SMART_REPLY_GOOD_FOR = timedelta(minutes=2)


def refuse_unsendable(
    customer: Customer, content: MarketingContent, *, expires_at: datetime | None, at: datetime
) -> None:
    """Raises a refusal if the customer opted out or is unreachable, or if the content is expired, empty or too long."""
    refuse_unwilling(customer)
    if expires_at is not None and expires_at <= at:
        raise BadInput("expires_at", "in_the_past")
    refuse_unsayable(content)


def refuse_unwilling(customer: Customer) -> None:
    """Raises a refusal if the customer opted out or is unreachable."""
    who = {"type": "customer", "id": customer.id}
    if customer.opted_out_at is not None:
        raise DeskError("opted_out", obj=who)
    if customer.reach != "ok":
        raise Unreachable(customer.reach, obj=who)


def good_until(class_: MessageClass, expires_at: datetime | None, *, at: datetime) -> datetime | None:
    """When the message expires; None means never. An automatic answer expires within minutes, because a late one no
    longer answers anything.
    """
    if class_ is not MessageClass.SMART_REPLY:
        return expires_at
    latest = at + SMART_REPLY_GOOD_FOR
    return latest if expires_at is None else min(expires_at, latest)
