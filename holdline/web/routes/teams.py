"""Teams: managers who share dialogs, and how these are assigned."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.teams import teams as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.automation.teams import TeamChangesIn, TeamIn, TeamOut, TeamsOut
from holdline.web.schemas.lists import DeletedOut


def teams_router() -> APIRouter:
    """An admin key acts as the desk's owner."""
    router = api_router("teams")

    @reads(router, "/teams", shows=TeamsOut, scopes=("admin", "read"))
    async def list_teams(call: Read, page: Rising) -> Response:
        """Lists the teams that dialogs can be assigned to."""
        return await call.show(lambda teams: TeamsOut.of(page, teams), desk.team_page)

    @writes(router, "POST", "/teams", shows=TeamOut, scope="admin", status=201)
    async def add_team(call: Write, body: TeamIn) -> Response:
        """Adds a team. Its members take turns in the given order."""
        words: dict[str, Any] = {"manager": None, "fields": body.fields}
        return await call.show(TeamOut.of, desk.add_team, status=201, **words)

    @writes(router, "PATCH", "/teams/{team_id}", shows=TeamOut, scope="admin")
    async def change_team(call: Write, team_id: PathId, body: TeamChangesIn) -> Response:
        """Changes a team. Members below its capacity are given its waiting dialogs."""
        words: dict[str, Any] = {"manager": None, "team_id": team_id, "changes": body.changes}
        return await call.show(TeamOut.of, desk.change_team, **words)

    @writes(router, "DELETE", "/teams/{team_id}", shows=DeletedOut, scope="admin")
    async def delete_team(call: Write, team_id: PathId) -> Response:
        """Deletes a team. Dialogs keep its name."""
        words: dict[str, Any] = {"manager": None, "team_id": team_id}
        return await call.show(lambda _: DeletedOut(id=team_id), desk.delete_team, **words)

    return router
