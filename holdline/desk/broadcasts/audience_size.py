"""The size of an audience: counted if that is quick, otherwise estimated."""

from dataclasses import dataclass

from holdline.desk.broadcasts.funnel_names import with_funnel_ids
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.store.broadcasts import audience as audiences
from holdline.store.broadcasts import choices
from holdline.store.tx import Tx

COUNTED_AT_ONCE = 50_000
"""Up to this many customers a tap may count: it takes some ten milliseconds of the desk's only writer."""
_PARTS, _SIZE = 40, 250
"""Of more customers 10,000 are sampled, spread over all, because those who joined together are alike."""


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """`number` has two significant digits if it `is_estimate`."""

    number: int
    is_estimate: bool = False


def count_audience(tx: Tx, *, audience: AudienceFilter) -> int:
    """How many customers it would reach now. Reads every customer: a transaction that writes calls `size_of_audience`
    instead.
    """
    return audiences.count(tx, audience=with_funnel_ids(tx, audience))


def size_of_audience(tx: Tx, *, audience: AudienceFilter) -> AudienceSize:
    """The same for a form, which is changed in a transaction that writes."""
    highest = choices.highest_customer_id(tx)
    if highest <= COUNTED_AT_ONCE:
        return AudienceSize(count_audience(tx, audience=audience))
    found = audiences.estimate(
        tx, audience=with_funnel_ids(tx, audience), until_id=highest, parts=_PARTS, size=_SIZE
    )
    return AudienceSize(_round(found), is_estimate=True)


def _round(number: float) -> int:
    """12,345 becomes 12,000: a sample is not more exact."""
    whole = round(number)
    return round(whole, min(0, 2 - len(str(whole))))
