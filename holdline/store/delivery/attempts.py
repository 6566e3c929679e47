"""Attempts: one row for every call that was started, closed when its outcome is known."""

from holdline.store.tx import Tx, placeholders


def close(tx: Tx, outbox_id: int, attempt: int, outcome: str, **answer: object) -> None:
    """`outcome`: sent, later, refused, uncertain. `answer`: code, description, retry_after."""
    facts = {"code": None, "description": None, "retry_after": None, **answer}
    tx.post(
        """UPDATE outbox_attempts SET ended_at = :at, outcome = :outcome, code = :code,
                  description = :description, retry_after = :retry_after
           WHERE outbox_id = :id AND attempt = :attempt""",
        at=tx.at,
        outcome=outcome,
        id=outbox_id,
        attempt=attempt,
        **facts,
    )


def close_sent(tx: Tx, outbox_ids: list[int]) -> None:
    """Closes the attempts of these items, which have all arrived."""
    among, values = placeholders(outbox_ids)
    tx.post(
        f"""UPDATE outbox_attempts SET ended_at = :at, outcome = 'sent'
            WHERE outbox_id IN ({among}) AND ended_at IS NULL""",
        at=tx.at,
        **values,
    )
