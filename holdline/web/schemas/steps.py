"""Single changes of a dialog, used by bulk jobs and rules."""

from pydantic import Field

from holdline.web.schemas.dialogs import CloseFieldsIn, Names
from holdline.web.schemas.due_dates import ShiftIn
from holdline.web.schemas.fields import In, Name, TelegramId


class DialogStepIn(In):
    assign: TelegramId | None = Field(
        None, description="The Telegram id of the manager to assign; null makes the dialog unassigned."
    )
    stage: Name | None = None
    queue: Name | None = Field(None, description="A value of the list `queues`; null removes it.")
    priority: Name | None = None
    add_tags: Names | None = None
    remove_tags: Names | None = None
    postpone: ShiftIn | None = None
    close: CloseFieldsIn | None = None
