"""A funnel's picture for a manager in Telegram: drawn when it is sent, with the figures of that moment."""

from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.marketing import FunnelPicture
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.store.delivery import outbox
from holdline.store.funnels import funnels
from holdline.store.tx import Tx


def send_funnel_picture(tx: Tx, *, manager: Manager, funnel_id: int, to: Address, key: str) -> None:
    """Sends the picture, once per `key`."""
    require_permission(tx, manager, Act.RUN_FUNNELS)
    funnel = funnels.load(tx, funnel_id)
    outbox.add(tx, [Outgoing(to=to, item=FunnelPicture(funnel.id, funnel.name), key=key)])
