"""The settings of the desk's owner, read from the configuration and carried by every unit of work."""

from dataclasses import dataclass

from holdline.dialogs.marketing.customer_days import QuietHours


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The defaults are those in `config.example.toml`."""

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
    paid_per_second: int = 0
    """The most calls per second while a broadcast pays Stars, replies of people included. 0 means that none may pay."""
    quiet_hours: QuietHours | None = None
    """In each customer's own time zone."""
    cap_per_day: int = 0
    """The most messages of funnels and broadcasts in a customer's day. 0 means no limit."""
    unsubscribe_button: bool = True
    """Applies to a broadcast without a topic. A broadcast with a topic always has that topic's button."""
    mail_from: str = ""
    """The sender address of the desk's e-mails. Empty: the desk sends none."""
    tag_service: str = ""
    """The model of a service that suggests tags. Empty: there is none."""
    smart_reply_service: str = ""
    """The model of a service that may choose an answer. Empty: there is none."""
    webhooks_to_private: bool = False
    """Whether webhooks may point to machines in private networks."""
