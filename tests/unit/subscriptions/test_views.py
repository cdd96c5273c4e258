"""Events as the log keeps them: whole for the city, reduced for everybody else."""

import json

import pytest

from contracts.catalogue import EVENTS
from contracts.envelope import Event, EventData
from contracts.subscriptions import EventPage, FollowedPage
from kit.clock import now
from services.subscriptions.log import messages
from services.subscriptions.log.model import Placed, Reading

KEY = "the key of a log"


def an_event(data: EventData) -> Event[EventData]:
    return Event[EventData](
        id="an-id",
        source="tasks.help_requests",
        type=data.type,
        subject="a-subject",
        time=now(),
        sequence=3,
        correlationid="asked-by-siti",
        causationid="a-command",
        agency=data.about_agency(),
        actor="pegawai.dinkes",
        data=data,
    )


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_the_city_sees_the_whole_event(name):
    data = EVENTS[name].example()

    told = json.loads(messages.entry_of(an_event(data)).event)

    assert told["data"] == json.loads(data.model_dump_json(by_alias=True))
    assert (told["actor"], told["correlationid"]) == ("pegawai.dinkes", "asked-by-siti")


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_outsiders_see_the_public_model_without_actor_or_correlation(name):
    data = EVENTS[name].example()

    entry = messages.entry_of(an_event(data))

    if type(data).public is None:
        assert entry.public is None
        return
    told = json.loads(entry.public)
    assert set(told["data"]) <= set(type(data).public.model_json_schema()["properties"])
    assert not {"actor", "correlationid", "causationid"} & set(told)
    assert "siti" not in entry.public


def test_a_page_is_json_of_the_contract():
    entry = messages.entry_of(an_event(EVENTS["directory.agency.changed.v1"].example()))
    placed = Placed(5, entry.id, entry.type, entry.agency, entry.public)
    reading = Reading((placed, placed), 9)

    page = EventPage.model_validate_json(messages.page_text(reading, KEY))
    followed = FollowedPage.model_validate_json(messages.followed_text(reading, KEY))

    assert [event.id for event in page.items] == ["an-id", "an-id"]
    assert page.next_cursor == followed.next_cursor
    assert followed.items[0].cursor != followed.next_cursor


def test_an_empty_page_is_json_too():
    page = EventPage.model_validate_json(messages.page_text(Reading((), 0), KEY))

    assert page.items == ()
