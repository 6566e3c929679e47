"""Finds the customer whom a command names."""

from holdline.app.command_failed import CommandFailed
from holdline.store.engine import Store
from holdline.store.privacy.person import PersonIds, find_people


async def find_named_person(store: Store, named: str) -> PersonIds:
    """Raises CommandFailed if nobody is meant, or several people are."""
    people = await store.read(find_people, named)
    if not people:
        raise CommandFailed(
            f"there is no customer {named!r}; give our id, such as 12, or telegram:510000001, or @name."
        )
    if len(people) > 1:
        ids = ", ".join(str(person.customer_id) for person in people)
        raise CommandFailed(f"{named} was the name of several customers; give one of the ids {ids}.")
    return people[0]
