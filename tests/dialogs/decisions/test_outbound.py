"""What outside programs may send, and how long it stays valid."""

from datetime import datetime, timedelta

import pytest

from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.outbound import SMART_REPLY_GOOD_FOR, good_until, refuse_unsendable
from holdline.dialogs.gate import MARKETING, MessageClass
from holdline.dialogs.marketing.content import MarketingContent
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.text.limits import OUTBOUND_LIMIT
from holdline.dialogs.text.richtext import RichText
from tests.dialogs.examples import AT, example_customer

LATER, MUCH_LATER = AT + timedelta(minutes=1), AT + timedelta(days=1)
CUSTOMER = example_customer()


@pytest.mark.parametrize("expires_at", [None, LATER])
@pytest.mark.parametrize("text", ["Hi", "x" * OUTBOUND_LIMIT])
def test_supported_content_of_a_program_is_accepted(text: str, expires_at: datetime | None) -> None:
    refuse_unsendable(CUSTOMER, MarketingContent(RichText(text)), expires_at=expires_at, at=AT)


@pytest.mark.parametrize(
    ("customer", "code"),
    [
        (example_customer(opted_out_at=AT), "opted_out"),
        (example_customer(reach="blocked"), "unreachable"),
        (example_customer(reach="deactivated"), "unreachable"),
        (example_customer(reach="blocked", opted_out_at=AT), "opted_out"),
    ],
)
def test_the_refusal_names_why_a_customer_cannot_be_sent_to(customer: Customer, code: str) -> None:
    with pytest.raises(DeskError) as refused:
        refuse_unsendable(customer, MarketingContent(RichText()), expires_at=AT, at=AT)
    assert (refused.value.code, refused.value.obj) == (code, {"type": "customer", "id": 9})


@pytest.mark.parametrize(
    ("text", "expires_at", "field", "mend"),
    [
        ("Hi", AT, "expires_at", "in_the_past"),
        ("", AT - timedelta(days=1), "expires_at", "in_the_past"),
        ("", None, "text", "text_empty"),
        (" \n\u200b", None, "text", "text_empty"),
        ("x" * (OUTBOUND_LIMIT + 1), None, "text", "mends.too_long"),
        ("😀" * (OUTBOUND_LIMIT // 2 + 1), None, "text", "mends.too_long"),
    ],
)
def test_the_refusal_of_expired_empty_or_too_long_messages_names_the_field(
    text: str, expires_at: datetime | None, field: str, mend: str
) -> None:
    with pytest.raises(BadInput) as refused:
        refuse_unsendable(CUSTOMER, MarketingContent(RichText(text)), expires_at=expires_at, at=AT)
    assert (refused.value.field, refused.value.mend) == (field, mend)


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (None, AT + SMART_REPLY_GOOD_FOR),
        (LATER, LATER),
        (MUCH_LATER, AT + SMART_REPLY_GOOD_FOR),
    ],
)
def test_a_smart_reply_expires_after_minutes_at_most(asked: datetime | None, until: datetime) -> None:
    assert good_until(MessageClass.SMART_REPLY, asked, at=AT) == until


@pytest.mark.parametrize("class_", sorted(MARKETING - {MessageClass.SMART_REPLY}))
@pytest.mark.parametrize("asked", [None, MUCH_LATER])
def test_other_marketing_expires_when_the_program_asks(class_: MessageClass, asked: datetime | None) -> None:
    assert good_until(class_, asked, at=AT) == asked
