"""A client for an OpenAI-compatible service: one call, with timeouts. The key is never logged."""

import json
from dataclasses import dataclass
from typing import Any

_LONGEST_ANSWER = 64 * 1024
_MOST_TOKENS = 200


class ServiceFailed(Exception):
    """The reason why there is no answer. It contains neither the key nor the question."""


@dataclass(frozen=True, slots=True)
class LanguageService:
    """`url` is the configured base address, before /chat/completions."""

    url: str
    model: str
    key: str
    seconds: float
    calls_a_day: int

    async def ask(self, messages: list[dict[str, str]]) -> str:
        """Returns the answer to these messages of a chat completion. Raises ServiceFailed if there is none."""
        import aiohttp  # noqa: PLC0415 - only for desks that have such a service

        body = {
            "model": self.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    f"{self.url}/chat/completions", json=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                if response.status != 200:
                    raise ServiceFailed(f"HTTP {response.status}")
                content = await _read_short(response)
        except TimeoutError as late:
            raise ServiceFailed(f"no answer within {self.seconds:g} s") from late
        except (aiohttp.ClientError, OSError) as broken:
            raise ServiceFailed(f"not reached: {type(broken).__name__}") from broken
        return _words_of(content)


async def _read_short(response: Any) -> bytes:
    content = b""
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > _LONGEST_ANSWER:
            raise ServiceFailed("the answer is too long")
    return content


def _words_of(content: bytes) -> str:
    try:
        words = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as wrong:
        raise ServiceFailed("the answer is no chat completion") from wrong
    if not isinstance(words, str):
        raise ServiceFailed("the answer has no words")
    return words
