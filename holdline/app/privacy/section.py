"""The section `privacy` of the configuration."""

from pydantic import field_validator

from holdline.app.section import Section


class PrivacySection(Section):
    """Where the erasure list is kept."""

    erasure_list: str = "holdline-erased.jsonl"

    @field_validator("erasure_list")
    @classmethod
    def _is_file(cls, value: str) -> str:
        if not value.strip() or value.endswith("/"):
            raise ValueError('must name a file; write "holdline-erased.jsonl"')
        return value
