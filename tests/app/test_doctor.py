"""The doctor finds nothing in a correct desk, and names each rule that was broken by raw SQL."""

import pytest

from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog, write_in_general
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.ratings import record_rating
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.delivery import chats
from holdline.store.engine import Store
from holdline.store.invariants import INVARIANTS, MARKETING, find_violations
from holdline.store.invariants.invariant import USUAL_REMEDY
from holdline.store.invariants.words import WORDS
from holdline.store.tx import Tx
from tests.app.doctor_breaks import ERASURE_BREAKS, TWO_CLOCKS, WEBHOOK_BREAKS
from tests.app.funnels.doctor_funnels import FUNNEL_BREAKS
from tests.app.smart_reply_breaks import SMART_REPLY_BREAKS

ADMIN = 501
ANNA, BORIS, CELINA = 11, 12, 13

# What a person with SQL could do, and the rule that must say so. {active}, {closed}: ids of dialogs of our story.
BREAKS = SMART_REPLY_BREAKS | {
    **FUNNEL_BREAKS,
    **ERASURE_BREAKS,
    **WEBHOOK_BREAKS,
    "update_done_dated": ["UPDATE inbox SET state = 'done' WHERE update_id = 1"],
    "update_tries_bounded": ["UPDATE inbox SET attempts = 4 WHERE update_id = 1"],
    "update_in_order": ["UPDATE inbox SET state = 'done', done_at = received_at + 5 WHERE update_id = 2"],
    "one_active_dialog": [
        "DROP INDEX dialogs_one_active",
        "UPDATE dialogs SET state = 'active', closed_at = NULL",
        "UPDATE dialogs SET customer_id = (SELECT MIN(id) FROM customers)",
    ],
    "gate_follows_dialog": ["UPDATE customers SET gate = 'open'"],
    "customer_has_chat": ["UPDATE chats SET customer_id = NULL"],
    "message_of_the_dialogs_customer": [
        "UPDATE messages SET customer_id = (SELECT MAX(id) FROM customers) WHERE dialog_id = {active}"
    ],
    "attachments_are_counted": ["UPDATE dialogs SET attachment_count = 2 WHERE id = {active}"],
    "state_has_its_history": ["UPDATE dialogs SET state = 'paused' WHERE id = {active}"],
    "only_legal_moves": ["{history} VALUES (1, 1, {closed}, 'dialog_resumed', 'system', 'system', 1)"],
    "reply_only_while_active": ["{history} VALUES (1, 1, {closed}, 'reply_given', 'system', 'system', 1)"],
    "general_only_without_active": [
        "INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, created_at)"
        " SELECT 1, customer_id, 'reply_given', 'system', 'system', 1 FROM dialogs WHERE id = {active}"
    ],
    "nothing_after_the_close": [
        "UPDATE messages SET created_at = created_at + 99000000 WHERE dialog_id = {closed}"
    ],
    "general_message_has_its_item": ["UPDATE messages SET inbox_item_id = NULL"],
    "counted_right": ["UPDATE inbox_items SET message_count = message_count + 1"],
    "moved_item_has_its_dialog": ["UPDATE inbox_items SET dialog_id = NULL"],
    "nothing_waits_beside_a_dialog": [
        "UPDATE inbox_items SET state = 'new' WHERE customer_id = (SELECT customer_id FROM dialogs WHERE id = {active})"
    ],
    "assignee_is_active": ["UPDATE managers SET active = 0"],
    "who_waits_has_a_clock": [
        "INSERT INTO sla_policies (bot_id, name, next_response, position, created_at) VALUES (1, 'Gold', '1h', 1, 1)",
        "UPDATE dialogs SET sla_policy_id = (SELECT MAX(id) FROM sla_policies) WHERE id = {active}",
        "UPDATE messages SET deleted_at = 1 WHERE author_kind = 'manager'",
    ],
    "no_clock_runs_in_a_pause": [*TWO_CLOCKS],
    "one_answer_is_waited_for": [*TWO_CLOCKS],
    "closed_stage": ["UPDATE lists SET name = 'Shut' WHERE kind = 'stages' AND name = 'Closed'"],
    "moments_of_this_clock": ["UPDATE chats SET paused_at = 9000000000000000"],
    "one_live_place": [
        "DROP INDEX places_one_live",
        "INSERT INTO places (bot_id, chat_id, dialog_id, mode, created_at) VALUES (1, 5, {active}, 'with_header', 1)",
        "INSERT INTO places (bot_id, chat_id, dialog_id, mode, created_at) VALUES (1, 5, {active}, 'with_header', 1)",
    ],
    "rating_is_the_customers": ["UPDATE dialogs SET service_rating = 1 WHERE id = {active}"],
    "said_once": ["DROP INDEX outbox_key", "UPDATE outbox SET key = 'same'"],
    "settled_says_when": ["UPDATE outbox SET settled_at = 1 WHERE status = 'queued'"],
    "sent_has_its_message": ["UPDATE outbox SET status = 'sent', settled_at = 1 WHERE kind = 'message'"],
    "reply_has_its_row": ["UPDATE outbox SET status = 'cancelled', settled_at = 1 WHERE kind = 'message'"],
    "one_in_flight": ["DROP INDEX outbox_one_in_flight", "UPDATE outbox SET status = 'sending'"],
    "in_flight_has_its_lease": ["UPDATE outbox SET status = 'sending' WHERE id = {queued}"],
    "chat_flies_what_is_sent": ["UPDATE chats SET in_flight_id = {queued}"],
    "announced_chat_exists": [
        "INSERT INTO waiting_chats (bot_id, chat_id, stream, due_at) VALUES (7000000001, 4711, 'dialog', 0)"
    ],
    "queued_will_be_seen": ["UPDATE chats SET dialog_due_at = NULL", "DELETE FROM waiting_chats"],
    "attempt_written_first": ["UPDATE outbox SET attempts = 1"],
    "uncertain_is_bounded": ["UPDATE outbox SET uncertain = 3"],
    "parked_says_why": ["UPDATE outbox SET status = 'parked', settled_at = 1 WHERE id = {queued}"],
    "silent_while_held": [
        "UPDATE outbox SET status = 'sending', gate_epoch = (SELECT gate_epoch FROM customers c"
        " WHERE c.id = outbox.customer_id) WHERE class = 'funnel'"
    ],
    "dropped_stays_dropped": ["UPDATE outbox SET status = 'dropped', settled_at = 1 WHERE class = 'funnel'"],
    "no_smart_reply_while_held": ["UPDATE outbox SET class = 'smart_reply' WHERE class = 'funnel'"],
    "no_marketing_after_stop": ["UPDATE customers SET opted_out_at = 1"],
    "addressed_to_its_customer": ["UPDATE outbox SET chat_id = 999 WHERE kind = 'message'"],
    "merged_message_is_on_the_wire": ["UPDATE outbox SET status = 'queued', merged_into = id"],
    "merged_lines_are_one_customers": ["UPDATE outbox SET merged_into = (SELECT MIN(id) FROM outbox)"],
    "merged_message_has_its_copy": ["INSERT INTO merged_messages VALUES (1, -1, 1, 1)"],
    "merged_message_is_shown": [
        "UPDATE outbox SET merged_into = id, status = 'sent', settled_at = 1, chat_id = 11, tg_message_id = 1,"
        " message_id = (SELECT MAX(id) FROM messages) WHERE id = {queued}"
    ],
    "notes_stay_inside": ["UPDATE outbox SET chat_id = 999 WHERE class = 'desk'"],
    "keys_only_as_hashes": [
        "INSERT INTO api_keys (bot_id, name, hash, scopes_json, created_at) VALUES (1, 'x', 'hl_plain', '[]', 1)"
    ],
    "somebody_did_it": [
        "INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, created_at)"
        " VALUES (1, 1, 'note_added', 'manager', '', 1)"
    ],
    "copy_stands_for_something": [
        "INSERT INTO telegram_messages (bot_id, chat_id, tg_message_id, role, message_id, created_at)"
        " VALUES (1, 1, 1, 'copy', 123456, 1)"
    ],
    "managers_are_people": ["UPDATE managers SET telegram_id = bot_id"],
    "people_of_one_bot": ["UPDATE managers SET bot_id = 2"],
    "participants_belong_to_the_desk": ["UPDATE managers SET active = 0"],
    "no_place_after_leaving": ["UPDATE managers SET active = 0"],
    "nothing_open_after_leaving": ["UPDATE managers SET active = 0, ready = 1"],
    "shown_to_who_stays": [
        "UPDATE outbox SET status = 'cancelled', settled_at = 1, error = 'its reader has left the desk'"
        " WHERE kind = 'mirror'",
        "UPDATE messages SET direction = 'in'",
    ],
    "notes_are_no_replies": [
        "UPDATE messages SET text = '. a note', chat_id = 1, author_kind = 'manager' WHERE direction = 'out'"
    ],
    "said_in_its_own_topic": [
        "INSERT INTO places (bot_id, chat_id, dialog_id, mode, thread_id, created_at)"
        " SELECT bot_id, 5, id, 'topic', 9, 1 FROM dialogs WHERE id = {active}",
        "UPDATE messages SET chat_id = 5, thread_id = 9 WHERE author_kind = 'manager'",
    ],
    "newest_edit_is_the_text": [
        "INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, text, data_json, created_at)"
        " SELECT bot_id, customer_id, 'message_edited', 'system', 'system', 'before',"
        """ '{{"message_id": ' || id || ', "new_text": "other"}}', 1 FROM messages"""
    ],
    "approved_is_what_was_sent": ["{draft}", "UPDATE drafts SET text = 'other'"],
    "nobody_approves_themselves": ["{draft}"],
    "no_draft_after_the_close": [
        "{draft}",
        "UPDATE drafts SET state = 'waiting', dialog_id = {closed}",
    ],
    "notes_reach_no_customer": [
        "UPDATE outbox SET kind = 'note', payload_json = '{{\"note_id\": 1}}' WHERE kind = 'message'"
    ],
    "scheduled_reply_was_said": [
        "INSERT INTO scheduled_replies (bot_id, dialog_id, author_id, content_json, send_at, state, created_at)"
        " SELECT 1, {active}, MIN(id), '{{}}', 1, 'sent', 1 FROM managers"
    ],
    "merged_dialog_is_empty": ["UPDATE dialogs SET merged_into = {active} WHERE id = {closed}"],
    "bulk_job_tells_of_each": [
        "INSERT INTO bulk_jobs (bot_id, manager_id, step_json, total, created_at, finished_at)"
        " SELECT 1, MIN(id), '{{}}', 2, 1, 2 FROM managers"
    ],
    "said_is_found": ["DELETE FROM search_messages"],
    "album_decided_soon": [
        "INSERT INTO waiting_album_parts (bot_id, chat_id, album_id, telegram_id, tg_message_id, sender_json,"
        " content_json, created_at) VALUES (1, 1, 'a', 1, 1, '{{}}', '{{}}', 1)"
    ],
}

