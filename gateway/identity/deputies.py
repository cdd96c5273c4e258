"""Acting for another: a deputy holds the delegator's headship, where the delegation says so.

The caller names the person in the header ``X-On-Behalf-Of``; directory is asked on every such
call, so that a revoked delegation ends at once. The rights reach only the service that the
delegation speaks of.
"""

from collections.abc import Mapping

from contracts.envelope import Actor, EmployeeId
from contracts.identity import DelegatedRight, MayActForAnswer

HEADER = b"x-on-behalf-of"

SERVICE_OF: Mapping[DelegatedRight, str] = {
    "approve": "attendance",
    "tasks": "tasks",
    "administer": "directory",
}
"""Which service's commands and queries a delegated right opens."""


def acting_for(actor: Actor, delegator: EmployeeId, given: MayActForAnswer, service: str) -> Actor:
    """The actor as this service is told: with the delegator's grants where they are delegated."""
    if service not in {SERVICE_OF[right] for right in given.rights}:
        return actor
    grants = (*actor.grants, *(one for one in given.grants if one not in actor.grants))
    return actor.model_copy(update={"grants": grants, "on_behalf_of": delegator})
