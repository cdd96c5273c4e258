"""What is shown of a request, and the record that the e-office signs."""

import base64
import re
import zlib
from datetime import timedelta

import pytest

from contracts import tasks
from contracts.catalogue import EVENTS
from contracts.outcome import Refusal
from contracts.public_view import public_view
from services.tasks.help_requests import assignment_record, decisions, messages
from services.tasks.help_requests.messages import Onlooker
from tests.unit.tasks.builders import CITY, PEOPLE, TUESDAY, a_deed, a_request, an_actor, in_state

NOW = TUESDAY + timedelta(minutes=10)
FACTS = [each for each in EVENTS.values() if issubclass(each, tasks.HelpRequestFacts)]
HELPER = Onlooker(an_actor(("head", "HELPER"), employee="hhelper"), NOW, CITY, PEOPLE)


def test_people_are_shown_by_name_and_post_and_nothing_else():
    shown = messages.view(in_state("accepted"), 2, HELPER)

    assert shown.people_assigned[0].model_dump() == {
        "id": "ani",
        "name": "Ani",
        "position": "Pranata Komputer",
        "agency": "HELPER",
    }
    assert shown.requested_by.name == "Dewi"


def test_moments_are_shown_in_the_zone_of_the_asking_agency():
    shown = messages.view(in_state("requested"), 1, HELPER)

    assert shown.requested_at.isoformat() == "2026-11-24T08:20:00+07:00"
    assert shown.service_level.response.as_of.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("state", "holder", "response", "completion"),
    [
        ("requested", "receiving", "running", None),
        ("clarifying", "asking", "paused", None),
        ("accepted", "receiving", "met", "running"),
        ("in_progress", "receiving", "met", "running"),
        ("delivered", "asking", "met", "met"),
        ("confirmed", None, "met", "met"),
        ("declined", None, "met", None),
        ("withdrawn", None, None, None),
    ],
)
def test_service_level_by_state(state, holder, response, completion):
    level = messages.service_level(in_state(state), NOW, CITY)

    assert level.holder == holder
    assert (level.response.state if level.response else None) == response
    assert (level.completion.state if level.completion else None) == completion


def test_an_unanswered_request_that_expired_is_breached():
    request = in_state("expired")

    level = messages.service_level(request, request.due + timedelta(days=5), CITY)

    assert level.response.state == "breached"
    assert level.response.remaining_minutes < 0


def test_time_with_the_asker_does_not_count_for_the_helper():
    delivered = in_state("delivered")
    returned = decisions.send_back(
        delivered, a_deed("asking", "ASKER", at=TUESDAY + timedelta(days=1)), "Kurang"
    ).state

    level = messages.service_level(returned, TUESDAY + timedelta(days=1, minutes=5), CITY)

    assert level.completion.elapsed_minutes == 2 + 5


def test_the_time_line_names_who_did_what_for_whom():
    request = in_state("confirmed")
    lines = messages.timeline(request, HELPER).items

    actions = [line.action for line in lines]
    assert actions == ["request", "accept", "start", "deliver", "confirm"]
    assert [line.before for line in lines][1:] == [line.after for line in lines][:-1]
    assert [person.name for person in lines[1].people] == ["Ani"]


def test_the_record_is_a_pdf_and_the_same_every_time():
    request = in_state("accepted")

    record = assignment_record.write(request, CITY, PEOPLE)

    assert record.startswith(b"%PDF-")
    assert record == assignment_record.write(request, CITY, PEOPLE)
    assert assignment_record.write(in_state("in_progress"), CITY, PEOPLE) != record


def test_the_record_takes_any_text_and_any_length():
    request = in_state(
        "accepted", title="🙏 <b>&amp; </para>", description="baris <i>\n" * 360 + "日本 \t x"
    )

    assert assignment_record.write(request, CITY, PEOPLE).count(b"/Type /Page\n") >= 3


def text_of(record):
    """The words of a PDF that reportlab wrote."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", record, re.DOTALL)
    pages = (zlib.decompress(base64.a85decode(each.strip(), adobe=True)) for each in streams)
    shown = b" ".join(b"".join(re.findall(rb"\((.*?)\) Tj", page)) for page in pages)
    return shown.decode("cp1252")


def test_the_record_names_all_that_an_assignment_needs():
    accepted = decisions.accept(
        a_request(skills=["basis data"], sensitive=True), a_deed(by="budi"), ["ani"]
    ).state
    other = decisions.assign(accepted, a_deed(by="budi", at=NOW), ["budi"]).state

    text = text_of(assignment_record.write(other, CITY, PEOPLE))

    for stated in (
        "SBT/2026/000001/ST-2",  # its number, and the one it replaces
        "SBT/2026/000001/ST-1",
        "SBT/2026/000001",
        "24 November 2026",
        "DINAS HELPER",
        "Dinas ASKER",
        "Budi",
        "Pranata Komputer",
        "Dinas HELPER-UNIT",
        "Dewi, Pranata Komputer",
        "basis data",
        "08.30 WIB",
        "27 November 2026",
        "TERBATAS",
        "Memindahkan data pegawai.",
    ):
        assert stated in text, stated
    assert "Ani" not in text


def test_each_agency_that_helps_has_a_record_of_its_own():
    both = a_request(("HELPER", "SECOND"), mode="parts")
    both = decisions.accept(both, a_deed(), ["ani"]).state
    both = decisions.accept(both, a_deed(agency="SECOND"), ["citra"]).state

    first = text_of(assignment_record.write(both, CITY, PEOPLE))
    second = text_of(assignment_record.write(both, CITY, PEOPLE, agency="SECOND"))

    assert "Ani" in first
    assert "Citra" not in first
    assert "Citra" in second
    assert "/ST-2" in second
    with pytest.raises(Refusal):
        assignment_record.write(both, CITY, PEOPLE, agency="OTHER")


@pytest.mark.parametrize("state", ["requested", "clarifying", "declined", "expired"])
def test_there_is_no_record_before_somebody_is_assigned(state):
    with pytest.raises(Refusal) as refused:
        assignment_record.write(in_state(state), CITY, PEOPLE)

    assert refused.value.problem.code == "wrong_state"


@pytest.mark.parametrize("type_", [each for each in FACTS if each.public])
def test_no_person_and_no_text_leaves_the_city(type_):
    event = type_.example()

    public = event.public.model_validate(event.model_dump())

    said = public.model_dump_json()
    assert event.people_assigned == () or event.people_assigned[0] not in said
    assert set(public.model_dump()) <= set(event.model_dump())
    assert type_.model_validate_json(event.model_dump_json()) == event


@pytest.mark.parametrize("type_", [each for each in FACTS if each.public])
def test_a_sensitive_request_has_no_public_view(type_):
    event = type_.example().model_copy(update={"sensitive": True})

    assert public_view(type_.example()) is not None
    assert public_view(event) is None


def test_events_say_that_a_request_is_sensitive():
    told = decisions.decline(a_request(sensitive=True), a_deed(), "Penuh").events

    assert [event.sensitive for event in told] == [True]
