"""A typed command as a value, and how commands find their dialog and customer."""

import re
from dataclasses import dataclass

from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.screens.console.reply_position import ReplyPosition
from holdline.screens.forms.form import FormPosition
from holdline.screens.screen import Screen
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

_NUMBER = re.compile(r"#(\d{1,18})(?:\s+|$)", re.ASCII)
_FIRST = re.compile(r"#?(\d{1,18})\s+(?=\S)", re.ASCII)
_ALONE = re.compile(r"(\d{1,18})", re.ASCII)

CommandResult = Screen | str | None
"""The answer of a command: a window, a sentence, or None if the answer is given elsewhere."""


class UnclearCommand(BadInput):
    """No field is wrong, but something is missing, and the sentence asks for it."""

    def sentence(self, language: str = "en") -> str:
        return self.mend


@dataclass(frozen=True, slots=True)
class CommandContext:
    """`name` is the command, `words` the text after it, `content` the whole message."""

    manager: Manager
    meaning: ReplyTarget
    name: str
    words: str
    content: Content
    spot: ReplyPosition
    others: tuple[Content, ...] = ()
    """The other parts of the command's album."""
    replied: tuple[Content, ...] = ()
    """For commands that use it: the message replied to, or the parts of its album."""

    @property
    def language(self) -> str:
        return self.manager.language

    @property
    def form_spot(self) -> FormPosition:
        return FormPosition(self.spot.chat_id, self.spot.thread_id)

    @property
    def where(self) -> tuple[int, int | None]:
        """The chat and the thread in which it was typed."""
        return (self.spot.chat_id, self.spot.thread_id)

    def say(self, name: str, /, **words: object) -> str:
        return say(f"manager.{name}", self.manager.language, **words)

    @property
    def names_number(self) -> bool:
        """Whether the text starts with a number such as #12."""
        return _NUMBER.match(self.words) is not None

    @property
    def names_number_alone(self) -> bool:
        """The same, or the text is only a number."""
        return self.names_number or _ALONE.fullmatch(self.words) is not None

    @property
    def dialog_id(self) -> int:
        """Given as #12, or implied by place, reply or the entered dialog. Raises UnclearCommand if there is none."""
        if match := _NUMBER.match(self.words):
            return int(match[1])
        if self.meaning.dialog_id is None:
            is_customer = self.meaning.kind == "general"
            raise UnclearCommand("dialog", self.say("no_dialog_here" if is_customer else "which_dialog"))
        return self.meaning.dialog_id

    @property
    def only_dialog_id(self) -> int:
        """For commands without further arguments: the # may be left out."""
        if match := _ALONE.fullmatch(self.words):
            return int(match[1])
        return self.dialog_id

    def split_number(self) -> tuple[int, str]:
        """The dialog and the remaining text. A plain 12 counts as a number only if nothing else names the dialog."""
        match = _FIRST.match(self.words) if self.meaning.dialog_id is None else None
        if match is not None:
            return int(match[1]), self.words[match.end() :].strip()
        return self.dialog_id, self.rest

    @property
    def rest(self) -> str:
        """The text without a leading #12."""
        return _NUMBER.sub("", self.words, count=1).strip()


def customer_of(tx: Tx, order: CommandContext) -> int | None:
    """The customer of the card replied to, or of this dialog."""
    if order.meaning.customer_id is not None:
        return order.meaning.customer_id
    if order.meaning.dialog_id is not None:
        return dialogs.by_id(tx, order.meaning.dialog_id).customer_id
    return None
