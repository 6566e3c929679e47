"""`holdline demo`, `sandbox`, `replay` and `bench`: what works beside a simulated Telegram."""
