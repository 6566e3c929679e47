"""What a manager reads at /start, and a new colleague when added: their role and three next steps."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.screens.screen import Screen, screen_with_title
from holdline.texts import say


def welcome_screen(manager: Manager) -> Screen:
    """For managers who may add people, that is the first step."""
    language = manager.language
    role = say(f"windows.role_{manager.role}", language)
    first = "manager.welcome_admin" if is_allowed(manager, Act.EDIT_PEOPLE) else "manager.welcome_inbox"
    steps = [
        say(first, language),
        say("manager.welcome_answer", language),
        say("manager.welcome_help", language),
    ]
    if not is_allowed(manager, Act.REPLY):
        steps.insert(0, say("manager.welcome_restricted", language))
    return screen_with_title(say("manager.welcome", language, role=role), *steps)
