"""Teams with their members; a deleted team keeps its name on dialogs that have it."""

from collections.abc import Sequence

from holdline.dialogs.decisions.team import Candidate, Member, Team
from holdline.dialogs.dialog import Person
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx, placeholders


def list_all(tx: Tx) -> list[Team]:
    """All teams that were not deleted, the oldest first."""
    rows = tx.all(
        "SELECT id, name, routing, capacity FROM teams WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY id",
        bot=tx.bot_id,
    )
    members = _members(tx) if rows else []
    return [_team(row, [each for each in members if each["team_id"] == row["id"]]) for row in rows]


def list_names(tx: Tx) -> list[Row]:
    """id and name of each team that was not deleted."""
    return tx.all(
        "SELECT id, name FROM teams WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY id", bot=tx.bot_id
    )


def by_id(tx: Tx, team_id: int) -> Team:
    """Raises NotFound if the team was deleted or never existed."""
    for team in list_all(tx):
        if team.id == team_id:
            return team
    raise NotFound("team", team_id)


def find(tx: Tx, name: str) -> Team | None:
    """The team of that name that was not deleted. Letter case does not matter; an exact match goes first."""
    alike = [team for team in list_all(tx) if team.name.casefold() == name.strip().casefold()]
    return next((team for team in alike if team.name == name), alike[0] if alike else None)


def team_ids_of(tx: Tx, manager_id: int) -> frozenset[int]:
    """The teams that the manager belongs to."""
    rows = tx.all("SELECT team_id FROM team_members WHERE manager_id = :manager", manager=manager_id)
    return frozenset(int(row["team_id"]) for row in rows)


def lock(tx: Tx, team_id: int) -> Team | None:
    """The team, locked until the end of the transaction, so that only one at a time gives out its dialogs. None if it
    was deleted.
    """
    tx.one("SELECT id FROM teams WHERE bot_id = :bot AND id = :id FOR UPDATE", bot=tx.bot_id, id=team_id)
    return next((team for team in list_all(tx) if team.id == team_id), None)


def insert(tx: Tx, *, name: str, routing: str, capacity: int | None) -> int:
    """Raises StoreConflict if an existing team has exactly the same name."""
    row = tx.one(
        """INSERT INTO teams (bot_id, name, routing, capacity, created_at)
           VALUES (:bot, :name, :routing, :capacity, :at) RETURNING id""",
        bot=tx.bot_id,
        name=name,
        routing=routing,
        capacity=capacity,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def update(tx: Tx, team: Team) -> None:
    """Saves everything but the members."""
    tx.run(
        """UPDATE teams SET name = :name, routing = :routing, capacity = :capacity
           WHERE bot_id = :bot AND id = :id""",
        name=team.name,
        routing=team.routing,
        capacity=team.capacity,
        bot=tx.bot_id,
        id=team.id,
    )


def soft_delete(tx: Tx, team_id: int) -> None:
    tx.run(
        "UPDATE teams SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=team_id,
    )


def set_members(tx: Tx, team_id: int, manager_ids: Sequence[int]) -> None:
    """Sets exactly these members, in this order; members who stay keep their turn."""
    for member in [row["manager_id"] for row in _members(tx) if row["team_id"] == team_id]:
        if member not in manager_ids:
            tx.run(
                "DELETE FROM team_members WHERE team_id = :team AND manager_id = :manager",
                team=team_id,
                manager=member,
            )
    for position, manager_id in enumerate(manager_ids):
        tx.run(
            """INSERT INTO team_members (team_id, manager_id, position, added_at)
               VALUES (:team, :manager, :position, :at)
               ON CONFLICT (team_id, manager_id) DO UPDATE SET position = excluded.position""",
            team=team_id,
            manager=manager_id,
            position=position,
            at=tx.at,
        )


def remove_from_all(tx: Tx, manager_id: int) -> None:
    """Called when somebody leaves the desk."""
    tx.run("DELETE FROM team_members WHERE manager_id = :manager", manager=manager_id)


def take_turn(tx: Tx, team_id: int, manager_id: int) -> None:
    """Called when the member has just been given a dialog: the others of the team are next."""
    tx.run(
        """UPDATE team_members SET last_turn = (
               SELECT MAX(each.last_turn) + 1 FROM team_members each WHERE each.team_id = :team)
           WHERE team_id = :team AND manager_id = :manager""",
        team=team_id,
        manager=manager_id,
    )


def candidates(tx: Tx, team: Team) -> list[Candidate]:
    """Members who are ready, with the number of their active dialogs, in the team's order."""
    ready = [member for member in team.members if member.ready]
    if not ready:
        return []
    among, values = placeholders([member.person.id for member in ready])
    rows = tx.all(
        f"""SELECT assignee_id, COUNT(*) AS n FROM dialogs
            WHERE assignee_id IN ({among}) AND state = 'active' GROUP BY assignee_id""",
        **values,
    )
    loads = {row["assignee_id"]: int(row["n"]) for row in rows}
    return [Candidate(member.person.id, loads.get(member.person.id, 0), member.last_turn) for member in ready]


def _members(tx: Tx) -> list[Row]:
    return tx.all(
        """SELECT b.team_id, b.manager_id, b.last_turn, m.telegram_id, m.name, m.ready
           FROM team_members b JOIN managers m ON m.id = b.manager_id
           WHERE m.bot_id = :bot ORDER BY b.team_id, b.position, b.manager_id""",
        bot=tx.bot_id,
    )


def _team(row: Row, members: list[Row]) -> Team:
    return Team(
        id=row["id"],
        name=row["name"],
        routing=row["routing"],
        capacity=row["capacity"],
        members=tuple(
            Member(
                Person(each["manager_id"], each["telegram_id"], each["name"]),
                bool(each["ready"]),
                each["last_turn"],
            )
            for each in members
        ),
    )
