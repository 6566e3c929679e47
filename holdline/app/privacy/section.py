"""The sections `privacy` and `retention` of the configuration."""

from pydantic import Field, field_validator

from holdline.app.section import Section
from holdline.dialogs.privacy.retention import Retention


class PrivacySection(Section):
    """Where the erasure list is kept."""

    erasure_list: str = "holdline-erased.jsonl"

    @field_validator("erasure_list")
    @classmethod
    def _is_file(cls, value: str) -> str:
        if not value.strip() or value.endswith("/"):
            raise ValueError('must name a file; write "holdline-erased.jsonl"')
        return value


class RetentionSection(Section):
    """How many days technical copies are kept; 0 keeps them for ever."""

    updates_days: int = Field(default=7, ge=0, le=3650)
    quarantine_days: int = Field(default=30, ge=0, le=3650)
    outbox_days: int = Field(default=30, ge=0, le=3650)
    mails_days: int = Field(default=30, ge=0, le=3650)

    @field_validator("outbox_days")
    @classmethod
    def _is_long_enough(cls, value: int) -> int:
        if value in (1, 2):
            raise ValueError("must be 0 or at least 3, because messages are edited and deleted for 48 hours")
        return value

    def as_value(self) -> Retention:
        return Retention(**self.model_dump())
