"""What the handlers of this service work with."""

from dataclasses import dataclass

from kit.jobs.store import Jobs
from kit.leases import Leases
from services.kpi.allowances.store import Allowances
from services.kpi.appraisals.store import Appraisals
from services.kpi.indicators.store import Indicators
from services.kpi.ledger.counts import SourceCounts
from services.kpi.ledger.seals import Seals
from services.kpi.ledger.store import Facts
from services.kpi.measurements.store import Imports, Keys, Measurements
from services.kpi.own_copies.store import OwnCopies
from services.kpi.periods.store import FrozenResults, Months
from services.kpi.scorecards.store import Scorecards


@dataclass(frozen=True, slots=True)
class Kpi:
    """The stores of the KPI service, put together in ``app.py``, and the indicators in use."""

    facts: Facts
    counts: SourceCounts
    seals: Seals
    cards: Scorecards
    copies: OwnCopies
    book: Indicators
    appraisals: Appraisals
    jobs: Jobs
    measurements: Measurements
    measurement_keys: Keys
    measurement_imports: Imports
    months: Months
    frozen: FrozenResults
    leases: Leases
    allowances: Allowances
