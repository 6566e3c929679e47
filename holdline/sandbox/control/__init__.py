"""The control side: HTTP under /sandbox/, for tests in any language and for the chat page."""
