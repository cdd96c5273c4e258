"""The jobs of KPI: each kind of long work by its name."""

from contracts.jobs import JOBS
from kit.jobs.handlers import job_handlers
from kit.jobs.worker import Work
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.indicators.preview import preview_portion
from services.kpi.indicators.previewing import PREVIEW
from services.kpi.ledger.check_work import CHECK, check_portion

WORKS: dict[str, Work[Kpi]] = {PREVIEW: preview_portion, CHECK: check_portion}

handlers = job_handlers(
    "kpi", JOBS["kpi"], jobs=lambda kpi: kpi.jobs, works=WORKS, sees=access.sees_job
)
