"""Measurements come in one by one or in files, and are shown with their history."""

from typing import Any

from contracts.envelope import Answer, Command, Query, Verdict
from contracts.measurements import (
    ImportMeasurements,
    IssueKey,
    KeyUsed,
    KeyView,
    ListKeys,
    ListMeasurements,
    MeasurementEntry,
    MeasurementView,
    RecordMeasurement,
    RevokeKey,
    UseKey,
)
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from kit.clock import now
from kit.ids import new_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.measurements import importing, keys
from services.kpi.measurements.keys import Key
from services.kpi.measurements.model import CITY, Entry, Measurement, id_of, record
from services.kpi.measurements.recording import checked, source_of
from services.kpi.measurements.store import Import
from services.kpi.scorecards.reading import today

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(RecordMeasurement)
async def record_measurement(command: Command[RecordMeasurement], kpi: Kpi) -> Verdict:
    """Keep a value for a month; a further one supersedes it, and both stay in the history."""
    request = command.body.measurement
    source = source_of(command.actor)
    found = await checked(request, command.actor, source, kpi)
    entry = Entry(
        request.value, request.evidence, source, command.actor.account, command.received_at
    )
    return await kpi.measurements.change(
        id_of(request.indicator, found.subject.id, request.period),
        lambda known: record(known, found.subject, found.indicator, request.period, entry),
        command,
        answer=view,
    )


@handlers.handles(ImportMeasurements)
async def import_measurements(command: Command[ImportMeasurements], kpi: Kpi) -> Verdict:
    """Take every good row of a file and list every bad one; the same file again changes nothing."""
    access.may_import_measurements(command.actor)
    if command.body.dry_run:
        return Verdict.ok(command, await importing.carry_out(command, kpi))
    known = await kpi.measurement_imports.get(command.id)
    told = known.state.told if known else await importing.carry_out(command, kpi)
    made = Import(command.actor.account, command.received_at, told)
    return await kpi.measurement_imports.change(
        command.id, lambda _: Decision(made), command, answer=lambda stored: stored.state.told
    )


@handlers.answers(ListMeasurements)
async def list_measurements(query: Query[ListMeasurements], kpi: Kpi) -> Page[MeasurementView]:
    """What was measured of one subject, or of an agency and its people."""
    asked = query.body
    if asked.paging.sort is not None:
        raise Refusal.invalid("/sort", "measurements come by indicator, subject and month")
    wanted: dict[str, Any] = await _visible(query, kpi)
    if asked.indicator is not None:
        wanted["indicator"] = asked.indicator
    if asked.period is not None:
        wanted["period"] = asked.period
    found, cursor = await kpi.measurements.page(wanted, asked.paging)
    return Page(items=tuple(view(one) for one in found), next_cursor=cursor)


async def _visible(query: Query[ListMeasurements], kpi: Kpi) -> dict[str, Any]:
    asked, tree = query.body, await kpi.copies.tree()
    if (asked.subject is None) == (asked.agency is None):
        raise Refusal.invalid("/subject", "name either a subject or an agency")
    if asked.agency is not None:
        known = await kpi.copies.knows_agency(asked.agency)
        access.may_see_facts_of_agency(query.actor, asked.agency, tree, known=known)
        codes = [asked.agency] if asked.exact else sorted(tree.below(asked.agency))
        return {"agency": {"$in": codes}}
    subject = str(asked.subject)
    if subject == CITY:
        access.may_see_score_of_agency(query.actor, known=True)
    elif await kpi.copies.knows_agency(subject):
        access.may_see_facts_of_agency(query.actor, subject, tree, known=True)
    else:
        person = await kpi.copies.person(subject)
        access.may_see_scores_of(query.actor, person, tree, today(query))
    return {"subject": subject}


@handlers.answers(IssueKey)
async def issue_key(query: Query[IssueKey], kpi: Kpi) -> Answer:
    """Make a key and show it; nothing that could show it again is kept."""
    access.may_issue_keys(query.actor)
    request, id_, secret = query.body.request, new_id(), keys.new_secret()
    known = {one.code for one in await kpi.book.versions()}
    for place, code in enumerate(request.indicators):
        if code not in known:
            raise Refusal.invalid(f"/indicators/{place}", f"there is no indicator {code}")
    cause = Cause(query.id, query.correlation_id, query.actor, query.received_at)
    await kpi.measurement_keys.change(
        id_,
        lambda _: keys.issue(id_, request, secret, by=query.actor.account, at=now()),
        cause,
    )
    stored = await kpi.measurement_keys.get(id_)
    assert stored is not None
    shown = key_view(stored).model_copy(update={"key": keys.told(id_, secret)})
    return Answer(status=201, result=shown.model_dump_json())


@handlers.answers(UseKey)
async def use_key(query: Query[UseKey], kpi: Kpi) -> KeyUsed:
    """Whose key this is; refused if it is none, revoked, or past its day."""
    id_, secret = keys.parted(query.body.key)
    stored = await kpi.measurement_keys.get(id_)
    on = query.received_at.astimezone(CITY_ZONE).date()
    if stored is None or not stored.state.opens(secret, on):
        raise Refusal("token_invalid")
    return KeyUsed(account=f"{keys.ACCOUNT}{id_}")


@handlers.answers(ListKeys)
async def list_keys(query: Query[ListKeys], kpi: Kpi) -> Page[KeyView]:
    """The keys that were issued, the newest first."""
    access.may_issue_keys(query.actor)
    if query.body.paging.sort is not None:
        raise Refusal.invalid("/sort", "keys come newest first")
    found, cursor = await kpi.measurement_keys.page(query.body.paging)
    return Page(items=tuple(key_view(one) for one in found), next_cursor=cursor)


@handlers.handles(RevokeKey)
async def revoke_key(command: Command[RevokeKey], kpi: Kpi) -> Verdict:
    """Refuse the key from now on."""
    access.may_issue_keys(command.actor)
    id_ = command.body.key_id
    return await kpi.measurement_keys.change(
        id_,
        lambda key: keys.revoke(key, id_, by=command.actor.account, at=command.received_at),
        command,
        answer=key_view,
    )


def view(stored: Stored[Measurement]) -> MeasurementView:
    """A measurement as answers show it."""
    measured = stored.state
    history = tuple(
        MeasurementEntry(
            number=number,
            value=entry.value,
            evidence=entry.evidence,
            source=entry.source,
            by=entry.by,
            at=entry.at,
        )
        for number, entry in enumerate(measured.history, start=1)
    )
    return MeasurementView(
        id=stored.id,
        indicator=measured.indicator,
        subject=measured.subject,
        subject_kind=measured.kind,
        agency=measured.agency,
        period=measured.period,
        value=measured.value,
        unit=measured.unit,
        history=history,
        version=stored.version,
    )


def key_view(stored: Stored[Key]) -> KeyView:
    """A key as answers show it, without its secret."""
    key = stored.state
    return KeyView(
        id=stored.id,
        name=key.name,
        indicators=key.indicators,
        until=key.until,
        issued_by=key.issued_by,
        issued_at=key.issued_at,
        revoked_by=key.revoked_by,
        revoked_at=key.revoked_at,
        actions=() if key.revoked_at else ("revoke",),
    )
