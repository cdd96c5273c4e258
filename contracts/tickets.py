"""Tickets: a stream is opened by an address alone, so the address carries a pass for one use."""

from pydantic import AwareDatetime, Field

from contracts.envelope import AgencyCode, EmployeeId, Grant, QueryBody, Value

VALID_S = 30


class IssueTicket(QueryBody, name="directory.issue_ticket"):
    """Give the caller a ticket; a request, because it gives a secret and stores no answer."""


class TicketView(Value):
    """A ticket: good once, until it expires."""

    ticket: str = Field(repr=False)
    expires_at: AwareDatetime


class RedeemTicket(QueryBody, name="directory.redeem_ticket"):
    """Use a ticket up; a second use, or a late one, is refused."""

    ticket: str = Field(max_length=200, repr=False)


class Admitted(Value):
    """Whom a ticket let in, with the rights they have now; ``as_of`` is when they were read."""

    account: str
    employee: EmployeeId | None = None
    agency: AgencyCode | None = None
    grants: tuple[Grant, ...] = ()
    as_of: AwareDatetime
