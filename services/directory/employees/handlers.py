"""People: added, corrected, given posts, shown and found."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from contracts.envelope import Answer, Command, EmployeeId, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.people import (
    Assign,
    AssignmentRequest,
    ChangeEmployee,
    CreateEmployee,
    EmployeeView,
    GetEmployee,
    ListEmployees,
    PersonView,
)
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Conflict
from services.directory import access
from services.directory.context import Directory
from services.directory.employees.model import (
    Employee,
    NewId,
    assign,
    become,
    change,
    described,
)
from services.directory.employees.store import id_of_key, main_in
from services.directory.lists import day_of, order
from services.directory.words import all_of, begins

handlers: Handlers[Directory] = Handlers()

_SORTS = {"id": "_id", "name": "name"}


@handlers.handles(CreateEmployee)
async def create_employee(command: Command[CreateEmployee], directory: Directory) -> Verdict:
    """Add a person; the personnel system's key, where there is one, makes the id."""
    access.require(access.administers_city(command.actor))
    person = command.body.person
    await _must_exist(directory, person.assignments)
    id_ = EmployeeId(id_of_key(person.key) if person.key else derived_id(command.id, "employee"))

    def decide(employee: Employee | None) -> Decision[Employee]:
        if employee is not None:
            raise Refusal.invalid("/key", f"there is a person with the key {person.key} already")
        blank = described(
            None,
            id_=id_,
            name=person.name,
            employment=person.employment,
            nip=person.nip,
            key=person.key,
            email=person.email,
        )
        return become(None, reduce(_assigning(command), person.assignments, blank))

    return await _write(directory, id_, decide, command, person.assignments, status=201)


@handlers.handles(ChangeEmployee)
async def change_employee(command: Command[ChangeEmployee], directory: Directory) -> Verdict:
    """Correct a person's record."""
    body = command.body
    await _must_be_writable(command, body.employee, directory)
    return await _write(
        directory,
        body.employee,
        lambda employee: change(
            employee, body.changes, clear_nip=body.clear_nip, clear_email=body.clear_email
        ),
        command,
        if_match=body.if_match,
    )


@handlers.handles(Assign)
async def give_post(command: Command[Assign], directory: Directory) -> Verdict:
    """Give a person a post, also retroactively."""
    body = command.body
    await _must_be_writable(command, body.employee, directory)
    await _must_exist(directory, [body.assignment])

    def decide(employee: Employee | None) -> Decision[Employee]:
        if employee is None:
            raise Refusal("not_found")
        return become(employee, _assigning(command)(employee, body.assignment))

    return await _write(directory, body.employee, decide, command, [body.assignment], status=201)


@handlers.answers(GetEmployee)
async def get_employee(query: Query[GetEmployee], directory: Directory) -> Answer:
    """A person on a day, as much as the caller may see."""
    stored = await directory.employees.get(query.body.employee)
    if stored is None:
        raise Refusal("not_found")
    on = day_of(query.body.on, query.received_at)
    beholder = await directory.beholder(query.actor, on, [stored.state])
    found = beholder.view(stored)
    if found is None:
        raise Refusal("not_found")
    version = stored.version if isinstance(found, EmployeeView) else None
    return Answer(result=found.model_dump_json(by_alias=True), version=version)


@handlers.answers(ListEmployees)
async def list_employees(
    query: Query[ListEmployees], directory: Directory
) -> Page[EmployeeView | PersonView]:
    """People by agency, by the beginnings of words in their names, or by id."""
    access.require(access.sees_people(query.actor))
    body = query.body
    on = day_of(body.on, query.received_at)
    conditions: list[Mapping[str, Any]] = begins(body.q)
    if body.id:
        mine = query.actor.employee or ""
        ids = [mine if each == "me" else each for each in body.id]
        conditions.append({"_id": {"$in": ids}})
    if body.agency:
        conditions.append(main_in(await directory.codes(body.agency, exact=body.exact), on))
    if body.active is not None:
        conditions.append({"active": body.active})
    found, cursor = await directory.employees.page(
        all_of(conditions),
        sort=order(body, _SORTS, "name"),
        limit=body.limit,
        cursor=body.cursor,
    )
    beholder = await directory.beholder(query.actor, on, [each.state for each in found])
    seen = (beholder.view(each) for each in found)
    return Page(items=tuple(each for each in seen if each is not None), next_cursor=cursor)


def _assigning(command: Command[Any]) -> Any:
    new_id: NewId = lambda request: derived_id(  # noqa: E731  # a value, not a name of its own
        command.id, request.agency, request.kind, request.from_, request.position
    )

    def give(employee: Employee, request: AssignmentRequest) -> Employee:
        return assign(employee, request, new_id=new_id, recorded_at=command.received_at)

    return give


async def _must_be_writable(
    command: Command[Any], employee: EmployeeId, directory: Directory
) -> None:
    """404 for those who may not know of the person, 403 for those who may only look."""
    stored = await directory.employees.get(employee)
    if stored is None or not access.sees_people(command.actor):
        raise Refusal("not_found")
    access.require(access.administers_city(command.actor))


async def _must_exist(directory: Directory, posts: Iterable[AssignmentRequest]) -> None:
    """The agencies and supervisors of the posts."""
    asked = list(posts)
    if missing := await directory.agencies.missing({post.agency for post in asked}):
        raise Refusal.invalid("/agency", f"there is no agency {', '.join(sorted(missing))}")
    wanted = {post.supervisor for post in asked if post.supervisor}
    known = await directory.employees.get_many(wanted)
    if unknown := wanted - known.keys():
        raise Refusal.invalid("/supervisor", f"there is no person {', '.join(sorted(unknown))}")


async def _write(
    directory: Directory,
    id_: EmployeeId,
    decide: Any,
    command: Command[Any],
    posts: Iterable[AssignmentRequest] = (),
    *,
    status: int = 200,
    if_match: int | None = None,
) -> Verdict:
    standing = await directory.employees.get(id_)
    named = {EmployeeId(post.supervisor) for post in posts if post.supervisor}
    on = day_of(None, command.received_at)
    beholder = await directory.beholder(
        command.actor, on, [standing.state] if standing else [], also=named
    )
    try:
        return await directory.employees.change(
            id_, decide, command, answer=beholder.record, status=status, if_match=if_match
        )
    except Conflict as conflict:
        raise Refusal.invalid("/nip", "belongs to another person") from conflict
