"""One press of a button, as a value that is safe to pass between threads."""

from dataclasses import dataclass, field

from holdline.dialogs.customer import MessageSender
from holdline.dialogs.verbs import ButtonData, parse_button_data
from holdline.screens.console.reply_position import ReplyPosition
from holdline.screens.forms.form import FormPosition
from holdline.screens.keyboards import ButtonRows


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """`shown` are the buttons of the pressed message at that time. `data` is the data of the pressed button."""

    id: str
    sender: MessageSender
    data: str
    chat_id: int
    thread_id: int | None
    tg_message_id: int
    shown: ButtonRows = field(default_factory=list)

    @property
    def telegram_id(self) -> int:
        return self.sender.telegram_id

    @property
    def spot(self) -> ReplyPosition:
        """The answer to a press is a reply to the pressed message."""
        return ReplyPosition(self.chat_id, self.thread_id, self.tg_message_id, f"press:{self.id}")

    @property
    def form_spot(self) -> FormPosition:
        return FormPosition(self.chat_id, self.thread_id)

    @property
    def button(self) -> ButtonData:
        """Raises NotFound for data that no button of ours carries."""
        return parse_button_data(self.data)

    def word(self, place: int = 0) -> str:
        return self.button.word(place)

    def number(self, place: int = 0) -> int:
        return self.button.number(place)
