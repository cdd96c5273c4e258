"""Lines are kept as they came, before anybody is told that they were; then they are counted."""

from collections.abc import Sequence

from contracts.device_lines import ImportLines, LinesTaken, NoteOperations, ReadLines, StoreLines
from contracts.envelope import Command, Query, Verdict
from contracts.outcome import Refusal
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.device_lines import operations
from services.attendance.device_lines.marks import day_key
from services.attendance.device_lines.model import Line
from services.attendance.device_lines.placing import placed
from services.attendance.device_lines.reading import Batch, Delivery, read_batch, told
from services.attendance.devices.contacts import Upload
from services.attendance.devices.model import Device

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(StoreLines)
async def store_lines(command: Command[StoreLines], attendance: Attendance) -> Verdict:
    """Keep the lines a machine pushed; that it might push was decided when it called."""
    body = command.body
    access.may_push_lines(command.actor, body.serial)
    device = await attendance.devices.find(body.serial)
    if device is None:
        raise Refusal("device_unknown")
    delivery = Delivery(command.id, command.received_at, "push")
    batch = read_batch(device, body.lines, delivery)
    return Verdict.ok(command, await _take(attendance, device, batch, delivery, body.stamp))


@handlers.handles(ImportLines)
async def import_lines(command: Command[ImportLines], attendance: Attendance) -> Verdict:
    """Keep lines of an export file as the machine's own."""
    access.may_import_punches(command.actor)
    body = command.body
    device = (await attendance.devices.get(body.serial)).state
    delivery = Delivery(command.id, command.received_at, "file", body.first)
    batch = read_batch(device, body.lines, delivery)
    await attendance.imports.check(command)
    taken = await _take(attendance, device, batch, delivery, None)
    return await attendance.imports.told(command, taken)


@handlers.answers(ReadLines)
async def read_lines(query: Query[ReadLines], attendance: Attendance) -> LinesTaken:
    """What an import of these lines would do."""
    access.may_import_punches(query.actor)
    body = query.body
    device = (await attendance.devices.get(body.serial)).state
    delivery = Delivery(query.id, query.received_at, "file", body.first)
    batch = read_batch(device, body.lines, delivery)
    lines = await placed(attendance, device.serial, batch.kept())
    known = await attendance.lines.known(line.id for line in lines)
    return told(batch, lines, {line.id for line in lines} - known, preview=True)


@handlers.handles(NoteOperations)
async def note_operations(command: Command[NoteOperations], attendance: Attendance) -> Verdict:
    """Keep what was done at a machine; a clock that was set is shown with the machine."""
    body = command.body
    access.may_push_lines(command.actor, body.serial)
    read = [(done, raw) for raw in body.lines if (done := operations.read(raw))]
    await attendance.operations.append(body.serial, read, command.received_at)
    set_at = [done.wall for done, _ in read if done.code == operations.CLOCK_SET]
    if set_at:
        await attendance.contacts.clock_set(body.serial, max(set_at))
    return Verdict(command=command.id, status=200)


async def _take(
    attendance: Attendance, device: Device, batch: Batch, delivery: Delivery, stamp: str | None
) -> LinesTaken:
    """Append, mark, count: in this order, so that a crash in between repeats what is missing.

    One upload at a time: the lines of a machine that was away for a week wait for each other, and
    check-ins find the database free in between.
    """
    async with attendance.lines.one_at_a_time:
        lines = await placed(attendance, device.serial, batch.kept())
        new = await attendance.lines.append(lines)
        days = {line.day for line in lines if line.id in new and line.day}
        if days:
            await attendance.lines.marks.add(*(day_key(day) for day in sorted(days)))
        fresh = [line for line in lines if line.id in new]
        figures = _figures(delivery, fresh, len(batch.lines), stamp)
        await attendance.contacts.uploaded(device.serial, figures)
    return told(batch, lines, new)


def _figures(delivery: Delivery, fresh: Sequence[Line], received: int, stamp: str | None) -> Upload:
    """The figures of an upload: every line is new and stored, new and unreadable, or a repeat."""
    unreadable = sum(line.status == "unreadable" for line in fresh)
    counts = {
        "received": received,
        "stored": len(fresh) - unreadable,
        "duplicates": received - len(fresh),
        "unreadable": unreadable,
    }
    pushed = [line for line in fresh if line.source == "push" and line.at is not None]
    believed = [line.wall for line in pushed if line.status != "implausible"]
    return Upload(
        id=delivery.id,
        received_at=delivery.received_at,
        counts=counts,
        newest=max((line.at for line in pushed if line.at is not None), default=None),
        newest_wall=max(believed, default=None),
        stamp=stamp,
        live=delivery.source == "push",
    )
