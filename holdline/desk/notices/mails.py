"""E-mails: written in the transaction that makes them necessary, sent outside any transaction."""

import logging
from datetime import timedelta

from holdline.dialogs.outbox.letters import Mail, MailResult, pause_after
from holdline.store.delivery import mails
from holdline.store.tx import Tx

TAKEN_AT_ONCE = 20
TRY_ENDS_WITHIN = timedelta(minutes=5)
"""After this the result of a try is known, or its process is dead."""

log = logging.getLogger("holdline.mail")


def take_due_mails(tx: Tx) -> list[Mail]:
    """Takes the e-mails that are due; if this process dies, they are due again after a while."""
    return mails.take_due(tx, again_at=tx.at + TRY_ENDS_WITHIN, limit=TAKEN_AT_ONCE)


def settle_mails(tx: Tx, *, tries: list[tuple[Mail, MailResult]]) -> None:
    """Settles each try: accepted by the server, refused for good, or due again after a growing pause, finally parked. A
    failure says nothing about a later try, which another process may be making.
    """
    for mail, result in tries:
        pause = pause_after(mail.attempts)
        if not result.error:
            mails.settle(tx, mail.id, status="sent", error=None)
        elif result.is_final:
            mails.settle(tx, mail.id, status="refused", error=result.error, attempt=mail.attempts)
        elif pause is None:
            log.warning("mail %d is parked after %d tries: %s", mail.id, mail.attempts, result.error)
            mails.settle(tx, mail.id, status="parked", error=result.error, attempt=mail.attempts)
        else:
            mails.postpone(tx, mail.id, due_at=tx.at + pause, error=result.error, attempt=mail.attempts)
