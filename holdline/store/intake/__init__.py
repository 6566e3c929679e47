"""Updates as Telegram delivered them, and the jobs that handle them."""
