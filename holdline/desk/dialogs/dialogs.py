"""The life of a dialog as edges call it; each step is told in the module of its own verb."""

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening

__all__ = [
    "Closing",
    "Opening",
    "change_dialog",
    "close_dialog",
    "open_dialog",
    "pause_dialog",
    "resume_dialog",
]
