"""Updates as Telegram handed them over, and who handles them."""
