"""What every section of the configuration is, and how addresses in it look."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


def is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_smtp(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class Section(BaseModel):
    """Unknown keys are spelling mistakes and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServiceSection(Section):
    """The OpenAI-compatible address of a language model. Whether it is used is chosen in /settings."""

    service_url: str = ""
    service_model: str = ""
    service_key: SecretStr = SecretStr("")
    service_seconds: float = Field(default=20, ge=1, le=120, allow_inf_nan=False)
    service_per_day: int = Field(default=500, ge=0, le=1_000_000)

    @field_validator("service_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and (not is_http(value) or "@" in value):
            raise ValueError("must be an address such as https://host/v1, without a user or a password")
        return value.rstrip("/")

    @property
    def service(self) -> str:
        """Empty if none is configured."""
        return self.service_model if self.service_url else ""
