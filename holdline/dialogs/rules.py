"""What the desk's owner has decided; read from the configuration, carried by every unit of work."""

from dataclasses import dataclass

from holdline.dialogs.marketing.customer_days import QuietHours


@dataclass(frozen=True, slots=True)
class DeskRules:
    """Defaults as `config.example.toml` shows them."""

    language: str = "en"
    undo_seconds: int = 10
    only_if_unassigned: bool = False
    rating_form_default: bool = True
    ask_after_bad_rating: bool = True
    announce_opened: bool = False
    announce_closed: bool = False
    time_zone: str = "UTC"
    staff_group: int = 0
    admins: tuple[int, ...] = ()
    per_second: float = 30
    per_chat_per_second: float = 1
    group_per_minute: float = 20
    quiet_hours: QuietHours | None = None
    """On the clock of each customer."""
    cap_per_day: int = 0
    """Messages of funnels and broadcasts in a customer's day; 0: as many as come."""
    unsubscribe_button: bool = True
    """Under a broadcast that has no topic; one with a topic always has the button of it."""
    mail_from: str = ""
    """The address under which the desk writes letters; empty: it writes none."""
    tag_service: str = ""
    """The model of a service that may be asked for tags; empty: there is none."""
    smart_reply_service: str = ""
    """The model of a service that may choose an answer; empty: there is none."""
    webhooks_to_private: bool = False
    """Whether webhooks may lead to machines beside the desk."""
