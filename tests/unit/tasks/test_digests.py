"""When digests go out, and what they say."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.digests.letter import MOST_SHOWN, letter
from services.tasks.digests.model import next_digest_at, rest_after
from services.tasks.notifications import model
from services.tasks.notifications.model import KEPT, Notification
from services.tasks.notifications.visibility import Surroundings
from tests.unit.tasks.builders import CITY, PEOPLE, TUESDAY, a_request

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001  # made aware
    lambda moment: moment.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-24T22:59:59+00:00", "Asia/Jakarta", "2026-11-24T23:00:00+00:00"),
        ("2026-11-24T23:00:00+00:00", "Asia/Jakarta", "2026-11-25T23:00:00+00:00"),
        ("2026-11-24T21:30:00+00:00", "Asia/Jayapura", "2026-11-25T21:00:00+00:00"),
    ],
)
def test_a_digest_goes_out_at_the_hour_of_the_place(moment, zone, expected):
    found = next_digest_at(datetime.fromisoformat(moment), zone, 6)

    assert found == datetime.fromisoformat(expected)


@given(moments, st.sampled_from(ZONES), st.integers(0, 23))
def test_the_next_digest_is_ahead_and_within_a_day(moment, zone, hour):
    found = next_digest_at(moment, zone, hour)

    assert timedelta(0) < found - moment <= timedelta(days=1)
    assert next_digest_at(found, zone, hour) - found == timedelta(days=1)


def test_rests_grow_up_to_an_hour():
    rests = [rest_after(attempts) for attempts in range(1, 9)]

    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(minutes=1), timedelta(hours=1))


def told(request, kind="help_asked", place=0):
    return Notification(
        id=f"n-{place}",
        person="dewi",
        kind=kind,
        at=TUESDAY,
        resource="help_request",
        subject=request.id,
        expires_at=TUESDAY + KEPT,
        facts={"number": request.number, "asking": "ASKER"},
        mail="waiting",
        mail_at=TUESDAY,
    )


def written(*notifications, request, url="https://sambatan.example.go.id/settings"):
    around = Surroundings(CITY, PEOPLE, {request.id: request}, {}, TUESDAY.date())
    message = letter(
        "dewi",
        "dewi@example.go.id",
        notifications,
        around,
        on=date(2026, 11, 24),
        at=TUESDAY,
        sender="sambatan@example.go.id",
        preferences_url=url,
    )
    return message_from_bytes(message.as_bytes(), policy=default)


def test_a_letter_says_in_both_languages_what_waits():
    request = a_request()

    message = written(told(request), request=request)

    text = message.get_content()
    assert "Selamat pagi, Dewi." in text
    assert f"Dinas ASKER meminta bantuan: {request.number} “{request.title}”." in text
    assert f"Dinas ASKER asks for help: {request.number} “{request.title}”." in text
    assert "24 November 2026" in text
    assert message["Subject"] == "Sambatan: 1 hal untuk Anda / 1 things for you"
    assert message["List-Unsubscribe"] == "<https://sambatan.example.go.id/settings>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert (message["From"], message["To"]) == (
        "Sambatan <sambatan@example.go.id>",
        "dewi@example.go.id",
    )


def test_the_letter_of_a_person_and_day_keeps_its_id():
    request = a_request()

    first, second = (written(told(request), request=request) for _ in range(2))

    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.go.id>")


def test_the_title_of_a_sensitive_request_does_not_travel():
    request = a_request(sensitive=True)

    text = written(told(request), request=request, url=None).get_content()

    assert request.title not in text
    assert request.number in text


def test_a_long_list_is_cut_and_says_so():
    request = a_request()
    many = [told(request, place=place) for place in range(MOST_SHOWN + 7)]

    text = written(*many, request=request).get_content()

    assert text.count("meminta bantuan") == MOST_SHOWN
    assert "… dan 7 lainnya." in text
    assert "… and 7 more." in text


def test_what_was_mailed_or_read_is_not_mailed_again():
    waiting = told(a_request())

    settled = model.mailed(waiting).state
    later = model.mail_later(TUESDAY + timedelta(hours=1), waiting).state

    assert (settled.mail, settled.mail_at) == ("settled", None)
    assert later.mail_at == TUESDAY + timedelta(hours=1)
    assert model.mail_later(TUESDAY, settled).state == settled
    assert model.read(waiting, TUESDAY).mail_at is None
