"""The section `tags` of the configuration."""

from pydantic import Field, SecretStr, field_validator

from holdline.app.section import Section, is_http


class TagsSection(Section):
    """Where the trained model is kept, and a service that may be asked as well; its switch is in /settings."""

    folder: str = "tag-models"
    service_url: str = ""
    service_model: str = ""
    service_key: SecretStr = SecretStr("")
    service_seconds: float = Field(default=20, ge=1, le=120, allow_inf_nan=False)
    service_per_day: int = Field(default=500, ge=0, le=1_000_000)

    @field_validator("folder")
    @classmethod
    def _is_folder(cls, value: str) -> str:
        if not value.strip():
            raise ValueError('must not be empty; write "tag-models"')
        return value

    @field_validator("service_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and (not is_http(value) or "@" in value):
            raise ValueError("must be an address such as https://host/v1, without a user or a password")
        return value.rstrip("/")

    @property
    def service(self) -> str:
        """Empty where there is none."""
        return self.service_model if self.service_url else ""
