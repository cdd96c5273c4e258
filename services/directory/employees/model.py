"""A person of the city's staff, and the dated posts of that person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from contracts.directory import Assignment, EmployeeChanged, Employment
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from contracts.people import AssignmentRequest, EmployeeChanges, PersonView
from rules.assignments import main_on
from services.directory.words import words_of

NewId = Callable[[AssignmentRequest], str]


@dataclass(frozen=True, slots=True)
class Employee:
    """A person with every post that was ever recorded, by its first day."""

    id: EmployeeId
    name: str
    employment: Employment
    nip: str | None = None
    key: str | None = None
    active: bool = True
    assignments: tuple[Assignment, ...] = ()
    words: tuple[str, ...] = ()
    email: str | None = None

    def changed(self) -> EmployeeChanged:
        """The event that states the whole person."""
        return EmployeeChanged(
            employee=self.id,
            name=self.name,
            nip=self.nip,
            employment=self.employment,
            active=self.active,
            assignments=self.assignments,
            email=self.email,
        )

    def seen_briefly(self, on: date) -> PersonView:
        """Who it is, in which post, where."""
        post = main_on(self.assignments, on)
        return PersonView(
            id=self.id,
            name=self.name,
            position=post.position if post else None,
            agency=AgencyCode(post.agency) if post else None,
        )


def become(employee: Employee | None, wanted: Employee) -> Decision[Employee]:
    """The wanted person, with the event that says so; the same again says nothing new."""
    return Decision(wanted, () if wanted == employee else (wanted.changed(),))


def described(
    employee: Employee | None,
    *,
    id_: EmployeeId,
    name: str,
    employment: Employment,
    nip: str | None,
    key: str | None,
    email: str | None,
) -> Employee:
    """The person with these particulars, posts kept; an e-mail that is not said stays."""
    words = words_of(name)
    if employee is None:
        return Employee(id_, name, employment, nip, key, words=words, email=email)
    return replace(
        employee,
        name=name,
        employment=employment,
        nip=nip,
        key=key,
        words=words,
        email=email or employee.email,
    )


def change(
    employee: Employee | None,
    changes: EmployeeChanges,
    *,
    clear_nip: bool,
    clear_email: bool = False,
) -> Decision[Employee]:
    """Correct particulars; what is absent stays."""
    if employee is None:
        raise Refusal("not_found")
    name = changes.name or employee.name
    wanted = replace(
        employee,
        name=name,
        nip=None if clear_nip else changes.nip or employee.nip,
        email=None if clear_email else changes.email or employee.email,
        employment=changes.employment or employee.employment,
        active=employee.active if changes.active is None else changes.active,
        words=words_of(name),
    )
    return become(employee, wanted)


def assign(
    employee: Employee, request: AssignmentRequest, *, new_id: NewId, recorded_at: datetime
) -> Employee:
    """The person with one more post, or with the post of that id corrected.

    An earlier open-ended main post ends the day before a new main one begins: that is a transfer.
    """
    if request.supervisor == employee.id:
        raise Refusal.invalid("/supervisor", "must be somebody else")
    others = employee.assignments
    if request.id is not None:
        others = tuple(each for each in others if each.id != request.id)
        if len(others) == len(employee.assignments):
            raise Refusal.invalid("/id", "must be the id of a post of this person")
    post = _post(request, request.id or new_id(request), recorded_at)
    if any(_same(post, each) for each in employee.assignments):
        return employee
    others = tuple(_handed_over(each, post, recorded_at) for each in others)
    for each in others:
        if each.main and post.main and _overlap(each, post):
            raise Refusal("overlaps", with_=f"{each.agency} {each.from_}/{each.until or '…'}")
    ordered = sorted([*others, post], key=lambda each: (each.from_, each.id))
    return replace(employee, assignments=tuple(ordered))


def _post(request: AssignmentRequest, id_: str, recorded_at: datetime) -> Assignment:
    return Assignment(
        id=id_,
        agency=request.agency,
        position=request.position,
        supervisor=request.supervisor,
        kind=request.kind,
        main=request.main,
        from_=request.from_,
        until=request.until,
        decree=request.decree,
        recorded_at=recorded_at,
    )


def _same(post: Assignment, other: Assignment) -> bool:
    recorded = {"id": other.id, "recorded_at": other.recorded_at}
    return post.model_copy(update=recorded) == other


def _handed_over(standing: Assignment, post: Assignment, recorded_at: datetime) -> Assignment:
    transfers = standing.main and post.main and standing.until is None
    if not transfers or standing.from_ >= post.from_:
        return standing
    ends = {"until": post.from_ - timedelta(days=1), "recorded_at": recorded_at}
    return standing.model_copy(update=ends)


def _overlap(one: Assignment, other: Assignment) -> bool:
    one_until, other_until = one.until or date.max, other.until or date.max
    return one.from_ <= other_until and other.from_ <= one_until
