"""The outbox item that hands out what is stored about a customer."""

from dataclasses import dataclass

from holdline.dialogs.outbox.item import DESK, Item, Role, Traits, Worth


@dataclass(frozen=True, slots=True)
class CustomerExport(Item):
    """A ZIP with everything about a customer, for the manager who asked for it; created on sending."""

    kind = "customer_export"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE)

    about: int
    with_notes: bool = False
