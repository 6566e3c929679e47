"""The control API: HTTP under /sandbox/, for tests in any language and for the chat page."""
