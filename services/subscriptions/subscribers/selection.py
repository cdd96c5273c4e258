"""Which events a subscription carries. Pure.

Whoever owns it, a subscription carries the public view: its queue is read outside the city.
"""

from rules.agencies import AgencyTree
from services.subscriptions.access import types_for
from services.subscriptions.log.model import Filter, covered, matching
from services.subscriptions.subscribers.model import Subscription


def filter_of(subscription: Subscription, tree: AgencyTree) -> Filter:
    """The filter of a subscription; a family takes in types that were added to it later."""
    known = types_for("public")
    types = frozenset().union(*(matching(one, known) for one in subscription.types))
    return Filter("public", types, covered(subscription.agencies, tree, exact=False))
