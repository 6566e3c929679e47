"""The state of the simulated Telegram: people, chats, updates, files, limits, faults."""

from dataclasses import dataclass, field

from holdline.sandbox.bell import Bell
from holdline.sandbox.faults import Faults
from holdline.sandbox.json_types import Json
from holdline.sandbox.limits import Limits
from holdline.sandbox.options import SandboxOptions
from holdline.sandbox.server.update_queue import UpdateQueue
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.clock import SandboxClock
from holdline.sandbox.world.journal import Journal
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.stored_files import StoredFiles
from holdline.sandbox.world.world import World, seed_staff


@dataclass(slots=True)
class Query:
    """A button press that waits for its answer."""

    user_id: int
    chat_id: int
    message_id: int
    at: float
    answer: Json | None = None


@dataclass(slots=True)
class WebhookSetting:
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    custom_certificate: bool = False
    set_at: float = 0.0
    last_error: str = ""
    last_error_at: int = 0


@dataclass(slots=True)
class BotProfile:
    """The values of the setMy… methods, by language; commands by scope and language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


class Telegram:
    """Used from one event loop only; nothing here blocks."""

    def __init__(self, options: SandboxOptions) -> None:
        self.options = options
        self.clock = SandboxClock()
        self.faults = Faults()
        self.calls = Journal(options.calls_kept)
        self.events = Journal(options.events_kept)
        self.problems: list[Json] = []
        self.closing = False
        self.leaving = Bell()
        self._begin(options.first_update, options.first_message)

    def start_over(self) -> None:
        """Resets everything, but numbers keep increasing: a running bot would take used numbers for repeats."""
        self._begin(self.updates.next_id, self.world.next_free)

    def _begin(self, first_update: int, first_message: int) -> None:
        options = self.options
        bot = SandboxUser(
            options.bot_id, "Holdline", username=options.username, language_code=None, is_bot=True
        )
        self.world = World(bot, history=options.history_per_chat, seed=options.seed, first=first_message)
        self.updates = UpdateQueue(self.clock, self.problems if options.check else None, first_update)
        self.files = StoredFiles(bot.id, options.files_kept_bytes)
        self.limits = Limits(options.limits)
        self.webhook = WebhookSetting()
        self.profile = BotProfile()
        self.queries: dict[str, Query] = {}
        self.logged_out = False
        self.faults.clear()
        self.calls.clear()
        self.problems.clear()
        if options.seed_group:
            seed_staff(self.world)
        self.show("reset", {})

    def leave(self) -> None:
        """The server stops: wakes everything that waits, and nothing waits from now on."""
        self.closing = True
        self.leaving.ring()
        self.events.bell.ring()

    @property
    def bot(self) -> SandboxUser:
        return self.world.bot

    def show(self, kind: str, data: Json, chat: Chat | None = None) -> None:
        """Sends an event to the chat pages."""
        row: Json = {"kind": kind, "at": self.clock.now(), "data": data}
        if chat:
            row["chat_id"] = chat.id
        self.events.add(row)

    def note_problem(self, where: str, method: str, problem: str) -> None:
        """Records a mismatch with the published Bot API, up to a thousand."""
        if self.options.check and len(self.problems) < 1_000:
            self.problems.append({"where": where, "method": method, "problem": problem})
