"""What customers do besides writing: they start the bot, choose, press buttons, block the bot and come back."""
