"""The demo city is what the documents promise, and the same in every run."""

from collections import Counter
from datetime import date

import pytest

from contracts.places import AgencyRequest, OfficeRequest
from deploy.demo import people, places
from kit.tables import read
from services.directory.imports.plan import Surroundings, plan
from services.directory.imports.rows import COLUMNS, REQUIRED, parse


@pytest.fixture(scope="module")
def made():
    content = people.as_csv(people.posts()).encode()
    rows = read(content, "text/csv", columns=COLUMNS, required=REQUIRED)
    surroundings = Surroundings(set(), set(), {}, {}, lambda key: key)
    return plan(parse(rows), surroundings)


def test_every_row_can_be_taken(made):
    assert made.rejected == []
    assert 590 <= len(made.people) <= 610


def test_it_is_the_same_in_every_run():
    assert people.as_csv(people.posts()) == people.as_csv(people.posts())


def test_the_city_has_its_agencies_and_three_invented_ones():
    listed = places.agencies()
    assert len(listed) == 104
    assert Counter(agency.kind for agency in listed)["kelurahan"] == 54
    invented = [agency for agency in listed if "rekaan" in agency.name]
    assert sorted(agency.kind for agency in invented) == ["puskesmas", "school", "shift_group"]
    known = set()
    for level in places.levels(listed):
        assert all(agency.parent is None or agency.parent in known for agency in level)
        known |= {agency.code for agency in level}
        for agency in level:
            AgencyRequest.model_validate(agency.body)


def test_the_city_hall_is_where_it_is_and_every_other_boundary_says_that_it_is_invented():
    offices = {
        office.code: OfficeRequest.model_validate(office.body) for office in places.offices()
    }
    assert len(offices) == 60
    hall = offices.pop("BALAIKOTA")
    circle = hall.boundary.circle
    assert (circle.lat, circle.lon, circle.radius_m) == (-7.569192, 110.829658, 150)
    assert not hall.invented
    for office in offices.values():
        assert office.invented
        assert "rekaan" in office.name
        assert office.boundary.circle.radius_m == 100
    users = [code for office in [hall, *offices.values()] for code in office.used_by]
    assert Counter(users) == Counter(agency.code for agency in places.agencies())


def test_every_agency_has_an_account_for_its_head_and_an_employee(made):
    names = {person.first.username for person in made.people.values()}
    names.add(people.SECOND_ACTING_ACCOUNT)
    for agency in places.agencies():
        assert {f"kepala.{agency.code.lower()}", f"pegawai.{agency.code.lower()}"} <= names
    assert {"p0001", "p0002", f"p{people.FURTHER:04}"} <= names


def test_the_head_supervises_the_employee(made):
    for agency in places.agencies():
        employee = made.people[f"DEMO-PEGAWAI-{agency.code}"].first
        head = made.people[employee.supervisor]
        assert agency.code in [row.agency for row in head.rows]


def test_the_special_people_are_there(made):
    acting = made.people["DEMO-PLT"].rows
    assert [row.kind for row in acting] == ["definitive", "plt", "plt"]
    kinds = {row.kind for person in made.people.values() for row in person.rows}
    assert "secondment" in kinds
    moved = made.people[f"DEMO-{people.FURTHER - 1:04}"].rows
    assert [row.from_ for row in moved] == [date(2025, 1, 1), date(2026, 11, 16)]
    without = [person for person in made.people.values() if person.first.nip is None]
    assert 10 <= len(without) <= 60


def test_names_and_numbers_are_nobodys(made):
    names = [person.first.name for person in made.people.values()]
    assert len(set(names)) == len(names)
    for person in made.people.values():
        assert person.key.startswith("DEMO-")
        if person.first.nip:
            assert person.first.nip[15] == "9"
