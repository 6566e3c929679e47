"""A funnel of two steps outside Holdline: it speaks through the gate and goes on when Telegram has taken a message.

    HOLDLINE=http://127.0.0.1:8080 KEY=hl_… SECRET=whsec_… PORT=9000 python funnel_tool.py 510000001

KEY may send; SECRET is what POST /webhooks answered for http://this-machine:9000 (docs/outside-tools.md).
"""

import base64
import hmac
import json
import os
import shelve
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen

STEPS = ["<b>Welcome!</b> Here is how it works.", "Do you like it so far?"]
BUTTONS = [[], [{"text": "Yes", "data": "yes"}, {"text": "No", "data": "no"}]]
progress = shelve.open(os.environ.get("STATE", "funnel_tool.db"))  # it outlives a restart


def send(customer: int, step: int) -> None:
    """The key of the call makes a repeat harmless, whoever dies in between."""
    message = {"customer": {"telegram_id": customer}, "class": "funnel", "html": STEPS[step]}
    body = json.dumps({**message, "buttons": BUTTONS[step]}).encode()
    headers = {"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = f"funnel-tool-{customer}-{step}"
    with urlopen(Request(os.environ["HOLDLINE"] + "/api/v1/outbound", body, headers)) as answer:
        progress[str(json.load(answer)["id"])] = step


def is_ours(headers: dict[str, str], body: bytes) -> bool:
    """By the rules of standardwebhooks.com: the signature fits, and the request is no older than five minutes."""
    secret = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    fits = any(hmac.compare_digest(wanted, one) for one in headers["webhook-signature"].split())
    return fits and abs(time.time() - int(headers["webhook-timestamp"])) < 300


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ours = is_ours({name.lower(): value for name, value in self.headers.items()}, body)
        if ours and (told := json.loads(body))["type"].startswith("outbound."):
            event, message = told["type"], told["data"]
            print(event, message["id"], message.get("pressed") or message["status"], flush=True)
            step = progress.get(str(message["id"]))
            if event == "outbound.sent" and step is not None and step + 1 < len(STEPS):
                send(message["customer"]["telegram_id"], step + 1)
        self.send_response(204 if ours else 401)
        self.end_headers()


server = HTTPServer(("", int(os.environ["PORT"])), Receiver)
for telegram_id in sys.argv[1:]:
    send(int(telegram_id), 0)
server.serve_forever()
