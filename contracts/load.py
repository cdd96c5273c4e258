"""Load: what an agency and its people have promised, who is there, and whom to ask for help.

Of absences only the days are told, never what they are for.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from contracts.envelope import AgencyCode, Code, QueryBody, Value
from contracts.help_terms import HelpRequestId, Skill
from contracts.help_views import ExplanationView
from contracts.people import PersonView

DaysAhead = Annotated[int, Field(ge=1, le=60)]
MOST_SUGGESTED = 20


class GetLoad(QueryBody, name="tasks.get_load"):
    """The load of an agency (and those below unless ``exact``) and of its people, page by page."""

    agency: str = Field(max_length=40)
    days: DaysAhead = 14
    exact: bool = False
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=100)


class SuggestAgencies(QueryBody, name="tasks.suggest_agencies"):
    """Whom to ask, before asking: agencies by what they did before and who is free."""

    skills: tuple[Skill, ...] = Field(default=(), max_length=20)
    asking_agency: Code | None = None
    limit: int = Field(default=10, ge=1, le=MOST_SUGGESTED)


class SuggestForRequest(QueryBody, name="tasks.suggest_for_request"):
    """Whom to ask for a help request; for the side that is asked, whom to send."""

    help_request: HelpRequestId
    limit: int = Field(default=10, ge=1, le=MOST_SUGGESTED)


class OpenRequestsView(Value):
    """Help requests under way by what they wait for; ``asked`` are the agency's own."""

    to_answer: int
    to_deliver: int
    delivered: int
    asked: int


class PersonLoadView(Value):
    """What somebody has promised and when they are there; minutes are working minutes.

    ``promised_minutes`` is what is left of the agreed times of the requests they are on,
    ``absent_days`` the working days of the stretch on which they are away, ``free_from`` the first
    one on which they are there.
    """

    person: PersonView
    open_requests: int
    open_tasks: int
    promised_minutes: int
    absent_days: int
    working_days: int
    free_from: date | None


class LoadView(Value):
    """An agency's load between two days (both included), and its people."""

    agency: AgencyCode
    as_of: AwareDatetime
    first: date
    last: date
    working_days: int
    requests: OpenRequestsView
    promised_people: int
    promised_minutes: int
    people: int
    absent_today: int
    items: tuple[PersonLoadView, ...]
    next_cursor: str | None = None


class SuggestedAgency(Value):
    """An agency that may be asked: the more points the better, and where they come from."""

    agency: AgencyCode
    name: str
    points: int
    explanation: tuple[ExplanationView, ...]


class SuggestedPerson(Value):
    """Somebody who may be sent: the more points the better, and where they come from."""

    person: PersonView
    points: int
    explanation: tuple[ExplanationView, ...]


class SuggestionsView(Value):
    """Whom to ask, and (for those who answer) whom to send; the best first."""

    agencies: tuple[SuggestedAgency, ...] = ()
    people: tuple[SuggestedPerson, ...] = ()
