"""Teams as the API shows and accepts them."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from holdline.dialogs.decisions.team import Routing, Team
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import People
from holdline.web.schemas.fields import In, Name, Out, read_whole

Capacity = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(read_whole)]


class TeamIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Refunds", "members": [400000077], "routing": "least_loaded", "capacity": 5}
            ]
        }
    )

    name: Name
    members: People | None = None
    routing: Routing | None = Field(
        None, description="How dialogs are given to members. Without it `manual`: managers assign them."
    )
    capacity: Capacity | None = Field(
        None, description="A member with this many active dialogs is given no more; null: no limit."
    )

    @property
    def fields(self) -> dict[str, Any]:
        return self.model_dump()


class TeamChangesIn(In):
    """Only given fields change. Members are replaced as a whole."""

    name: Name | None = None
    members: People | None = None
    routing: Routing | None = None
    capacity: Capacity | None = None

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given("capacity")


class TeamOut(Out):
    id: int
    name: str
    members: list[int] = Field(description="Telegram ids, in the order in which members take turns.")
    routing: Routing
    capacity: int | None

    @classmethod
    def of(cls, team: Team) -> "TeamOut":
        return cls(
            id=team.id,
            name=team.name,
            members=[member.person.telegram_id for member in team.members],
            routing=team.routing,
            capacity=team.capacity,
        )


class TeamsOut(Out):
    items: list[TeamOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, teams: list[Team]) -> "TeamsOut":
        page_teams, after = page.cut_all(teams, lambda team: team.id)
        return cls(items=[TeamOut.of(team) for team in page_teams], next=after)
