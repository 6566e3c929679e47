"""One press of a button, as a value that any thread may carry."""

from dataclasses import dataclass, field

from holdline.dialogs.customer import MessageSender
from holdline.dialogs.refusal import NotFound
from holdline.screens.console.reply_position import ReplyPosition
from holdline.screens.forms.form import FormPosition, parse_number
from holdline.screens.keyboards import ButtonRows


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """`shown` are the buttons of the pressed message as they were; `args` are the words after the verb."""

    id: str
    sender: MessageSender
    verb: str
    args: tuple[str, ...]
    chat_id: int
    thread_id: int | None
    tg_message_id: int
    shown: ButtonRows = field(default_factory=list)

    @property
    def telegram_id(self) -> int:
        return self.sender.telegram_id

    @property
    def spot(self) -> ReplyPosition:
        """What a press sets off is said as a reply to the pressed message."""
        return ReplyPosition(self.chat_id, self.thread_id, self.tg_message_id, f"press:{self.id}")

    @property
    def form_spot(self) -> FormPosition:
        return FormPosition(self.chat_id, self.thread_id)

    def word(self, place: int) -> str:
        """NotFound where a button carries nothing there: old data, or data that no button of ours has."""
        if place >= len(self.args):
            raise NotFound("button", self.verb)
        return self.args[place]

    def number(self, place: int = 0) -> int:
        return parse_number(self.word(place))
