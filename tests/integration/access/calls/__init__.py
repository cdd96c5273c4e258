"""How every route is called about an object: what its path, query and body are then.

Bodies are valid and harmless: a version that never was (412 tells that the caller would be let in),
a state in which nothing happens (409), a dry run, a day far away.
"""

from tests.integration.access.calls import (
    attendance,
    attendance_requests,
    attendance_rules,
    directory,
    kpi,
    machines,
    subscriptions,
    tasks,
    work,
)
from tests.integration.access.calls.making import Call, Sent, plain

__all__ = ["BATCHES", "CALLS", "STATEFUL", "STREAMS", "Call", "Sent"]

STATEFUL = ("/v1/help-requests/{id}/", "/v1/subscriptions/{id}", "/v1/check-ins", "/v1/jobs/{id}/")
"""Where who came first decides between done and 409; both say that the caller was let in."""
BATCHES = frozenset(
    {
        "POST /v1/approvals/decide",
        "POST /v1/tasks/bulk",
        "POST /v1/check-ins/batch",
        "POST /v1/imports/punches",
        "POST /v1/imports/reference-days",
        "POST /v1/imports/help-requests",
    }
)
"""Answers that are 200 and hold a verdict per item: the one item's verdict counts."""
STREAMS = frozenset({"GET /v1/events/stream", "GET /v1/presence/stream"})
"""Answers that never end: asked for their status only."""

CALLS: dict[str, Call] = {
    **directory.CALLS,
    **attendance.CALLS,
    **attendance_rules.CALLS,
    **attendance_requests.CALLS,
    **machines.CALLS,
    **work.CALLS,
    **tasks.CALLS,
    **kpi.CALLS,
    **subscriptions.CALLS,
    # last: it ends the sessions of those who call it (their access tokens live on for minutes)
    "DELETE /v1/session": plain("/v1/session"),
}
