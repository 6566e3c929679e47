"""A typed command as a value, and what every command needs to find: which dialog, which customer."""

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
"""What a command answers: a window, a sentence, or nothing where the desk says it elsewhere."""


class UnclearCommand(BadInput):
    """No field is wrong: something was left unsaid, and the sentence asks for it."""

    def sentence(self, language: str = "en") -> str:
        return self.mend


@dataclass(frozen=True, slots=True)
class CommandContext:
    """`name` is the command, `words` what follows it; `content` the whole message."""

    manager: Manager
    meaning: ReplyTarget
    name: str
    words: str
    content: Content
    spot: ReplyPosition
    others: tuple[Content, ...] = ()
    """The other parts of the album that the command came with."""
    replied: tuple[Content, ...] = ()
    """For a command that takes it: the message that was answered, or the parts of its album."""

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
        """#12 stands first."""
        return _NUMBER.match(self.words) is not None

    @property
    def names_number_alone(self) -> bool:
        """The same, or nothing but the number."""
        return self.names_number or _ALONE.fullmatch(self.words) is not None

    @property
    def dialog_id(self) -> int:
        """Named as #12, or meant by place, reply or entering; refused in words where none is."""
        if match := _NUMBER.match(self.words):
            return int(match[1])
        if self.meaning.dialog_id is None:
            raise UnclearCommand("dialog", self.say("which_dialog"))
        return self.meaning.dialog_id

    @property
    def only_dialog_id(self) -> int:
        """For commands that take nothing else: the # may be left out."""
        if match := _ALONE.fullmatch(self.words):
            return int(match[1])
        return self.dialog_id

    def split_number(self) -> tuple[int, str]:
        """The dialog and the other words; 12 is a number even without the # where nothing else says which dialog."""
        match = _FIRST.match(self.words) if self.meaning.dialog_id is None else None
        if match is not None:
            return int(match[1]), self.words[match.end() :].strip()
        return self.dialog_id, self.rest

    @property
    def rest(self) -> str:
        """The words without a leading #12."""
        return _NUMBER.sub("", self.words, count=1).strip()


def customer_of(tx: Tx, order: CommandContext) -> int | None:
    """The customer whose card was replied to, or whose dialog this is."""
    if order.meaning.customer_id is not None:
        return order.meaning.customer_id
    if order.meaning.dialog_id is not None:
        return dialogs.by_id(tx, order.meaning.dialog_id).customer_id
    return None
