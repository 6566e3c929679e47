"""The request for each route of the API: the path's ids and the body, about the things of one relation."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.rights.scene import COLLEAGUE, SPARE_MANAGER, Things

Route = tuple[str, str]


@dataclass(frozen=True)
class Call:
    """`by_whom`: the body or the query names who acts; else the key alone decides."""

    path: Callable[[Things], str]
    body: Callable[[Things], Any] = lambda things: None
    by_whom: bool = False
    in_query: bool = False
    upload: bool = False


def _dialog(end: str, body: Callable[[Things], Any] | None = None) -> Call:
    return Call(lambda t: f"/dialogs/{t.dialog}{end}", body or (lambda t: {}), by_whom=True)


def _draft(end: str, body: Callable[[Things], Any] | None = None) -> Call:
    return Call(lambda t: f"/drafts/{t.draft}{end}", body or (lambda t: {}), by_whom=True)


def _item(end: str, body: Callable[[Things], Any] | None = None) -> Call:
    return Call(lambda t: f"/inbox/{t.item}{end}", body or (lambda t: {}), by_whom=True)


CALLS: dict[Route, Call] = {
    ("POST", "/dialogs"): Call(
        lambda t: "/dialogs", lambda t: {"customer_id": t.item_customer, "title": "Damaged"}, by_whom=True
    ),
    ("POST", "/dialogs/{dialog_id}/pause"): _dialog("/pause"),
    ("POST", "/dialogs/{dialog_id}/resume"): Call(
        lambda t: f"/dialogs/{t.paused}/resume", lambda t: {}, by_whom=True
    ),
    ("POST", "/dialogs/{dialog_id}/close"): _dialog("/close", lambda t: {"send_rating_form": False}),
    ("PATCH", "/dialogs/{dialog_id}"): _dialog("", lambda t: {"title": "Another title"}),
    ("POST", "/dialogs/{dialog_id}/assign"): _dialog(
        "/assign", lambda t: {"assignee_telegram_id": SPARE_MANAGER}
    ),
    ("POST", "/dialogs/{dialog_id}/postpone"): _dialog("/postpone", lambda t: {"by": {"hours": 2}}),
    ("POST", "/dialogs/{dialog_id}/attachments"): Call(
        lambda t: f"/dialogs/{t.dialog}/attachments", by_whom=True, upload=True
    ),
    ("DELETE", "/attachments/{attachment_id}"): Call(
        lambda t: f"/attachments/{t.attachment}", lambda t: {}, by_whom=True
    ),
    ("POST", "/bulk"): Call(
        lambda t: "/bulk",
        lambda t: {"dialogs": [t.dialog], "do": {"priority": "high"}},
        by_whom=True,
    ),
    ("POST", "/dialogs/{dialog_id}/messages"): _dialog("/messages", lambda t: {"text": "Hello"}),
    ("POST", "/dialogs/{dialog_id}/notes"): _dialog("/notes", lambda t: {"text": "A note"}),
    ("DELETE", "/notes/{note_id}"): Call(lambda t: f"/notes/{t.note}", lambda t: {}, by_whom=True),
    ("POST", "/customers/{customer_id}/messages"): Call(
        lambda t: f"/customers/{t.item_customer}/messages", lambda t: {"text": "Hello"}, by_whom=True
    ),
    ("POST", "/customers/{customer_id}/mute"): Call(
        lambda t: f"/customers/{t.item_customer}/mute", lambda t: {"reason": "Spam"}, by_whom=True
    ),
    ("POST", "/customers/{customer_id}/unmute"): Call(
        lambda t: f"/customers/{t.item_customer}/unmute", lambda t: {}, by_whom=True
    ),
    ("POST", "/outbound/{outbound_id}/send"): Call(
        lambda t: f"/outbound/{t.held}/send", lambda t: {}, by_whom=True
    ),
    ("POST", "/outbound/{outbound_id}/drop"): Call(
        lambda t: f"/outbound/{t.held}/drop", lambda t: {}, by_whom=True
    ),
    ("POST", "/drafts/{draft_id}/approve"): _draft("/approve"),
    ("POST", "/drafts/{draft_id}/return"): _draft("/return", lambda t: {"reason": "Too short"}),
    ("POST", "/drafts/{draft_id}/submit"): _draft("/submit", lambda t: {"text": "Better words"}),
    ("POST", "/drafts/{draft_id}/notes"): _draft("/notes", lambda t: {"text": "Why?"}),
    ("DELETE", "/drafts/{draft_id}/notes/{note_id}"): Call(
        lambda t: f"/drafts/{t.draft}/notes/{t.draft_note}", lambda t: {}, by_whom=True
    ),
    ("POST", "/dialogs/{dialog_id}/forward"): _dialog(
        "/forward", lambda t: {"to": [{"telegram_id": COLLEAGUE}], "subject": "Please look", "parts": []}
    ),
    ("POST", "/templates/{template_id}/preview"): Call(
        lambda t: f"/templates/{t.template}/preview", lambda t: {"dialog_id": t.dialog}, by_whom=True
    ),
    ("PATCH", "/scheduled/{reply_id}"): Call(
        lambda t: f"/scheduled/{t.scheduled}", lambda t: {"text": "Later still"}, by_whom=True
    ),
    ("DELETE", "/scheduled/{reply_id}"): Call(
        lambda t: f"/scheduled/{t.scheduled}", lambda t: {}, by_whom=True
    ),
    ("POST", "/inbox/{item_id}/assign"): _item("/assign", lambda t: {"assignee_telegram_id": SPARE_MANAGER}),
    ("POST", "/inbox/{item_id}/ignore"): _item("/ignore"),
    ("POST", "/inbox/{item_id}/open"): _item("/open", lambda t: {"title": "Damaged"}),
    ("POST", "/dialogs/{dialog_id}/merge"): Call(
        lambda t: f"/dialogs/{t.merging}/merge", lambda t: {"into": t.merging_into}, by_whom=True
    ),
    ("POST", "/dialogs/{dialog_id}/unmerge"): Call(
        lambda t: f"/dialogs/{t.merging_into}/unmerge", lambda t: {}, by_whom=True
    ),
    ("GET", "/search"): Call(lambda t: "/search?q=Delivery", by_whom=True, in_query=True),
}
"""Those that name who acts. Of the others the key alone decides."""


def a_path(path: str) -> str:
    """With any ids: the scope of the key is checked before they are looked at."""
    return (
        re.sub(r"\{[^}]+\}", "1", path)
        .replace("/lists/1", "/lists/tags")
        .replace("messages/1", "messages/greeting")
    )
