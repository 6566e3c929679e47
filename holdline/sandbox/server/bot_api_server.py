"""Serves the Bot API's own addresses: /bot<token>/<method> and /file/bot<token>/<path>."""

import hmac
import json
from typing import Any

from starlette.types import Receive, Scope, Send

from holdline.sandbox import check
from holdline.sandbox.errors import Refusal, refusal
from holdline.sandbox.faults import Fault
from holdline.sandbox.json_types import Json
from holdline.sandbox.methods.table import TABLE
from holdline.sandbox.server.api_request import ApiRequest, Upload, method_named, parse_request
from holdline.sandbox.server.pauses import pause
from holdline.sandbox.server.polling import Polling
from holdline.sandbox.server.webhook import SETTING, Webhook
from holdline.sandbox.server.wire import ClientGone, decode_request
from holdline.sandbox.telegram import Telegram

StatusAndBody = tuple[int, Json]


class BotApiServer:
    def __init__(self, tg: Telegram) -> None:
        self._tg = tg
        self.polling = Polling(tg)
        self.webhook = Webhook(tg, self, self.polling.end)

    def forget(self) -> None:
        """After a reset: ends a held poll and stops the webhook."""
        self.polling.end(refusal("restart"))
        self.webhook.abandon()

    def open(self) -> None:
        """The server has started (again). Resumes a webhook that was set before an outage."""
        self._tg.closing = False
        self.webhook.resume()

    async def close(self) -> None:
        """Ends everything that waits, so that the server can stop."""
        self._tg.leave()
        self.polling.end(refusal("restart"))
        await self.webhook.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, _, name = scope["path"].removeprefix("/bot").partition("/")
        try:
            await self._serve(scope, receive, send, token, name)
        except ClientGone:
            return

    async def _serve(self, scope: Scope, receive: Receive, send: Send, token: str, name: str) -> None:
        try:
            self._admit(token, name)
            params, uploads = await decode_request(scope, receive)
            method = method_named(name.strip("/"))
            ask = parse_request(method, params, uploads, strict=self._tg.options.check)
        except Refusal as error:
            self._note(name, {}, error.code, error.envelope())
            await send_json(send, error.code, error.envelope())
            return
        fault = self._tg.faults.take_matching(method, ask.params)
        if fault is None:
            status, body = await self.execute(ask)
            await send_json(send, status, body)
        else:
            await self._meet_fault(scope, receive, send, ask, fault)

    def _admit(self, token: str, name: str) -> None:
        if not name.strip("/"):
            raise refusal("path_not_found")
        if not _well_formed(token):
            raise refusal("token_malformed")
        if not hmac.compare_digest(token.encode(), self._tg.options.token.encode()):
            raise refusal("unauthorized")
        if self._tg.logged_out:
            raise refusal("logged_out")

    async def execute(self, ask: ApiRequest) -> StatusAndBody:
        """Executes the request, checks the answer and records both."""
        for complaint in ask.complaints:
            self._tg.note_problem("request", ask.method, complaint)
        try:
            result = await self._result(ask)
        except Refusal as error:
            answer: StatusAndBody = (error.code, error.envelope())
        except Exception as error:  # an error of the sandbox must not look like an answer of Telegram
            self._tg.note_problem("sandbox", ask.method, repr(error))
            answer = (500, Refusal(500, "Internal Server Error").envelope())
        else:
            if self._tg.options.check and ask.method != "getUpdates":  # updates were checked when created
                for problem in check.problems_of_answer(ask.method, result):
                    self._tg.note_problem("answer", ask.method, problem)
            answer = (200, {"ok": True, "result": result})
        self._note(ask.method, ask.params, *answer, uploads=ask.uploads)
        return answer

    async def _result(self, ask: ApiRequest) -> object:
        if ask.method == "getUpdates":
            return await self.polling.updates(ask)
        if ask.method in SETTING:
            return await self.webhook.handle_request(ask)
        handler = TABLE.get(ask.method)
        if handler is None:
            raise refusal("method_not_found")
        return handler(self._tg, ask)

    async def _meet_fault(
        self, scope: Scope, receive: Receive, send: Send, ask: ApiRequest, fault: Fault
    ) -> None:
        if fault.drop == "before":
            self._note(ask.method, ask.params, 0, {"description": "dropped before it was done"})
            await hang_up(scope, receive)
            return
        if fault.refuses:
            status, body = fault.status(), fault.body()
            self._note(ask.method, ask.params, status, body)
        else:
            status, body = await self.execute(ask)
        if fault.delay:
            await pause(self._tg, fault.delay)
        if fault.drop == "after":
            await hang_up(scope, receive)
        elif fault.drop == "midway":
            await send_half(send, status, json.dumps(body).encode())
            await hang_up(scope, receive)
        elif fault.html is not None:
            await send_bytes(send, status, fault.html.encode(), b"text/html")
        else:
            await send_json(send, status, body)

    def _note(
        self, method: str, params: Json, status: int, body: Json, *, uploads: dict[str, Upload] | None = None
    ) -> None:
        row: Json = {"at": self._tg.clock.now(), "method": method, "params": params, "status": status}
        if uploads:
            row["params"] = params | {
                "files": {key: _upload_summary(upload) for key, upload in uploads.items()}
            }
        if "result" in body:
            row["result"] = body["result"]
        else:
            row["error"] = body
        if method != "getUpdates" or status != 200:
            self._tg.calls.add(row)

    async def file(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a download under the path that getFile returned."""
        token, _, path = scope["path"].removeprefix("/file/bot").partition("/")
        try:
            self._admit(token, path)
        except Refusal as error:
            await send_json(send, error.code, error.envelope())
            return
        stored = self._tg.files.at(path)
        if stored is None:
            await send_json(send, 404, refusal("path_not_found").envelope())
            return
        await send_bytes(send, 200, stored.bytes(), b"application/octet-stream")


def _upload_summary(upload: Upload) -> Json:
    return {"file_name": upload.name, "mime_type": upload.mime, "size": len(upload.content)}


def _well_formed(token: str) -> bool:
    number, colon, secret = token.partition(":")
    good = bool(colon) and bool(secret) and number.isascii() and number.isdecimal()
    return good and not number.startswith("0") and len(token) <= 80 and len(number) <= 15


async def send_json(send: Send, status: int, body: Any) -> None:
    headers = []
    if isinstance(body, dict) and "parameters" in body and "retry_after" in body["parameters"]:
        headers.append((b"retry-after", str(body["parameters"]["retry_after"]).encode()))
    await send_bytes(send, status, json.dumps(body).encode(), b"application/json", headers)


async def send_bytes(
    send: Send, status: int, body: bytes, kind: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_half(send: Send, status: int, body: bytes) -> None:
    """Sends half of what the header announces."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Closes the connection without an answer. Raises ConnectionResetError if there is no real server."""
    extension = scope.get("extensions", {}).get("holdline.hang_up")
    if extension is None:
        raise ConnectionResetError("the sandbox dropped this connection on order")
    extension["close"]()
    while (await receive())["type"] != "http.disconnect":
        continue
