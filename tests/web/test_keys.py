"""Which scopes each call needs: the table is written by hand, so that it checks the code."""

from datetime import timedelta

import pytest

from holdline.desk.people import keys
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.api_key import SCOPES as ALL_SCOPES
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import api_keys
from tests.web.conftest import Api, error_of

SCOPES = {
    ("POST", "/managers"): {"admin"},
    ("GET", "/managers"): {"admin", "read"},
    ("PATCH", "/managers/{manager_id}"): {"admin"},
    ("GET", "/lists/{kind}"): {"admin", "read"},
    ("POST", "/lists/{kind}"): {"admin"},
    ("DELETE", "/lists/{kind}/{value_id}"): {"admin"},
    ("GET", "/standard-messages"): {"admin", "read"},
    ("GET", "/standard-messages/{key}"): {"admin", "read"},
    ("PUT", "/standard-messages/{key}"): {"admin"},
    ("DELETE", "/standard-messages/{key}"): {"admin"},
    ("GET", "/customers"): {"read"},
    ("GET", "/customers/{customer_id}"): {"read"},
    ("PATCH", "/customers/{customer_id}"): {"desk", "send"},
    ("GET", "/customers/{customer_id}/consents"): {"read", "send"},
    ("GET", "/customers/{customer_id}/gate"): {"read", "send"},
    ("GET", "/customers/{customer_id}/held"): {"read", "send"},
    ("GET", "/customers/{customer_id}/dialogs"): {"read"},
    ("GET", "/customers/{customer_id}/messages"): {"read"},
    ("POST", "/customers/{customer_id}/messages"): {"desk"},
    ("GET", "/customers/{customer_id}/transcript"): {"read"},
    ("GET", "/customers/{customer_id}/history"): {"read"},
    ("GET", "/dialogs"): {"read"},
    ("POST", "/dialogs"): {"desk"},
    ("GET", "/dialogs/{dialog_id}"): {"read"},
    ("PATCH", "/dialogs/{dialog_id}"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/pause"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/resume"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/close"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/assign"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/postpone"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/messages"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/notes"): {"desk"},
    ("GET", "/dialogs/{dialog_id}/transcript"): {"read"},
    ("GET", "/dialogs/{dialog_id}/history"): {"read"},
    ("GET", "/fields"): {"admin", "read"},
    ("POST", "/fields"): {"admin"},
    ("PATCH", "/fields/{field_id}"): {"admin"},
    ("DELETE", "/fields/{field_id}"): {"admin"},
    ("GET", "/teams"): {"admin", "read"},
    ("POST", "/teams"): {"admin"},
    ("PATCH", "/teams/{team_id}"): {"admin"},
    ("DELETE", "/teams/{team_id}"): {"admin"},
    ("POST", "/dialogs/{dialog_id}/attachments"): {"desk"},
    ("DELETE", "/attachments/{attachment_id}"): {"desk"},
    ("GET", "/dialogs/{dialog_id}/attachments"): {"read"},
    ("GET", "/attachments/{attachment_id}"): {"read"},
    ("POST", "/bulk"): {"desk"},
    ("GET", "/bulk/{job_id}"): {"desk", "read"},
    ("POST", "/dialogs/{dialog_id}/forward"): {"desk"},
    ("GET", "/forwards/{forward_id}"): {"read"},
    ("POST", "/dialogs/{dialog_id}/merge"): {"desk"},
    ("POST", "/dialogs/{dialog_id}/unmerge"): {"desk"},
    ("GET", "/managers/{manager_id}/notifications"): {"admin", "read"},
    ("PUT", "/managers/{manager_id}/notifications"): {"admin"},
    ("GET", "/templates"): {"admin", "read"},
    ("POST", "/templates"): {"admin"},
    ("PATCH", "/templates/{template_id}"): {"admin"},
    ("DELETE", "/templates/{template_id}"): {"admin"},
    ("POST", "/templates/{template_id}/preview"): {"desk"},
    ("GET", "/dialogs/{dialog_id}/scheduled"): {"read"},
    ("PATCH", "/scheduled/{reply_id}"): {"desk"},
    ("DELETE", "/scheduled/{reply_id}"): {"desk"},
    ("GET", "/reports/dialogs"): {"read"},
    ("GET", "/reports/dialogs.png"): {"read"},
    ("GET", "/reports/times"): {"read"},
    ("GET", "/reports/times.png"): {"read"},
    ("GET", "/reports/times.csv"): {"read"},
    ("GET", "/reports/times.xlsx"): {"read"},
    ("GET", "/reports/satisfaction"): {"read"},
    ("GET", "/reports/satisfaction.png"): {"read"},
    ("GET", "/reports/satisfaction.csv"): {"read"},
    ("GET", "/reports/satisfaction.xlsx"): {"read"},
    ("GET", "/reports/sla"): {"read"},
    ("GET", "/reports/sla.png"): {"read"},
    ("GET", "/reports/sla.csv"): {"read"},
    ("GET", "/reports/sla.xlsx"): {"read"},
    ("GET", "/reports/gate"): {"read"},
    ("GET", "/reports/gate.png"): {"read"},
    ("GET", "/reports/gate.csv"): {"read"},
    ("GET", "/reports/gate.xlsx"): {"read"},
    ("GET", "/reports/managers"): {"read"},
    ("GET", "/reports/managers.png"): {"read"},
    ("GET", "/reports/managers.csv"): {"read"},
    ("GET", "/reports/managers.xlsx"): {"read"},
    ("GET", "/reports/tags"): {"read"},
    ("GET", "/reports/tags.png"): {"read"},
    ("GET", "/reports/tags.csv"): {"read"},
    ("GET", "/reports/tags.xlsx"): {"read"},
    ("GET", "/reports/dialogs.xlsx"): {"read"},
    ("GET", "/drafts"): {"read"},
    ("GET", "/calendars"): {"admin", "read"},
    ("POST", "/calendars"): {"admin"},
    ("PATCH", "/calendars/{calendar_id}"): {"admin"},
    ("DELETE", "/calendars/{calendar_id}"): {"admin"},
    ("GET", "/sla-policies"): {"admin", "read"},
    ("POST", "/sla-policies"): {"admin"},
    ("PATCH", "/sla-policies/{policy_id}"): {"admin"},
    ("DELETE", "/sla-policies/{policy_id}"): {"admin"},
    ("GET", "/drafts/{draft_id}"): {"read"},
    ("POST", "/drafts/{draft_id}/approve"): {"desk"},
    ("POST", "/drafts/{draft_id}/return"): {"desk"},
    ("POST", "/drafts/{draft_id}/submit"): {"desk"},
    ("POST", "/drafts/{draft_id}/notes"): {"desk"},
    ("DELETE", "/drafts/{draft_id}/notes/{note_id}"): {"desk"},
    ("GET", "/customers/{customer_id}/overview"): {"read"},
    ("GET", "/dialogs/{dialog_id}/transcript.txt"): {"read"},
    ("GET", "/customers/{customer_id}/export"): {"admin"},
    ("POST", "/customers/{customer_id}/erase"): {"admin"},
    ("GET", "/erasures/{erasure_id}"): {"admin"},
    ("GET", "/search"): {"desk", "read"},
    ("GET", "/tag-rules"): {"admin", "read"},
    ("POST", "/tag-rules"): {"admin"},
    ("PUT", "/tag-rules/{rule_id}"): {"admin"},
    ("DELETE", "/tag-rules/{rule_id}"): {"admin"},
    ("GET", "/smart-replies"): {"admin", "read"},
    ("POST", "/smart-replies"): {"admin"},
    ("POST", "/smart-replies/try"): {"admin", "read"},
    ("PATCH", "/smart-replies/{reply_id}"): {"admin"},
    ("DELETE", "/smart-replies/{reply_id}"): {"admin"},
    ("GET", "/inbox"): {"read"},
    ("POST", "/inbox/{item_id}/assign"): {"desk"},
    ("POST", "/inbox/{item_id}/ignore"): {"desk"},
    ("POST", "/inbox/{item_id}/open"): {"desk"},
    ("GET", "/dialogs/{dialog_id}/notes"): {"read"},
    ("DELETE", "/notes/{note_id}"): {"desk"},
    ("GET", "/habits"): {"admin", "read"},
    ("PATCH", "/habits"): {"admin"},
    ("GET", "/close-reasons"): {"admin", "read"},
    ("POST", "/close-reasons"): {"admin"},
    ("PATCH", "/close-reasons/{reason_id}"): {"admin"},
    ("DELETE", "/close-reasons/{reason_id}"): {"admin"},
    ("POST", "/customers/{customer_id}/mute"): {"desk"},
    ("POST", "/customers/{customer_id}/unmute"): {"desk"},
    ("POST", "/outbound/{outbound_id}/send"): {"desk"},
    ("POST", "/outbound/{outbound_id}/drop"): {"desk"},
    ("GET", "/reports/outcomes"): {"read"},
    ("GET", "/reports/outcomes.png"): {"read"},
    ("GET", "/reports/outcomes.csv"): {"read"},
    ("GET", "/reports/outcomes.xlsx"): {"read"},
    ("POST", "/outbound"): {"send"},
    ("GET", "/outbound/{outbound_id}"): {"read", "send"},
    ("POST", "/broadcasts"): {"send"},
    ("GET", "/broadcasts"): {"read", "send"},
    ("GET", "/broadcasts/{broadcast_id}"): {"read", "send"},
    ("GET", "/broadcasts/{broadcast_id}/recipients"): {"read", "send"},
    ("POST", "/broadcasts/{broadcast_id}/pause"): {"send"},
    ("POST", "/broadcasts/{broadcast_id}/resume"): {"send"},
    ("POST", "/broadcasts/{broadcast_id}/cancel"): {"send"},
    ("PATCH", "/broadcasts/{broadcast_id}"): {"send"},
    ("DELETE", "/broadcasts/{broadcast_id}/messages"): {"send"},
    ("GET", "/broadcasts/{broadcast_id}/recipients.csv"): {"read", "send"},
    ("GET", "/funnels"): {"read", "send"},
    ("POST", "/funnels"): {"send"},
    ("POST", "/funnels/dry-run"): {"send"},
    ("GET", "/funnels/{funnel_id}"): {"read", "send"},
    ("PUT", "/funnels/{funnel_id}"): {"send"},
    ("GET", "/funnels/{funnel_id}/picture.svg"): {"read", "send"},
    ("GET", "/funnels/{funnel_id}/picture.png"): {"read", "send"},
    ("POST", "/funnels/{funnel_id}/pause"): {"send"},
    ("POST", "/funnels/{funnel_id}/resume"): {"send"},
    ("GET", "/funnels/{funnel_id}/stats"): {"read", "send"},
    ("DELETE", "/funnels/{funnel_id}"): {"send"},
    ("POST", "/funnels/{funnel_id}/enrolments"): {"send"},
    ("GET", "/funnels/{funnel_id}/enrolments"): {"read", "send"},
    ("GET", "/customers/{customer_id}/enrolments"): {"read", "send"},
    ("GET", "/enrolments/{enrolment_id}"): {"read", "send"},
    ("POST", "/enrolments/{enrolment_id}/leave"): {"send"},
    ("DELETE", "/outbound/{outbound_id}"): {"send"},
    ("GET", "/outbound"): {"read", "send"},
    ("GET", "/webhooks"): {"admin", "read"},
    ("POST", "/webhooks"): {"admin"},
    ("PATCH", "/webhooks/{webhook_id}"): {"admin"},
    ("DELETE", "/webhooks/{webhook_id}"): {"admin"},
    ("GET", "/webhooks/{webhook_id}/deliveries"): {"admin", "read"},
    ("POST", "/webhooks/deliveries/{delivery_id}/again"): {"admin"},
    ("GET", "/reports/dialogs.csv"): {"read"},
    ("GET", "/rules"): {"admin", "read"},
    ("POST", "/rules"): {"admin"},
    ("POST", "/rules/try"): {"admin"},
    ("PATCH", "/rules/{rule_id}"): {"admin"},
    ("DELETE", "/rules/{rule_id}"): {"admin"},
}
OPEN = {"/healthz", "/readyz", "/metrics"}


async def test_every_call_accepts_exactly_the_scopes_of_the_table(api: Api) -> None:
    document = await api.get("/openapi.json")
    known = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, calls in document["paths"].items()
        for method in calls
        if path not in OPEN
    }
    assert known == set(SCOPES)
    for (method, path), allowed in SCOPES.items():
        concrete = path.replace("{kind}", "types").replace("{key}", "greeting")
        concrete = "/".join("999999" if part.startswith("{") else part for part in concrete.split("/"))
        for scope in ALL_SCOPES:
            answer = await api.as_(scope).call(method, concrete, {} if method != "GET" else None)
            if scope in allowed:
                assert answer.status_code not in {401, 403}, (method, path, scope)
            else:
                error = error_of(answer, 403, "not_allowed")
                assert error["object"]["type"] == "scope"
                assert error["object"]["name"] in allowed


