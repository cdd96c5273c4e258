"""Nonces are given out while the phone is online."""

from contracts.attendance import IssueNonces
from contracts.attendance_views import NoncesView
from contracts.envelope import Query
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


@handlers.answers(IssueNonces)
async def issue_nonces(query: Query[IssueNonces], attendance: Attendance) -> NoncesView:
    """Give the caller nonces for captures without a network."""
    access.may_check_in(query.actor)
    nonces, until = await attendance.nonces.issue(
        query.actor.account, query.body.device, query.body.count
    )
    return NoncesView(nonces=tuple(nonces), issued_at=now(), valid_until=until)
