"""The demo, the replay and the bench. Nothing here is needed in production."""
