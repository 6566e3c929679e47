"""The refusals of the desk, each with its remedy.

DeskError          code, text key, the object in the way, what is allowed instead
├── NotFound       it does not exist, or is not visible to the caller
├── NotAllowed     a permission is missing; it is named
├── WrongState     the state of the object does not allow it
├── Conflict       somebody else was faster; retried once
├── Throttled      too many requests
└── BadInput       a field is invalid; it is named
"""

import re
from typing import Any

from holdline.texts import has_text, say

Thing = dict[str, Any]
_KEY = re.compile(r"[a-z_]+\.[a-z0-9_]+")


class DeskError(Exception):
    """A refusal: `code` for programs, `text_key` and `words` for people, `allowed` for buttons."""

    def __init__(
        self, code: str, *, obj: Thing | None = None, allowed: tuple[str, ...] = (), **words: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.obj = obj
        self.allowed = allowed
        self.words = words

    @property
    def text_key(self) -> str:
        return f"refusals.{self.code}"

    def sentence(self, language: str = "en") -> str:
        """The refusal as one sentence that tells the person what to do."""
        return say(self.text_key, language, **self.words)


class NotFound(DeskError):
    """`what` is a word of the glossary: dialog, customer, manager, message…"""

    def __init__(self, what: str, which: object = "") -> None:
        super().__init__("not_found", what=what, which=which)

    @property
    def text_key(self) -> str:
        return "refusals.not_found" if self.words["which"] != "" else "refusals.not_found_here"

    def sentence(self, language: str = "en") -> str:
        """The sentence, with the glossary's word in the reader's language."""
        thing = f"things.{str(self.words['what']).replace(' ', '_')}"
        what = say(thing, language) if has_text(thing) else self.words["what"]
        return say(self.text_key, language, what=what, which=self.words["which"])


class CustomerNeverWrote(NotFound):
    """Nobody with this Telegram id has written to the bot, and a bot cannot start a conversation."""

    def __init__(self, telegram_id: int, *, is_colleague: bool = False) -> None:
        super().__init__("customer", telegram_id)
        self._is_colleague = is_colleague

    @property
    def text_key(self) -> str:
        return "refusals.customer_is_colleague" if self._is_colleague else "refusals.customer_never_wrote"


class Unreachable(DeskError):
    """`reach` is Telegram's answer about the customer: blocked, deactivated or unknown."""

    def __init__(self, reach: str, *, obj: dict[str, Any]) -> None:
        super().__init__("unreachable", obj=obj)
        self._reach = reach

    @property
    def text_key(self) -> str:
        return f"refusals.unreachable_{self._reach}"


class NotAllowed(DeskError):
    """Names the missing permission, so that an administrator can grant it.

    `because` names another text in the domain `refusals`, for cases that no permission would solve.
    """

    def __init__(self, permission: str, *, because: str = "not_allowed") -> None:
        super().__init__("not_allowed", obj={"type": "permission", "name": permission}, permission=permission)
        self.permission = permission
        self.because = because

    @property
    def text_key(self) -> str:
        return f"refusals.{self.because}"

    def sentence(self, language: str = "en") -> str:
        """Names the permission as its button in /settings does, and describes it."""
        key = permission_key(self.permission)
        meaning = say(key, language) if has_text(key) else self.permission
        return say(self.text_key, language, permission=self.permission, meaning=meaning)


def permission_key(permission: str) -> str:
    """The text key of the description of a permission."""
    return f"permissions.{permission.replace('.', '_')}"


class WrongState(DeskError):
    """Codes: active_dialog_exists, dialog_paused, dialog_closed, wrong_state."""

    def __init__(
        self,
        *,
        state: str,
        obj: Thing,
        allowed: tuple[str, ...] = (),
        code: str | None = None,
    ) -> None:
        named = code or ("dialog_closed" if state == "closed" else "wrong_state")
        remedy = ("write_general", "new_dialog") if named == "dialog_closed" else allowed
        super().__init__(named, obj=obj, allowed=remedy, id=obj.get("id"), title=obj.get("title"))
        self.state = state

    @property
    def text_key(self) -> str:
        """In an active or paused dialog the only refused act is the one that was already done."""
        return f"refusals.already_{self.state}" if self.code == "wrong_state" else super().text_key


class NotWaiting(WrongState):
    """The marketing message was sent, is being sent, or will never be sent, so it can no longer be changed."""

    def __init__(self, outbox_id: int, *, status: str) -> None:
        super().__init__(
            state=status,
            obj={"type": "outbound message", "id": outbox_id, "status": status},
            code="wrong_state",
        )
        self.words |= {"status": status}

    @property
    def text_key(self) -> str:
        return "refusals.outbound_not_waiting"


class NotMerged(WrongState):
    """There is no merge to undo."""

    @property
    def text_key(self) -> str:
        return "refusals.not_merged"


class NotHeld(WrongState):
    """No gate holds the message: it was sent, will never be sent, or is about to be sent."""

    def __init__(self, outbox_id: int, *, state: str) -> None:
        super().__init__(
            state=state, obj={"type": "outbound message", "id": outbox_id, "state": state}, code="wrong_state"
        )

    @property
    def text_key(self) -> str:
        return "refusals.not_held"


class ClosedBefore(WrongState):
    """Somebody else already closed the dialog. The refusal names them, so that the manager does not suspect a mistake
    of their own.
    """

    def __init__(self, *, obj: Thing, who: str, at: str) -> None:
        super().__init__(state="closed", obj=obj)
        self.words |= {"who": who, "at": at}

    @property
    def text_key(self) -> str:
        return "refusals.closed_before"


class Conflict(DeskError):
    """Two people acted at the same time. The unit of work is retried once before it is reported."""


class Throttled(DeskError):
    """Wait `seconds` and try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("throttled", seconds=seconds)
        self.seconds = seconds


class KeyUsedUp(Throttled):
    """The API key has sent all the messages it may send per `span`: minute or day."""

    def __init__(self, span: str, most: int, *, seconds: int) -> None:
        super().__init__(seconds)
        self.obj = {"type": "limit", "name": f"per_{span}"}
        self.words |= {"most": most}
        self._span = span

    @property
    def text_key(self) -> str:
        return f"refusals.key_used_up_{self._span}"


class AudienceOverLimit(Throttled):
    """A broadcast has more recipients than its API key may still send messages to today."""

    def __init__(self, *, recipients: int, left: int, most: int, seconds: int) -> None:
        super().__init__(seconds)
        self.obj = {"type": "limit", "name": "per_day", "most": most, "left": left, "recipients": recipients}
        self.words |= {"recipients": recipients, "left": left, "most": most}
        self._is_too_large = recipients > most

    @property
    def text_key(self) -> str:
        """For an audience that is too large for any day, waiting is no remedy."""
        return f"refusals.audience_over_{'limit' if self._is_too_large else 'rest'}"


class BadInput(DeskError):
    """`field` is the name in the request or the step in the form. `mend` says what to write instead.

    If `mend` names a text (`too_long` is `mends.too_long`), that text is used in the reader's language with its
    `words`. Any other phrase is used as it is.
    """

    def __init__(self, field: str, mend: str, **words: object) -> None:
        super().__init__("bad_input", obj={"type": "field", "name": field}, field=field, mend=mend)
        self.field = field
        self.mend = mend
        self.mend_words = words

    def sentence(self, language: str = "en") -> str:
        return say(self.text_key, language, field=self.field, mend=self.hint_text(language))

    def remedy(self, language: str = "en") -> str:
        """The hint without a field name, for people who did not fill in a field."""
        mend = self.hint_text(language)
        return mend[:1].upper() + mend[1:]

    def hint_text(self, language: str) -> str:
        """What to write instead."""
        key = self.mend if "." in self.mend else f"mends.{self.mend}"
        written = _KEY.fullmatch(key) is not None and has_text(key)
        return say(key, language, **self.mend_words) if written else self.mend
