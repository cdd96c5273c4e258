"""People taken over from a file, with a dry run that lists every bad row and writes nothing."""

import asyncio
import base64
import binascii
from datetime import datetime
from functools import reduce

from contracts.envelope import Command, EmployeeId, Verdict
from contracts.outcome import Decision, Refusal
from contracts.people import AssignmentRequest, ImportEmployees, ImportView, RejectedRow
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Conflict, Stored
from kit.tables import read
from services.directory import access
from services.directory.accounts.model import Account, provide
from services.directory.context import Directory
from services.directory.employees.model import Employee, assign, become, described
from services.directory.employees.store import id_of_key
from services.directory.imports.plan import PersonPlan, Plan, Surroundings, plan
from services.directory.imports.rows import COLUMNS, REQUIRED, PostRow, Reading, parse
from services.directory.imports.store import Import

handlers: Handlers[Directory] = Handlers()

_AT_ONCE = 64


@handlers.handles(ImportEmployees)
async def import_employees(command: Command[ImportEmployees], directory: Directory) -> Verdict:
    """Take over people, posts and accounts; the same file again changes nothing."""
    access.require(access.administers_city(command.actor))
    if await directory.imports.get(command.id) is not None:
        return await _conclude(command, directory, ImportView(accepted=0))
    reading = await asyncio.to_thread(_read, command.body)
    made = await _plan(reading, directory)
    work = _Work(command, directory, made)
    unchanged = await work.judge()
    if not command.body.dry_run:
        await work.write()
    view = ImportView(
        dry_run=command.body.dry_run,
        accepted=made.accepted,
        unchanged=unchanged,
        rejected=tuple(sorted(made.rejected, key=lambda bad: (bad.row, bad.column or ""))),
    )
    if command.body.dry_run:
        return Verdict.ok(command, view)
    return await _conclude(command, directory, view)


async def _conclude(
    command: Command[ImportEmployees], directory: Directory, view: ImportView
) -> Verdict:
    done = Import(
        account=command.actor.account,
        at=command.received_at,
        accepted=view.accepted,
        unchanged=view.unchanged,
        rejected=view.rejected,
    )
    return await directory.imports.change(
        command.id, lambda _: Decision(done), command, answer=_view
    )


def _view(stored: Stored[Import]) -> ImportView:
    return ImportView(
        accepted=stored.state.accepted,
        unchanged=stored.state.unchanged,
        rejected=stored.state.rejected,
    )


def _read(body: ImportEmployees) -> Reading:
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Refusal("malformed", reason="not base64") from error
    return parse(read(content, body.media_type, columns=COLUMNS, required=REQUIRED))


async def _plan(reading: Reading, directory: Directory) -> Plan:
    rows = reading.rows
    named = {row.agency for row in rows}
    named |= {grant.scope for row in rows for grant in row.roles if grant.scope != "*"}
    keys = {id_of_key(row.supervisor): row.supervisor for row in rows if row.supervisor}
    known = await directory.employees.get_many(keys)
    accounts = await directory.accounts.get_many({row.username for row in rows if row.username})
    surroundings = Surroundings(
        missing_agencies=await directory.agencies.missing(named),
        known_keys={keys[id_] for id_ in known},
        nip_holders=await directory.employees.holders({row.nip for row in rows if row.nip}),
        account_holders={name: stored.state.employee for name, stored in accounts.items()},
        id_of=id_of_key,
    )
    return plan(reading, surroundings)


class _Work:
    """The changes of one import: judged on what is known, then written, a chunk at a time."""

    def __init__(self, command: Command[ImportEmployees], directory: Directory, made: Plan) -> None:
        self._command = command
        self._directory = directory
        self._plan = made
        self._at: datetime = command.received_at
        self._new: list[PersonPlan] = []

    async def judge(self) -> int:
        """Find out who is new or changed, and return how many rows repeat what is known.

        People whose main posts overlap are left out.
        """
        ids = {key: id_of_key(key) for key in self._plan.people}
        known = await self._directory.employees.get_many(ids.values())
        names = {p.first.username for p in self._plan.people.values() if p.first.username}
        accounts = await self._directory.accounts.get_many(names)
        unchanged = 0
        for person in list(self._plan.people.values()):
            stored, account = known.get(ids[person.key]), accounts.get(person.first.username or "")
            try:
                wanted = self._person(stored.state if stored else None, person)
            except Refusal as refusal:
                self._plan.drop(person, [_overlapping(person, refusal)])
                continue
            held = self._account(account.state if account else None, person)
            if stored and wanted.state == stored.state and (not held or not held.events):
                unchanged += len(person.rows)
            else:
                self._new.append(person)
        return unchanged

    async def write(self) -> None:
        """Write what is new, in chunks that the database takes as one batch each."""
        for start in range(0, len(self._new), _AT_ONCE):
            await asyncio.gather(*map(self._write, self._new[start : start + _AT_ONCE]))

    async def _write(self, person: PersonPlan) -> None:
        cause = Cause.derived(self._command, "person", person.key)
        try:
            await self._directory.employees.change(
                id_of_key(person.key), lambda employee: self._person(employee, person), cause
            )
        except (Refusal, Conflict) as late:
            self._plan.drop(person, [_late(person, late)])
            return
        username = person.first.username
        if username is None:
            return
        await self._directory.accounts.change(
            username,
            lambda account: self._account(account, person) or _nothing(),
            Cause.derived(self._command, "account", username),
        )

    def _person(self, employee: Employee | None, person: PersonPlan) -> Decision[Employee]:
        first = person.first
        start = described(
            employee,
            id_=EmployeeId(id_of_key(person.key)),
            name=first.name,
            employment=first.employment,
            nip=first.nip,
            key=person.key,
            email=first.email,
        )
        return become(employee, reduce(self._assigned, person.posts, start))

    def _assigned(self, employee: Employee, row: PostRow) -> Employee:
        """The post of the row, which corrects one of the same agency, kind and first day."""
        same = [
            post.id
            for post in employee.assignments
            if (post.agency, post.kind, post.from_) == (row.agency, row.kind, row.from_)
        ]
        request = AssignmentRequest(
            id=same[0] if same else None,
            agency=row.agency,
            position=row.position,
            supervisor=EmployeeId(id_of_key(row.supervisor)) if row.supervisor else None,
            kind=row.kind,
            main=row.main,
            from_=row.from_,
            until=row.until,
            decree=row.decree,
        )
        return assign(
            employee,
            request,
            new_id=lambda _: derived_id("post", row.key, row.agency, row.kind, row.from_),
            recorded_at=self._at,
        )

    def _account(self, account: Account | None, person: PersonPlan) -> Decision[Account] | None:
        if person.first.username is None:
            return None
        return provide(
            account,
            person.first.username,
            employee=EmployeeId(id_of_key(person.key)),
            grants=person.grants,
            at=self._at,
        )


def _nothing() -> Decision[Account]:
    raise LookupError("a person without a user name has no account to write")


def _overlapping(person: PersonPlan, refusal: Refusal) -> RejectedRow:
    facts = ", ".join(str(value) for value in refusal.problem.facts.values())
    detail = f"the main posts of a person may not overlap: {facts}"
    return RejectedRow(row=person.first.row, column="from", detail=detail)


def _late(person: PersonPlan, late: Refusal | Conflict) -> RejectedRow:
    column = "nip" if isinstance(late, Conflict) else "from"
    detail = "was taken by somebody else while the file was read; repeat the import"
    return RejectedRow(row=person.first.row, column=column, detail=detail)
