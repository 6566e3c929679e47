"""The last question before a marketing message is sent: does anything but the gate forbid or postpone it?"""

from holdline.dialogs.broadcasts.broadcast import admit_of_broadcast
from holdline.dialogs.marketing.admission import Verdict, admit_to_customer
from holdline.store.broadcasts import broadcasts
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


def decide_admission(tx: Tx, item: Row) -> Verdict:
    """Asked under the lock of the customer's chat; the first rule that has something to say decides."""
    if item["customer_id"] is None:
        return None
    verdict = admit_to_customer(customers.by_id(tx, item["customer_id"]))
    return verdict or _admit_of_source(tx, item)


def _admit_of_source(tx: Tx, item: Row) -> Verdict:
    """Whether what it comes from goes on."""
    if item["broadcast_id"] is None:
        return None
    return admit_of_broadcast(broadcasts.status_of(tx, item["broadcast_id"]), at=tx.at)
