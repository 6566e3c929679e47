"""The people of the sandbox."""

from dataclasses import dataclass

from holdline.sandbox.json_types import Json


@dataclass(slots=True)
class SandboxUser:
    """`started` means that the bot may write to the person, who has pressed start or written once."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            value = getattr(self, name)
            if value:
                user[name] = value
        return user

    def names(self) -> Json:
        """The name fields of the person's private chat."""
        names: Json = {"first_name": self.first_name}
        if self.last_name:
            names["last_name"] = self.last_name
        if self.username:
            names["username"] = self.username
        return names
