"""The outbox item that hands out what is stored about a customer."""

from dataclasses import dataclass

from holdline.dialogs.outbox.item import DESK, Item, Role, Traits, Worth
from holdline.dialogs.rights import Act


@dataclass(frozen=True, slots=True)
class CustomerExport(Item):
    """A ZIP with everything about a customer, for the manager who asked for it; created on sending."""

    kind = "customer_export"
    traits = Traits(Worth.WORDS, DESK, leaves=Role.NOTICE, for_whom=Act.HANDLE_PERSONAL_DATA)

    about: int
    with_notes: bool = False


@dataclass(frozen=True, slots=True)
class ErasedCopies(Item):
    """Deletes up to a hundred messages of one chat, because their customer is being erased. Nobody is notified if
    Telegram refuses; the figures of the erasure say it.
    """

    kind = "erase_copies"
    traits = Traits(Worth.CHANGE, DESK)

    tg_message_ids: list[int]


@dataclass(frozen=True, slots=True)
class ErasedTopic(Item):
    """Deletes the topic of an erased customer's dialog, with everything in it."""

    kind = "erase_topic"
    traits = Traits(Worth.CHANGE, DESK)

    topic: int
