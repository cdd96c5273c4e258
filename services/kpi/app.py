"""The whole service at a glance: settings → stores → handlers."""

from kit.jobs.store import Jobs
from kit.messaging.service import Service
from kit.storage.store import Store
from services.kpi.allowances import handlers as allowances
from services.kpi.allowances.store import Allowances
from services.kpi.appraisals import agencies as agency_predicates
from services.kpi.appraisals import feedback, planning, reviewing
from services.kpi.appraisals.store import Appraisals
from services.kpi.context import Kpi
from services.kpi.indicators import handlers as indicators
from services.kpi.indicators import previewing
from services.kpi.indicators.store import Indicators
from services.kpi.insights import handlers as insights
from services.kpi.jobs import handlers as jobs
from services.kpi.ledger import handlers as ledger
from services.kpi.ledger.counts import SourceCounts
from services.kpi.ledger.seals import Seals
from services.kpi.ledger.store import Facts
from services.kpi.measurements import handlers as measurements
from services.kpi.measurements.store import Imports, Keys, Measurements
from services.kpi.own_copies import handlers as own_copies
from services.kpi.own_copies.store import OwnCopies
from services.kpi.periods import freezing
from services.kpi.periods import handlers as periods
from services.kpi.periods.store import FrozenResults, Months
from services.kpi.scorecards import explanations, handlers, recomputing, rejudging, what_if
from services.kpi.scorecards.store import Scorecards
from services.kpi.settings import Settings


def over(store: Store) -> Kpi:
    """The stores of the KPI service, over one database."""
    return Kpi(
        facts=Facts(store),
        counts=SourceCounts(store),
        seals=Seals(store),
        cards=Scorecards(store),
        copies=OwnCopies(store),
        book=Indicators(store),
        jobs=Jobs(store),
        measurements=Measurements(store),
        measurement_keys=Keys(store),
        measurement_imports=Imports(store),
        appraisals=Appraisals(store),
        months=Months(store),
        frozen=FrozenResults(store),
        leases=store.leases,
        allowances=Allowances(store),
    )


def build(_: Settings, store: Store) -> Service:
    """Compose the service; there is nothing to set beyond what every service has."""
    kpi = over(store)
    service = Service("kpi", store)
    scorecards = (recomputing, rejudging, handlers, explanations, what_if)
    appraisals = (planning, feedback, reviewing, agency_predicates)
    own = (own_copies, ledger, indicators, previewing, measurements, insights, jobs)
    for feature in (*own, *scorecards, *appraisals, allowances, periods, freezing):
        service.include(feature.handlers, kpi)
    return service