HEADERS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Basic abc",
    "Bearer hl_" + "x" * 5000,
    "Bearer \xff\xfe",
]


async def test_without_a_valid_key_every_call_is_refused(api: Api) -> None:
    for header in HEADERS:
        headers = {} if header is None else {"Authorization": header.encode("latin-1")}
        answer = await api.client.get("http://desk.test/api/v1/dialogs", headers=headers)
        error_of(answer, 401, "no_key")
        assert answer.headers["www-authenticate"] == "Bearer"
        answer = await api.client.post("http://desk.test/api/v1/dialogs", content=b"{broken", headers=headers)
        error_of(answer, 401, "no_key")


async def test_a_revoked_key_is_refused_by_the_very_next_call(api: Api) -> None:
    await api.get("/dialogs")
    found = await api.store.read(keys.find_key, secret=api.secret)
    assert found is not None
    await api.store.act(keys.revoke_key, key_id=found.id)
    error_of(await api.call("GET", "/dialogs"), 401, "no_key")


async def test_the_scheme_may_be_written_in_any_case(api: Api) -> None:
    answer = await api.call("GET", "/dialogs", headers={"Authorization": f"bearer {api.secret}"})
    assert answer.status_code == 200


async def test_only_the_hash_of_a_secret_is_stored(store: Store) -> None:
    secret = await store.act(keys.create_key, name="shop", scopes=["send"])
    row = await store.read(lambda tx: tx.one("SELECT * FROM api_keys"))
    assert row is not None and row["scopes_json"] == ["send"]
    assert secret not in str(row) and len(secret) > 40
    assert "hash" not in (await store.read(api_keys.page))[0]


