"""Sums up presses of broadcasts' buttons, also after a broadcast is done, and shows the sums on its cards."""

from holdline.store.broadcasts import button_presses, cards
from holdline.store.tx import Tx

_AT_ONCE = 500


def sum_up_presses(tx: Tx) -> None:
    """Sums up the presses that came first."""
    for broadcast_id in button_presses.sum_up_tallies(tx, limit=_AT_ONCE):
        cards.reopen(tx, broadcast_id)
