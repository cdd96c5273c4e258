"""Who reads sums, trails and exports, and who orders long work."""

from contracts.envelope import Actor
from contracts.outcome import Refusal
from kit.jobs.model import Job
from rules.agencies import AgencyTree
from services.attendance.access.sight import leads
from services.attendance.own_copies.store import Person


def may_read_recaps(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """Sums of a month are for the head of the agency or one above it, and for overseers."""
    if not actor.has("admin", "auditor") and not leads(actor, agency, tree):
        raise Refusal("forbidden")


def may_import_reference_days(actor: Actor) -> None:
    """What the old system says is brought in by who may import, or by the administrator."""
    if not actor.has("loader", "admin"):
        raise Refusal("forbidden")


def may_import_absences(actor: Actor) -> None:
    """What the personnel system approved is brought in by who may import, or the administrator."""
    if not actor.has("loader", "admin"):
        raise Refusal("forbidden")


def may_see_access_log(actor: Actor, person: Person | None) -> Person:
    """Who looked at a person's attendance is for that person, and for overseers (UU 27/2022)."""
    if person is None or not (actor.employee == person.id or actor.has("admin", "auditor")):
        raise Refusal("not_found")
    return person


def may_export_data_of(actor: Actor, person: Person | None) -> Person:
    """Everything that is kept of a person is handed out to that person or the administrator."""
    if person is None or not (actor.employee == person.id or actor.has("admin")):
        raise Refusal("not_found")
    return person


def may_forget_positions_of(actor: Actor, person: Person | None) -> None:
    """The personnel administrator orders the end of a person's exact positions."""
    if not actor.has("admin"):
        raise Refusal("forbidden")
    if person is None:
        raise Refusal("not_found")


def may_see_statement(actor: Actor, person: Person | None) -> Person:
    """A statement names who looked: it is for whom the access log is for."""
    return may_see_access_log(actor, person)


def may_recompute_days(actor: Actor) -> None:
    """The personnel administrator has days computed anew."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def sees_job(actor: Actor, job: Job) -> bool:
    """Jobs are seen, and stopped, by who asked for them and by the personnel administrator."""
    return actor.account == job.actor.account or actor.has("admin")
