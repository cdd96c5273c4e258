"""The file of the machine, read by the parser of the product."""

from datetime import date
from zoneinfo import ZoneInfo

from deploy.demo.play import attlog
from deploy.demo.play.workday import most_recent
from services.attendance.devices.attlog import parse
from tests.unit.demo.builders import a_cast

DAY = most_recent(date(2026, 11, 24))
CAST = a_cast()
PEOPLE = attlog.users(CAST)
FILE = attlog.export(DAY, CAST, PEOPLE)


def test_the_file_is_the_same_for_the_same_date() -> None:
    assert attlog.export(DAY, CAST, PEOPLE) == FILE


def test_everybody_has_an_arrival_and_a_departure_in_the_file() -> None:
    lines, unreadable = parse(FILE.text, ZoneInfo("Asia/Jakarta"))

    assert FILE.scans == 2 * len(PEOPLE)
    assert len(lines) + len(unreadable) == FILE.expected()["lines"]
    assert {line.at.date() for line in lines} == {DAY.on}


def test_exactly_the_damaged_line_cannot_be_read() -> None:
    _, unreadable = parse(FILE.text, ZoneInfo("Asia/Jakarta"))

    assert [line.number for line in unreadable] == [FILE.bad_line]


def test_one_line_is_there_twice_and_one_pin_belongs_to_nobody() -> None:
    lines, _ = parse(FILE.text, ZoneInfo("Asia/Jakarta"))
    known = {person.nip for person in PEOPLE} | set(FILE.pins)

    said = [(line.pin, line.at, line.direction) for line in lines]
    assert len(said) - len(set(said)) == 1
    assert {line.pin for line in lines} - known == {attlog.UNKNOWN_PIN}


def test_who_has_no_number_gets_a_short_pin() -> None:
    without = {person.id for person in PEOPLE if person.nip is None}

    assert without <= set(FILE.pins.values())
