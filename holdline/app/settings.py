"""The configuration: one TOML file, overridden by the environment (HOLDLINE_<SECTION>__<KEY>)."""

import os
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from holdline.app.marketing.section import MarketingSection
from holdline.app.privacy.section import PrivacySection, RetentionSection
from holdline.app.section import Section, is_http, is_smtp
from holdline.app.smart_replies.section import SmartRepliesSection
from holdline.app.tags.section import TagsSection
from holdline.dialogs.outbox.letters import is_address
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.times import zone_of

TELEGRAM = "https://api.telegram.org"
PREFIX = "HOLDLINE_"
SQLITE = "sqlite:///"
UNLIMITED = {"per_second": 0, "per_chat_per_second": 0, "group_per_minute": 0}
"""The section `limits` for the demo, replay and bench, which call no real Bot API server."""

_TOKEN = re.compile(r"(\d+:[A-Za-z0-9_-]+)?")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")  # what Telegram's setWebhook accepts


class TelegramSection(Section):
    """The bot, and how it receives updates from Telegram."""

    token: SecretStr = SecretStr("")
    api_base: str = TELEGRAM
    intake: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    staff_group: int = 0
    admins: list[int] = Field(default=[])

    @field_validator("token")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must be the token as @BotFather gave it: digits, a colon, letters")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, value: SecretStr) -> SecretStr:
        if not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 256 letters, digits, _ or -")
        return value

    @field_validator("api_base", "webhook_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not is_http(value):
            raise ValueError("must be an address that begins with https:// or http://")
        return value.rstrip("/")

    @field_validator("staff_group")
    @classmethod
    def _is_group(cls, value: int) -> int:
        if value > 0:
            raise ValueError(
                "must be a supergroup's id, a negative number such as -1001234567890, or 0 for none"
            )
        return value

    @field_validator("admins")
    @classmethod
    def _are_people(cls, value: list[int]) -> list[int]:
        if any(telegram_id <= 0 for telegram_id in value):
            raise ValueError("must list Telegram ids of people, which are positive numbers")
        return value


class StoreSection(Section):
    """The database. A path is relative to the configuration file."""

    url: str = Field(default="sqlite:///holdline.db", repr=False)
    reserve_megabytes: int = Field(default=64, ge=0, le=10_000)

    @field_validator("url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not value.startswith((SQLITE, "postgresql://", "postgres://")) or value == SQLITE:
            raise ValueError('must be "sqlite:///path" or "postgresql://user:password@host/database"')
        return value


class WebSection(Section):
    """The addresses of the HTTP API, the probes and the webhook endpoint."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    probe_port: int = Field(default=0, ge=0, le=65535)
    webhooks_to_private: bool = False

    @field_validator("host")
    @classmethod
    def _is_host(cls, value: str) -> str:
        if not value.strip():
            raise ValueError('must not be empty; write "127.0.0.1", or "0.0.0.0" to listen on every network')
        return value


class LimitsSection(Section):
    """The rate limits for the Bot API server; 0 means no limit."""

    per_second: float = Field(default=30, le=10_000, allow_inf_nan=False)
    per_chat_per_second: float = Field(default=1, le=1_000, allow_inf_nan=False)
    group_per_minute: float = Field(default=20, le=100_000, allow_inf_nan=False)

    @field_validator("per_second", "per_chat_per_second", "group_per_minute")
    @classmethod
    def _is_limit(cls, value: float) -> float:
        if value < 0:
            raise ValueError(
                "must not be below 0; write 0 for no limit, or leave the line out for Telegram's"
            )
        return value


class DeskSection(Section):
    """Choices of the owner of the desk."""

    language: Literal["en", "ru", "pl"] = "en"
    undo_seconds: int = Field(default=10, ge=0, le=3600)
    only_if_unassigned: bool = False
    rating_form_default: bool = True
    ask_after_bad_rating: bool = True
    announce_opened: bool = False
    announce_closed: bool = False
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            zone_of(value)
        except ValueError:
            raise ValueError('must be a time zone such as "Europe/Warsaw" or "UTC"') from None
        return value


class MailSection(Section):
    """The mail server and the sender address. Without both the desk sends no e-mail."""

    smtp_url: SecretStr = SecretStr("")
    from_: str = Field(default="", alias="from")

    @field_validator("smtp_url")
    @classmethod
    def _is_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not is_smtp(value.get_secret_value()):
            raise ValueError(
                "must be an address such as smtp://user:password@host:587, or begin with smtps://"
            )
        return value

    @field_validator("from_")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError("must be one plain address, such as desk@example.org")
        return value

    @property
    def sender(self) -> str:
        """The sender address, or empty if no mail server is set."""
        return self.from_ if self.smtp_url.get_secret_value() else ""


class ProcessSection(Section):
    """How the process uses its machine."""

    one_core: bool = True


class LogSection(Section):
    """One JSON line per event on standard error, from this level on."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(BaseModel):
    """All sections with the defaults of all keys. Reads neither file nor environment."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    telegram: TelegramSection = TelegramSection()
    store: StoreSection = StoreSection()
    web: WebSection = WebSection()
    limits: LimitsSection = LimitsSection()
    desk: DeskSection = DeskSection()
    mail: MailSection = MailSection()
    marketing: MarketingSection = MarketingSection()
    tags: TagsSection = TagsSection()
    smart_replies: SmartRepliesSection = SmartRepliesSection()
    privacy: PrivacySection = PrivacySection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()
    process: ProcessSection = ProcessSection()

    @classmethod
    def fields_by_key(cls) -> dict[str, FieldInfo]:
        """All keys, as section.key."""
        return {
            f"{section}.{field.alias or name}": field
            for section, held in cls.model_fields.items()
            for name, field in type(held.default).model_fields.items()
        }

    @property
    def bot_id(self) -> int:
        """The bot's Telegram id, from the first part of its token; 0 without a token."""
        return int(self.telegram.token.get_secret_value().partition(":")[0] or 0)

    def secrets(self) -> list[str]:
        """Every value that no log may show."""
        sections = [getattr(self, name) for name in Settings.model_fields]
        values = [value for section in sections for _, value in section if isinstance(value, SecretStr)]
        return [value.get_secret_value() for value in values if value.get_secret_value()]

    @property
    def rules(self) -> DeskRules:
        """The settings that every transaction can read."""
        return DeskRules(
            **self.desk.model_dump(),
            **self.limits.model_dump(),
            staff_group=self.telegram.staff_group,
            admins=tuple(self.telegram.admins),
            quiet_hours=self.marketing.hours,
            cap_per_day=self.marketing.cap_per_day,
            unsubscribe_button=self.marketing.unsubscribe_button,
            paid_per_second=self.marketing.paid_per_second,
            mail_from=self.mail.sender,
            tag_service=self.tags.service,
            smart_reply_service=self.smart_replies.service,
            webhooks_to_private=self.web.webhooks_to_private,
        )


class EnvironmentSettings(BaseSettings, Settings):
    """The same keys, overridden by the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def environment_keys() -> list[str]:
    """The names of the environment variables that set a key, valid or not."""
    return [name for name in holdline_variables() if "__" in name]


def holdline_variables() -> list[str]:
    """All environment variables with our prefix. A variable without a double underscore sets nothing."""
    return sorted(name for name in os.environ if name.upper().startswith(PREFIX))  # noqa: TID251 - the one place
