"""Who of a team gets the next dialog."""

import pytest

from holdline.dialogs.decisions.team import Candidate, Routing, Team, choose_member

ANNA, BORIS, VERA = 1, 2, 3


def team(routing: Routing, capacity: int | None = None) -> Team:
    return Team(1, "Refunds", routing, capacity)


@pytest.mark.parametrize(
    ("routing", "capacity", "loads", "turns", "expected"),
    [
        ("manual", None, (0, 0, 0), (0, 0, 0), None),
        ("round_robin", None, (9, 0, 0), (0, 0, 0), ANNA),
        ("round_robin", None, (0, 9, 0), (5, 3, 4), BORIS),
        ("round_robin", 9, (0, 9, 0), (5, 3, 4), VERA),
        ("least_loaded", None, (2, 1, 1), (0, 7, 6), VERA),
        ("least_loaded", None, (1, 1, 1), (0, 0, 0), ANNA),
        ("least_loaded", 1, (1, 1, 0), (0, 0, 9), VERA),
        ("least_loaded", 1, (1, 1, 1), (0, 0, 0), None),
        ("round_robin", 1, (1, 2, 3), (0, 0, 0), None),
    ],
)
def test_the_next_member_is_chosen_by_the_routing_of_the_team(
    routing: Routing,
    capacity: int | None,
    loads: tuple[int, ...],
    turns: tuple[int, ...],
    expected: int | None,
) -> None:
    ready = [
        Candidate(who, *facts)
        for who, facts in zip((ANNA, BORIS, VERA), zip(loads, turns, strict=True), strict=True)
    ]
    assert choose_member(team(routing, capacity), ready) == expected


def test_nobody_is_chosen_if_no_member_is_ready() -> None:
    assert choose_member(team("round_robin"), []) is None


@pytest.mark.parametrize(("load", "expected"), [(0, BORIS), (1, ANNA)])
def test_the_last_handler_is_preferred_within_the_capacity(load: int, expected: int) -> None:
    ready = [Candidate(ANNA, 0, 0), Candidate(BORIS, load, 5)]
    assert choose_member(team("round_robin", 1), ready, last_handler=BORIS) == expected
