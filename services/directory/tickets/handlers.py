"""Tickets are issued to whoever is signed in, and let them in once."""

from datetime import timedelta

from contracts.envelope import Query
from contracts.outcome import Refusal
from contracts.tickets import VALID_S, Admitted, IssueTicket, RedeemTicket, TicketView
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.directory.context import Directory
from services.directory.lists import CITY_ZONE
from services.directory.sessions.handlers import holder_of
from services.directory.sessions.model import hash_of, new_secret

handlers: Handlers[Directory] = Handlers()


@handlers.answers(IssueTicket)
async def issue_ticket(query: Query[IssueTicket], directory: Directory) -> TicketView:
    """A pass for one use within half a minute; only its hash is kept."""
    ticket, expires_at = new_secret(), now() + timedelta(seconds=VALID_S)
    await directory.tickets.add(hash_of(ticket), query.actor.account, expires_at)
    return TicketView(ticket=ticket, expires_at=expires_at.astimezone(CITY_ZONE))


@handlers.answers(RedeemTicket)
async def redeem_ticket(query: Query[RedeemTicket], directory: Directory) -> Admitted:
    """Use a ticket up and tell whom it lets in, with the rights of this moment."""
    at = now()
    username = await directory.tickets.use(hash_of(query.body.ticket), at)
    stored = await directory.accounts.get(username) if username else None
    holder = await holder_of(directory, stored.state if stored else None, at)
    if holder is None:
        raise Refusal("token_invalid")
    return Admitted(
        account=holder.account.username,
        employee=holder.account.employee,
        agency=holder.agency,
        grants=holder.account.grants,
        as_of=at,
    )
