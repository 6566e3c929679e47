"""The room that talks to Telegram."""

from holdline.bot.late_types import make_types_late

make_types_late()
