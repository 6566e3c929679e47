"""This room speaks Telegram."""

from holdline.bot.late_types import make_types_late

make_types_late()
