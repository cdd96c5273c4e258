"""What the handlers of this service work with."""

from dataclasses import dataclass

from services.tasks.acceptance_rules.store import AcceptanceRules
from services.tasks.digests.mailing import Mailing
from services.tasks.digests.store import Digests
from services.tasks.help_drafts.store import HelpDrafts, HelpTemplates
from services.tasks.help_requests.store import HelpRequests
from services.tasks.insights.store import Insights
from services.tasks.load.store import AbsencesAhead
from services.tasks.notifications.store import Choices, Inboxes, Notifications
from services.tasks.overdue.store import OverdueDigests
from services.tasks.own_copies.store import Directory
from services.tasks.service_levels.store import ServiceLevels
from services.tasks.uploads.store import Uploads
from services.tasks.work_items.store import WorkItems
from services.tasks.work_plans.store import Recurrences, SavedFilters, Templates


@dataclass(frozen=True, slots=True)
class Tasks:
    """The stores of the task service."""

    requests: HelpRequests
    directory: Directory
    notifications: Notifications
    inboxes: Inboxes
    choices: Choices
    uploads: Uploads
    acceptance_rules: AcceptanceRules
    help_drafts: HelpDrafts
    help_templates: HelpTemplates
    levels: ServiceLevels
    overdue: OverdueDigests
    work_items: WorkItems
    digests: Digests
    mailing: Mailing | None
    insights: Insights
    templates: Templates
    recurrences: Recurrences
    saved_filters: SavedFilters
    absences: AbsencesAhead
