"""Notifications that managers subscribed to: gathered for a moment, then sent as one message."""

from datetime import timedelta

from holdline.desk.notices import views
from holdline.dialogs.address import Address
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox import notifications as rules
from holdline.dialogs.outbox.letters import SUBJECT_LIMIT
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.text.value_words import stage_words
from holdline.store.delivery import mails, outbox
from holdline.store.dialogs import dialogs
from holdline.store.people import managers, notifications
from holdline.store.people.notifications import WaitingDigest
from holdline.store.tx import Row, Tx
from holdline.texts import say

MOST_LINES = 20
MOST_BUTTONS = 8
QUOTE = 300
KEPT_FOR = timedelta(days=1)


def notify_subscribers(tx: Tx, event: Event) -> None:
    """Stores the notification, which waits for a moment because more may follow. If nobody subscribed to anything,
    reads nothing more.
    """
    settings = notifications.all_settings(tx)
    topics = rules.topics_of(event) if settings else ()
    if not topics or event.dialog_id is None:
        return
    dialog = dialogs.of_event(tx, event)
    said = {"id": dialog.id, "title": dialog.title, "who": event.actor.name}
    for topic in topics:
        words = {**said, **{name: inline(truncate(text, QUOTE)) for name, text in topic.words.items()}}
        readers = rules.readers_of(topic.name, dialog, settings, event=event)
        for manager_id, channels in readers.items():
            for channel in channels:
                notifications.insert(
                    tx,
                    manager_id=manager_id,
                    dialog_id=dialog.id,
                    channel=channel,
                    topic=topic.sentence or topic.name,
                    words=words,
                )


def send_digests(tx: Tx) -> int:
    """Sends one digest to each manager whose turn it is; former managers get nothing."""
    due = [
        digest
        for digest in notifications.list_waiting(tx)
        if rules.is_due(first=digest.first_at, last_sent=digest.last_sent_at, at=tx.at)
    ]
    for digest in due:
        reader, rows = managers.by_id(tx, digest.manager_id), notifications.take(tx, digest)
        if rows and reader is not None and reader.active:  # no rows: another process has sent them
            _send(tx, reader, digest, rows)
    if due:
        notifications.forget_sent(tx, before=tx.at - KEPT_FOR)
    return len(due)


def _send(tx: Tx, reader: Manager, digest: WaitingDigest, rows: list[Row]) -> None:
    lines = [_line(row, reader.language) for row in rows[:MOST_LINES]]
    if more := len(rows) - len(lines):
        lines.append({"key": "notify.more", "words": {"count": more}})
    if digest.channel == rules.TELEGRAM:
        _send_message(tx, reader, rows, lines)
    elif address := notifications.settings_of(tx, reader.id).email:
        _send_letter(tx, reader, lines, address=address)


def _line(row: Row, language: str) -> views.Line:
    """The line; system stages have the names that the reader sees on cards."""
    words = row["words_json"]
    if row["topic"] == "stage":
        words |= {name: stage_words(words[name], language) for name in ("before", "after")}
    return {"key": f"notify.{row['topic']}", "words": words}


def _send_message(tx: Tx, reader: Manager, rows: list[Row], lines: list[views.Line]) -> None:
    """Sends the digest with a button to each dialog; if it is about one dialog, a Telegram reply to it becomes a note
    there.
    """
    ids = list(dict.fromkeys(row["dialog_id"] for row in rows))
    first, *more = lines
    buttons = [[views.go_to_button(dialog_id)] for dialog_id in ids[:MOST_BUTTONS]]
    notice = DeskNotice(**first, more=more, buttons=buttons)
    key = f"digest:{reader.id}:{rows[-1]['id']}"
    about = ids[0] if len(ids) == 1 else None
    outbox.add(tx, [Outgoing(Address(reader.telegram_id), notice, key, dialog_id=about)])


def _send_letter(tx: Tx, reader: Manager, lines: list[views.Line], *, address: str) -> None:
    """Sends the digest by e-mail; does nothing if the desk has no mail server."""
    if not tx.rules.mail_from:
        return
    said = [say(line["key"], reader.language, **line["words"]) for line in lines]
    subject = truncate(" ".join(said[0].split()), SUBJECT_LIMIT)
    if len(said) > 1:
        subject = say("notify.subject", reader.language, count=len(said))
    body = "\n".join([*said, "", say("notify.footer", reader.language)])
    mails.insert(tx, to_address=address, subject=subject, body=body, reader_id=reader.id)
