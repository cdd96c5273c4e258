"""What concerns somebody, as a condition for lists: own matters, and those of people led."""

from contracts.envelope import Actor
from contracts.outcome import Refusal
from kit.clock import now
from kit.storage.connection import Document
from rules.working_time import zone
from services.attendance.context import Attendance

_CITY_ZONE = "Asia/Jakarta"


async def concerned(actor: Actor, attendance: Attendance) -> Document:
    """A condition on ``employee`` and ``agency``; empty for those who see everything.

    Own matters, those of the people one supervises, those of the agencies one leads; whoever has
    none of these is refused.
    """
    if actor.has("admin", "auditor"):
        return {}
    people: list[str] = []
    if actor.employee is not None:
        today = now().astimezone(zone(_CITY_ZONE)).date()
        supervised = await attendance.copies.people.supervised_by(actor.employee, today)
        people = [actor.employee, *(person.id for person in supervised)]
    tree = await attendance.copies.tree()
    led = {below for scope in actor.scopes("head") for below in tree.below(scope)}
    if not people and not led:
        raise Refusal("forbidden")
    return {"$or": [{"employee": {"$in": sorted(people)}}, {"agency": {"$in": sorted(led)}}]}


def both(one: Document, other: Document) -> Document:
    """Both conditions together; an empty one says nothing."""
    return {"$and": [one, other]} if one and other else one or other
