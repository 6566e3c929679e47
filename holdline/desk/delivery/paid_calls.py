"""Calls above Telegram's free pace: each is counted in the unit that begins it, so a call in doubt counts as paid."""

from datetime import timedelta

from holdline.dialogs.broadcasts.stars import SPENT
from holdline.store.broadcasts import budgets
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome, Refused, RetryLater, Scope
from holdline.telegram.paid import can_pay, let_pay, messages_of

REST = timedelta(seconds=1.2)
PAYS = "pays"
"""In a row of the outbox that is being begun beyond the free pace."""


def keep_affordable(tx: Tx, chosen: list[tuple[Row, Call]]) -> list[tuple[Row, Call]]:
    """Those whose broadcast can pay, as calls that do; the budgets stay locked until the unit ends.

    A broadcast that cannot pay for its next call pays no more, and goes on at the free pace.
    """
    affordable = []
    by_broadcast: dict[int, list[tuple[Row, Call]]] = {}
    for item, call in chosen:
        if item["broadcast_id"] is not None and can_pay(call):
            by_broadcast.setdefault(item["broadcast_id"], []).append((item, call))
    for broadcast_id in sorted(by_broadcast):
        budget = budgets.load_locked(tx, broadcast_id)
        left = budget.left if budget is not None else 0
        for item, call in by_broadcast[broadcast_id]:
            cost = messages_of(call)
            if cost > left:
                if budget is not None:
                    budgets.stop(tx, broadcast_id, reason=SPENT)
                break
            left -= cost
            affordable.append(({**item, PAYS: True, "paid": cost}, let_pay(call)))
    return affordable


def let_paying_go(tx: Tx, chosen: list[tuple[Row, Call]]) -> list[tuple[Row, Call]]:
    """Calls at the free pace, those of broadcasts that pay with the leave to take Stars.

    They cost nothing below thirty a second; without that leave they would be refused while others go beyond. So a
    broadcast that has just stopped rests until its second is over.
    """
    paying, resting = frozenset(budgets.list_paying(tx)), budgets.list_stopped_since(tx, tx.at - REST)
    return [
        (item, let_pay(call) if item["broadcast_id"] in paying and can_pay(call) else call)
        for item, call in chosen
        if item["broadcast_id"] not in resting
    ]


def count_paid(tx: Tx, started: list[Row]) -> None:
    """These are being begun beyond the free pace: what they cost is spent from now on."""
    sums: dict[int, int] = {}
    for item in started:
        sums[item["broadcast_id"]] = sums.get(item["broadcast_id"], 0) + item["paid"]
        budgets.mark_paid(tx, item["id"], item["paid"])
    for broadcast_id in sorted(sums):
        budgets.spend(tx, broadcast_id, sums[broadcast_id])


def settle_paid(tx: Tx, item: Row, outcome: Outcome) -> None:
    """Only what Telegram has certainly not taken comes back. Payment that it refuses is not offered again."""
    if isinstance(outcome, Refused) and outcome.action is Action.UNPAID and item["broadcast_id"] is not None:
        budgets.stop(tx, item["broadcast_id"], reason=outcome.description)
    if not item["paid"] or not isinstance(outcome, Refused | RetryLater):
        return
    budgets.give_back(tx, item)
    if not isinstance(outcome, RetryLater) or outcome.scope is not Scope.CHAT:
        return
    if budgets.count_flood(tx, item["broadcast_id"]):
        budgets.stop(tx, item["broadcast_id"], reason=outcome.reason)