IMPOSSIBLE = {
    "update_known_once": "UPDATE inbox SET update_id = 1",
    "update_state_known": "UPDATE inbox SET state = 'ignored', reason = NULL",
    "closed_says_when": "UPDATE dialogs SET closed_at = NULL",
    "one_rating_form": "INSERT INTO ratings (token, bot_id, dialog_id, customer_id, state, sent_at)"
    " SELECT 'other', bot_id, dialog_id, customer_id, 'offered', sent_at FROM ratings",
    "one_answer_per_key": "INSERT INTO idempotency (api_key_id, key, fingerprint, created_at)"
    " VALUES (1, 'k', 'x', 1), (1, 'k', 'y', 1)",
}
DRAFT = (
    "INSERT INTO drafts (bot_id, dialog_id, author_id, decided_by, state, kind, text, message_id, created_at,"
    " changed_at) SELECT m.bot_id, m.dialog_id, m.manager_id, m.manager_id, 'sent', 'text', m.text, m.id, 1, 1"
    " FROM messages m WHERE m.author_kind = 'manager' AND m.dialog_id IS NOT NULL"
)
HISTORY = "INSERT INTO history (bot_id, customer_id, dialog_id, kind, actor_kind, actor_name, created_at)"


class Undone(Exception):
    """Carries what the doctor saw out of a transaction that must leave nothing."""


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(admins=(ADMIN,))


