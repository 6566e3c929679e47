"""How many people an audience has: counted where that is quick, estimated where nobody should wait for it."""

from dataclasses import dataclass

from holdline.desk.broadcasts.funnel_names import with_funnel_ids
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.store.broadcasts import audience as audiences
from holdline.store.broadcasts import choices
from holdline.store.tx import Tx

COUNTED_AT_ONCE = 50_000
"""Customers that a tap may count: some ten milliseconds of the desk's only writer."""
_PARTS, _SIZE = 40, 250
"""Of more so many are looked at: 10,000, spread over all, because those who came together are like each other."""


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """`number` has two digits that count where it `is_estimate`."""

    number: int
    is_estimate: bool = False


def count_audience(tx: Tx, *, audience: AudienceFilter) -> int:
    """How many it would reach now. Looks at every customer: asked in a reading, never in a unit that writes."""
    return audiences.count(tx, audience=with_funnel_ids(tx, audience))


def size_of_audience(tx: Tx, *, audience: AudienceFilter) -> AudienceSize:
    """The same for a form, which is changed in a unit that writes."""
    highest = choices.highest_customer_id(tx)
    if highest <= COUNTED_AT_ONCE:
        return AudienceSize(count_audience(tx, audience=audience))
    found = audiences.estimate(
        tx, audience=with_funnel_ids(tx, audience), until_id=highest, parts=_PARTS, size=_SIZE
    )
    return AudienceSize(_round(found), is_estimate=True)


def _round(number: float) -> int:
    """12,345 is 12,000: what a sample cannot know is not said."""
    digits = len(str(int(number)))
    return round(number, 2 - digits) if digits > 2 else round(number)  # type: ignore[return-value]
