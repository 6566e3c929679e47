"""Forwarding a dialog: an e-mail or a Telegram message for each recipient, and the result of each."""

from holdline.desk.notices import views
from holdline.desk.notices.bot_messages import BotMessage, send_bot_message
from holdline.desk.notices.updatable_notices import redraw_form
from holdline.desk.people.managers import require_permission
from holdline.desk.people.participants import lock_colleague
from holdline.desk.reading.forwarded import compose_forward
from holdline.desk.record import record
from holdline.dialogs.decisions.forwards import (
    Forward,
    ForwardOrder,
    ForwardRecipient,
    forward_event,
    recipient_sign,
    refuse_too_many,
    require_sound,
)
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import truncate
from holdline.store.delivery import mails
from holdline.store.dialogs import dialogs, forwards
from holdline.store.dialogs.forwards import ForwardCopy
from holdline.store.people import managers
from holdline.store.screens import forms
from holdline.store.tx import Row, Tx

TELEGRAM_LENGTH = 12_000
"""The length of three messages; members of the desk can read the rest in the dialog."""
_EVERYBODY = 10_000


def forward_dialog(
    tx: Tx, *, manager: Manager, dialog_id: int, order: ForwardOrder, form_id: int | None = None
) -> Forward:
    """Forwards the dialog. Changes nothing in it, so a closed one may be forwarded too; history keeps what was sent to
    whom.
    """
    require_permission(tx, manager, Act.FORWARD_DIALOG)
    dialog = dialogs.load_locked(tx, dialog_id)
    order = require_sound(order, has_mail=bool(tx.rules.mail_from))
    colleagues = _colleagues(tx, order)
    addressees = [ForwardRecipient(email, None, email) for email in order.emails]
    addressees += [ForwardRecipient(None, each.telegram_id, each.name) for each in colleagues]
    refuse_too_many(addressees)
    forward_id = forwards.insert(tx, order, dialog_id=dialog.id, manager_id=manager.id, form_id=form_id)
    languages = {each.language for each in colleagues} | ({tx.rules.language} if order.emails else set())
    texts = {language: compose_forward(tx, dialog, order, language=language) for language in languages}
    for address in order.emails:
        forwards.add_copy(tx, forward_id, _letter(tx, order.subject, texts[tx.rules.language], to=address))
    for colleague in colleagues:
        text = f"📨 {order.subject}\n\n{texts[colleague.language]}"
        forwards.add_copy(tx, forward_id, _message(tx, dialog, text, to=colleague, forward_id=forward_id))
    forward = forwards.by_id(tx, forward_id)
    record(tx, [forward_event(dialog, forward, parts=order.parts, by=manager.as_actor())])
    return forward


def load_forward(tx: Tx, *, forward_id: int) -> Forward:
    return forwards.by_id(tx, forward_id)


def settle_forwards(tx: Tx) -> int:
    """Notifies the manager who forwarded the dialog which copies arrived or failed for good; returns the number of
    these recipients.
    """
    ended = forwards.list_ended(tx)
    for row in ended:
        status = "sent" if "sent" in (row["mail_status"], row["said_status"]) else "failed"
        forwards.settle_copy(tx, row["id"], status=status, reason=None if status == "sent" else _reason(row))
    for forward_id in dict.fromkeys(row["forward_id"] for row in ended):
        _show_results(tx, forwards.by_id(tx, forward_id))
    return len(ended)


def _show_results(tx: Tx, forward: Forward) -> None:
    """Shows the results in the window in which the forward was ordered, if there was one."""
    if forward.form_id is None:
        return
    form = forms.load_locked(tx, forward.form_id)
    if form is None:
        return
    head: views.Line = {"key": "forwarding.done", "words": {"id": forward.dialog_id}}
    lines = [{"key": "forwarding.line", "words": {"text": recipient_sign(one)}} for one in forward.recipients]
    redraw_form(tx, form, [head, *lines], dialog_id=forward.dialog_id)


def _reason(row: Row) -> str:
    return str(row["error"] or row["mail_status"] or row["said_status"])


def _colleagues(tx: Tx, order: ForwardOrder) -> list[Manager]:
    """The managers named and the members of the roles named, each once."""
    named = [lock_colleague(tx, telegram_id) for telegram_id in order.telegram_ids]
    desk = managers.page(tx, limit=_EVERYBODY, active_only=True) if order.roles else []
    members = [one for one in desk if one.role in order.roles]
    return list({one.id: one for one in (*named, *members)}.values())


def _letter(tx: Tx, subject: str, body: str, *, to: str) -> ForwardCopy:
    mail_id = mails.insert(tx, to_address=to, subject=subject, body=body)
    return ForwardCopy(ForwardRecipient(to, None, to), mail_id=mail_id)


def _message(tx: Tx, dialog: Dialog, text: str, *, to: Manager, forward_id: int) -> ForwardCopy:
    said_as = send_bot_message(
        tx,
        chat_id=to.telegram_id,
        said=BotMessage(truncate(text, TELEGRAM_LENGTH), buttons=[[views.go_to_button(dialog.id)]]),
        key=f"forward:{forward_id}:{to.telegram_id}",
        dialog_id=dialog.id,
    )
    return ForwardCopy(ForwardRecipient(None, to.telegram_id, to.name), said_as=said_as)