async def a_days_work(store: Store) -> dict[str, int]:
    """Three customers: one active dialog with a funnel message held, one paused, one closed and rated."""
    await store.act(ensure_lists)
    manager = await store.act(get_acting_manager, ADMIN)
    opened = {}
    for number, telegram_id in enumerate((ANNA, BORIS, CELINA), start=1):
        sender = MessageSender(telegram_id, f"Customer {number}")
        content = Content(text="Hello", chat_id=telegram_id, tg_message_id=number)
        await store.act(receive_customer_message, sender=sender, content=content)
        opening = Opening(customer_id=number, title=f"Case {number}")
        opened[telegram_id] = (await store.act(open_dialog, manager=manager, opening=opening)).id
        content = Content(text="More", chat_id=telegram_id, tg_message_id=100 + number)
        await store.act(receive_customer_message, sender=sender, content=content)
        for words in ("More and", "More and more"):
            edit = Content(text=words, chat_id=telegram_id, tg_message_id=100 + number)
            await store.act(apply_customer_edit, sender=sender, content=edit)
        reply = Content(text="I am looking into it")
        await store.act(write_in_dialog, manager=manager, dialog_id=opened[telegram_id], content=reply)
    await store.act(
        accept_outbound, order=OutboundRequest(telegram_id=ANNA, class_=MessageClass.FUNNEL, text="Buy!")
    )
    await store.act(pause_dialog, manager=manager, dialog_id=opened[BORIS])
    await store.act(write_in_general, manager=manager, customer_id=2, content=Content(text="By the way"))
    closing = Closing(customer_score=3, send_rating_form=True)
    await store.act(close_dialog, manager=manager, dialog_id=opened[CELINA], closing=closing)
    token = await store.read(lambda tx: (tx.one("SELECT token FROM ratings") or {})["token"])
    await store.act(record_rating, telegram_id=CELINA, token=token, value=3)
    await store.act(_two_updates)
    queued = await store.read(
        lambda tx: (tx.one("SELECT MIN(id) AS id FROM outbox WHERE kind = 'message'") or {})["id"]
    )
    return {"active": opened[ANNA], "closed": opened[CELINA], "queued": queued}


