"""The collections of the national frame: plans, feedback, reviews, and how agencies did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.appraisal_terms import AgencyPredicate, Predicate
from contracts.appraisals import AgencyPredicateSet
from contracts.envelope import AgencyCode
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.kpi.appraisals.model import Feedback, Plan
from services.kpi.appraisals.reviews import Review, review_id

_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class AgencyResult:
    """How an agency did as an organisation in a period, and what that rests on."""

    agency: AgencyCode
    period: str
    predicate: AgencyPredicate
    basis: str
    set_at: datetime

    def stated(self) -> AgencyPredicateSet:
        """The event that states it."""
        return AgencyPredicateSet(agency=self.agency, period=self.period, predicate=self.predicate)


class Reviews(Aggregates[Review]):
    """Reviews by ``<employee>:<period>``."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("period", 1), ("agency", 1)]), Index([("employee", 1)])]
        super().__init__(store, "reviews", Review, indexes=indexes)

    async def of_agencies(
        self, agencies: Sequence[str], period: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Review]], str | None]:
        """A page of the reviews of these agencies' people in a period."""
        wanted = {"period": period, "agency": {"$in": sorted(agencies)}}
        return await self.page(wanted, limit=limit, cursor=cursor)

    async def predicates(self, agencies: Sequence[str], period: str) -> list[Predicate]:
        """Every predicate of these agencies' people in a period."""
        wanted = {"period": period, "agency": {"$in": sorted(agencies)}}
        found = await self.collection.find(wanted, projection={"predicate": 1})
        return [one["predicate"] for one in found]


class Appraisals:
    """Everything that the national frame keeps."""

    def __init__(self, store: Store) -> None:
        self.plans: Aggregates[Plan] = Aggregates(store, "performance_plans", Plan)
        self.reviews = Reviews(store)
        self.feedback: Aggregates[Feedback] = Aggregates(
            store, "feedback", Feedback, indexes=[Index([("employee", 1), ("at", -1)])]
        )
        self.agencies: Aggregates[AgencyResult] = Aggregates(
            store, "agency_predicates", AgencyResult
        )

    async def predicate(self, employee: str, period: str) -> Predicate | None:
        """The confirmed predicate of a person in a quarter or year, if there is one."""
        stored = await self.reviews.get(review_id(employee, period))
        if stored is None or stored.state.state != "confirmed":
            return None
        return stored.state.predicate
