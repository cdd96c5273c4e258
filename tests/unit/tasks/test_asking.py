"""What may be asked of whom, who may be sent, and by which words it is found again."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from contracts.help_acts import Reasoned
from contracts.help_requests import HelpWanted, ImportedHelpRequest
from contracts.outcome import Refusal
from services.tasks.help_requests.asking import Asker, new_request
from services.tasks.help_requests.people import check_people
from tests.unit.tasks.builders import CITY, PEOPLE, TUESDAY, wanted

ASKER = Asker("ASKER", TUESDAY, "dewi")


def asked(**said):
    return new_request("id", "SBT/2026/000001", wanted(**said), ASKER, CITY)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"due": TUESDAY}, "/due"),
        ({"due": TUESDAY - timedelta(days=1)}, "/due"),
        ({"due": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "/due"),
        ({"to": ["ASKER"]}, "/to/0"),
        ({"to": ["HELPER", "NOWHERE"]}, "/to/1"),
        ({"to": "anyone", "sensitive": True}, "/sensitive"),
    ],
)
def test_what_cannot_be_asked_says_where_it_is_wrong(said, pointer):
    with pytest.raises(Refusal) as refused:
        asked(**said)

    assert refused.value.problem.code == "validation_failed"
    assert [error.pointer for error in refused.value.problem.errors] == [pointer]


def test_an_agency_is_asked_once_however_often_it_is_named():
    assert asked(to=["HELPER", "SECOND", "HELPER"]).receiving_agencies == ("HELPER", "SECOND")


def test_moments_are_kept_as_they_are_stored():
    request = asked(due=datetime.fromisoformat("2026-11-27T14:00:00.123456+07:00"))

    assert request.due == datetime(2026, 11, 27, 7, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        {"title": ""},
        {"title": "a\x00b"},
        {"title": "x" * 201},
        {"description": "a\x00b"},
        {"people": 0},
        {"people": "2"},
        {"people": 201},
        {"to": []},
        {"to": ["HELPER"] * 101},
        {"to": "somebody"},
        {"to": ["no spaces allowed"]},
        {"priority": "extreme"},
        {"due": "2026-11-27T14:00:00"},
        {"skills": ["x" * 61]},
        {"unknown": 1},
    ],
)
def test_bad_input_is_refused_by_the_contract(said):
    good = wanted().model_dump()

    with pytest.raises(ValidationError):
        HelpWanted.model_validate({**good, **said})


def test_emoji_and_accents_are_taken():
    assert asked(title="Butuh orang 🙏 segera – élan").title == "Butuh orang 🙏 segera – élan"


def test_a_reason_may_be_empty_on_the_wire_so_that_the_rule_can_answer():
    assert Reasoned(reason="  ").reason == ""
    with pytest.raises(ValidationError):
        Reasoned(reason="a\x00")


def test_imported_numbers_are_not_ours():
    item = wanted().model_dump() | {"asking_agency": "ASKER", "requested_at": TUESDAY}

    assert ImportedHelpRequest.model_validate({**item, "number": "800/12/2026"}).number
    with pytest.raises(ValidationError):
        ImportedHelpRequest.model_validate({**item, "number": "SBT/2026/000001"})


@pytest.mark.parametrize("named", [["ani"], ["budi"], ["ani", "budi"]])
def test_people_of_the_agency_and_below_can_be_sent(named):
    check_people(named, agency="HELPER", at=TUESDAY, people=PEOPLE, city=CITY)


@pytest.mark.parametrize("person", ["citra", "dewi", "moved", "gone", "nobody"])
def test_others_cannot_be_sent(person):
    with pytest.raises(Refusal) as refused:
        check_people(["ani", person], agency="HELPER", at=TUESDAY, people=PEOPLE, city=CITY)

    assert refused.value.problem.code == "unknown_employee"
    assert refused.value.problem.facts["employee"] == person
    assert refused.value.problem.facts["on"] == "2026-11-24"
    assert not refused.value.retryable


def test_the_day_decides_who_works_where():
    monday = TUESDAY - timedelta(days=1)

    check_people(["moved"], agency="HELPER", at=monday, people=PEOPLE, city=CITY)


def test_only_ones_own_id_is_worth_waiting_for():
    with pytest.raises(Refusal) as refused:
        check_people(["new"], agency="HELPER", at=TUESDAY, people=PEOPLE, city=CITY, caller="new")

    assert refused.value.retryable


def test_nobody_is_named_twice():
    with pytest.raises(Refusal) as refused:
        check_people(["ani", "ani"], agency="HELPER", at=TUESDAY, people=PEOPLE, city=CITY)

    assert refused.value.problem.errors[0].pointer == "/people"


def test_an_open_call_may_be_narrowed_to_an_area():
    everybody, narrowed = asked(to="anyone"), asked(to="anyone", area=["HELPER", "OTHER"])

    assert everybody.is_open_to("SECOND")
    assert not narrowed.is_open_to("SECOND")
    assert narrowed.is_open_to("HELPER-UNIT")
    assert narrowed.is_open_to("OTHER")


@pytest.mark.parametrize(
    ("other", "pointer"),
    [({"area": ["OTHER"]}, "/area"), ({"to": "anyone", "area": ["NOWHERE"]}, "/area/0")],
)
def test_an_area_is_of_known_agencies_and_for_open_calls(other, pointer):
    with pytest.raises(Refusal) as refused:
        asked(**other)

    assert refused.value.problem.errors[0].pointer == pointer
