"""The gate's report also counts smart replies, by their results."""

from datetime import timedelta

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.smart_replies.feedback import rate_answer
from holdline.desk.smart_replies.smart_replies import add_smart_reply
from holdline.store.clock import ManualClock
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk, text
from tests.desk.reports.steps import NO_ANSWERS, figures


async def test_smart_replies_are_counted_by_their_results(desk: Desk, clock: ManualClock) -> None:
    """One helped, one led to a person, one was dropped because a person talked; before the period there was nothing."""
    asked = []
    for number, name in enumerate(("Hours", "Refunds", "Parcels"), start=1):
        reply = {"name": name, "question": f"What about {name.lower()}?", "answer": "So."}
        await desk.store.act(add_smart_reply, manager=None, values=reply)
        content = text(f"what about {name.lower()}?", number, ANNA.telegram_id)
        asked.append(await desk.store.act(receive_customer_message, sender=ANNA, content=content))

    def settled(tx: Tx) -> None:
        for place, status in enumerate(("sent", "sent", "dropped")):
            row = {"status": status, "asked": asked[place]}
            tx.run(
                """UPDATE messages SET status = :status WHERE id = (
                       SELECT message_id FROM smart_answers WHERE asked_message_id = :asked)""",
                **row,
            )

    await desk.store.act(settled)
    before = clock.now() - timedelta(days=1), clock.now() - timedelta(seconds=1)
    clock.advance(60)
    for message_id, feedback in ((asked[0], "helped"), (asked[1], "person")):
        words = {"asked_message_id": message_id, "feedback": feedback, "tg_message_id": None}
        await desk.store.act(rate_answer, telegram_id=ANNA.telegram_id, **words)
    clock.advance(60)
    counted = (await figures(desk, "gate"))["smart_replies"]
    assert counted == {"given": 2, "dropped": 1, "helped": 1, "person": 1}
    earlier = await figures(desk, "gate", from_at=before[0], to_at=before[1])
    assert earlier["smart_replies"] == NO_ANSWERS
