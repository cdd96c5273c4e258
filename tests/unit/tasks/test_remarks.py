"""Words and files that both sides add to a request without moving it."""

from dataclasses import replace

import pytest

from contracts.outcome import Refusal
from services.tasks import access
from services.tasks.help_requests import messages
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.remarks import (
    MAX_ATTACHMENTS,
    MAX_COMMENTS,
    attach,
    check_mentions,
    comment,
)
from tests.unit.tasks.builders import (
    A_FILE,
    CITY,
    PEOPLE,
    TUESDAY,
    a_deed,
    a_request,
    an_actor,
    in_state,
    minutes,
)

ASKER = a_deed("asking", "ASKER", at=TUESDAY + minutes(5), by="dewi")


def test_a_comment_is_a_line_that_both_sides_read():
    said = comment(in_state("requested"), a_deed(by="budi"), "Kabel sudah datang", ["ani"])
    onlooker = Onlooker(an_actor(("head", "ASKER")), TUESDAY + minutes(9), CITY, PEOPLE)

    (shown,) = messages.comments(said.state, onlooker).items

    assert said.state.state == "requested"
    assert (shown.agency, shown.person.name, shown.text) == ("HELPER", "Budi", "Kabel sudah datang")
    assert [each.name for each in shown.mentions] == ["Ani"]
    assert said.events[0].mentions == ("ani",)
    assert "Kabel" not in said.events[0].model_dump_json()
    assert messages.view(said.state, 2, onlooker).comments == 1


def test_who_is_named_sees_the_request_from_then_on():
    ani = an_actor(("employee", "HELPER"), employee="ani")
    before = in_state("requested")

    said = comment(before, ASKER, "Ani, bisa?", ["ani"]).state

    assert not access.may_see(ani, before, CITY.tree)
    assert access.may_see(ani, said, CITY.tree)


@pytest.mark.parametrize(
    ("person", "sensitive", "fits"),
    [
        ("dewi", False, True),  # asked for it
        ("ani", False, True),  # works in the agency that is asked
        ("budi", False, True),  # below it
        ("eko", False, False),  # elsewhere
        ("gone", False, False),
        ("nobody", False, False),
        ("dewi", True, True),
        ("ani", True, False),  # a mention opens nothing
    ],
)
def test_only_those_whom_it_concerns_are_named(person, sensitive, fits):
    request = a_request(sensitive=sensitive)
    if fits:
        check_mentions(request, ASKER, [person], PEOPLE, CITY)
        return
    with pytest.raises(Refusal) as refused:
        check_mentions(request, ASKER, ["dewi", person], PEOPLE, CITY)

    assert refused.value.problem.errors[0].pointer == "/mentions/1"


def test_a_file_belongs_to_the_request_once():
    once = attach(in_state("accepted"), a_deed(at=TUESDAY + minutes(5)), A_FILE)
    again = attach(once.state, a_deed(at=TUESDAY + minutes(6)), A_FILE)

    assert once.state.attachments == (A_FILE,)
    assert once.events[0].upload == "file-1"
    assert "daftar.pdf" not in once.events[0].model_dump_json()
    assert again.events == ()
    assert again.state.attachments == (A_FILE,)


def test_there_is_an_end_to_words_and_files():
    request = in_state("requested")
    line = comment(request, ASKER, "Lagi").state.timeline[-1]
    wordy = replace(request, timeline=(*request.timeline, *[line] * MAX_COMMENTS))
    laden = replace(request, attachments=(replace(A_FILE, id="other"),) * MAX_ATTACHMENTS)

    for what, full in (
        (lambda r: comment(r, ASKER, "Lagi"), wordy),
        (lambda r: attach(r, ASKER, A_FILE), laden),
    ):
        with pytest.raises(Refusal) as refused:
            what(full)
        assert refused.value.problem.code == "quota_exceeded"
