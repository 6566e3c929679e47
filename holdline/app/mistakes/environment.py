"""Environment variables with our prefix that set nothing."""

import re

from holdline.app.mistakes.values import suggest_key
from holdline.app.settings import PREFIX, Settings, environment_keys, holdline_variables


def variable_of(key: str) -> str:
    return f"{PREFIX}{key.upper().replace('.', '__')}"


def find_unknown_variables() -> list[str]:
    """A sentence for each variable that was probably meant to set a key."""
    known = {variable_of(key) for key in Settings.fields_by_key()}
    meant = {_with_single_underscores(name): name for name in known}
    said = []
    for name in holdline_variables():
        if name.upper() in known:
            continue
        if right := meant.get(_with_single_underscores(name)):
            said.append(
                f"{name} in the environment sets nothing; write {right}, with two underscores behind the section."
            )
        elif "__" in name:
            key = name.upper().removeprefix(PREFIX).lower().replace("__", ".")
            said.append(f"{name} in the environment: {key} is not a key of Holdline{suggest_key(key)}.")
    return said


def say_unreadable(reason: str) -> str:
    """The library names only the section of the variable. Only a list can be unreadable."""
    match = re.search(r'"(\w+)"', reason)
    section = f"{PREFIX}{match.group(1).upper() if match else ''}"
    lists = {
        variable_of(key) for key, field in Settings.fields_by_key().items() if isinstance(field.default, list)
    }
    names = [name for name in environment_keys() if name.upper() in lists]
    named = next((name for name in names if name.upper().startswith(section)), section)
    return f"{named} in the environment is unreadable; a list is written as JSON, such as [111111111]."


def _with_single_underscores(name: str) -> str:
    return re.sub("_+", "_", name.upper())