def _two_updates(tx: Tx) -> None:
    for update_id in (1, 2):
        tx.run(
            "INSERT INTO inbox (bot_id, update_id, ordering_key, raw, received_at) VALUES (:bot, :id, 7, '{}', :at)",
            bot=tx.bot_id,
            id=update_id,
            at=tx.at,
        )


def _broken_by(tx: Tx, statements: list[str], ids: dict[str, int]) -> None:
    for statement in statements:
        tx.run(statement.format(history=HISTORY, draft=DRAFT, **ids))
    raise Undone([rule.name for rule in find_violations(tx)])


@pytest.mark.row("O-09")
async def test_a_working_desk_breaks_no_rule(store: Store) -> None:
    await a_days_work(store)
    assert await store.read(find_violations) == []


async def test_a_backlog_of_many_minutes_breaks_no_rule(store: Store, clock: ManualClock) -> None:
    """A group takes twenty a minute: what is unimportant waits long, and its chat is counted anew meanwhile."""
    await a_days_work(store)
    clock.advance(600)
    for chat in (ADMIN, ANNA, BORIS, CELINA):
        await store.act(chats.refresh_due_times, chat)
    assert await store.read(find_violations) == []


@pytest.mark.row("O-09")
async def test_the_doctor_names_every_broken_rule(store: Store) -> None:
    ids = await a_days_work(store)
    missed = {}
    for name, statements in BREAKS.items():
        with pytest.raises(Undone) as seen:
            await store.act(_broken_by, statements, ids)
        if name not in seen.value.args[0]:
            missed[name] = seen.value.args[0]
    assert missed == {}
    assert await store.read(find_violations) == []


async def test_the_database_refuses_impossible_rows_itself(store: Store) -> None:
    await a_days_work(store)
    for name, statement in IMPOSSIBLE.items():
        with pytest.raises(Exception, match=r"(?i)constraint|unique|check"):
            await store.act(lambda tx, sql=statement: tx.run(sql))
        assert name in {rule.name for rule in INVARIANTS}


def test_every_rule_states_its_remedy() -> None:
    own = [rule for rule in INVARIANTS if rule in WORDS]
    assert own and all(rule.remedy != USUAL_REMEDY for rule in own)


def test_every_rule_is_broken_by_a_test_or_enforced_by_the_database() -> None:
    names = [rule.name for rule in INVARIANTS]
    assert len(names) == len(set(names))
    assert set(BREAKS) | set(IMPOSSIBLE) | {rule.name for rule in MARKETING} == set(names)
    assert not set(BREAKS) & set(IMPOSSIBLE)
