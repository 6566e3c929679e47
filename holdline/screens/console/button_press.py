"""One press of a button, as a value that any thread may carry."""

from dataclasses import dataclass, field

from holdline.dialogs.customer import Sender
from holdline.dialogs.refusal import NotFound
from holdline.screens.console.reply_position import Spot
from holdline.screens.forms.form import FormSpot, number
from holdline.screens.keyboards import Rows


@dataclass(frozen=True, slots=True)
class Press:
    """`shown` are the buttons of the pressed message as they were; `args` are the words after the verb."""

    id: str
    sender: Sender
    verb: str
    args: tuple[str, ...]
    chat_id: int
    thread_id: int | None
    tg_message_id: int
    shown: Rows = field(default_factory=list)

    @property
    def telegram_id(self) -> int:
        return self.sender.telegram_id

    @property
    def spot(self) -> Spot:
        """What a press sets off is said as a reply to the pressed message."""
        return Spot(self.chat_id, self.thread_id, self.tg_message_id, f"press:{self.id}")

    @property
    def form_spot(self) -> FormSpot:
        return FormSpot(self.chat_id, self.thread_id)

    def word(self, place: int) -> str:
        """NotFound where a button carries nothing there: old data, or data that no button of ours has."""
        if place >= len(self.args):
            raise NotFound("button", self.verb)
        return self.args[place]

    def number(self, place: int = 0) -> int:
        return number(self.word(place))
