"""The section `tags` of the configuration."""

from pydantic import field_validator

from holdline.app.section import ServiceSection


class TagsSection(ServiceSection):
    """The folder of the trained model, and a service that may be asked too."""

    folder: str = "tag-models"

    @field_validator("folder")
    @classmethod
    def _is_folder(cls, value: str) -> str:
        if not value.strip():
            raise ValueError('must not be empty; write "tag-models"')
        return value
