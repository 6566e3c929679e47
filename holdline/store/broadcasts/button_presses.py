"""Presses of a broadcast's buttons: added by each press, summed up later."""

from holdline.store.tx import Row, Tx


def add_tally(tx: Tx, *, outbox_id: int, data: str) -> None:
    """Counts a press of a message, before the press itself is stored, if the message is from a broadcast. The caller
    has locked the customer.
    """
    tx.post(
        """INSERT INTO broadcast_press_tallies (broadcast_id, data, people)
           SELECT o.broadcast_id, CAST(:data AS TEXT),
                  CASE WHEN EXISTS (SELECT 1 FROM presses p WHERE p.outbox_id = o.id AND p.data = :data)
                       THEN 0 ELSE 1 END
           FROM outbox o WHERE o.id = :outbox AND o.broadcast_id IS NOT NULL""",
        outbox=outbox_id,
        data=data,
    )


def count(tx: Tx, broadcast_id: int) -> dict[str, tuple[int, int]]:
    """Data → presses and people, with those that were not summed up yet."""
    rows = tx.all(
        """SELECT data, presses, people FROM broadcast_buttons WHERE broadcast_id = :id
           UNION ALL
           SELECT data, COUNT(*) AS presses, SUM(people) AS people FROM broadcast_press_tallies
           WHERE broadcast_id = :id GROUP BY data""",
        id=broadcast_id,
    )
    return _sum(rows)


def is_any_tally(tx: Tx) -> bool:
    return tx.one("SELECT id FROM broadcast_press_tallies LIMIT 1") is not None


def sum_up_tallies(tx: Tx, *, limit: int) -> list[int]:
    """Adds at most `limit` presses to the sums; returns the ids of their broadcasts."""
    taken = tx.all(
        """DELETE FROM broadcast_press_tallies WHERE id IN (
               SELECT id FROM broadcast_press_tallies ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING broadcast_id, data, 1 AS presses, people""",
        limit=limit,
    )
    ids = sorted({row["broadcast_id"] for row in taken})
    for broadcast_id in ids:
        sums = _sum([row for row in taken if row["broadcast_id"] == broadcast_id])
        for data, (presses, people) in sorted(sums.items()):
            tx.run(
                """INSERT INTO broadcast_buttons (broadcast_id, data, presses, people)
                   VALUES (:id, :data, :presses, :people)
                   ON CONFLICT (broadcast_id, data) DO UPDATE SET
                       presses = broadcast_buttons.presses + :presses,
                       people = broadcast_buttons.people + :people""",
                id=broadcast_id,
                data=data,
                presses=presses,
                people=people,
            )
    return ids


def _sum(rows: list[Row]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        presses, people = sums.get(row["data"], (0, 0))
        sums[row["data"]] = presses + int(row["presses"]), people + int(row["people"])
    return sums
