"""Every refusal: its code, its text, and the object in the way."""

from collections.abc import Callable
from typing import Any

import pytest

from holdline.dialogs.refusal import (
    AudienceOverLimit,
    BadInput,
    ClosedBefore,
    CustomerNeverWrote,
    DeskError,
    KeyUsedUp,
    NotAllowed,
    NotFound,
    NotHeld,
    NotMerged,
    NotWaiting,
    Throttled,
    Unreachable,
    WrongState,
    permission_key,
)

DIALOG = {"type": "dialog", "id": 5, "title": "Late parcel"}
OUTBOUND = {"type": "outbound message", "id": 3}


@pytest.mark.parametrize(
    ("make", "code", "key", "obj", "words"),
    [
        (lambda: NotFound("dialog", 7), "not_found", "not_found", None, {"what": "dialog", "which": 7}),
        (lambda: NotFound("dialog"), "not_found", "not_found_here", None, {"what": "dialog", "which": ""}),
        (
            lambda: CustomerNeverWrote(109),
            "not_found",
            "customer_never_wrote",
            None,
            {"what": "customer", "which": 109},
        ),
        (
            lambda: CustomerNeverWrote(109, is_colleague=True),
            "not_found",
            "customer_is_colleague",
            None,
            {"what": "customer", "which": 109},
        ),
        (lambda: Unreachable("blocked", obj=DIALOG), "unreachable", "unreachable_blocked", DIALOG, {}),
        (
            lambda: NotAllowed("dialog.close"),
            "not_allowed",
            "not_allowed",
            {"type": "permission", "name": "dialog.close"},
            {"permission": "dialog.close"},
        ),
        (
            lambda: NotAllowed("dialog.score", because="not_handler"),
            "not_allowed",
            "not_handler",
            {"type": "permission", "name": "dialog.score"},
            {"permission": "dialog.score"},
        ),
        (
            lambda: WrongState(state="closed", obj=DIALOG),
            "dialog_closed",
            "dialog_closed",
            DIALOG,
            {"id": 5, "title": "Late parcel"},
        ),
        (
            lambda: WrongState(state="active", obj=DIALOG),
            "wrong_state",
            "already_active",
            DIALOG,
            {"id": 5, "title": "Late parcel"},
        ),
        (
            lambda: WrongState(state="paused", obj={}, code="dialog_paused"),
            "dialog_paused",
            "dialog_paused",
            {},
            {"id": None, "title": None},
        ),
        (
            lambda: NotWaiting(3, status="sent"),
            "wrong_state",
            "outbound_not_waiting",
            {**OUTBOUND, "status": "sent"},
            {"id": 3, "title": None, "status": "sent"},
        ),
        (
            lambda: NotHeld(3, state="sent"),
            "wrong_state",
            "not_held",
            {**OUTBOUND, "state": "sent"},
            {"id": 3, "title": None},
        ),
        (
            lambda: NotMerged(state="active", obj=DIALOG, code="wrong_state"),
            "wrong_state",
            "not_merged",
            DIALOG,
            {"id": 5, "title": "Late parcel"},
        ),
        (
            lambda: ClosedBefore(obj=DIALOG, who="Anna", at="12:00"),
            "dialog_closed",
            "closed_before",
            DIALOG,
            {"id": 5, "title": "Late parcel", "who": "Anna", "at": "12:00"},
        ),
        (lambda: Throttled(9), "throttled", "throttled", None, {"seconds": 9}),
        (
            lambda: KeyUsedUp("minute", 30, seconds=9),
            "throttled",
            "key_used_up_minute",
            {"type": "limit", "name": "per_minute"},
            {"seconds": 9, "most": 30},
        ),
    ],
)
def test_a_refusal_names_the_object_in_the_way(
    make: Callable[[], DeskError], code: str, key: str, obj: Any, words: dict[str, Any]
) -> None:
    refusal = make()
    assert (refusal.code, refusal.text_key, refusal.obj) == (code, f"refusals.{key}", obj)
    assert refusal.words == words and str(refusal) == code
    for language in ("en", "ru", "pl"):
        assert refusal.sentence(language).strip() and "{" not in refusal.sentence(language)


