"""The Bot API methods that the sandbox implements, one module per subject. All others answer "not found"."""

from collections.abc import Callable

from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram

MethodHandler = Callable[[Telegram, ApiRequest], object]
