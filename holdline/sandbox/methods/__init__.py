"""The Bot API methods that the sandbox carries out, one file a noun. All others are refused as not found."""

from collections.abc import Callable

from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram

MethodHandler = Callable[[Telegram, ApiRequest], object]
