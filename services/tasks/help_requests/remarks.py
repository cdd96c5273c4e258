"""What either side adds to a request without moving it: words and files."""

from collections.abc import Sequence
from dataclasses import replace

from contracts import tasks
from contracts.envelope import EmployeeId
from contracts.outcome import Decision, Refusal
from services.tasks.help_requests.happening import Outcome, happened
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.standing import acting
from services.tasks.own_copies.model import City, People
from services.tasks.uploads.model import Attachment

MAX_COMMENTS = 500
MAX_ATTACHMENTS = 50


def comment(
    request: HelpRequest, deed: Deed, text: str, mentions: Sequence[EmployeeId] = ()
) -> Outcome:
    """Somebody says something; whoever is named sees the request from then on."""
    acting(request, deed, "comment")
    if len(request.comments) >= MAX_COMMENTS:
        raise Refusal("quota_exceeded", limit=MAX_COMMENTS)
    named = tuple(dict.fromkeys(mentions))
    said = replace(request, participants=tuple(dict.fromkeys((*request.participants, *named))))
    return happened(
        request, said, deed, "comment", tasks.HelpCommented, note=text, people=named, mentions=named
    )


def attach(request: HelpRequest, deed: Deed, attachment: Attachment) -> Outcome:
    """A file belongs to the request; the same one again is no change."""
    acting(request, deed, "attach")
    if any(each.id == attachment.id for each in request.attachments):
        return Decision(request)
    if len(request.attachments) >= MAX_ATTACHMENTS:
        raise Refusal("quota_exceeded", limit=MAX_ATTACHMENTS)
    grown = replace(request, attachments=(*request.attachments, attachment))
    return happened(
        request,
        grown,
        deed,
        "attach",
        tasks.HelpAttached,
        note=attachment.name,
        upload=attachment.id,
    )


def check_mentions(
    request: HelpRequest, deed: Deed, mentions: Sequence[EmployeeId], people: People, city: City
) -> None:
    """Somebody who is on the request, or works in an agency that it concerns.

    Of a sensitive one only those who are on it: a mention never opens it to others.
    """
    agencies = () if request.sensitive else request.involved
    for place, person in enumerate(mentions):
        if person in request.participants:
            continue
        if not any(people.serves(person, agency, deed.at, city) for agency in agencies):
            raise Refusal.invalid(
                f"/mentions/{place}", "names nobody who has to do with this request"
            )
