"""The file of the machine, read by the parser of the product."""

from datetime import UTC, date, datetime, time

from contracts.envelope import OfficeCode
from deploy.demo.play import attlog
from deploy.demo.play.workday import most_recent
from services.attendance.device_lines.reading import Delivery, read_batch
from services.attendance.devices.model import Device
from tests.unit.demo.builders import a_cast

DAY = most_recent(date(2026, 11, 24))
CAST = a_cast()
PEOPLE = attlog.users(CAST)
FILE = attlog.export(DAY, CAST, PEOPLE)


def read():
    device = Device(attlog.SERIAL, OfficeCode("BALAIKOTA"), "Asia/Jakarta")
    delivery = Delivery("import", datetime.combine(DAY.on, time(15), UTC), "file")
    return read_batch(device, FILE.text.split("\n"), delivery)


def test_the_file_is_the_same_for_the_same_date() -> None:
    assert attlog.export(DAY, CAST, PEOPLE) == FILE


def test_everybody_has_an_arrival_and_a_departure_in_the_file() -> None:
    batch = read()

    assert FILE.scans == 2 * len(PEOPLE)
    assert len(batch.lines) == FILE.expected()["lines"]
    assert {line.wall[:10] for _, line in batch.lines if line.pin} == {DAY.on.isoformat()}


def test_exactly_the_damaged_line_cannot_be_read() -> None:
    assert list(read().odd) == [FILE.bad_line]


def test_one_line_is_there_twice_and_one_pin_belongs_to_nobody() -> None:
    batch = read()
    known = {person.nip for person in PEOPLE} | set(FILE.pins)

    assert len(batch.lines) - len(batch.kept()) == 1
    assert {line.pin for line in batch.kept() if line.pin} - known == {attlog.UNKNOWN_PIN}


def test_who_has_no_number_gets_a_short_pin() -> None:
    without = {person.id for person in PEOPLE if person.nip is None}

    assert without <= set(FILE.pins.values())