@pytest.mark.parametrize(("recipients", "key"), [(101, "audience_over_limit"), (100, "audience_over_rest")])
def test_the_refusal_of_an_audience_too_large_for_any_day_says_so(recipients: int, key: str) -> None:
    refusal = AudienceOverLimit(recipients=recipients, left=7, most=100, seconds=60)
    assert (refusal.code, refusal.text_key, refusal.seconds) == ("throttled", f"refusals.{key}", 60)
    assert refusal.obj == {
        "type": "limit",
        "name": "per_day",
        "most": 100,
        "left": 7,
        "recipients": recipients,
    }
    assert refusal.words == {"seconds": 60, "recipients": recipients, "left": 7, "most": 100}


@pytest.mark.parametrize(
    ("make", "allowed"),
    [
        (
            lambda: WrongState(state="closed", obj=DIALOG, allowed=("resume",)),
            ("write_general", "new_dialog"),
        ),
        (lambda: WrongState(state="paused", obj=DIALOG, allowed=("resume",)), ("resume",)),
        (lambda: WrongState(state="paused", obj=DIALOG), ()),
        (lambda: DeskError("newer_message", allowed=("send_anyway",)), ("send_anyway",)),
    ],
)
def test_a_refusal_offers_what_is_allowed_instead(
    make: Callable[[], DeskError], allowed: tuple[str, ...]
) -> None:
    assert make().allowed == allowed


def test_a_thing_is_named_in_the_readers_language() -> None:
    assert "Dialog" in NotFound("dialog", 7).sentence("pl") or "dialog" in NotFound("dialog", 7).sentence(
        "pl"
    )
    assert NotFound("customer", 7).sentence("ru") != NotFound("dialog", 7).sentence("ru")
    assert "inbox item" not in NotFound("inbox item", 7).sentence("ru")
    assert "flying saucer" in NotFound("flying saucer", 7).sentence("ru")


def test_a_permission_is_described() -> None:
    assert permission_key("dialog_settings.edit") == "permissions.dialog_settings_edit"
    assert NotAllowed("dialog.close").sentence("ru") != NotAllowed("dialog.open").sentence("ru")
    assert "fly.high" in NotAllowed("fly.high").sentence("ru")


@pytest.mark.parametrize(
    ("make", "hint", "remedy"),
    [
        (lambda: BadInput("text", "own phrase; do."), "own phrase; do.", "Own phrase; do."),
        (lambda: BadInput("text", "no.such_text"), "no.such_text", "No.such_text"),
        (lambda: BadInput("text", ""), "", ""),
    ],
)
def test_a_hint_that_is_not_a_text_key_is_shown_unchanged(
    make: Callable[[], BadInput], hint: str, remedy: str
) -> None:
    refusal = make()
    assert (refusal.hint_text("en"), refusal.remedy("en")) == (hint, remedy)
    assert refusal.obj == {"type": "field", "name": "text"}
    assert refusal.sentence("en").count(hint) >= 1 and "text" in refusal.sentence("en")


def test_a_hint_that_is_a_text_key_is_filled_in_and_translated() -> None:
    short, whole = (
        BadInput("text", "too_long", limit=64, length=99),
        BadInput("text", "mends.too_long", limit=64, length=99),
    )
    assert short.hint_text("en") == whole.hint_text("en") != "too_long"
    assert "64" in short.hint_text("pl") and short.hint_text("pl") != short.hint_text("en")
    assert short.remedy("en")[0].isupper() and short.remedy("en")[1:] == short.hint_text("en")[1:]
    assert short.hint_text("ru") in short.sentence("ru")
