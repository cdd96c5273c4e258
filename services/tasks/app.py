"""The task service, composed: settings → stores → handlers."""

from kit.files import Files
from kit.messaging.service import Service
from kit.storage.store import Store
from services.tasks.acceptance_rules import handlers as acceptance_rules
from services.tasks.acceptance_rules.store import AcceptanceRules
from services.tasks.context import Tasks
from services.tasks.digests import handlers as digests
from services.tasks.digests.mailer import SmtpMailer
from services.tasks.digests.mailing import Mailing
from services.tasks.digests.store import Digests
from services.tasks.help_drafts import handlers as help_drafts
from services.tasks.help_drafts.store import HelpDrafts, HelpTemplates
from services.tasks.help_requests import handlers as help_requests
from services.tasks.help_requests import queries, timers
from services.tasks.help_requests.store import HelpRequests
from services.tasks.imports import handlers as imports
from services.tasks.insights import handlers as insights
from services.tasks.insights.store import Insights
from services.tasks.load import handlers as load
from services.tasks.load.store import AbsencesAhead
from services.tasks.notifications import handlers as notifications
from services.tasks.notifications.store import Choices, Inboxes, Notifications
from services.tasks.overdue import handlers as overdue
from services.tasks.overdue.store import OverdueDigests
from services.tasks.own_copies import handlers as own_copies
from services.tasks.own_copies.store import Directory
from services.tasks.service_levels import handlers as service_levels
from services.tasks.service_levels.store import ServiceLevels
from services.tasks.settings import Settings
from services.tasks.uploads import handlers as uploads
from services.tasks.uploads.store import Uploads
from services.tasks.work_items import handlers as work_items
from services.tasks.work_items import queries as work_item_queries
from services.tasks.work_items.store import WorkItems
from services.tasks.work_plans import handlers as work_plans
from services.tasks.work_plans import making
from services.tasks.work_plans.store import Recurrences, SavedFilters, Templates


def tasks_of(store: Store, settings: Settings) -> Tasks:
    """What the handlers work with."""
    directory = Directory(store)
    return Tasks(
        requests=HelpRequests(store, directory),
        directory=directory,
        notifications=Notifications(store),
        inboxes=Inboxes(store),
        choices=Choices(store),
        uploads=Uploads(store, Files(settings)),
        levels=ServiceLevels(store),
        overdue=OverdueDigests(store),
        insights=Insights(store),
        absences=AbsencesAhead(store),
        work_items=WorkItems(store),
        templates=Templates(store),
        recurrences=Recurrences(store),
        saved_filters=SavedFilters(store),
        acceptance_rules=AcceptanceRules(store),
        help_drafts=HelpDrafts(store),
        help_templates=HelpTemplates(store),
        digests=Digests(store),
        mailing=_mailing(settings),
    )


def _mailing(settings: Settings) -> Mailing | None:
    """Where a mail server is configured, digests go out through it."""
    if settings.smtp_host is None:
        return None
    return Mailing(
        settings.digest_hour,
        SmtpMailer(settings),
        settings.mail_from,
        settings.notification_preferences_url,
    )


def build(settings: Settings, store: Store) -> Service:
    """The whole service: read it to see what it consists of."""
    tasks = tasks_of(store, settings)
    service = Service("tasks", store)
    for feature in (
        help_requests.handlers,
        queries.handlers,
        timers.handlers,
        imports.handlers,
        own_copies.handlers,
        notifications.handlers,
        digests.handlers,
        uploads.handlers,
        service_levels.handlers,
        work_items.handlers,
        work_item_queries.handlers,
        acceptance_rules.handlers,
        overdue.handlers,
        insights.handlers,
        work_plans.handlers,
        making.handlers,
        load.handlers,
        help_drafts.handlers,
    ):
        service.include(feature, tasks)
    return service
