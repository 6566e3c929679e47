"""The section `marketing` of the configuration."""

from pydantic import Field, field_validator

from holdline.app.section import Section
from holdline.dialogs.marketing.customer_days import QuietHours, parse_quiet_hours


class MarketingSection(Section):
    """Quiet hours and the number of marketing messages per day."""

    quiet_hours: str = ""
    cap_per_day: int = Field(default=0, ge=0, le=1000)
    unsubscribe_button: bool = True
    paid_per_second: int = Field(default=0, ge=0, le=1000)

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        try:
            parse_quiet_hours(value)
        except ValueError:
            raise ValueError('must be two times of day such as "22:00-08:00", or "" for none') from None
        return value

    @property
    def hours(self) -> QuietHours | None:
        """The quiet hours as the rules use them."""
        return parse_quiet_hours(self.quiet_hours)
