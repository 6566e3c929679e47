"""What the desk refuses, each with its remedy.

DeskError          code, text key, the object in the way, what is allowed instead
├── NotFound       there is no such thing, or not for you
├── NotAllowed     a permission is missing; named
├── WrongState     the dialog's life does not allow it
├── Conflict       somebody else was there first; tried again once
├── Throttled      too much at once
└── BadInput       a field is wrong; named
"""

import re
from typing import Any

from holdline.texts import has_text, say

Thing = dict[str, Any]
_KEY = re.compile(r"[a-z_]+\.[a-z0-9_]+")


class DeskError(Exception):
    """A refusal in words: `code` for programs, `text_key` and `words` for people, `allowed` for buttons."""

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
        """The refusal as one sentence a person can act on."""
        return say(self.text_key, language, **self.words)


class NotFound(DeskError):
    """`what` is a word of the glossary: dialog, customer, manager, message…"""

    def __init__(self, what: str, which: object = "") -> None:
        super().__init__("not_found", what=what, which=which)

    @property
    def text_key(self) -> str:
        return "refusals.not_found" if self.words["which"] != "" else "refusals.not_found_here"

    def sentence(self, language: str = "en") -> str:
        """The glossary's word in the reader's language."""
        thing = f"things.{str(self.words['what']).replace(' ', '_')}"
        what = say(thing, language) if has_text(thing) else self.words["what"]
        return say(self.text_key, language, what=what, which=self.words["which"])


class CustomerNeverWrote(NotFound):
    """A bot cannot begin a conversation: nobody has this Telegram id among those who wrote to it."""

    def __init__(self, telegram_id: int, *, is_colleague: bool = False) -> None:
        super().__init__("customer", telegram_id)
        self._is_colleague = is_colleague

    @property
    def text_key(self) -> str:
        return "refusals.customer_is_colleague" if self._is_colleague else "refusals.customer_never_wrote"


class Unreachable(DeskError):
    """`reach` is what Telegram says of the customer: blocked, deactivated or unknown."""

    def __init__(self, reach: str, *, obj: dict[str, Any]) -> None:
        super().__init__("unreachable", obj=obj)
        self._reach = reach

    @property
    def text_key(self) -> str:
        return f"refusals.unreachable_{self._reach}"


class NotAllowed(DeskError):
    """The permission that is missing is named, so that an administrator can grant it.

    `because` names another text of the domain `refusals`, where no permission would help.
    """

    def __init__(self, permission: str, *, because: str = "not_allowed") -> None:
        super().__init__("not_allowed", obj={"type": "permission", "name": permission}, permission=permission)
        self.permission = permission
        self.because = because

    @property
    def text_key(self) -> str:
        return f"refusals.{self.because}"

    def sentence(self, language: str = "en") -> str:
        """The permission by the name that its button in /settings carries, and in words."""
        key = permission_key(self.permission)
        meaning = say(key, language) if has_text(key) else self.permission
        return say(self.text_key, language, permission=self.permission, meaning=meaning)


def permission_key(permission: str) -> str:
    """Where the words for a permission stand."""
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
        """What cannot be done to an active or a paused dialog is only what was done to it before."""
        return f"refusals.already_{self.state}" if self.code == "wrong_state" else super().text_key


class NotWaiting(WrongState):
    """A marketing message that has left, is leaving, or never will: nothing can be done to it any more."""

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
    """There is no merge to take back."""

    @property
    def text_key(self) -> str:
        return "refusals.not_merged"


class NotHeld(WrongState):
    """A message that no gate holds: it was sent, or never will be, or leaves by itself at once."""

    def __init__(self, outbox_id: int, *, state: str) -> None:
        super().__init__(
            state=state, obj={"type": "outbound message", "id": outbox_id, "state": state}, code="wrong_state"
        )

    @property
    def text_key(self) -> str:
        return "refusals.not_held"


class ClosedBefore(WrongState):
    """Somebody else has closed it already: named, so that nobody looks for a mistake of their own."""

    def __init__(self, *, obj: Thing, who: str, at: str) -> None:
        super().__init__(state="closed", obj=obj)
        self.words |= {"who": who, "at": at}

    @property
    def text_key(self) -> str:
        return "refusals.closed_before"


class Conflict(DeskError):
    """Two did it at once; the unit is tried again once before a person hears of it."""


class Throttled(DeskError):
    """Wait `seconds` and try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("throttled", seconds=seconds)
        self.seconds = seconds


class KeyUsedUp(Throttled):
    """The key has sent as many messages as it may in that `span`: minute or day."""

    def __init__(self, span: str, most: int, *, seconds: int) -> None:
        super().__init__(seconds)
        self.obj = {"type": "limit", "name": f"per_{span}"}
        self.words |= {"most": most}
        self._span = span

    @property
    def text_key(self) -> str:
        return f"refusals.key_used_up_{self._span}"


class BadInput(DeskError):
    """`field` is the name in the request or the step in the form; `mend` says what to write instead.

    A mend that names a text (`too_long` is `mends.too_long`) is said in the reader's language, with its `words`;
    any other phrase stands as it is.
    """

    def __init__(self, field: str, mend: str, **words: object) -> None:
        super().__init__("bad_input", obj={"type": "field", "name": field}, field=field, mend=mend)
        self.field = field
        self.mend = mend
        self.mend_words = words

    def sentence(self, language: str = "en") -> str:
        return say(self.text_key, language, field=self.field, mend=self.hint_text(language))

    def remedy(self, language: str = "en") -> str:
        """For somebody who filled in no field: the name of one would be a riddle."""
        mend = self.hint_text(language)
        return mend[:1].upper() + mend[1:]

    def hint_text(self, language: str) -> str:
        """What to write instead."""
        key = self.mend if "." in self.mend else f"mends.{self.mend}"
        written = _KEY.fullmatch(key) is not None and has_text(key)
        return say(key, language, **self.mend_words) if written else self.mend