@pytest.mark.parametrize(
    ("name", "scopes"), [("", ["send"]), ("x" * 65, ["send"]), ("a", []), ("a", ["root"])]
)
async def test_a_key_needs_a_name_and_known_scopes(store: Store, name: str, scopes: list[str]) -> None:
    with pytest.raises(BadInput):
        await store.act(keys.create_key, name=name, scopes=scopes)


async def test_a_key_of_another_bot_is_refused(api: Api) -> None:
    api.store.bot_id += 1
    error_of(await api.call("GET", "/dialogs"), 401, "no_key")


async def test_the_use_of_a_key_is_stored_once_a_minute(api: Api, clock: ManualClock) -> None:
    async def last_used() -> object:
        found = await api.store.read(keys.find_key, secret=api.secret)
        return found.last_used_at if found else None

    await api.get("/dialogs")
    assert (first := await last_used()) == clock.now()
    clock.advance(59)
    await api.get("/dialogs")
    assert await last_used() == first
    clock.advance(1)
    await api.get("/dialogs")
    assert await last_used() == clock.now()


async def test_an_expired_key_is_refused(api: Api, clock: ManualClock) -> None:
    secret = await api.store.act(keys.create_key, name="shop", good_for=timedelta(days=1))
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await api.call("GET", "/dialogs", headers=headers)).status_code == 200
    clock.advance(86_401)
    error_of(await api.call("GET", "/dialogs", headers=headers), 401, "no_key")
