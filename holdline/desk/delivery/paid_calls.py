"""Calls above Telegram's free pace. The transaction that begins one counts it, so a call in doubt counts as paid."""

from datetime import timedelta

from holdline.dialogs.broadcasts.stars import SPENT
from holdline.store.broadcasts import budgets
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome, Refused, RetryLater, Scope
from holdline.telegram.paid import can_pay, let_pay, messages_of

REST = timedelta(seconds=1.2)
PAYS = "pays"
"""The key that marks an outbox row whose call begins above the free pace."""


def keep_affordable(tx: Tx, chosen: list[tuple[Row, Call]]) -> list[tuple[Row, Call]]:
    """The calls whose broadcast can pay for them, marked as paid. The budgets stay locked until the transaction ends.

    A broadcast that cannot pay for its next call stops paying and continues at the free pace.
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


def permit_payment(tx: Tx, chosen: list[tuple[Row, Call]]) -> list[tuple[Row, Call]]:
    """The calls at the free pace. Those of paying broadcasts permit Telegram to take Stars.

    Below thirty calls a second they cost nothing, but without the permission they would be refused while paid calls
    exceed that. So a broadcast that has just stopped paying rests until its second is over.
    """
    paying, resting = frozenset(budgets.list_paying(tx)), budgets.list_stopped_since(tx, tx.at - REST)
    return [
        (item, let_pay(call) if item["broadcast_id"] in paying and can_pay(call) else call)
        for item, call in chosen
        if item["broadcast_id"] not in resting
    ]


def count_paid(tx: Tx, started: list[Row]) -> None:
    """Counts calls that begin above the free pace: their cost is spent from now on."""
    sums: dict[int, int] = {}
    for item in started:
        sums[item["broadcast_id"]] = sums.get(item["broadcast_id"], 0) + item["paid"]
        budgets.mark_paid(tx, item["id"], item["paid"])
    for broadcast_id in sorted(sums):
        budgets.spend(tx, broadcast_id, sums[broadcast_id])


def settle_paid(tx: Tx, item: Row, outcome: Outcome) -> None:
    """Gives back the cost only if Telegram has certainly not taken it. A broadcast whose payment is refused stops
    paying.
    """
    if isinstance(outcome, Refused) and outcome.action is Action.UNPAID and item["broadcast_id"] is not None:
        budgets.stop(tx, item["broadcast_id"], reason=outcome.description)
    if not item["paid"] or not isinstance(outcome, Refused | RetryLater):
        return
    budgets.give_back(tx, item)
    if not isinstance(outcome, RetryLater) or outcome.scope is not Scope.CHAT:
        return
    if budgets.count_flood(tx, item["broadcast_id"]):
        budgets.stop(tx, item["broadcast_id"], reason=outcome.reason)
